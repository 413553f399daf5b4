/* render.c - see render.h. */
#include "lib/crowd/render.h"

#include <math.h>
#include <string.h>

static void key_real(struct nli_jw *w, const char *key, double v)
{
	nli_jw_key(w, key);
	nli_jw_real(w, v);
}

static void key_interval(struct nli_jw *w, const char *key, struct nli_interval i)
{
	nli_jw_key(w, key);
	nli_jw_open(w, '[');
	nli_jw_real(w, i.lo);
	nli_jw_real(w, i.hi);
	nli_jw_close(w, ']');
}

/* {"label": x, ...} over the classes. */
static void by_class(struct nli_jw *w, const struct nli_labels *l, const double *x)
{
	nli_jw_open(w, '{');
	for (uint32_t k = 0; k < l->crowd.n_class; k++) {
		nli_jw_keyn(w, nli_labels_class_name(l, k));
		nli_jw_real(w, x[k]);
	}
	nli_jw_close(w, '}');
}

/* What a posterior says: entropy in nats, margin of the first over the second. */
struct shape {
	double entropy, margin;
};

static struct shape shape_of(const double *p, uint32_t K)
{
	struct shape s = { 0, 0 };
	double first = 0, second = 0;

	for (uint32_t k = 0; k < K; k++) {
		s.entropy -= p[k] > 0 ? p[k] * log(p[k]) : 0;
		second = p[k] > first ? first : p[k] > second ? p[k] : second;
		first = p[k] > first ? p[k] : first;
	}
	s.margin = first - second;
	return s;
}

/* Labels on an item, and the share of them that are k. */
static void support(const struct nli_crowd *c, uint32_t i, uint32_t k, double *n,
		    double *share)
{
	double same = 0;

	*n = 0;
	for (uint64_t r = c->start[i]; r < c->start[i + 1]; r++) {
		*n += nli_crowd_weight(c, r);
		same += c->label[r] == k ? nli_crowd_weight(c, r) : 0;
	}
	*share = *n > 0 ? same / *n : 0;
}

static void no_label(struct nli_jw *w)
{
	nli_jw_open(w, '{');
	nli_jw_key(w, "label");
	nli_jw_null(w);
	nli_jw_key(w, "n");
	nli_jw_u64(w, 0);
	nli_jw_close(w, '}');
}

/* A protocol's verdict: only an accepted item has a label. */
static void put_status(struct nli_jw *w, unsigned status)
{
	static const char *const name[] = { "accepted", "need_more", "removed" };

	nli_jw_key(w, "status");
	nli_jw_cstr(w, name[status]);
}

void nli_render_truth(const struct nli_render *r, uint32_t i, struct nli_buf *b)
{
	const struct nli_crowd *c = &r->l->crowd;
	const double *p = r->f->post + (size_t)i * c->n_class;
	const struct shape s = shape_of(p, c->n_class);
	const uint32_t best = nli_crowd_best(c, p, i, r->seed);
	const uint8_t *status = r->f->status ? &r->f->status[i] : NULL;
	struct nli_jw w = { .b = b };
	double n, share;

	if (c->start[i] == c->start[i + 1]) {
		no_label(&w);
		return;
	}
	support(c, i, best, &n, &share);
	nli_jw_open(&w, '{');
	nli_jw_key(&w, "label");
	nli_jw_str(&w, status && *status != NLI_CROWD_ACCEPTED
			       ? (struct nli_str){ NULL, 0 }
			       : nli_labels_class_name(r->l, best));
	if (status)
		put_status(&w, *status);
	nli_jw_key(&w, "p");
	by_class(&w, r->l, p);
	key_real(&w, "entropy", s.entropy);
	key_real(&w, "margin", s.margin);
	key_real(&w, "n", n);
	key_real(&w, "agreement", share);
	nli_jw_key(&w, "tie");
	nli_jw_bool(&w, nli_crowd_ties(p, c->n_class) > 1);
	if (r->max_entropy >= 0) {
		nli_jw_key(&w, "kept");
		nli_jw_bool(&w, s.entropy <= r->max_entropy * log(c->n_class) + 1e-12);
	}
	nli_jw_close(&w, '}');
}

void nli_render_item(const struct nli_render *r, uint32_t i, struct nli_buf *b)
{
	nli_buf_adds(b, "{\"id\":");
	nli_json_quote(b, nli_names_text(&r->l->item, i));
	nli_buf_adds(b, ",\"truth\":");
	nli_render_truth(r, i, b);
	nli_buf_adds(b, "}\n");
}

static void matrix(struct nli_jw *w, const struct nli_labels *l, const double *pi)
{
	const uint32_t K = l->crowd.n_class;

	nli_jw_key(w, "confusion");
	nli_jw_open(w, '{');
	for (uint32_t k = 0; k < K; k++) {
		nli_jw_keyn(w, nli_labels_class_name(l, k));
		by_class(w, l, pi + (size_t)k * K);
	}
	nli_jw_close(w, '}');
}

