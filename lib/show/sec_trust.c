/* sec_trust.c - where the partial-input model is right and how sure it is. */
#include <math.h>
#include <stdlib.h>

#include "lib/model/stats.h"
#include "lib/show/clean.h"
#include "lib/show/sections.h"

enum { BINS = 20 };

static const char confusion_title[] = "What it says for each true label";
static const char confusion_note[] = "Each row is a true label and adds up to 100%. A "
				     "row far from the others is a label that "
				     "gives itself away.";

static void draw_confusion(struct nli_dossier *a, struct nli_doc *d,
			   struct nli_section *s)
{
	size_t n_label, n_pred;
	size_t *label = nli_tally_values(a->tally, NLI_DIM_LABEL, &n_label);
	size_t *pred = nli_tally_values(a->tally, NLI_DIM_PRED, &n_pred);
	struct nli_str *row = nli_arena_alloc(&d->arena, n_label * sizeof(*row));
	struct nli_str *column = nli_arena_alloc(&d->arena, n_pred * sizeof(*column));
	double *count = nli_arena_alloc(&d->arena, n_label * n_pred * sizeof(*count));

	for (size_t i = 0; i + 1 < n_label; i++) {
		row[i] = nli_sec_name(d, a->tally, NLI_DIM_LABEL, label[i]);
		for (size_t k = 0; k + 1 < n_pred; k++)
			count[i * (n_pred - 1) + k] = (double)nli_tally_get(
				a->tally, NLI_COUNT_CONFUSION, label[i], pred[k], 0, 0);
	}
	for (size_t k = 0; k + 1 < n_pred; k++)
		column[k] = nli_sec_name(d, a->tally, NLI_DIM_PRED, pred[k]);
	if (n_label > 2 && n_label < 12 && n_pred < 12)
		nli_sec_heat(d, s, "confusion", confusion_title, confusion_note, row,
			     n_label - 1, column, n_pred - 1, count,
			     "guessed without the premise");
	free(label);
	free(pred);
}

/* Precision, recall and F1 of each label. */
static void list_labels(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct nli_table *t = nli_doc_table(d, s, "by_label",
					    "Each label, guessed without the premise");
	size_t n_label;
	size_t *label = nli_tally_values(a->tally, NLI_DIM_LABEL, &n_label);

	nli_table_column(t, "label", "label", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "n", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "recall", "recall", NLI_CELL_SHARE,
			 "of the records with this label, how many were said to have it");
	nli_table_column(t, "precision", "precision", NLI_CELL_SHARE,
			 "of the records said to have this label, how many have it");
	nli_table_column(t, "f1", "F1", NLI_CELL_SHARE, "harmonic mean of the two");
	for (size_t i = 0; i + 1 < n_label; i++) {
		const struct nli_str name =
			nli_tally_name(a->tally, NLI_DIM_LABEL, label[i]);
		const ptrdiff_t same =
			nli_intern_find(&a->tally->field[NLI_DIM_PRED].values, name);
		const uint64_t hit = nli_tally_get(a->tally, NLI_COUNT_LEVEL, label[i],
						   NLI_EASY, 0, 0);
		const uint64_t n = hit + nli_tally_get(a->tally, NLI_COUNT_LEVEL,
						       label[i], NLI_HARD, 0, 0);
		uint64_t said = 0;

		for (size_t k = 0; same >= 0 && k < n_label; k++)
			said += nli_tally_get(a->tally, NLI_COUNT_CONFUSION, label[k],
					      (size_t)same + 1, 0, 0);
		if (!n)
			continue;
		nli_table_text(t, nli_sec_name(d, a->tally, NLI_DIM_LABEL, label[i]));
		nli_table_number(t, (double)n);
		nli_table_range(t, (double)hit / (double)n, nli_wilson(hit, n, 0.95).lo,
				nli_wilson(hit, n, 0.95).hi);
		nli_table_range(t, said ? (double)hit / (double)said : NAN,
				nli_wilson(hit, said, 0.95).lo,
				nli_wilson(hit, said, 0.95).hi);
		nli_table_number(t,
				 n + said ? 2 * (double)hit / (double)(n + said) : NAN);
	}
	free(label);
}

