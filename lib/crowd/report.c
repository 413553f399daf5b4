/* report.c - see report.h. */
#include "lib/crowd/report.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/crowd/render.h"
#include "lib/crowd/stream.h"

struct job {
	struct nli_run *run;
	const struct nli_truth_opts *t;
	struct nli_labels l;
	struct nli_crowd_fit f;
	int32_t *truth;    /* (n_item,) class or -1, or NULL */
	uint64_t not_here; /* items of --truth that are not in the input */
	double *weight;
	struct nli_auto choice; /* n is 0 unless the method is auto */
};

/* NULL is auto. */
static const struct nli_crowd_method *method_of(const struct job *j)
{
	const struct nli_crowd_method *m = nli_crowd_method_of(j->t->method);
	struct nli_buf names = { 0 };

	if (m || !strcmp(j->t->method, "auto"))
		return m;
	nli_buf_adds(&names, " auto");
	for (size_t i = 0; i < nli_crowd_n_method; i++)
		nli_buf_addf(&names, " %s", nli_crowd_methods[i]->name);
	nli_usage(j->run->tool, "--method is \"%s\", wanted one of%s", j->t->method,
		  names.data);
}

static enum nli_crowd_repeat repeat_of(const char *name)
{
	return !strcmp(name, "all")     ? NLI_REPEAT_ALL
	       : !strcmp(name, "first") ? NLI_REPEAT_FIRST
					: NLI_REPEAT_LAST;
}

/* What the input itself calls true, as classes. */
static int32_t *own_truth(const struct nli_labels *l)
{
	int32_t *truth;

	if (!l->has_truth)
		return NULL;
	truth = nli_xmalloc(l->n_item, sizeof(*truth));
	for (uint32_t i = 0; i < l->n_item; i++)
		truth[i] = l->truth[i] < 0 ? -1 : (int32_t)l->class_of[l->truth[i]];
	return truth;
}

static void set_gold(struct job *j)
{
	uint64_t others;
	int32_t *gold = nli_pipe_known(j->run, &j->l, j->t->gold, &j->t->names, &others);
	struct nli_crowd *c = &j->l.crowd;

	c->gold = nli_xmalloc(c->n_item, sizeof(*c->gold));
	for (uint32_t i = 0; i < c->n_item; i++)
		c->gold[i] = (int16_t)gold[i];
	free(gold);
}

static void read_all(struct job *j)
{
	struct nli_table_names names = j->t->names;
	struct nli_err err;

	names.name[NLI_COL_GROUP] = j->t->by ? j->t->by : "";
	nli_pipe_read(j->run, &j->l, j->t->table, &names, j->t->by);
	if (nli_labels_build(&j->l, repeat_of(j->t->repeats), &err))
		nli_die("%s", err.msg);
	if (j->t->truth)
		j->truth = nli_pipe_known(j->run, &j->l, j->t->truth, &j->t->names,
					  &j->not_here);
	else
		j->truth = own_truth(&j->l);
	if (j->t->gold)
		set_gold(j);
	if (j->t->weights)
		j->weight = nli_pipe_weights(j->run, &j->l, j->t->weights, &j->t->names);
}

static void fit(struct job *j, const struct nli_crowd_method *m)
{
	const struct nli_crowd_opts o = {
		.jobs = (unsigned)nli_common.jobs,
		.seed = (uint64_t)nli_common.seed,
		.max_iter = (int)j->t->iterations,
		.restarts = (int)j->t->restarts,
		.tol = j->t->tol,
		.smooth = j->t->smooth,
		.known_skill = j->weight,
	};
	struct nli_err err;

	if (m ? nli_crowd_run(m, &j->l.crowd, &o, &j->f, &err)
	      : nli_crowd_auto(&j->l.crowd, &o, &j->choice, &j->f, &err))
		nli_die("%s", err.msg);
}

struct part {
	const struct job *j;
	uint32_t group;
};

static bool in_group(const void *ctx, uint32_t i)
{
	const struct part *p = ctx;

	return p->j->l.item_group[i] == p->group + 1;
}

