/* cluster.c - dedup.h: which records are equal or near, and what becomes of them. */
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/model/dedup.h"
#include "lib/model/edits.h"
#include "lib/model/near.h"
#include "lib/model/oneedit.h"

/* Let go of memory every so many items, a power of two less one. */
enum { EASE = 255 };

struct joining {
	struct nli_dedup *d;
	struct nli_items *items;
	enum nli_by by;
	struct nli_view item;
};

static struct nli_item item_at(const struct joining *g, uint32_t i)
{
	struct nli_item x;

	nli_view_read(&g->item, i * sizeof(x), sizeof(x), &x);
	return x;
}

/* What items compare: one text, or two of which either may be missing. */
static bool has_same_sides(const struct nli_item *x, const struct nli_item *y)
{
	return (x->a == NLI_NO_ITEM) == (y->a == NLI_NO_ITEM) &&
	       (x->b == NLI_NO_ITEM) == (y->b == NLI_NO_ITEM);
}

/* An item at hand, as near.h and oneedit.h ask for; its texts as far as they were read. */
struct loaded {
	uint32_t i, root; /* root: NLI_NO_ITEM if not looked for yet */
	struct nli_item item;
	struct nli_text_part gram[2], unit[2], joined[2];
};

static void load_item(void *ctx, uint32_t i, void *slot)
{
	const struct joining *g = ctx;

	*(struct loaded *)slot = (struct loaded){ .i = i, .root = NLI_NO_ITEM };
	((struct loaded *)slot)->item = item_at(g, i);
}

static void unload_item(void *ctx, void *slot)
{
	struct loaded *x = slot;

	(void)ctx;
	for (int k = 0; k < 2; k++) {
		nli_texts_drop(&x->gram[k]);
		nli_texts_drop(&x->unit[k]);
		nli_texts_drop(&x->joined[k]);
	}
}

static uint32_t text_of(const struct loaded *x, int k)
{
	return k ? x->item.b : x->item.a;
}

/* The similarity of the less similar side if it is at least j, else -1. */
static double similarity_of(const struct nli_dedup *d, struct loaded *x, struct loaded *y,
			    double j)
{
	double least = 1;

	for (int k = 1; k >= 0 && least >= 0; k--) {
		double s;

		if (text_of(x, k) == NLI_NO_ITEM)
			continue;
		if (!x->gram[k].at)
			nli_texts_grams(&d->text, text_of(x, k), &x->gram[k]);
		if (!y->gram[k].at)
			nli_texts_grams(&d->text, text_of(y, k), &y->gram[k]);
		s = nli_texts_alike(&d->text, &x->gram[k], &y->gram[k], j);
		least = s < least ? s : least;
	}
	return least;
}

/* In how many units, or in how many words, two items differ. */
static unsigned edits_in(const struct nli_dedup *d, struct loaded *x, struct loaded *y,
			 bool words, unsigned max)
{
	void (*const get)(const struct nli_texts *, uint32_t, struct nli_text_part *) =
		words ? nli_texts_joined : nli_texts_units;
	unsigned sum = 0;
	size_t most = 0;

	for (int k = 0; k < 2 && sum <= max; k++) {
		struct nli_text_part *p = words ? &x->joined[k] : &x->unit[k];
		struct nli_text_part *q = words ? &y->joined[k] : &y->unit[k];

		if (text_of(x, k) == NLI_NO_ITEM)
			continue;
		if (!p->at)
			get(&d->text, text_of(x, k), p);
		if (!q->at)
			get(&d->text, text_of(y, k), q);
		most += p->n > q->n ? p->n : q->n;
		if (p->text != q->text)
			sum += nli_token_edits(p->at, p->n, q->at, q->n, max - sum);
	}
	/* Where nothing is left of a text it was not edited: "yes" is not near "no". */
	return sum <= max && sum < most ? sum : max + 1;
}

static unsigned edits_of(const struct nli_dedup *d, struct loaded *x, struct loaded *y,
			 unsigned max)
{
	unsigned units, words;

	if (!has_same_sides(&x->item, &y->item))
		return max + 1;
	units = edits_in(d, x, y, false, max);
	if (!d->text.n_joined || units <= 1)
		return units;
	words = edits_in(d, x, y, true, max);
	return words < units ? words : units;
}

