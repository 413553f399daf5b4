/*
 * sec_rl.c - rollouts of policies: what they earn, how often they pass, and
 * what a policy earns that sees only a part of the input.
 */
#include <math.h>
#include <stdlib.h>

#include "lib/show/clean.h"
#include "lib/show/sections.h"

enum { BINS = 20 };

static double reward(const nli_jval *figure)
{
	return nli_dossier_number(figure, "reward");
}

static double end(const nli_jval *figure, size_t which)
{
	return nli_dossier_end(nli_jget(figure, "interval"), which);
}

static void draw_rates(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct nli_chart *c = NULL;

	for (size_t b = 0; b < BINS; b++) {
		const uint64_t n = nli_tally_get(a->tally, NLI_COUNT_PASS, b, 0, 0, 0);
		struct nli_mark *m;

		if (!n)
			continue;
		if (!c) {
			c = nli_doc_chart(
				d, s, "pass", NLI_CHART_RIDGE, NLI_STR("Solve rates"),
				NLI_STR("Records by the share of their rollouts that are "
					"solved. "
					"At both ends there is nothing to learn from."));
			c->row = nli_arena_alloc(&d->arena, sizeof(*c->row));
			c->row[0] = NLI_STR("records");
			c->n_row = 1;
			c->x = (struct nli_axis){ "solved", 0, 1, false, true };
			c->bin = 1.0 / BINS;
		}
		m = nli_chart_add(c);
		m->x = (double)b / BINS;
		m->y = (double)n;
		m->tip = nli_doc_fmt(
			d, "%s to %s solved: %s records", nli_doc_share(d, m->x),
			nli_doc_share(d, m->x + c->bin), nli_doc_count(d, (double)n));
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

void nli_sec_rl(struct nli_dossier *a, struct nli_doc *d)
{
	const nli_jval *results = nli_dossier_results(a, "nli-filter", 0);
	const nli_jval *shortcut = nli_jget(results, "shortcut");
	const nli_jval *guess = nli_jget(nli_jget(shortcut, "before"), "best_guess");
	const bool rolled = nli_jlen(nli_jget(results, "policies")) > 0;
	struct nli_section *s;

	nli_doc_value(d, "rl.shortcut", reward(guess), end(guess, 0), end(guess, 1),
		      nli_dossier_number(guess, "n"));
	if (!rolled && !(a->tally->members & NLI_SEEN_ROLLOUTS))
		return;
	s = nli_doc_section(d, "rl", "For reinforcement learning");
	s->lead = NLI_STR("What policies earn on these records, and whether there is "
			  "anything to learn "
			  "from them.");
	if (isfinite(reward(guess)))
		nli_doc_text(d, s,
			     "A policy that never reads the premise and says its best "
			     "guess earns %s "
			     "(%s, n = %s).",
			     nli_doc_share(d, reward(guess)),
			     nli_doc_interval(d, end(guess, 0), end(guess, 1)),
			     nli_doc_count(d, nli_dossier_number(guess, "n")));
	draw_rates(a, d, s);
	if (rolled)
		list_policies(d, s, results);
	if (nli_jget(results, "groups"))
		list_groups(d, s, nli_jget(results, "groups"));
}
