/* conflict.c - see conflict.h. */
#include "lib/model/conflict.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

bool nli_conflict_wants(const struct nli_dedup *d, uint32_t record)
{
	const struct nli_dedup_record *r = &d->record[record];
	const uint32_t item = r->of[NLI_BY_PAIR];

	if (r->flags & NLI_DEDUP_CONFLICT)
		return true;
	return d->opts->conflicts == NLI_CONFLICTS_MERGE && item != NLI_NO_ITEM &&
	       d->items[NLI_BY_PAIR].copies[item].count > 1 &&
	       !(r->flags & NLI_DEDUP_CHOICE);
}

/* What nli_conflict_read() writes: this, then n_vote labels, then the annotations. */
struct head {
	uint32_t record, n_vote, gold; /* gold: is the first label the record's own */
	uint32_t annotations;          /* bytes */
};

/* A length, then the label. */
static void put_label(struct nli_buf *out, struct nli_str s, uint32_t *n)
{
	const uint32_t len = (uint32_t)s.len;

	nli_buf_add(out, &len, sizeof(len));
	nli_buf_add(out, s.s, s.len);
	++*n;
}

/* An annotation's label as text, as nli_dedup_label() has it. */
static struct nli_str vote_of(const struct nli_dedup *d, const struct nli_record *r,
			      const nli_jval *annotation, struct nli_buf *tmp)
{
	const nli_jval *v = nli_jget(annotation, "label");
	int64_t i;

	if (r->n_choice && nli_jint(v, &i))
		return nli_dedup_choice(d, r, i, tmp);
	return nli_jstr(v);
}

/* The source text of the annotations, or the label as one where there are none. */
static void put_annotations(const struct nli_record *r, struct nli_buf *out)
{
	struct nli_jiter it = nli_jiter(r->annotations);
	bool any = false;

	for (; nli_jnext(&it); any = true) {
		if (any)
			nli_buf_addc(out, ',');
		nli_json_write(out, it.val);
	}
	if (any || !r->label.s)
		return;
	nli_buf_adds(out, "{\"label\":");
	nli_json_quote(out, r->label);
	nli_buf_addc(out, '}');
}

void nli_conflict_read(const struct nli_dedup *d, uint32_t record,
		       const struct nli_record *r, struct nli_buf *out)
{
	const size_t at = out->len;
	struct nli_buf tmp = { 0 };
	const struct nli_str gold = nli_dedup_label(d, r, &tmp);
	struct nli_jiter it = nli_jiter(r->annotations);
	struct head h = { .record = record };
	size_t before;
	uint32_t n_gold = 0, votes = 0;

	nli_buf_add(out, &h, sizeof(h));
	if (gold.s)
		put_label(out, gold, &n_gold);
	if (gold.s && !nli_jlen(r->annotations))
		put_label(out, gold, &votes);
	while (nli_jnext(&it)) {
		const struct nli_str vote = vote_of(d, r, it.val, &tmp);

		if (vote.s)
			put_label(out, vote, &votes);
	}
	nli_buf_release(&tmp);
	before = out->len;
	if (d->opts->conflicts == NLI_CONFLICTS_MERGE)
		put_annotations(r, out);
	h.gold = n_gold;
	h.n_vote = votes;
	h.annotations = (uint32_t)(out->len - before);
	memcpy(out->data + at, &h, sizeof(h));
}

static struct nli_str take_label(const char **at)
{
	struct nli_str s;
	uint32_t len;

	memcpy(&len, *at, sizeof(len));
	s = (struct nli_str){ *at + sizeof(len), len };
	*at += sizeof(len) + len;
	return s;
}

static void add_tally(struct nli_disputes *c, uint32_t item, struct nli_str label,
		      bool gold)
{
	nli_grow(&c->tally, &c->cap, c->n + 1, sizeof(*c->tally));
	c->tally[c->n++] =
		(struct nli_tally){ item, (uint32_t)nli_intern_add(&c->labels, label),
				    !gold, gold };
}

void nli_conflict_add(struct nli_disputes *c, const struct nli_dedup *d,
		      struct nli_str read)
{
	const char *at = read.s, *const end = read.s + read.len;

	while (at < end) {
		struct head h;
		uint32_t item;

		memcpy(&h, at, sizeof(h));
		at += sizeof(h);
		item = d->record[h.record].of[NLI_BY_PAIR];
		for (uint32_t i = 0; i < h.gold + h.n_vote; i++)
			add_tally(c, item, take_label(&at), i < h.gold);
		if (!h.annotations)
			continue;
		nli_buf_add(&c->text, at, h.annotations);
		at += h.annotations;
		nli_grow(&c->merged, &c->merged_cap, c->n_merged + 1, sizeof(*c->merged));
		c->merged[c->n_merged++] =
			(struct nli_merged){ item, h.record, c->text.len };
	}
}

