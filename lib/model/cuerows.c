/* cuerows.c - what was computed, as JSON lines, as a table and as a summary. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/io/json.h"
#include "lib/model/cueresult.h"
#include "lib/text/norm.h"

void cue_put_real(struct nli_jw *w, const char *key, double v)
{
	nli_jw_key(w, key);
	if (isfinite(v))
		nli_jw_real(w, v);
	else
		nli_jw_null(w);
}

void cue_put_count(struct nli_jw *w, const char *key, uint64_t v)
{
	nli_jw_key(w, key);
	nli_jw_u64(w, v);
}

/*
 * [1], joint smoothing (papers.md, reading a): every feature of the vocabulary
 * counts k more with each label, and the margins are those of that table.
 */
static double pmi(const struct nli_cues_result *r, const struct cue_row *row)
{
	const struct cue_totals *t = &r->total[row->space];
	const double k = r->p.smooth, v = (double)t->distinct,
		     n_label = (double)r->n_label;
	const double all = (double)t->all + k * v * n_label;

	return log(((double)row->t_wy + k) * all /
		   (((double)row->t_w + k * n_label) *
		    ((double)t->by_label[row->label] + k * v)));
}

/*
 * Reading b, that of a published replication: only p(word) is smoothed, p(y) is
 * of texts, full stops do not count, the logarithm is to base 10.  Minus
 * infinity (null) where the two never meet.
 */
static double pmi_b(const struct nli_cues_result *r, const struct cue_row *row)
{
	const struct cue_totals *t = &r->total[row->space];
	const double all = (double)(t->all - t->stops);

	return log10((double)row->t_wy / all /
		     (((double)row->t_w + r->p.smooth) / all *
		      (double)r->n_y[row->label] / (double)r->n));
}

/* [2]: p(w,y) ln(p(y|w) / p(y)) over occurrences. */
static double lmi(const struct nli_cues_result *r, const struct cue_row *row)
{
	const struct cue_totals *t = &r->total[row->space];

	if (!row->t_wy)
		return 0;
	return (double)row->t_wy / (double)t->all *
	       log((double)row->t_wy / (double)row->t_w * (double)t->all /
		   (double)t->by_label[row->label]);
}

/*
 * [4]: label y against all others, with the whole
 * corpus as the prior (alpha_w = t_w, alpha_0 = T).  The variance is inflated
 * like that of z.  Infinite where the feature is all there is.
 */
static double log_odds(const struct nli_cues_result *r, const struct cue_row *row,
		       double *z)
{
	const struct cue_totals *t = &r->total[row->space];
	const double prior = (double)row->t_w, all = (double)t->all;
	const double a = (double)row->t_wy + prior, b = 2 * prior - (double)row->t_wy;
	const double rest_a = (double)t->by_label[row->label] + all - a;
	const double rest_b = 2 * all - (double)t->by_label[row->label] - b;
	const double d = log(a / rest_a) - log(b / rest_b);

	*z = d / sqrt((1 / a + 1 / b) * row->n_w / row->n_eff);
	return d;
}

static void put_halves(struct nli_jw *w, const struct cue_row *row)
{
	nli_jw_key(w, "n_half");
	nli_jw_open(w, '[');
	nli_jw_u64(w, row->half_n[0]);
	nli_jw_u64(w, row->half_n[1]);
	nli_jw_close(w, ']');
	nli_jw_key(w, "p_half");
	nli_jw_open(w, '[');
	for (int h = 0; h < 2; h++)
		if (row->half_n[h])
			nli_jw_real(w, (double)row->half_y[h] / row->half_n[h]);
		else
			nli_jw_null(w);
	nli_jw_close(w, ']');
}

/* The families of the language pack that a word belongs to. */
static void put_lexical(struct nli_jw *w, const struct nli_cues_result *r,
			const struct cue_row *row)
{
	const unsigned of = row->space == CUE_WORDS ? r->c->families[row->a] : 0;

	if (!of)
		return;
	nli_jw_key(w, "lexical");
	nli_jw_open(w, '[');
	for (int f = 0; f < NLI_N_FAMILY; f++)
		if (of & 1u << f)
			nli_jw_cstr(w, nli_family_name((enum nli_family)f));
	nli_jw_close(w, ']');
}

static void put_name(struct nli_jw *w, const struct nli_cues_result *r,
		     const struct cue_row *row, struct nli_buf *tmp)
{
	nli_jw_key(w, "feature");
	nli_jw_str(w, cue_feature(r, row, tmp));
	nli_jw_key(w, "family");
	nli_jw_str(w, cue_family(r, row));
	nli_jw_key(w, "label");
	nli_jw_str(w, r->label[row->label]);
}

static struct nli_interval row_interval(const struct cue_row *row)
{
	const double f = row->n_eff / row->n_w;

	return nli_wilson_real(f * row->n_wy, row->n_eff, .95);
}

