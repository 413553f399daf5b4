/* audit_fit.c - see audit.h: folds, cross-fitting of each input, measures. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/base/radix.h"
#include "lib/model/audit_parts.h"
#include "lib/model/fold.h"
#include "lib/model/vmath.h"
#include "lib/nli/label.h"

/* The labels of the bus first, in their usual order, then others by their bytes. */
static int by_label(const void *pa, const void *pb)
{
	const struct nli_str a = *(const struct nli_str *)pa;
	const struct nli_str b = *(const struct nli_str *)pb;
	const int la = nli_label_of(a), lb = nli_label_of(b);

	if (la != lb && la >= 0 && lb >= 0)
		return la < lb ? -1 : 1;
	if ((la >= 0) != (lb >= 0))
		return la >= 0 ? -1 : 1;
	return nli_str_cmp(a, b);
}

static void sort_labels(struct audit_set *s)
{
	int16_t to[NLI_MAX_CLASS];

	if (audit_is_choice(s)) {
		for (size_t i = 0; i < s->n; i++)
			if (s->item[i].n_opt > s->n_class)
				s->n_class = s->item[i].n_opt;
		return;
	}
	s->n_class = s->label.n;
	for (size_t c = 0; c < s->n_class; c++)
		s->class_name[c] = s->label.text[c];
	if (s->n_class)
		qsort(s->class_name, s->n_class, sizeof(*s->class_name), by_label);
	audit_quote_labels(s);
	for (size_t c = 0; c < s->n_class; c++)
		to[nli_intern_find(&s->label, s->class_name[c])] = (int16_t)c;
	for (size_t i = 0; i < s->n; i++)
		if (s->item[i].y >= 0)
			s->item[i].y = to[s->item[i].y];
}

static bool is_scored(const struct nli_audit *a, const struct audit_item *i)
{
	return i->y >= 0 && (!a->test || !i->train);
}

/* Whether a hash is among (n,) that are sorted by their upper halves. */
static bool is_among(uint64_t hash, const uint64_t *known, size_t n)
{
	size_t from = 0, to = n;

	while (from < to) {
		const size_t mid = from + (to - from) / 2;

		if (known[mid] >> 32 < hash >> 32)
			from = mid + 1;
		else
			to = mid;
	}
	for (; from < n && known[from] >> 32 == hash >> 32; from++)
		if (known[from] == hash)
			return true;
	return false;
}

/* How many labelled, scored records share their premise with a training record. */
static void count_shared(const struct nli_audit *a, struct audit_set *s)
{
	uint64_t *known, *spare, last = 0;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		s->n_scored += is_scored(a, &s->item[i]);
	if (!a->test)
		return;
	known = nli_xmalloc(s->n, sizeof(*known));
	spare = nli_xmalloc(s->n, sizeof(*spare));
	for (size_t i = 0; i < s->n; i++) {
		/* Records of a premise stand together as a rule: many hashes are one. */
		if (s->item[i].train && (!n || s->item[i].premise != last))
			known[n++] = last = s->item[i].premise;
	}
	nli_radix_sort(&known, &spare, n);
	for (size_t i = 0; i < s->n && n; i++)
		if (is_scored(a, &s->item[i]))
			s->n_shared += is_among(s->item[i].premise, known, n);
	free(known);
	free(spare);
}

/* Items of a problem: those of the set, or of a slice of it, in the order of the sweep. */
struct view {
	const bool *keep; /* (items of the set,) NULL: all */
	size_t n;
	size_t *item;   /* (n,) numbers in the set */
	uint64_t *unit; /* (n,) what a fold must not cut */
	uint8_t *fold;  /* (n,) */
	int16_t *y;     /* (n,) */
	size_t *first;  /* (n + 1,) first row of each */
	size_t n_fold, n_group;
};

/* The order of the sweep: groups by hash, their records by key. */
struct keyed {
	uint64_t group, key;
	size_t item;
};

static int by_key(const void *pa, const void *pb)
{
	const struct keyed *a = pa, *b = pb;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->item > b->item) - (a->item < b->item);
}

