/* online.c - see online.h. */
#include "lib/crowd/online.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/crowd/crowd.h"
#include "lib/crowd/em.h"
#include "lib/crowd/fit.h"
#include "lib/crowd/online_impl.h"
#include "lib/io/json.h"

enum { FIRST_CLASSES = 4, FIRST_BUCKETS = 1024 };

/* Manino et al.'s prior: two right labels and a wrong one. */
static const double RIGHT = 2, WRONG = 1, ON = 4, OFF = 1, ETA = -.7;

static uint32_t n_class(const struct nli_online *s)
{
	return (uint32_t)s->label.n;
}

struct nli_online *nli_online_new(const struct nli_online_opts *o)
{
	struct nli_online *s = nli_xcalloc(1, sizeof(*s));

	s->o = *o;
	s->k_cap = FIRST_CLASSES;
	s->share = nli_xcalloc(s->k_cap, sizeof(*s->share));
	s->sorted = nli_xcalloc(s->k_cap, sizeof(*s->sorted));
	s->short_label = nli_xcalloc(1, sizeof(*s->short_label));
	s->free_slot = NLI_SLOT_NONE;
	s->n_bucket = FIRST_BUCKETS;
	s->bucket = nli_xmalloc(s->n_bucket, sizeof(*s->bucket));
	memset(s->bucket, 0xff, s->n_bucket * sizeof(*s->bucket));
	return s;
}

void nli_online_free(struct nli_online *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n_slot; i++) {
		free(s->slot[i].far_name);
		free(s->slot[i].vote);
	}
	for (size_t j = 0; j < s->worker.n; j++)
		free(s->w[j].s);
	nli_names_release(&s->label);
	nli_names_release(&s->worker);
	nli_buf_release(&s->key);
	nli_map64_release(&s->done);
	free(s->short_label);
	free(s->w);
	free(s->sorted);
	free(s->share);
	free(s->slot);
	free(s->q);
	free(s->bucket);
	free(s);
}

/* An array of n cells a row becomes one of m cells a row, the new ones 0. */
static double *widen(double *old, size_t rows, size_t n, size_t m)
{
	double *to = nli_xcalloc(rows * m, sizeof(*to));

	for (size_t r = 0; r < rows; r++)
		memcpy(to + r * m, old + r * n, n * sizeof(*to));
	free(old);
	return to;
}

static void more_classes(struct nli_online *s)
{
	const size_t n = s->k_cap, m = n * 2;

	s->share = widen(s->share, 1, n, m);
	s->sorted = nli_xrealloc(s->sorted, m, sizeof(*s->sorted));
	s->q = widen(s->q, s->n_slot, n, m);
	s->q_cap = s->n_slot * m;
	for (size_t j = 0; j < s->worker.n; j++) {
		double *old = s->w[j].s;

		if (!old)
			continue;
		s->w[j].s = nli_xcalloc(m * m, sizeof(*old));
		for (size_t k = 0; k < n; k++)
			memcpy(s->w[j].s + k * m, old + k * n, n * sizeof(*old));
		free(old);
	}
	s->k_cap = (uint32_t)m;
}

static bool whole(struct nli_str s, int64_t *v)
{
	char text[20], *end;

	if (!s.len || s.len >= sizeof(text))
		return false;
	memcpy(text, s.s, s.len);
	text[s.len] = '\0';
	*v = strtoll(text, &end, 10);
	return !*end;
}

/* Put the newest label in its place: by value if all are whole numbers, else by bytes. */
static void sort_labels(struct nli_online *s)
{
	bool by_value = true;
	int64_t x, y;

	for (uint32_t k = 0; k < n_class(s); k++)
		by_value = by_value && whole(nli_names_text(&s->label, k), &x);
	for (uint32_t k = 0; k < n_class(s); k++) {
		uint32_t at = k;

		for (; at; at--) {
			const struct nli_str a = nli_names_text(&s->label, k);
			const struct nli_str b =
				nli_names_text(&s->label, s->sorted[at - 1]);

			if (by_value && whole(a, &x) && whole(b, &y) && x != y
				    ? x > y
				    : nli_str_cmp(a, b) > 0)
				break;
			s->sorted[at] = s->sorted[at - 1];
		}
		s->sorted[at] = k;
	}
}

