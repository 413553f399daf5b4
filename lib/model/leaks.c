/* leaks.c - see leaks.h. */
#include "lib/model/leaks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/dedup.h"
#include "lib/text/norm.h"

enum { MAX_PARTS = 32 };

/* The first three are nli_by, equal and then near; label is an equal pair with another. */
enum kind {
	PAIR,
	PREMISE,
	HYPOTHESIS,
	CHOICES,
	NEAR_PAIR,
	NEAR_PREMISE,
	NEAR_HYPOTHESIS,
	NEAR_CHOICES,
	LABEL,
	GROUP,
	ANNOTATOR,
	N_KIND
};

static const char *const kind_name[N_KIND] = {
	"pair",      "premise",      "hypothesis",      "choices",
	"near_pair", "near_premise", "near_hypothesis", "near_choices",
	"label",     "group",        "annotator"
};

/* What is shared by part a (the first) and b. */
struct share {
	uint64_t shared, of, records;
	uint32_t example[2]; /* records, the lowest ids; NLI_NO_ITEM: none */
};

/* Things that are not texts: groups and annotators, by hash. */
struct thing {
	uint64_t hash;
	uint32_t record;
};

struct things {
	struct thing *v;
	size_t n, cap;
};

struct leaks {
	struct nli_run *run;
	struct nli_dedup d;
	struct nli_intern parts; /* in order of appearance; shown in order of name */
	uint32_t order[MAX_PARTS];
	struct things group, worker;
	struct share *share; /* (n_part, n_part, N_KIND) */
	uint64_t records[MAX_PARTS];
};

static struct share *share_of(const struct leaks *l, size_t a, size_t b, enum kind k)
{
	return &l->share[(a * l->parts.n + b) * N_KIND + k];
}

/* A worker's scratch, and what it writes of a record before nli_dedup_read()'s bytes. */
struct head {
	uint32_t part_len, n_worker, read_len;
	uint64_t group;
};

struct scratch {
	struct nli_dedup_scratch dedup;
	struct nli_buf read;
};

static void *scratch_new(void *ctx)
{
	(void)ctx;
	return nli_xcalloc(1, sizeof(struct scratch));
}

static void scratch_free(void *ctx, void *arg)
{
	struct scratch *s = arg;

	(void)ctx;
	nli_dedup_scratch_release(&s->dedup);
	nli_buf_release(&s->read);
	free(s);
}

/* A record without a split is of a part named after the place of its file. */
static void put_part(const struct leaks *l, const struct nli_record *r,
		     const struct nli_work *w, struct nli_buf *out)
{
	size_t file = 0;

	if (r->split.s) {
		nli_buf_add(out, r->split.s, r->split.len);
		return;
	}
	while (l->run->files[file] && strcmp(l->run->files[file], w->path))
		file++;
	nli_buf_addf(out, "file %zu", file + 1);
}

static int scan_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		       struct nli_err *err)
{
	const struct leaks *l = ctx;
	struct scratch *s = w->scratch;
	struct nli_jiter it = nli_jiter(r->annotations);
	struct head h = { .group = r->group.s ? nli_hash(r->group.s, r->group.len, 0)
					      : 0 };
	const size_t at = w->out->len;

	(void)err;
	nli_buf_clear(&s->read);
	nli_dedup_read(&l->d, r, &s->dedup, &s->read);
	h.read_len = (uint32_t)s->read.len;
	nli_buf_add(w->out, &h, sizeof(h));
	put_part(l, r, w, w->out);
	h.part_len = (uint32_t)(w->out->len - at - sizeof(h));
	while (nli_jnext(&it)) {
		const struct nli_str name = nli_jstr(nli_jget(it.val, "worker"));
		const uint64_t hash = nli_hash(name.s, name.len, 0);

		if (!name.s)
			continue;
		nli_buf_add(w->out, &hash, sizeof(hash));
		h.n_worker++;
	}
	nli_buf_add(w->out, s->read.data, s->read.len);
	memcpy(w->out->data + at, &h, sizeof(h));
	return NLI_KEEP;
}

static void add_thing(struct things *t, uint64_t hash, uint32_t record)
{
	nli_grow(&t->v, &t->cap, t->n + 1, sizeof(*t->v));
	t->v[t->n++] = (struct thing){ hash, record };
}