enum {
	FEW = 16,
	AHEAD = 16 /* how early memory is asked for */
};

/* Insertion: as a rule they are the handful of a group. */
static void sort_keyed(struct keyed *k, size_t n)
{
	if (n > FEW) {
		qsort(k, n, sizeof(*k), by_key);
		return;
	}
	for (size_t i = 1; i < n; i++) {
		const struct keyed one = k[i];
		size_t at = i;

		for (; at && by_key(&one, &k[at - 1]) < 0; at--)
			k[at] = k[at - 1];
		k[at] = one;
	}
}

/*
 * Whether at least half of the scored records are of groups that are trained on.
 * Then the folds that choose the penalty must be as near to their training
 * records as that: folds by group would make the model trust what it knows of a
 * premise, which is what fails it on such a split.
 */
static bool split_leaks(const struct nli_audit *a, const struct audit_set *s)
{
	return a->test && 2 * s->n_shared >= s->n_scored && s->n_shared;
}

static uint64_t group_rank(const struct nli_audit *a, const struct audit_item *i)
{
	return nli_mix(i->group ^ nli_mix(a->o.seed));
}

/* The numbers of the items of a view below the upper halves of their groups' ranks. */
static uint64_t *rank_groups(const struct nli_audit *a, const struct audit_set *s,
			     struct view *v)
{
	uint64_t *at = nli_xmalloc(s->n, sizeof(*at)),
		 *spare = nli_xmalloc(s->n, sizeof(*spare));

	for (size_t i = 0; i < s->n; i++)
		if ((!v->keep || v->keep[i]) && (!a->test || s->item[i].train))
			at[v->n++] = group_rank(a, &s->item[i]) >> 32 << 32 | i;
	nli_radix_sort(&at, &spare, v->n);
	free(spare);
	return at;
}

/* Items [from, from + n) of the view are to be those. */
static void take_items(struct view *v, const struct audit_set *s, bool leaks, size_t from,
		       const struct keyed *k, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct audit_item *it = &s->item[k[i].item];

		v->item[from + i] = k[i].item;
		v->unit[from + i] = leaks ? it->key : it->group;
		v->y[from + i] = it->y;
		v->first[from + i + 1] = v->first[from + i] + it->n_opt;
	}
}

/* keep: NULL for all items, or which; where others are scored, those to train on alone. */
static void view_init(struct view *v, const struct nli_audit *a,
		      const struct audit_set *s, const bool *keep)
{
	const bool leaks = split_leaks(a, s);
	struct keyed *k = NULL;
	size_t cap = 0, n;
	uint64_t *at;

	*v = (struct view){ .keep = keep };
	at = rank_groups(a, s, v);
	v->item = nli_xmalloc(v->n, sizeof(*v->item));
	v->unit = nli_xmalloc(v->n, sizeof(*v->unit));
	v->fold = nli_xmalloc(v->n, sizeof(*v->fold));
	v->y = nli_xmalloc(v->n, sizeof(*v->y));
	v->first = nli_xmalloc(v->n + 1, sizeof(*v->first));
	v->first[0] = 0;
	for (size_t from = 0; from < v->n; from += n) {
		n = (size_t)(nli_radix_end(at + from, at + v->n) - (at + from));
		nli_grow(&k, &cap, n, sizeof(*k));
		for (size_t i = 0; i < n; i++) {
			const size_t item = (uint32_t)at[from + i];

			/* Items are more than the caches hold. */
			if (from + i + AHEAD < v->n)
				__builtin_prefetch(
					&s->item[(uint32_t)at[from + i + AHEAD]]);
			k[i] = (struct keyed){ group_rank(a, &s->item[item]),
					       s->item[item].key, item };
		}
		sort_keyed(k, n);
		take_items(v, s, leaks, from, k, n);
	}
	free(k);
	free(at);
}

static void view_release(struct view *v)
{
	free(v->item);
	free(v->unit);
	free(v->fold);
	free(v->y);
	free(v->first);
}

