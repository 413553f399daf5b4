/* relevance.c - see relevance.h. */
#include "lib/edit/relevance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/map.h"
#include "lib/base/mem.h"
#include "lib/base/par.h"
#include "lib/text/token.h"

/* Postings that an item looks at, in all and of a term; items of a part of the work. */
enum { BUDGET = 4096, BUDGET_TERM = 1024, PART = 256, RESCORED = 2 };

/* Sparse vectors, ascending by term. */
struct vectors {
	size_t *start; /* (n + 1,) */
	uint32_t *term;
	float *weight;
	size_t cap, weight_cap;
};

struct posting {
	uint32_t doc;
	float weight;
};

struct index {
	const struct nli_relevance_args *a;
	struct vectors stem, answer, both;
	struct nli_map64 terms; /* hash to number */
	uint32_t *df;           /* (terms.n,) documents of "both" */
	size_t *post_start;     /* (terms.n + 1,) */
	struct posting *post;
	struct found *found; /* (n, a->most), n_found of them an item */
	uint32_t *n_found;
};

struct found {
	double weight;
	uint32_t doc;
};

double nli_relevance_weight(double relevance, double similarity, double lambda)
{
	return log(fmax(relevance, NLI_RELEVANCE_FLOOR)) +
	       lambda * log1p(-fmin(fmax(similarity, 0), 1 - 1e-6));
}

static int by_number(const void *a, const void *b)
{
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

struct terms {
	uint32_t *v;
	size_t n, cap;
};

static void add_term(struct index *x, struct terms *t, uint64_t hash)
{
	bool fresh;
	uint64_t *number = nli_map64_put(&x->terms, hash, &fresh);

	if (fresh)
		*number = x->terms.n - 1;
	nli_grow(&t->v, &t->cap, t->n + 1, sizeof(*t->v));
	t->v[t->n++] = (uint32_t)*number;
}

/* Add the words and word pairs of a text. */
static void add_text(struct index *x, struct nli_tokenizer *tok, struct nli_str text,
		     struct terms *t)
{
	size_t n;
	const struct nli_token *k = nli_tokenize(tok, text, &n);
	uint64_t last = 0;

	for (size_t i = 0; i < n; i++) {
		const struct nli_str s = nli_token_str(text, k[i]);
		uint64_t h;

		if (k[i].kind == NLI_TOKEN_PUNCT)
			continue;
		h = nli_hash(s.s, s.len, 0);
		add_term(x, t, h);
		if (last)
			add_term(x, t, nli_mix(last ^ nli_mix(h)));
		last = h;
	}
}

/* Append terms as a vector of 1 + log of their counts; empties t. */
static void add_vector(struct vectors *v, size_t i, struct terms *t)
{
	size_t at = v->start[i];

	if (t->n)
		qsort(t->v, t->n, sizeof(*t->v), by_number);
	nli_grow(&v->term, &v->cap, at + t->n, sizeof(*v->term));
	nli_grow(&v->weight, &v->weight_cap, at + t->n, sizeof(*v->weight));
	for (size_t k = 0, to; k < t->n; k = to) {
		for (to = k; to < t->n && t->v[to] == t->v[k];)
			to++;
		v->term[at] = t->v[k];
		v->weight[at++] = (float)(1 + log((double)(to - k)));
	}
	v->start[i + 1] = at;
	t->n = 0;
}

/* Times idf, to length 1. */
static void weigh(struct vectors *v, const uint32_t *df, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		double norm = 0;

		for (size_t k = v->start[i]; k < v->start[i + 1]; k++) {
			const double w = (double)v->weight[k] *
					 log((double)(n + 1) / (double)df[v->term[k]]);

			v->weight[k] = (float)w;
			norm += w * w;
		}
		for (size_t k = v->start[i]; norm > 0 && k < v->start[i + 1]; k++)
			v->weight[k] = (float)((double)v->weight[k] / sqrt(norm));
	}
}

