/* dedup.c - see dedup.h: records in, items, clusters. */
#include "lib/model/dedup.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/number.h"
#include "lib/text/norm.h"

const char *nli_by_name(enum nli_by by)
{
	static const char *const name[NLI_N_BY] = { "pair", "premise", "hypothesis",
						    "choices" };

	return name[by];
}

void nli_dedup_init(struct nli_dedup *d, const struct nli_dedup_opts *opts)
{
	memset(d, 0, sizeof(*d));
	d->opts = opts;
	for (size_t i = 0; i < opts->n_by; i++)
		d->wanted[opts->by[i]] = true;
	d->wanted[NLI_BY_PAIR] = true; /* conflicts are of pairs */
	d->store = opts->memory ? nli_store_new(opts->memory / 2) : NULL;
	d->text.store = d->text.set.store = d->store;
	for (int by = 0; by < NLI_N_BY; by++)
		d->items[by].set.store = d->store;
}

void nli_dedup_release(struct nli_dedup *d)
{
	nli_texts_release(&d->text);
	for (int by = 0; by < NLI_N_BY; by++) {
		nli_set128_release(&d->items[by].set);
		nli_store_drop(d->store, d->items[by].copies);
		nli_store_drop(d->store, d->items[by].item);
	}
	nli_store_drop(d->store, d->record);
	nli_store_drop(d->store, d->pair);
	nli_store_drop(d->store, d->ids);
	nli_store_drop(d->store, d->late.hash);
	nli_store_drop(d->store, d->late.end);
	nli_store_drop(d->store, d->late.bytes);
	nli_store_free(d->store);
	memset(d, 0, sizeof(*d));
}

/* What nli_dedup_read() writes of a record; label, id and texts follow it. */
struct seen {
	uint32_t size; /* of all, with what follows */
	uint32_t flags, votes;
	uint32_t label, id, text[2]; /* bytes; a text that is not there: NLI_NO_ITEM */
	uint32_t bare;               /* 1: texts do not follow */
	struct nli_hash128 hash[2];  /* of the texts; 0 if not there */
};

static uint64_t size_of(const struct seen *s)
{
	uint64_t size = sizeof(*s) + (uint64_t)s->label + s->id;

	for (int i = 0; i < 2 && !s->bare; i++)
		size += s->text[i] != NLI_NO_ITEM ? s->text[i] : 0;
	return size;
}

/*
 * The match form, or the text as it is where nothing is to be folded and where
 * the form is empty: "?" is not "!".
 */
static void add_form(struct nli_str s, unsigned match, struct nli_buf *out)
{
	const size_t before = out->len;

	if (match)
		nli_text_match_form(s, match, out);
	if (out->len == before)
		nli_buf_add(out, s.s, s.len);
}

static int by_text(const void *a, const void *b)
{
	const struct nli_str *x = a, *y = b;

	return nli_str_cmp(*x, *y);
}

/* All choices as one text, the same for any order of them. */
static void add_choices(const struct nli_record *r, unsigned match,
			struct nli_dedup_scratch *s)
{
	struct nli_str form[NLI_MAX_CHOICES];
	size_t end[NLI_MAX_CHOICES];

	nli_buf_clear(&s->part);
	for (size_t i = 0; i < r->n_choice; i++) {
		add_form(r->choice[i], match, &s->part);
		end[i] = s->part.len;
	}
	for (size_t i = 0; i < r->n_choice; i++) {
		const size_t from = i ? end[i - 1] : 0;

		form[i] =
			(struct nli_str){ nli_buf_str(&s->part).s + from, end[i] - from };
	}
	qsort(form, r->n_choice, sizeof(*form), by_text);
	for (size_t i = 0; i < r->n_choice; i++) {
		if (i)
			nli_buf_addc(&s->form[1], '\n');
		nli_buf_add(&s->form[1], form[i].s, form[i].len);
	}
}

struct nli_str nli_dedup_choice(const struct nli_dedup *d, const struct nli_record *r,
				int64_t i, struct nli_buf *tmp)
{
	if (i < 0 || i >= (int64_t)r->n_choice)
		return (struct nli_str){ NULL, 0 };
	nli_buf_clear(tmp);
	add_form(r->choice[i], d->opts->match, tmp);
	return nli_buf_str(tmp);
}

