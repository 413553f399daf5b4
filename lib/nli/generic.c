/* generic.c - see generic.h. */
#include "lib/nli/generic.h"

#include <stdio.h>
#include <string.h>

#include "lib/io/cut.h"
#include "lib/io/json.h"
#include "lib/io/xml.h"
#include "lib/nli/alias.h"

enum { MAX_ITEMS = 200, MAX_VALUES = 64 };

/*
 * What fields are called, the likeliest first, in small letters and without what
 * stands between words; then in other languages.
 */
static const char *const premises[] = { "premise",  "sentence1", "sentencea", "sent1",
					"text1",    "texta",     "context",   "s1",
					"t",        "text",      "passage",   "premisa",
					"premissa", "premessa",  "prémisse",  "prämisse",
					"premis",   "посылка",   "前提",      "전제",
					NULL };
static const char *const hypotheses[] = {
	"hypothesis", "hypo",    "sentence2", "sentenceb", "sent2",     "text2",
	"textb",      "s2",      "h",         "statement", "claim",     "hipótesis",
	"hipótese",   "ipotesi", "hypothèse", "hypothese", "hipotesis", "гипотеза",
	"假设",       "假設",    "仮説",      "가설",      NULL
};
static const char *const labels[] = { "goldlabel",
				      "label",
				      "gold",
				      "entailmentlabel",
				      "entailmentjudgment",
				      "@entailment",
				      "@value",
				      "etiqueta",
				      "etichetta",
				      "étiquette",
				      "etikett",
				      "метка",
				      "标签",
				      "標籤",
				      "ラベル",
				      "레이블",
				      "라벨",
				      NULL };
static const char *const ids[] = { "pairid",    "uid",   "guid", "id",
				   "idx",       "index", "@id",  "idstring",
				   "exampleid", "qid",   NULL };
static const char *const groups[] = { "captionid", "promptid", "premiseid", "group",
				      NULL };
static const char *const languages[] = { "lang", "langabv", "language", NULL };
static const char *const splits[] = { "split", "datasplit", NULL };
static const char *const contexts[] = { "premise", "context",     "ctx",  "passage",
					"article", "startphrase", "goal", "sentence",
					"text",    "question",    NULL };
static const char *const lists[] = { "choices",       "options", "endings", "candidates",
				     "answerchoices", "answers", NULL };
static const char *const rows[] = { "choice", "ending", "answer", "option",
				    "sol",    "hyp",    NULL };
static const char *const answers[] = {
	"label",   "answer",        "answerlabel",   "gold",      "answerkey",
	"correct", "correctanswer", "correctoption", "answeridx", "goldanswer",
	NULL
};

/* Whether a field is called so: "Gold Label", "gold_label" and "goldLabel" are goldlabel. */
static bool same(struct nli_str a, const char *b)
{
	for (; a.len; a.s++, a.len--) {
		const char c = *a.s;

		if (c == ' ' || c == '_' || c == '-')
			continue;
		if (!*b || (c >= 'A' && c <= 'Z' ? c | 0x20 : c) != *b++)
			return false;
	}
	return !*b;
}

/* The field that has the first of the names; {NULL, 0} if none has one. */
static struct nli_str find(const struct nli_look *l, const char *const *names)
{
	for (; *names; names++)
		for (size_t i = 0; i < l->n_field; i++)
			if (same(l->field[i], *names))
				return l->field[i];
	return (struct nli_str){ NULL, 0 };
}

/* ---- values ---- */

static ptrdiff_t read_sample(void *ctx, void *to, size_t cap, struct nli_err *err)
{
	struct nli_str *left = ctx;

	(void)err;
	cap = cap < left->len ? cap : left->len;
	memcpy(to, left->s, cap);
	left->s += cap;
	left->len -= cap;
	return (ptrdiff_t)cap;
}

static void see(struct nli_seen_values *v, struct nli_str text)
{
	v->there++;
	if (v->text.n < MAX_VALUES)
		nli_intern_add(&v->text, text);
}

static void see_json(struct nli_json *j, struct nli_str item, struct nli_str field,
		     struct nli_seen_values *v)
{
	const nli_jval *root = nli_json_parse(j, item.s, item.len, NULL);
	struct nli_jiter it = nli_jiter(root);

	while (it.object_ && nli_jnext(&it))
		if (nli_str_eq(it.key, field)) {
			v->booleans = v->booleans || nli_jtype(it.val) == NLI_J_BOOL;
			if (nli_jstr(it.val).s)
				see(v, nli_jstr(it.val));
			return;
		}
}

