/* labels.c - see labels.h. */
#include "lib/crowd/labels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/map.h"
#include "lib/base/mem.h"

enum kind {
	ROW,   /* of an item by name */
	BEGIN, /* of a record: a new item, whatever its name */
	VOTE,  /* of the item begun last */
};

enum {
	ITEM = NLI_VOTE_ITEM,
	WORKER = NLI_VOTE_WORKER,
	LABEL = NLI_VOTE_LABEL,
	TRUTH = NLI_VOTE_TRUTH,
	GROUP = NLI_VOTE_GROUP,
	N_TEXT = NLI_VOTE_TEXTS,
	MAX_LABEL = 4096,
	AHEAD = 8
};

/* What stands before the texts in the packed bytes. */
struct packed {
	uint64_t item_hash;
	int64_t time;
	float weight;
	uint32_t kind;
	uint32_t size; /* of all */
	uint32_t len[N_TEXT];
};

static void pack(struct nli_buf *out, enum kind kind, const struct nli_str text[N_TEXT],
		 float weight, int64_t time)
{
	struct packed p = { .time = time, .weight = weight, .kind = kind };
	size_t len = 0;
	char *to;

	p.item_hash = kind == ROW ? nli_names_hash(text[ITEM]) : 0;
	for (int i = 0; i < N_TEXT; i++) {
		p.len[i] = (uint32_t)text[i].len;
		len += text[i].len;
	}
	p.size = (uint32_t)(sizeof(p) + len);
	to = nli_buf_reserve(out, sizeof(p) + len);
	memcpy(to, &p, sizeof(p));
	to += sizeof(p);
	for (int i = 0; i < N_TEXT; i++) {
		if (text[i].len)
			memcpy(to, text[i].s, text[i].len);
		to += text[i].len;
	}
	out->len += sizeof(p) + len;
}

/* A whole number of up to 18 digits; strtoll() takes a tenth of all reading. */
static bool parse_int(struct nli_str s, int64_t *v)
{
	const size_t sign = s.len && *s.s == '-';
	int64_t x = 0;

	if (s.len - sign < 1 || s.len - sign > 18)
		return false;
	for (size_t i = sign; i < s.len; i++) {
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
		x = x * 10 + (s.s[i] - '0');
	}
	*v = sign ? -x : x;
	return true;
}

static int parse_time(struct nli_str s, int64_t *time, struct nli_err *err)
{
	*time = NLI_CROWD_NO_TIME;
	if (!s.len || parse_int(s, time))
		return 0;
	return nli_fail(err, NLI_EDATA, "time is \"%.*s\", wanted a whole number",
			(int)(s.len < 40 ? s.len : 40), s.s);
}

/* One row a class of positive probability, scaled to sum 1. */
static int pack_p(struct nli_buf *out, enum kind kind, struct nli_str text[N_TEXT],
		  const nli_jval *p, int64_t time, struct nli_err *err)
{
	double sum = 0, x;

	if (nli_jtype(p) != NLI_J_OBJECT)
		return nli_fail(err, NLI_EDATA,
				"\"p\" is %s, wanted an object of probabilities",
				nli_jtype_name(nli_jtype(p)));
	for (struct nli_jiter it = nli_jiter(p); nli_jnext(&it); sum += x)
		if (!nli_jreal(it.val, &x) || !(x >= 0 && x <= 1))
			return nli_fail(err, NLI_EDATA,
					"p of \"%.*s\" is no number in [0,1]",
					(int)it.key.len, it.key.s);
	if (fabs(sum - 1) > .01)
		return nli_fail(err, NLI_EDATA, "probabilities sum to %g, wanted 1", sum);
	for (struct nli_jiter it = nli_jiter(p); nli_jnext(&it);) {
		nli_jreal(it.val, &x);
		text[LABEL] = it.key;
		if ((float)(x / sum) > 0)
			pack(out, kind, text, (float)(x / sum), time);
	}
	return 0;
}

static int pack_vote(struct nli_buf *out, enum kind kind, struct nli_str text[N_TEXT],
		     const nli_jval *p, int64_t time, struct nli_err *err)
{
	if (!text[LABEL].len && p)
		return pack_p(out, kind, text, p, time, err);
	if (!text[LABEL].len)
		return nli_fail(err, NLI_EDATA, "no label");
	if (text[LABEL].len > MAX_LABEL)
		return nli_fail(err, NLI_EDATA, "a label of %zu bytes, wanted at most %d",
				text[LABEL].len, MAX_LABEL);
	pack(out, kind, text, 1, time);
	return 0;
}