struct nli_str nli_dedup_label(const struct nli_dedup *d, const struct nli_record *r,
			       struct nli_buf *tmp)
{
	return r->n_choice ? nli_dedup_choice(d, r, r->answer, tmp) : r->label;
}

void nli_dedup_scratch_release(struct nli_dedup_scratch *s)
{
	nli_buf_release(&s->form[0]);
	nli_buf_release(&s->form[1]);
	nli_buf_release(&s->part);
	nli_buf_release(&s->last);
}

/* Several hypotheses of one premise stand beside each other in most corpora. */
static void form_premise(const struct nli_dedup *d, struct nli_str premise,
			 struct nli_dedup_scratch *s)
{
	if (s->last.data && nli_str_eq(premise, nli_buf_str(&s->last)))
		return;
	nli_buf_clear(&s->last);
	nli_buf_add(&s->last, premise.s, premise.len);
	nli_buf_clear(&s->form[0]);
	add_form(premise, d->opts->match, &s->form[0]);
	s->hash = nli_hash128(s->form[0].data, s->form[0].len);
}

void nli_dedup_read(const struct nli_dedup *d, const struct nli_record *r,
		    struct nli_dedup_scratch *s, struct nli_buf *out)
{
	const bool choice = r->n_choice > 0;
	const bool has[2] = { r->premise.s, choice || r->hypothesis.s };
	struct seen seen = {
		.bare = d->opts->no_forms,
		.votes = (uint32_t)nli_record_votes(r),
		.id = (uint32_t)r->id.len,
		.text = { NLI_NO_ITEM, NLI_NO_ITEM },
	};
	struct nli_str label;

	if (has[0]) {
		form_premise(d, r->premise, s);
		seen.text[0] = (uint32_t)s->form[0].len;
		seen.hash[0] = s->hash;
	}
	nli_buf_clear(&s->form[1]);
	if (choice)
		add_choices(r, d->opts->match, s);
	else if (has[1])
		add_form(r->hypothesis, d->opts->match, &s->form[1]);
	if (has[1]) {
		seen.text[1] = (uint32_t)s->form[1].len;
		seen.hash[1] = nli_hash128(s->form[1].data, s->form[1].len);
	}
	label = nli_dedup_label(d, r, &s->part);
	seen.label = (uint32_t)label.len;
	if (choice)
		seen.flags |= NLI_DEDUP_CHOICE;
	else if (has[0] && has[1] &&
		 nli_str_eq(nli_buf_str(&s->form[0]), nli_buf_str(&s->form[1])))
		seen.flags |= NLI_DEDUP_SELF;
	if (nli_object_find(&r->obj, "dedup"))
		seen.flags |= NLI_DEDUP_HAS;
	seen.size = (uint32_t)size_of(&seen);
	nli_buf_reserve(out, seen.size);
	nli_buf_add(out, &seen, sizeof(seen));
	nli_buf_add(out, label.s, label.len);
	nli_buf_add(out, r->id.s, r->id.len);
	for (int i = 0; i < 2 && !seen.bare; i++)
		if (has[i])
			nli_buf_add(out, s->form[i].data, s->form[i].len);
}

struct nli_str nli_dedup_id(const struct nli_dedup *d, uint32_t record)
{
	const uint64_t from = record ? d->record[record - 1].id_end : 0;

	return (struct nli_str){ d->ids + from,
				 (size_t)(d->record[record].id_end - from) };
}

bool nli_dedup_better(const struct nli_dedup *d, uint32_t a, uint32_t b)
{
	const struct nli_dedup_record *x = &d->record[a], *y = &d->record[b];

	if ((x->flags ^ y->flags) & NLI_DEDUP_GONE)
		return y->flags & NLI_DEDUP_GONE;
	if (d->opts->keep == NLI_KEEP_FIRST)
		return a < b;
	if (d->opts->keep == NLI_KEEP_LONGEST && x->length != y->length)
		return x->length > y->length;
	if (x->votes != y->votes)
		return x->votes > y->votes;
	if (!x->label != !y->label)
		return x->label;
	return nli_str_cmp(nli_dedup_id(d, a), nli_dedup_id(d, b)) < 0;
}

/* A side of a pair, or what is compared by itself. */
struct side {
	bool there;
	uint32_t text;
	struct nli_hash128 hash;
};

static const struct side no_side = { .text = NLI_NO_ITEM };

