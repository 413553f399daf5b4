/* rewards.c - see rewards.h. */
#include "lib/model/rewards.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/passrate.h"
#include "lib/model/special.h"
#include "lib/model/stats.h"

__extension__ typedef __int128 wide;

static const double LEVEL = 0.95;
static const double UNIT = 0x1p40; /* rewards are at most 1e4, their squares 2^27 */

/* Sums of a figure of records: exact, so in any order. */
struct figure {
	uint64_t n;
	wide sum, squares; /* in 1/UNIT */
};

struct groups {
	uint64_t records, rollouts, zero_variance;
	struct figure useful;
};

/* What is counted of all records, and of those that stay. */
struct side {
	struct figure best, drawn, chance;
	struct groups groups;
};

/* A policy on the records that the blind one gets wrong [0] and right [1]. */
struct policy {
	struct figure where[2], all;
};

struct nli_rewards {
	const struct nli_rollouts *rollouts;
	uint64_t group;
	struct side side[2];   /* before, after */
	struct policy *policy; /* (n_policy,) */
	size_t n_policy;
	uint64_t undecided, needed, never;
};

struct nli_rewards *nli_rewards_new(const struct nli_rollouts *rollouts, uint64_t group)
{
	struct nli_rewards *w = nli_xcalloc(1, sizeof(*w));

	w->rollouts = rollouts;
	w->group = group;
	w->n_policy = rollouts ? nli_rollouts_models(rollouts) : 0;
	w->policy = nli_xcalloc(w->n_policy, sizeof(*w->policy));
	return w;
}

void nli_rewards_free(struct nli_rewards *w)
{
	if (w)
		free(w->policy);
	free(w);
}

static void add(struct figure *f, double x)
{
	f->n++;
	/* llround() and wide conversions are calls, and most rewards are in -1..1. */
	if (fabs(x) < 1024) {
		f->sum += (int64_t)(x * UNIT + (x < 0 ? -0.5 : 0.5));
		f->squares += (int64_t)(x * x * UNIT);
	} else {
		f->sum += (wide)llround(x * UNIT);
		f->squares += (wide)(x * x * UNIT);
	}
}

static void sum(struct figure *a, const struct figure *b)
{
	a->n += b->n;
	a->sum += b->sum;
	a->squares += b->squares;
}

static double mean(const struct figure *f)
{
	return f->n ? (double)f->sum / UNIT / (double)f->n : 0;
}

/* Squared standard error of the mean. */
static double error2(const struct figure *f)
{
	const double n = (double)f->n, m = mean(f);
	const double var = (double)f->squares / UNIT / n - m * m;

	return f->n > 1 && var > 0 ? var / (n - 1) : 0;
}

static struct nli_interval around(double m, double se2)
{
	const double d = nli_norm_quantile((1 + LEVEL) / 2) * sqrt(se2);

	return (struct nli_interval){ m - d, m + d };
}

static void add_groups(struct groups *g, const struct nli_rollup *s, uint64_t group)
{
	g->records++;
	g->rollouts += s->n;
	g->zero_variance += s->n > 1 && s->most == s->least;
	add(&g->useful, nli_useful_mean(s->solved, s->n, group));
}

/* What a policy that guesses without looking earns. */
static double chance_of(const struct nli_record *r)
{
	return r->task == NLI_TASK_NLI    ? 1.0 / 3
	       : r->task == NLI_TASK_NLI2 ? 1.0 / 2
					  : 1.0 / (double)r->n_choice;
}

static void add_policies(struct nli_rewards *w, const struct nli_judge *j, int blind)
{
	for (size_t m = 0; m < w->n_policy; m++) {
		struct nli_rollup s;

		if (!nli_rollouts_get(w->rollouts, j->r->id, j->r->key, (ptrdiff_t)m, &s))
			continue;
		add(&w->policy[m].all, s.mean);
		if (blind >= 0)
			add(&w->policy[m].where[blind], s.mean);
	}
}

static void add_side(struct nli_rewards *w, struct side *s, const struct nli_judge *j,
		     int blind, double p)
{
	if (blind >= 0) {
		add(&s->best, blind);
		add(&s->drawn, p);
		add(&s->chance, chance_of(j->r));
	}
	if (j->roll.n)
		add_groups(&s->groups, &j->roll, w->group);
}