int nli_labels_row(const struct nli_str field[NLI_N_COL], const nli_jval *object,
		   struct nli_buf *out, struct nli_err *err)
{
	struct nli_str text[N_TEXT] = {
		[ITEM] = field[NLI_COL_ITEM],   [WORKER] = field[NLI_COL_WORKER],
		[LABEL] = field[NLI_COL_LABEL], [TRUTH] = field[NLI_COL_TRUTH],
		[GROUP] = field[NLI_COL_GROUP],
	};
	int64_t time;

	if (!text[ITEM].len)
		return nli_fail(err, NLI_EDATA, "no item");
	if (text[WORKER].s && !text[WORKER].len)
		return nli_fail(err, NLI_EDATA, "the worker is empty");
	if (parse_time(field[NLI_COL_TIME], &time, err))
		return NLI_EDATA;
	return pack_vote(out, ROW, text, nli_jget(object, "p"), time, err);
}

int nli_labels_record(const struct nli_record *r, struct nli_str by, struct nli_buf *out,
		      struct nli_err *err)
{
	char num[12];
	struct nli_buf tmp = { 0 };
	struct nli_str text[N_TEXT] = {
		[ITEM] = r->id, [TRUTH] = nli_record_gold(r, num)
	};
	int n = 0;

	if (by.s)
		text[GROUP] = nli_record_field(r, by, &tmp);
	pack(out, BEGIN, text, 1, NLI_CROWD_NO_TIME);
	nli_buf_release(&tmp);
	memset(text, 0, sizeof(text));
	for (struct nli_jiter it = nli_jiter(r->annotations); nli_jnext(&it);) {
		int64_t time;

		n++;
		text[WORKER] = nli_jstr(nli_jget(it.val, "worker"));
		text[LABEL] = nli_jstr(nli_jget(it.val, "label"));
		if (parse_time(nli_jstr(nli_jget(it.val, "time")), &time, err) ||
		    pack_vote(out, VOTE, text, nli_jget(it.val, "p"), time, err))
			return nli_err_prefix(err, "annotation %d", n);
	}
	return 0;
}

static void new_item(struct nli_labels *l, uint32_t i)
{
	nli_grow(&l->truth, &l->truth_cap, i + 1, sizeof(*l->truth));
	nli_grow(&l->item_group, &l->group_cap, i + 1, sizeof(*l->item_group));
	l->truth[i] = -1;
	l->item_group[i] = 0;
	l->n_item = i + 1;
}

/* Two records of one id are two items; known labels go to the first. */
static uint32_t begin_record(struct nli_labels *l, struct nli_str id)
{
	const uint32_t i = l->n_item;
	uint32_t at;

	l->by_record = true;
	nli_names_append(&l->item, id);
	at = nli_names_add(&l->by_id, id, nli_names_hash(id));
	nli_grow(&l->first_of_id, &l->id_cap, at + 1, sizeof(*l->first_of_id));
	if (at + 1 == l->by_id.n && l->by_id.n > l->n_id) {
		l->first_of_id[at] = i;
		l->n_id++;
	}
	new_item(l, i);
	return i;
}

static uint32_t item_of(struct nli_labels *l, struct nli_str name, uint64_t hash)
{
	if (l->n_item && nli_str_eq(nli_names_text(&l->item, l->last_item), name))
		return l->last_item;
	const uint32_t i = nli_names_add(&l->item, name, hash);

	if (i == l->n_item)
		new_item(l, i);
	return i;
}

static uint32_t label_of(struct nli_labels *l, struct nli_str s)
{
	if (!l->labels)
		l->labels = nli_xcalloc(1, sizeof(*l->labels));
	return nli_names_recall(&l->label, l->labels, s);
}

static uint32_t worker_of(struct nli_labels *l, struct nli_str s)
{
	if (!l->workers)
		l->workers = nli_xcalloc(1, sizeof(*l->workers));
	return nli_names_recall(&l->worker, l->workers, s);
}

static int note_truth(struct nli_labels *l, uint32_t i, struct nli_str truth,
		      struct nli_err *err)
{
	const struct nli_str item = nli_names_text(&l->item, i);
	int32_t t;

