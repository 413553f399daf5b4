/* export_rows.c - rows for classifiers and tables: fastText, LIBSVM, GLUE, SNLI, CSV. */
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/nli/export_parts.h"
#include "lib/text/norm.h"
#include "lib/text/token.h"

/* What a classifier reads of the pair (premise, hyp), folded, tokens apart. */
static void add_tokens(struct nli_exporter *x, struct nli_str text, struct nli_buf *out)
{
	struct nli_str folded;
	const struct nli_token *t;
	size_t n;

	nli_buf_clear(&x->tmp);
	nli_text_fold(text, &x->tmp);
	folded = nli_buf_str(&x->tmp);
	if (!x->tokenizer)
		x->tokenizer = nli_tokenizer_new();
	t = nli_tokenize(x->tokenizer, folded, &n);
	for (size_t i = 0; i < n; i++) {
		nli_buf_addc(out, ' ');
		nli_buf_add(out, folded.s + t[i].off, t[i].len);
	}
}

/* The texts of one example: of a record, or of one of its choices. */
struct example {
	struct nli_str premise, hypothesis; /* {NULL, 0} if not asked for */
};

static struct example example_of(const struct nli_exporter *x, struct nli_str hypothesis)
{
	const enum nli_export_text t = x->e->text;
	const struct nli_str none = { NULL, 0 };

	return (struct example){ t == NLI_TEXT_HYPOTHESIS ? none : x->r->premise,
				 t == NLI_TEXT_PREMISE ? none : hypothesis };
}

typedef void example_fn(struct nli_exporter *x, const struct example *e,
			struct nli_str name, int number, struct nli_buf *out);

/* A record is one example; a record of choices is one for each, right or wrong. */
static int each_example(struct nli_exporter *x, example_fn *put, struct nli_buf *out,
			struct nli_err *err)
{
	const struct nli_record *r = x->r;
	const bool choices = r->task == NLI_TASK_CHOICE;
	const enum nli_label label = nli_label_of(r->label);

	if (!choices && label == NLI_LABEL_NONE)
		return nli_fail(err, NLI_EDATA, "label \"%.40s\" is not known",
				r->label.s);
	for (size_t i = 0; choices && i < r->n_choice; i++) {
		const struct example e = example_of(x, r->choice[i]);
		const bool right = r->answer == (int)i;

		put(x, &e, right ? NLI_STR("right") : NLI_STR("wrong"), right, out);
	}
	if (!choices) {
		const struct example e = example_of(x, r->hypothesis);

		/* not_entailment is the second of two labels. */
		put(x, &e, r->label, label == NLI_NOT_ENTAILMENT ? 1 : (int)label, out);
	}
	return choices ? (int)r->n_choice : 1;
}

static void fasttext_line(struct nli_exporter *x, const struct example *e,
			  struct nli_str name, int number, struct nli_buf *out)
{
	(void)number;
	nli_buf_adds(out, "__label__");
	nli_buf_add(out, name.s, name.len);
	if (e->premise.s)
		add_tokens(x, e->premise, out);
	if (e->premise.s && e->hypothesis.s)
		nli_buf_adds(out, " |||");
	if (e->hypothesis.s)
		add_tokens(x, e->hypothesis, out);
	nli_buf_addc(out, '\n');
}

int nli_row_fasttext(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	return each_example(x, fasttext_line, out, err);
}

enum { LIBSVM_BITS = 18, PREMISE_SEED = 1 };

static int by_value(const void *a, const void *b)
{
	const uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;

	return i < j ? -1 : i > j;
}

static void add_feature(struct nli_exporter *x, uint64_t h)
{
	nli_grow(&x->features, &x->features_cap, x->n_features + 1, sizeof(uint32_t));
	x->features[x->n_features++] = 1 + (uint32_t)(h >> (64 - LIBSVM_BITS));
}

/* Words and pairs of neighbours, hashed; the premise's apart from the hypothesis'. */
static void add_features(struct nli_exporter *x, struct nli_str text, uint64_t seed)
{
	const char *at, *end;
	uint64_t before = 0;

	if (!text.s)
		return;
	nli_buf_clear(&x->meta);
	add_tokens(x, text, &x->meta);
	at = x->meta.data ? x->meta.data : "";
	end = at + x->meta.len;
	while (at < end) {
		const char *stop;
		uint64_t h;

		at++; /* the blank before each token */
		stop = memchr(at, ' ', (size_t)(end - at));
		stop = stop ? stop : end;
		h = nli_hash(at, (size_t)(stop - at), seed);
		add_feature(x, h);
		if (before)
			add_feature(x, nli_mix(before ^ nli_mix(h)));
		before = h;
		at = stop;
	}
}

