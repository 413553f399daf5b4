/*
 * cuecount.c - from the store to counts: an inverted index of each kind of
 * features, walked feature by feature in the order of groups, so that what a
 * group holds is seen at once and cluster sums need no table.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/cueresult.h"

static const uint64_t NOWHERE =
	UINT64_MAX; /* where the postings of a rare feature begin */

enum { AHEAD = 8 }; /* how early memory is asked for */

/* What is asked of a hypothesis, in the order of groups. */
struct place {
	uint32_t cluster;
	uint16_t stratum; /* rank + 1; 0: none */
	uint8_t label, half;
};

/* What a walk over a feature's hypotheses adds up. */
struct tally {
	uint32_t n_w, clusters;
	uint32_t n_wy[NLI_CUES_MAX_LABEL];
	uint64_t t_w, t_wy[NLI_CUES_MAX_LABEL];
	uint32_t half_n[2], half_y[2][NLI_CUES_MAX_LABEL];
	struct nli_cluster_sums sums[NLI_CUES_MAX_LABEL];
	uint32_t group_n, group_y[NLI_CUES_MAX_LABEL]; /* of the group in hand */
};

struct counter {
	struct nli_cues_result *r;
	struct place *place;  /* (n,) */
	uint32_t *item;       /* (n,) which one it is */
	uint64_t *stratum;    /* (strata, n_label): hypotheses of each */
	uint64_t *in_stratum; /* (strata, n_label): those that hold the feature in hand */
	struct nli_table2 *table;
};

/* Features of items: those of item i end at end[i * step], or each has its place. */
struct source {
	const uint32_t *feature; /* (occurrences,) */
	const uint64_t *end;
	const uint32_t *place; /* (occurrences,) ascending; NULL: end says it */
	size_t step, n;        /* n: features are 0..n-1 */
	uint64_t occurrences;
	enum cue_space space;
	const uint64_t *pair; /* (n,) of pairs: the two words */
};

static uint64_t end_of(const struct source *s, size_t item)
{
	return *(const uint64_t *)((const char *)s->end + item * s->step);
}

static uint64_t begin_of(const struct source *s, size_t item)
{
	return item ? end_of(s, item - 1) : 0;
}

unsigned cue_half(uint64_t group, uint64_t seed)
{
	return (unsigned)(nli_mix(group ^ nli_mix(seed)) >> 63);
}

static int by_text(const void *a, const void *b)
{
	const struct cue_name *x = a, *y = b;

	return nli_str_cmp(x->text, y->text);
}

struct cue_name *cue_names(const struct nli_intern *t)
{
	struct cue_name *v = nli_xmalloc(t->n, sizeof(*v));

	for (size_t i = 0; i < t->n; i++)
		v[i] = (struct cue_name){ t->text[i], i };
	qsort(v, t->n, sizeof(*v), by_text);
	return v;
}

/* (n,) the rank of each text: sums over strata must not depend on the order of input. */
static uint32_t *ranks(const struct nli_intern *t)
{
	struct cue_name *v = cue_names(t);
	uint32_t *rank = nli_xmalloc(t->n, sizeof(*rank));

	for (size_t i = 0; i < t->n; i++)
		rank[v[i].id] = (uint32_t)i;
	free(v);
	return rank;
}

/* Number the groups as they come, then order the items by that (a counting sort). */
static void place_items(struct counter *k)
{
	const struct nli_cues *c = k->r->c;
	struct nli_map64 seen = { 0 };
	uint32_t *cluster = nli_xmalloc(c->n_item, sizeof(*cluster));
	uint32_t *rank = ranks(&c->table[CUE_STRATUM]);
	size_t *at;

	for (size_t i = 0; i < c->n_item; i++) {
		bool fresh;
		uint64_t *id;

		if (i + AHEAD < c->n_item)
			nli_map64_prefetch(&seen, c->item[i + AHEAD].group);
		/* The hypotheses of a group stand together as a rule. */
		if (i && c->item[i].group == c->item[i - 1].group) {
			cluster[i] = cluster[i - 1];
			continue;
		}
		id = nli_map64_put(&seen, c->item[i].group, &fresh);
		if (fresh)
			*id = seen.n - 1;
		cluster[i] = (uint32_t)*id;
	}
	k->r->groups = seen.n;
	at = nli_xcalloc(seen.n + 1, sizeof(*at));
	for (size_t i = 0; i < c->n_item; i++)
		at[cluster[i] + 1]++;
	for (size_t g = 0; g < seen.n; g++)
		at[g + 1] += at[g];
	k->place = nli_xmalloc(c->n_item, sizeof(*k->place));
	k->item = nli_xmalloc(c->n_item, sizeof(*k->item));
	for (size_t i = 0; i < c->n_item; i++) {
		const struct cue_item *it = &c->item[i];

		k->item[at[cluster[i]]] = (uint32_t)i;
		k->place[at[cluster[i]]++] = (struct place){
			.cluster = cluster[i],
			.stratum =
				(uint16_t)(it->stratum ? rank[it->stratum - 1] + 1 : 0),
			.label = (uint8_t)k->r->active[it->label],
			.half = (uint8_t)cue_half(it->group, k->r->p.seed),
		};
	}
	nli_map64_release(&seen);
	free(cluster);
	free(rank);
	free(at);
}

