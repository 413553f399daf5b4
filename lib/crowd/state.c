/*
 * state.c - an online state as text and back (online.h).
 *
 * The first line holds options, labels, shares and tallies; then a line a
 * worker {"w":name,...}, in the order of their numbers; then a line an open item
 * {"i":name,...}, in the order of opening.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/crowd/online_impl.h"
#include "lib/io/json.h"

enum { VERSION = 1 };

static void real(struct nli_jw *w, const char *key, double v)
{
	char text[40];

	if (key)
		nli_jw_key(w, key);
	snprintf(text, sizeof(text), "%.17g", v);
	nli_jw_raw(w, nli_str_of(text));
}

static void count(struct nli_jw *w, const char *key, uint64_t v)
{
	nli_jw_key(w, key);
	nli_jw_u64(w, v);
}

static void reals(struct nli_jw *w, const char *key, const double *v, size_t n)
{
	nli_jw_key(w, key);
	nli_jw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		real(w, NULL, v[i]);
	nli_jw_close(w, ']');
}

/* What must be the same for a state to be gone on with. */
static void put_options(const struct nli_online *s, struct nli_jw *w)
{
	count(w, "nli_truth_state", VERSION);
	nli_jw_key(w, "model");
	nli_jw_cstr(w, s->o.stepwise ? "sem" : "sbic");
	real(w, "threshold", s->o.threshold);
	count(w, "least_votes", s->o.least_votes);
	count(w, "budget", s->o.budget);
	real(w, "forget", s->o.forget);
	count(w, "seed", s->o.seed);
	count(w, "once", s->o.once);
}

static void put_head(const struct nli_online *s, struct nli_buf *to)
{
	const struct nli_online_tally *t = &s->tally;
	struct nli_jw w = { .b = to };

	nli_jw_open(&w, '{');
	put_options(s, &w);
	count(&w, "items", s->items);
	count(&w, "votes", t->votes);
	count(&w, "replaced", t->replaced);
	count(&w, "late", t->late);
	count(&w, "by_threshold", t->by_threshold);
	count(&w, "by_budget", t->by_budget);
	count(&w, "by_end", t->by_end);
	count(&w, "emitted_labels", t->labels);
	count(&w, "n_truth", t->n_truth);
	real(&w, "right", t->right);
	nli_jw_key(&w, "labels");
	nli_jw_open(&w, '[');
	for (size_t k = 0; k < s->label.n; k++)
		nli_jw_str(&w, nli_names_text(&s->label, k));
	nli_jw_close(&w, ']');
	reals(&w, "share", s->share, s->label.n);
	nli_jw_close(&w, '}');
	nli_buf_addc(to, '\n');
}

static void put_worker(const struct nli_online *s, size_t j, struct nli_buf *to)
{
	const struct online_worker *x = &s->w[j];
	const size_t K = s->label.n;
	struct nli_jw w = { .b = to };

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "w");
	nli_jw_str(&w, nli_names_text(&s->worker, j));
	real(&w, "labels", x->labels);
	real(&w, "right", x->right);
	real(&w, "n", x->n);
	if (x->s) {
		nli_jw_key(&w, "s");
		nli_jw_open(&w, '[');
		for (size_t k = 0; k < K; k++)
			for (size_t l = 0; l < K; l++)
				real(&w, NULL, x->s[k * s->k_cap + l]);
		nli_jw_close(&w, ']');
	}
	nli_jw_close(&w, '}');
	nli_buf_addc(to, '\n');
}

static void put_item(const struct nli_online *s, uint32_t i, struct nli_buf *to)
{
	const struct online_slot *x = &s->slot[i];
	struct nli_jw w = { .b = to };

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "i");
	nli_jw_str(&w, nli_online_name(x));
	count(&w, "order", x->order);
	nli_jw_key(&w, "truth");
	nli_jw_i64(&w, x->truth);
	reals(&w, "q", nli_online_q(s, i), s->label.n);
	nli_jw_key(&w, "votes");
	nli_jw_open(&w, '[');
	for (size_t v = 0; v < x->n_vote; v++) {
		nli_jw_u64(&w, x->vote[v].worker);
		nli_jw_u64(&w, x->vote[v].label);
		real(&w, NULL, (double)x->vote[v].weight);
		real(&w, NULL, x->vote[v].counted);
		nli_jw_u64(&w, x->vote[v].at);
	}
	nli_jw_close(&w, ']');
	nli_jw_close(&w, '}');
	nli_buf_addc(to, '\n');
}

