/*
 * sec_rl.c - rollouts of policies: what they earn, how often they pass, and
 * what a policy earns that sees only a part of the input.
 */
#include <math.h>
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/model/passrate.h"
#include "lib/show/clean.h"
#include "lib/show/sections.h"

enum { BINS = 20, MOST_BANDS = 17 };

static double reward(const nli_jval *figure)
{
	return nli_dossier_number(figure, "reward");
}

static double end(const nli_jval *figure, size_t which)
{
	return nli_dossier_end(nli_jget(figure, "interval"), which);
}

/* Records by solved of n rollouts. */
struct rolled {
	uint64_t of[NLI_ROLLED_MAX + 1]; /* records with so many rollouts */
	uint64_t records;
	double seen[BINS], posterior[BINS]; /* records by solve rate */
};

/*
 * A rate that was seen is in one bin; the true one has the posterior of
 * lib/model/passrate.h, whose sum over records is how many are to be expected in
 * each.
 */
static void count_rates(const struct nli_tally *t, struct rolled *r)
{
	for (uint64_t n = 1; n <= NLI_ROLLED_MAX; n++)
		for (uint64_t c = 0; c <= n; c++) {
			const uint64_t k = nli_tally_get(t, NLI_COUNT_ROLLED, n, c, 0, 0);
			const uint64_t bin = c * BINS / n;

			if (!k)
				continue;
			r->of[n] += k;
			r->records += k;
			r->seen[bin < BINS ? bin : BINS - 1] += (double)k;
			for (int b = 0; b < BINS; b++)
				r->posterior[b] +=
					(double)k *
					nli_passrate_between(c, n, (double)b / BINS,
							     (double)(b + 1) / BINS);
		}
}

static void add_rates(struct nli_doc *d, struct nli_chart *c, const char *name,
		      const double *n, double all)
{
	for (size_t b = 0; b < BINS; b++) {
		struct nli_mark *m = nli_chart_add(c);

		m->row = m->series = c->n_row;
		m->x = (double)b / BINS;
		m->y = n[b] / all;
		m->tip = nli_doc_fmt(
			d, "%s, %s to %s solved: %s records (%s)", name,
			nli_doc_share(d, m->x), nli_doc_share(d, m->x + c->bin),
			nli_doc_count(d, round(n[b])), nli_doc_share(d, m->y));
	}
	c->row[c->n_row++] = nli_str_of(name);
}

static void draw_rates(struct nli_doc *d, struct nli_section *s, const struct rolled *r)
{
	struct nli_chart *c = nli_doc_chart(
		d, s, "pass", NLI_CHART_RIDGE, NLI_STR("Solve rates"),
		NLI_STR("Records by the share of their rollouts that are solved, and "
			"below, where their true rates are to be expected: few rollouts "
			"make many rates of 0 and 1 that are none. At both ends there is "
			"nothing to learn from."));

	c->row = nli_arena_alloc(&d->arena, 2 * sizeof(*c->row));
	c->x = (struct nli_axis){ "solved", 0, 1, false, true };
	c->bin = 1.0 / BINS;
	add_rates(d, c, "as seen", r->seen, (double)r->records);
	add_rates(d, c, "to be expected", r->posterior, (double)r->records);
}

/* What so many solved of the usual number of rollouts say of the true rate. */
static void draw_bands(const struct nli_tally *t, struct nli_doc *d,
		       struct nli_section *s, const struct rolled *r)
{
	uint64_t usual = 1, step;
	struct nli_chart *c;

