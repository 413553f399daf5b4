/* sec_texts.c - lengths, overlap with the premise, and records to look at. */
#include <math.h>
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/base/map.h"
#include "lib/model/stats.h"
#include "lib/show/clean.h"
#include "lib/show/sections.h"
#include "lib/text/norm.h"
#include "lib/text/token.h"

enum { LONGEST = 100, MOST_EACH = 3, MOST_SHOWN = 9 };

static void counts_of(const struct nli_tally *t, enum nli_count kind, size_t side,
		      uint64_t *n, size_t n_bin)
{
	for (size_t i = 0; i < n_bin; i++)
		n[i] = nli_tally_get(t, kind, side, i, 0, 0);
}

static uint64_t sum_of(const uint64_t *n, size_t n_bin)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n_bin; i++)
		sum += n[i];
	return sum;
}

/* The share below which q of the counts lie, as the bin. */
static size_t quantile(const uint64_t *n, size_t n_bin, double q)
{
	const double want = q * (double)sum_of(n, n_bin);
	double seen = 0;

	for (size_t i = 0; i < n_bin; i++) {
		seen += (double)n[i];
		if (seen >= want)
			return i;
	}
	return n_bin ? n_bin - 1 : 0;
}

static double mean_of(const uint64_t *n, size_t n_bin)
{
	double sum = 0;

	for (size_t i = 0; i < n_bin; i++)
		sum += (double)i * (double)n[i];
	return sum / (double)sum_of(n, n_bin);
}

static struct nli_chart *ridges(struct nli_doc *d, struct nli_section *s, const char *id,
				const char *title, const char *desc, size_t n_row)
{
	struct nli_chart *c = nli_doc_chart(d, s, id, NLI_CHART_RIDGE, nli_str_of(title),
					    nli_str_of(desc));

	c->row = nli_arena_alloc(&d->arena, (n_row + 1) * sizeof(*c->row));
	return c;
}

static void add_ridge(struct nli_doc *d, struct nli_chart *c, struct nli_str name,
		      const uint64_t *n, size_t n_bin, const char *unit)
{
	const double sum = (double)sum_of(n, n_bin);

	c->row[c->n_row] = name;
	for (size_t i = 0; i < n_bin; i++) {
		struct nli_mark *m;

		if (!n[i])
			continue;
		m = nli_chart_add(c);
		m->row = c->n_row;
		m->series = nli_sec_series(name);
		m->x = c->x.lo + c->bin * (double)i;
		m->y = (double)n[i] / sum;
		m->tip = c->x.share ? nli_doc_fmt(d, "%.*s, %s to %s %s: %s (%s)",
						  (int)name.len, name.s,
						  nli_doc_share(d, m->x),
						  nli_doc_share(d, m->x + c->bin), unit,
						  nli_doc_count(d, (double)n[i]),
						  nli_doc_share(d, m->y))
				    : nli_doc_fmt(d, "%.*s, %zu %s: %s (%s)",
						  (int)name.len, name.s, i, unit,
						  nli_doc_count(d, (double)n[i]),
						  nli_doc_share(d, m->y));
	}
	c->n_row++;
}

struct side {
	size_t value;
	struct nli_str name;
	uint64_t length[LONGEST], overlap[11];
};

