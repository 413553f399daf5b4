/* dedup_write.c - what nli-dedup says of a record and of all. */
#include "lib/model/dedup_run.h"

#include <stdio.h>
#include <string.h>

/* Records after which memory is let go of, a power of two less one. */
enum { EASE = 255 };

enum kind { NONE, EDIT, NEAR, EXACT };
static const char *const kind_name[] = { "none", "edit", "near", "exact" };

/*
 * EXACT if another record has the same item, NEAR if the cluster has others, EDIT
 * if there is one that differs by few tokens, outside of it.
 */
static enum kind kind_of(const struct nli_dedup *d, enum nli_by by, uint32_t item)
{
	const struct nli_items *s = &d->items[by];

	if (item == NLI_NO_ITEM)
		return NONE;
	if (s->copies[item].count > 1)
		return EXACT;
	if (!s->item)
		return NONE;
	if (nli_dedup_cluster_of(d, by, item).size > 1)
		return NEAR;
	return s->item[item].near != NLI_NO_ITEM ? EDIT : NONE;
}

/* The id of a record, told of record here. */
static void put_id(const struct nli_dedup *d, struct nli_jw *w, const char *key,
		   uint32_t record, uint32_t here)
{
	struct nli_buf tmp = { 0 };

	nli_jw_key(w, key);
	nli_jw_str(w, nli_dedup_any_id(d, record, here, &tmp));
	nli_buf_release(&tmp);
}

/* In how many tokens two items differ, if that is few. */
static void put_edits(const struct nli_dedup *d, const struct nli_item *x,
		      const struct nli_item *y, struct nli_jw *w)
{
	const unsigned max = (unsigned)d->opts->edits;
	const unsigned n = max ? nli_dedup_edits(d, x, y, max) : 1;

	if (n > max)
		return;
	nli_jw_key(w, "edits");
	nli_jw_u64(w, n);
}

static void put_nearest(const struct nli_dedup *d, enum nli_by by, uint32_t record,
			uint32_t item, struct nli_jw *w)
{
	const struct nli_items *s = &d->items[by];
	const struct nli_copies *c = item == NLI_NO_ITEM ? NULL : &s->copies[item];
	const struct nli_item *i = c && s->item ? &s->item[item] : NULL;
	const bool exact = c && c->count > 1;

	nli_jw_key(w, "nearest");
	if (!exact && (!i || i->near == NLI_NO_ITEM)) {
		nli_jw_null(w);
		return;
	}
	nli_jw_open(w, '{');
	put_id(d, w, "id",
	       !exact              ? nli_dedup_copies(d, by, i->near, item).best
	       : c->best == record ? c->second
				   : c->best,
	       record);
	nli_jw_key(w, "sim");
	nli_jw_real(w, exact ? 1 : (double)i->similarity);
	if (!exact) {
		const struct nli_item near = nli_dedup_item(d, by, i->near, item);

		put_edits(d, i, &near, w);
	}
	nli_jw_close(w, '}');
}

/* cluster, size, representative, of, kind, nearest */
static void put_cluster(const struct nli_dedup *d, enum nli_by by, uint32_t record,
			struct nli_jw *w)
{
	const uint32_t item = d->record[record].of[by];
	const bool any = item != NLI_NO_ITEM;
	struct nli_cluster c = { .size = 1, .kept = record };
	char name[NLI_KEY_LEN + 1];

	if (any)
		c = nli_dedup_cluster_of(d, by, item);

	nli_jw_key(w, "cluster");
	if (any) {
		nli_hash128_base32(nli_dedup_hash(d, by, c.least, item), name);
		nli_jw_cstr(w, name);
	} else {
		nli_jw_null(w);
	}
	nli_jw_key(w, "size");
	nli_jw_u64(w, c.size);
	nli_jw_key(w, "representative");
	nli_jw_bool(w, c.kept == record);
	put_id(d, w, "of", c.kept, record);
	nli_jw_key(w, "kind");
	nli_jw_cstr(w, kind_name[kind_of(d, by, item)]);
	put_nearest(d, by, record, item, w);
}

static void put_by(const struct nli_dedup *d, uint32_t record, struct nli_jw *w)
{
	nli_jw_key(w, "by");
	nli_jw_open(w, '[');
	for (size_t i = 0; i < d->opts->n_by; i++) {
		const enum nli_by by = d->opts->by[i];

		if (kind_of(d, by, d->record[record].of[by]) != NONE)
			nli_jw_cstr(w, nli_by_name(by));
	}
	nli_jw_close(w, ']');
}

static void put_conflict(const struct nli_dedup_found *f, uint32_t record,
			 struct nli_jw *w)
{
	const struct nli_dedup_record *r = &f->d->record[record];
	const struct nli_tally *t;
	size_t n;