	if (!truth.len)
		return 0;
	t = (int32_t)label_of(l, truth);
	l->has_truth = true;
	if (l->truth[i] >= 0 && l->truth[i] != t)
		return nli_fail(
			err, NLI_EDATA,
			"item \"%.*s\" is \"%.*s\" in one row and \"%.*s\" in another",
			(int)item.len, item.s,
			(int)nli_names_text(&l->label, (size_t)l->truth[i]).len,
			nli_names_text(&l->label, (size_t)l->truth[i]).s, (int)truth.len,
			truth.s);
	l->truth[i] = t;
	return 0;
}

static int take(struct nli_labels *l, const struct packed *p,
		const struct nli_str text[N_TEXT], struct nli_err *err)
{
	uint32_t label;

	if (p->kind == BEGIN)
		l->last_item = begin_record(l, text[ITEM]);
	else if (p->kind == ROW)
		l->last_item = item_of(l, text[ITEM], p->item_hash);
	if (text[GROUP].len) {
		l->item_group[l->last_item] = nli_names_add(&l->group, text[GROUP],
							    nli_names_hash(text[GROUP])) +
					      1;
		l->has_group = true;
	}
	if (p->kind != VOTE && note_truth(l, l->last_item, text[TRUTH], err))
		return NLI_EDATA;
	if (p->kind == BEGIN)
		return 0;
	label = label_of(l, text[LABEL]);
	if (label > UINT8_MAX)
		return nli_fail(err, NLI_EDATA,
				"\"%.*s\" is the 257th label, wanted up to %d",
				(int)text[LABEL].len, text[LABEL].s, NLI_CROWD_MAX_CLASS);
	if (p->weight == 1 && p->time == NLI_CROWD_NO_TIME)
		nli_crowd_rows_add(&l->rows, l->last_item, worker_of(l, text[WORKER]),
				   (uint8_t)label);
	else
		nli_crowd_rows_add_full(&l->rows, l->last_item,
					worker_of(l, text[WORKER]), (uint8_t)label,
					p->weight, p->time);
	return 0;
}

/* The size of the packed row at p; the slot of its item is asked for. */
static size_t look_ahead(const struct nli_labels *l, const char *at)
{
	struct packed p;

	memcpy(&p, at, sizeof(p));
	nli_names_prefetch(&l->item, p.item_hash);
	return p.size;
}

int nli_labels_commit(struct nli_labels *l, struct nli_str packed, struct nli_err *err)
{
	const char *at = packed.s, *end = packed.s + packed.len, *ahead = at;
	int rc = 0;

	for (int i = 0; i < AHEAD && ahead < end; i++)
		ahead += look_ahead(l, ahead);
	while (!rc && at < end) {
		struct nli_str text[N_TEXT];
		struct packed p;

		if (ahead < end)
			ahead += look_ahead(l, ahead);
		memcpy(&p, at, sizeof(p));
		at += sizeof(p);
		for (int i = 0; i < N_TEXT; i++) {
			text[i] = (struct nli_str){ at, p.len[i] };
			at += p.len[i];
		}
		rc = take(l, &p, text, err);
	}
	return rc;
}

/* Tell of the item of the packed row at p; its size. */
static size_t tell_ahead(nli_ahead_fn *tell, void *ctx, const char *at)
{
	struct packed p;

	memcpy(&p, at, sizeof(p));
	if (p.kind == ROW)
		tell(ctx, p.item_hash);
	return p.size;
}

int nli_labels_each(struct nli_str packed, nli_labels_fn *fn, nli_ahead_fn *tell,
		    void *ctx, struct nli_err *err)
{
	const char *at = packed.s, *end = packed.s + packed.len, *ahead = at;
	struct nli_str item = { NULL, 0 }, truth = item, group = item;
	int rc = 0;

	for (int i = 0; i < AHEAD && ahead < end; i++)
		ahead += tell_ahead(tell, ctx, ahead);
	while (!rc && at < end) {
		struct nli_packed_vote v;
		struct packed p;

		if (ahead < end)
			ahead += tell_ahead(tell, ctx, ahead);
		memcpy(&p, at, sizeof(p));
		at += sizeof(p);
		for (int i = 0; i < N_TEXT; i++) {
			v.text[i] = (struct nli_str){ at, p.len[i] };
			at += p.len[i];
		}
		if (p.kind != VOTE) {
			item = v.text[ITEM];
			truth = v.text[TRUTH];
			group = v.text[GROUP];
		}
		if (p.kind == BEGIN)
			continue;
		v.text[ITEM] = item;
		v.text[TRUTH] = truth;
		v.text[GROUP] = group;
		v.time = p.time;
		v.weight = (double)p.weight;
		rc = fn(ctx, &v, err);
	}
	return rc;
}