struct sorting {
	struct nli_tally t;
	struct nli_str label;
};

static int by_item_label(const void *a, const void *b)
{
	const struct sorting *x = a, *y = b;

	if (x->t.item != y->t.item)
		return x->t.item < y->t.item ? -1 : 1;
	return nli_str_cmp(x->label, y->label);
}

/* Sort the tallies and add up equal ones. */
static void sum_tallies(struct nli_disputes *c)
{
	struct sorting *s = nli_xmalloc(c->n, sizeof(*s));
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		s[i] = (struct sorting){ c->tally[i], c->labels.text[c->tally[i].label] };
	qsort(s, c->n, sizeof(*s), by_item_label);
	for (size_t i = 0; i < c->n; i++) {
		struct nli_tally *last = n ? &c->tally[n - 1] : NULL;

		if (last && last->item == s[i].t.item && last->label == s[i].t.label) {
			last->votes += s[i].t.votes;
			last->gold += s[i].t.gold;
		} else {
			c->tally[n++] = s[i].t;
		}
	}
	c->n = n;
	free(s);
}

struct sorting_merged {
	struct nli_merged m;
	struct nli_str id, text;
};

static int by_item_id(const void *a, const void *b)
{
	const struct sorting_merged *x = a, *y = b;

	if (x->m.item != y->m.item)
		return x->m.item < y->m.item ? -1 : 1;
	return nli_str_cmp(x->id, y->id);
}

/* Put the annotations in the order of the records' ids, whatever that of the input. */
static void sort_merged(struct nli_disputes *c, const struct nli_dedup *d)
{
	struct sorting_merged *s = nli_xmalloc(c->n_merged, sizeof(*s));
	struct nli_buf text = { 0 };
	size_t from = 0;

	for (size_t i = 0; i < c->n_merged; i++) {
		s[i].m = c->merged[i];
		s[i].id = nli_dedup_id(d, s[i].m.record);
		s[i].text = (struct nli_str){ c->text.data + from, s[i].m.end - from };
		from = s[i].m.end;
	}
	qsort(s, c->n_merged, sizeof(*s), by_item_id);
	for (size_t i = 0; i < c->n_merged; i++) {
		nli_buf_add(&text, s[i].text.s, s[i].text.len);
		c->merged[i] = s[i].m;
		c->merged[i].end = text.len;
	}
	nli_buf_release(&c->text);
	c->text = text;
	free(s);
}

void nli_conflict_end(struct nli_disputes *c, const struct nli_dedup *d)
{
	sum_tallies(c);
	sort_merged(c, d);
}

const struct nli_tally *nli_conflict_of(const struct nli_disputes *c, uint32_t item,
					size_t *n)
{
	size_t lo = 0, hi = c->n;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;

		if (c->tally[mid].item < item)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (*n = 0; lo + *n < c->n && c->tally[lo + *n].item == item;)
		++*n;
	return c->tally + lo;
}

struct nli_str nli_conflict_majority(const struct nli_disputes *c, uint32_t item)
{
	size_t n;
	const struct nli_tally *t = nli_conflict_of(c, item, &n), *best = NULL;
	bool tie = false;

	for (size_t i = 0; i < n; i++) {
		if (!best || t[i].votes > best->votes) {
			best = &t[i];
			tie = false;
		} else {
			tie |= t[i].votes == best->votes;
		}
	}
	return best && !tie ? c->labels.text[best->label] : (struct nli_str){ NULL, 0 };
}

void nli_conflict_annotations(const struct nli_disputes *c, uint32_t item,
			      struct nli_buf *out)
{
	size_t lo = 0, hi = c->n_merged;
	bool any = false;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;

		if (c->merged[mid].item < item)
			lo = mid + 1;
		else
			hi = mid;
	}
	nli_buf_addc(out, '[');
	for (; lo < c->n_merged && c->merged[lo].item == item; lo++, any = true) {
		const size_t from = lo ? c->merged[lo - 1].end : 0;

		if (any)
			nli_buf_addc(out, ',');
		nli_buf_add(out, c->text.data + from, c->merged[lo].end - from);
	}
	nli_buf_addc(out, ']');
}

void nli_conflict_release(struct nli_disputes *c)
{
	free(c->tally);
	free(c->merged);
	nli_intern_release(&c->labels);
	nli_buf_release(&c->text);
	memset(c, 0, sizeof(*c));
}
