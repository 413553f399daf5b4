/* tally.c - see tally.h: counts by coordinates, samples, merging.  seen.c fills them. */
#include "lib/show/tally.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/show/seen.h"

enum { MAX_VALUES = 250, MAX_LABELS = 64, NAME_BYTES = 256 };

static const int8_t shape[NLI_COUNT_KINDS][4] = {
	[NLI_COUNT_RECORDS] = { NLI_DIM_CORPUS, NLI_DIM_SPLIT, NLI_DIM_LABEL,
				NLI_DIM_TASK },
	[NLI_COUNT_LANG] = { NLI_DIM_LANG, NLI_DIM_LABEL, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_MOVED] = { NLI_DIM_SOURCE_SPLIT, NLI_DIM_SPLIT, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_STRATUM] = { NLI_PLAIN, NLI_BY_A, NLI_DIM_LABEL, NLI_PLAIN },
	[NLI_COUNT_CONFUSION] = { NLI_DIM_LABEL, NLI_DIM_PRED, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_BIN] = { NLI_PLAIN, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_BIN_RIGHT] = { NLI_PLAIN, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_BIN_SUM] = { NLI_PLAIN, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_GOLD_P] = { NLI_DIM_LABEL, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_LENGTH] = { NLI_DIM_SIDE, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_OVERLAP] = { NLI_DIM_SIDE, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_LEVEL] = { NLI_DIM_LABEL, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_FILTER] = { NLI_DIM_REASON, NLI_DIM_LABEL, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_FILTER_N] = { NLI_PLAIN, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_DEDUP] = { NLI_PLAIN, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_TWIN_LABEL] = { NLI_DIM_LABEL, NLI_DIM_PRED, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_ADVERSARIAL] = { NLI_DIM_METHOD, NLI_DIM_LABEL, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_MADE_RULE] = { NLI_DIM_RULE, NLI_DIM_LABEL, NLI_PLAIN,
				  NLI_DIM_METHOD },
	[NLI_COUNT_AGREEMENT] = { NLI_DIM_LABEL, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_VOTES] = { NLI_PLAIN, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_POSTERIOR] = { NLI_PLAIN, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_TRUTH] = { NLI_DIM_LABEL, NLI_DIM_PRED, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_ROLLED] = { NLI_PLAIN, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_WEIGHT] = { NLI_DIM_LABEL, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
	[NLI_COUNT_WATCHED] = { NLI_PLAIN, NLI_PLAIN, NLI_PLAIN, NLI_PLAIN },
};

static const enum nli_dim sample_dim[NLI_SAMPLE_KINDS] = {
	[NLI_SAMPLE_EASY] = NLI_DIM_LABEL,     [NLI_SAMPLE_HARD] = NLI_DIM_LABEL,
	[NLI_SAMPLE_TWIN] = NLI_DIM_LABEL,     [NLI_SAMPLE_CONFLICT] = NLI_DIM_LABEL,
	[NLI_SAMPLE_DROPPED] = NLI_DIM_REASON, [NLI_SAMPLE_ADVERSARIAL] = NLI_DIM_METHOD,
	[NLI_SAMPLE_DISPUTED] = NLI_DIM_LABEL,
};

static uint64_t pack(enum nli_count kind, size_t a, size_t b, size_t c, size_t d)
{
	return (uint64_t)kind << 56 | (uint64_t)(a & 0xffff) << 40 |
	       (uint64_t)(b & 0xffff) << 24 | (uint64_t)(c & 0xfff) << 12 | (d & 0xfff);
}

struct nli_tally *nli_tally_new(uint64_t seed, const struct nli_intern *watch)
{
	static const char *const name[NLI_DIM_FIXED] = {
		"corpus", "lang", "split",  "source_split", "task", "label",
		"pred",   "side", "reason", "method",       "rule",
	};
	struct nli_tally *t = nli_xcalloc(1, sizeof(*t));

	for (size_t i = 0; i < NLI_DIM_FIXED; i++)
		t->field[i].name = nli_str_of(name[i]);
	t->n_field = NLI_DIM_FIXED;
	t->seed = seed;
	t->watch = watch;
	t->scratch = nli_seen_scratch_new();
	return t;
}

void nli_tally_free(struct nli_tally *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n_field; i++) {
		nli_intern_release(&t->field[i].values);
		if (i >= NLI_DIM_FIXED)
			free((char *)(uintptr_t)t->field[i].name.s);
	}
	for (size_t i = 0; i < t->n_samples; i++)
		for (size_t k = 0; k < t->samples[i].n; k++)
			free(t->samples[i].s[k].line);
	free(t->samples);
	for (size_t i = 0; i < NLI_SHARE_KINDS; i++)
		nli_shared_release(&t->shared[i]);
	nli_map64_release(&t->count);
	nli_map64_release(&t->keys);
	nli_seen_scratch_free(t->scratch);
	free(t);
}

