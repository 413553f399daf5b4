/* texts.c - see texts.h. */
#include "lib/model/texts.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/par.h"
#include "lib/model/edits.h"
#include "lib/model/gram.h"
#include "lib/text/token.h"

uint32_t nli_texts_add(struct nli_texts *t, struct nli_str s, struct nli_hash128 hash)
{
	bool fresh;
	const uint32_t i = nli_set128_add(&t->set, hash, &fresh);

	if (fresh) {
		const uint64_t from = i ? t->end[i - 1] : 0;

		nli_store_grow(t->store, &t->bytes, &t->bytes_cap, (size_t)from + s.len,
			       1);
		if (s.len)
			memcpy(t->bytes + from, s.s, s.len);
		nli_store_grow(t->store, &t->end, &t->end_cap, t->set.n, sizeof(*t->end));
		t->end[i] = from + s.len;
	}
	return i;
}

struct nli_str nli_texts_get(const struct nli_texts *t, uint32_t text)
{
	const uint64_t from = text ? t->end[text - 1] : 0;

	return (struct nli_str){ t->bytes ? t->bytes + from : "",
				 (size_t)(t->end[text] - from) };
}

/* Texts are taken apart in stretches, whose pieces are then put together, a round at a time. */
enum { STRETCH = 1024, ROUND = 64 };

enum { WORD, UNIT, N_ROWS };

struct pieces {
	uint32_t *gram;
	size_t n_gram, gram_cap;
	uint64_t *token[N_ROWS];
	size_t n_token[N_ROWS], token_cap[N_ROWS];
};

struct signing {
	struct nli_texts *t;
	size_t first;         /* stretch of this round */
	struct pieces *piece; /* (ROUND,) */
	struct nli_sig_rows rows;
	const bool *wanted;  /* (n,) or NULL */
	bool tokens[N_ROWS]; /* are they wanted */
};

static struct nli_token_rows *rows_of(struct nli_texts *t, int row)
{
	return row == WORD ? &t->word : &t->unit;
}

static void add_grams(const struct signing *s, struct pieces *p, struct nli_grams *g,
		      uint32_t text)
{
	struct nli_texts *t = s->t;

	if (s->wanted && !s->wanted[text]) {
		t->gram_end[text] = p->n_gram;
		return;
	}
	nli_grams_of(g, nli_texts_get(t, text));
	nli_sig_of(&s->rows, g->gram, g->n, &t->sig[text]);
	t->latin[text] = g->latin;
	nli_grow(&p->gram, &p->gram_cap, p->n_gram + g->n, sizeof(*p->gram));
	memcpy(p->gram + p->n_gram, g->gram, g->n * sizeof(*g->gram));
	p->n_gram += g->n;
	t->gram_end[text] = p->n_gram;
}

static void add_tokens(struct nli_texts *t, struct pieces *p, struct nli_tokenizer *cut,
		       int row, uint32_t text)
{
	const struct nli_str s = nli_texts_get(t, text);
	size_t n;
	const struct nli_token *k = nli_tokenize(cut, s, &n);

	nli_grow(&p->token[row], &p->token_cap[row], p->n_token[row] + n,
		 sizeof(*p->token[row]));
	for (size_t i = 0; i < n; i++)
		p->token[row][p->n_token[row]++] = nli_hash(s.s + k[i].off, k[i].len, 0);
	rows_of(t, row)->end[text] = p->n_token[row];
}

static void sign_stretch(void *ctx, size_t part)
{
	struct signing *s = ctx;
	struct nli_texts *t = s->t;
	struct nli_tokenizer *cut[N_ROWS] = { 0 };
	struct nli_grams g = { 0 };
	const size_t from = (s->first + part) * STRETCH;

	for (int k = 0; k < N_ROWS; k++)
		cut[k] = s->tokens[k] ? nli_tokenizer_new() : NULL;
	if (cut[UNIT])
		nli_tokenizer_by_character(cut[UNIT]);
	for (size_t i = from; i < from + STRETCH && i < t->set.n; i++) {
		add_grams(s, &s->piece[part], &g, (uint32_t)i);
		for (int k = 0; k < N_ROWS; k++)
			if (cut[k])
				add_tokens(t, &s->piece[part], cut[k], k, (uint32_t)i);
	}
	nli_grams_release(&g);
	for (int k = 0; k < N_ROWS; k++)
		nli_tokenizer_free(cut[k]);
}

/* What has been put together so far. */
struct joined {
	size_t n_gram, gram_cap, n_token[N_ROWS], token_cap[N_ROWS];
};

static void put_rows(struct signing *s, const struct pieces *p, int row, size_t from,
		     struct joined *all)
{
	struct nli_texts *t = s->t;
	struct nli_token_rows *to = rows_of(t, row);
	size_t *n = &all->n_token[row];

	for (size_t i = from; i < from + STRETCH && i < t->set.n; i++)
		to->end[i] += *n;
	nli_store_grow(t->store, &to->hash, &all->token_cap[row], *n + p->n_token[row],
		       sizeof(*to->hash));
	if (p->n_token[row])
		memcpy(to->hash + *n, p->token[row], p->n_token[row] * sizeof(*to->hash));
	*n += p->n_token[row];
}