static void deal_folds(const struct nli_audit *a, const struct audit_set *s,
		       struct view *v)
{
	v->n_fold = a->o.fit.n_fold;
	v->n_group = nli_fold_groups(v->n, v->unit, v->y, s->n_class, v->n_fold,
				     a->o.seed, v->fold);
	if (v->n_group < v->n_fold && v->n_group > 1) {
		v->n_fold = v->n_group;
		nli_fold_groups(v->n, v->unit, v->y, s->n_class, v->n_fold, a->o.seed,
				v->fold);
	}
}

static void given_folds(const struct audit_set *s, struct view *v)
{
	v->n_fold = 0;
	for (size_t i = 0; i < v->n; i++) {
		const struct audit_item *it = &s->item[v->item[i]];

		v->fold[i] = it->fold;
		if (v->fold[i] + 1u > v->n_fold)
			v->n_fold = v->fold[i] + 1u;
	}
	v->n_group = v->n_fold;
}

/* Log of the labels' shares outside of each fold, with half a record more of each. */
static void count_priors(const struct audit_set *s, const struct view *v, size_t n_model,
			 bool test, double (*prior)[NLI_MAX_CLASS])
{
	double(*count)[NLI_MAX_CLASS] = nli_xcalloc(NLI_MAX_FOLD, sizeof(*count));
	double all[NLI_MAX_CLASS] = { 0 };

	for (size_t i = 0; i < v->n; i++)
		if (v->y[i] >= 0 && v->fold[i] != NLI_FOLD_TEST) {
			count[v->fold[i]][v->y[i]]++;
			all[v->y[i]]++;
		}
	for (size_t k = 0; k < n_model; k++) {
		double sum = 0;

		for (size_t c = 0; c < s->n_class; c++)
			sum += all[c] - (test ? 0 : count[k][c]) + 0.5;
		for (size_t c = 0; c < s->n_class; c++)
			prior[k][c] =
				log((all[c] - (test ? 0 : count[k][c]) + 0.5) / sum);
	}
	free(count);
}

double audit_log_prior(const struct nli_audit *a, const struct audit_set *s,
		       const struct audit_result *r, const struct audit_item *i, size_t y)
{
	if (audit_is_choice(s))
		return -log((double)i->n_opt);
	return r->prior[a->test ? 0 : i->fold][y];
}

struct nli_scored audit_scored(const struct nli_audit *a, const struct audit_set *s,
			       const struct audit_result *r, size_t item)
{
	const struct audit_item *i = &s->item[item];
	struct audit_seen v = {
		.set = s,
		.logp = r->logp + item * s->n_class,
		.n = audit_is_choice(s) ? i->n_opt : s->n_class,
		.y = i->y,
	};

	audit_see(&v, i->y < 0 ? 0 : audit_log_prior(a, s, r, i, (size_t)i->y));
	return (struct nli_scored){
		.group = i->group,
		.y = i->y,
		.pred = (int16_t)v.pred,
		.n_opt = (uint16_t)v.n,
		.top = nli_expf(v.logp[v.pred]),
		.p = v.p,
		.pvi = v.pvi,
	};
}

static void measure(const struct nli_audit *a, const struct audit_set *s,
		    const struct view *v, struct audit_result *r)
{
	struct nli_scored *sc = nli_xmalloc(s->n, sizeof(*sc));
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if ((!v->keep || v->keep[i]) && is_scored(a, &s->item[i]))
			sc[n++] = audit_scored(a, s, r, i);
	nli_metrics_of(sc, n, s->n_class, audit_is_choice(s), a->o.level, a->o.seed,
		       &r->m);
	free(sc);
}

