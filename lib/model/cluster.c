/* cluster.c - dedup.h: which records are equal or near, and what becomes of them. */
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/model/dedup.h"
#include "lib/model/gram.h"
#include "lib/model/near.h"

struct joining {
	struct nli_dedup *d;
	struct nli_items *items;
	enum nli_by by;
};

/* As nli_texts_compare(), with a few tokens' difference near as well. */
static double near_texts(const struct nli_dedup *d, uint32_t a, uint32_t b)
{
	const struct nli_texts *t = &d->text;
	const unsigned edits = (unsigned)d->opts->edits;
	const double j = nli_texts_compare(t, a, b, d->opts->jaccard);

	if (j >= 0 || !edits || nli_texts_edits(t, a, b, edits) > edits)
		return j;
	return nli_gram_jaccard(nli_texts_get(t, a), nli_texts_get(t, b));
}

static float compare_items(void *ctx, uint32_t i, uint32_t j)
{
	const struct joining *g = ctx;
	const struct nli_item *x = &g->items->item[i], *y = &g->items->item[j];
	double a, b;

	/* Items of other corpora are not compared among themselves. */
	if (!x->count && !y->count)
		return -1;
	if (g->by != NLI_BY_PAIR)
		return (float)near_texts(g->d, x->a, y->a);
	if ((x->a == NLI_NO_ITEM) != (y->a == NLI_NO_ITEM) ||
	    (x->b == NLI_NO_ITEM) != (y->b == NLI_NO_ITEM))
		return -1;
	b = x->b == NLI_NO_ITEM ? 1 : near_texts(g->d, x->b, y->b);
	a = b < 0 || x->a == NLI_NO_ITEM ? b : near_texts(g->d, x->a, y->a);
	return (float)(a < b ? a : b);
}

static uint32_t root_of(struct nli_item *item, uint32_t i)
{
	while (item[i].parent != i) {
		item[i].parent = item[item[i].parent].parent;
		i = item[i].parent;
	}
	return i;
}

/* As root_of(), without a change. */
static uint32_t look_root(const struct nli_item *item, uint32_t i)
{
	while (item[i].parent != i)
		i = item[i].parent;
	return i;
}

/* One cluster, each has a near one, and each knows of the other's parts. */
static bool settled(void *ctx, uint32_t i, uint32_t j)
{
	const struct joining *g = ctx;
	const struct nli_item *x = &g->items->item[i], *y = &g->items->item[j];

	return x->near != NLI_NO_ITEM && y->near != NLI_NO_ITEM &&
	       x->side == NLI_NO_ITEM && y->side == NLI_NO_ITEM &&
	       !(x->parts & ~y->near_parts) && !(y->parts & ~x->near_parts) &&
	       look_root(g->items->item, i) == look_root(g->items->item, j);
}

/* Equal similarities are told apart by the items' hashes, so order does not matter. */
static void note_near(const struct nli_items *s, uint32_t *near, float *best, uint32_t to,
		      float similarity)
{
	if (*near != NLI_NO_ITEM &&
	    (similarity < *best ||
	     (!(similarity > *best) &&
	      nli_hash128_cmp(s->set.hash[to], s->set.hash[*near]) >= 0)))
		return;
	*near = to;
	*best = similarity;
}

static void note_one(const struct nli_items *s, uint32_t i, uint32_t j, float similarity)
{
	struct nli_item *x = &s->item[i];

	x->near_parts |= s->item[j].parts;
	if (s->item[j].count)
		note_near(s, &x->near, &x->similarity, j, similarity);
	if (s->item[j].side != NLI_NO_ITEM)
		note_near(s, &x->side_near, &x->side_similarity, j, similarity);
}

static void found(void *ctx, uint32_t i, uint32_t j, float similarity)
{
	struct joining *g = ctx;
	struct nli_item *item = g->items->item;

	g->d->n_edge++;
	note_one(g->items, i, j, similarity);
	note_one(g->items, j, i, similarity);
	if (item[i].count && item[j].count) {
		const uint32_t a = root_of(item, i), b = root_of(item, j);

		item[a > b ? a : b].parent = a > b ? b : a;
	}
}

/* Signatures of the items: those of their texts, or for pairs put together of two. */
static struct nli_sig *pair_sigs(const struct nli_dedup *d)
{
	const struct nli_items *s = &d->items[NLI_BY_PAIR];
	struct nli_sig *sig = nli_xmalloc(s->set.n, sizeof(*sig));

	for (size_t i = 0; i < s->set.n; i++) {
		const uint32_t a = s->item[i].a, b = s->item[i].b;

		nli_sig_pair(&d->text.sig[a == NLI_NO_ITEM ? b : a],
			     &d->text.sig[b == NLI_NO_ITEM ? a : b], &sig[i]);
	}
	return sig;
}

static void join_near(struct nli_dedup *d, enum nli_by by)
{
	struct nli_items *s = &d->items[by];
	struct joining g = { d, s, by };
	struct nli_sig *own = by == NLI_BY_PAIR ? pair_sigs(d) : NULL;
	uint32_t *at = NULL;

	if (!own) {
		at = nli_xmalloc(s->set.n, sizeof(*at));
		for (size_t i = 0; i < s->set.n; i++)
			at[i] = s->item[i].a;
	}
	nli_near_search(&(struct nli_near){
		.n = s->set.n,
		.sig = own ? own : d->text.sig,
		.at = at,
		.name = s->set.hash,
		/* A few tokens' difference may be much of a short text. */
		.least = d->opts->edits ? d->opts->jaccard / 3 : d->opts->jaccard,
		.jobs = d->opts->jobs,
		.ctx = &g,
		.compare = compare_items,
		.settled = settled,
		.found = found,
	});
	free(own);
	free(at);
}