/* The pieces of some stretches behind those before; ends were counted within each. */
static void put_together(struct signing *s, size_t n, struct joined *all)
{
	struct nli_texts *t = s->t;

	for (size_t k = 0; k < n; k++) {
		struct pieces *p = &s->piece[k];
		const size_t from = (s->first + k) * STRETCH;

		for (size_t i = from; i < from + STRETCH && i < t->set.n; i++)
			t->gram_end[i] += all->n_gram;
		nli_store_grow(t->store, &t->gram, &all->gram_cap,
			       all->n_gram + p->n_gram, sizeof(*t->gram));
		if (p->n_gram)
			memcpy(t->gram + all->n_gram, p->gram,
			       p->n_gram * sizeof(*p->gram));
		all->n_gram += p->n_gram;
		p->n_gram = 0;
		for (int row = 0; row < N_ROWS; row++) {
			if (s->tokens[row])
				put_rows(s, p, row, from, all);
			p->n_token[row] = 0;
		}
	}
}

void nli_texts_sign(struct nli_texts *t, const bool *wanted, unsigned rows, unsigned jobs)
{
	const size_t n = t->set.n, stretches = (n + STRETCH - 1) / STRETCH;
	struct signing s = { .t = t, .wanted = wanted };
	struct joined all = { 0 };

	t->sig = nli_store_calloc(t->store, n, sizeof(*t->sig));
	t->latin = nli_store_calloc(t->store, n, sizeof(*t->latin));
	t->gram_end = nli_store_calloc(t->store, n, sizeof(*t->gram_end));
	for (int k = 0; k < N_ROWS; k++) {
		s.tokens[k] = rows & (k == WORD ? NLI_TEXTS_WORDS : NLI_TEXTS_UNITS);
		if (s.tokens[k])
			rows_of(t, k)->end =
				nli_store_calloc(t->store, n, sizeof(uint64_t));
	}
	nli_sig_rows_init(&s.rows);
	s.piece = nli_xcalloc(ROUND, sizeof(*s.piece));
	for (; s.first < stretches; s.first += ROUND) {
		const size_t left = stretches - s.first;

		nli_par(jobs, left < ROUND ? left : ROUND, sign_stretch, &s);
		put_together(&s, left < ROUND ? left : ROUND, &all);
		nli_store_ease(t->store);
	}
	for (size_t k = 0; k < ROUND; k++) {
		free(s.piece[k].gram);
		for (int row = 0; row < N_ROWS; row++)
			free(s.piece[k].token[row]);
	}
	free(s.piece);
}

double nli_texts_compare(const struct nli_texts *t, uint32_t a, uint32_t b, double j)
{
	const uint64_t from_a = a ? t->gram_end[a - 1] : 0;
	const uint64_t from_b = b ? t->gram_end[b - 1] : 0;
	const size_t n = (size_t)(t->gram_end[a] - from_a);
	const size_t m = (size_t)(t->gram_end[b] - from_b);
	const size_t least = nli_gram_least(n, m, j);
	size_t shared;
	double exact;

	if (a == b)
		return 1;
	shared = nli_gram_shared(t->gram + from_a, n, t->gram + from_b, m, least);
	if (shared < least)
		return -1;
	if (t->latin[a] && t->latin[b])
		return (double)shared / (double)(n + m - shared);
	exact = nli_gram_jaccard(nli_texts_get(t, a), nli_texts_get(t, b));
	return exact >= j * (1 - 1e-12) ? exact : -1;
}

static const uint64_t *row_of(const struct nli_token_rows *r, uint32_t text, size_t *n)
{
	const uint64_t from = text ? r->end[text - 1] : 0;

	*n = (size_t)(r->end[text] - from);
	return r->hash + from;
}

const uint64_t *nli_texts_words(const struct nli_texts *t, uint32_t text, size_t *n)
{
	return row_of(&t->word, text, n);
}

const uint64_t *nli_texts_units(const struct nli_texts *t, uint32_t text, size_t *n)
{
	return row_of(&t->unit, text, n);
}

unsigned nli_texts_edits(const struct nli_texts *t, uint32_t a, uint32_t b, unsigned max)
{
	size_t n, m;
	const uint64_t *x = nli_texts_units(t, a, &n), *y = nli_texts_units(t, b, &m);

	return nli_token_edits(x, n, y, m, max);
}

void nli_texts_release(struct nli_texts *t)
{
	void *const array[] = { t->end,       t->bytes,   t->sig,       t->gram,
				t->gram_end,  t->latin,   t->word.hash, t->word.end,
				t->unit.hash, t->unit.end };

	nli_set128_release(&t->set);
	for (size_t i = 0; i < sizeof(array) / sizeof(*array); i++)
		nli_store_drop(t->store, array[i]);
	memset(t, 0, sizeof(*t));
}