	nli_jw_key(w, "conflict");
	if (!(r->flags & NLI_DEDUP_CONFLICT)) {
		nli_jw_null(w);
		return;
	}
	t = nli_conflict_of(f->disputes, r->of[NLI_BY_PAIR], &n);
	nli_jw_open(w, '{');
	nli_jw_key(w, "labels");
	nli_jw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		if (t[i].gold)
			nli_jw_str(w, f->disputes->labels.text[t[i].label]);
	nli_jw_close(w, ']');
	nli_jw_key(w, "votes");
	nli_jw_open(w, '{');
	for (size_t i = 0; i < n; i++) {
		nli_jw_keyn(w, f->disputes->labels.text[t[i].label]);
		nli_jw_u64(w, t[i].votes);
	}
	nli_jw_close(w, '}');
	nli_jw_key(w, "majority");
	nli_jw_str(w, nli_conflict_majority(f->disputes, r->of[NLI_BY_PAIR]));
	nli_jw_close(w, '}');
}

static void put_overlap_one(const struct nli_dedup *d, const char *by, uint32_t record,
			    const char *kind, double share, struct nli_jw *w)
{
	nli_jw_open(w, '{');
	put_id(d, w, "id", record, NLI_NO_ITEM);
	nli_jw_key(w, "by");
	nli_jw_cstr(w, by);
	nli_jw_key(w, "kind");
	nli_jw_cstr(w, kind);
	nli_jw_key(w, *kind == 'e' || !strcmp(kind, "near") ? "sim" : "covered");
	nli_jw_real(w, share);
	nli_jw_close(w, '}');
}

static bool is_compared(const struct nli_dedup_opts *o, enum nli_by by)
{
	for (size_t i = 0; i < o->n_by; i++)
		if (o->by[i] == by)
			return true;
	return false;
}

/* Of the pair's two texts, what stands in other corpora word for word. */
static void put_overlap_rows(const struct nli_dedup_found *f, uint32_t record,
			     struct nli_jw *w)
{
	const struct nli_dedup_record *r = &f->d->record[record];
	const struct nli_item *i = &f->d->items[NLI_BY_PAIR].item[r->of[NLI_BY_PAIR]];
	const uint32_t text[2] = { i->a, i->b };
	const enum nli_by by[2] = { NLI_BY_PREMISE, r->flags & NLI_DEDUP_CHOICE
							    ? NLI_BY_CHOICES
							    : NLI_BY_HYPOTHESIS };

	for (int k = 0; k < 2; k++) {
		const struct nli_overlap *o =
			text[k] == NLI_NO_ITEM ? NULL : &f->overlap[text[k]];
		const bool whole = o && o->text == text[k];

		/* What is equal and compared anyway has been told as "exact". */
		if (o && o->record != NLI_NO_ITEM &&
		    !(whole && is_compared(f->d->opts, by[k])))
			put_overlap_one(f->d, nli_by_name(by[k]), o->record,
					whole ? "text" : "ngram", (double)o->covered, w);
	}
}

static void put_overlap(const struct nli_dedup_found *f, uint32_t record,
			struct nli_jw *w)
{
	const struct nli_dedup *d = f->d;

	nli_jw_key(w, "overlap");
	nli_jw_open(w, '[');
	for (size_t k = 0; k < d->opts->n_by; k++) {
		const enum nli_by by = d->opts->by[k];
		const struct nli_items *s = &d->items[by];
		const uint32_t item = d->record[record].of[by];
		const struct nli_item *i =
			item == NLI_NO_ITEM || !s->item ? NULL : &s->item[item];

		if (item != NLI_NO_ITEM && s->copies[item].side != NLI_NO_ITEM)
			put_overlap_one(d, nli_by_name(by), s->copies[item].side, "exact",
					1, w);
		else if (i && i->side_near != NLI_NO_ITEM)
			put_overlap_one(d, nli_by_name(by),
					nli_dedup_copies(d, by, i->side_near, item).side,
					"near", (double)i->side_similarity, w);
	}
	if (f->overlap && d->record[record].of[NLI_BY_PAIR] != NLI_NO_ITEM)
		put_overlap_rows(f, record, w);
	nli_jw_close(w, ']');
}

/* Nothing at all to tell, as of most records: what nli_dedup_member() writes, in four pieces. */
static bool put_lonely(const struct nli_dedup_found *f, uint32_t record,
		       struct nli_buf *out)
{
	const struct nli_dedup *d = f->d;
	const struct nli_dedup_record *r = &d->record[record];
	const enum nli_by by = d->opts->by[0];
	const struct nli_items *s = &d->items[by];
	char name[NLI_KEY_LEN + 1];

	if (d->opts->n_by > 1 || d->n > d->n_own || r->of[by] == NLI_NO_ITEM ||
	    kind_of(d, by, r->of[by]) != NONE ||
	    r->flags & (NLI_DEDUP_CONFLICT | NLI_DEDUP_SELF))
		return false;
	nli_hash128_base32(s->set.hash[r->of[by]], name);
	nli_buf_adds(out, "{\"cluster\":\"");
	nli_buf_add(out, name, NLI_KEY_LEN);
	nli_buf_adds(out, "\",\"size\":1,\"representative\":true,\"of\":");
	nli_json_quote(out, nli_dedup_id(d, record));
	nli_buf_adds(out, ",\"kind\":\"none\",\"nearest\":null,\"by\":[],"
			  "\"conflict\":null,\"self_pair\":false,\"overlap\":[]}");
	return true;
}