static int scan_commit(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	struct leaks *l = ctx;
	const char *at = out.s, *const end = out.s + out.len;

	(void)kept;
	while (at < end) {
		const uint32_t record = (uint32_t)l->d.n;
		struct head h;
		size_t part;
		int rc;

		memcpy(&h, at, sizeof(h));
		at += sizeof(h);
		part = nli_intern_add(&l->parts, (struct nli_str){ at, h.part_len });
		if (part >= MAX_PARTS)
			return nli_fail(err, NLI_ESTOP,
					"more than %d parts: is \"split\" set?",
					MAX_PARTS);
		at += h.part_len;
		if (h.group)
			add_thing(&l->group, h.group, record);
		for (uint32_t i = 0; i < h.n_worker; i++, at += sizeof(uint64_t)) {
			uint64_t hash;

			memcpy(&hash, at, sizeof(hash));
			add_thing(&l->worker, hash, record);
		}
		rc = nli_dedup_add(&l->d, (struct nli_str){ at, h.read_len }, true, err);
		if (rc)
			return rc;
		l->d.record[record].part = (uint32_t)part;
		l->records[part]++;
		at += h.read_len;
	}
	return 0;
}

/* Keep the record of the lowest id as the example. */
static void note_example(const struct leaks *l, uint32_t *example, uint32_t record)
{
	if (*example == NLI_NO_ITEM ||
	    nli_str_cmp(nli_dedup_id(&l->d, record), nli_dedup_id(&l->d, *example)) < 0)
		*example = record;
}

/* Count an item of a kind for each part b that it is in, and what it shares with each a. */
static void count_item(struct leaks *l, enum kind k, uint32_t parts, uint32_t with)
{
	for (size_t b = 0; b < l->parts.n; b++)
		for (size_t a = 0; parts >> b & 1 && a < l->parts.n; a++) {
			share_of(l, a, b, k)->of++;
			share_of(l, a, b, k)->shared += with >> a & 1;
		}
}

static void count_record(struct leaks *l, enum kind k, uint32_t record, uint32_t with)
{
	const size_t b = l->d.record[record].part;

	for (size_t a = 0; a < l->parts.n; a++)
		if (with >> a & 1) {
			share_of(l, a, b, k)->records++;
			if (a != b)
				note_example(l, &share_of(l, a, b, k)->example[1],
					     record);
		}
}

/* The parts in which an item has a near one, but no equal. */
static uint32_t near_only(const struct nli_item *i)
{
	return i->near_parts & ~i->parts;
}

static void count_texts(struct leaks *l, enum nli_by by)
{
	const struct nli_items *s = &l->d.items[by];
	const enum kind equal = (enum kind)(PAIR + by),
			near = (enum kind)(NEAR_PAIR + by);

	for (size_t i = 0; i < s->set.n; i++) {
		count_item(l, equal, s->item[i].parts, s->item[i].parts);
		count_item(l, near, s->item[i].parts, near_only(&s->item[i]));
	}
	for (uint32_t i = 0; i < l->d.n; i++) {
		const uint32_t of = l->d.record[i].of[by];

		if (of == NLI_NO_ITEM)
			continue;
		count_record(l, equal, i, s->item[of].parts);
		count_record(l, near, i, near_only(&s->item[of]));
	}
}

static int by_hash(const void *a, const void *b)
{
	const struct thing *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->record > y->record) - (x->record < y->record);
}

static void count_things(struct leaks *l, enum kind k, struct things *t)
{
	if (t->n)
		qsort(t->v, t->n, sizeof(*t->v), by_hash);
	for (size_t i = 0, end; i < t->n; i = end) {
		uint32_t parts = 0, last = NLI_NO_ITEM;

		for (end = i; end < t->n && t->v[end].hash == t->v[i].hash; end++)
			parts |= (uint32_t)1 << l->d.record[t->v[end].record].part;
		count_item(l, k, parts, parts);
		for (size_t q = i; q < end; q++) {
			if (t->v[q].record != last)
				count_record(l, k, t->v[q].record, parts);
			last = t->v[q].record;
		}
	}
}

/* Equal pairs that carry one label in part a and another in b. */
struct labelled {
	uint64_t label;
	uint32_t item, part, record;
};

static int by_item(const void *a, const void *b)
{
	const struct labelled *x = a, *y = b;

	return (x->item > y->item) - (x->item < y->item);
}

/* Which parts hold, in v[0..n) of one item, a label that is not v[q]'s. */
static uint32_t other_parts(const struct labelled *v, size_t n, size_t q)
{
	uint32_t parts = 0;

	for (size_t i = 0; i < n; i++)
		if (v[i].label != v[q].label)
			parts |= (uint32_t)1 << v[i].part;
	return parts;
}