static void draw_calibration(struct nli_dossier *a, struct nli_doc *d,
			     struct nli_section *s)
{
	static const double diagonal[2] = { 0, 1 };
	struct nli_chart *c = NULL;
	double error = 0, all = 0;

	for (size_t b = 0; b < BINS; b++) {
		const uint64_t n = nli_tally_get(a->tally, NLI_COUNT_BIN, b, 0, 0, 0);
		const uint64_t right =
			nli_tally_get(a->tally, NLI_COUNT_BIN_RIGHT, b, 0, 0, 0);
		const double sum =
			(double)nli_tally_get(a->tally, NLI_COUNT_BIN_SUM, b, 0, 0, 0) /
			1e9;
		struct nli_mark *m;

		if (!n)
			continue;
		if (!c)
			c = nli_doc_chart(d, s, "calibration", NLI_CHART_LINES,
					  NLI_STR("Is it as often right as it is sure?"),
					  NLI_STR("Dots on the dashed line are honest "
						  "probabilities; "
						  "below it the model is too sure. 95% "
						  "intervals."));
		m = nli_chart_add(c);
		m->x = sum / (double)n;
		m->y = (double)right / (double)n;
		m->lo = nli_wilson(right, n, 0.95).lo;
		m->hi = nli_wilson(right, n, 0.95).hi;
		m->tip = nli_doc_fmt(d, "sure %s, right %s, n = %s",
				     nli_doc_share(d, m->x), nli_doc_share(d, m->y),
				     nli_doc_count(d, (double)n));
		error += fabs(m->x - m->y) * (double)n;
		all += (double)n;
	}
	if (!c)
		return;
	c->x = (struct nli_axis){ "how sure the model is", 0, 1, false, true };
	c->y = (struct nli_axis){ "right", 0, 1, false, true };
	c->curve[0] = (struct nli_curve){ "honest", diagonal, diagonal, 2 };
	c->n_curve = 1;
	nli_doc_value(d, "hyponly.ece", error / all, NAN, NAN, all);
}

static void draw_gold(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	size_t n_label;
	size_t *label = nli_tally_values(a->tally, NLI_DIM_LABEL, &n_label);
	struct nli_chart *c = NULL;

	for (size_t i = 0; i + 1 < n_label && n_label < 8; i++) {
		uint64_t n[BINS], sum = 0;

		for (size_t b = 0; b < BINS; b++)
			sum += n[b] = nli_tally_get(a->tally, NLI_COUNT_GOLD_P, label[i],
						    b, 0, 0);
		if (!sum)
			continue;
		if (!c) {
			c = nli_doc_chart(
				d, s, "gold-p", NLI_CHART_RIDGE,
				NLI_STR("Chance that it gives the true label"),
				NLI_STR("Records at the right end give their label away. "
					"A filter "
					"on this number is nli-filter --easy."));
			c->row = nli_arena_alloc(&d->arena, n_label * sizeof(*c->row));
			c->x = (struct nli_axis){ "probability of the true label", 0, 1,
						  false, true };
			c->bin = 1.0 / BINS;
		}
		c->row[c->n_row] = nli_sec_name(d, a->tally, NLI_DIM_LABEL, label[i]);
		for (size_t b = 0; b < BINS; b++) {
			struct nli_mark *m = nli_chart_add(c);

			m->row = c->n_row;
			m->series = nli_sec_series(c->row[c->n_row]);
			m->x = (double)b / BINS;
			m->y = (double)n[b] / (double)sum;
			m->tip = nli_doc_fmt(d, "%s, %s to %s: %s records",
					     c->row[c->n_row].s, nli_doc_share(d, m->x),
					     nli_doc_share(d, m->x + c->bin),
					     nli_doc_count(d, (double)n[b]));
		}
		c->n_row++;
	}
	free(label);
}

/* How many records of equal weight weigh as much: Kish, Survey Sampling, 1965, 11.7. */
static double effective(double n, double sum, double squares)
{
	return squares > 0 && n > 0 ? sum * sum / squares / n : NAN;
}

