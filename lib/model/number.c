/* number.c - see number.h. */
#include "lib/model/number.h"

#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/base/runs.h"
#include "lib/model/set128.h"

/* Steps after which memory is let go of, a power of two less one. */
enum { EASE = 4095 };

/* Hashes of one key that differ, and where each was first. */
struct first {
	struct nli_hash128 hash;
	uint32_t at;
};

struct group {
	uint32_t *at; /* (n,) where a hash of this key stands, ascending */
	size_t n, cap;
	struct first *first;
	size_t n_first, first_cap;
};

/* Where the hash at that place stood first. */
static uint32_t first_of(struct group *g, const struct nli_view *hash, uint32_t at)
{
	struct nli_hash128 h;

	nli_view_read(hash, at * sizeof(h), sizeof(h), &h);
	for (size_t i = 0; i < g->n_first; i++)
		if (!nli_hash128_cmp(g->first[i].hash, h))
			return g->first[i].at;
	nli_grow(&g->first, &g->first_cap, g->n_first + 1, sizeof(*g->first));
	g->first[g->n_first++] = (struct first){ h, at };
	return at;
}

/* Say of each of a group where its hash was first. */
static void end_group(struct group *g, const struct nli_view *hash, struct nli_runs *out)
{
	g->n_first = 0;
	for (size_t i = 0; i < g->n; i++) {
		const uint32_t first = g->n > 1 ? first_of(g, hash, g->at[i]) : g->at[i];

		nli_runs_add(out, (uint64_t)first << 32 | g->at[i]);
	}
	g->n = 0;
}

/* first << 32 | place, of all, by half of the hash and then by all of it. */
static struct nli_runs *find_first(struct nli_store *store,
				   const struct nli_hash128 *hash, size_t n,
				   size_t memory)
{
	const struct nli_view view = nli_store_view(store, hash);
	struct nli_runs *keys = nli_runs_new(memory), *out;
	struct group g = { 0 };
	uint64_t v, before = 0;

	for (size_t i = 0; i < n; i++) {
		if (hash[i].hi || hash[i].lo)
			nli_runs_add(keys, hash[i].lo << 32 | i);
		if (!(i & EASE))
			nli_store_ease(store);
	}
	nli_runs_sort(keys);
	out = nli_runs_new(memory);
	for (; nli_runs_next(keys, &v); before = v) {
		if (g.n && v >> 32 != before >> 32)
			end_group(&g, &view, out);
		nli_grow(&g.at, &g.cap, g.n + 1, sizeof(*g.at));
		g.at[g.n++] = (uint32_t)v;
	}
	end_group(&g, &view, out);
	nli_runs_free(keys);
	free(g.at);
	free(g.first);
	nli_runs_sort(out);
	return out;
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