/* The hash of what a comparison compares; {0, 0}: nothing. */
static struct nli_hash128 hash_of(const struct nli_dedup *d, enum nli_by by,
				  const struct side side[2], uint32_t flags)
{
	const struct nli_hash128 none = { 0, 0 },
				 both[2] = { side[0].hash, side[1].hash };
	const bool choice = flags & NLI_DEDUP_CHOICE;

	if (!d->wanted[by])
		return none;
	if (by == NLI_BY_PAIR)
		return side[0].there || side[1].there ? nli_hash128(both, sizeof(both))
						      : none;
	if (by == NLI_BY_PREMISE)
		return side[0].there ? side[0].hash : none;
	return side[1].there && choice == (by == NLI_BY_CHOICES) ? side[1].hash : none;
}

static const struct nli_copies no_copies = { 0, NLI_NO_ITEM, NLI_NO_ITEM, NLI_NO_ITEM };

void nli_dedup_count(struct nli_dedup *d, enum nli_by by, uint32_t record, bool own)
{
	const struct nli_dedup_record *r = &d->record[record];
	struct nli_items *s = &d->items[by];
	struct nli_copies *c = &s->copies[r->of[by]];

	if (s->item) {
		s->item[r->of[by]].whose |= own ? NLI_WHOSE_INPUT : NLI_WHOSE_OTHER;
		s->item[r->of[by]].parts |= own ? (uint32_t)1 << r->part : 0;
	}
	if (!own) {
		if (c->side == NLI_NO_ITEM)
			c->side = record;
		return;
	}
	c->count++;
	if (c->best == NLI_NO_ITEM || nli_dedup_better(d, record, c->best)) {
		c->second = c->best;
		c->best = record;
	} else if (c->second == NLI_NO_ITEM || nli_dedup_better(d, record, c->second)) {
		c->second = record;
	}
}

static void new_item(struct nli_dedup *d, enum nli_by by, uint32_t i,
		     const struct side side[2])
{
	struct nli_items *s = &d->items[by];

	nli_store_grow(d->store, &s->copies, &s->copies_cap, s->set.n,
		       sizeof(*s->copies));
	s->copies[i] = no_copies;
	if (d->opts->no_texts)
		return;
	nli_store_grow(d->store, &s->item, &s->cap, s->set.n, sizeof(*s->item));
	s->item[i] = (struct nli_item){
		.a = (by == NLI_BY_PAIR || by == NLI_BY_PREMISE ? side[0] : side[1]).text,
		.b = (by == NLI_BY_PAIR ? side[1] : no_side).text,
		.near = NLI_NO_ITEM,
		.side_near = NLI_NO_ITEM,
		.parent = i,
	};
}

bool nli_dedup_counts_at_once(const struct nli_dedup *d)
{
	return d->opts->no_texts && !d->store;
}

static void add_items(struct nli_dedup *d, struct nli_dedup_record *r,
		      const struct side side[2], bool own)
{
	for (int by = 0; by < NLI_N_BY; by++) {
		const struct nli_hash128 h = hash_of(d, (enum nli_by)by, side, r->flags);
		bool fresh = false;

		r->of[by] = h.hi || h.lo ? nli_set128_add(&d->items[by].set, h, &fresh)
					 : NLI_NO_ITEM;
		if (fresh)
			new_item(d, (enum nli_by)by, r->of[by], side);
		else if (by == NLI_BY_PAIR)
			d->twins = true;
		if (r->of[by] != NLI_NO_ITEM && nli_dedup_counts_at_once(d))
			nli_dedup_count(d, (enum nli_by)by, (uint32_t)d->n, own);
	}
}

/* However many are expected: the first records of a file may not be like the others. */
enum { MOST_EXPECTED = 1 << 22 };

/* Arrays that are doubled all the way to their size are made, and copied, twice. */
void nli_dedup_reserve(struct nli_dedup *d, uint64_t n)
{
	const double times = (double)(n < MOST_EXPECTED ? n : MOST_EXPECTED) /
			     (double)(d->n ? d->n : 1);
	const size_t texts = (size_t)(times * (double)d->text.set.n);

	if (d->store || times <= 2)
		return;
	nli_grow(&d->record, &d->cap, (size_t)(times * (double)d->n), sizeof(*d->record));
	nli_grow(&d->ids, &d->ids_cap,
		 (size_t)(times * (double)d->record[d->n - 1].id_end), 1);
	for (int by = 0; by < NLI_N_BY; by++) {
		struct nli_items *s = &d->items[by];
		const size_t items = (size_t)(times * (double)s->set.n);

		if (!d->wanted[by])
			continue;
		nli_set128_reserve(&s->set, items);
		nli_grow(&s->copies, &s->copies_cap, items, sizeof(*s->copies));
		if (!d->opts->no_texts)
			nli_grow(&s->item, &s->cap, items, sizeof(*s->item));
	}
	if (!d->opts->no_texts)
		nli_texts_reserve(&d->text, texts);
}

