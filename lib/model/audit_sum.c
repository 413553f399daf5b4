/* audit_sum.c - see audit.h: the summary and the verdict in words. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/model/audit_parts.h"
#include "lib/model/bayes.h"

static void put_real(struct nli_jw *w, const char *key, double v)
{
	nli_jw_key(w, key);
	nli_jw_real(w, v);
}

static void put_count(struct nli_jw *w, const char *key, uint64_t n)
{
	nli_jw_key(w, key);
	nli_jw_u64(w, n);
}

static void put_interval(struct nli_jw *w, const char *lo, const char *hi,
			 struct nli_interval i)
{
	put_real(w, lo, i.lo);
	put_real(w, hi, i.hi);
}

static void put_label(const struct audit_set *s, size_t c, struct nli_jw *w)
{
	char place[24];

	if (!audit_is_choice(s)) {
		nli_jw_str(w, s->class_name[c]);
		return;
	}
	snprintf(place, sizeof(place), "%zu", c);
	nli_jw_cstr(w, place);
}

static void put_labels(const struct audit_set *s, const struct nli_metrics *m,
		       struct nli_jw *w)
{
	nli_jw_key(w, "labels");
	nli_jw_open(w, '[');
	for (size_t c = 0; c < m->n_class; c++)
		put_label(s, c, w);
	nli_jw_close(w, ']');
	nli_jw_key(w, "confusion");
	nli_jw_open(w, '[');
	for (size_t c = 0; c < m->n_class; c++) {
		nli_jw_open(w, '[');
		for (size_t k = 0; k < m->n_class; k++)
			nli_jw_u64(w, m->confusion[c * m->n_class + k]);
		nli_jw_close(w, ']');
	}
	nli_jw_close(w, ']');
	nli_jw_key(w, "per_label");
	nli_jw_open(w, '[');
	for (size_t c = 0; c < m->n_class; c++) {
		const struct nli_label_metric *l = &m->label[c];

		nli_jw_open(w, '{');
		nli_jw_key(w, "label");
		put_label(s, c, w);
		put_count(w, "n", l->gold);
		put_count(w, "predicted", l->pred);
		put_real(w, "precision", l->precision);
		put_interval(w, "precision_lo", "precision_hi",
			     nli_wilson(l->hit, l->pred, 0.95));
		put_real(w, "recall", l->recall);
		put_interval(w, "recall_lo", "recall_hi",
			     nli_wilson(l->hit, l->gold, 0.95));
		put_real(w, "f1", l->f1);
		put_interval(w, "f1_lo", "f1_hi", l->f1_ci);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, ']');
}

static void put_calibration(const struct nli_metrics *m, struct nli_jw *w)
{
	nli_jw_key(w, "calibration");
	nli_jw_open(w, '{');
	put_real(w, "ece", m->ece);
	put_interval(w, "ece_lo", "ece_hi", m->ece_ci);
	nli_jw_key(w, "bins");
	nli_jw_open(w, '[');
	for (size_t b = 0; b < NLI_CALIB_BINS; b++) {
		const struct nli_calib_bin *bin = &m->bin[b];

		if (!bin->n)
			continue;
		nli_jw_open(w, '{');
		put_real(w, "from", (double)b / NLI_CALIB_BINS);
		put_count(w, "n", bin->n);
		put_real(w, "confidence", bin->confidence);
		put_real(w, "accuracy", (double)bin->hit / (double)bin->n);
		put_interval(w, "accuracy_lo", "accuracy_hi",
			     nli_wilson(bin->hit, bin->n, 0.95));
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, ']');
	nli_jw_close(w, '}');
}

/* How the models were trained: over all of them. */
static void put_fit(const struct nli_audit *a, const struct nli_crossfit_info *info,
		    struct nli_jw *w)
{
	uint32_t epochs = 0;
	double objective = 0, gap = 0, gradient = 0;
	bool converged = true;