static void bias(struct nli_jw *w, const struct nli_labels *l,
		 const struct nli_workers *all, uint32_t j)
{
	const size_t K = l->crowd.n_class;

	nli_jw_key(w, "bias");
	nli_jw_open(w, '{');
	for (uint32_t k = 0; k < K; k++) {
		nli_jw_keyn(w, nli_labels_class_name(l, k));
		nli_jw_real(w, (all->said[j * K + k] - all->expected[j * K + k]) /
				       all->w[j].n);
	}
	nli_jw_close(w, '}');
}

static void flags(struct nli_jw *w, unsigned set)
{
	static const char *const name[] = { "random", "entropy", "copying", "time" };

	nli_jw_key(w, "flags");
	nli_jw_open(w, '[');
	for (unsigned i = 0; i < 4; i++)
		if (set & 1u << i)
			nli_jw_cstr(w, name[i]);
	nli_jw_close(w, ']');
}

static void name_of(struct nli_jw *w, const char *key, const struct nli_labels *l,
		    uint32_t j)
{
	nli_jw_key(w, key);
	if (j == l->crowd.nameless)
		nli_jw_null(w);
	else
		nli_jw_str(w, nli_names_text(&l->worker, j));
}

void nli_render_worker(const struct nli_labels *l, const struct nli_crowd_fit *f,
		       const struct nli_workers *all, uint32_t j, struct nli_buf *b)
{
	const size_t K = l->crowd.n_class;
	const struct nli_worker *p = &all->w[j];
	struct nli_jw w = { .b = b };

	nli_jw_open(&w, '{');
	name_of(&w, "worker", l, j);
	key_real(&w, "n", p->n);
	key_real(&w, "accuracy", p->accuracy);
	key_interval(&w, "accuracy_ci", p->accuracy_ci);
	if (f->method->skill)
		key_real(&w, "skill", f->skill[j]);
	if (p->n_truth) {
		const double n = (double)p->n_truth;

		nli_jw_key(&w, "n_truth");
		nli_jw_u64(&w, p->n_truth);
		key_real(&w, "right", p->right / n);
		key_interval(&w, "right_ci", nli_wilson_real(fmin(p->right, n), n, .95));
	}
	matrix(&w, l, all->confusion + j * K * K);
	bias(&w, l, all, j);
	key_real(&w, "entropy", p->entropy);
	key_real(&w, "spammer", p->spammer);
	if (p->median_step >= 0)
		key_real(&w, "median_step", p->median_step);
	if (p->n_shared) {
		nli_jw_key(&w, "n_shared");
		nli_jw_u64(&w, p->n_shared);
		key_real(&w, "agreement", p->agreement);
	}
	flags(&w, p->flags);
	if (p->flags & NLI_WORKER_COPYING)
		name_of(&w, "copies_from", l, p->copies_from);
	nli_jw_close(&w, '}');
	nli_buf_addc(b, '\n');
}

void nli_render_pair(const struct nli_labels *l, const struct nli_worker_pair *p,
		     struct nli_buf *b)
{
	struct nli_jw w = { .b = b };

	nli_jw_open(&w, '{');
	name_of(&w, "a", l, p->a);
	name_of(&w, "b", l, p->b);
	nli_jw_key(&w, "n");
	nli_jw_u64(&w, p->n);
	key_real(&w, "agreement", p->agree / p->n);
	key_real(&w, "expected", p->expected / p->n);
	key_real(&w, "z", (p->agree - p->expected) / sqrt(p->variance + 1e-9));
	nli_jw_close(&w, '}');
	nli_buf_addc(b, '\n');
}

void nli_render_fit(struct nli_jw *w, const struct nli_crowd_fit *f)
{
	nli_jw_key(w, "method");
	nli_jw_cstr(w, f->method->name);
	nli_jw_key(w, "iterations");
	nli_jw_i64(w, f->iterations);
	nli_jw_key(w, "converged");
	nli_jw_bool(w, f->converged);
	if (f->restarts) {
		nli_jw_key(w, "restarts");
		nli_jw_i64(w, f->restarts);
	}
	if (f->method->objective) {
		nli_jw_key(w, "objective");
		nli_jw_cstr(w, f->method->objective);
		key_real(w, "value", f->objective);
	}
}

void nli_render_ask(const struct nli_labels *l, const struct nli_question *a,
		    struct nli_buf *b)
{
	struct nli_jw w = { .b = b };

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "id");
	nli_jw_str(&w, nli_names_text(&l->item, a->item));
	if (a->worker == NLI_CROWD_NOBODY) {
		nli_jw_key(&w, "worker");
		nli_jw_null(&w);
	} else {
		name_of(&w, "worker", l, a->worker);
	}
	key_real(&w, "score", a->score);
	key_real(&w, "gain", a->gain);
	nli_jw_close(&w, '}');
	nli_buf_addc(b, '\n');
}

