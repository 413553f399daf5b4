/*
 * match_scores.c - relevance and similarity from elsewhere, as of a neural
 * model: {"item":ID,"answer":ID,"relevance":P,"similarity":P} a line.
 */
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/edit/match.h"

struct score {
	uint32_t item, answer; /* ids by number */
	double weight;
};

struct nli_match_scores {
	struct nli_intern ids;
	struct score *score; /* (n,) by item, then answer */
	size_t n, cap;
	double lambda;
};

static int probability(const nli_jval *row, const char *name, double *p,
		       struct nli_err *err)
{
	if (!nli_jreal(nli_jget(row, name), p) || !(*p >= 0) || !(*p <= 1))
		return nli_fail(err, NLI_EDATA, "\"%s\" is %s, wanted a number of 0..1",
				name, nli_jtype_name(nli_jtype(nli_jget(row, name))));
	return 0;
}

static int read_score(void *ctx, struct nli_work *w, struct nli_err *err)
{
	static const char *const name[] = { "item", "answer" };
	const struct nli_match_scores *s = ctx;
	double relevance, similarity, weight;
	const nli_jval *row = nli_json_parse(w->scratch, w->line.s, w->line.len, err);

	if (!row)
		return NLI_EDATA;
	for (size_t k = 0; k < 2; k++)
		if (nli_jtype(nli_jget(row, name[k])) != NLI_J_STRING)
			return nli_fail(
				err, NLI_EDATA, "\"%s\" is %s, wanted an id", name[k],
				nli_jtype_name(nli_jtype(nli_jget(row, name[k]))));
	if (probability(row, "relevance", &relevance, err) ||
	    probability(row, "similarity", &similarity, err))
		return NLI_EDATA;
	weight = nli_relevance_weight(relevance, similarity, s->lambda);
	for (size_t k = 0; k < 2; k++)
		nli_sheet_put(w->out, nli_jstr(nli_jget(row, name[k])));
	nli_sheet_put(w->out, (struct nli_str){ (const char *)&weight, sizeof(weight) });
	nli_sheet_end(w->out);
	return NLI_KEEP;
}

static void *json_new(void *ctx)
{
	(void)ctx;
	return nli_json_new();
}

static void json_free(void *ctx, void *json)
{
	(void)ctx;
	nli_json_free(json);
}

static int take_scores(void *ctx, struct nli_str rows, uint64_t kept, struct nli_err *err)
{
	struct nli_match_scores *s = ctx;
	struct nli_sheet sheet = { 0 };

	(void)kept;
	(void)err;
	nli_sheet_take(&sheet, rows);
	for (size_t i = 0; i < sheet.n; i++) {
		size_t n;
		const uint32_t *cell = nli_sheet_row(&sheet, i, &n);
		struct score to;

		to.item = (uint32_t)nli_intern_add(&s->ids,
						   nli_sheet_text(&sheet, cell[0]));
		to.answer = (uint32_t)nli_intern_add(&s->ids,
						     nli_sheet_text(&sheet, cell[1]));
		memcpy(&to.weight, nli_sheet_text(&sheet, cell[2]).s, sizeof(to.weight));
		nli_grow(&s->score, &s->cap, s->n + 1, sizeof(*s->score));
		s->score[s->n++] = to;
	}
	nli_sheet_release(&sheet);
	return 0;
}

/* Of several scores of a pair, the highest stands first. */
static int score_cmp(const void *a, const void *b)
{
	const struct score *x = a, *y = b;

	if (x->item != y->item)
		return x->item < y->item ? -1 : 1;
	if (x->answer != y->answer)
		return x->answer < y->answer ? -1 : 1;
	return x->weight < y->weight ? 1 : x->weight > y->weight ? -1 : 0;
}

struct nli_match_scores *nli_match_scores_read(struct nli_run *run, const char *path,
					       double lambda)
{
	struct nli_match_scores *s = nli_xcalloc(1, sizeof(*s));
	const struct nli_pass pass = { .ctx = s,
				       .line = read_score,
				       .scratch_new = json_new,
				       .scratch_free = json_free,
				       .commit = take_scores };
	char *const files[] = { (char *)(uintptr_t)path, NULL };

	s->lambda = lambda;
	nli_run_side(run, files, &pass);
	if (s->n)
		qsort(s->score, s->n, sizeof(*s->score), score_cmp);
	return s;
}

void nli_match_scores_free(struct nli_match_scores *s)
{
	if (!s)
		return;
	nli_intern_release(&s->ids);
	free(s->score);
	free(s);
}

/* The first score of an item. */
static size_t first_of(const struct nli_match_scores *s, uint32_t item)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;

		if (s->score[mid].item < item)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void nli_match_scores_find(const struct nli_match_scores *s,
			   const struct nli_match_pool *p, struct nli_candidates *out)
{
	struct nli_map64 at = { 0 }; /* id to item + 1 */
	size_t n = 0, cap = 0, weight_cap = 0;
	const double floor = nli_relevance_weight(0, 0, s->lambda);

	out->start = nli_xcalloc(p->n + 1, sizeof(*out->start));
	for (uint32_t i = 0; i < p->n; i++) {
		const ptrdiff_t id =
			nli_intern_find(&s->ids, nli_match_text(p, i, NLI_MATCH_ID));

		if (id >= 0)
			*nli_map64_put(&at, (uint64_t)id, NULL) = i + 1;
	}
	for (uint32_t i = 0; i < p->n; i++) {
		const ptrdiff_t id =
			nli_intern_find(&s->ids, nli_match_text(p, i, NLI_MATCH_ID));
		const size_t from = id >= 0 ? first_of(s, (uint32_t)id) : s->n;

		for (size_t k = from; k < s->n && s->score[k].item == (uint32_t)id; k++) {
			const struct score *c = &s->score[k];
			const uint64_t *j = nli_map64_get(&at, c->answer);

			if (!j || c->weight <= floor ||
			    (k > from && c[-1].answer == c->answer) ||
			    !nli_match_allowed((void *)(uintptr_t)p, i, (uint32_t)*j - 1))
				continue;
			nli_grow(&out->cand, &cap, n + 1, sizeof(*out->cand));
			nli_grow(&out->weight, &weight_cap, n + 1, sizeof(*out->weight));
			out->cand[n] = (uint32_t)*j - 1;
			out->weight[n++] = c->weight;
		}
		out->start[i + 1] = n;
	}
	nli_map64_release(&at);
}