static void libsvm_line(struct nli_exporter *x, const struct example *e,
			struct nli_str name, int number, struct nli_buf *out)
{
	(void)name;
	x->n_features = 0;
	add_features(x, e->premise, PREMISE_SEED);
	add_features(x, e->hypothesis, 0);
	qsort(x->features, x->n_features, sizeof(uint32_t), by_value);
	nli_buf_addf(out, "%d", number);
	for (size_t i = 0, next; i < x->n_features; i = next) {
		for (next = i;
		     next < x->n_features && x->features[next] == x->features[i];)
			next++;
		nli_buf_addf(out, " %u:%zu", (unsigned)x->features[i], next - i);
	}
	nli_buf_addc(out, '\n');
}

int nli_row_libsvm(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	return each_example(x, libsvm_line, out, err);
}

/* GLUE's tables know no quotes: a tab or a line end in a text becomes a space. */
static void add_raw(struct nli_buf *out, struct nli_str s)
{
	char *to = nli_buf_reserve(out, s.len);

	for (size_t i = 0; i < s.len; i++)
		to[i] = (unsigned char)s.s[i] < ' ' ? ' ' : s.s[i];
	out->len += s.len;
	out->data[out->len] = '\0';
}

int nli_row_glue_tsv(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	(void)err;
	nli_buf_addc(out, NLI_EXPORT_INDEX);
	nli_buf_addc(out, '\t');
	add_raw(out, x->r->premise);
	nli_buf_addc(out, '\t');
	add_raw(out, x->r->hypothesis);
	nli_buf_addc(out, '\t');
	add_raw(out, x->r->label);
	nli_buf_addc(out, '\n');
	return 1;
}

/* SNLI writes "-" where there is no gold label, and the author's label first. */
int nli_row_snli(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jiter it = nli_jiter(x->r->annotations);
	struct nli_jw w = { .b = out };

	(void)err;
	nli_jw_open(&w, '{');
	nli_jw_key(&w, "annotator_labels");
	nli_jw_open(&w, '[');
	while (nli_jnext(&it)) {
		const struct nli_str label = nli_jstr(nli_jget(it.val, "label"));

		if (label.s)
			nli_jw_str(&w, label);
	}
	nli_jw_close(&w, ']');
	nli_export_str(&w, "captionID", x->r->group);
	nli_export_str(&w, "gold_label", x->r->label.s ? x->r->label : NLI_STR("-"));
	nli_export_str(&w, "pairID", x->r->id);
	nli_export_str(&w, "sentence1", x->r->premise);
	nli_export_str(&w, "sentence2", x->r->hypothesis);
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
	return 1;
}

/* RFC 4180: quoted where a reader might see something else. */
static void add_cell(struct nli_buf *out, struct nli_str s, char separator, bool last)
{
	bool quote = false;

	for (size_t i = 0; i < s.len; i++)
		quote |= s.s[i] == '"' || s.s[i] == separator || s.s[i] == '\n' ||
			 s.s[i] == '\r';
	if (s.len && (s.s[0] == ' ' || s.s[s.len - 1] == ' '))
		quote = true;
	if (!quote) {
		nli_buf_add(out, s.s ? s.s : "", s.len);
	} else {
		nli_buf_addc(out, '"');
		for (size_t i = 0; i < s.len; i++) {
			if (s.s[i] == '"')
				nli_buf_addc(out, '"');
			nli_buf_addc(out, s.s[i]);
		}
		nli_buf_addc(out, '"');
	}
	nli_buf_addc(out, last ? '\n' : separator);
}

static struct nli_str json_of(struct nli_exporter *x, const char *member)
{
	const struct nli_member *m = nli_object_find(&x->r->obj, member);

	nli_buf_clear(&x->tmp);
	if (m && nli_jtype(m->val) != NLI_J_NULL)
		nli_json_write(&x->tmp, m->val);
	return nli_buf_str(&x->tmp);
}

/* The columns of NLI_TABLE_HEAD. */
static int table_row(struct nli_exporter *x, struct nli_buf *out, char separator)
{
	const struct nli_record *r = x->r;
	const struct nli_str text[] = { r->id,      r->key,        r->lang,
					r->corpus,  r->split,      r->group,
					r->premise, r->hypothesis, r->label };

	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++)
		add_cell(out, text[i], separator, false);
	add_cell(out, json_of(x, "choices"), separator, false);
	add_cell(out, json_of(x, "answer"), separator, false);
	add_cell(out, nli_str_of(nli_export_task(r)), separator, false);
	add_cell(out, json_of(x, "meta"), separator, true);
	return 1;
}

int nli_row_csv(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	(void)err;
	return table_row(x, out, ',');
}

int nli_row_tsv(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	(void)err;
	return table_row(x, out, '\t');
}