void nli_dedup_member(const struct nli_dedup_found *f, uint32_t record,
		      struct nli_buf *out)
{
	const struct nli_dedup *d = f->d;
	struct nli_jw w = { .b = out };

	if (put_lonely(f, record, out))
		return;
	nli_jw_open(&w, '{');
	put_cluster(d, d->opts->by[0], record, &w);
	put_by(d, record, &w);
	put_conflict(f, record, &w);
	nli_jw_key(&w, "self_pair");
	nli_jw_bool(&w, d->record[record].flags & NLI_DEDUP_SELF);
	put_overlap(f, record, &w);
	for (size_t i = 1; i < d->opts->n_by; i++) {
		nli_jw_key(&w, nli_by_name(d->opts->by[i]));
		nli_jw_open(&w, '{');
		put_cluster(d, d->opts->by[i], record, &w);
		nli_jw_close(&w, '}');
	}
	nli_jw_close(&w, '}');
}

/* How one comparison came out. */
static void put_counts(const struct nli_dedup *d, enum nli_by by, struct nli_jw *w)
{
	const struct nli_items *s = &d->items[by];
	uint64_t clusters = 0, exact = 0, near = 0, edit = 0, spare = 0, largest = 0;

	for (uint32_t i = 0; i < d->n_own; i++) {
		const enum kind k = kind_of(d, by, d->record[i].of[by]);

		if (!(i & EASE))
			nli_store_ease(d->store);

		exact += k == EXACT;
		near += k == NEAR;
		edit += k == EDIT;
	}
	for (uint32_t i = 0; i < s->set.n; i++) {
		const struct nli_cluster c = nli_dedup_cluster_of(d, by, i);
		const uint32_t size = c.size;

		if (c.root != i || size < 2)
			continue;
		clusters++;
		spare += size - 1;
		largest = size > largest ? size : largest;
	}
	nli_jw_key(w, nli_by_name(by));
	nli_jw_open(w, '{');
	nli_jw_key(w, "clusters");
	nli_jw_u64(w, clusters);
	nli_jw_key(w, "largest");
	nli_jw_u64(w, largest);
	nli_jw_key(w, "exact");
	nli_jw_u64(w, exact);
	nli_jw_key(w, "near");
	nli_jw_u64(w, near);
	nli_jw_key(w, "edit");
	nli_jw_u64(w, edit);
	nli_jw_key(w, "spare");
	nli_jw_u64(w, spare);
	nli_jw_close(w, '}');
}

/* What share of pairs of each similarity is expected to be found. */
static void put_recall(const struct nli_dedup_opts *o, struct nli_jw *w)
{
	char key[8];

	nli_jw_key(w, "near");
	if (o->exact) {
		nli_jw_null(w);
		return;
	}
	nli_jw_open(w, '{');
	nli_jw_key(w, "rows");
	nli_jw_u64(w, NLI_SIG_LEN);
	nli_jw_key(w, "bands");
	nli_jw_u64(w, NLI_BANDS);
	nli_jw_key(w, "jaccard");
	nli_jw_real(w, o->jaccard);
	nli_jw_key(w, "edits");
	nli_jw_u64(w, (uint64_t)o->edits);
	nli_jw_key(w, "recall");
	nli_jw_open(w, '{');
	for (int j = 3; j <= 9; j++) {
		snprintf(key, sizeof(key), "0.%d", j);
		nli_jw_key(w, key);
		nli_jw_real(w, nli_sig_recall(j / 10.0));
	}
	nli_jw_close(w, '}');
	nli_jw_close(w, '}');
}

void nli_dedup_results(const struct nli_dedup_found *f, struct nli_jw *w)
{
	const struct nli_dedup *d = f->d;
	uint64_t conflicts = 0, self = 0;

	for (size_t i = 0; i < d->n_own; i++) {
		conflicts += (d->record[i].flags & NLI_DEDUP_CONFLICT) != 0;
		self += (d->record[i].flags & NLI_DEDUP_SELF) != 0;
	}
	if (!d->opts->no_texts) {
		nli_jw_key(w, "texts");
		nli_jw_u64(w, d->text.set.n);
	}
	put_recall(d->opts, w);
	for (size_t i = 0; i < d->opts->n_by; i++)
		put_counts(d, d->opts->by[i], w);
	nli_jw_key(w, "conflict");
	nli_jw_u64(w, conflicts);
	nli_jw_key(w, "self_pair");
	nli_jw_u64(w, self);
	nli_jw_key(w, "against");
	nli_jw_u64(w, d->n - d->n_own);
}