static void list_lengths(struct nli_doc *d, struct nli_section *s, const struct side *v,
			 size_t n)
{
	struct nli_table *t = nli_doc_table(d, s, "lengths", "Length and overlap");
	uint64_t rest[LONGEST];
	struct nli_rank_test test;

	nli_table_column(t, "label", "label", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "n", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "mean", "mean words", NLI_CELL_REAL, NULL);
	nli_table_column(t, "median", "median", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "p90", "90% below", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "longer", "longer than others", NLI_CELL_SHARE,
			 "chance that one of these has more words than one of the "
			 "others; 50% is none");
	nli_table_column(t, "contained", "all in premise", NLI_CELL_SHARE,
			 "share whose every word stands in the premise");
	t->brief = 8;
	for (size_t i = 0; i < n; i++) {
		const uint64_t all = sum_of(v[i].length, LONGEST);
		const struct nli_interval ci = nli_wilson(v[i].overlap[10], all, 0.95);

		for (size_t b = 0; b < LONGEST; b++) {
			rest[b] = 0;
			for (size_t k = 0; k < n; k++)
				rest[b] += k == i ? 0 : v[k].length[b];
		}
		nli_table_text(t, v[i].name);
		nli_table_number(t, (double)all);
		nli_table_number(t, mean_of(v[i].length, LONGEST));
		nli_table_number(t, (double)quantile(v[i].length, LONGEST, 0.5));
		nli_table_number(t, (double)quantile(v[i].length, LONGEST, 0.9));
		if (nli_rank_test_counts(v[i].length, rest, LONGEST, &test, NULL))
			nli_table_number(t, NAN);
		else
			nli_table_range(t, test.superior,
					fmax(0, test.superior - 0.98 * test.delta_se),
					fmin(1, test.superior + 0.98 * test.delta_se));
		nli_table_range(t, (double)v[i].overlap[10] / (double)all, ci.lo, ci.hi);
	}
	t->note = "Words as in the papers: runs of letters, marks and digits. 99 stands "
		  "for 99 and "
		  "more.";
}

void nli_sec_lengths(struct nli_dossier *a, struct nli_doc *d)
{
	size_t n_side, n = 0, top = 0;
	size_t *side = nli_tally_values(a->tally, NLI_DIM_SIDE, &n_side);
	struct side *v = nli_xcalloc(n_side, sizeof(*v));
	struct nli_section *s;
	struct nli_chart *c;

	for (size_t i = 0; i + 1 < n_side; i++) {
		v[n].value = side[i];
		v[n].name = nli_sec_name(d, a->tally, NLI_DIM_SIDE, side[i]);
		counts_of(a->tally, NLI_COUNT_LENGTH, side[i], v[n].length, LONGEST);
		counts_of(a->tally, NLI_COUNT_OVERLAP, side[i], v[n].overlap, 11);
		if (!sum_of(v[n].length, LONGEST))
			continue;
		if (quantile(v[n].length, LONGEST, 0.99) > top)
			top = quantile(v[n].length, LONGEST, 0.99);
		n++;
	}
	if (n > 1) {
		s = nli_doc_section(d, "lengths", "Length and overlap");
		s->lead = NLI_STR("Writers of one label may write longer, or copy more "
				  "of the premise. "
				  "Neither takes any understanding to detect.");
		if (n <= 8) {
			c = ridges(d, s, "length", "Words in the text that is judged",
				   "Share of texts of each length, by label. All rows "
				   "have the same scale.",
				   n);
			c->x = (struct nli_axis){ "words", 0, (double)(top + 1), false,
						  false };
			c->bin = 1;
			for (size_t i = 0; i < n; i++)
				add_ridge(d, c, v[i].name, v[i].length, top + 1, "words");
			c = ridges(d, s, "overlap",
				   "Share of its words that stand in the premise",
				   "Share of texts by overlap, by label; the last bar is "
				   "all words.",
				   n);
			c->x = (struct nli_axis){ "words found in the premise", 0, 1.1,
						  false, true };
			c->bin = 0.1;
			for (size_t i = 0; i < n; i++)
				add_ridge(d, c, v[i].name, v[i].overlap, 11, "overlap");
		}
		list_lengths(d, s, v, n);
	}
	free(side);
	free(v);
}

/* Cues by (feature, label), to mark them in texts. */
struct marker {
	struct nli_intern *known; /* "label\0feature" */
	struct nli_tokenizer *tokens;
	struct nli_buf key, fold;
};

static void marker_key(struct marker *m, struct nli_str label, struct nli_str a,
		       struct nli_str b)
{
	nli_buf_clear(&m->key);
	nli_buf_add(&m->key, label.s, label.len);
	nli_buf_addc(&m->key, '\0');
	nli_buf_add(&m->key, a.s, a.len);
	if (b.len) {
		nli_buf_addc(&m->key, ' ');
		nli_buf_add(&m->key, b.s, b.len);
	}
}

static void learn(struct marker *m, const struct nli_dossier *a)
{
	for (size_t i = 0; i < a->n_cue; i++)
		if (a->cue[i].exact && a->cue[i].q < a->q && a->cue[i].z > 0) {
			marker_key(m, a->cue[i].label, a->cue[i].feature,
				   (struct nli_str){ 0 });
			nli_intern_add(m->known, nli_buf_str(&m->key));
		}
}