void nli_rewards_add(struct nli_rewards *w, const struct nli_judge *j, uint64_t hits)
{
	const bool scored = j->blind_right >= 0 && j->blind_p >= 0;
	const int blind = scored ? j->blind_right : -1;
	const double p = j->blind_p;

	add_side(w, &w->side[0], j, blind, p);
	if (!hits)
		add_side(w, &w->side[1], j, blind, p);
	add_policies(w, j, blind);
	w->undecided += j->need_more != 0;
	w->never += j->need_more == NLI_NEED_NEVER;
	w->needed += j->need_more == NLI_NEED_NEVER ? 0 : j->need_more;
}

void nli_rewards_merge(struct nli_rewards *w, const struct nli_rewards *other)
{
	for (int k = 0; k < 2; k++) {
		struct side *a = &w->side[k];
		const struct side *b = &other->side[k];

		sum(&a->best, &b->best);
		sum(&a->drawn, &b->drawn);
		sum(&a->chance, &b->chance);
		sum(&a->groups.useful, &b->groups.useful);
		a->groups.records += b->groups.records;
		a->groups.rollouts += b->groups.rollouts;
		a->groups.zero_variance += b->groups.zero_variance;
	}
	for (size_t m = 0; m < w->n_policy; m++) {
		sum(&w->policy[m].all, &other->policy[m].all);
		for (int k = 0; k < 2; k++)
			sum(&w->policy[m].where[k], &other->policy[m].where[k]);
	}
	w->undecided += other->undecided;
	w->needed += other->needed;
	w->never += other->never;
}

static void put_real(struct nli_jw *w, const char *name, double v)
{
	nli_jw_key(w, name);
	nli_jw_real(w, v);
}

static void put_u64(struct nli_jw *w, const char *name, uint64_t v)
{
	nli_jw_key(w, name);
	nli_jw_u64(w, v);
}

static void put_interval(struct nli_jw *w, struct nli_interval i)
{
	nli_jw_key(w, "interval");
	nli_jw_open(w, '[');
	nli_jw_real(w, i.lo);
	nli_jw_real(w, i.hi);
	nli_jw_close(w, ']');
}

/* A mean of zeros and ones has Wilson's interval, any other a normal one. */
static struct nli_interval interval_of(const struct figure *f, bool share)
{
	if (share)
		return nli_wilson((uint64_t)llround(mean(f) * (double)f->n), f->n, LEVEL);
	return around(mean(f), error2(f));
}

static void put_figure(struct nli_jw *w, const char *name, const struct figure *f,
		       bool share)
{
	nli_jw_key(w, name);
	nli_jw_open(w, '{');
	put_u64(w, "n", f->n);
	put_real(w, "reward", mean(f));
	put_interval(w, interval_of(f, share));
	nli_jw_close(w, '}');
}

static const char *const when[2] = { "before", "after" };

static void put_shortcut(const struct nli_rewards *w, struct nli_jw *out)
{
	nli_jw_key(out, "shortcut");
	nli_jw_open(out, '{');
	for (int k = 0; k < 2; k++) {
		nli_jw_key(out, when[k]);
		nli_jw_open(out, '{');
		put_figure(out, "best_guess", &w->side[k].best, true);
		put_figure(out, "drawn", &w->side[k].drawn, false);
		put_real(out, "chance", mean(&w->side[k].chance));
		nli_jw_close(out, '}');
	}
	nli_jw_close(out, '}');
}

static void put_groups(const struct nli_rewards *w, struct nli_jw *out)
{
	nli_jw_key(out, "groups");
	nli_jw_open(out, '{');
	put_u64(out, "of", w->group);
	for (int k = 0; k < 2; k++) {
		const struct groups *g = &w->side[k].groups;
		const double useful = mean(&g->useful);

		nli_jw_key(out, when[k]);
		nli_jw_open(out, '{');
		put_u64(out, "records", g->records);
		put_u64(out, "rollouts", g->rollouts);
		put_u64(out, "zero_variance", g->zero_variance);
		put_real(out, "useful", useful);
		put_real(out, "groups_per_useful_one", useful > 0 ? 1 / useful : 0);
		nli_jw_close(out, '}');
	}
	nli_jw_close(out, '}');
	nli_jw_key(out, "need_more");
	nli_jw_open(out, '{');
	put_u64(out, "records", w->undecided);
	put_u64(out, "rollouts", w->needed);
	put_u64(out, "never", w->never);
	nli_jw_close(out, '}');
}

/* Where the shortcut works, less where it does not. */
static double difference(const struct policy *p)
{
	return p->where[0].n && p->where[1].n ? mean(&p->where[1]) - mean(&p->where[0])
					      : 0;
}