static void count_strata(struct counter *k)
{
	const size_t n_label = k->r->n_label;

	k->r->strata = k->r->c->table[CUE_STRATUM].n;
	k->stratum = nli_xcalloc(k->r->strata * n_label, sizeof(*k->stratum));
	k->in_stratum = nli_xcalloc(k->r->strata * n_label, sizeof(*k->in_stratum));
	k->table = nli_xcalloc(k->r->strata, sizeof(*k->table));
	for (size_t i = 0; i < k->r->c->n_item; i++)
		if (k->place[i].stratum)
			k->stratum[(k->place[i].stratum - 1) * n_label +
				   k->place[i].label]++;
}

static void end_group(struct tally *t, size_t n_label)
{
	if (!t->group_n)
		return;
	t->clusters++;
	for (size_t y = 0; y < n_label; y++)
		nli_cluster_add(&t->sums[y], t->group_n, t->group_y[y]);
	t->group_n = 0;
	memset(t->group_y, 0, n_label * sizeof(*t->group_y));
}

/* posting: (n,) places that hold the feature, ascending, once an occurrence. */
static void walk(struct counter *k, const uint32_t *posting, size_t n, struct tally *t)
{
	const size_t n_label = k->r->n_label;

	memset(t, 0, sizeof(*t));
	memset(k->in_stratum, 0, k->r->strata * n_label * sizeof(*k->in_stratum));
	for (size_t i = 0; i < n; i++) {
		const struct place *p = &k->place[posting[i]];

		if (i + AHEAD < n) /* places are more than the caches hold */
			__builtin_prefetch(&k->place[posting[i + AHEAD]]);
		t->t_wy[p->label]++;
		if (i && posting[i] == posting[i - 1])
			continue;
		if (i && p->cluster != k->place[posting[i - 1]].cluster)
			end_group(t, n_label);
		t->n_wy[p->label]++;
		t->half_n[p->half]++;
		t->half_y[p->half][p->label]++;
		t->group_n++;
		t->group_y[p->label]++;
		if (p->stratum)
			k->in_stratum[(p->stratum - 1) * n_label + p->label]++;
	}
	end_group(t, n_label);
	t->t_w = n;
	t->n_w = t->half_n[0] + t->half_n[1];
}

/* Cochran-Mantel-Haenszel of the feature in hand and label y over the strata. */
static size_t cmh_of(struct counter *k, size_t y)
{
	struct nli_cues_result *r = k->r;
	struct nli_cmh cmh;
	struct nli_err err;

	if (r->strata < 2)
		return 0;
	for (size_t s = 0; s < r->strata; s++) {
		const uint64_t *all = k->stratum + s * r->n_label;
		const uint64_t *has = k->in_stratum + s * r->n_label;
		uint64_t n = 0, n_has = 0;

		for (size_t l = 0; l < r->n_label; l++) {
			n += all[l];
			n_has += has[l];
		}
		k->table[s] =
			(struct nli_table2){ has[y], n_has - has[y], all[y] - has[y],
					     n - n_has - (all[y] - has[y]) };
	}
	if (nli_cmh_2x2(k->table, r->strata, &cmh, &err)) /* no stratum informs */
		return 0;
	nli_grow(&r->cmh, &r->cmh_cap, r->n_cmh + 1, sizeof(*r->cmh));
	r->cmh[r->n_cmh] = cmh;
	return ++r->n_cmh;
}