unsigned nli_dedup_edits(const struct nli_dedup *d, const struct nli_item *x,
			 const struct nli_item *y, unsigned max)
{
	struct loaded p = { .item = *x }, q = { .item = *y };
	const unsigned edits = edits_of(d, &p, &q, max);

	unload_item(NULL, &p);
	unload_item(NULL, &q);
	return edits;
}

static float compare_items(void *ctx, void *a, void *b)
{
	const struct joining *g = ctx;
	const unsigned edits = (unsigned)g->d->opts->edits;
	struct loaded *x = a, *y = b;
	double s;

	/* Items of other corpora are not compared among themselves. */
	if (!((x->item.whose | y->item.whose) & NLI_WHOSE_INPUT) ||
	    !has_same_sides(&x->item, &y->item))
		return -1;
	s = similarity_of(g->d, x, y, g->d->opts->jaccard);
	/* One edit is found for sure by oneedit.h. */
	if (s < 0 && edits > 1 && edits_of(g->d, x, y, edits) <= edits)
		s = similarity_of(g->d, x, y, 0);
	return (float)s;
}

static float compare_edited(void *ctx, void *a, void *b)
{
	const struct joining *g = ctx;
	struct loaded *x = a, *y = b;

	if (!((x->item.whose | y->item.whose) & NLI_WHOSE_INPUT) ||
	    edits_of(g->d, x, y, 1) > 1)
		return -1;
	return (float)similarity_of(g->d, x, y, 0);
}

static uint32_t root_of(struct nli_item *item, uint32_t i)
{
	while (item[i].parent != i) {
		item[i].parent = item[item[i].parent].parent;
		i = item[i].parent;
	}
	return i;
}

/* As root_of(), without a change; it stays until something is found. */
static uint32_t look_root(const struct joining *g, struct loaded *x)
{
	uint32_t parent = x->item.parent;

	if (x->root != NLI_NO_ITEM)
		return x->root;
	for (x->root = x->i; parent != x->root; parent = item_at(g, parent).parent)
		x->root = parent;
	return x->root;
}

/* One cluster, each has a near one, and each knows of the other's parts. */
static bool settled(void *ctx, void *a, void *b)
{
	const struct joining *g = ctx;
	struct loaded *p = a, *q = b;
	const struct nli_item *x = &p->item, *y = &q->item;

	return x->near != NLI_NO_ITEM && y->near != NLI_NO_ITEM &&
	       !((x->whose | y->whose) & NLI_WHOSE_OTHER) &&
	       !(x->parts & ~y->near_parts) && !(y->parts & ~x->near_parts) &&
	       look_root(g, p) == look_root(g, q);
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
	if (s->item[j].whose & NLI_WHOSE_INPUT)
		note_near(s, &x->near, &x->similarity, j, similarity);
	if (s->item[j].whose & NLI_WHOSE_OTHER)
		note_near(s, &x->side_near, &x->side_similarity, j, similarity);
}

bool nli_dedup_is_alike(const struct nli_dedup *d, float similarity)
{
	return (double)similarity >= d->opts->jaccard * (1 - 1e-6); /* it was rounded */
}

static void note_pair(struct nli_dedup *d, enum nli_by by, uint32_t i, uint32_t j,
		      float similarity)
{
	nli_store_grow(d->store, &d->pair, &d->pair_cap, d->n_pair + 1, sizeof(*d->pair));
	d->pair[d->n_pair++] = (struct nli_dedup_pair){ by, i, j, similarity };
}

static void found(void *ctx, uint32_t i, uint32_t j, float similarity)
{
	struct joining *g = ctx;
	struct nli_item *item = g->items->item;

	g->d->n_edge++;
	if (g->d->opts->pairs)
		note_pair(g->d, g->by, i, j, similarity);
	note_one(g->items, i, j, similarity);
	note_one(g->items, j, i, similarity);
	if (item[i].whose & item[j].whose & NLI_WHOSE_INPUT &&
	    (g->d->opts->join_edits || nli_dedup_is_alike(g->d, similarity))) {
		const uint32_t a = root_of(item, i), b = root_of(item, j);

		item[a > b ? a : b].parent = a > b ? b : a;
	}
}

/* Signatures of the items: those of their texts, or for pairs put together of two. */
static struct nli_sig *pair_sigs(const struct nli_dedup *d)
{
	const struct nli_items *s = &d->items[NLI_BY_PAIR];
	struct nli_sig *sig = nli_store_calloc(d->store, s->set.n, sizeof(*sig));

