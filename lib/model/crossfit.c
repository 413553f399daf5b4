/* crossfit.c - see crossfit.h. */
#include "lib/model/crossfit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/parallel.h"

struct fitting {
	const struct nli_problem *p;
	const struct nli_crossfit_opts *o;
	size_t width;  /* lanes a solver */
	size_t n_lane; /* final models: n_fold, or 1 in test mode */
	float *logp;
	size_t stride;
	struct nli_crossfit_info *info;
	struct nli_solver **last;
	double loss[NLI_MAX_FOLD][NLI_MAX_PATH]; /* of fold k's selection model */
};

/* Items of a fold that judge a point of the path: of more, the first, which are no others. */
enum { MOST_JUDGES = 1 << 14 };

static size_t lanes_from(size_t first, size_t n, size_t width)
{
	return n - first < width ? n - first : width;
}

static struct nli_lane lane_of(const struct fitting *f, int skip0, int skip1)
{
	return (struct nli_lane){ { skip0, skip1 }, 1 / f->o->c[0] };
}

/* The fold whose loss selection lane k measures. */
static int judged_by(const struct fitting *f, size_t k)
{
	return (int)(f->o->test ? k : (k + 1) % f->o->n_fold);
}

static void add_losses(struct fitting *f, const struct nli_solver *s, size_t first,
		       size_t n, size_t point)
{
	float logp[NLI_LANES * NLI_MAX_CLASS];
	size_t judges[NLI_LANES] = { 0 };

	for (size_t i = 0; i < f->p->n; i++) {
		if (f->p->y[i] < 0)
			continue;
		for (size_t m = 0; m < n; m++) {
			if (judged_by(f, first + m) != f->p->fold[i] ||
			    judges[m]++ >= MOST_JUDGES)
				continue;
			nli_solver_score(s, i, logp, NLI_MAX_CLASS);
			f->loss[first + m][point] -=
				(double)logp[m * NLI_MAX_CLASS + (size_t)f->p->y[i]];
		}
	}
}

/*
 * Where one model is both chosen and kept, a point that lowers the loss by less than
 * that share is the last: a path's gains shrink, and its next point, which costs as
 * many sweeps as all before it, would as a rule only show that it is worse.
 */
static const double LEAST_GAIN = 0.005;

/* Whether no lane's loss fell by more than the share least: later points gain less still. */
static bool past_best(const struct fitting *f, size_t first, size_t n, size_t point,
		      double least)
{
	for (size_t m = 0; m < n; m++)
		if (!point || f->loss[first + m][point] <
				      (1 - least) * f->loss[first + m][point - 1])
			return false;
	return true;
}

static void select_task(void *ctx, size_t task)
{
	struct fitting *f = ctx;
	const size_t first = task * f->width;
	const size_t n = lanes_from(first, f->o->n_fold, f->width);
	struct nli_lane lane[NLI_LANES];
	struct nli_solver *s;

	for (size_t m = 0; m < n; m++)
		lane[m] = lane_of(f, f->o->test ? NLI_FOLD_TEST : (int)(first + m),
				  judged_by(f, first + m));
	s = nli_solver_new(f->p, lane, n);
	for (size_t c = 0; c < f->o->n_c; c++) {
		for (size_t m = 0; m < n && c; m++)
			nli_solver_set_lambda(s, m, 1 / f->o->c[c]);
		nli_solver_run(s, f->p->n, f->o->tol, f->o->max_epoch);
		nli_solver_average(s);
		add_losses(f, s, first, n, c);
		if (!past_best(f, first, n, c, 0))
			continue;
		for (size_t m = 0; m < n; m++)
			for (size_t k = c + 1; k < f->o->n_c; k++)
				f->loss[first + m][k] = INFINITY;
		break;
	}
	nli_solver_free(s);
}

static size_t best_point(const double *loss, size_t n)
{
	size_t best = 0;

	for (size_t c = 1; c < n; c++)
		if (loss[c] < loss[best])
			best = c;
	return best;
}

/* A model for each fold its own point; in test mode the pooled loss decides. */
static void choose(struct fitting *f)
{
	double sum[NLI_MAX_PATH] = { 0 };

	for (size_t k = 0; k < f->o->n_fold; k++)
		for (size_t c = 0; c < f->o->n_c; c++)
			sum[c] += f->loss[k][c];
	for (size_t k = 0; k < f->n_lane; k++)
		f->info->chosen[k] = best_point(f->o->test ? sum : f->loss[k], f->o->n_c);
}

static void score_all(struct fitting *f, const struct nli_solver *s, size_t first,
		      size_t n)
{
	float logp[NLI_LANES * NLI_MAX_CLASS];

	for (size_t i = 0; i < f->p->n; i++) {
		const size_t fold = f->p->fold[i];
		const size_t m = f->o->test ? 0 : fold - first;
		const size_t n_opt =
			f->p->n_class ? f->p->n_class : f->p->item[i + 1] - f->p->item[i];

		if (f->o->test ? fold != NLI_FOLD_TEST : fold < first || m >= n)
			continue;
		nli_solver_score(s, i, logp, NLI_MAX_CLASS);
		memcpy(f->logp + i * f->stride, logp + m * NLI_MAX_CLASS,
		       n_opt * sizeof(*logp));
	}
}