size_t nli_tally_value(struct nli_tally *t, size_t dim, struct nli_str s)
{
	struct nli_field *f = &t->field[dim];
	const bool few = dim == NLI_DIM_LABEL || dim >= NLI_DIM_FIXED;
	size_t v;

	if (!s.s)
		return NLI_VALUE_NONE;
	if (f->many)
		return NLI_VALUE_MANY;
	if (s.len > NAME_BYTES) /* no name of a class: it would only fill memory */
		for (s.len = NAME_BYTES; ((unsigned char)s.s[s.len] & 0xc0) == 0x80;)
			s.len--;
	v = nli_intern_add(&f->values, s);
	if (v >= (few ? MAX_LABELS : MAX_VALUES)) {
		f->many = true;
		return NLI_VALUE_MANY;
	}
	return v + 1;
}

size_t nli_tally_dim(struct nli_tally *t, struct nli_str name)
{
	for (size_t i = NLI_DIM_FIXED; i < t->n_field; i++)
		if (nli_str_eq(t->field[i].name, name))
			return i;
	if (t->n_field == NLI_DIM_MAX) {
		t->many_fields = true;
		return NLI_DIM_MAX;
	}
	t->field[t->n_field].name =
		(struct nli_str){ nli_xstrndup(name.s, name.len), name.len };
	return t->n_field++;
}

void nli_tally_count(struct nli_tally *t, enum nli_count kind, size_t a, size_t b,
		     size_t c, size_t d, uint64_t n)
{
	*nli_map64_put(&t->count, pack(kind, a, b, c, d), NULL) += n;
}

uint64_t nli_tally_get(const struct nli_tally *t, enum nli_count kind, size_t a, size_t b,
		       size_t c, size_t d)
{
	const uint64_t *n = nli_map64_get(&t->count, pack(kind, a, b, c, d));

	return n ? *n : 0;
}

/* Of texts that are there twice with two labels, one is kept: the same one in any order. */
void nli_tally_key(struct nli_tally *t, uint64_t key, uint64_t label)
{
	bool fresh;
	uint64_t *v = nli_map64_put(&t->keys, key, &fresh);

	if (fresh || label < *v)
		*v = label;
}

static struct nli_samples *samples_of(struct nli_tally *t, enum nli_sample_kind kind,
				      size_t value)
{
	for (size_t i = 0; i < t->n_samples; i++)
		if (t->samples[i].kind == kind && t->samples[i].value == value)
			return &t->samples[i];
	nli_grow(&t->samples, &t->samples_cap, t->n_samples + 1, sizeof(*t->samples));
	memset(&t->samples[t->n_samples], 0, sizeof(*t->samples));
	t->samples[t->n_samples].kind = kind;
	t->samples[t->n_samples].value = (uint16_t)value;
	return &t->samples[t->n_samples++];
}

static int compare(const struct nli_sample *a, const struct nli_sample *b)
{
	for (int i = 0; i < 2; i++)
		if (a->order[i] != b->order[i])
			return a->order[i] < b->order[i] ? -1 : 1;
	return nli_str_cmp((struct nli_str){ a->line, a->len },
			   (struct nli_str){ b->line, b->len });
}

void nli_tally_sample(struct nli_tally *t, enum nli_sample_kind kind, size_t value,
		      const uint64_t order[2], struct nli_str line)
{
	const size_t most = kind == NLI_SAMPLE_TWIN || kind == NLI_SAMPLE_CONFLICT
				    ? NLI_SAMPLE_MAX
				    : NLI_SAMPLE_MAX / 3;
	struct nli_sample s = { { order[0], order[1] }, NULL, line.len };
	struct nli_samples *set;
	size_t at;

	if (line.len > NLI_SAMPLE_LINE)
		return;
	set = samples_of(t, kind, value);
	at = set->n;

	s.line = (char *)(uintptr_t)line.s; /* borrowed until it has a place */
	while (at && compare(&s, &set->s[at - 1]) < 0)
		at--;
	if (at == most)
		return;
	if (set->n == most)
		free(set->s[--set->n].line);
	memmove(&set->s[at + 1], &set->s[at], (set->n - at) * sizeof(*set->s));
	s.line = nli_xstrndup(line.s, line.len);
	set->s[at] = s;
	set->n++;
}