/* How often the answer beats an option of each type. */
static void measure_axes(const struct nli_audit *a, const struct audit_set *s,
			 const struct view *v, struct audit_result *r)
{
	r->axis = nli_xcalloc(s->type_name.n + 1, sizeof(*r->axis));
	for (size_t k = 0; k < s->n; k++) {
		const struct audit_item *i = &s->item[k];
		const float *logp = r->logp + k * s->n_class;

		if ((v->keep && !v->keep[k]) || !is_scored(a, i))
			continue;
		for (size_t o = 0; o < i->n_opt; o++) {
			const uint8_t type = s->type[i->row + o];

			if (!type || o == (size_t)i->y)
				continue;
			r->axis[type - 1].n++;
			r->axis[type - 1].win += logp[i->y] > logp[o];
		}
	}
}

static void test_labels(const struct nli_audit *a, const struct audit_set *s,
			const struct view *v, const struct nli_problem *p,
			struct audit_result *r)
{
	struct nli_permute_opts o = a->o.permute;
	uint32_t *strata = NULL;

	if (a->o.stratify) {
		strata = nli_xmalloc(v->n, sizeof(*strata));
		for (size_t i = 0; i < v->n; i++)
			strata[i] = s->by[v->item[i] * a->o.n_by];
	}
	o.strata = strata;
	o.seed = a->o.seed;
	o.jobs = a->o.fit.jobs;
	nli_permutation_test(p, &o, &r->perm);
	free(strata);
}

static void measure_code(const struct nli_audit *a, const struct audit_set *s,
			 const struct view *v, const struct nli_problem *p,
			 struct audit_result *r)
{
	uint64_t *group = nli_xmalloc(v->n, sizeof(*group));
	const double c = a->o.fit.c[r->info.chosen[0]];

	for (size_t i = 0; i < v->n; i++)
		group[i] = s->item[v->item[i]].group;
	nli_mdl_online(p, group, 1 / c, a->o.fit.tol, a->o.fit.max_epoch, a->o.level,
		       &r->mdl);
	free(group);
}

/* Train and score one input on the rows of a view (rows in the view's order). */
static void fit_input(const struct nli_audit *a, const struct audit_set *s,
		      const struct view *v, const struct nli_rows *rows, size_t input,
		      struct audit_result *r)
{
	struct nli_problem p = {
		.rows = rows,
		.n = v->n,
		.item = audit_is_choice(s) ? v->first : NULL,
		.y = v->y,
		.fold = v->fold,
		.n_class = audit_is_choice(s) ? 0 : s->n_class,
		.nb = a->o.nb,
	};
	struct nli_crossfit_opts o = a->o.fit;
	float *logp = nli_xcalloc(v->n * s->n_class, sizeof(*logp));

	o.n_fold = v->n_fold;
	o.test = a->test;
	for (size_t b = 0; b < NLI_N_BLOCK; b++)
		p.scale2[b] = (float)(a->o.scale[b] * a->o.scale[b]);
	audit_train(a, s, &p, &o, logp, r);
	r->prior = nli_xcalloc(r->info.n_model, sizeof(*r->prior));
	count_priors(s, v, r->info.n_model, a->test, r->prior);
	r->logp = nli_xcalloc(s->n * s->n_class, sizeof(*r->logp));
	for (size_t i = 0; i < v->n && !a->test; i++)
		memcpy(r->logp + v->item[i] * s->n_class, logp + i * s->n_class,
		       s->n_class * sizeof(*logp));
	free(logp);
	if (a->test)
		audit_score_others(a, s, v->keep, input, r);
	measure(a, s, v, r);
	if (a->choice_types && audit_is_choice(s))
		measure_axes(a, s, v, r);
	test_labels(a, s, v, &p, r);
	if (!a->test && r->perm.n_perm > 1 && r->m.n)
		nli_metrics_widen(&r->m, nli_permute_inflation(&r->perm));
	if (a->o.mdl && !a->o.bayes)
		measure_code(a, s, v, &p, r);
}

/* Which added row becomes which row of the view. */
static size_t *row_order(const struct audit_set *s, const struct view *v)
{
	size_t *order = nli_xmalloc(v->first[v->n], sizeof(*order));

	for (size_t i = 0; i < v->n; i++)
		for (size_t k = 0; k < s->item[v->item[i]].n_opt; k++)
			order[v->first[i] + k] = s->item[v->item[i]].at + k;
	return order;
}

