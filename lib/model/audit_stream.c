/* audit_stream.c - see audit.h: records scored by a saved model as they come. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/audit_parts.h"
#include "lib/model/vmath.h"

/* Of one worker; counts are whole numbers, so that their sums know no order. */
struct worker {
	struct nli_partials *partials;
	struct nli_feats feats;
	float logp[NLI_N_PARTIAL][NLI_MAX_CLASS];
	struct audit_seen seen[NLI_N_PARTIAL];
	struct nli_buf member, explained;
	struct audit_explainer *explainer;
	struct audit_tally tally[N_TASK][NLI_N_PARTIAL];
};

static void *worker_new(void *ctx)
{
	const struct nli_audit *a = ctx;
	struct worker *w = nli_xcalloc(1, sizeof(*w));

	w->partials = audit_partials(a);
	nli_partials_skip_dear(w->partials, !a->any_dear);
	w->explainer = a->o.explain ? audit_explainer_new(a) : NULL;
	return w;
}

static void worker_free(void *ctx, void *arg)
{
	struct nli_audit *a = ctx;
	struct worker *w = arg;

	for (int t = 0; t < N_TASK; t++)
		for (size_t k = 0; k < a->o.n_input; k++) {
			struct audit_tally *to = &a->tally[t][k], *from = &w->tally[t][k];

			to->n += from->n;
			to->hit += from->hit;
			to->majority += from->majority;
			to->micro_pvi += from->micro_pvi;
		}
	audit_explainer_free(w->explainer);
	nli_partials_free(w->partials);
	nli_feats_release(&w->feats);
	nli_buf_release(&w->member);
	nli_buf_release(&w->explained);
	free(w);
}

static void score(const struct nli_audit *a, const struct audit_set *s,
		  const struct nli_record *r, size_t input, struct worker *w)
{
	const struct nli_linear *m = &s->result[input].model[0];
	const size_t n_opt = audit_is_choice(s) ? r->n_choice : 1;
	float z[NLI_MAX_CLASS], *logp = w->logp[input];

	for (size_t o = 0; o < n_opt; o++) {
		nli_feats_clear(&w->feats);
		nli_partial_feats(w->partials, r, a->o.input[input], o, &w->feats);
		nli_linear_sum(m, w->feats.v, w->feats.n, z);
		if (audit_is_choice(s))
			logp[o] = z[0];
		else
			memcpy(logp, z, s->n_class * sizeof(*z));
	}
	w->seen[input] = (struct audit_seen){
		.set = s,
		.logp = logp,
		.n = audit_is_choice(s) ? r->n_choice : s->n_class,
		.y = audit_is_choice(s) ? r->answer
		     : r->label.s       ? (int)nli_intern_find(&s->label, r->label)
					: -1,
		.weight_mean = 1,
		.focal_mean = 1,
	};
	nli_log_softmax(logp, w->seen[input].n);
}

static void count(const struct audit_set *s, const struct audit_result *r,
		  const struct audit_seen *v, struct audit_tally *t)
{
	size_t best = 0;

	if (v->y < 0)
		return;
	for (size_t c = 1; c < v->n && !audit_is_choice(s); c++)
		if (r->prior[0][c] > r->prior[0][best])
			best = c;
	t->n++;
	t->hit += v->pred == (size_t)v->y;
	t->majority += !audit_is_choice(s) && best == (size_t)v->y;
	t->micro_pvi += (int64_t)((double)v->pvi * 1e6);
}

static int on_record(void *ctx, const struct nli_record *r, struct nli_work *work,
		     struct nli_err *err)
{
	const struct nli_audit *a = ctx;
	const struct audit_set *s = &a->set[r->task];
	struct worker *w = work->scratch;
	struct nli_str explained = { NULL, 0 };
	int rc = audit_check(a, r, err);

	for (size_t k = 0; !rc && k < a->o.n_input; k++) {
		struct audit_seen *v = &w->seen[k];

		score(a, s, r, k, w);
		audit_see(v, v->y < 0             ? 0
			     : audit_is_choice(s) ? -log((double)v->n)
						  : s->result[k].prior[0][v->y]);
	}
	if (!rc)
		rc = nli_partials_error(w->partials, err);
	if (rc)
		return rc;
	for (size_t k = 0; k < a->o.n_input; k++)
		count(s, &s->result[k], &w->seen[k], &w->tally[r->task][k]);
	nli_buf_clear(&w->member);
	if (w->explainer)
		explained = audit_explain(w->explainer, r, &s->result[0].model[0],
					  w->seen[0].pred);
	audit_member(a, w->seen, -1, 0, explained, &w->member);
	nli_record_write(r, "hyponly", nli_buf_str(&w->member), work->out);
	return NLI_KEEP;
}

void nli_audit_mapper(struct nli_audit *a, struct nli_record_pass *p)
{
	*p = (struct nli_record_pass){
		.ctx = a,
		.record = on_record,
		.want = NLI_WANT_TEXTS,
		.scratch_new = worker_new,
		.scratch_free = worker_free,
	};
}

static void put_tally(const struct audit_tally *t, struct nli_jw *w)
{
	const struct nli_interval ci = nli_wilson(t->hit, t->n, 0.95);
	const double n = t->n ? (double)t->n : 1;

	nli_jw_open(w, '{');
	nli_jw_key(w, "n");
	nli_jw_u64(w, t->n);
	if (t->n) {
		nli_jw_key(w, "accuracy");
		nli_jw_real(w, (double)t->hit / n);
		nli_jw_key(w, "accuracy_lo");
		nli_jw_real(w, ci.lo);
		nli_jw_key(w, "accuracy_hi");
		nli_jw_real(w, ci.hi);
		nli_jw_key(w, "v_information");
		nli_jw_real(w, (double)t->micro_pvi * 1e-6 / n);
	}
	nli_jw_close(w, '}');
}

void nli_audit_tallies(const struct nli_audit *a, struct nli_jw *w)
{
	nli_jw_key(w, "mode");
	nli_jw_cstr(w, "model");
	nli_jw_key(w, "tasks");
	nli_jw_open(w, '{');
	for (int t = 0; t < N_TASK; t++) {
		if (!a->set[t].result)
			continue;
		nli_jw_key(w, audit_task_name((enum nli_task)t));
		nli_jw_open(w, '{');
		for (size_t k = 0; k < a->o.n_input; k++) {
			nli_jw_key(w, nli_partial_name(a->o.input[k]));
			put_tally(&a->tally[t][k], w);
		}
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, '}');
}