static int cmp_hash(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Lines of up to 1000 hashes, as text: they are beyond what a double holds. */
static void put_done(const struct nli_online *s, struct nli_buf *to)
{
	uint64_t *hash = nli_xmalloc(s->done.n, sizeof(*hash));
	struct nli_jw w = { .b = to };
	size_t n = 0;

	for (size_t i = 0; i < s->done.cap; i++)
		if (s->done.slot[i].used)
			hash[n++] = s->done.slot[i].key;
	if (n)
		qsort(hash, n, sizeof(*hash), cmp_hash);
	for (size_t i = 0; i < n; i++) {
		if (i % 1000 == 0) {
			w.comma = false;
			nli_jw_open(&w, '{');
			nli_jw_key(&w, "done");
			nli_jw_open(&w, '[');
		}
		nli_jw_u64(&w, hash[i]);
		if (i % 1000 == 999 || i + 1 == n) {
			nli_jw_close(&w, ']');
			nli_jw_close(&w, '}');
			nli_buf_addc(to, '\n');
		}
	}
	free(hash);
}

void nli_online_save(const struct nli_online *s, struct nli_buf *to)
{
	uint32_t *order = nli_online_by_order(s);

	put_head(s, to);
	for (size_t j = 0; j < s->worker.n; j++)
		put_worker(s, j, to);
	for (uint64_t i = 0; i < s->n_open; i++)
		put_item(s, order[i], to);
	put_done(s, to);
	free(order);
}

static int bad(const char *what, struct nli_err *err)
{
	return nli_fail(err, NLI_EDATA, "not a state of nli-truth: %s", what);
}

/* All numbers of a state are counts, sums and probabilities: none is negative. */
static bool take_real(const nli_jval *v, double *to)
{
	return nli_jreal(v, to) && *to >= 0;
}

static bool get_real(const nli_jval *o, const char *key, double *to)
{
	return take_real(nli_jget(o, key), to);
}

static bool get_count(const nli_jval *o, const char *key, uint64_t *to)
{
	int64_t v;

	if (!nli_jint(nli_jget(o, key), &v) || v < 0)
		return false;
	*to = (uint64_t)v;
	return true;
}

static int same_options(const struct nli_online *s, const nli_jval *o,
			struct nli_err *err)
{
	struct nli_buf b = { 0 };
	struct nli_jw w = { .b = &b };
	struct nli_json *j = nli_json_new();
	const nli_jval *mine;
	int rc = 0;

	nli_jw_open(&w, '{');
	put_options(s, &w);
	nli_jw_close(&w, '}');
	mine = nli_json_parse(j, b.data, b.len, NULL);
	for (struct nli_jiter it = nli_jiter(mine); !rc && nli_jnext(&it);) {
		char key[32];
		struct nli_str had;

		snprintf(key, sizeof(key), "%.*s", (int)it.key.len, it.key.s);
		had = nli_jstr(nli_jget(o, key));
		if (!nli_str_eq(had, nli_jstr(it.val)))
			rc = nli_fail(
				err, NLI_EDATA,
				"the state was made with %s %.*s, this run has %.*s", key,
				(int)had.len, had.s ? had.s : "",
				(int)nli_jstr(it.val).len, nli_jstr(it.val).s);
	}
	nli_json_free(j);
	nli_buf_release(&b);
	return rc;
}

static int get_head(struct nli_online *s, const nli_jval *o, struct nli_err *err)
{
	struct nli_online_tally *t = &s->tally;
	size_t k = 0;

	if (same_options(s, o, err))
		return NLI_EDATA;
	if (!get_count(o, "items", &s->items) || !get_count(o, "votes", &t->votes) ||
	    !get_count(o, "replaced", &t->replaced) || !get_count(o, "late", &t->late) ||
	    !get_count(o, "by_threshold", &t->by_threshold) ||
	    !get_count(o, "by_budget", &t->by_budget) ||
	    !get_count(o, "by_end", &t->by_end) ||
	    !get_count(o, "emitted_labels", &t->labels) ||
	    !get_count(o, "n_truth", &t->n_truth) || !get_real(o, "right", &t->right))
		return bad("its first line lacks a count", err);
	for (struct nli_jiter it = nli_jiter(nli_jget(o, "labels")); nli_jnext(&it);)
		if (nli_online_label(s, nli_jstr(it.val), err) < 0)
			return NLI_EDATA;
	if (nli_jlen(nli_jget(o, "share")) != s->label.n)
		return bad("labels and shares differ in number", err);
	for (struct nli_jiter it = nli_jiter(nli_jget(o, "share")); nli_jnext(&it); k++)
		if (!take_real(it.val, &s->share[k]))
			return bad("a share is no number", err);
	return 0;
}

static int get_worker(struct nli_online *s, const nli_jval *o, struct nli_err *err)
{
	const nli_jval *cells = nli_jget(o, "s");
	const size_t K = s->label.n;
	const struct nli_str none = { NULL, 0 };
	const uint32_t j = nli_online_worker(s, nli_jstr(nli_jget(o, "w")), none);
	struct online_worker *x = &s->w[j]; /* after the call, which may move s->w */
	size_t at = 0;

	if (!get_real(o, "labels", &x->labels) || !get_real(o, "right", &x->right) ||
	    !get_real(o, "n", &x->n))
		return bad("a worker lacks a number", err);
	if (!cells)
		return 0;
	if (nli_jlen(cells) != K * K)
		return bad("a worker's statistics are of another size", err);
	x->s = nli_xcalloc((size_t)s->k_cap * s->k_cap, sizeof(*x->s));
	for (struct nli_jiter it = nli_jiter(cells); nli_jnext(&it); at++)
		if (!take_real(it.val, &x->s[at / K * s->k_cap + at % K]))
			return bad("a statistic is no number", err);
	return 0;
}

static int get_votes(struct nli_online *s, struct online_slot *x, const nli_jval *votes,
		     struct nli_err *err)
{
	double v[5];
	int at = 0;

	for (struct nli_jiter it = nli_jiter(votes); nli_jnext(&it);) {
		if (!take_real(it.val, &v[at]))
			return bad("a vote is no number", err);
		if (++at < 5)
			continue;
		at = 0;
		if (!(v[0] < (double)s->worker.n && v[1] < (double)s->label.n &&
		      v[2] <= 1 && v[4] <= UINT32_MAX))
			return bad("a vote of nobody", err);
		*nli_online_push(x) = (struct online_vote){
			.worker = (uint32_t)v[0],
			.label = (uint8_t)v[1],
			.weight = (float)v[2],
			.counted = v[3],
			.at = (uint32_t)v[4],
		};
	}
	return at ? bad("half a vote", err) : 0;
}

static int get_item(struct nli_online *s, const nli_jval *o, struct nli_err *err)
{
	const uint64_t items = s->items;
	const uint32_t i = nli_online_slot(s, nli_jstr(nli_jget(o, "i")));
	struct online_slot *x = &s->slot[i];
	int64_t truth;
	size_t k = 0;

	s->items = items; /* it was counted when it was opened first */
	if (!get_count(o, "order", &x->order) ||
	    !nli_jint(nli_jget(o, "truth"), &truth) || truth < -1 ||
	    truth >= (int64_t)s->label.n || nli_jlen(nli_jget(o, "q")) != s->label.n)
		return bad("an item lacks a number", err);
	if (!s->label.n)
		return bad("an item without labels", err);
	x->truth = (int32_t)truth;
	for (struct nli_jiter it = nli_jiter(nli_jget(o, "q")); nli_jnext(&it); k++)
		if (!take_real(it.val, &nli_online_q(s, i)[k]))
			return bad("a posterior is no number", err);
	return get_votes(s, x, nli_jget(o, "votes"), err);
}

static int get_done(struct nli_online *s, const nli_jval *done, struct nli_err *err)
{
	for (struct nli_jiter it = nli_jiter(done); nli_jnext(&it);) {
		const struct nli_str t = nli_jstr(it.val);
		char text[24], *end;
		uint64_t h;

		if (!t.len || t.len >= sizeof(text))
			return bad("a hash is no number", err);
		memcpy(text, t.s, t.len);
		text[t.len] = '\0';
		h = strtoull(text, &end, 10);
		if (*end)
			return bad("a hash is no number", err);
		nli_map64_put(&s->done, h, NULL);
	}
	return 0;
}

static int get_line(struct nli_online *s, const nli_jval *o, bool head,
		    struct nli_err *err)
{
	if (nli_jtype(o) != NLI_J_OBJECT)
		return bad("a line is no object", err);
	if (head)
		return get_head(s, o, err);
	if (nli_jtype(nli_jget(o, "w")) == NLI_J_STRING)
		return get_worker(s, o, err);
	if (nli_jtype(nli_jget(o, "i")) == NLI_J_STRING)
		return get_item(s, o, err);
	if (nli_jtype(nli_jget(o, "done")) == NLI_J_ARRAY)
		return get_done(s, nli_jget(o, "done"), err);
	return bad("a line is neither worker nor item", err);
}

int nli_online_load(struct nli_online *s, struct nli_str text, struct nli_err *err)
{
	struct nli_json *j = nli_json_new();
	size_t at = 0;
	int rc = text.len ? 0 : bad("it is empty", err);

	while (!rc && at < text.len) {
		const char *end = memchr(text.s + at, '\n', text.len - at);
		const size_t len = end ? (size_t)(end - text.s) - at : text.len - at;
		const nli_jval *o = nli_json_parse(j, text.s + at, len, err);

		rc = !end ? bad("its last line is cut short", err)
		     : !o ? NLI_EDATA
			  : get_line(s, o, !at, err);
		at += len + 1;
	}
	nli_json_free(j);
	return rc;
}