/* Put a record's texts and their hashes by. */
static void add_late(struct nli_dedup *d, const struct seen *s, const char *at)
{
	const size_t n = 2 * d->n;
	uint64_t to = n ? d->late.end[n - 1] : 0;

	nli_store_grow(d->store, &d->late.hash, &d->late.hash_cap, n + 2,
		       sizeof(*d->late.hash));
	nli_store_grow(d->store, &d->late.end, &d->late.end_cap, n + 2,
		       sizeof(*d->late.end));
	for (int i = 0; i < 2; i++) {
		const size_t len =
			s->text[i] != NLI_NO_ITEM && !d->opts->no_texts ? s->text[i] : 0;

		nli_store_grow(d->store, &d->late.bytes, &d->late.bytes_cap,
			       (size_t)to + len, 1);
		if (len)
			memcpy(d->late.bytes + to, at, len);
		at += len;
		to += len;
		d->late.end[n + (size_t)i] = to;
		d->late.hash[n + (size_t)i] = s->hash[i];
	}
}

/* Every so many records, a power of two less one. */
enum { EASE = 255 };

/* The number of each side's text, and the texts once each. */
static uint32_t *number_texts(struct nli_dedup *d)
{
	const size_t n = 2 * d->n;
	struct nli_texts *t = &d->text;
	uint32_t *number = nli_store_calloc(d->store, n, sizeof(*number));
	const size_t n_text =
		nli_number(d->store, d->late.hash, n, d->opts->memory / 4, number);

	for (size_t i = 0; i < n && t->set.n < n_text; i++) {
		const uint64_t from = i ? d->late.end[i - 1] : 0;
		const struct nli_str s = { d->late.bytes + from,
					   (size_t)(d->late.end[i] - from) };

		if (number[i] == t->set.n)
			nli_texts_append(t, s, d->late.hash[i]);
		if (!(i & EASE))
			nli_store_ease(d->store);
	}
	nli_store_drop(d->store, d->late.bytes);
	nli_store_drop(d->store, d->late.end);
	d->late.bytes = NULL;
	d->late.end = NULL;
	return number;
}

static void sides_of(const struct nli_dedup *d, const uint32_t *text, size_t record,
		     struct side side[2])
{
	for (size_t i = 0; i < 2; i++) {
		const struct nli_hash128 h = d->late.hash[2 * record + i];

		side[i] = (struct side){ h.hi || h.lo,
					 text ? text[2 * record + i] : NLI_NO_ITEM, h };
	}
}

static void number_items(struct nli_dedup *d, enum nli_by by, const uint32_t *text)
{
	struct nli_set128 *set = &d->items[by].set;
	struct nli_hash128 *hash = nli_store_calloc(d->store, d->n, sizeof(*hash));
	uint32_t *number = nli_store_calloc(d->store, d->n, sizeof(*number));
	struct side side[2];

	for (size_t i = 0; i < d->n; i++) {
		sides_of(d, text, i, side);
		hash[i] = hash_of(d, by, side, d->record[i].flags);
		if (!(i & EASE))
			nli_store_ease(d->store);
	}
	nli_number(d->store, hash, d->n, d->opts->memory / 4, number);
	for (size_t i = 0; i < d->n; i++) {
		d->record[i].of[by] = number[i];
		if (number[i] == set->n) {
			sides_of(d, text, i, side);
			nli_set128_append(set, hash[i]);
			new_item(d, by, number[i], side);
		} else if (by == NLI_BY_PAIR) {
			d->twins = true;
		}
		if (!(i & EASE))
			nli_store_ease(d->store);
	}
	nli_store_drop(d->store, hash);
	nli_store_drop(d->store, number);
}

void nli_dedup_number(struct nli_dedup *d)
{
	uint32_t *text = d->opts->no_texts ? NULL : number_texts(d);

	for (int by = 0; by < NLI_N_BY; by++)
		number_items(d, (enum nli_by)by, text);
	nli_store_drop(d->store, text);
	nli_store_drop(d->store, d->late.hash);
	d->late.hash = NULL;
}