	for (size_t i = 0; i < s->set.n; i++) {
		const uint32_t a = s->item[i].a, b = s->item[i].b;

		nli_sig_pair(&d->text.sig[a == NLI_NO_ITEM ? b : a],
			     &d->text.sig[b == NLI_NO_ITEM ? a : b], &sig[i]);
		if (!(i & EASE))
			nli_store_ease(d->store);
	}
	return sig;
}

static void item_tokens(void *ctx, uint32_t i, const uint64_t *from[2], size_t n[2])
{
	const struct joining *g = ctx;
	const uint32_t text[2] = { g->items->item[i].a, g->items->item[i].b };

	for (int k = 0; k < 2; k++) {
		n[k] = 0;
		if (text[k] != NLI_NO_ITEM)
			from[k] = nli_texts_unit_row(&g->d->text, text[k], &n[k]);
	}
}

/* The same in words, of an item that has a text in a script without spaces; else none. */
static void item_words(void *ctx, uint32_t i, const uint64_t *from[2], size_t n[2])
{
	const struct joining *g = ctx;
	const uint32_t text[2] = { g->items->item[i].a, g->items->item[i].b };
	bool any = false;

	for (int k = 0; k < 2; k++) {
		n[k] = 0;
		if (text[k] == NLI_NO_ITEM)
			continue;
		from[k] = nli_texts_joined_row(&g->d->text, text[k], &n[k]);
		any |= n[k] > 0;
		if (!n[k])
			from[k] = nli_texts_unit_row(&g->d->text, text[k], &n[k]);
	}
	if (!any)
		n[0] = n[1] = 0;
}

static void join_edited(struct nli_dedup *d, enum nli_by by)
{
	struct nli_items *s = &d->items[by];
	struct joining g = { d, s, by, nli_store_view(d->store, s->item) };
	struct nli_one_edit search = {
		.n = s->set.n,
		.name = s->set.hash,
		.memory = d->opts->memory / 4,
		.jobs = d->opts->jobs,
		.store = d->store,
		.ctx = &g,
		.slot = sizeof(struct loaded),
		.load = load_item,
		.unload = unload_item,
		.tokens = item_tokens,
		.compare = compare_edited,
		.found = found,
	};

	nli_one_edit_search(&search);
	search.tokens = item_words;
	if (d->text.n_joined)
		nli_one_edit_search(&search);
}

/* Signatures in the order of the items, where they are to be read one by one. */
static struct nli_sig *text_sigs(const struct nli_dedup *d, enum nli_by by)
{
	const struct nli_items *s = &d->items[by];
	struct nli_sig *sig = nli_store_calloc(d->store, s->set.n, sizeof(*sig));

	for (size_t i = 0; i < s->set.n; i++) {
		sig[i] = d->text.sig[s->item[i].a];
		if (!(i & EASE))
			nli_store_ease(d->store);
	}
	return sig;
}

static void join_near(struct nli_dedup *d, enum nli_by by)
{
	struct nli_items *s = &d->items[by];
	struct joining g = { d, s, by, nli_store_view(d->store, s->item) };
	struct nli_sig *own = by == NLI_BY_PAIR ? pair_sigs(d)
			      : d->store        ? text_sigs(d, by)
						: NULL;
	uint32_t *at = NULL;

	if (!own) {
		at = nli_xcalloc(s->set.n, sizeof(*at));
		for (size_t i = 0; i < s->set.n; i++)
			at[i] = s->item[i].a;
	}
	nli_near_search(&(struct nli_near){
		.n = s->set.n,
		.sig = own ? own : d->text.sig,
		.at = at,
		.name = s->set.hash,
		/* A few tokens' difference may be much of a short text. */
		.least = d->opts->edits > 1 ? d->opts->jaccard / 3 : d->opts->jaccard,
		.jobs = d->opts->jobs,
		.store = d->store,
		.memory = d->opts->memory / 4,
		.ctx = &g,
		.slot = sizeof(struct loaded),
		.load = load_item,
		.unload = unload_item,
		.compare = compare_items,
		.settled = settled,
		.found = found,
	});
	nli_store_drop(d->store, own);
	free(at);
}