static void auto_row(struct nli_jw *w, const struct nli_auto_row *r)
{
	nli_jw_open(w, '{');
	nli_jw_key(w, "method");
	nli_jw_cstr(w, r->method->name);
	if (r->method->objective) {
		nli_jw_key(w, "objective");
		nli_jw_cstr(w, r->method->objective);
		key_real(w, "value", r->objective);
	}
	nli_jw_key(w, "iterations");
	nli_jw_i64(w, r->iterations);
	nli_jw_key(w, "converged");
	nli_jw_bool(w, r->converged);
	if (r->n_held) {
		key_real(w, "held_out", r->held);
		key_real(w, "held_out_se", r->held_se);
		nli_jw_key(w, "held_out_n");
		nli_jw_u64(w, r->n_held);
	}
	if (r->n_gold) {
		key_real(w, "gold", r->gold);
		nli_jw_key(w, "gold_n");
		nli_jw_u64(w, r->n_gold);
	}
	key_real(w, "weight", r->weight);
	nli_jw_close(w, '}');
}

void nli_render_auto(struct nli_jw *w, const struct nli_auto *a)
{
	nli_jw_open(w, '{');
	nli_jw_key(w, "by");
	nli_jw_cstr(w, a->by);
	nli_jw_key(w, "methods");
	nli_jw_open(w, '[');
	for (size_t i = 0; i < a->n; i++)
		auto_row(w, &a->row[i]);
	nli_jw_close(w, ']');
	nli_jw_close(w, '}');
}

void nli_render_agree(struct nli_jw *w, const struct nli_labels *l,
		      const struct nli_agree *a)
{
	nli_jw_open(w, '{');
	nli_jw_key(w, "items");
	nli_jw_u64(w, a->items);
	key_real(w, "labels", a->labels);
	if (a->defined) {
		key_real(w, "alpha", a->alpha);
		key_interval(w, "alpha_ci", a->alpha_ci);
		key_real(w, "kappa", a->kappa);
		key_interval(w, "kappa_ci", a->kappa_ci);
		key_real(w, "percent", a->percent);
		key_interval(w, "percent_ci", a->percent_ci);
	}
	nli_jw_key(w, "by_label");
	nli_jw_open(w, '{');
	for (uint32_t k = 0; k < l->crowd.n_class; k++) {
		nli_jw_keyn(w, nli_labels_class_name(l, k));
		nli_jw_open(w, '{');
		key_real(w, "n", a->label[k].n);
		if (a->label[k].defined)
			key_real(w, "agreement", a->label[k].agreement);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, '}');
	nli_jw_close(w, '}');
}

static void score_classes(struct nli_jw *w, const struct nli_labels *l,
			  const struct nli_score *s)
{
	nli_jw_key(w, "by_label");
	nli_jw_open(w, '{');
	for (uint32_t k = 0; k < l->crowd.n_class; k++) {
		nli_jw_keyn(w, nli_labels_class_name(l, k));
		nli_jw_open(w, '{');
		nli_jw_key(w, "n");
		nli_jw_u64(w, s->by_class[k].n);
		key_real(w, "precision", s->by_class[k].precision);
		key_real(w, "recall", s->by_class[k].recall);
		key_real(w, "f1", s->by_class[k].f1);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, '}');
}

static void score_bins(struct nli_jw *w, const struct nli_score *s)
{
	nli_jw_key(w, "calibration");
	nli_jw_open(w, '[');
	for (int i = 0; i < NLI_SCORE_BINS; i++) {
		if (!s->bin[i].n)
			continue;
		nli_jw_open(w, '{');
		nli_jw_key(w, "n");
		nli_jw_u64(w, s->bin[i].n);
		key_real(w, "p", s->bin[i].mean_p);
		key_real(w, "right", s->bin[i].right);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, ']');
}

void nli_render_score(struct nli_jw *w, const struct nli_labels *l,
		      const struct nli_score *s)
{
	nli_jw_open(w, '{');
	nli_jw_key(w, "n");
	nli_jw_u64(w, s->n);
	if (s->n) {
		key_real(w, "accuracy", s->accuracy);
		key_interval(w, "accuracy_ci", s->accuracy_ci);
		key_real(w, "macro_f1", s->macro_f1);
		key_interval(w, "macro_f1_ci", s->f1_ci);
		key_real(w, "brier", s->brier);
		key_interval(w, "brier_ci", s->brier_ci);
		key_real(w, "log_loss", s->log_loss);
		key_interval(w, "log_loss_ci", s->log_loss_ci);
		key_real(w, "ece", s->ece);
		score_bins(w, s);
		score_classes(w, l, s);
	}
	nli_jw_close(w, '}');
}