static int add_record(struct nli_dedup *d, const struct seen *s, const char *at, bool own,
		      struct nli_err *err)
{
	struct side side[2] = { no_side, no_side };
	struct nli_dedup_record *r;

	if (d->n >= NLI_NO_ITEM / 2) /* its sides have numbers, too */
		return nli_fail(err, NLI_ESTOP, "more than %u records", NLI_NO_ITEM / 2);
	nli_store_grow(d->store, &d->record, &d->cap, d->n + 1, sizeof(*r));
	r = &d->record[d->n];
	*r = (struct nli_dedup_record){ .flags = s->flags, .votes = s->votes };
	if (s->label)
		r->label = nli_hash(at, s->label, 0) % (UINT64_MAX - 1) + 1;
	at += s->label;
	r->id_end = d->n ? r[-1].id_end : 0;
	nli_store_grow(d->store, &d->ids, &d->ids_cap, (size_t)r->id_end + s->id + 1, 1);
	memcpy(d->ids + r->id_end, at, s->id);
	r->id_end += s->id;
	at += s->id;
	for (int i = 0; i < 2; i++)
		r->length += s->text[i] != NLI_NO_ITEM ? s->text[i] : 0;
	if (d->store)
		add_late(d, s, at);
	for (int i = 0; i < 2 && !d->store; i++) {
		const struct nli_str text = { at, s->text[i] };

		if (text.len == NLI_NO_ITEM)
			continue;
		side[i].there = true;
		side[i].hash = s->hash[i];
		if (!d->opts->no_texts)
			side[i].text = nli_texts_add(&d->text, text, s->hash[i]);
		at += s->text[i];
	}
	if (!d->store)
		add_items(d, r, side, own);
	d->n++;
	d->n_own += own;
	return 0;
}

static bool fits(const struct nli_dedup *d, const struct seen *s, size_t left)
{
	return s->size == size_of(s) && s->size <= left &&
	       (!s->bare || d->opts->no_texts);
}

/* Look-ups are cache misses: have a record's ready when its turn comes. */
static void expect(const struct nli_dedup *d, const struct seen *s)
{
	for (int i = 0; i < 2 && !d->opts->no_texts; i++)
		nli_set128_expect(&d->text.set, s->hash[i]);
	if (d->wanted[NLI_BY_PAIR])
		nli_set128_expect(&d->items[NLI_BY_PAIR].set,
				  nli_hash128(s->hash, sizeof(s->hash)));
	if (d->wanted[NLI_BY_PREMISE])
		nli_set128_expect(&d->items[NLI_BY_PREMISE].set, s->hash[0]);
	if (d->wanted[NLI_BY_HYPOTHESIS])
		nli_set128_expect(&d->items[NLI_BY_HYPOTHESIS].set, s->hash[1]);
}

/* How many records before its turn. */
enum { AHEAD = 6 };

/* Expect the next record of what is left of ahead, if there is one. */
static void expect_next(const struct nli_dedup *d, struct nli_str *ahead)
{
	struct seen s;

	if (ahead->len < sizeof(s))
		return;
	memcpy(&s, ahead->s, sizeof(s));
	if (!fits(d, &s, ahead->len)) {
		ahead->len = 0;
		return;
	}
	expect(d, &s);
	ahead->s += s.size;
	ahead->len -= s.size;
}

int nli_dedup_add(struct nli_dedup *d, struct nli_str read, bool own, struct nli_err *err)
{
	struct nli_str ahead = read;

	for (int i = 0; i < AHEAD && !d->store; i++)
		expect_next(d, &ahead);
	while (read.len) {
		struct seen s;
		int rc;

		if (read.len < sizeof(s))
			return nli_fail(err, NLI_EDATA, "cut short in a record");
		memcpy(&s, read.s, sizeof(s));
		if (!fits(d, &s, read.len))
			return nli_fail(err, NLI_EDATA, "a record of wrong size");
		if (!d->store)
			expect_next(d, &ahead);
		rc = add_record(d, &s, read.s + sizeof(s), own, err);
		if (rc)
			return rc;
		read.s += s.size;
		read.len -= s.size;
		if (!(d->n & EASE))
			nli_store_ease(d->store);
	}
	return 0;
}