static void see_row(const struct nli_csv *csv, struct nli_str item, size_t column,
		    struct nli_row *row, struct nli_seen_values *v)
{
	size_t open_at;

	if (!nli_csv_row(csv, item, row, &open_at, NULL) && column < row->n)
		see(v, row->cell[column]);
}

static size_t place_of(const struct nli_look *l, struct nli_str field)
{
	size_t i = 0;

	/* Cells of a first row that is no header may be alike: by where the text stands. */
	while (i < l->n_field && l->field[i].s != field.s)
		i++;
	return i;
}

static enum nli_cut_kind kind_of(enum nli_dialect d)
{
	switch (d) {
	case NLI_DIALECT_ARRAY:
		return NLI_CUT_ARRAY;
	case NLI_DIALECT_ARRAYS:
		return NLI_CUT_ARRAYS;
	case NLI_DIALECT_KEYED:
		return NLI_CUT_KEYED;
	case NLI_DIALECT_CSV:
	case NLI_DIALECT_TSV:
		return NLI_CUT_ROWS;
	default:
		return NLI_CUT_LINES;
	}
}

void nli_look_values(const struct nli_look *l, struct nli_str field, bool header,
		     struct nli_seen_values *v)
{
	struct nli_str left = l->sample;
	struct nli_cut cut = { .kind = kind_of(l->dialect),
			       .csv = l->csv,
			       .max = l->sample.len,
			       .read = read_sample,
			       .ctx = &left };
	const size_t column = place_of(l, field);
	struct nli_block b = { 0 };
	struct nli_row row = { 0 };
	struct nli_json *j = nli_json_new();

	memset(v, 0, sizeof(*v));
	header = header && cut.kind == NLI_CUT_ROWS;
	/* The sample ends anywhere: its last item may be cut, which is why small blocks. */
	while (v->items < MAX_ITEMS && nli_cut_next(&cut, &b, 4096, NULL) > 0)
		for (size_t i = 0; i < b.n && v->items < MAX_ITEMS; i++) {
			struct nli_str item = nli_block_line(&b, i);

			if (!item.len || (header && !v->items++))
				continue;
			v->items += !header || v->items > 1;
			if (cut.kind == NLI_CUT_ROWS) {
				see_row(&cut.csv, item, column, &row, v);
				continue;
			}
			if (cut.kind == NLI_CUT_KEYED) {
				const char *brace = memchr(item.s, '{', item.len);

				item.len -= brace ? (size_t)(brace - item.s) : 0;
				item.s = brace ? brace : item.s;
			}
			see_json(j, item, field, v);
		}
	nli_json_free(j);
	nli_row_release(&row);
	nli_block_release(&b);
	nli_cut_release(&cut);
}

/* ---- what labels say ---- */

enum kind { KIND_NONE, KIND_INTEGER, KIND_NLI, KIND_NLI2, KIND_OTHER };

/*
 * The task that the labels are of.  "yes" and "no" alone are those of two
 * labels: that a text does not follow is what both readings of "no" share.
 */
static enum kind kind_of_labels(const struct nli_seen_values *v)
{
	bool nli = true, nli2 = true, any = false;
	nli_label_set set;

	/* true and false of JSON say as little as 1 and 0. */
	if (v->booleans)
		return KIND_INTEGER;
	for (size_t i = 0; i < v->text.n; i++) {
		const struct nli_str s = v->text.text[i];
		const bool in3 = nli_alias(NLI_TASK_NLI, s, &set);

		if (in3 && !set)
			continue;
		any = true;
		if (nli_is_integer(s))
			return KIND_INTEGER;
		nli = nli && in3;
		nli2 = nli2 && nli_alias(NLI_TASK_NLI2, s, &set);
	}
	return !any ? KIND_NONE : nli2 ? KIND_NLI2 : nli ? KIND_NLI : KIND_OTHER;
}

/* Only "entailment" in the sample says nothing about how many labels there are. */
static bool is_one_sided(const struct nli_seen_values *v)
{
	nli_label_set set;

	for (size_t i = 0; i < v->text.n; i++)
		if (nli_alias(NLI_TASK_NLI2, v->text.text[i], &set) &&
		    set == 1u << NLI_NOT_ENTAILMENT)
			return false;
	return true;
}

/* How sets of labels are written, if all that is no label is such a set; else NULL. */
static const char *set_of_labels(const struct nli_seen_values *v)
{
	static const char *const ways[] = { "letters", "|", ", ", ",", ";", "/" };

	for (size_t k = 0; k < sizeof(ways) / sizeof(*ways); k++) {
		const struct nli_labels l = { .set = nli_str_of(ways[k]), .letters = !k };
		nli_label_set set;
		size_t i = 0;

		while (i < v->text.n &&
		       nli_label_read(&l, NLI_TASK_NLI, v->text.text[i], &set))
			i++;
		if (v->text.n && i == v->text.n)
			return ways[k];
	}
	return NULL;
}