static bool is_cue(struct marker *m, struct nli_str label, struct nli_str a,
		   struct nli_str b)
{
	marker_key(m, label, a, b);
	return nli_intern_find(m->known, nli_buf_str(&m->key)) >= 0;
}

static struct nli_str folded(struct marker *m, struct nli_str word)
{
	nli_buf_clear(&m->fold);
	nli_text_fold(word, &m->fold);
	return nli_buf_str(&m->fold);
}

/* Cues are folded words; a span runs over the words that make up one or touch. */
static void mark_cues(struct marker *m, struct nli_str label, struct nli_part *p)
{
	size_t n;
	const struct nli_token *k = nli_tokenize(m->tokens, p->text, &n);
	struct nli_buf before = { 0 };
	bool last = false;

	for (size_t i = 0; i < n && p->n_span < NLI_PART_SPANS; i++) {
		const struct nli_str word = folded(m, nli_token_str(p->text, k[i]));
		const bool pair =
			before.len && is_cue(m, label, nli_buf_str(&before), word);
		const bool one = is_cue(m, label, word, (struct nli_str){ 0 });
		struct nli_span *s;

		if (pair && i && !last) {
			p->span[p->n_span++] =
				(struct nli_span){ k[i - 1].off, k[i - 1].len, "cue" };
			last = true;
		}
		if ((one || pair) && last) {
			s = &p->span[p->n_span - 1];
			s->len = k[i].off + k[i].len - s->off;
		} else if (one && p->n_span < NLI_PART_SPANS) {
			p->span[p->n_span++] =
				(struct nli_span){ k[i].off, k[i].len, "cue" };
		}
		last = one || pair;
		nli_buf_clear(&before);
		nli_buf_add(&before, word.s, word.len);
	}
	nli_buf_release(&before);
}

/*
 * Mark the words and pairs of words that nli-hyponly --explain names, in place of the
 * cues of the whole corpus.  Pairs with a gap between them are told, not marked.
 */
static void mark_explained(struct marker *m, const nli_jval *explain,
			   struct nli_str label, struct nli_part *p)
{
	struct nli_intern *const cues = m->known;
	struct nli_intern said = { 0 };

	for (struct nli_jiter f = nli_jiter(explain); nli_jnext(&f);) {
		marker_key(m, label, nli_jstr(nli_jget(f.val, "feature")),
			   (struct nli_str){ 0 });
		nli_intern_add(&said, nli_buf_str(&m->key));
	}
	m->known = &said;
	mark_cues(m, label, p);
	m->known = cues;
	nli_intern_release(&said);
}

/* "; by never (2.1 bits), ^ und (0.40 bits)": what spoke for the guess, the most first. */
static void say_explained(struct nli_doc *d, const nli_jval *explain,
			  struct nli_example *e)
{
	enum { MOST = 4 };
	struct nli_jiter f = nli_jiter(explain);

	for (int i = 0; i < MOST && nli_jnext(&f); i++) {
		const struct nli_str what = nli_sec_text(d, nli_jget(f.val, "feature"));

		e->note = nli_doc_fmt(d, "%s%s%s (%s bits)", e->note.s ? e->note.s : "",
				      i ? ", " : "; by ", nli_sec_quoted(d, what),
				      nli_doc_real(d, nli_dossier_number(f.val, "bits")));
	}
}

static void mark(struct marker *m, const nli_jval *explain, struct nli_str label,
		 struct nli_part *p)
{
	if (nli_jlen(explain))
		mark_explained(m, explain, label, p);
	else
		mark_cues(m, label, p);
}

static void add_example(struct nli_doc *d, struct nli_examples *to, struct nli_json *j,
			struct nli_str line, struct marker *m)
{
	struct nli_record r;
	struct nli_example *e;
	const nli_jval *h, *explain;
	struct nli_str gold, pred;
	char num[12];
	double p;