static void count_labels(struct leaks *l)
{
	struct labelled *v = nli_xmalloc(l->d.n, sizeof(*v));
	size_t n = 0, len;

	for (uint32_t i = 0; i < l->d.n; i++) {
		const struct nli_dedup_record *r = &l->d.record[i];

		if (r->flags & NLI_DEDUP_CONFLICT && r->label)
			v[n++] = (struct labelled){ r->label, r->of[NLI_BY_PAIR], r->part,
						    i };
	}
	qsort(v, n, sizeof(*v), by_item);
	for (size_t i = 0; i < n; i += len) {
		uint32_t with[MAX_PARTS] = { 0 };

		for (len = 0; i + len < n && v[i + len].item == v[i].item; len++)
			;
		for (size_t q = 0; q < len; q++) {
			const uint32_t others = other_parts(v + i, len, q);

			count_record(l, LABEL, v[i + q].record, others);
			with[v[i + q].part] |= others;
		}
		for (size_t p = 0; p < l->parts.n; p++)
			if (with[p])
				count_item(l, LABEL, (uint32_t)1 << p, with[p]);
	}
	/* The share is of all different pairs, not of those in conflict. */
	for (size_t a = 0; a < l->parts.n; a++)
		for (size_t b = 0; b < l->parts.n; b++)
			share_of(l, a, b, LABEL)->of = share_of(l, a, b, PAIR)->of;
	free(v);
}

static void count_all(struct leaks *l)
{
	const size_t n = l->parts.n;

	l->share = nli_xcalloc(n * n * N_KIND, sizeof(*l->share));
	for (size_t i = 0; i < n * n * N_KIND; i++)
		l->share[i].example[0] = l->share[i].example[1] = NLI_NO_ITEM;
	for (int by = 0; by < NLI_N_BY; by++)
		count_texts(l, (enum nli_by)by);
	count_labels(l);
	count_things(l, GROUP, &l->group);
	count_things(l, ANNOTATOR, &l->worker);
}

/* train, dev, test, then by name. */
static int rank(struct nli_str name)
{
	return nli_str_is(name, "train")  ? 0
	       : nli_str_is(name, "dev")  ? 1
	       : nli_str_is(name, "test") ? 2
					  : 3;
}

static void sort_parts(struct leaks *l)
{
	const struct nli_str *name = l->parts.text;

	for (uint32_t i = 0; i < l->parts.n; i++) {
		uint32_t k = i;

		for (; k; k--) {
			const struct nli_str a = name[l->order[k - 1]], b = name[i];

			if (rank(a) < rank(b) ||
			    (rank(a) == rank(b) && nli_str_cmp(a, b) < 0))
				break;
			l->order[k] = l->order[k - 1];
		}
		l->order[k] = i;
	}
}

static void put_row(const struct leaks *l, size_t a, size_t b, enum kind k,
		    struct nli_buf *out)
{
	const struct share *s = share_of(l, a, b, k);
	const struct nli_str pa = l->parts.text[a], pb = l->parts.text[b];
	const uint32_t ea = share_of(l, b, a, k)->example[1], eb = s->example[1];
	char pair[80];

	snprintf(pair, sizeof(pair), "%.*s / %.*s", (int)pa.len, pa.s, (int)pb.len, pb.s);
	nli_buf_addf(out, "%-16s %-15s %8llu %8llu %6.1f%% %8llu %6.1f%%", pair,
		     kind_name[k], (unsigned long long)s->shared,
		     (unsigned long long)s->of,
		     s->of ? 100 * (double)s->shared / (double)s->of : 0,
		     (unsigned long long)s->records,
		     100 * (double)s->records / (double)l->records[b]);
	if (ea != NLI_NO_ITEM && eb != NLI_NO_ITEM) {
		const struct nli_str x = nli_dedup_id(&l->d, ea),
				     y = nli_dedup_id(&l->d, eb);

		nli_buf_addf(out, "  %.*s, %.*s", (int)x.len, x.s, (int)y.len, y.s);
	}
	nli_buf_addc(out, '\n');
}

static void put_json(const struct leaks *l, size_t a, size_t b, enum kind k,
		     struct nli_jw *w)
{
	const struct share *s = share_of(l, a, b, k);

	nli_jw_open(w, '{');
	nli_jw_key(w, "parts");
	nli_jw_open(w, '[');
	nli_jw_str(w, l->parts.text[a]);
	nli_jw_str(w, l->parts.text[b]);
	nli_jw_close(w, ']');
	nli_jw_key(w, "kind");
	nli_jw_cstr(w, kind_name[k]);
	nli_jw_key(w, "shared");
	nli_jw_u64(w, s->shared);
	nli_jw_key(w, "of");
	nli_jw_u64(w, s->of);
	nli_jw_key(w, "records");
	nli_jw_u64(w, s->records);
	nli_jw_key(w, "of_records");
	nli_jw_u64(w, l->records[b]);
	nli_jw_close(w, '}');
}