static void release(struct nli_seen_values *v)
{
	nli_intern_release(&v->text);
}

int nli_generic_spellings(const char *list, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w = { .b = out };
	nli_label_set all = 0;

	nli_jw_open(&w, '{');
	for (const char *at = list; *at;) {
		const size_t n = strcspn(at, ","), value = strcspn(at, "=,");
		const struct nli_str name = { at + value + 1,
					      n > value ? n - value - 1 : 0 };
		const enum nli_label l = nli_label_of(name);

		if (!value || value == n || (l == NLI_LABEL_NONE && name.len))
			return nli_fail(err, NLI_EINVAL,
					"\"%.*s\", wanted VALUE=LABEL with entailment, "
					"neutral, contradiction, not_entailment or "
					"nothing as LABEL",
					(int)n, at);
		nli_jw_keyn(&w, (struct nli_str){ at, value });
		if (name.len)
			nli_jw_str(&w, name);
		else
			nli_jw_null(&w);
		all |= name.len ? 1u << l : 0;
		at += n + (at[n] == ',');
	}
	nli_jw_close(&w, '}');
	if (all & 1u << NLI_NOT_ENTAILMENT &&
	    all & (1u << NLI_NEUTRAL | 1u << NLI_CONTRADICTION))
		return nli_fail(err, NLI_EINVAL,
				"not_entailment is one of two labels, and neutral and "
				"contradiction are of three");
	return all ? 0 : nli_fail(err, NLI_EINVAL, "no label in \"%s\"", list);
}

/* ---- the profile ---- */

static void add_path(struct nli_jw *w, const char *name, struct nli_str field)
{
	if (!field.s)
		return;
	nli_jw_key(w, name);
	nli_jw_str(w, field);
}

static void add_common(const struct nli_look *l, struct nli_jw *w)
{
	const struct nli_str lang = find(l, languages), split = find(l, splits);
	struct nli_seen_values v;

	add_path(w, "id", find(l, ids));
	add_path(w, "group", find(l, groups));
	add_path(w, "split",
		 !split.s && l->dialect == NLI_DIALECT_ARRAYS ? NLI_STR("$key") : split);
	if (!lang.s)
		return;
	nli_look_values(l, lang, true, &v);
	/* Names of languages are no codes of languages. */
	for (size_t i = 0; i < v.text.n; i++)
		if (v.text.text[i].len > 3 && !memchr(v.text.text[i].s, '-', 4))
			v.there = 0;
	if (v.there)
		add_path(w, "lang", lang);
	release(&v);
}

static void add_votes(const struct nli_look *l, struct nli_jw *w)
{
	static const char *const lists_of_votes[] = { "annotatorlabels", NULL };
	const struct nli_str list = find(l, lists_of_votes);
	bool any = false;

	if (list.s) {
		nli_jw_key(w, "annotations");
		nli_jw_open(w, '{');
		nli_jw_key(w, "label");
		nli_buf_addf(w->b, "\"%.*s[]\"", (int)list.len, list.s);
		w->comma = true;
		nli_jw_close(w, '}');
		return;
	}
	for (int i = 1; i < 10; i++) {
		char name[8];
		const char *const names[] = { name, NULL };
		struct nli_str f;

		snprintf(name, sizeof(name), "label%d", i);
		f = find(l, names);
		if (!f.s)
			break;
		if (!any) {
			nli_jw_key(w, "annotations");
			nli_jw_open(w, '{');
			nli_jw_key(w, "label");
			nli_jw_open(w, '[');
		}
		any = true;
		nli_jw_str(w, f);
	}
	if (any) {
		nli_jw_close(w, ']');
		nli_jw_close(w, '}');
	}
}

static void begin(const struct nli_look *l, const char *name, const char *task,
		  struct nli_jw *w)
{
	nli_jw_open(w, '{');
	nli_jw_key(w, "name");
	nli_jw_cstr(w, name);
	nli_jw_key(w, "title");
	nli_jw_cstr(w, name);
	nli_jw_key(w, "licence");
	nli_jw_cstr(w, "not known");
	nli_jw_key(w, "languages");
	nli_jw_open(w, '[');
	nli_jw_close(w, ']');
	nli_jw_key(w, "task");
	nli_jw_cstr(w, task);
	nli_jw_key(w, "dialect");
	nli_jw_cstr(w, nli_dialect_name(l->dialect));
}

