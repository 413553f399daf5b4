/* texts.c - see texts.h. */
#include "lib/model/texts.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/par.h"
#include "lib/model/gram.h"
#include "lib/text/token.h"

static void keep(struct nli_texts *t, uint32_t i, struct nli_str s)
{
	const uint64_t from = i ? t->end[i - 1] : 0;

	nli_store_grow(t->store, &t->bytes, &t->bytes_cap, (size_t)from + s.len, 1);
	if (s.len)
		memcpy(t->bytes + from, s.s, s.len);
	nli_store_grow(t->store, &t->end, &t->end_cap, t->set.n, sizeof(*t->end));
	t->end[i] = from + s.len;
}

uint32_t nli_texts_add(struct nli_texts *t, struct nli_str s, struct nli_hash128 hash)
{
	bool fresh;
	const uint32_t i = nli_set128_add(&t->set, hash, &fresh);

	if (fresh)
		keep(t, i, s);
	return i;
}

void nli_texts_append(struct nli_texts *t, struct nli_str s, struct nli_hash128 hash)
{
	nli_set128_append(&t->set, hash);
	keep(t, (uint32_t)t->set.n - 1, s);
}

void nli_texts_reserve(struct nli_texts *t, size_t n)
{
	const size_t have = t->set.n;

	if (!have || n <= have)
		return;
	nli_set128_reserve(&t->set, n);
	nli_store_grow(t->store, &t->end, &t->end_cap, n, sizeof(*t->end));
	nli_store_grow(t->store, &t->bytes, &t->bytes_cap,
		       (size_t)((double)t->end[have - 1] / (double)have * (double)n), 1);
}

struct nli_str nli_texts_get(const struct nli_texts *t, uint32_t text)
{
	const uint64_t from = text ? t->end[text - 1] : 0;

	return (struct nli_str){ t->bytes ? t->bytes + from : "",
				 (size_t)(t->end[text] - from) };
}

/* Texts are taken apart in stretches, whose pieces are then put together, a round at a time. */
enum { STRETCH = 1024, ROUND = 64 };

enum { WORD, UNIT, JOINED, N_ROWS };

struct pieces {
	uint32_t *gram;
	size_t n_gram, gram_cap;
	uint64_t *token[N_ROWS];
	size_t n_token[N_ROWS], token_cap[N_ROWS];
};

static void release_pieces(struct pieces *p)
{
	free(p->gram);
	for (int row = 0; row < N_ROWS; row++)
		free(p->token[row]);
	memset(p, 0, sizeof(*p));
}

struct signing {
	struct nli_texts *t;
	size_t first[ROUND + 1]; /* text of each stretch of this round, and behind them */
	struct pieces *piece;    /* (ROUND,) */
	struct nli_sig_rows rows;
	const bool *wanted;  /* (n,) or NULL */
	bool tokens[N_ROWS]; /* are they wanted */
};

static struct nli_token_rows *rows_of(struct nli_texts *t, int row)
{
	return row == WORD ? &t->word : row == UNIT ? &t->unit : &t->joined;
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
}

/* The rows of a text; words that are its units are not there twice. */
static void add_rows(const struct signing *s, struct pieces *p,
		     struct nli_tokenizer *const cut[N_ROWS], uint32_t text)
{
	bool joined = true;

	for (int row = 0; row < N_ROWS; row++) {
		if (!cut[row])
			continue;
		if (row != JOINED || joined)
			add_tokens(s->t, p, cut[row], row, text);
		joined = nli_tokenizer_met_joined(cut[row]);
		rows_of(s->t, row)->end[text] = p->n_token[row];
	}
}

static void sign_stretch(void *ctx, size_t part)
{
	struct signing *s = ctx;
	struct nli_tokenizer *cut[N_ROWS] = { 0 };
	struct nli_grams g = { 0 };

	for (int k = 0; k < N_ROWS; k++)
		cut[k] = s->tokens[k] ? nli_tokenizer_new() : NULL;
	if (cut[UNIT])
		nli_tokenizer_by_character(cut[UNIT]);
	for (size_t i = s->first[part]; i < s->first[part + 1]; i++) {
		add_grams(s, &s->piece[part], &g, (uint32_t)i);
		add_rows(s, &s->piece[part], cut, (uint32_t)i);
	}
	nli_grams_release(&g);
	for (int k = 0; k < N_ROWS; k++)
		nli_tokenizer_free(cut[k]);
}