/* A view needs two labels (or a choice) and two folds to learn from. */
static int check_view(const struct nli_audit *a, const struct audit_set *s,
		      const struct view *v, struct nli_err *err)
{
	size_t n = 0, n_label = 0;
	bool seen[NLI_MAX_CLASS] = { false };

	for (size_t i = 0; i < v->n; i++) {
		if (v->y[i] < 0 || v->fold[i] == NLI_FOLD_TEST)
			continue;
		n++;
		n_label += !seen[v->y[i]];
		seen[v->y[i]] = true;
	}
	if (!n)
		return nli_fail(err, NLI_EDATA, "no labelled record to learn from");
	if (n_label < 2 && !audit_is_choice(s))
		return nli_fail(err, NLI_EDATA, "all %zu labelled records have one label",
				n);
	if (v->n_fold < 2 || (v->n_group < 2 && !a->o.fold_field))
		return nli_fail(err, NLI_EDATA,
				"all records are of one group: no fold can be held out");
	return 0;
}

static int make_view(const struct nli_audit *a, const struct audit_set *s,
		     const bool *keep, struct view *v, struct nli_err *err)
{
	view_init(v, a, s, keep);
	if (a->o.fold_field)
		given_folds(s, v);
	else
		deal_folds(a, s, v);
	return check_view(a, s, v, err);
}

struct ranked {
	float p;
	int16_t y;
	size_t item;
};

static int by_rank(const void *pa, const void *pb)
{
	const struct ranked *a = pa, *b = pb;

	if (a->y != b->y)
		return a->y < b->y ? -1 : 1;
	return (a->p < b->p) - (a->p > b->p);
}

/* Places by falling p(gold) among the records of a label; equal ones share the best. */
static void rank_items(const struct nli_audit *a, struct audit_set *s)
{
	struct ranked *k = nli_xmalloc(s->n, sizeof(*k));
	size_t n = 0, start = 0;

	s->rank = nli_xcalloc(s->n, sizeof(*s->rank));
	for (size_t i = 0; i < s->n; i++)
		if (is_scored(a, &s->item[i]))
			k[n++] = (struct ranked){ audit_scored(a, s, &s->result[0], i).p,
						  audit_is_choice(s) ? 0 : s->item[i].y,
						  i };
	if (n)
		qsort(k, n, sizeof(*k), by_rank);
	for (size_t i = 0; i < n; i++) {
		const bool tie =
			i > start && k[i].y == k[i - 1].y && !(k[i].p < k[i - 1].p);

		if (i && k[i].y != k[i - 1].y)
			start = i;
		s->rank[k[i].item] =
			tie ? s->rank[k[i - 1].item] : (uint32_t)(i - start + 1);
	}
	free(k);
}

/* The rows of a part of a view, with the features that are left. */
static void part_of_rows(const struct nli_audit *a, const struct audit_set *s,
			 const struct nli_rows *all, const size_t *row_of,
			 const struct view *v, struct nli_rows *out)
{
	struct nli_rows_builder b = { 0 };
	uint32_t *hash = NULL;
	size_t cap = 0;

	for (size_t i = 0; i < v->n; i++)
		for (size_t k = 0; k < s->item[v->item[i]].n_opt; k++) {
			const size_t row = row_of[s->item[v->item[i]].at + k];
			const size_t n = all->start[row + 1] - all->start[row];

			nli_grow(&hash, &cap, n, sizeof(*hash));
			for (size_t j = 1; j < n; j++)
				hash[j] = all->hash[all->id[all->start[row] + j]];
			nli_rows_add(&b, hash + 1, n - 1);
		}
	free(hash);
	nli_rows_finish(&b, NULL, a->o.min_count, out);
}