static void add_rows(struct counter *k, const struct source *s, uint32_t feature,
		     const struct tally *t)
{
	struct nli_cues_result *r = k->r;

	nli_grow(&r->row, &r->row_cap, r->n_row + r->n_label, sizeof(*r->row));
	for (size_t y = 0; y < r->n_label; y++) {
		struct cue_row *row = &r->row[r->n_row++];

		*row = (struct cue_row){ .space = (uint8_t)s->space,
					 .label = (uint8_t)y };
		row->a = s->pair ? (uint32_t)(s->pair[feature] >> 32) : feature;
		row->b = s->pair ? (uint32_t)s->pair[feature] : 0;
		row->n_w = t->n_w;
		row->n_wy = t->n_wy[y];
		row->t_w = t->t_w;
		row->t_wy = t->t_wy[y];
		row->clusters = t->clusters;
		row->deff = nli_design_effect(&t->sums[y], cue_prior(r, y));
		for (int h = 0; h < 2; h++) {
			row->half_n[h] = t->half_n[h];
			row->half_y[h] = t->half_y[h][y];
		}
		row->cmh = cmh_of(k, y);
	}
}

/* (n,) occurrences of each feature. */
static uint32_t *count_features(const struct source *s)
{
	uint32_t *n = nli_xcalloc(s->n, sizeof(*n));

	for (uint64_t i = 0; i < s->occurrences; i++)
		n[s->feature[i]]++;
	return n;
}

/* (n,) where the postings of each begin; those too rare to be listed have none. */
static uint64_t *place_features(const struct counter *k, const struct source *s,
				const uint32_t *n, uint64_t *sum)
{
	uint64_t *at = nli_xmalloc(s->n, sizeof(*at));

	*sum = 0;
	for (size_t f = 0; f < s->n; f++) {
		const bool listed = n[f] >= k->r->p.min_count;

		at[f] = listed ? *sum : NOWHERE;
		*sum += listed ? n[f] : 0;
	}
	return at;
}

/* Write down the places of each feature that is listed, in their order; at moves to the end. */
static uint32_t *fill_postings(const struct counter *k, const struct source *s,
			       uint64_t *at, uint64_t n)
{
	uint32_t *posting = nli_xmalloc(n, sizeof(*posting));

	for (uint64_t i = 0; s->place && i < s->occurrences; i++) {
		const uint32_t f = s->feature[i];

		if (at[f] != NOWHERE)
			posting[at[f]++] = s->place[i];
	}
	for (size_t p = 0; !s->place && p < k->r->c->n_item; p++) {
		const uint64_t end = end_of(s, k->item[p]);

		for (uint64_t i = begin_of(s, k->item[p]); i < end; i++) {
			const uint32_t f = s->feature[i];

			if (at[f] != NOWHERE)
				posting[at[f]++] = (uint32_t)p;
		}
	}
	return posting;
}

static void count_source(struct counter *k, const struct source *s)
{
	uint64_t sum;
	uint32_t *n = count_features(s);
	uint64_t *at = place_features(k, s, n, &sum);
	uint32_t *posting = fill_postings(k, s, at, sum);
	struct tally *t = nli_xmalloc(1, sizeof(*t));

	for (size_t f = 0; f < s->n; f++) {
		if (at[f] == NOWHERE)
			continue;
		walk(k, posting + at[f] - n[f], n[f], t);
		if (t->n_w >= k->r->p.min_count)
			add_rows(k, s, (uint32_t)f, t);
	}
	free(t);
	free(posting);
	free(at);
	free(n);
}

/* The words and the pairs of all and of each label: n words have n - 1 pairs. */
static void count_occurrences(struct counter *k)
{
	const struct nli_cues *c = k->r->c;
	struct cue_totals *words = &k->r->total[CUE_WORDS];
	struct cue_totals *pairs = &k->r->total[CUE_PAIRS];
	uint64_t begin = 0;

	for (size_t i = 0; i < c->n_item; i++) {
		const uint64_t n = c->item[i].tok_end - begin;
		const int y = k->r->active[c->item[i].label];

		words->by_label[y] += n;
		words->all += n;
		pairs->by_label[y] += n - (n > 0);
		pairs->all += n - (n > 0);
		begin = c->item[i].tok_end;
	}
}

static void count_words(struct counter *k)
{
	const struct nli_cues *c = k->r->c;
	struct cue_totals *total = &k->r->total[CUE_WORDS];
	const struct source s = { .feature = c->tok,
				  .end = &c->item[0].tok_end,
				  .step = sizeof(*c->item),
				  .n = c->table[CUE_WORD].n,
				  .occurrences = c->n_tok,
				  .space = CUE_WORDS };
	const ptrdiff_t stop = nli_intern_find(&c->table[CUE_WORD], NLI_STR("."));

	total->distinct = s.n;
	for (size_t i = 0; i < c->n_tok && stop >= 0; i++)
		total->stops += c->tok[i] == (uint32_t)stop;
	count_source(k, &s);
}