static void cue_line(const struct nli_cues_result *r, const struct cue_row *row,
		     struct nli_buf *tmp, struct nli_buf *out)
{
	const struct nli_interval ci = row_interval(row);
	struct nli_jw w = { .b = out };
	double z;

	nli_jw_open(&w, '{');
	put_name(&w, r, row, tmp);
	cue_put_count(&w, "n_w", row->n_w);
	cue_put_count(&w, "n_wy", row->n_wy);
	cue_put_real(&w, "share", (double)row->n_wy / (double)r->n_y[row->label]);
	cue_put_real(&w, "p", (double)row->n_wy / row->n_w);
	cue_put_real(&w, "p_lo", ci.lo);
	cue_put_real(&w, "p_hi", ci.hi);
	cue_put_real(&w, "pmi", pmi(r, row));
	cue_put_real(&w, "pmi_b", pmi_b(r, row));
	cue_put_real(&w, "lmi", lmi(r, row));
	cue_put_real(&w, "z", row->z);
	cue_put_real(&w, "log_odds", log_odds(r, row, &z));
	cue_put_real(&w, "log_odds_z", z);
	cue_put_real(&w, "p_value", row->p);
	cue_put_real(&w, "log10_p", row->log_p / 2.302585092994045684);
	cue_put_real(&w, "q_bonferroni", row->q[NLI_BONFERRONI]);
	cue_put_real(&w, "q_bh", row->q[NLI_BENJAMINI_HOCHBERG]);
	cue_put_real(&w, "q_by", row->q[NLI_BENJAMINI_YEKUTIELI]);
	cue_put_real(&w, "deff", row->deff);
	cue_put_real(&w, "n_eff", row->n_eff);
	cue_put_count(&w, "groups", row->clusters);
	put_halves(&w, row);
	nli_jw_key(&w, "replicated");
	nli_jw_bool(&w, row->replicated);
	put_lexical(&w, r, row);
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}

static void cmh_line(const struct nli_cues_result *r, const struct cue_row *row,
		     struct nli_buf *tmp, struct nli_buf *out)
{
	const struct nli_cmh *c = &r->cmh[row->cmh - 1];
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "kind");
	nli_jw_cstr(&w, "cmh");
	nli_jw_key(&w, "by");
	nli_jw_cstr(&w, r->c->in.by);
	put_name(&w, r, row, tmp);
	cue_put_count(&w, "strata", c->strata);
	cue_put_real(&w, "chi2", c->chi2);
	cue_put_real(&w, "p_value", c->p);
	cue_put_real(&w, "odds_ratio", c->odds_ratio);
	cue_put_real(&w, "or_lo", c->or_ci.lo);
	cue_put_real(&w, "or_hi", c->or_ci.hi);
	cue_put_real(&w, "homogeneity", c->homogeneity);
	cue_put_real(&w, "homogeneity_p", c->homogeneity_p);
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}

enum { FLUSH = 256 * 1024 };

static int pour(struct nli_buf *b, size_t above, nli_cues_sink *sink, void *ctx,
		struct nli_err *err)
{
	int rc = 0;

	if (b->len > above) {
		rc = sink(ctx, nli_buf_str(b), err);
		nli_buf_clear(b);
	}
	return rc;
}

int nli_cues_rows(const struct nli_cues_result *r, double max_q, nli_cues_sink *sink,
		  void *ctx, struct nli_err *err)
{
	struct nli_buf out = { 0 }, tmp = { 0 };
	int rc = cue_tables(r, &out, err);

	for (size_t i = 0; i < r->n_row && !rc; i++)
		if (r->sorted[i]->q[NLI_BENJAMINI_HOCHBERG] <= max_q) {
			cue_line(r, r->sorted[i], &tmp, &out);
			rc = pour(&out, FLUSH, sink, ctx, err);
		}
	for (size_t i = 0; i < r->n_row && !rc; i++)
		if (r->sorted[i]->q[NLI_BENJAMINI_HOCHBERG] <= max_q &&
		    r->sorted[i]->cmh) {
			cmh_line(r, r->sorted[i], &tmp, &out);
			rc = pour(&out, FLUSH, sink, ctx, err);
		}
	if (!rc)
		rc = pour(&out, 0, sink, ctx, err);
	nli_buf_release(&out);
	nli_buf_release(&tmp);
	return rc;
}

/* Cut or fill to width code points. */
static void put_cell(struct nli_buf *out, struct nli_str s, size_t width)
{
	size_t at = 0, n = 0;

	while (at < s.len && n < width) {
		nli_utf8_next(s, &at);
		n++;
	}
	nli_buf_add(out, s.s, at);
	for (; n <= width; n++)
		nli_buf_addc(out, ' ');
}

static void table_line(const struct nli_cues_result *r, const struct cue_row *row,
		       struct nli_buf *tmp, struct nli_buf *out)
{
	const struct nli_interval ci = row_interval(row);