/* The table to the output, the same to --summary; returns the sum of each kind. */
static void show(struct leaks *l, uint64_t sum[N_KIND])
{
	struct nli_buf out = { 0 };
	struct nli_jw w = { .b = &l->run->results };

	nli_buf_addf(&out, "%-16s %-15s %8s %8s %7s %8s %7s  %s\n", "parts", "what",
		     "shared", "of", "", "records", "", "example");
	nli_jw_key(&w, "leaks");
	nli_jw_open(&w, '[');
	for (size_t i = 0; i < l->parts.n; i++)
		for (size_t j = i + 1; j < l->parts.n; j++)
			for (int k = 0; k < N_KIND; k++) {
				const size_t a = l->order[i], b = l->order[j];

				if (!share_of(l, a, b, (enum kind)k)->of)
					continue;
				put_row(l, a, b, (enum kind)k, &out);
				put_json(l, a, b, (enum kind)k, &w);
				sum[k] += share_of(l, a, b, (enum kind)k)->shared;
			}
	nli_jw_close(&w, ']');
	nli_run_write(l->run, nli_buf_str(&out));
	nli_buf_release(&out);
}

/* "leaks.NAME OP NUMBER" */
struct condition {
	enum kind kind;
	char op[3];
	double than;
};

static const char *parse_condition(const char *text, struct condition *c)
{
	static const char *const op[] = { ">=", "<=", "==", "!=", ">", "<" };
	size_t len, o = 0;
	char *end;
	int k = 0;

	text += strspn(text, " ");
	if (strncmp(text, "leaks.", 6))
		return "a condition such as leaks.pair>0";
	text += 6;
	len = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
	while (k < N_KIND &&
	       (strlen(kind_name[k]) != len || strncmp(kind_name[k], text, len)))
		k++;
	if (k == N_KIND)
		return "leaks.pair, .premise, .hypothesis, .choices, near_ and these, "
		       ".label, .group or .annotator";
	text += len + strspn(text + len, " ");
	while (o < 6 && strncmp(op[o], text, strlen(op[o])))
		o++;
	if (o == 6)
		return "one of > >= < <= == != behind the name";
	c->kind = (enum kind)k;
	snprintf(c->op, sizeof(c->op), "%s", op[o]);
	text += strlen(op[o]);
	c->than = strtod(text, &end);
	return end == text || end[strspn(end, " ")] ? "a number at the end" : NULL;
}

const char *nli_leaks_check(const char *condition)
{
	struct condition c;

	return parse_condition(condition, &c);
}

static bool holds(const struct condition *c, double v)
{
	const bool less = v<c->than, more = v> c->than;

	switch (c->op[0]) {
	case '>':
		return more || (c->op[1] && !less);
	case '<':
		return less || (c->op[1] && !more);
	case '=':
		return !less && !more;
	default:
		return less || more;
	}
}

static void judge(struct leaks *l, const char *text, const uint64_t sum[N_KIND])
{
	struct condition c;

	if (!text || parse_condition(text, &c) || !holds(&c, (double)sum[c.kind]))
		return;
	nli_warn("%s holds: it is %llu", text, (unsigned long long)sum[c.kind]);
	l->run->status = 3;
}

void nli_leaks_run(struct nli_run *run, const struct nli_leaks_args *a)
{
	const struct nli_dedup_opts opts = {
		.by = { NLI_BY_PAIR, NLI_BY_PREMISE, NLI_BY_HYPOTHESIS, NLI_BY_CHOICES },
		.n_by = 4,
		.jaccard = a->jaccard,
		.match = a->as_is ? 0u
				  : NLI_MATCH_CASE | NLI_MATCH_PUNCT | NLI_MATCH_WIDTH,
		.jobs = (unsigned)nli_common.jobs,
		.memory = a->memory,
	};
	struct leaks l = { .run = run };
	const struct nli_record_pass pass = { .ctx = &l,
					      .record = scan_record,
					      .scratch_new = scratch_new,
					      .scratch_free = scratch_free,
					      .commit = scan_commit };
	uint64_t sum[N_KIND] = { 0 };

	nli_dedup_init(&l.d, &opts);
	if (a->memory)
		run->spool_limit = a->memory / 4;
	nli_records_scan(run, &pass);
	nli_dedup_cluster(&l.d);
	count_all(&l);
	sort_parts(&l);
	show(&l, sum);
	judge(&l, a->fail_if, sum);
	free(l.share);
	free(l.group.v);
	free(l.worker.v);
	nli_intern_release(&l.parts);
	nli_dedup_release(&l.d);
}