uint32_t nli_tally_part(size_t value, bool source)
{
	if (value < 1 || value > NLI_SHARED_PARTS)
		return 0;
	return (uint32_t)1 << (value - 1 + (source ? NLI_SHARED_PARTS : 0));
}

uint64_t nli_tally_shared_hash(enum nli_share_kind kind, struct nli_str s)
{
	return nli_hash(s.s, s.len, (uint64_t)kind);
}

/* Which number each value of from's dimension has here. */
static size_t *translate(struct nli_tally *into, size_t dim, const struct nli_field *f)
{
	size_t *map = nli_xcalloc(f->values.n + 1, sizeof(*map));

	for (size_t i = 0; i < f->values.n; i++)
		map[i + 1] = nli_tally_value(into, dim, f->values.text[i]);
	if (f->many)
		into->field[dim].many = true;
	return map;
}

struct merging {
	const struct nli_tally *from;
	size_t dim[NLI_DIM_MAX];  /* number of a dimension here; NLI_DIM_MAX: no room */
	size_t *map[NLI_DIM_MAX]; /* by its number there */
};

static size_t moved(const struct merging *m, size_t dim, size_t value)
{
	if (value == NLI_VALUE_NONE || value == NLI_VALUE_MANY)
		return value;
	return value <= m->from->field[dim].values.n ? m->map[dim][value]
						     : NLI_VALUE_MANY;
}

static void merge_counts(struct nli_tally *into, const struct merging *m)
{
	for (size_t i = 0; i < m->from->count.cap; i++) {
		const struct nli_map64_slot *s = &m->from->count.slot[i];
		const size_t kind = (size_t)(s->key >> 56);
		size_t v[4] = { s->key >> 40 & 0xffff, s->key >> 24 & 0xffff,
				s->key >> 12 & 0xfff, s->key & 0xfff };
		const size_t a = v[0];

		if (!s->used)
			continue;
		for (int k = 0; k < 4; k++)
			if (shape[kind][k] == NLI_BY_A)
				v[k] = moved(m, a, v[k]);
			else if (shape[kind][k] != NLI_PLAIN)
				v[k] = moved(m, (size_t)shape[kind][k], v[k]);
		if (kind == NLI_COUNT_STRATUM)
			v[0] = m->dim[a];
		if (v[0] < NLI_DIM_MAX || kind != NLI_COUNT_STRATUM)
			nli_tally_count(into, (enum nli_count)kind, v[0], v[1], v[2],
					v[3], s->value);
	}
}

/* The parts of a text, by their numbers here. */
static uint32_t moved_parts(const struct merging *m, uint32_t parts)
{
	uint32_t out = 0;

	for (size_t bit = 0; bit < 2 * NLI_SHARED_PARTS; bit++)
		if (parts >> bit & 1)
			out |= nli_tally_part(moved(m,
						    bit < NLI_SHARED_PARTS
							    ? NLI_DIM_SPLIT
							    : NLI_DIM_SOURCE_SPLIT,
						    bit % NLI_SHARED_PARTS + 1),
					      bit >= NLI_SHARED_PARTS);
	return out;
}

void nli_tally_merge(struct nli_tally *into, const struct nli_tally *from)
{
	struct merging m = { .from = from };

	for (size_t i = 0; i < from->n_field; i++) {
		m.dim[i] =
			i < NLI_DIM_FIXED ? i : nli_tally_dim(into, from->field[i].name);
		m.map[i] = m.dim[i] < NLI_DIM_MAX
				   ? translate(into, m.dim[i], &from->field[i])
				   : nli_xcalloc(from->field[i].values.n + 1,
						 sizeof(size_t));
	}
	merge_counts(into, &m);
	for (size_t k = 0; k < NLI_SHARE_KINDS; k++)
		for (size_t i = 0; i < from->shared[k].cap; i++)
			if (from->shared[k].hash[i])
				nli_shared_add(&into->shared[k], from->shared[k].hash[i],
					       moved_parts(&m, from->shared[k].parts[i]));
	for (size_t i = 0; i < from->keys.cap; i++)
		if (from->keys.slot[i].used)
			nli_tally_key(into, from->keys.slot[i].key,
				      from->keys.slot[i].value);
	for (size_t i = 0; i < from->n_samples; i++) {
		const struct nli_samples *set = &from->samples[i];
		const size_t value = moved(&m, sample_dim[set->kind], set->value);

		for (size_t k = 0; k < set->n; k++)
			nli_tally_sample(
				into, set->kind, value, set->s[k].order,
				(struct nli_str){ set->s[k].line, set->s[k].len });
	}
	for (size_t i = 0; i < from->n_field; i++)
		free(m.map[i]);
	into->many_fields |= from->many_fields;
	into->n += from->n;
	into->scored += from->scored;
	into->with_truth += from->with_truth;
	into->with_votes += from->with_votes;
	into->pvi_n += from->pvi_n;
	into->pvi_sum += from->pvi_sum;
	into->members |= from->members;
}