static void read_texts(struct index *x)
{
	const struct nli_relevance_args *a = x->a;
	struct nli_tokenizer *tok = nli_tokenizer_new();
	struct terms t = { 0 };

	x->stem.start = nli_xcalloc(a->n + 1, sizeof(*x->stem.start));
	x->answer.start = nli_xcalloc(a->n + 1, sizeof(*x->answer.start));
	x->both.start = nli_xcalloc(a->n + 1, sizeof(*x->both.start));
	for (size_t i = 0; i < a->n; i++) {
		add_text(x, tok, a->stem[i], &t);
		add_vector(&x->stem, i, &t);
		add_text(x, tok, a->answer[i], &t);
		add_vector(&x->answer, i, &t);
		add_text(x, tok, a->stem[i], &t);
		add_text(x, tok, a->answer[i], &t);
		add_vector(&x->both, i, &t);
	}
	free(t.v);
	nli_tokenizer_free(tok);
	x->df = nli_xcalloc(x->terms.n, sizeof(*x->df));
	for (size_t k = 0; k < x->both.start[a->n]; k++)
		x->df[x->both.term[k]]++;
	weigh(&x->stem, x->df, a->n);
	weigh(&x->answer, x->df, a->n);
	weigh(&x->both, x->df, a->n);
}

static void invert(struct index *x)
{
	const size_t n = x->a->n, n_term = x->terms.n;
	size_t *at;

	x->post_start = nli_xcalloc(n_term + 1, sizeof(*x->post_start));
	for (size_t t = 0; t < n_term; t++)
		x->post_start[t + 1] = x->post_start[t] + x->df[t];
	at = nli_xmalloc(n_term, sizeof(*at));
	if (n_term)
		memcpy(at, x->post_start, n_term * sizeof(*at));
	x->post = nli_xmalloc(x->post_start[n_term], sizeof(*x->post));
	for (uint32_t i = 0; i < n; i++)
		for (size_t k = x->both.start[i]; k < x->both.start[i + 1]; k++)
			x->post[at[x->both.term[k]]++] =
				(struct posting){ i, x->both.weight[k] };
	free(at);
}

static double cosine(const struct vectors *a, size_t i, const struct vectors *b, size_t j)
{
	size_t x = a->start[i], y = b->start[j];
	double sum = 0;

	while (x < a->start[i + 1] && y < b->start[j + 1]) {
		if (a->term[x] == b->term[y])
			sum += (double)a->weight[x++] * (double)b->weight[y++];
		else if (a->term[x] < b->term[y])
			x++;
		else
			y++;
	}
	return sum;
}

/* One part's room. */
struct looking {
	float *score; /* (n,) 0 where nothing was found */
	uint32_t *touched;
	size_t n_touched, cap;
	struct found *top;
};

struct rarity {
	uint32_t df, term;
	float weight;
};

static int by_rarity(const void *a, const void *b)
{
	const struct rarity *x = a, *y = b;

	if (x->df != y->df)
		return x->df < y->df ? -1 : 1;
	return x->term < y->term ? -1 : x->term > y->term;
}

static void look_at_term(const struct index *x, struct looking *l, uint32_t i,
			 struct rarity t, size_t *budget)
{
	const size_t len = x->df[t.term];
	const struct posting *p = x->post + x->post_start[t.term];
	size_t n = len < BUDGET_TERM ? len : (size_t)BUDGET_TERM, at;

	if (n > *budget)
		n = *budget;
	*budget -= n;
	/* Of a common term, a stretch by chance, so that not all look at the same. */
	at = (size_t)(nli_unit(nli_mix(x->a->seed ^ nli_mix(i))) * (double)len);
	for (size_t k = 0; k < n; k++, at++) {
		const struct posting *d = &p[at < len ? at : at - len];

		if (!(l->score[d->doc] > 0)) {
			nli_grow(&l->touched, &l->cap, l->n_touched + 1,
				 sizeof(*l->touched));
			l->touched[l->n_touched++] = d->doc;
		}
		l->score[d->doc] += t.weight * d->weight;
	}
}

static void look(const struct index *x, struct looking *l, uint32_t i)
{
	const size_t from = x->stem.start[i], n = x->stem.start[i + 1] - from;
	struct rarity *t = nli_xmalloc(n, sizeof(*t));
	size_t budget = BUDGET;

	for (size_t k = 0; k < n; k++)
		t[k] = (struct rarity){ x->df[x->stem.term[from + k]],
					x->stem.term[from + k],
					x->stem.weight[from + k] };
	qsort(t, n, sizeof(*t), by_rarity);
	for (size_t k = 0; k < n && budget; k++)
		look_at_term(x, l, i, t[k], &budget);
	free(t);
}