static void add_agreement(struct nli_jw *w, const struct job *j,
			  bool (*in)(const void *, uint32_t), const void *ctx)
{
	struct nli_agree a;

	nli_agree(&j->l.crowd, in, ctx, &a);
	nli_jw_key(w, "agreement");
	nli_render_agree(w, &j->l, &a);
	nli_agree_release(&a);
}

static void add_score(struct nli_jw *w, const struct job *j, const int32_t *truth)
{
	struct nli_score s;

	nli_score(&j->l.crowd, j->f.post, truth, &s);
	nli_jw_key(w, "score");
	nli_render_score(w, &j->l, &s);
	nli_score_release(&s);
}

/* Groups by name, so that the order of the input does not show. */
static uint32_t *sorted_groups(const struct nli_labels *l)
{
	uint32_t *order = nli_xmalloc(l->group.n, sizeof(*order));

	for (uint32_t g = 0; g < l->group.n; g++) {
		uint32_t at = g;

		for (; at && nli_str_cmp(nli_names_text(&l->group, g),
					 nli_names_text(&l->group, order[at - 1])) < 0;
		     at--)
			order[at] = order[at - 1];
		order[at] = g;
	}
	return order;
}

static void add_groups(struct nli_jw *w, const struct job *j)
{
	const struct nli_labels *l = &j->l;
	uint32_t *order = sorted_groups(l);
	int32_t *truth = nli_xmalloc(l->n_item, sizeof(*truth));

	nli_jw_key(w, "by");
	nli_jw_open(w, '{');
	for (size_t g = 0; g < l->group.n; g++) {
		const struct part p = { j, order[g] };

		nli_jw_keyn(w, nli_names_text(&l->group, order[g]));
		nli_jw_open(w, '{');
		add_agreement(w, j, in_group, &p);
		for (uint32_t i = 0; j->truth && i < l->n_item; i++)
			truth[i] = in_group(&p, i) ? j->truth[i] : -1;
		if (j->truth)
			add_score(w, j, truth);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, '}');
	free(order);
	free(truth);
}

static void add_sizes(struct nli_jw *w, const struct job *j)
{
	const struct nli_crowd *c = &j->l.crowd;

	nli_jw_key(w, "items");
	nli_jw_u64(w, c->n_item);
	nli_jw_key(w, "workers");
	nli_jw_u64(w, c->n_worker);
	nli_jw_key(w, "annotations");
	nli_jw_u64(w, c->n);
	nli_jw_key(w, "repeats");
	nli_jw_u64(w, c->repeats);
	nli_jw_key(w, "classes");
	nli_jw_open(w, '[');
	for (uint32_t k = 0; k < c->n_class; k++)
		nli_jw_str(w, nli_labels_class_name(&j->l, k));
	nli_jw_close(w, ']');
}

/* The members of the report, for --report, --no-items and --summary. */
static void report(const struct job *j, struct nli_buf *b)
{
	struct nli_jw w = { .b = b };

	add_sizes(&w, j);
	nli_render_fit(&w, &j->f);
	if (j->choice.n) {
		nli_jw_key(&w, "auto");
		nli_render_auto(&w, &j->choice);
	}
	add_agreement(&w, j, NULL, NULL);
	if (j->truth)
		add_score(&w, j, j->truth);
	if (j->t->truth) {
		nli_jw_key(&w, "truth_not_in_input");
		nli_jw_u64(&w, j->not_here);
	}
	if (j->l.has_group)
		add_groups(&w, j);
}

struct lines {
	const struct job *j;
	const struct nli_workers *w;
};

static void worker_line(const void *ctx, size_t i, struct nli_buf *b)
{
	const struct lines *x = ctx;

	if (x->w->w[i].n > 0)
		nli_render_worker(&x->j->l, &x->j->f, x->w, (uint32_t)i, b);
}

static void pair_line(const void *ctx, size_t i, struct nli_buf *b)
{
	const struct lines *x = ctx;

	nli_render_pair(&x->j->l, &x->w->pair[i], b);
}

static void write_workers(const struct job *j)
{
	struct nli_workers w;
	const struct lines x = { j, &w };

	nli_workers(&j->l.crowd, &j->f, j->truth, true, &w);
	if (j->t->workers)
		nli_pipe_side(j->t->workers, j->l.crowd.n_worker, worker_line, &x);
	if (j->t->pairs)
		nli_pipe_side(j->t->pairs, w.n_pair, pair_line, &x);
	nli_workers_release(&w);
}