int nli_online_label(struct nli_online *s, struct nli_str label, struct nli_err *err)
{
	const size_t before = s->label.n;
	uint32_t k;

	if (before == NLI_CROWD_MAX_CLASS && nli_names_find(&s->label, label) < 0)
		return nli_fail(err, NLI_EDATA,
				"\"%.*s\" is label number %d, wanted up to %d",
				(int)label.len, label.s, NLI_CROWD_MAX_CLASS + 1,
				NLI_CROWD_MAX_CLASS);
	k = nli_names_recall(&s->label, s->short_label, label);
	if (s->label.n > before) {
		if (s->label.n > s->k_cap)
			more_classes(s);
		sort_labels(s);
	}
	return (int)k;
}

uint32_t nli_online_worker(struct nli_online *s, struct nli_str worker,
			   struct nli_str group)
{
	const size_t before = s->worker.n;
	struct nli_str key = worker;
	uint32_t j;

	if (group.len) {
		nli_buf_clear(&s->key);
		nli_buf_add(&s->key, worker.s, worker.len);
		nli_buf_addc(&s->key, '\n');
		nli_buf_add(&s->key, group.s, group.len);
		key = nli_buf_str(&s->key);
	}
	j = nli_names_add(&s->worker, key, nli_names_hash(key));
	if (s->worker.n > before) {
		nli_grow(&s->w, &s->w_cap, s->worker.n, sizeof(*s->w));
		s->w[j] = (struct online_worker){ 0 };
	}
	return j;
}

static void more_buckets(struct nli_online *s)
{
	s->n_bucket *= 2;
	s->bucket = nli_xrealloc(s->bucket, s->n_bucket, sizeof(*s->bucket));
	memset(s->bucket, 0xff, s->n_bucket * sizeof(*s->bucket));
	for (uint32_t i = 0; i < s->n_slot; i++) {
		struct online_slot *x = &s->slot[i];
		uint32_t *b = &s->bucket[x->hash & (s->n_bucket - 1)];

		if (!x->used)
			continue;
		x->next = *b;
		*b = i;
	}
}

static uint32_t take_slot(struct nli_online *s)
{
	uint32_t i = s->free_slot;

	if (i != NLI_SLOT_NONE) {
		s->free_slot = s->slot[i].next;
		return i;
	}
	nli_grow(&s->slot, &s->slot_cap, s->n_slot + 1, sizeof(*s->slot));
	i = (uint32_t)s->n_slot++;
	s->slot[i] = (struct online_slot){ 0 };
	nli_grow(&s->q, &s->q_cap, s->n_slot * s->k_cap, sizeof(*s->q));
	return i;
}

static bool is_named(const struct online_slot *x, struct nli_str name, uint64_t hash)
{
	return x->hash == hash && nli_str_eq(nli_online_name(x), name);
}

static void set_name(struct online_slot *x, struct nli_str name)
{
	char *to = x->near_name;

	if (name.len > NLI_NEAR_NAME) {
		nli_grow(&x->far_name, &x->far_cap, name.len, 1);
		to = x->far_name;
	}
	memcpy(to, name.s, name.len);
	x->name_len = name.len;
}

/* The slot at the head of a hash's bucket, or NULL. */
static const struct online_slot *head(const struct nli_online *s, uint64_t hash)
{
	const uint32_t i = s->bucket[hash & (s->n_bucket - 1)];

	return i == NLI_SLOT_NONE ? NULL : &s->slot[i];
}

void nli_online_ahead(struct nli_online *s, uint64_t hash)
{
	const uint64_t n = s->n_ahead++;
	const struct online_slot *x;

	s->ahead[n % NLI_ONLINE_AHEAD] = hash;
	__builtin_prefetch(&s->bucket[hash & (s->n_bucket - 1)]);
	x = n < 3 ? NULL : head(s, s->ahead[(n - 3) % NLI_ONLINE_AHEAD]);
	if (x) {
		__builtin_prefetch(x);
		__builtin_prefetch((const char *)(x + 1) - 1);
	}
	x = n < 6 ? NULL : head(s, s->ahead[(n - 6) % NLI_ONLINE_AHEAD]);
	if (x) {
		__builtin_prefetch(nli_online_q(s, (uint32_t)(x - s->slot)));
		__builtin_prefetch(x->vote);
		__builtin_prefetch(x->vote + x->n_vote);
	}
}

