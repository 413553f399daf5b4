/*
 * neutral.c - neutral pairs by recombination: the four mechanical kinds of
 * InferES (V. Kovatchev, M. Taule: "InferES: a natural language inference corpus
 * for Spanish", COLING 2022).
 *
 * Hypotheses of entailments and contradictions are used again as neutral ones,
 * each at most once a kind.  That is their worth: they carry more than one
 * label, so that nothing of them alone tells which.  That such a pair is neutral
 * is no proof but the rule with few exceptions, for which InferES asked its
 * annotators; what can be seen of the exceptions is kept out: a hypothesis whose
 * words are in the premise, premises that are nearly the same, pairs that exist.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/edit/sets.h"
#include "lib/edit/sheet.h"
#include "lib/text/norm.h"
#include "lib/text/token.h"

static const char METHOD[] = "neutral";

enum cell { SCOPE, TOPIC, PREMISE, HYPOTHESIS, KEY, ID, GROUP, N_CELL };
enum kind { SAME_TOPIC, RAW_HYPOTHESIS, RAW_PREMISE, OTHER_TOPIC, N_KIND };
static const char *const kind_name[] = { "same-topic", "raw-hypothesis", "raw-premise",
					 "other-topic" };
/* Partners that are looked at; shares of words from which a pair is left alone. */
#define NONE UINT32_MAX
enum { TRIES = 64 };
static const double CONTAINED = 0.5, NEAR = 0.5;

/* The different words of a text, ascending. */
struct bag {
	size_t at, n;
};

struct neutral {
	const struct nli_edit *e;
	struct nli_edit_tally *tally;
	struct nli_sheet sheet, raw;
	uint64_t *word; /* of all bags */
	size_t n_word, word_cap;
	struct bag *bag, *raw_bag; /* (texts,) by number of the text */
	size_t *row;               /* (n,) rows that take part, by scope, topic, chance */
	size_t n;
	uint32_t (*with)[N_KIND]; /* (sheet.n,) row or raw text, NONE */
	struct nli_map64 pairs;   /* premise << 32 | hypothesis */
};

static struct nli_str text_at(const struct neutral *g, size_t row, enum cell cell)
{
	size_t n;
	const uint32_t *c = nli_sheet_row(&g->sheet, row, &n);

	return n ? nli_sheet_text(&g->sheet, c[cell]) : (struct nli_str){ NULL, 0 };
}

static uint32_t number_at(const struct neutral *g, size_t row, enum cell cell)
{
	size_t n;

	return nli_sheet_row(&g->sheet, row, &n)[cell];
}

static int read_pair(void *ctx, const struct nli_record *r, struct nli_work *w,
		     struct nli_err *err)
{
	const struct neutral *g = ctx;
	struct nli_buf scope = { 0 }, tmp = { 0 };
	const char *topic = g->e->args->topic;

	(void)err;
	if (r->task == NLI_TASK_NLI && r->premise.s && r->hypothesis.s && r->label.s &&
	    !nli_str_is(r->label, "neutral")) {
		nli_buf_add(&scope, r->split.s, r->split.len);
		nli_buf_addc(&scope, '\0');
		nli_buf_add(&scope, r->lang.s, r->lang.len);
		nli_sheet_put(w->out, nli_buf_str(&scope));
		nli_sheet_put(w->out, topic ? nli_record_field(r, nli_str_of(topic), &tmp)
					    : (struct nli_str){ NULL, 0 });
		nli_sheet_put(w->out, r->premise);
		nli_sheet_put(w->out, r->hypothesis);
		nli_sheet_put(w->out, r->key.s ? r->key : r->id);
		nli_sheet_put(w->out, r->id);
		nli_sheet_put(w->out, r->group.s ? r->group : r->premise);
	}
	nli_sheet_end(w->out);
	nli_buf_release(&scope);
	nli_buf_release(&tmp);
	return NLI_KEEP;
}

static int take_pairs(void *ctx, struct nli_str rows, uint64_t kept, struct nli_err *err)
{
	(void)kept;
	(void)err;
	nli_sheet_take(&((struct neutral *)ctx)->sheet, rows);
	return 0;
}