	for (uint64_t n = 2; n <= NLI_ROLLED_MAX; n++)
		if (r->of[n] > r->of[usual])
			usual = n;
	step = (usual + MOST_BANDS) / MOST_BANDS;
	c = nli_doc_chart(
		d, s, "bands", NLI_CHART_BARS,
		nli_doc_fmt(d, "The solve rate behind what is seen in %s",
			    nli_doc_counted(d, (double)usual, "rollout", "rollouts")),
		nli_doc_fmt(d,
			    "Bars are the shares seen, with the 95%% interval of the "
			    "posterior (Jeffreys' prior): what the true rate may be. "
			    "At their ends, how many records. Of the %s with rollouts, "
			    "%s so many.",
			    nli_doc_counted(d, (double)r->records, "record", "records"),
			    nli_doc_counted(d, (double)r->of[usual], "has", "have")));
	c->row = nli_arena_alloc(&d->arena, (MOST_BANDS + 2) * sizeof(*c->row));
	c->x = (struct nli_axis){ "solve rate", 0, 1, false, true };
	for (uint64_t k = 0; k <= usual; k += step) {
		const uint64_t n = nli_tally_get(t, NLI_COUNT_ROLLED, usual, k, 0, 0);
		struct nli_mark *m = nli_chart_add(c);

		m->row = c->n_row;
		m->x = (double)k / (double)usual;
		nli_passrate_interval(k, usual, 0.95, &m->lo, &m->hi);
		c->row[c->n_row++] = nli_doc_fmt(d, "%llu of %llu", (unsigned long long)k,
						 (unsigned long long)usual);
		m->text = nli_str_of(nli_doc_count(d, (double)n));
		m->tip = nli_doc_fmt(d, "%llu of %llu solved: true rate %s; %s",
				     (unsigned long long)k, (unsigned long long)usual,
				     nli_doc_interval(d, m->lo, m->hi),
				     nli_doc_counted(d, (double)n, "record", "records"));
	}
}

/* Reward of a policy that never reads the premise, before and after the filter. */
static void draw_shortcut(struct nli_doc *d, struct nli_section *s,
			  const nli_jval *shortcut)
{
	static const struct {
		const char *when, *how, *row;
	} list[] = {
		{ "before", "best_guess", "best guess, before" },
		{ "after", "best_guess", "best guess, after" },
		{ "before", "drawn", "drawn, before" },
		{ "after", "drawn", "drawn, after" },
	};
	struct nli_chart *c = nli_doc_chart(
		d, s, "shortcut", NLI_CHART_BARS,
		NLI_STR("What a policy earns that never reads the premise"),
		NLI_STR("Mean reward, 1 for the right answer, with 95% intervals, before "
			"and after the filter: of a policy that says its best guess, and "
			"of one that draws from its chances. The stroke is a guess by "
			"chance; a reward above it pays for the shortcut."));

	c->row = nli_arena_alloc(&d->arena, 4 * sizeof(*c->row));
	c->x = (struct nli_axis){ "mean reward", 0, 1, false, false };
	c->ref_name = "chance";
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		const nli_jval *v = nli_jget(shortcut, list[i].when);
		const nli_jval *f = nli_jget(v, list[i].how);
		struct nli_mark *m;

		if (!isfinite(reward(f)))
			continue;
		m = nli_chart_add(c);
		m->row = c->n_row;
		c->row[c->n_row++] = nli_str_of(list[i].row);
		m->x = reward(f);
		m->lo = end(f, 0);
		m->hi = end(f, 1);
		m->ref = nli_dossier_number(v, "chance");
		m->text = nli_str_of(nli_doc_real(d, m->x));
		m->tip = nli_doc_fmt(d, "%s: %s (%s to %s), chance %s, n = %s",
				     list[i].row, nli_doc_real(d, m->x),
				     nli_doc_real(d, m->lo), nli_doc_real(d, m->hi),
				     nli_doc_real(d, m->ref),
				     nli_doc_count(d, nli_dossier_number(f, "n")));
	}
}

static void list_policies(struct nli_doc *d, struct nli_section *s,
			  const nli_jval *results)
{
	struct nli_table *t =
		nli_doc_table(d, s, "policies", "What policies earn, and where");
	struct nli_jiter it = nli_jiter(nli_jget(results, "policies"));
	double best = NAN, n = NAN;

	nli_table_column(t, "model", "policy", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "records", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "all", "on all", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "right", "where blind is right", NLI_CELL_SHARE,
			 "mean reward where the model without the premise is right");
	nli_table_column(t, "wrong", "where blind is wrong", NLI_CELL_SHARE, NULL);
	nli_table_column(t, "difference", "difference", NLI_CELL_SHARE,
			 "large: the policy takes the shortcut");
	t->brief = 8;
	while (nli_jnext(&it)) {
		const nli_jval *all = nli_jget(it.val, "all");
		const nli_jval *right = nli_jget(it.val, "where_blind_is_right");
		const nli_jval *wrong = nli_jget(it.val, "where_blind_is_wrong");

		nli_table_text(t, nli_sec_text(d, nli_jget(it.val, "model")));
		nli_table_number(t, nli_dossier_number(all, "n"));
		nli_table_range(t, reward(all), end(all, 0), end(all, 1));
		nli_table_range(t, reward(right), end(right, 0), end(right, 1));
		nli_table_range(t, reward(wrong), end(wrong, 0), end(wrong, 1));
		nli_table_range(t, nli_dossier_number(it.val, "difference"),
				end(it.val, 0), end(it.val, 1));
		if (!(reward(all) <= best)) {
			best = reward(all);
			n = nli_dossier_number(all, "n");
		}
	}
	nli_doc_value(d, "rl.solve_rate", best, NAN, NAN, n);
}