uint32_t nli_online_slot(struct nli_online *s, struct nli_str item)
{
	const uint64_t hash = nli_names_hash(item);
	struct online_slot *x;
	uint32_t i = s->bucket[hash & (s->n_bucket - 1)];

	for (; i != NLI_SLOT_NONE; i = s->slot[i].next)
		if (is_named(&s->slot[i], item, hash))
			return i;
	if (s->n_open >= s->n_bucket)
		more_buckets(s);
	i = take_slot(s);
	x = &s->slot[i];
	set_name(x, item);
	x->n_vote = 0;
	x->hash = hash;
	x->order = s->items++;
	x->truth = -1;
	x->used = true;
	memset(nli_online_q(s, i), 0, s->k_cap * sizeof(*s->q));
	x->next = s->bucket[hash & (s->n_bucket - 1)];
	s->bucket[hash & (s->n_bucket - 1)] = i;
	s->n_open++;
	return i;
}

/* Most items get few labels: room for four at first, where nli_grow() makes sixteen. */
struct online_vote *nli_online_push(struct online_slot *x)
{
	if (x->n_vote == x->vote_cap) {
		x->vote_cap = x->vote_cap ? x->vote_cap * 2 : 4;
		x->vote = nli_xrealloc(x->vote, x->vote_cap, sizeof(*x->vote));
	}
	return &x->vote[x->n_vote++];
}

static void free_slot(struct nli_online *s, uint32_t i)
{
	struct online_slot *x = &s->slot[i];
	uint32_t *at = &s->bucket[x->hash & (s->n_bucket - 1)];

	while (*at != i)
		at = &s->slot[*at].next;
	*at = x->next;
	x->used = false;
	x->next = s->free_slot;
	s->free_slot = i;
	s->n_open--;
}

/* How much a vote still weighs in its worker's decayed counts. */
static double remains(const struct nli_online *s, const struct online_vote *v)
{
	const double age = s->w[v->worker].labels - v->at;

	return s->o.forget < 1 && age > 0 ? v->weight * pow(s->o.forget, age) : v->weight;
}

static void add_sbic(const struct nli_online *s, const struct online_vote *v, double *q,
		     uint32_t K)
{
	const struct online_worker *w = &s->w[v->worker];
	const double mine = remains(s, v);
	const double right = fmax(w->right - mine * v->counted, 0) + RIGHT;
	const double wrong =
		fmax(w->n - mine - fmax(w->right - mine * v->counted, 0), 0) + WRONG;

	q[v->label] += v->weight * log(right / wrong * (K - 1));
}

static double step_size(double t)
{
	return pow(t + 2, ETA);
}

static void add_sem(const struct nli_online *s, const struct online_vote *v, double *q,
		    uint32_t K)
{
	const struct online_worker *w = &s->w[v->worker];
	const double mass = w->s ? fmin(w->labels, 1 / step_size(w->labels)) : 0;

	for (uint32_t k = 0; k < K; k++) {
		double sum = ON + (K - 1) * OFF;
		double cell = k == v->label ? ON : OFF;

		for (uint32_t l = 0; w->s && l < K; l++)
			sum += mass * w->s[(size_t)k * s->k_cap + l];
		if (w->s)
			cell += mass * w->s[(size_t)k * s->k_cap + v->label];
		q[k] += v->weight * log(cell / sum);
	}
}

/* The posterior of an open item, made anew. */
static void posterior(const struct nli_online *s, const struct online_slot *x, double *q)
{
	const uint32_t K = n_class(s);
	double items = 0;

	for (uint32_t k = 0; k < K; k++)
		items += s->share[k];
	for (uint32_t k = 0; k < K; k++)
		q[k] = s->o.stepwise ? log((1 + s->share[k]) / (K + items)) : 0;
	for (size_t v = 0; v < x->n_vote && K > 1; v++)
		if (s->o.stepwise)
			add_sem(s, &x->vote[v], q, K);
		else
			add_sbic(s, &x->vote[v], q, K);
	nli_softmax(q, K);
}

/* Class shares and workers' right labels follow the posterior of an item, which was old. */
static void follow(struct nli_online *s, struct online_slot *x, const double *q,
		   double *old)
{
	for (uint32_t k = 0; k < n_class(s); k++) {
		s->share[k] = fmax(s->share[k] + q[k] - old[k], 0);
		old[k] = q[k];
	}
	for (size_t i = 0; i < x->n_vote && !s->o.stepwise; i++) {
		struct online_vote *v = &x->vote[i];
		struct online_worker *w = &s->w[v->worker];

		w->right = fmax(w->right + remains(s, v) * (q[v->label] - v->counted), 0);
		v->counted = q[v->label];
	}
}