static void finish(struct fitting *f, struct nli_solver *s, size_t first, size_t n)
{
	if (f->o->check)
		nli_solver_check(s, f->p->n, f->info->fit + first);
	score_all(f, s, first, n);
	if (f->o->models)
		f->o->models(f->o->ctx, s, first, n);
	if (f->last)
		*f->last = s;
	else
		nli_solver_free(s);
}

/* Keep the mean weights of the lanes that point c made better than they ever were. */
static void keep_best(struct fitting *f, struct nli_solver *s, size_t first, size_t n,
		      size_t c, double best[NLI_LANES])
{
	for (size_t m = 0; m < n; m++) {
		if (best[m] <= f->loss[first + m][c])
			continue; /* never so of the first: one must be kept */
		best[m] = f->loss[first + m][c];
		f->info->chosen[first + m] = c;
		nli_solver_keep(s, m);
	}
}

/* Points of the path are left at so many times the tolerance: their mean is what counts. */
static const double LOOSE = 10;

/* Choice and model in one, for many items. */
static void joint_task(void *ctx, size_t task)
{
	struct fitting *f = ctx;
	const size_t first = task * f->width;
	const size_t n = lanes_from(first, f->n_lane, f->width);
	double best[NLI_LANES];
	struct nli_lane lane[NLI_LANES];
	struct nli_solver *s;
	size_t c;

	for (size_t m = 0; m < n; m++) {
		lane[m] = lane_of(f, f->o->test ? NLI_FOLD_TEST : (int)(first + m),
				  judged_by(f, first + m));
		best[m] = NAN;
	}
	s = nli_solver_new(f->p, lane, n);
	for (c = 0; c < f->o->n_c; c++) {
		for (size_t m = 0; m < n && c; m++)
			nli_solver_set_lambda(s, m, 1 / f->o->c[c]);
		nli_solver_run(s, f->p->n, LOOSE * f->o->tol, f->o->max_epoch);
		nli_solver_average(s);
		add_losses(f, s, first, n, c);
		keep_best(f, s, first, n, c, best);
		if (past_best(f, first, n, c, LEAST_GAIN))
			break;
	}
	c -= c == f->o->n_c;
	/* The last point to the tolerance asked for: it counts twice, if that is better. */
	for (size_t m = 0; m < n; m++)
		f->loss[first + m][c] = 0;
	nli_solver_run(s, f->p->n, f->o->tol, f->o->max_epoch);
	nli_solver_average(s);
	add_losses(f, s, first, n, c);
	keep_best(f, s, first, n, c, best);
	nli_solver_restore(s);
	finish(f, s, first, n);
}

static void final_task(void *ctx, size_t task)
{
	struct fitting *f = ctx;
	const size_t first = task * f->width;
	const size_t n = lanes_from(first, f->n_lane, f->width);
	struct nli_lane lane[NLI_LANES];
	struct nli_solver *s;
	size_t longest = 0;

	for (size_t m = 0; m < n; m++) {
		lane[m] = lane_of(f, f->o->test ? NLI_FOLD_TEST : (int)(first + m), -1);
		if (f->info->chosen[first + m] > longest)
			longest = f->info->chosen[first + m];
	}
	s = nli_solver_new(f->p, lane, n);
	for (size_t c = 0; c <= longest; c++) {
		for (size_t m = 0; m < n && c; m++) {
			if (f->info->chosen[first + m] < c)
				nli_solver_freeze(s, m);
			else
				nli_solver_set_lambda(s, m, 1 / f->o->c[c]);
		}
		nli_solver_run(s, f->p->n, f->o->tol, f->o->max_epoch);
		nli_solver_average(s);
	}
	finish(f, s, first, n);
}

void nli_crossfit(const struct nli_problem *p, const struct nli_crossfit_opts *o,
		  float *logp, size_t stride, struct nli_crossfit_info *info,
		  struct nli_solver **last)
{
	struct fitting *f = nli_xcalloc(1, sizeof(*f));
	const size_t width = nli_solver_width(p);

	f->p = p;
	f->o = o;
	f->width = width;
	f->n_lane = o->test ? 1 : o->n_fold;
	f->logp = logp;
	f->stride = stride;
	f->info = info;
	f->last = last;
	memset(info, 0, sizeof(*info));
	info->n_model = f->n_lane;
	if (p->n > o->n_select) {
		nli_parallel((f->n_lane + width - 1) / width, o->jobs, joint_task, f);
	} else {
		if (o->n_c > 1)
			nli_parallel((o->n_fold + width - 1) / width, o->jobs,
				     select_task, f);
		choose(f);
		nli_parallel((f->n_lane + width - 1) / width, o->jobs, final_task, f);
	}
	free(f);
}