static void one_line(const void *ctx, size_t i, struct nli_buf *b)
{
	const struct nli_buf *members = ctx;

	(void)i;
	nli_buf_addc(b, '{');
	nli_buf_add(b, members->data, members->len);
	nli_buf_adds(b, "}\n");
}

static enum nli_question_by ask_by_of(const char *name)
{
	static const char *const names[] = { "gain", "entropy", "margin", "lc",
					     "committee" };
	unsigned i = 0;

	while (i < 4 && strcmp(names[i], name))
		i++;
	return (enum nli_question_by)i;
}

static void write_questions(struct job *j)
{
	struct nli_buf b = { 0 };
	struct nli_workers w;
	struct nli_question *a;
	size_t n;

	nli_workers(&j->l.crowd, &j->f, NULL, false, &w);
	n = nli_crowd_ask(&j->l.crowd, &j->f, &w, ask_by_of(j->t->ask_by),
			  (size_t)j->t->ask, (uint64_t)nli_common.seed, &a);
	for (size_t i = 0; i < n; i++)
		nli_render_ask(&j->l, &a[i], &b);
	nli_run_write(j->run, nli_buf_str(&b));
	nli_buf_release(&b);
	nli_workers_release(&w);
	free(a);
}

static void write_output(struct job *j, const struct nli_buf *members)
{
	const struct nli_render r = { &j->l, &j->f, (uint64_t)nli_common.seed,
				      j->t->max_entropy };
	struct nli_buf line = { 0 };

	if (j->t->no_items) {
		one_line(members, 0, &line);
		nli_run_write(j->run, nli_buf_str(&line));
		nli_buf_release(&line);
	} else if (j->t->ask) {
		write_questions(j);
	} else {
		nli_pipe_write(j->run, &r);
	}
}

static void write_all(struct job *j)
{
	struct nli_buf members = { 0 };

	if (j->t->report || j->t->no_items || nli_common.summary)
		report(j, &members);
	write_output(j, &members);
	if (j->t->workers || j->t->pairs)
		write_workers(j);
	if (j->t->report)
		nli_pipe_side(j->t->report, 1, one_line, &members);
	nli_buf_add(&j->run->results, members.data, members.len);
	nli_buf_release(&members);
}

static void run_online(struct nli_run *run, const struct nli_truth_opts *t,
		       struct nli_buf *after)
{
	struct nli_table_names names = t->names;
	const bool stepwise = !strcmp(t->method, "sem");
	const struct nli_stream_opts s = {
		.online = { .stepwise = stepwise,
			    .threshold = t->threshold,
			    .least_votes = (uint32_t)t->least_votes,
			    .budget = (uint32_t)t->budget,
			    .forget = t->forget,
			    .seed = (uint64_t)nli_common.seed,
			    .once = t->once },
		.table = t->table,
		.replay = t->replay,
		.flush = t->flush,
		.state = t->state,
		.names = &names,
		.by = t->by,
	};

	if (!stepwise && strcmp(t->method, "sbic") && strcmp(t->method, "auto"))
		nli_usage(run->tool,
			  "--method is \"%s\", wanted sbic or sem with --online",
			  t->method);
	names.name[NLI_COL_GROUP] = t->by ? t->by : "";
	nli_stream_run(run, &s, after);
}

void nli_truth_after(const struct nli_truth_opts *t, struct nli_buf *after)
{
	if (after->len)
		nli_stream_save(t->state, after);
}

void nli_truth_run(struct nli_run *run, const struct nli_truth_opts *t,
		   struct nli_buf *after)
{
	if (t->online || t->replay) {
		run_online(run, t, after);
		return;
	}
	struct job j = { .run = run, .t = t };
	const struct nli_crowd_method *m = method_of(&j);

	read_all(&j);
	fit(&j, m);
	write_all(&j);
	nli_crowd_fit_release(&j.f);
	nli_labels_release(&j.l);
	free(j.truth);
	free(j.weight);
}