static int integers(struct nli_str field, const struct nli_seen_values *v,
		    struct nli_err *err)
{
	struct nli_buf some = { 0 };

	for (size_t i = 0; i < v->text.n && i < 5; i++)
		if (v->text.text[i].len)
			nli_buf_addf(&some, "%s%.*s", some.len ? ", " : "",
				     (int)v->text.text[i].len, v->text.text[i].s);
	nli_fail(err, NLI_EINVAL, "\"%.*s\" is %s, and nothing says what that means",
		 (int)field.len, field.s, v->booleans ? "true or false" : some.data);
	nli_buf_release(&some);
	return NLI_EINVAL;
}

/* {"premise": ["...", "..."], "label": [0, 1]}: what a table is when written by column. */
static bool is_by_column(const struct nli_look *l, struct nli_str hypothesis)
{
	struct nli_json *j = nli_json_new();
	struct nli_jiter it =
		nli_jiter(nli_json_parse(j, l->first.s, l->first.len, NULL));
	bool by_column = false;

	while (l->dialect == NLI_DIALECT_JSONL && it.object_ && nli_jnext(&it))
		if (nli_str_eq(it.key, hypothesis))
			by_column = nli_jtype(it.val) == NLI_J_ARRAY ||
				    nli_jtype(it.val) == NLI_J_OBJECT;
	nli_json_free(j);
	return by_column;
}

static void add_labels(struct nli_jw *w, const char *spellings, const char *set)
{
	if (!spellings && !set)
		return;
	nli_jw_key(w, "labels");
	nli_jw_open(w, '{');
	if (spellings) {
		nli_jw_key(w, "spellings");
		nli_buf_adds(w->b, spellings);
		w->comma = true;
	}
	if (set) {
		nli_jw_key(w, "set");
		nli_jw_cstr(w, set);
	}
	nli_jw_close(w, '}');
}

static int pair(const struct nli_look *l, const char *name, struct nli_str premise,
		struct nli_str hypothesis, const char *spellings, struct nli_buf *out,
		struct nli_err *err)
{
	const struct nli_str label = find(l, labels);
	struct nli_jw w = { .b = out };
	struct nli_seen_values v = { .items = 0 };
	enum kind kind = KIND_NONE;
	const char *set = NULL;
	bool two = false;

	if (is_by_column(l, hypothesis))
		return nli_fail(
			err, NLI_EDATA,
			"an object of columns, wanted records: jq -c 'range(.%.*s | "
			"length) as $i | map_values(.[$i])' makes them",
			(int)hypothesis.len, hypothesis.s);
	if (spellings) {
		two = strstr(spellings, "not_entailment");
	} else if (label.s) {
		nli_look_values(l, label, true, &v);
		kind = kind_of_labels(&v);
		two = kind == KIND_NLI2 && !is_one_sided(&v);
		set = kind == KIND_OTHER ? set_of_labels(&v) : NULL;
	}
	if (kind == KIND_INTEGER) {
		integers(label, &v, err);
		release(&v);
		return NLI_EINVAL;
	}
	release(&v);
	begin(l, name, two ? "nli2" : "nli", &w);
	add_labels(&w, spellings, set);
	nli_jw_key(&w, "fields");
	nli_jw_open(&w, '{');
	add_path(&w, "premise", premise);
	add_path(&w, "hypothesis", hypothesis);
	add_path(&w, "label", label);
	add_common(l, &w);
	if (kind != KIND_OTHER)
		add_votes(l, &w);
	nli_jw_close(&w, '}');
	nli_jw_close(&w, '}');
	return 0;
}

/* choice0.. or choice1.., answerA..: as many as there are. */
static size_t find_rows(const struct nli_look *l, struct nli_str found[10])
{
	for (const char *const *r = rows; *r; r++)
		for (const char *first = "01aA"; *first; first++) {
			size_t n = 0;

			while (n < 10) {
				char name[16];
				const char *const names[] = { name, NULL };
				struct nli_str f;

				snprintf(name, sizeof(name), "%s%c", *r,
					 (char)(*first + (char)n));
				f = find(l, names);
				if (!f.s)
					break;
				found[n++] = f;
			}
			if (n > 1)
				return n;
		}
	return 0;
}

static const char *answer_is(const struct nli_seen_values *v)
{
	bool letters = v->text.n > 0;

	for (size_t i = 0; i < v->text.n; i++)
		letters = letters && v->text.text[i].len == 1 &&
			  (v->text.text[i].s[0] | 0x20) >= 'a' &&
			  (v->text.text[i].s[0] | 0x20) <= 'h';
	return letters ? "letter" : "text";
}