static void close_sem(struct nli_online *s, const struct online_slot *x, const double *q)
{
	const uint32_t K = n_class(s);
	const size_t cap = s->k_cap;

	for (size_t i = 0; i < x->n_vote; i++) {
		const struct online_vote *v = &x->vote[i];
		struct online_worker *w = &s->w[v->worker];
		const double eta = step_size(w->labels);

		if (!w->s)
			w->s = nli_xcalloc(cap * cap, sizeof(*w->s));
		for (uint32_t k = 0; k < K; k++) {
			for (uint32_t l = 0; l < K; l++)
				w->s[k * cap + l] *= 1 - eta;
			w->s[k * cap + v->label] += eta * v->weight * q[k];
		}
		w->labels++;
	}
}

static void tally(struct nli_online *s, const struct online_slot *x, const char *why,
		  uint32_t best, unsigned ties, const double *q)
{
	struct nli_online_tally *t = &s->tally;

	t->by_threshold += *why == 't';
	t->by_budget += *why == 'b';
	t->by_end += *why == 'e';
	t->labels += x->n_vote;
	if (x->truth < 0)
		return;
	t->n_truth++;
	t->right += q[x->truth] >= q[best] * (1 - NLI_CROWD_TIE) ? 1. / ties : 0;
}

static uint32_t best_of(const struct nli_online *s, const struct online_slot *x,
			const double *q, unsigned ties)
{
	uint64_t least = UINT64_MAX;
	uint32_t best = 0;
	double top = 0;

	for (uint32_t k = 0; k < n_class(s); k++)
		top = fmax(top, q[k]);
	for (uint32_t k = 0; k < n_class(s); k++) {
		const uint64_t h =
			ties > 1 ? nli_mix(nli_mix(x->hash ^ s->o.seed) ^
					   nli_names_hash(nli_names_text(&s->label, k)))
				 : 0;

		if (q[k] >= top * (1 - NLI_CROWD_TIE) && h <= least) {
			best = k;
			least = h;
		}
	}
	return best;
}

static void put_line(const struct nli_online *s, const struct online_slot *x,
		     const double *q, const char *why, uint32_t best, unsigned ties,
		     struct nli_buf *out)
{
	struct nli_jw w = { .b = out };
	double h = 0, same = 0, n = 0, second = 0;

	for (size_t i = 0; i < x->n_vote; i++) {
		n += x->vote[i].weight;
		same += x->vote[i].label == best ? x->vote[i].weight : 0;
	}
	nli_jw_open(&w, '{');
	nli_jw_key(&w, "id");
	nli_jw_str(&w, nli_online_name(x));
	nli_jw_key(&w, "truth");
	nli_jw_open(&w, '{');
	nli_jw_key(&w, "label");
	nli_jw_str(&w, nli_names_text(&s->label, best));
	nli_jw_key(&w, "p");
	nli_jw_open(&w, '{');
	for (uint32_t k = 0; k < n_class(s); k++) {
		const uint32_t l = s->sorted[k];

		nli_jw_keyn(&w, nli_names_text(&s->label, l));
		nli_jw_real(&w, q[l]);
		h -= q[l] > 0 ? q[l] * log(q[l]) : 0;
		second = l != best ? fmax(second, q[l]) : second;
	}
	nli_jw_close(&w, '}');
	nli_jw_key(&w, "entropy");
	nli_jw_real(&w, h);
	nli_jw_key(&w, "margin");
	nli_jw_real(&w, q[best] - second);
	nli_jw_key(&w, "n");
	nli_jw_real(&w, n);
	nli_jw_key(&w, "agreement");
	nli_jw_real(&w, n > 0 ? same / n : 0);
	nli_jw_key(&w, "tie");
	nli_jw_bool(&w, ties > 1);
	nli_jw_key(&w, "why");
	nli_jw_cstr(&w, why);
	nli_jw_close(&w, '}');
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}

