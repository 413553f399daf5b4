/*
 * choice.c - see filter.h: the rules that choose within a set.
 *
 * Each says of a record in which stratum it stands and how far in front; each
 * stratum keeps as many as its capacity, the frontmost.  The order is total
 * (first, hash of the key, hash of the id), so it does not depend on the order
 * of the records.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/filter.h"

struct row {
	uint64_t hits;
	uint64_t key, id;             /* hashes, to break ties */
	struct nli_standing stand[1]; /* (n_set,) */
};

struct nli_choice {
	const struct nli_filter *f;
	size_t n_set, row_size;
	struct nli_buf rows; /* (n,) of row_size */
	uint64_t n;
};

static size_t count_set(const struct nli_filter *f)
{
	size_t n = 0;

	for (size_t k = 0; k < f->n; k++)
		n += f->rule[k].type->stand != NULL;
	return n;
}

static size_t row_size(size_t n_set)
{
	return offsetof(struct row, stand) + n_set * sizeof(struct nli_standing);
}

struct nli_choice *nli_choice_new(const struct nli_filter *f)
{
	struct nli_choice *c = nli_xcalloc(1, sizeof(*c));

	c->f = f;
	c->n_set = count_set(f);
	c->row_size = row_size(c->n_set);
	return c;
}

void nli_choice_free(struct nli_choice *c)
{
	if (!c)
		return;
	nli_buf_release(&c->rows);
	free(c);
}

void nli_choice_row(const struct nli_judge *j, const struct nli_standing *standing,
		    struct nli_buf *out)
{
	const uint64_t head[3] = { j->hits, j->key_hash,
				   nli_hash(j->r->id.s, j->r->id.len, j->filter->seed) };

	nli_buf_add(out, head, sizeof(head));
	nli_buf_add(out, standing, count_set(j->filter) * sizeof(*standing));
}

void nli_choice_add(struct nli_choice *c, struct nli_str rows)
{
	nli_buf_add(&c->rows, rows.s, rows.len);
	c->n += rows.len / c->row_size;
}

static struct row *row_at(const struct nli_choice *c, uint64_t i)
{
	return (struct row *)(void *)(c->rows.data + i * c->row_size);
}

/* A record as one rule sees it; gone if a rule before has hit it. */
struct place {
	struct nli_standing stand;
	uint64_t key, id, i;
	bool gone;
};

#define ORDER(a, b)                                \
	do {                                       \
		if ((a) != (b))                    \
			return (a) < (b) ? -1 : 1; \
	} while (0)

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	ORDER(x->stand.outer, y->stand.outer);
	ORDER(x->stand.stratum, y->stand.stratum);
	ORDER(x->gone, y->gone);
	ORDER(x->stand.first, y->stand.first);
	ORDER(x->key, y->key);
	ORDER(x->id, y->id);
	ORDER(x->i, y->i);
	return 0;
}

static size_t stratum_end(const struct place *p, size_t from, size_t n)
{
	size_t i = from + 1;

	while (i < n && p[i].stand.outer == p[from].stand.outer &&
	       p[i].stand.stratum == p[from].stand.stratum)
		i++;
	return i;
}

static uint64_t still_there(const struct place *p, size_t from, size_t end)
{
	size_t i = from;

	while (i < end && !p[i].gone)
		i++;
	return i - from;
}

/*
 * What the strata of the outer that begins at from have in common; *end: where it
 * ends.  Those of which nothing is left do not count.
 */
static struct nli_stratum common_of(const struct place *p, size_t from, size_t n,
				    size_t *end)
{
	struct nli_stratum s = { .least = UINT64_MAX };
	size_t i = from, next;

	for (; i < n && p[i].stand.outer == p[from].stand.outer; i = next) {
		uint64_t left;

		next = stratum_end(p, i, n);
		left = still_there(p, i, next);
		if (!left)
			continue;
		s.least = left < s.least ? left : s.least;
		if (!s.thin_was || (double)left * (double)s.thin_was <
					   (double)s.thin_n * (double)(next - i)) {
			s.thin_n = left;
			s.thin_was = next - i;
		}
	}
	*end = i;
	return s;
}

/* Let rule u, bit k, hit all that stands beyond the capacity of its stratum. */
static void choose(const struct nli_choice *c, const struct nli_rule *u, uint64_t bit,
		   const struct place *p, size_t n)
{
	size_t outer_end;

	for (size_t i = 0; i < n; i = outer_end) {
		struct nli_stratum s = common_of(p, i, n, &outer_end);

		for (size_t at = i, end; at < outer_end; at = end) {
			uint64_t keep;

			end = stratum_end(p, at, outer_end);
			s.n = still_there(p, at, end);
			s.was = end - at;
			keep = s.n ? u->type->capacity(u, &s) : 0;
			for (size_t x = at + keep; x < at + s.n; x++)
				row_at(c, p[x].i)->hits |= bit;
		}
	}
}

void nli_choice_make(struct nli_choice *c)
{
	struct place *p = nli_xmalloc(c->n, sizeof(*p));
	uint64_t before = 0; /* bits of the rules that come first in the list */
	size_t set = 0;

	for (size_t k = 0; k < c->f->n; k++) {
		const struct nli_rule *u = &c->f->rule[k];
		const uint64_t bit = (uint64_t)1 << k;
		size_t n = 0;

		for (uint64_t i = 0; u->type->stand && i < c->n; i++) {
			const struct row *r = row_at(c, i);

			if (r->stand[set].stratum == NLI_NO_STRATUM)
				continue;
			p[n++] = (struct place){ r->stand[set], r->key, r->id, i,
						 r->hits & before };
		}
		if (n) {
			qsort(p, n, sizeof(*p), by_place);
			choose(c, u, bit, p, n);
		}
		set += u->type->stand != NULL;
		before |= bit;
	}
	free(p);
}

uint64_t nli_choice_hits(const struct nli_choice *c, uint64_t i)
{
	return row_at(c, i)->hits;
}