/* Add up the items of each root. */
static void count_clusters(const struct nli_dedup *d, struct nli_items *s)
{
	for (uint32_t i = 0; i < s->set.n; i++) {
		struct nli_item *r = &s->item[root_of(s->item, i)];
		const uint32_t best = s->copies[i].best;

		if (!(i & EASE))
			nli_store_ease(d->store);
		s->item[i].parent = (uint32_t)(r - s->item);
		if (best == NLI_NO_ITEM)
			continue;
		if (!r->size || nli_dedup_better(d, best, r->kept))
			r->kept = best;
		if (!r->size ||
		    nli_hash128_cmp(s->set.hash[i], s->set.hash[r->least]) < 0)
			r->least = i;
		r->size += s->copies[i].count;
	}
}

/* Pairs whose records carry different labels. */
static void mark_conflicts(struct nli_dedup *d)
{
	const struct nli_items *s = &d->items[NLI_BY_PAIR];
	uint64_t *label;

	if (!d->twins)
		return;
	label = nli_store_calloc(d->store, s->set.n, sizeof(*label));

	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < d->n_own; i++) {
			struct nli_dedup_record *r = &d->record[i];
			uint64_t *seen;

			if (!(i & EASE))
				nli_store_ease(d->store);
			if (r->of[NLI_BY_PAIR] == NLI_NO_ITEM)
				continue;
			seen = &label[r->of[NLI_BY_PAIR]];
			if (!round && r->label && *seen && *seen != r->label)
				*seen = UINT64_MAX; /* several */
			else if (!round && r->label && !*seen)
				*seen = r->label;
			else if (round && *seen == UINT64_MAX) {
				r->flags |= NLI_DEDUP_CONFLICT;
				d->n_conflict++;
			}
		}
	nli_store_drop(d->store, label);
}

/* Where they were not counted as they came, or which is best is another now. */
static void count_records(struct nli_dedup *d, enum nli_by by)
{
	const struct nli_items *s = &d->items[by];

	for (size_t i = 0; i < s->set.n; i++) {
		s->copies[i] =
			(struct nli_copies){ 0, NLI_NO_ITEM, NLI_NO_ITEM, NLI_NO_ITEM };
		if (!(i & EASE))
			nli_store_ease(d->store);
	}
	for (uint32_t i = 0; i < d->n; i++) {
		if (d->record[i].of[by] != NLI_NO_ITEM)
			nli_dedup_count(d, by, i, i < d->n_own);
		if (!(i & EASE))
			nli_store_ease(d->store);
	}
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
				    s->copies[r->of[NLI_BY_PAIR]].best != i;

		if ((d->opts->conflicts == NLI_CONFLICTS_DROP && conflict) ||
		    (d->opts->conflicts == NLI_CONFLICTS_MERGE && merged))
			r->flags |= NLI_DEDUP_GONE;
		if (!(i & EASE))
			nli_store_ease(d->store);
	}
}

/* Texts that are compared for being near: the premises are not where only hypotheses are. */
static void sign(struct nli_dedup *d, unsigned rows)
{
	const struct nli_dedup_opts *o = d->opts;
	bool *wanted = nli_store_calloc(d->store, d->text.set.n, sizeof(*wanted));

	for (size_t k = 0; k < o->n_by && !o->exact; k++) {
		const struct nli_items *s = &d->items[o->by[k]];

		for (size_t i = 0; i < s->set.n; i++) {
			if (s->item[i].a != NLI_NO_ITEM)
				wanted[s->item[i].a] = true;
			if (s->item[i].b != NLI_NO_ITEM)
				wanted[s->item[i].b] = true;
			if (!(i & EASE))
				nli_store_ease(d->store);
		}
	}
	nli_texts_sign(&d->text, wanted, rows, o->jobs, o->memory / 8);
	nli_store_drop(d->store, wanted);
}

/* Elements from one that is read anyway, as far as the mapping is likely to have them. */
enum { CLOSE = 1024 };

static struct nli_view view_from(const struct nli_view *v, const void *array, uint32_t i,
				 uint32_t here)
{
	const bool close = (i > here ? i - here : here - i) < CLOSE;

	return close ? (struct nli_view){ .at = array, .fd = -1 } : *v;
}