/*
 * A dimension of too many values is counted as one value.  Which of them a part
 * had numbered before it gave up depends on the part, so none may count alone.
 */
void nli_tally_settle(struct nli_tally *t)
{
	const struct nli_map64 old = t->count;

	t->count = (struct nli_map64){ 0 };
	for (size_t i = 0; i < old.cap; i++) {
		const size_t kind = (size_t)(old.slot[i].key >> 56);
		size_t v[4] = { old.slot[i].key >> 40 & 0xffff,
				old.slot[i].key >> 24 & 0xffff,
				old.slot[i].key >> 12 & 0xfff, old.slot[i].key & 0xfff };

		if (!old.slot[i].used)
			continue;
		if (kind == NLI_COUNT_STRATUM && v[0] >= NLI_DIM_FIXED && t->many_fields)
			continue;
		for (int k = 0; k < 4; k++) {
			const int dim =
				shape[kind][k] == NLI_BY_A ? (int)v[0] : shape[kind][k];

			if (dim >= 0 && v[k] != NLI_VALUE_NONE && t->field[dim].many)
				v[k] = NLI_VALUE_MANY;
		}
		nli_tally_count(t, (enum nli_count)kind, v[0], v[1], v[2], v[3],
				old.slot[i].value);
	}
	nli_map64_release((struct nli_map64 *)(uintptr_t)&old);
}

struct value_order {
	struct nli_str name;
	size_t value, rank;
};

static bool is_whole(struct nli_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
	return s.len > 0;
}

static int compare_values(const void *a, const void *b)
{
	const struct value_order *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	/* Numbers of annotators and topics first, by their size, not by their digits. */
	if (is_whole(x->name) != is_whole(y->name))
		return is_whole(x->name) ? -1 : 1;
	if (is_whole(x->name) && x->name.len != y->name.len)
		return x->name.len < y->name.len ? -1 : 1;
	return nli_str_cmp(x->name, y->name);
}

/* Names that have an order of their own. */
static size_t rank_of(struct nli_str name)
{
	static const char *const known[] = { "train",          "dev",
					     "test",           "entailment",
					     "neutral",        "contradiction",
					     "not_entailment", "right answer",
					     "wrong answer" };
	enum { N = sizeof(known) / sizeof(*known) };

	for (size_t i = 0; i < N; i++)
		if (nli_str_is(name, known[i]))
			return i;
	return N;
}

size_t *nli_tally_values(const struct nli_tally *t, size_t dim, size_t *n)
{
	const struct nli_field *f = &t->field[dim];
	const size_t named = f->many ? 1 : f->values.n;
	struct value_order *v = nli_xcalloc(named + 1, sizeof(*v));
	size_t *out = nli_xcalloc(named + 1, sizeof(*out));

	for (size_t i = 0; i < named; i++) {
		v[i].value = f->many ? NLI_VALUE_MANY : i + 1;
		v[i].name = nli_tally_name(t, dim, v[i].value);
		v[i].rank = rank_of(v[i].name);
	}
	qsort(v, named, sizeof(*v), compare_values);
	for (size_t i = 0; i < named; i++)
		out[i] = v[i].value;
	out[named] = NLI_VALUE_NONE;
	*n = named + 1;
	free(v);
	return out;
}

struct nli_str nli_tally_name(const struct nli_tally *t, size_t dim, size_t value)
{
	if (value == NLI_VALUE_NONE)
		return NLI_STR("(none)");
	if (value == NLI_VALUE_MANY)
		return NLI_STR("(many)");
	return t->field[dim].values.text[value - 1];
}

const struct nli_samples *nli_tally_samples(const struct nli_tally *t,
					    enum nli_sample_kind kind, size_t value)
{
	for (size_t i = 0; i < t->n_samples; i++)
		if (t->samples[i].kind == kind && t->samples[i].value == value)
			return &t->samples[i];
	return NULL;
}