/* What has been put together so far. */
struct joined {
	size_t n_gram, gram_cap, n_token[N_ROWS], token_cap[N_ROWS];
};

static void put_rows(struct signing *s, size_t part, int row, struct joined *all)
{
	const struct pieces *p = &s->piece[part];
	struct nli_texts *t = s->t;
	struct nli_token_rows *to = rows_of(t, row);
	size_t *n = &all->n_token[row];

	for (size_t i = s->first[part]; i < s->first[part + 1]; i++)
		to->end[i] += *n;
	nli_store_grow(t->store, &to->hash, &all->token_cap[row], *n + p->n_token[row],
		       sizeof(*to->hash));
	if (p->n_token[row])
		memcpy(to->hash + *n, p->token[row], p->n_token[row] * sizeof(*to->hash));
	*n += p->n_token[row];
}

/* The pieces of some stretches behind those before; ends were counted within each. */
static void put_together(struct signing *s, struct joined *all)
{
	struct nli_texts *t = s->t;

	for (size_t k = 0; k < ROUND; k++) {
		struct pieces *p = &s->piece[k];

		for (size_t i = s->first[k]; i < s->first[k + 1]; i++)
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
				put_rows(s, k, row, all);
			p->n_token[row] = 0;
		}
		nli_store_ease(t->store);
	}
}

/*
 * Of a byte of text there are 4 of grams at most, 8 of words, of units and of joined each;
 * twice while they grow.
 */
enum { PIECE_BYTES = 56 };

/* Cut the next round from text on into stretches of so many texts, or bytes. */
static size_t cut_round(struct signing *s, size_t text, size_t memory)
{
	const struct nli_texts *t = s->t;
	const uint64_t most = memory ? memory / (ROUND * PIECE_BYTES) : UINT64_MAX;

	for (size_t k = 0; k < ROUND; k++) {
		const uint64_t from = text ? t->end[text - 1] : 0;
		const size_t first = s->first[k] = text;

		while (text < t->set.n && text - first < STRETCH &&
		       (text == first || t->end[text] - from <= most))
			text++;
	}
	return s->first[ROUND] = text;
}

static void make_views(struct nli_texts *t)
{
	t->view.end = nli_store_view(t->store, t->end);
	t->view.bytes = nli_store_view(t->store, t->bytes);
	t->view.gram = nli_store_view(t->store, t->gram);
	t->view.gram_end = nli_store_view(t->store, t->gram_end);
	t->view.latin = nli_store_view(t->store, t->latin);
	t->view.unit = nli_store_view(t->store, t->unit.hash);
	t->view.unit_end = nli_store_view(t->store, t->unit.end);
	t->view.joined = nli_store_view(t->store, t->joined.hash);
	t->view.joined_end = nli_store_view(t->store, t->joined.end);
}

void nli_texts_sign(struct nli_texts *t, const bool *wanted, unsigned rows, unsigned jobs,
		    size_t memory)
{
	const size_t n = t->set.n;
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
	for (size_t text = 0; text < n;) {
		text = cut_round(&s, text, memory);
		nli_par(jobs, ROUND, sign_stretch, &s);
		put_together(&s, &all);
		/* One long text's pieces are not kept for those that follow. */
		for (size_t k = 0; memory && k < ROUND; k++)
			release_pieces(&s.piece[k]);
	}
	for (size_t k = 0; k < ROUND; k++)
		release_pieces(&s.piece[k]);
	free(s.piece);
	t->n_joined = all.n_token[JOINED];
	make_views(t);
}