static void emit(struct nli_online *s, uint32_t i, const char *why, struct nli_buf *out)
{
	struct online_slot *x = &s->slot[i];
	const double *q = nli_online_q(s, i);
	const unsigned ties = nli_crowd_ties(q, n_class(s));
	const uint32_t best = best_of(s, x, q, ties);

	if (s->o.stepwise)
		close_sem(s, x, q);
	tally(s, x, why, best, ties, q);
	put_line(s, x, q, why, best, ties, out);
	if (s->o.once)
		nli_map64_put(&s->done, x->hash, NULL);
	free_slot(s, i);
}

/* The vote of this worker that is there already, which the new one replaces. */
static struct online_vote *old_vote(struct online_slot *x, uint32_t worker)
{
	for (size_t i = 0; i < x->n_vote; i++)
		if (x->vote[i].worker == worker)
			return &x->vote[i];
	return NULL;
}

static void put_vote(struct nli_online *s, struct online_slot *x, uint32_t j, int label,
		     double weight)
{
	struct online_worker *w = &s->w[j];
	struct online_vote *v = weight == 1 ? old_vote(x, j) : NULL;

	if (v) {
		const double mine = remains(s, v);

		s->tally.replaced++;
		w->n = fmax(w->n - mine, 0);
		w->right = fmax(w->right - mine * v->counted, 0);
	} else {
		v = nli_online_push(x);
	}
	if (!s->o.stepwise) {
		w->labels++;
		w->n = w->n * s->o.forget + weight;
		w->right *= s->o.forget;
	}
	*v = (struct online_vote){ .worker = j,
				   .label = (uint8_t)label,
				   .weight = (float)weight,
				   .at = (uint32_t)fmin(w->labels, UINT32_MAX) };
}

int nli_online_add(struct nli_online *s, const struct nli_online_vote *v,
		   struct nli_buf *out, struct nli_err *err)
{
	const int label = nli_online_label(s, v->label, err);
	double q[NLI_CROWD_MAX_CLASS], top = 0;
	struct online_slot *x;
	uint32_t i;
	int truth = -1;

	if (v->truth.len)
		truth = nli_online_label(s, v->truth, err);
	if (label < 0 || (v->truth.len && truth < 0))
		return NLI_EDATA;
	s->tally.votes++;
	if (s->o.once && nli_map64_get(&s->done, nli_names_hash(v->item))) {
		s->tally.late++;
		return 0;
	}
	i = nli_online_slot(s, v->item);
	x = &s->slot[i];
	x->truth = v->truth.len ? truth : x->truth;
	put_vote(s, x, nli_online_worker(s, v->worker, v->group), label, v->weight);
	posterior(s, x, q);
	follow(s, x, q, nli_online_q(s, i));
	for (uint32_t k = 0; k < n_class(s); k++)
		top = fmax(top, q[k]);
	if (x->n_vote >= s->o.least_votes && top >= s->o.threshold && n_class(s) > 1)
		emit(s, i, "threshold", out);
	else if (s->o.budget && x->n_vote >= s->o.budget)
		emit(s, i, "budget", out);
	return 0;
}

static int cmp_order(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

uint32_t *nli_online_by_order(const struct nli_online *s)
{
	uint64_t(*pair)[2] = nli_xmalloc(s->n_open, sizeof(*pair));
	uint32_t *to = nli_xmalloc(s->n_open, sizeof(*to));
	size_t n = 0;

	for (uint32_t i = 0; i < s->n_slot; i++)
		if (s->slot[i].used) {
			pair[n][0] = s->slot[i].order;
			pair[n++][1] = i;
		}
	if (n)
		qsort(pair, n, sizeof(*pair), cmp_order);
	for (size_t i = 0; i < n; i++)
		to[i] = (uint32_t)pair[i][1];
	free(pair);
	return to;
}

void nli_online_flush(struct nli_online *s, struct nli_buf *out, nli_online_put_fn *put,
		      void *ctx)
{
	const uint64_t n = s->n_open;
	uint32_t *order = nli_online_by_order(s);

	for (uint64_t i = 0; i < n; i++) {
		double q[NLI_CROWD_MAX_CLASS];

		posterior(s, &s->slot[order[i]], q);
		follow(s, &s->slot[order[i]], q, nli_online_q(s, order[i]));
		emit(s, order[i], "end", out);
		if (put)
			put(ctx, out);
	}
	free(order);
}

const struct nli_online_tally *nli_online_tally(const struct nli_online *s)
{
	return &s->tally;
}

uint64_t nli_online_open(const struct nli_online *s)
{
	return s->n_open;
}
