/* overlap.c - see overlap.h. */
#include "lib/model/overlap.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/base/par.h"

/* n tokens in a row of a side text, from token pos on. */
struct row {
	uint64_t hash;
	uint32_t rank; /* of the text's hash, which no order of input changes */
	uint32_t text, pos;
};

struct search {
	const struct nli_texts *t;
	const bool *own;
	const uint32_t *side;
	size_t n;
	struct row *row; /* (n_row,) by hash, text, position */
	size_t n_row, cap;
	struct nli_overlap *found;
};

static uint64_t hash_row(const uint64_t *token, size_t n)
{
	uint64_t h = n;

	for (size_t i = 0; i < n; i++)
		h = nli_mix(h ^ token[i]);
	return h;
}

static int by_hash(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->text != y->text)
		return x->text < y->text ? -1 : 1;
	return (x->pos > y->pos) - (x->pos < y->pos);
}

static void index_sides(struct search *s)
{
	for (uint32_t i = 0; i < s->t->set.n; i++) {
		size_t n = 0;
		const uint64_t *token =
			s->side[i] != NLI_NO_ITEM ? nli_texts_words(s->t, i, &n) : NULL;

		for (size_t k = 0; k + s->n <= n; k++) {
			nli_grow(&s->row, &s->cap, s->n_row + 1, sizeof(*s->row));
			s->row[s->n_row++] =
				(struct row){ hash_row(token + k, s->n),
					      (uint32_t)(s->t->set.hash[i].hi >> 32), i,
					      (uint32_t)k };
		}
	}
	if (s->n_row)
		qsort(s->row, s->n_row, sizeof(*s->row), by_hash);
}

static size_t first_of(const struct search *s, uint64_t hash)
{
	size_t lo = 0, hi = s->n_row;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;

		if (s->row[mid].hash < hash)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* A row that is in very many texts says nothing of any: no more of them are looked at. */
enum { MAX_TEXTS = 64, STRETCH = 1024 };

struct hits {
	struct row *row; /* by text and position, once sorted */
	size_t n, cap;
};

static int by_text(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->text != y->text)
		return x->text < y->text ? -1 : 1;
	return (x->pos > y->pos) - (x->pos < y->pos);
}

/* Tokens of the text at h[0] that the rows found cover; *n rows are of it. */
static size_t covered(const struct row *h, size_t left, size_t len, size_t *n)
{
	size_t sum = 0, end = 0;

	for (*n = 0; *n < left && h[*n].text == h[0].text; ++*n) {
		const size_t from = h[*n].pos > end ? h[*n].pos : end;

		end = h[*n].pos + len;
		sum += end > from ? end - from : 0;
	}
	return sum;
}

static void choose(const struct search *s, uint32_t text, struct hits *h)
{
	struct nli_overlap *best = &s->found[text];
	size_t n, of;

	if (h->n)
		qsort(h->row, h->n, sizeof(*h->row), by_text);
	for (size_t i = 0; i < h->n; i += n) {
		const size_t sum = covered(h->row + i, h->n - i, s->n, &n);
		float share;

		nli_texts_words(s->t, h->row[i].text, &of);
		share = (float)sum / (float)of;
		/* Equal shares: the lower hash, so that order does not matter. */
		if (best->text == NLI_NO_ITEM || share > best->covered ||
		    (!(share < best->covered) &&
		     nli_hash128_cmp(s->t->set.hash[h->row[i].text],
				     s->t->set.hash[best->text]) < 0))
			*best = (struct nli_overlap){ h->row[i].text,
						      s->side[h->row[i].text], share };
	}
}

static void search_text(const struct search *s, uint32_t text, struct hits *h)
{
	size_t n;
	const uint64_t *token = nli_texts_words(s->t, text, &n);

	h->n = 0;
	for (size_t k = 0; k + s->n <= n; k++) {
		const uint64_t hash = hash_row(token + k, s->n);
		size_t at = first_of(s, hash);

		for (size_t q = 0;
		     q < MAX_TEXTS && at < s->n_row && s->row[at].hash == hash;
		     q++, at++) {
			nli_grow(&h->row, &h->cap, h->n + 1, sizeof(*h->row));
			h->row[h->n++] = s->row[at];
		}
	}
	choose(s, text, h);
}

static void search_stretch(void *ctx, size_t part)
{
	const struct search *s = ctx;
	const size_t n = s->t->set.n;
	struct hits h = { 0 };

	for (size_t i = part * STRETCH; i < (part + 1) * STRETCH && i < n; i++)
		if (s->own[i] && s->side[i] != NLI_NO_ITEM)
			s->found[i] = (struct nli_overlap){ (uint32_t)i, s->side[i], 1 };
		else if (s->own[i])
			search_text(s, (uint32_t)i, &h);
	free(h.row);
}

struct nli_overlap *nli_overlap_find(const struct nli_texts *t, const bool *own,
				     const uint32_t *side, size_t n, unsigned jobs)
{
	struct search s = { .t = t, .own = own, .side = side, .n = n };

	s.found = nli_xmalloc(t->set.n, sizeof(*s.found));
	for (size_t i = 0; i < t->set.n; i++)
		s.found[i] = (struct nli_overlap){ NLI_NO_ITEM, NLI_NO_ITEM, 0 };
	index_sides(&s);
	nli_par(jobs, (t->set.n + STRETCH - 1) / STRETCH, search_stretch, &s);
	free(s.row);
	return s.found;
}