/* Add up the items of each root. */
static void count_clusters(const struct nli_dedup *d, struct nli_items *s)
{
	for (uint32_t i = 0; i < s->set.n; i++) {
		struct nli_item *r = &s->item[root_of(s->item, i)];
		const uint32_t best = s->item[i].best;

		s->item[i].parent = (uint32_t)(r - s->item);
		if (best == NLI_NO_ITEM)
			continue;
		if (!r->size || nli_dedup_better(d, best, r->kept))
			r->kept = best;
		if (!r->size ||
		    nli_hash128_cmp(s->set.hash[i], s->set.hash[r->least]) < 0)
			r->least = i;
		r->size += s->item[i].count;
	}
}

/* Pairs whose records carry different labels. */
static void mark_conflicts(struct nli_dedup *d)
{
	const struct nli_items *s = &d->items[NLI_BY_PAIR];
	uint32_t *label = nli_xcalloc(s->set.n, sizeof(*label));

	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < d->n_own; i++) {
			struct nli_dedup_record *r = &d->record[i];
			uint32_t *seen;

			if (r->of[NLI_BY_PAIR] == NLI_NO_ITEM)
				continue;
			seen = &label[r->of[NLI_BY_PAIR]];
			if (!round && r->label && *seen && *seen != r->label)
				*seen = NLI_NO_ITEM;
			else if (!round && r->label && !*seen)
				*seen = r->label;
			else if (round && *seen == NLI_NO_ITEM)
				r->flags |= NLI_DEDUP_CONFLICT;
		}
	free(label);
}

/* Let the item know one of its records. */
static void count_record(const struct nli_dedup *d, struct nli_item *i, uint32_t record)
{
	if (record >= d->n_own) {
		if (i->side == NLI_NO_ITEM)
			i->side = record;
		return;
	}
	i->count++;
	i->parts |= (uint32_t)1 << d->record[record].part;
	if (i->best == NLI_NO_ITEM || nli_dedup_better(d, record, i->best)) {
		i->second = i->best;
		i->best = record;
	} else if (i->second == NLI_NO_ITEM || nli_dedup_better(d, record, i->second)) {
		i->second = record;
	}
}

static void count_records(const struct nli_dedup *d, enum nli_by by)
{
	const struct nli_items *s = &d->items[by];

	for (size_t i = 0; i < s->set.n; i++) {
		s->item[i].best = s->item[i].second = s->item[i].side = NLI_NO_ITEM;
		s->item[i].count = 0;
	}
	for (uint32_t i = 0; i < d->n; i++)
		if (d->record[i].of[by] != NLI_NO_ITEM)
			count_record(d, &s->item[d->record[i].of[by]], i);
}

/* Which records will not come out whatever cluster they are in. */
static void mark_gone(struct nli_dedup *d)
{
	const struct nli_items *s = &d->items[NLI_BY_PAIR];

	for (uint32_t i = 0; i < d->n_own; i++) {
		struct nli_dedup_record *r = &d->record[i];
		const bool conflict = r->flags & NLI_DEDUP_CONFLICT;
		const bool merged = r->of[NLI_BY_PAIR] != NLI_NO_ITEM &&
				    !(r->flags & NLI_DEDUP_CHOICE) &&
				    s->item[r->of[NLI_BY_PAIR]].best != i;

		if ((d->opts->conflicts == NLI_CONFLICTS_DROP && conflict) ||
		    (d->opts->conflicts == NLI_CONFLICTS_MERGE && merged))
			r->flags |= NLI_DEDUP_GONE;
	}
}

/* Texts that are compared for being near: the premises are not where only hypotheses are. */
static void sign(struct nli_dedup *d, bool tokens)
{
	const struct nli_dedup_opts *o = d->opts;
	bool *wanted = nli_xcalloc(d->text.set.n, sizeof(*wanted));

	for (size_t k = 0; k < o->n_by && !o->exact; k++) {
		const struct nli_items *s = &d->items[o->by[k]];

		for (size_t i = 0; i < s->set.n; i++) {
			if (s->item[i].a != NLI_NO_ITEM)
				wanted[s->item[i].a] = true;
			if (s->item[i].b != NLI_NO_ITEM)
				wanted[s->item[i].b] = true;
		}
	}
	nli_texts_sign(&d->text, wanted, tokens, o->jobs);
	free(wanted);
}

void nli_dedup_cluster(struct nli_dedup *d)
{
	const struct nli_dedup_opts *o = d->opts;
	const bool tokens = o->edits || (o->ngram && d->n > d->n_own);

	count_records(d, NLI_BY_PAIR);
	mark_conflicts(d);
	mark_gone(d);
	for (int by = 0; by < NLI_N_BY; by++)
		if (d->wanted[by])
			count_records(d, (enum nli_by)by);
	if (!o->no_texts && (!o->exact || tokens))
		sign(d, tokens);
	for (size_t i = 0; i < o->n_by; i++) {
		if (!o->exact)
			join_near(d, o->by[i]);
		count_clusters(d, &d->items[o->by[i]]);
	}
}