/* Order of classes: by value if all labels are whole numbers, else by bytes. */
static bool before(const struct nli_names *t, uint32_t a, uint32_t b, bool by_value)
{
	int64_t x = 0, y = 0;

	if (by_value) {
		parse_int(nli_names_text(t, a), &x);
		parse_int(nli_names_text(t, b), &y);
	}
	return x != y ? x < y
		      : nli_str_cmp(nli_names_text(t, a), nli_names_text(t, b)) < 0;
}

static void sort_labels(struct nli_labels *l)
{
	const uint32_t n = (uint32_t)l->label.n;
	bool by_value = true;
	int64_t v;

	l->class_of = nli_xmalloc(n, sizeof(*l->class_of));
	l->label_of = nli_xmalloc(n, sizeof(*l->label_of));
	for (uint32_t k = 0; k < n; k++)
		by_value = by_value && parse_int(nli_names_text(&l->label, k), &v);
	for (uint32_t k = 0; k < n; k++) {
		uint32_t at = k;

		for (; at && before(&l->label, k, l->label_of[at - 1], by_value); at--)
			l->label_of[at] = l->label_of[at - 1];
		l->label_of[at] = k;
	}
	for (uint32_t k = 0; k < n; k++)
		l->class_of[l->label_of[k]] = k;
}

/* Records of one id are items of their own: the second, third... have another key. */
static void part_equal_keys(uint64_t *key, uint32_t n)
{
	struct nli_map64 times = { 0 };

	for (uint32_t i = 0; i < n; i++) {
		bool fresh;
		uint64_t *seen = nli_map64_put(&times, key[i], &fresh);

		*seen = fresh ? 0 : *seen + 1;
		if (*seen)
			key[i] = nli_mix(key[i] + *seen);
	}
	nli_map64_release(&times);
}

int nli_labels_build(struct nli_labels *l, enum nli_crowd_repeat repeat,
		     struct nli_err *err)
{
	struct nli_crowd *c = &l->crowd;
	int64_t nameless;
	int rc;

	if (!l->rows.n)
		return nli_fail(err, NLI_EINVAL, "no annotation in the input");
	if (l->label.n > NLI_CROWD_MAX_CLASS)
		return nli_fail(err, NLI_EINVAL, "%zu different labels, wanted up to %d",
				l->label.n, NLI_CROWD_MAX_CLASS);
	sort_labels(l);
	nameless = nli_names_find(&l->worker, NLI_STR(""));
	for (size_t r = 0; r < l->rows.n; r++)
		l->rows.label[r] = (uint8_t)l->class_of[l->rows.label[r]];
	rc = nli_crowd_build(
		c, &l->rows, l->n_item, (uint32_t)l->worker.n, (uint32_t)l->label.n,
		nameless < 0 ? NLI_CROWD_NOBODY : (uint32_t)nameless, repeat, err);
	if (rc)
		return rc;
	c->item_key = nli_names_keys(&l->item);
	if (l->by_record)
		part_equal_keys(c->item_key, l->n_item);
	c->worker_key = nli_names_keys(&l->worker);
	c->class_key = nli_xmalloc(c->n_class, sizeof(*c->class_key));
	for (uint32_t k = 0; k < c->n_class; k++)
		c->class_key[k] = nli_names_hash(nli_labels_class_name(l, k));
	return 0;
}

int nli_labels_class(const struct nli_labels *l, struct nli_str label)
{
	const int64_t at = nli_names_find(&l->label, label);

	return at < 0 ? -1 : (int)l->class_of[at];
}

struct nli_str nli_labels_class_name(const struct nli_labels *l, uint32_t k)
{
	return nli_names_text(&l->label, l->label_of[k]);
}

void nli_labels_release(struct nli_labels *l)
{
	nli_names_release(&l->item);
	nli_names_release(&l->by_id);
	free(l->first_of_id);
	nli_names_release(&l->worker);
	nli_names_release(&l->label);
	nli_names_release(&l->group);
	free(l->workers);
	free(l->labels);
	nli_crowd_rows_release(&l->rows);
	nli_crowd_release(&l->crowd);
	free(l->truth);
	free(l->item_group);
	free(l->class_of);
	free(l->label_of);
	memset(l, 0, sizeof(*l));
}