	put_cell(out, cue_feature(r, row, tmp), 24);
	put_cell(out, cue_family(r, row), 12);
	nli_buf_addf(out, "%8u %6.2f%% %6.1f%% [%5.1f,%5.1f] %6.3f %7.2f %9.2g  %s\n",
		     row->n_w, 100.0 * row->n_wy / (double)r->n_y[row->label],
		     100.0 * row->n_wy / row->n_w, 100 * ci.lo, 100 * ci.hi, pmi(r, row),
		     row->z, row->q[NLI_BENJAMINI_HOCHBERG],
		     row->replicated ? "yes" : "-");
}

/* The top cues of one label that are more frequent with it than chance has it. */
static void label_table(const struct nli_cues_result *r, size_t y, size_t top,
			struct nli_buf *out)
{
	const double p0 = cue_prior(r, y);
	struct nli_buf tmp = { 0 };

	nli_buf_adds(out, "\n");
	nli_buf_add(out, r->label[y].s, r->label[y].len);
	nli_buf_addf(out, ": %llu texts, %.1f%% by chance\n",
		     (unsigned long long)r->n_y[y], 100 * p0);
	nli_buf_addf(out, "%-24s %-12s %8s %7s %7s %-13s %6s %7s %9s  %s\n", "feature",
		     "family", "n", "share", "p(y|w)", "95%", "PMI", "z", "q",
		     "replicated");
	for (size_t i = 0; i < r->n_row && top; i++)
		if (r->sorted[i]->label == y && r->sorted[i]->z > 0) {
			table_line(r, r->sorted[i], &tmp, out);
			top--;
		}
	nli_buf_release(&tmp);
}

void nli_cues_table(const struct nli_cues_result *r, size_t top, struct nli_buf *out)
{
	nli_buf_addf(out, "%llu texts in %llu groups, %llu distinct words, %zu tests\n",
		     (unsigned long long)r->n, (unsigned long long)r->groups,
		     (unsigned long long)r->total[CUE_WORDS].distinct, r->n_row);
	for (size_t y = 0; y < r->n_label; y++)
		label_table(r, y, top, out);
}

static void put_found(struct nli_jw *w, const char *key, const struct nli_cues_result *r,
		      double alpha)
{
	static const char *const how[] = { "bonferroni", "bh", "by" };

	nli_jw_key(w, key);
	nli_jw_open(w, '{');
	for (int h = 0; h < 3; h++) {
		uint64_t n = 0;

		for (size_t i = 0; i < r->n_row; i++)
			n += r->row[i].q[h] <= alpha;
		cue_put_count(w, how[h], n);
	}
	nli_jw_close(w, '}');
}

static void put_replication(struct nli_jw *w, const struct nli_cues_result *r)
{
	uint64_t found = 0, again = 0;
	struct nli_interval ci;

	for (size_t i = 0; i < r->n_row; i++) {
		found += r->row[i].q[NLI_BENJAMINI_HOCHBERG] <= r->p.alpha;
		again += r->row[i].q[NLI_BENJAMINI_HOCHBERG] <= r->p.alpha &&
			 r->row[i].replicated;
	}
	ci = nli_wilson(again, found, .95);
	nli_jw_key(w, "replication");
	nli_jw_open(w, '{');
	cue_put_count(w, "found", found);
	cue_put_count(w, "replicated", again);
	cue_put_real(w, "lo", ci.lo);
	cue_put_real(w, "hi", ci.hi);
	nli_jw_close(w, '}');
}

/* The kind rows, as an array. */
static void put_tables(struct nli_jw *w, const struct nli_cues_result *r)
{
	struct nli_buf rows = { 0 };
	struct nli_err err;
	const char *s, *end;

	if (cue_tables(r, &rows, &err))
		return;
	nli_jw_key(w, "tables");
	nli_jw_open(w, '[');
	s = rows.data;
	for (; s && (end = strchr(s, '\n')) != NULL; s = end + 1)
		nli_jw_raw(w, (struct nli_str){ s, (size_t)(end - s) });
	nli_jw_close(w, ']');
	nli_buf_release(&rows);
}

void nli_cues_summary(const struct nli_cues_result *r, struct nli_buf *out)
{
	struct nli_jw w = { .b = out, .comma = out->len > 0 };

	cue_put_count(&w, "n", r->n);
	cue_put_count(&w, "unlabelled", r->c->unlabelled);
	cue_put_count(&w, "groups", r->groups);
	nli_jw_key(&w, "labels");
	nli_jw_open(&w, '{');
	for (size_t y = 0; y < r->n_label; y++) {
		nli_jw_keyn(&w, r->label[y]);
		nli_jw_u64(&w, r->n_y[y]);
	}
	nli_jw_close(&w, '}');
	cue_put_count(&w, "tokens", r->total[CUE_WORDS].all);
	cue_put_count(&w, "words", r->total[CUE_WORDS].distinct);
	cue_put_count(&w, "bigrams", r->total[CUE_PAIRS].distinct);
	cue_put_count(&w, "tests", r->n_row);
	put_found(&w, "significant_05", r, .05);
	put_found(&w, "significant_01", r, .01);
	put_replication(&w, r);
	put_tables(&w, r);
}