	for (size_t k = 0; k < info->n_model; k++) {
		const struct nli_fit *f = &info->fit[k];

		epochs = f->epochs > epochs ? f->epochs : epochs;
		objective +=
			f->n ? f->objective / (double)f->n / (double)info->n_model : 0;
		gap = f->gap > gap ? f->gap : gap;
		gradient = f->gradient > gradient ? f->gradient : gradient;
		converged = converged && f->converged;
	}
	nli_jw_key(w, "fit");
	nli_jw_open(w, '{');
	put_count(w, "models", info->n_model);
	nli_jw_key(w, "model");
	nli_jw_cstr(w, a->o.bayes ? "nb" : "logit");
	if (a->o.bayes) {
		put_real(w, "smoothing", NLI_BAYES_ADD);
		nli_jw_close(w, '}');
		return;
	}
	put_count(w, "iterations", epochs);
	put_real(w, "objective", objective);
	put_real(w, "gap", gap);
	put_real(w, "gradient", gradient);
	nli_jw_key(w, "converged");
	nli_jw_bool(w, converged);
	nli_jw_key(w, "c");
	nli_jw_open(w, '[');
	for (size_t k = 0; k < info->n_model; k++)
		nli_jw_real(w, a->o.fit.c[info->chosen[k]]);
	nli_jw_close(w, ']');
	nli_jw_close(w, '}');
}

static void put_permutation(const struct nli_permute_test *t, struct nli_jw *w)
{
	put_real(w, "p_permutation", t->p);
	nli_jw_key(w, "permutation");
	nli_jw_open(w, '{');
	put_count(w, "n", t->n);
	put_count(w, "draws", t->n_perm);
	put_real(w, "accuracy", t->accuracy);
	put_real(w, "null_accuracy", t->null_mean);
	nli_jw_close(w, '}');
}

static void put_code(const struct nli_mdl *m, struct nli_jw *w)
{
	nli_jw_key(w, "mdl");
	nli_jw_open(w, '{');
	put_count(w, "n", m->n);
	put_real(w, "codelength", m->codelength);
	put_interval(w, "codelength_lo", "codelength_hi", m->ci);
	put_real(w, "uniform", m->uniform);
	put_real(w, "compression", m->compression);
	nli_jw_close(w, '}');
	nli_jw_key(w, "learning_curve");
	nli_jw_open(w, '[');
	for (size_t k = 0; k < m->n_block; k++) {
		const struct nli_mdl_block *b = &m->block[k];
		const struct nli_interval ci = nli_wilson(b->hit, b->n, 0.95);

		if (!b->trained || !b->n)
			continue;
		nli_jw_open(w, '{');
		put_count(w, "trained", b->trained);
		put_count(w, "n", b->n);
		put_real(w, "accuracy", (double)b->hit / (double)b->n);
		put_interval(w, "accuracy_lo", "accuracy_hi", ci);
		put_real(w, "bits", b->bits / (double)b->n);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, ']');
}

/* How often the answer is ranked above the options of each type. */
static void put_axes(const struct audit_set *s, const struct audit_result *r,
		     struct nli_jw *w)
{
	nli_jw_key(w, "axes");
	nli_jw_open(w, '{');
	for (size_t t = 0; t < s->type_name.n; t++) {
		const struct nli_axis *x = &r->axis[t];

		if (!x->n)
			continue;
		nli_jw_keyn(w, s->type_name.text[t]);
		nli_jw_open(w, '{');
		put_count(w, "n", x->n);
		put_real(w, "accuracy", (double)x->win / (double)x->n);
		put_interval(w, "accuracy_lo", "accuracy_hi",
			     nli_wilson(x->win, x->n, 0.95));
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, '}');
}

/*
 * Between files the records that count are the scored ones, and the model stands
 * still: their gain is tested.  Cross-fitted scores are of many models that share
 * their records, so there the labels are permuted and all is trained anew.
 */
static enum nli_evidence evidence(const struct nli_audit *a, const struct audit_result *r)
{
	if (a->test)
		return nli_evidence_of(&r->m, r->m.p_gain);
	return nli_evidence_of(&r->m, r->perm.n_perm ? r->perm.p : 2);
}