/* What nli-hyponly --bias gives a trainer that weighs its loss. */
static void list_weights(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct nli_table *t =
		nli_doc_table(d, s, "weights", "Weights for debiased training");
	size_t n_label;
	size_t *label = nli_tally_values(a->tally, NLI_DIM_LABEL, &n_label);

	nli_table_column(t, "label", "label", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "n", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "weight", "mean weight", NLI_CELL_REAL,
			 "1 less the probability of the true label");
	nli_table_column(t, "effective", "effective", NLI_CELL_SHARE,
			 "so many records of equal weight, of n, weigh as much (Kish)");
	nli_table_column(t, "focal", "mean focal weight", NLI_CELL_REAL,
			 "the same to the power --gamma");
	nli_table_column(t, "focal_effective", "effective", NLI_CELL_SHARE,
			 "so many records of equal weight, of n, weigh as much (Kish)");
	for (size_t i = 0; i + 1 < n_label; i++) {
		double v[NLI_FOCAL_SQUARES + 1];

		for (size_t k = 0; k <= NLI_FOCAL_SQUARES; k++)
			v[k] = (double)nli_tally_get(a->tally, NLI_COUNT_WEIGHT, label[i],
						     k, 0, 0) /
			       (k ? 1e6 : 1);
		if (!(v[NLI_WEIGHT_N] > 0))
			continue;
		nli_table_text(t, nli_sec_name(d, a->tally, NLI_DIM_LABEL, label[i]));
		nli_table_number(t, v[NLI_WEIGHT_N]);
		nli_table_number(t, v[NLI_WEIGHT_SUM] / v[NLI_WEIGHT_N]);
		nli_table_number(t, effective(v[NLI_WEIGHT_N], v[NLI_WEIGHT_SUM],
					      v[NLI_WEIGHT_SQUARES]));
		nli_table_number(t, v[NLI_FOCAL_SUM] / v[NLI_WEIGHT_N]);
		nli_table_number(t, effective(v[NLI_WEIGHT_N], v[NLI_FOCAL_SUM],
					      v[NLI_FOCAL_SQUARES]));
	}
	t->note = "Of nli-hyponly --bias: records that give their label away count less. "
		  "The fewer are effective, the more data training costs.";
	free(label);
}

/* The matrix of a summary, where there are no records to count. */
static void draw_given(struct nli_doc *d, struct nli_section *s, const nli_jval *input)
{
	const nli_jval *labels = nli_jget(input, "labels");
	const size_t n = nli_jlen(labels);
	struct nli_str *name = nli_arena_alloc(&d->arena, (n + 1) * sizeof(*name));
	double *count = nli_arena_alloc(&d->arena, (n * n + 1) * sizeof(*count));
	size_t i = 0, k;

	for (struct nli_jiter it = nli_jiter(labels); nli_jnext(&it);)
		name[i++] = nli_sec_text(d, it.val);
	i = 0;
	for (struct nli_jiter r = nli_jiter(nli_jget(input, "confusion"));
	     nli_jnext(&r) && i < n; i++) {
		k = 0;
		for (struct nli_jiter c = nli_jiter(r.val); nli_jnext(&c) && k < n; k++)
			if (!nli_jreal(c.val, &count[i * n + k]))
				return;
		if (k < n)
			return;
	}
	if (i == n)
		nli_sec_heat(d, s, "confusion", confusion_title, confusion_note, name, n,
			     name, n, count, "guessed without the premise");
}

void nli_sec_trust(struct nli_dossier *a, struct nli_doc *d)
{
	struct nli_jiter first = nli_jiter(nli_jget(nli_dossier_audit(a, 0), "inputs"));
	struct nli_section *s;

	if (!a->tally->scored) {
		if (nli_jnext(&first) && nli_jlen(nli_jget(first.val, "labels")) > 1 &&
		    nli_jlen(nli_jget(first.val, "labels")) < 12)
			draw_given(d,
				   nli_doc_section(d, "trust",
						   "What it guesses, and how surely"),
				   first.val);
		return;
	}
	s = nli_doc_section(d, "trust", "What it guesses, and how surely");
	draw_confusion(a, d, s);
	list_labels(a, d, s);
	draw_gold(a, d, s);
	draw_calibration(a, d, s);
	list_weights(a, d, s);
}