/*
 * Pairs of neighbours.  One table of all is larger than the caches and waits for
 * memory at every pair; so they are parted by hash first, in the order of places,
 * and each part is counted by itself.
 */
enum {
	PART = 1 << 15,      /* pairs in a part, about */
	MAX_PARTS = 1 << 12, /* that are written at a time: each is a page in use */
	PAIR_BYTES = sizeof(uint64_t) + sizeof(uint32_t)
};

struct parting {
	unsigned bits; /* of the hash: the part */
	uint64_t *at;  /* (1 << bits,) where its next pair goes */
	uint64_t *pair;
	uint32_t *place;
};

/* The pairs of a part, numbered.  key is the pair + 1, so that 0 is a free slot. */
struct pairs {
	struct pair_slot {
		uint64_t key;
		uint32_t id;
	} * slot;
	size_t cap, n;
	uint64_t *pair; /* (n,) */
	size_t pair_cap;
	uint32_t *feature;
	size_t feature_cap;
};

static uint64_t pair_at(const struct nli_cues *c, uint64_t i)
{
	return (uint64_t)c->tok[i - 1] << 32 | c->tok[i];
}

static uint64_t hash_pair(uint64_t pair)
{
	return nli_mix(pair + 1);
}

static void empty_pairs(struct pairs *t, size_t pairs)
{
	t->n = 0;
	if (t->cap >= 2 * pairs) {
		memset(t->slot, 0, t->cap * sizeof(*t->slot));
		return;
	}
	for (t->cap = 1024; t->cap < 2 * pairs;)
		t->cap *= 2;
	free(t->slot);
	t->slot = nli_xcalloc(t->cap, sizeof(*t->slot));
}

static uint32_t pair_id(struct pairs *t, uint64_t pair)
{
	size_t at = hash_pair(pair) & (t->cap - 1);

	for (; t->slot[at].key; at = (at + 1) & (t->cap - 1))
		if (t->slot[at].key == pair + 1)
			return t->slot[at].id;
	t->slot[at] = (struct pair_slot){ pair + 1, (uint32_t)t->n };
	nli_grow(&t->pair, &t->pair_cap, t->n + 1, sizeof(*t->pair));
	t->pair[t->n] = pair;
	return (uint32_t)t->n++;
}

/* (parts + 1,) how many pairs are in the parts before each. */
static uint64_t *count_parts(const struct nli_cues *c, unsigned bits)
{
	uint64_t *n = nli_xcalloc(((size_t)1 << bits) + 1, sizeof(*n)), i = 0;

	for (size_t item = 0; item < c->n_item; item++)
		for (uint64_t begin = i; i < c->item[item].tok_end; i++)
			if (i > begin)
				n[1 + (hash_pair(pair_at(c, i)) >> 1 >> (63 - bits))]++;
	for (size_t p = 0; p < (size_t)1 << bits; p++)
		n[p + 1] += n[p];
	return n;
}

/* Write down the pairs of the parts from first to before last. */
static void fill_parts(const struct counter *k, struct parting *g, uint64_t first,
		       uint64_t last)
{
	const struct nli_cues *c = k->r->c;

	for (size_t p = 0; p < c->n_item; p++) {
		const size_t item = k->item[p];
		uint64_t i = (item ? c->item[item - 1].tok_end : 0) + 1;

		for (; i < c->item[item].tok_end; i++) {
			const uint64_t pair = pair_at(c, i);
			const uint64_t part = hash_pair(pair) >> 1 >> (63 - g->bits);

			if (part < first || part >= last)
				continue;
			g->pair[g->at[part]] = pair;
			g->place[g->at[part]++] = (uint32_t)p;
		}
	}
}

static void count_part(struct counter *k, struct pairs *t, const uint64_t *pair,
		       const uint32_t *place, uint64_t n)
{
	struct source s = { .place = place, .occurrences = n, .space = CUE_PAIRS };

	empty_pairs(t, n);
	nli_grow(&t->feature, &t->feature_cap, n + 1, sizeof(*t->feature));
	for (uint64_t i = 0; i < n; i++)
		t->feature[i] = pair_id(t, pair[i]);
	s.feature = t->feature;
	s.pair = t->pair;
	s.n = t->n;
	k->r->total[CUE_PAIRS].distinct += t->n;
	count_source(k, &s);
}