static void put_result(const struct nli_audit *a, const struct audit_set *s,
		       const struct audit_result *r, struct nli_jw *w)
{
	const struct nli_metrics *m = &r->m;

	nli_jw_open(w, '{');
	put_count(w, "n", m->n);
	put_count(w, "groups", m->n_group);
	if (m->n) {
		put_real(w, "majority", m->majority);
		nli_jw_key(w, "majority_label");
		put_label(s, m->majority_label, w);
		put_real(w, "chance", m->chance);
		put_real(w, "accuracy", m->accuracy);
		put_interval(w, "accuracy_lo", "accuracy_hi", m->accuracy_ci);
		nli_jw_key(w, "gain_over");
		nli_jw_cstr(w, audit_is_choice(s) ? "chance" : "majority");
		put_real(w, "gain", m->gain);
		put_interval(w, "gain_lo", "gain_hi", m->gain_ci);
		if (a->test)
			put_real(w, "p_gain", m->p_gain);
		else if (m->inflation > 0)
			put_real(w, "inflation", m->inflation);
		put_real(w, "v_information", m->v_information);
		put_interval(w, "v_information_lo", "v_information_hi", m->v_ci);
		put_real(w, "label_entropy", m->entropy);
		put_labels(s, m, w);
		put_calibration(m, w);
		if (r->axis)
			put_axes(s, r, w);
		if (r->perm.n_perm)
			put_permutation(&r->perm, w);
		if (r->mdl.n)
			put_code(&r->mdl, w);
		nli_jw_key(w, "verdict");
		nli_jw_cstr(w, nli_evidence_name(evidence(a, r)));
	}
	put_fit(a, &r->info, w);
	nli_jw_close(w, '}');
}

static const char *task_name(const struct audit_set *s)
{
	return audit_task_name(s->task);
}

static void put_slice(const struct nli_audit *a, const struct audit_set *s,
		      const struct audit_slice *l, struct nli_jw *w)
{
	nli_jw_keyn(w, s->value[l->field].text[l->value]);
	nli_jw_open(w, '{');
	for (size_t k = 0; l->result && k < a->o.n_input; k++) {
		nli_jw_key(w, nli_partial_name(l->result[k].input));
		put_result(a, s, &l->result[k], w);
	}
	if (!l->result) {
		put_count(w, "n", l->n);
		nli_jw_key(w, "why");
		nli_jw_cstr(w, l->why);
	}
	nli_jw_close(w, '}');
}

/* The audits inside the values of the --by fields. */
static void put_slices(const struct nli_audit *a, const struct audit_set *s,
		       struct nli_jw *w)
{
	size_t k = 0;

	nli_jw_key(w, "by");
	nli_jw_open(w, '{');
	for (size_t f = 0; f < a->o.n_by; f++) {
		nli_jw_key(w, a->o.by[f]);
		nli_jw_open(w, '{');
		for (; k < s->n_slice && s->slice[k].field == f; k++)
			put_slice(a, s, &s->slice[k], w);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, '}');
}

static void put_set(const struct nli_audit *a, const struct audit_set *s,
		    struct nli_jw *w)
{
	nli_jw_key(w, "task");
	nli_jw_cstr(w, task_name(s));
	nli_jw_key(w, "mode");
	nli_jw_cstr(w, a->test ? "train" : "cross-fit");
	put_count(w, "folds", s->n_fold);
	if (a->test)
		put_count(w, "premise_in_training", s->n_shared);
	nli_jw_key(w, "inputs");
	nli_jw_open(w, '{');
	for (size_t k = 0; k < a->o.n_input; k++) {
		nli_jw_key(w, nli_partial_name(s->result[k].input));
		put_result(a, s, &s->result[k], w);
	}
	nli_jw_close(w, '}');
	put_slices(a, s, w);
}

/* The set with the most scored records; NULL if there is none. */
static const struct audit_set *main_set(const struct nli_audit *a)
{
	const struct audit_set *best = NULL;

	for (int t = 0; t < N_TASK; t++)
		if (a->set[t].result && (!best || a->set[t].n_scored > best->n_scored))
			best = &a->set[t];
	return best;
}

void nli_audit_results(const struct nli_audit *a, struct nli_jw *w)
{
	const struct audit_set *first = main_set(a);

	if (!first)
		return;
	put_set(a, first, w);
	nli_jw_key(w, "other_tasks");
	nli_jw_open(w, '{');
	for (int t = 0; t < N_TASK; t++) {
		if (!a->set[t].result || &a->set[t] == first)
			continue;
		nli_jw_key(w, task_name(&a->set[t]));
		nli_jw_open(w, '{');
		put_set(a, &a->set[t], w);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, '}');
}