/* Elements of a text, whose ends are in end: where they are, or copied. */
static void get_part(const struct nli_view *end, const struct nli_view *v, size_t size,
		     uint32_t text, struct nli_text_part *p)
{
	uint64_t e[2] = { 0, 0 };

	if (text)
		nli_view_read(end, (text - 1) * sizeof(*e), sizeof(e), e);
	else
		nli_view_read(end, 0, sizeof(*e), &e[1]);
	*p = (struct nli_text_part){ .text = text, .n = (size_t)(e[1] - e[0]) };
	if (v->fd < 0) {
		p->at = v->at ? v->at + e[0] * size : (const void *)p;
		return;
	}
	p->at = p->heap = nli_xmalloc(p->n, size);
	nli_view_fetch(v, (size_t)e[0] * size, p->n * size, p->heap);
}

void nli_texts_grams(const struct nli_texts *t, uint32_t text, struct nli_text_part *p)
{
	get_part(&t->view.gram_end, &t->view.gram, sizeof(uint32_t), text, p);
	nli_view_read(&t->view.latin, text, sizeof(p->latin), &p->latin);
}

void nli_texts_units(const struct nli_texts *t, uint32_t text, struct nli_text_part *p)
{
	get_part(&t->view.unit_end, &t->view.unit, sizeof(uint64_t), text, p);
}

void nli_texts_joined(const struct nli_texts *t, uint32_t text, struct nli_text_part *p)
{
	get_part(&t->view.joined_end, &t->view.joined, sizeof(uint64_t), text, p);
	if (p->n)
		return;
	nli_texts_drop(p);
	nli_texts_units(t, text, p);
}

void nli_texts_drop(struct nli_text_part *p)
{
	free(p->heap);
	*p = (struct nli_text_part){ 0 };
}

static double compare_bytes(const struct nli_texts *t, uint32_t a, uint32_t b)
{
	struct nli_text_part x, y;
	double j;

	get_part(&t->view.end, &t->view.bytes, 1, a, &x);
	get_part(&t->view.end, &t->view.bytes, 1, b, &y);
	j = nli_gram_jaccard((struct nli_str){ x.at, x.n },
			     (struct nli_str){ y.at, y.n });
	nli_texts_drop(&x);
	nli_texts_drop(&y);
	return j;
}

double nli_texts_alike(const struct nli_texts *t, const struct nli_text_part *a,
		       const struct nli_text_part *b, double j)
{
	const size_t least = nli_gram_least(a->n, b->n, j);
	size_t shared;
	double exact;

	if (a->text == b->text)
		return 1;
	shared = nli_gram_shared(a->at, a->n, b->at, b->n, least);
	if (shared < least)
		return -1;
	if (a->latin && b->latin)
		return (double)shared / (double)(a->n + b->n - shared);
	exact = compare_bytes(t, a->text, b->text);
	return exact >= j * (1 - 1e-12) ? exact : -1;
}

double nli_texts_compare(const struct nli_texts *t, uint32_t a, uint32_t b, double j)
{
	struct nli_text_part x, y;
	double alike;

	nli_texts_grams(t, a, &x);
	nli_texts_grams(t, b, &y);
	alike = nli_texts_alike(t, &x, &y, j);
	nli_texts_drop(&x);
	nli_texts_drop(&y);
	return alike;
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

const uint64_t *nli_texts_unit_row(const struct nli_texts *t, uint32_t text, size_t *n)
{
	return row_of(&t->unit, text, n);
}

const uint64_t *nli_texts_joined_row(const struct nli_texts *t, uint32_t text, size_t *n)
{
	return row_of(&t->joined, text, n);
}

void nli_texts_release(struct nli_texts *t)
{
	void *const array[] = {
		t->end,       t->bytes,    t->sig,         t->gram,
		t->gram_end,  t->latin,    t->word.hash,   t->word.end,
		t->unit.hash, t->unit.end, t->joined.hash, t->joined.end
	};

	nli_set128_release(&t->set);
	for (size_t i = 0; i < sizeof(array) / sizeof(*array); i++)
		nli_store_drop(t->store, array[i]);
	memset(t, 0, sizeof(*t));
}