static void list_groups(struct nli_doc *d, struct nli_section *s, const nli_jval *groups)
{
	static const char *const when[] = { "before", "after" };
	struct nli_table *t =
		nli_doc_table(d, s, "groups", "Groups of rollouts to learn from");

	nli_table_column(t, "when", "when", NLI_CELL_TEXT, "before and after the filter");
	nli_table_column(t, "records", "records", NLI_CELL_COUNT, "with rollouts");
	nli_table_column(t, "rollouts", "rollouts", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "zero_variance", "all equal", NLI_CELL_COUNT,
			 "records whose rollouts all earn the same");
	nli_table_column(t, "useful", "useful", NLI_CELL_SHARE,
			 "chance that a group has both solved and failed rollouts");
	nli_table_column(t, "cost", "groups for one", NLI_CELL_REAL,
			 "groups to sample for one that is useful");
	t->brief = 2;
	for (size_t i = 0; i < 2; i++) {
		const nli_jval *g = nli_jget(groups, when[i]);

		if (!g)
			continue;
		nli_table_cstr(t, when[i]);
		nli_table_number(t, nli_dossier_number(g, "records"));
		nli_table_number(t, nli_dossier_number(g, "rollouts"));
		nli_table_number(t, nli_dossier_number(g, "zero_variance"));
		nli_table_number(t, nli_dossier_number(g, "useful"));
		nli_table_number(t, nli_dossier_number(g, "groups_per_useful_one"));
		if (i == 0) {
			const double n = nli_dossier_number(g, "records");

			nli_doc_value(d, "rl.zero_variance",
				      nli_dossier_number(g, "zero_variance"), NAN, NAN,
				      n);
			nli_doc_value(d, "rl.useful", nli_dossier_number(g, "useful"),
				      NAN, NAN, n);
		}
	}
}

static void say_need(struct nli_doc *d, struct nli_section *s, const nli_jval *need)
{
	const double records = nli_dossier_number(need, "records"),
		     never = nli_dossier_number(need, "never");

	if (!(records >= 1))
		return;
	nli_doc_text(d, s, "%s undecided: about %s would settle %s%s.",
		     nli_doc_counted(d, records, "record is", "records are"),
		     nli_doc_counted(d, nli_dossier_number(need, "rollouts"),
				     "more rollout", "more rollouts"),
		     never > 0 ? "all but " : "them",
		     never > 0 ? nli_doc_fmt(d, "%s, whose rates lie on an edge",
					     nli_doc_count(d, never))
					 .s
			       : "");
}

static void show_rollouts(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct rolled *r = nli_xcalloc(1, sizeof(*r));

	count_rates(a->tally, r);
	draw_rates(d, s, r);
	draw_bands(a->tally, d, s, r);
	free(r);
}

void nli_sec_rl(struct nli_dossier *a, struct nli_doc *d)
{
	const nli_jval *results = nli_dossier_results(a, "nli-filter", 0);
	const nli_jval *shortcut = nli_jget(results, "shortcut");
	const nli_jval *guess = nli_jget(nli_jget(shortcut, "before"), "best_guess");
	const bool blind = isfinite(reward(guess)),
		   rolled = nli_jlen(nli_jget(results, "policies")) > 0,
		   marked = (a->tally->members & NLI_SEEN_ROLLOUTS) != 0;
	struct nli_section *s;

	nli_doc_value(d, "rl.shortcut", reward(guess), end(guess, 0), end(guess, 1),
		      nli_dossier_number(guess, "n"));
	if (!blind && !rolled && !marked)
		return;
	s = nli_doc_section(d, "rl", "For reinforcement learning");
	s->lead = NLI_STR("What policies earn on these records, and whether there is "
			  "anything to learn from them.");
	if (blind)
		draw_shortcut(d, s, shortcut);
	if (marked)
		show_rollouts(a, d, s);
	if (rolled)
		list_policies(d, s, results);
	if (nli_jget(results, "groups"))
		list_groups(d, s, nli_jget(results, "groups"));
	say_need(d, s, nli_jget(results, "need_more"));
}