/* depends: the permutation test finds what the gain, by itself, does not show. */
static void say_evidence(enum nli_evidence e, bool depends, struct nli_buf *out)
{
	if (e != NLI_EVIDENCE_NONE)
		nli_buf_addf(out, ": %s evidence of an artifact\n", nli_evidence_name(e));
	else if (depends)
		nli_buf_adds(out,
			     ": no sure gain, but something in it goes with the label "
			     "more than chance lets it (nli-cues says what)\n");
	else
		nli_buf_adds(out,
			     ": no evidence of an artifact, which does not prove that "
			     "there is none\n");
}

static void say_result(const struct nli_audit *a, const struct audit_set *s,
		       const struct audit_result *r, const char *where,
		       struct nli_buf *out)
{
	const struct nli_metrics *m = &r->m;
	const enum nli_evidence e = evidence(a, r);

	nli_buf_addf(out, "%s %s%s: ", task_name(s), nli_partial_name(r->input), where);
	if (!m->n) {
		nli_buf_adds(out, "no labelled record was scored\n");
		return;
	}
	nli_buf_addf(out,
		     "accuracy %.1f %% [%.1f, %.1f] of n = %llu, %s %.1f, gain %+.1f "
		     "[%+.1f, %+.1f]",
		     100 * m->accuracy, 100 * m->accuracy_ci.lo, 100 * m->accuracy_ci.hi,
		     (unsigned long long)m->n, audit_is_choice(s) ? "chance" : "majority",
		     100 * m->baseline, 100 * m->gain, 100 * m->gain_ci.lo,
		     100 * m->gain_ci.hi);
	if (a->test)
		nli_buf_addf(out, ", sign-flip p = %.3g", m->p_gain);
	else if (r->perm.n_perm)
		nli_buf_addf(out, ", permutation p = %.3g", r->perm.p);
	say_evidence(e, !a->test && r->perm.n_perm && r->perm.p <= NLI_WEAK_P, out);
}

/*
 * Premise-only far below chance: each premise was given hypotheses of several
 * labels, so what the model learnt of a premise from the training part is wrong
 * for the labels that the scored part still holds.
 */
static void explain_below(const struct audit_set *s, const struct audit_result *r,
			  struct nli_buf *out)
{
	if (!r->m.n || r->m.accuracy_ci.hi >= r->m.chance || !s->n_shared)
		return;
	nli_buf_addf(out,
		     "%s %s: below chance (%.1f %%) because %llu of %llu scored records "
		     "share their premise with the training files: the labels that a "
		     "premise has there are those it lacks here; the split leaks\n",
		     task_name(s), nli_partial_name(r->input), 100 * r->m.chance,
		     (unsigned long long)s->n_shared, (unsigned long long)s->n_scored);
}

static void say_slices(const struct nli_audit *a, const struct audit_set *s,
		       struct nli_buf *out)
{
	struct nli_buf where = { 0 };

	for (size_t k = 0; k < s->n_slice; k++) {
		const struct audit_slice *l = &s->slice[k];
		const struct nli_str value = s->value[l->field].text[l->value];

		nli_buf_clear(&where);
		nli_buf_addf(&where, " of %s = %.*s", a->o.by[l->field],
			     (int)(value.len < 60 ? value.len : 60), value.s);
		if (!l->result)
			nli_buf_addf(out, "%s%s: %s\n", task_name(s), where.data, l->why);
		for (size_t i = 0; l->result && i < a->o.n_input; i++)
			say_result(a, s, &l->result[i], where.data, out);
	}
	nli_buf_release(&where);
}

void nli_audit_words(const struct nli_audit *a, struct nli_buf *out)
{
	for (int t = 0; t < N_TASK; t++) {
		const struct audit_set *s = &a->set[t];

		for (size_t k = 0; s->result && k < a->o.n_input; k++) {
			say_result(a, s, &s->result[k], "", out);
			explain_below(s, &s->result[k], out);
		}
		if (s->result)
			say_slices(a, s, out);
	}
}