static int read_raw(void *ctx, struct nli_work *w, struct nli_err *err)
{
	struct nli_buf clean = { 0 };

	(void)ctx;
	if (nli_utf8_valid(w->line) < w->line.len)
		return nli_fail(err, NLI_EDATA, "not UTF-8, wanted a sentence a line");
	nli_text_clean(w->line, &clean);
	if (clean.len) {
		nli_sheet_put(w->out, nli_buf_str(&clean));
		nli_sheet_end(w->out);
	}
	nli_buf_release(&clean);
	return NLI_KEEP;
}

static int take_raw(void *ctx, struct nli_str rows, uint64_t kept, struct nli_err *err)
{
	(void)kept;
	(void)err;
	nli_sheet_take(&((struct neutral *)ctx)->raw, rows);
	return 0;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static struct bag *fill_bags(struct neutral *g, const struct nli_intern *texts)
{
	struct nli_tokenizer *tok = nli_tokenizer_new();
	struct bag *bag = nli_xcalloc(texts->n, sizeof(*bag));
	struct nli_buf folded = { 0 };

	for (size_t i = 0; i < texts->n; i++) {
		size_t n, at = g->n_word;
		const struct nli_token *k;

		nli_buf_clear(&folded);
		nli_text_fold(texts->text[i], &folded);
		k = nli_tokenize(tok, nli_buf_str(&folded), &n);
		nli_grow(&g->word, &g->word_cap, at + n, sizeof(*g->word));
		bag[i].at = at;
		for (size_t t = 0; t < n; t++) {
			const struct nli_str s =
				nli_token_str(nli_buf_str(&folded), k[t]);

			if (k[t].kind != NLI_TOKEN_PUNCT)
				g->word[g->n_word++] = nli_hash(s.s, s.len, 0);
		}
		if (g->n_word > at)
			qsort(g->word + at, g->n_word - at, sizeof(*g->word), by_value);
		for (size_t t = at; t < g->n_word; t++)
			if (t == at || g->word[t] != g->word[t - 1])
				g->word[at + bag[i].n++] = g->word[t];
		g->n_word = at + bag[i].n;
	}
	nli_buf_release(&folded);
	nli_tokenizer_free(tok);
	return bag;
}

static size_t shared(const struct neutral *g, struct bag a, struct bag b)
{
	size_t n = 0;

	for (size_t x = 0, y = 0; x < a.n && y < b.n;) {
		const uint64_t u = g->word[a.at + x], v = g->word[b.at + y];

		n += u == v;
		x += u <= v;
		y += v <= u;
	}
	return n;
}

/* May the premise entail or contradict the hypothesis, as far as words tell? */
static bool related(const struct neutral *g, struct bag premise, struct bag hypothesis)
{
	return (double)shared(g, premise, hypothesis) >= CONTAINED * (double)hypothesis.n;
}

static bool near(const struct neutral *g, struct bag a, struct bag b)
{
	const double both = (double)shared(g, a, b);

	return both >= NEAR * ((double)(a.n + b.n) - both);
}

/* Is the hypothesis of row j a neutral one of the premise of row i, as far as can be seen? */
static bool fits(const struct neutral *g, size_t i, size_t j)
{
	const uint32_t premise = number_at(g, i, PREMISE), of = number_at(g, j, PREMISE);
	const uint32_t hypothesis = number_at(g, j, HYPOTHESIS);

	return premise != of && number_at(g, i, GROUP) != number_at(g, j, GROUP) &&
	       !nli_map64_get(&g->pairs, (uint64_t)premise << 32 | hypothesis) &&
	       !related(g, g->bag[premise], g->bag[hypothesis]) &&
	       !near(g, g->bag[premise], g->bag[of]);
}

struct sorted {
	struct nli_str scope, topic, id;
	uint64_t chance;
	size_t row;
};

static int row_cmp(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int c = nli_str_cmp(x->scope, y->scope);

	if (!c)
		c = nli_str_cmp(x->topic, y->topic);
	if (c)
		return c;
	if (x->chance != y->chance)
		return x->chance < y->chance ? -1 : 1;
	c = nli_str_cmp(x->id, y->id);
	return c ? c : x->row < y->row ? -1 : x->row > y->row;
}

static void sort_rows(struct neutral *g)
{
	struct sorted *s = nli_xmalloc(g->sheet.n, sizeof(*s));

	for (size_t i = 0; i < g->sheet.n; i++) {
		const struct nli_str scope = text_at(g, i, SCOPE),
				     key = text_at(g, i, KEY);

		if (!scope.s)
			continue;
		s[g->n++] = (struct sorted){
			scope, text_at(g, i, TOPIC), text_at(g, i, ID),
			nli_hash(key.s, key.len, nli_mix(g->e->args->seed)), i
		};
		*nli_map64_put(&g->pairs,
			       (uint64_t)number_at(g, i, PREMISE) << 32 |
				       number_at(g, i, HYPOTHESIS),
			       NULL) = 1;
	}
	if (g->n)
		qsort(s, g->n, sizeof(*s), row_cmp);
	g->row = nli_xmalloc(g->n, sizeof(*g->row));
	for (size_t i = 0; i < g->n; i++)
		g->row[i] = s[i].row;
	free(s);
	nli_edit_count_not(g->tally, METHOD,
			   "neutral, not labelled, or no pair of three labels",
			   g->sheet.n - g->n);
}

static bool same_topic(const struct neutral *g, size_t i, size_t j)
{
	return number_at(g, g->row[i], TOPIC) == number_at(g, g->row[j], TOPIC);
}

/*
 * Partners for the premises of g->row[from..to): from the hypotheses of
 * g->row[first..first + n), in a ring, each at most once.
 */
static void pair_up(struct neutral *g, enum kind kind, size_t from, size_t to,
		    size_t first, size_t n, size_t skip, bool *used)
{
	uint64_t alone = 0;

	for (size_t i = from; i < to; i++) {
		size_t t = 0, j = 0;

		for (; t < n && t < TRIES; t++) {
			j = first + (i - from + skip + t) % n;
			if (!used[j] && (kind == SAME_TOPIC || !same_topic(g, i, j)) &&
			    fits(g, g->row[i], g->row[j]))
				break;
		}
		if (t == n || t == TRIES) {
			alone++;
			continue;
		}
		used[j] = true;
		g->with[g->row[i]][kind] = (uint32_t)g->row[j];
	}
	nli_edit_count_not(g->tally, METHOD,
			   kind == SAME_TOPIC
				   ? "same-topic: no partner that is surely neutral"
				   : "other-topic: no partner that is surely neutral",
			   alone);
}

/* The end of the rows that have cell in common with g->row[i], within [i, to). */
static size_t end_of(const struct neutral *g, size_t i, size_t to, enum cell cell)
{
	size_t end = i + 1;

	while (end < to &&
	       number_at(g, g->row[end], cell) == number_at(g, g->row[i], cell))
		end++;
	return end;
}

static void pair_scope(struct neutral *g, size_t from, size_t to, bool *used)
{
	for (size_t i = from, end; i < to; i = end) {
		end = end_of(g, i, to, TOPIC);
		pair_up(g, SAME_TOPIC, i, end, i, end - i, 1, used);
	}
	memset(used, 0, g->n * sizeof(*used));
	/* Of other topics: those behind the own one in the ring of the scope. */
	for (size_t i = from, end; g->e->args->topic && i < to; i = end) {
		end = end_of(g, i, to, TOPIC);
		if (end - i < to - from)
			pair_up(g, OTHER_TOPIC, i, end, from, to - from, end - from,
				used);
	}
	memset(used, 0, g->n * sizeof(*used));
}

/* A raw sentence for each row and kind, all of them equally often. */
static void pair_raw(struct neutral *g)
{
	const size_t n_raw = g->raw.text.n;

	for (size_t i = 0; n_raw && i < g->n; i++) {
		const size_t row = g->row[i];
		const struct bag own[2] = { g->bag[number_at(g, row, PREMISE)],
					    g->bag[number_at(g, row, HYPOTHESIS)] };

		for (size_t t = 0; t < n_raw && t < TRIES; t++) {
			const size_t at = (i + t) % n_raw;
			uint32_t *as = &g->with[row][RAW_HYPOTHESIS];
			uint32_t *under = &g->with[row][RAW_PREMISE];
			const struct bag raw = g->raw_bag[at];

			if (*as == NONE && !related(g, own[0], raw) && raw.n)
				*as = (uint32_t)at;
			if (*under == NONE && !related(g, raw, own[1]) &&
			    !near(g, raw, own[0]))
				*under = (uint32_t)at;
		}
	}
}

static void pair_all(struct neutral *g)
{
	bool *used;

	sort_rows(g);
	g->bag = fill_bags(g, &g->sheet.text);
	g->raw_bag = fill_bags(g, &g->raw.text);
	g->with = nli_xmalloc(g->sheet.n, sizeof(*g->with));
	memset(g->with, 0xff, g->sheet.n * sizeof(*g->with));
	used = nli_xcalloc(g->n, sizeof(*used));
	for (size_t i = 0, end; i < g->n; i = end) {
		end = end_of(g, i, g->n, SCOPE);
		pair_scope(g, i, end, used);
	}
	free(used);
	pair_raw(g);
}

static void tally_free(void *ctx, void *tally)
{
	struct neutral *g = ctx;

	nli_edit_tally_add(g->tally, tally);
	nli_edit_tally_release(tally);
	free(tally);
}

static void make_pair(const struct neutral *g, const struct nli_record *r, enum kind kind,
		      uint32_t with, struct nli_edit_sink *sink)
{
	const bool raw = kind == RAW_HYPOTHESIS || kind == RAW_PREMISE;
	const struct nli_str text =
		raw ? nli_sheet_text(&g->raw, with) : text_at(g, with, HYPOTHESIS);
	const bool strict = g->e->args->strict;
	struct nli_buf also = { 0 };
	struct nli_made m = { .source = r,
			      .method = METHOD,
			      .rule = nli_str_of(kind_name[kind]),
			      .part = kind == RAW_PREMISE ? "premise" : "hypothesis",
			      .task = NLI_TASK_NLI,
			      .premise = kind == RAW_PREMISE ? text : r->premise,
			      .hypothesis = kind == RAW_PREMISE ? r->hypothesis : text,
			      .label = strict ? (struct nli_str){ NULL, 0 }
					      : NLI_STR("neutral"),
			      .assumed = !strict };
	struct nli_jw w = { .b = &also };

	if (!raw) {
		nli_jw_key(&w, "hypothesis_from");
		nli_jw_str(&w, text_at(g, with, ID));
	}
	m.also = nli_buf_str(&also);
	nli_edit_make(sink, &m);
	nli_buf_release(&also);
}

static int write_record(void *ctx, const struct nli_record *r, struct nli_work *w,
			struct nli_err *err)
{
	const struct neutral *g = ctx;
	const bool keep = g->e->args->keep;
	struct nli_edit_sink sink = { .tally = w->scratch,
				      .out = w->out,
				      .method = METHOD,
				      .max = (uint64_t)g->e->args->max };
	uint64_t n;

	(void)err;
	if (keep)
		nli_edit_pass_source(r, w);
	for (int k = 0; k < N_KIND; k++)
		if (g->with[w->index][k] != NONE)
			make_pair(g, r, (enum kind)k, g->with[w->index][k], &sink);
	n = sink.made + keep;
	w->more = n ? n - 1 : 0;
	return n ? NLI_KEEP : NLI_DROP;
}

void nli_neutral_run(struct nli_run *run, const struct nli_edit *e,
		     struct nli_edit_tally *tally)
{
	struct neutral g = { .e = e, .tally = tally };
	const struct nli_record_pass scan = { .ctx = &g,
					      .record = read_pair,
					      .commit = take_pairs };
	const struct nli_pass raw = { .ctx = &g, .line = read_raw, .commit = take_raw };
	const struct nli_record_pass emit = { .ctx = &g,
					      .record = write_record,
					      .scratch_new = nli_edit_tally_new,
					      .scratch_free = tally_free };

	nli_records_scan(run, &scan);
	for (size_t i = 0; i < e->args->raw.n; i++) {
		char *const files[] = { (char *)(uintptr_t)e->args->raw.v[i], NULL };

		nli_run_side(run, files, &raw);
	}
	pair_all(&g);
	nli_records_emit(run, &emit);
	nli_sheet_release(&g.sheet);
	nli_sheet_release(&g.raw);
	nli_map64_release(&g.pairs);
	free(g.word);
	free(g.bag);
	free(g.raw_bag);
	free(g.row);
	free(g.with);
}