struct nli_item nli_dedup_item(const struct nli_dedup *d, enum nli_by by, uint32_t i,
			       uint32_t here)
{
	const struct nli_view v =
		view_from(&d->view.item[by], d->items[by].item, i, here);
	struct nli_item x;

	nli_view_read(&v, i * sizeof(x), sizeof(x), &x);
	return x;
}

struct nli_copies nli_dedup_copies(const struct nli_dedup *d, enum nli_by by, uint32_t i,
				   uint32_t here)
{
	const struct nli_view v =
		view_from(&d->view.copies[by], d->items[by].copies, i, here);
	struct nli_copies x;

	nli_view_read(&v, i * sizeof(x), sizeof(x), &x);
	return x;
}

struct nli_hash128 nli_dedup_hash(const struct nli_dedup *d, enum nli_by by, uint32_t i,
				  uint32_t here)
{
	const struct nli_view v =
		view_from(&d->view.hash[by], d->items[by].set.hash, i, here);
	struct nli_hash128 x;

	nli_view_read(&v, i * sizeof(x), sizeof(x), &x);
	return x;
}

struct nli_cluster nli_dedup_cluster_of(const struct nli_dedup *d, enum nli_by by,
					uint32_t item)
{
	const struct nli_items *s = &d->items[by];
	struct nli_item root;
	uint32_t i;

	if (!s->item)
		return (struct nli_cluster){ item, s->copies[item].count,
					     s->copies[item].best, item };
	i = s->item[item].parent;
	root = nli_dedup_item(d, by, i, item);
	return (struct nli_cluster){ i, root.size, root.kept, root.least };
}

struct nli_str nli_dedup_any_id(const struct nli_dedup *d, uint32_t record, uint32_t here,
				struct nli_buf *tmp)
{
	struct nli_dedup_record r[2] = { { .id_end = 0 } };
	size_t len;

	if (view_from(&d->view.ids, NULL, record, here).fd < 0 &&
	    view_from(&d->view.record, NULL, record, here).fd < 0)
		return nli_dedup_id(d, record);
	if (record)
		nli_view_read(&d->view.record, (record - 1) * sizeof(*r), sizeof(r), r);
	else
		nli_view_read(&d->view.record, 0, sizeof(*r), &r[1]);
	len = (size_t)(r[1].id_end - r[0].id_end);
	nli_buf_clear(tmp);
	nli_view_read(&d->view.ids, (size_t)r[0].id_end, len, nli_buf_reserve(tmp, len));
	tmp->len = len;
	return nli_buf_str(tmp);
}

static void make_views(struct nli_dedup *d)
{
	d->view.record = nli_store_view(d->store, d->record);
	d->view.ids = nli_store_view(d->store, d->ids);
	for (int by = 0; by < NLI_N_BY; by++) {
		const struct nli_items *s = &d->items[by];

		d->view.item[by] = nli_store_view(d->store, s->item);
		d->view.copies[by] = nli_store_view(d->store, s->copies);
		d->view.hash[by] = nli_store_view(d->store, s->set.hash);
	}
}

void nli_dedup_cluster(struct nli_dedup *d)
{
	const struct nli_dedup_opts *o = d->opts;
	const unsigned rows = (o->edits && !o->exact ? NLI_TEXTS_UNITS : 0) |
			      (o->ngram && d->n > d->n_own ? NLI_TEXTS_WORDS : 0);

	if (d->store)
		nli_dedup_number(d);
	if (!nli_dedup_counts_at_once(d))
		count_records(d, NLI_BY_PAIR);
	mark_conflicts(d);
	/* Which record stands for an item may be another if some do not come out. */
	if (o->conflicts != NLI_CONFLICTS_MARK) {
		mark_gone(d);
		count_records(d, NLI_BY_PAIR);
	}
	for (int by = NLI_BY_PAIR + 1; by < NLI_N_BY; by++)
		if (d->wanted[by] &&
		    (!nli_dedup_counts_at_once(d) || o->conflicts != NLI_CONFLICTS_MARK))
			count_records(d, (enum nli_by)by);
	if (!o->no_texts && (!o->exact || rows))
		sign(d, rows);
	for (size_t i = 0; i < o->n_by; i++) {
		if (!o->exact)
			join_near(d, o->by[i]);
		if (!o->exact && o->edits)
			join_edited(d, o->by[i]);
		if (!o->no_texts)
			count_clusters(d, &d->items[o->by[i]]);
	}
	make_views(d);
}
