/* number.c - see number.h. */
#include "lib/model/number.h"

#include <stdbool.h>
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/base/runs.h"
#include "lib/base/twice.h"
#include "lib/model/set128.h"

/* Steps after which memory is let go of, a power of two less one. */
enum { EASE = 4095 };

/* Hashes of one key that differ, and where each was first. */
struct first {
	struct nli_hash128 hash;
	uint32_t at;
};

/*
 * Groups of places whose hashes have a key in common, as many as fit: their hashes are
 * then read together.
 */
struct groups {
	uint32_t *at;             /* (n,) where a hash of this key stands, ascending, */
	uint32_t *end;            /* (n_group,) group after group */
	struct nli_hash128 *hash; /* (n,) of run_groups() */
	size_t n, n_group, most, cap, end_cap, hash_cap;
	struct first *first;
	size_t n_first, first_cap;
	bool cut; /* the first group is the rest of one that was more than fits */
	struct nli_view view;
	struct nli_runs *out;
};

/* Of a group's place: at, end, hash, and what nli_view_gather() takes. */
enum { PLACE_BYTES = 4 + 4 + 16 + 8, LEAST_PLACES = 1024 };

/* Where that hash, which stands at that place, stood first in its group. */
static uint32_t first_of(struct groups *g, struct nli_hash128 h, uint32_t at)
{
	for (size_t i = 0; i < g->n_first; i++)
		if (!nli_hash128_cmp(g->first[i].hash, h))
			return g->first[i].at;
	nli_grow(&g->first, &g->first_cap, g->n_first + 1, sizeof(*g->first));
	g->first[g->n_first++] = (struct first){ h, at };
	return at;
}

/* Say of each of the groups' places where its hash was first. */
static void run_groups(struct groups *g)
{
	nli_grow(&g->hash, &g->hash_cap, g->n, sizeof(*g->hash));
	nli_view_gather(&g->view, sizeof(*g->hash), g->at, g->n, g->hash);
	for (size_t k = 0, i = 0; k < g->n_group; k++) {
		g->n_first = g->cut && !k ? g->n_first : 0;
		for (; i < g->end[k]; i++)
			nli_runs_add(g->out, (uint64_t)first_of(g, g->hash[i], g->at[i])
							     << 32 |
						     g->at[i]);
	}
	g->n = g->n_group = 0;
	g->cut = false;
}

/* The last n places are a group; of one place there is nothing to ask. */
static void end_group(struct groups *g, size_t n)
{
	if (n == 1 && !(g->cut && g->n == 1)) {
		const uint32_t at = g->at[--g->n];

		nli_runs_add(g->out, (uint64_t)at << 32 | at);
	} else if (n) {
		nli_grow(&g->end, &g->end_cap, g->n_group + 1, sizeof(*g->end));
		g->end[g->n_group++] = (uint32_t)g->n;
		if (g->n >= g->most)
			run_groups(g);
	}
}

static bool is_there(struct nli_hash128 h)
{
	return h.hi || h.lo;
}

/* lo << 32 | place of those that may be there several times; the others are first. */
static struct nli_runs *find_keys(struct nli_store *store, const struct nli_hash128 *hash,
				  size_t n, size_t memory, struct nli_runs *first)
{
	struct nli_runs *keys = nli_runs_new(memory / 2);
	struct nli_twice twice;

	nli_twice_init(&twice, n, memory / 2);
	for (size_t i = 0; i < n; i++) {
		if (is_there(hash[i]))
			nli_twice_add(&twice, (uint32_t)hash[i].lo);
		if (!(i & EASE))
			nli_store_ease(store);
	}
	for (size_t i = 0; i < n; i++) {
		if (is_there(hash[i]) && nli_twice_again(&twice, (uint32_t)hash[i].lo))
			nli_runs_add(keys, hash[i].lo << 32 | i);
		else if (is_there(hash[i]))
			nli_runs_add(first, (uint64_t)i << 32 | i);
		if (!(i & EASE))
			nli_store_ease(store);
	}
	nli_twice_release(&twice);
	return keys;
}

/* first << 32 | place, of all, by half of the hash and then by all of it. */
static struct nli_runs *find_first(struct nli_store *store,
				   const struct nli_hash128 *hash, size_t n,
				   size_t memory)
{
	struct groups g = { .view = nli_store_view(store, hash),
			    .out = nli_runs_new(memory) };
	struct nli_runs *keys = find_keys(store, hash, n, memory, g.out);
	uint64_t v, before = 0;
	size_t n_here = 0;

	nli_runs_sort(keys);
	g.most =
		memory / PLACE_BYTES > LEAST_PLACES ? memory / PLACE_BYTES : LEAST_PLACES;
	for (; nli_runs_next(keys, &v); before = v) {
		if (v >> 32 != before >> 32) {
			end_group(&g, n_here);
			g.cut = g.cut && n_here && g.n;
			n_here = 0;
		}
		nli_grow(&g.at, &g.cap, g.n + 1, sizeof(*g.at));
		g.at[g.n++] = (uint32_t)v;
		if (++n_here > 1 && g.n > g.most) {
			end_group(&g, n_here);
			g.cut = true;
			n_here = 0;
		}
	}
	end_group(&g, n_here);
	run_groups(&g);
	nli_runs_free(keys);
	free(g.at);
	free(g.end);
	free(g.hash);
	free(g.first);
	nli_runs_sort(g.out);
	return g.out;
}

size_t nli_number(struct nli_store *store, const struct nli_hash128 *hash, size_t n,
		  size_t memory, uint32_t *number)
{
	struct nli_runs *first = find_first(store, hash, n, memory / 2),
			*by_place = nli_runs_new(memory / 2);
	size_t found = 0, at = 0;
	uint64_t v, before = 0;

	for (; nli_runs_next(first, &v); before = v) {
		found += !found || v >> 32 != before >> 32;
		nli_runs_add(by_place, v << 32 | (found - 1));
	}
	nli_runs_free(first);
	nli_runs_sort(by_place);
	for (; nli_runs_next(by_place, &v); number[at++] = (uint32_t)v) {
		for (; at < v >> 32; at++)
			number[at] = NLI_NO_ITEM;
		if (!(at & EASE))
			nli_store_ease(store);
	}
	for (; at < n; at++)
		number[at] = NLI_NO_ITEM;
	nli_runs_free(by_place);
	return found;
}