static int choice(const struct nli_look *l, const char *name, struct nli_buf *out,
		  struct nli_err *err)
{
	const struct nli_str list = find(l, lists), answer = find(l, answers);
	const struct nli_str context = find(l, contexts);
	static const char *const question_name[] = { "question", NULL };
	const struct nli_str question = find(l, question_name);
	struct nli_str row[10];
	const size_t n = list.s ? 0 : find_rows(l, row);
	struct nli_seen_values v = { .items = 0 };
	struct nli_jw w = { .b = out };
	bool integer;

	if ((!list.s && !n) || !context.s)
		return nli_fail(err, NLI_EDATA,
				"no fields that are called like those of "
				"pairs or of choices");
	if (answer.s)
		nli_look_values(l, answer, true, &v);
	integer = kind_of_labels(&v) == KIND_INTEGER;
	if (integer)
		integers(answer, &v, err);
	if (!integer) {
		begin(l, name, "choice", &w);
		nli_jw_key(&w, "answer_is");
		nli_jw_cstr(&w, answer_is(&v));
		nli_jw_key(&w, "fields");
		nli_jw_open(&w, '{');
		nli_jw_key(&w, "premise");
		nli_jw_open(&w, '[');
		nli_jw_str(&w, context);
		if (question.s && !nli_str_eq(question, context))
			nli_jw_str(&w, question);
		nli_jw_close(&w, ']');
		nli_jw_key(&w, "choices");
		if (list.s)
			nli_jw_str(&w, list);
		else
			nli_jw_open(&w, '[');
		for (size_t i = 0; i < n; i++)
			nli_jw_str(&w, row[i]);
		if (n)
			nli_jw_close(&w, ']');
		add_path(&w, "answer", answer);
		add_common(l, &w);
		nli_jw_close(&w, '}');
		nli_jw_close(&w, '}');
	}
	release(&v);
	return integer ? NLI_EINVAL : 0;
}

/*
 * A table whose first row names nothing known: three columns, of which one, the
 * first or the last, holds labels.
 */
static int headless(const struct nli_look *l, const char *name, struct nli_buf *out,
		    struct nli_err *err)
{
	static const char *const first[] = { "label", "premise", "hypothesis" },
				 *const last[] = { "premise", "hypothesis", "label" };
	struct nli_jw w = { .b = out };

	for (size_t c = 0; c < 3 && l->n_field == 3; c += 2) {
		struct nli_seen_values v;
		enum kind kind;
		bool two;

		nli_look_values(l, l->field[c], false, &v);
		kind = kind_of_labels(&v);
		two = kind == KIND_NLI2 && !is_one_sided(&v);
		release(&v);
		if (kind != KIND_NLI && kind != KIND_NLI2)
			continue;
		begin(l, name, two ? "nli2" : "nli", &w);
		nli_jw_key(&w, "columns");
		nli_jw_open(&w, '[');
		for (size_t i = 0; i < 3; i++)
			nli_jw_cstr(&w, (c ? last : first)[i]);
		nli_jw_close(&w, ']');
		nli_jw_key(&w, "fields");
		nli_jw_open(&w, '{');
		for (size_t i = 0; i < 3; i++)
			add_path(&w, first[i], nli_str_of(first[i]));
		nli_jw_close(&w, '}');
		nli_jw_close(&w, '}');
		return 0;
	}
	return nli_fail(err, NLI_EDATA,
			"no columns that are called like those of pairs or of choices, "
			"and no three of which one holds labels");
}

bool nli_generic_fits(const struct nli_look *l)
{
	return find(l, premises).s && find(l, hypotheses).s;
}

int nli_generic_profile(const struct nli_look *l, const char *name, const char *spellings,
			struct nli_buf *out, struct nli_err *err)
{
	const struct nli_str premise = find(l, premises),
			     hypothesis = find(l, hypotheses);
	const bool table = l->dialect == NLI_DIALECT_CSV || l->dialect == NLI_DIALECT_TSV;
	int rc;

	if (!l->dialect || l->dialect == NLI_DIALECT_XML)
		return nli_fail(err, NLI_EDATA,
				l->dialect
					? "XML of no layout that is known: a profile of "
					  "your own says which element is a pair, and "
					  "what its parts are called (nli-ingest(1))"
					: "no JSON, no XML, and no table that has "
					  "columns");
	if (premise.s && hypothesis.s)
		return pair(l, name, premise, hypothesis, spellings, out, err);
	rc = choice(l, name, out, err);
	if (rc == NLI_EDATA && table && !find(l, labels).s && !premise.s && !hypothesis.s)
		rc = headless(l, name, out, err);
	return rc;
}