static struct nli_interval difference_interval(const struct policy *p)
{
	return around(difference(p), error2(&p->where[0]) + error2(&p->where[1]));
}

struct ranked {
	const struct policy *p;
	struct nli_str name;
};

static int by_difference(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	const double dx = difference(x->p), dy = difference(y->p);

	if (dx != dy)
		return dx < dy ? 1 : -1;
	return nli_str_cmp(x->name, y->name);
}

static struct ranked *rank(const struct nli_rewards *w)
{
	struct ranked *r = nli_xcalloc(w->n_policy, sizeof(*r));

	for (size_t m = 0; m < w->n_policy; m++)
		r[m] = (struct ranked){ &w->policy[m],
					nli_rollouts_model(w->rollouts, m) };
	qsort(r, w->n_policy, sizeof(*r), by_difference);
	return r;
}

static void put_policies(const struct nli_rewards *w, struct nli_jw *out)
{
	struct ranked *r = rank(w);

	nli_jw_key(out, "policies");
	nli_jw_open(out, '[');
	for (size_t m = 0; m < w->n_policy; m++) {
		nli_jw_open(out, '{');
		nli_jw_key(out, "model");
		nli_jw_str(out, r[m].name);
		put_figure(out, "all", &r[m].p->all, false);
		put_figure(out, "where_blind_is_right", &r[m].p->where[1], false);
		put_figure(out, "where_blind_is_wrong", &r[m].p->where[0], false);
		put_real(out, "difference", difference(r[m].p));
		put_interval(out, difference_interval(r[m].p));
		nli_jw_close(out, '}');
	}
	nli_jw_close(out, ']');
	free(r);
}

void nli_rewards_json(const struct nli_rewards *w, struct nli_jw *out)
{
	if (w->side[0].best.n)
		put_shortcut(w, out);
	if (!w->rollouts)
		return;
	put_policies(w, out);
	put_groups(w, out);
}

static void table_figure(struct nli_buf *out, const struct figure *f, bool share)
{
	const struct nli_interval i = interval_of(f, share);

	nli_buf_addf(out, "%.3f [%.3f, %.3f] of %llu", mean(f), i.lo, i.hi,
		     (unsigned long long)f->n);
}

static void table_policies(const struct nli_rewards *w, struct nli_buf *out)
{
	struct ranked *r = rank(w);

	for (size_t m = 0; m < w->n_policy; m++) {
		const struct nli_str name = r[m].name.len ? r[m].name : NLI_STR("(none)");
		const struct nli_interval i = difference_interval(r[m].p);

		nli_buf_addf(out, "policy %.*s: ", (int)(name.len < 60 ? name.len : 60),
			     name.s);
		table_figure(out, &r[m].p->all, false);
		if (r[m].p->where[0].n && r[m].p->where[1].n)
			nli_buf_addf(out,
				     "; %.3f where the blind one is right, %.3f where it "
				     "is wrong: %+.3f [%+.3f, %+.3f]",
				     mean(&r[m].p->where[1]), mean(&r[m].p->where[0]),
				     difference(r[m].p), i.lo, i.hi);
		nli_buf_addc(out, '\n');
	}
	free(r);
}

void nli_rewards_table(const struct nli_rewards *w, struct nli_buf *out)
{
	for (int k = 0; k < 2 && w->side[0].best.n; k++) {
		nli_buf_addf(out, "blind reward %-6s: ", when[k]);
		table_figure(out, &w->side[k].best, true);
		nli_buf_adds(out, ", drawn ");
		table_figure(out, &w->side[k].drawn, false);
		nli_buf_addf(out, ", by chance %.3f\n", mean(&w->side[k].chance));
	}
	if (!w->rollouts)
		return;
	table_policies(w, out);
	for (int k = 0; k < 2; k++) {
		const struct groups *g = &w->side[k].groups;

		nli_buf_addf(out,
			     "groups of %llu %-6s: %.1f %% useful, %llu of %llu records "
			     "with all rewards equal\n",
			     (unsigned long long)w->group, when[k],
			     100 * mean(&g->useful), (unsigned long long)g->zero_variance,
			     (unsigned long long)g->records);
	}
	if (w->undecided)
		nli_buf_addf(
			out,
			"undecided: %llu records, %llu rollouts would settle all but "
			"%llu\n",
			(unsigned long long)w->undecided, (unsigned long long)w->needed,
			(unsigned long long)w->never);
}