static bool better(struct found a, struct found b)
{
	return a.weight > b.weight || (!(b.weight > a.weight) && a.doc < b.doc);
}

/* Keep the best most of what is offered, best first. */
static void offer(struct found *top, size_t *n, size_t most, struct found f)
{
	size_t at = *n;

	if (at == most) {
		if (!better(f, top[at - 1]))
			return;
		at--;
	} else {
		++*n;
	}
	for (; at && better(f, top[at - 1]); at--)
		top[at] = top[at - 1];
	top[at] = f;
}

static void find_for(const struct index *x, struct looking *l, uint32_t i)
{
	const struct nli_relevance_args *a = x->a;
	const double floor = log(NLI_RELEVANCE_FLOOR);
	struct found *to = x->found + i * a->most;
	size_t n_top = 0, n = 0;

	look(x, l, i);
	for (size_t k = 0; k < l->n_touched; k++) {
		const uint32_t j = l->touched[k];
		const struct found f = { (double)l->score[j], j };

		l->score[j] = 0;
		if (j != i &&
		    (n_top < a->most * RESCORED || better(f, l->top[n_top - 1])) &&
		    a->allowed(a->ctx, i, j))
			offer(l->top, &n_top, a->most * RESCORED, f);
	}
	l->n_touched = 0;
	for (size_t k = 0; k < n_top; k++) {
		const uint32_t j = l->top[k].doc;
		const double w = nli_relevance_weight(
			cosine(&x->stem, i, &x->both, j),
			cosine(&x->answer, i, &x->answer, j), a->lambda);

		if (w > floor)
			offer(to, &n, a->most, (struct found){ w, j });
	}
	x->n_found[i] = (uint32_t)n;
}

static void find_part(void *ctx, size_t part)
{
	const struct index *x = ctx;
	const size_t n = x->a->n;
	struct looking l = { 0 };

	l.score = nli_xcalloc(n, sizeof(*l.score));
	l.top = nli_xmalloc(x->a->most * RESCORED, sizeof(*l.top));
	for (size_t i = part * PART; i < n && i < (part + 1) * PART; i++)
		find_for(x, &l, (uint32_t)i);
	free(l.score);
	free(l.touched);
	free(l.top);
}

static void pack(const struct index *x, struct nli_candidates *out)
{
	const size_t n = x->a->n;
	size_t at = 0;

	out->start = nli_xcalloc(n + 1, sizeof(*out->start));
	for (size_t i = 0; i < n; i++)
		out->start[i + 1] = out->start[i] + x->n_found[i];
	out->cand = nli_xmalloc(out->start[n], sizeof(*out->cand));
	out->weight = nli_xmalloc(out->start[n], sizeof(*out->weight));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < x->n_found[i]; k++, at++) {
			out->cand[at] = x->found[i * x->a->most + k].doc;
			out->weight[at] = x->found[i * x->a->most + k].weight;
		}
}

static void release(struct index *x)
{
	struct vectors *const v[] = { &x->stem, &x->answer, &x->both };

	for (size_t k = 0; k < 3; k++) {
		free(v[k]->start);
		free(v[k]->term);
		free(v[k]->weight);
	}
	nli_map64_release(&x->terms);
	free(x->df);
	free(x->post_start);
	free(x->post);
	free(x->found);
	free(x->n_found);
}

void nli_relevance_find(const struct nli_relevance_args *a, struct nli_candidates *out)
{
	struct index x = { .a = a };

	read_texts(&x);
	invert(&x);
	x.found = nli_xmalloc(a->n * a->most, sizeof(*x.found));
	x.n_found = nli_xcalloc(a->n, sizeof(*x.n_found));
	nli_par(a->jobs, (a->n + PART - 1) / PART, find_part, &x);
	pack(&x, out);
	release(&x);
}

void nli_candidates_release(struct nli_candidates *c)
{
	free(c->start);
	free(c->cand);
	free(c->weight);
	memset(c, 0, sizeof(*c));
}