	if (nli_record_parse(&r, j, line, NULL))
		return;
	gold = nli_record_gold(&r, num);
	e = nli_examples_add(to);
	e->id = nli_doc_clean(d, r.id, 100);
	e->lang = nli_doc_clean(d, r.lang, 30);
	e->label = nli_doc_clean(d, gold, NLI_CLEAN_VALUE);
	h = nli_object_find(&r.obj, "hyponly") ? nli_object_find(&r.obj, "hyponly")->val
					       : NULL;
	pred = nli_doc_clean(d, nli_jstr(nli_jget(h, "pred")), NLI_CLEAN_VALUE);
	if (pred.len && nli_jreal(nli_jget(nli_jget(h, "p"), pred.s), &p))
		e->note = nli_doc_fmt(d, "guessed %s, %s sure", pred.s,
				      nli_doc_share(d, p));
	explain = m ? nli_jget(h, "explain") : NULL;
	say_explained(d, explain, e);
	nli_example_part(e, "premise", nli_doc_clean(d, r.premise, NLI_CLEAN_TEXT));
	if (r.hypothesis.s) {
		struct nli_part *part = nli_example_part(
			e, "hypothesis", nli_doc_clean(d, r.hypothesis, NLI_CLEAN_TEXT));

		if (m)
			mark(m, explain, e->label, part);
	}
	for (size_t i = 0; i < r.n_choice && i < 8; i++) {
		const char guess[2] = { (char)('0' + i), 0 };
		struct nli_part *part =
			nli_example_part(e, nli_doc_fmt(d, "choice %s", guess).s,
					 nli_doc_clean(d, r.choice[i], NLI_CLEAN_TEXT));

		part->right = (int)i == r.answer;
		if (m && r.answer >= 0) /* the labels that nli-cues gives to choices */
			mark(m, nli_str_eq(nli_str_of(guess), pred) ? explain : NULL,
			     part->right ? NLI_STR("answer") : NLI_STR("distractor"),
			     part);
	}
}

void nli_sec_example(struct nli_doc *d, struct nli_examples *to, struct nli_json *j,
		     struct nli_str line)
{
	add_example(d, to, j, line, NULL);
}

static void fill(struct nli_dossier *a, struct nli_doc *d, struct nli_examples *to,
		 enum nli_sample_kind kind, struct marker *m)
{
	size_t n_label;
	size_t *label = nli_tally_values(a->tally, NLI_DIM_LABEL, &n_label);
	const size_t share = n_label > 1 ? MOST_SHOWN / (n_label - 1) : MOST_EACH;
	const size_t each = share < 1 ? 1 : share < MOST_EACH ? share : MOST_EACH;

	for (size_t i = 0; i + 1 < n_label && to->n < MOST_SHOWN; i++) {
		const struct nli_samples *set =
			nli_tally_samples(a->tally, kind, label[i]);

		for (size_t k = 0; set && k < set->n && k < each; k++)
			add_example(d, to, a->scratch,
				    (struct nli_str){ set->s[k].line, set->s[k].len }, m);
	}
	free(label);
}

void nli_sec_examples(struct nli_dossier *a, struct nli_doc *d)
{
	struct nli_intern known = { 0 };
	struct marker m = { &known, NULL, { 0 }, { 0 } };
	struct nli_examples *easy, *hard;
	struct nli_section *s;

	if (!(a->tally->members & NLI_SEEN_HYPONLY))
		return;
	m.tokens = nli_tokenizer_new();
	learn(&m, a);
	s = nli_doc_section(d, "examples", "Easy and hard");
	s->lead = nli_doc_fmt(d,
			      "Left, what was guessed right without the premise; right, "
			      "what was not.%s",
			      known.n ? " Words that give the label away are marked; "
					"where nli-hyponly explains a guess, those that "
					"spoke for it."
				      : "");
	easy = nli_doc_examples_new(d, "Easy: guessed right blind", NULL);
	hard = nli_doc_examples_new(d, "Hard: guessed wrong blind", NULL);
	fill(a, d, easy, NLI_SAMPLE_EASY, &m);
	fill(a, d, hard, NLI_SAMPLE_HARD, &m);
	nli_doc_examples(s, easy, hard);
	nli_tokenizer_free(m.tokens);
	nli_buf_release(&m.key);
	nli_buf_release(&m.fold);
	nli_intern_release(&known);
}