/* The audit of one input inside each slice; row_of[added row] is its row in all. */
static void fit_slices(const struct nli_audit *a, struct audit_set *s, size_t input,
		       const struct nli_rows *all, const size_t *row_of)
{
	bool *keep = nli_xmalloc(s->n, sizeof(*keep));

	for (size_t k = 0; k < s->n_slice; k++) {
		struct audit_slice *l = &s->slice[k];
		struct nli_rows rows;
		struct nli_err err;
		struct view v;

		for (size_t i = 0; i < s->n; i++)
			keep[i] = s->by[i * a->o.n_by + l->field] == l->value;
		if (make_view(a, s, keep, &v, &err)) {
			snprintf(l->why, sizeof(l->why), "%.*s", (int)sizeof(l->why) - 1,
				 err.msg);
			view_release(&v);
			continue;
		}
		if (!l->result)
			l->result = nli_xcalloc(a->o.n_input, sizeof(*l->result));
		l->result[input].input = a->o.input[input];
		part_of_rows(a, s, all, row_of, &v, &rows);
		fit_input(a, s, &v, &rows, input, &l->result[input]);
		free(l->result[input].logp);
		l->result[input].logp = NULL;
		audit_models_free(&l->result[input]);
		nli_rows_release(&rows);
		view_release(&v);
	}
	free(keep);
}

struct value_ref {
	struct nli_str text;
	uint32_t number;
};

static int by_text(const void *pa, const void *pb)
{
	return nli_str_cmp(((const struct value_ref *)pa)->text,
			   ((const struct value_ref *)pb)->text);
}

/* A slice for each value of each --by field, values in byte order. */
static void make_slices(const struct nli_audit *a, struct audit_set *s)
{
	size_t cap = 0;

	for (size_t f = 0; f < a->o.n_by; f++) {
		const size_t n = s->value[f].n;
		struct value_ref *v = nli_xmalloc(n, sizeof(*v));

		for (size_t k = 0; k < n; k++)
			v[k] = (struct value_ref){ s->value[f].text[k], (uint32_t)k };
		if (n)
			qsort(v, n, sizeof(*v), by_text);
		nli_grow(&s->slice, &cap, s->n_slice + n + 1, sizeof(*s->slice));
		for (size_t k = 0; k < n; k++)
			s->slice[s->n_slice++] =
				(struct audit_slice){ .field = f, .value = v[k].number };
		free(v);
	}
	for (size_t k = 0; k < s->n_slice; k++)
		for (size_t i = 0; i < s->n; i++)
			s->slice[k].n += s->by[i * a->o.n_by + s->slice[k].field] ==
					 s->slice[k].value;
}

static int fit_set(struct nli_audit *a, struct audit_set *s, struct nli_err *err)
{
	struct view v;
	size_t *order, *row_of;
	int rc;

	sort_labels(s);
	count_shared(a, s);
	rc = make_view(a, s, NULL, &v, err);
	if (rc) {
		view_release(&v);
		return rc;
	}
	s->n_fold = v.n_fold;
	s->n_group = v.n_group;
	for (size_t i = 0; i < v.n; i++)
		s->item[v.item[i]].fold = v.fold[i];
	order = row_order(s, &v);
	row_of = nli_xmalloc(s->n_text, sizeof(*row_of));
	for (size_t k = 0; k < s->n_text; k++)
		row_of[order[k]] = k;
	make_slices(a, s);
	s->result = nli_xcalloc(a->o.n_input, sizeof(*s->result));
	for (size_t k = 0; k < a->o.n_input; k++) {
		struct nli_rows rows;

		s->result[k].input = a->o.input[k];
		nli_rows_finish(&s->builder[k], order, a->o.min_count, &rows);
		fit_input(a, s, &v, &rows, k, &s->result[k]);
		fit_slices(a, s, k, &rows, row_of);
		nli_rows_release(&rows);
	}
	rank_items(a, s);
	audit_weigh(a, s);
	free(order);
	free(row_of);
	view_release(&v);
	return 0;
}

int nli_audit_fit(struct nli_audit *a, struct nli_err *err)
{
	for (int t = 0; t < N_TASK; t++) {
		struct audit_set *s = &a->set[t];
		int rc = 0;

		if (s->n)
			rc = fit_set(a, s, err);
		if (rc)
			return rc;
	}
	return 0;
}