/* As many parts at a time as memory takes; the result is the same. */
static void count_pairs(struct counter *k, uint64_t all)
{
	struct parting g = { 0 };
	struct pairs t = { 0 };
	uint64_t *before, parts, last;
	const uint64_t room = k->r->p.memory / PAIR_BYTES;

	while (all >> g.bits > PART && g.bits < 30)
		g.bits++;
	parts = (uint64_t)1 << g.bits;
	before = count_parts(k->r->c, g.bits);
	g.at = nli_xmalloc(parts, sizeof(*g.at));
	for (uint64_t first = 0; first < parts; first = last) {
		uint64_t n;

		for (last = first + 1; last < parts && last - first < MAX_PARTS &&
				       before[last + 1] - before[first] <= room;)
			last++;
		n = before[last] - before[first];
		for (uint64_t p = first; p < last; p++)
			g.at[p] = before[p] - before[first];
		g.pair = nli_xmalloc(n + 1, sizeof(*g.pair));
		g.place = nli_xmalloc(n + 1, sizeof(*g.place));
		fill_parts(k, &g, first, last);
		for (uint64_t p = first; p < last; p++) {
			const uint64_t from = before[p] - before[first];

			count_part(k, &t, g.pair + from, g.place + from,
				   before[p + 1] - before[p]);
		}
		free(g.pair);
		free(g.place);
	}
	free(g.at);
	free(before);
	free(t.slot);
	free(t.pair);
	free(t.feature);
}

/* 1-3, 4-5, 6-7, 8-9, 10-12, 13-16, 17-24 words, and more. */
static uint32_t length_bin(unsigned words)
{
	static const unsigned to[] = { 3, 5, 7, 9, 12, 16, 24 };
	uint32_t i = 0;

	while (i < sizeof(to) / sizeof(*to) && words > to[i])
		i++;
	return CUE_LENGTH + i;
}

size_t cue_traits(const struct cue_item *it, uint32_t *to)
{
	const bool compared = it->bits & 1u << CUE_PREMISE && it->words;
	size_t n = 0;

	for (uint32_t b = 0; b < CUE_PREMISE; b++)
		if (it->bits & 1u << b)
			to[n++] = b;
	if (compared && it->shared == it->words)
		to[n++] = CUE_CONTAINED;
	if (compared && !it->shared)
		to[n++] = CUE_UNSHARED;
	to[n++] = length_bin(it->words);
	return n;
}

/* A trait is there once or not: its totals are of hypotheses, and it has one opposite. */
static void trait_totals(struct nli_cues_result *r, enum cue_space space)
{
	struct cue_totals *total = &r->total[space];

	*total = (struct cue_totals){ .distinct = 2, .all = r->n };
	memcpy(total->by_label, r->n_y, sizeof(r->n_y));
}

static void count_traits(struct counter *k)
{
	const struct nli_cues *c = k->r->c;
	uint64_t *end = nli_xmalloc(c->n_item, sizeof(*end)), n = 0;
	uint32_t *feature = NULL;
	size_t cap = 0;
	struct source s = { .step = sizeof(*end), .n = CUE_N_TRAIT, .space = CUE_TRAITS };

	trait_totals(k->r, CUE_TRAITS);
	for (size_t i = 0; i < c->n_item; i++) {
		nli_grow(&feature, &cap, n + CUE_N_TRAIT, sizeof(*feature));
		n += cue_traits(&c->item[i], feature + n);
		end[i] = n;
	}
	s.feature = feature;
	s.end = end;
	s.occurrences = n;
	count_source(k, &s);
	free(feature);
	free(end);
}

static void count_tags(struct counter *k)
{
	const struct nli_cues *c = k->r->c;
	uint64_t *end = nli_xmalloc(c->n_item, sizeof(*end)), n = 0;
	const struct source s = { .feature = c->tag,
				  .end = end,
				  .step = sizeof(*end),
				  .n = c->table[CUE_TAG].n,
				  .occurrences = c->n_tag,
				  .space = CUE_TAGS };

	trait_totals(k->r, CUE_TAGS);
	for (size_t i = 0; i < c->n_item; i++)
		end[i] = n += c->item[i].n_tag;
	count_source(k, &s);
	free(end);
}

void cue_count(struct nli_cues_result *r)
{
	struct counter k = { .r = r };

	place_items(&k);
	count_strata(&k);
	count_occurrences(&k);
	count_words(&k);
	if (r->p.pairs)
		count_pairs(&k, r->total[CUE_PAIRS].all);
	count_traits(&k);
	count_tags(&k);
	free(k.place);
	free(k.item);
	free(k.stratum);
	free(k.in_stratum);
	free(k.table);
}
