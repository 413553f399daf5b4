/* audit.c - see audit.h: reading records into sets. */
#include "lib/model/audit.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/audit_parts.h"

/*
 * A record as a worker hands it to the committer, who takes them in order.
 * Behind it stand the label, the fields as (uint32_t length, bytes), for a choice
 * the types of the options as fields, then for each input and option (uint32_t
 * n, n hashes).
 */
struct packed {
	uint64_t key, group, premise;
	uint32_t size; /* of all */
	uint32_t label_len;
	int16_t answer;
	uint8_t task, n_opt;
	uint8_t has_label;
};

struct scratch {
	struct nli_partials *partials;
	struct nli_feats feats;
	struct nli_buf text;
};

const struct nli_audit_opts nli_audit_usual = {
	.feat = { .word_n = 2, .char_lo = 3, .char_hi = 5, .length = true },
	/* Beyond that, words say what characters would, and cost a fraction. */
	.char_rows = 100000,
	/*
	 * By the cross-validated loss on SNLI dev, MNLI's sample, Watson and the training
	 * parts of IndoNLI and InferES: accuracy on the first three is not blind.
	 */
	.scale = { [NLI_FEAT_WORD] = 1,
		   [NLI_FEAT_NGRAM] = 0.85,
		   [NLI_FEAT_CHAR] = 0.3,
		   [NLI_FEAT_OTHER] = 0.5,
		   [NLI_FEAT_SKIP] = 0.5 },
	.min_count = 2,
	.nb = 0.5,
	.fit = { .c = { 0.01, 0.03, 0.1, 0.3, 1, 3, 10 },
		 .n_c = 7,
		 .tol = 3e-3,
		 .max_epoch = 100,
		 .n_select = 30000 },
	.permute = { .n_perm = 199, .n_max = 10000 },
	.gamma = 2, /* C. Clark et al. and R. Karimi Mahabadi et al. use it */
	.easy = -1,
	.hard = -1,
	.level = 0.95,
};

const char *audit_task_name(enum nli_task t)
{
	return t == NLI_TASK_NLI ? "nli" : t == NLI_TASK_NLI2 ? "nli2" : "choice";
}

struct nli_audit *nli_audit_new(const struct nli_audit_opts *o)
{
	struct nli_audit *a = nli_xcalloc(1, sizeof(*a));

	a->o = *o;
	for (int t = 0; t < N_TASK; t++)
		a->set[t].task = (enum nli_task)t;
	return a;
}

struct nli_partials *audit_partials(const struct nli_audit *a)
{
	struct nli_partials *s = nli_partials_new(&a->o.feat);

	if (a->o.langs)
		nli_partials_langs(s, a->o.langs);
	return s;
}

static void *scratch_new(void *ctx)
{
	const struct nli_audit *a = ctx;
	struct scratch *s = nli_xcalloc(1, sizeof(*s));

	s->partials = audit_partials(a);
	return s;
}

static void scratch_free(void *ctx, void *arg)
{
	struct scratch *s = arg;

	(void)ctx;
	nli_partials_free(s->partials);
	nli_feats_release(&s->feats);
	nli_buf_release(&s->text);
	free(s);
}

static void pack_text(struct nli_buf *out, struct nli_str s)
{
	const uint32_t len = s.s ? (uint32_t)s.len : NO_VALUE;

	nli_buf_add(out, &len, sizeof(len));
	if (s.s)
		nli_buf_add(out, s.s, s.len);
}

/* The types of the options ("choice_types"), as many as there are options. */
static void pack_types(const struct nli_record *r, struct nli_buf *out)
{
	const struct nli_member *m = nli_object_find(&r->obj, "choice_types");
	struct nli_jiter it = nli_jiter(m ? m->val : NULL);
	size_t n = 0;

	for (; m && n < r->n_choice && nli_jnext(&it); n++)
		pack_text(out, nli_jstr(it.val));
	for (; n < r->n_choice; n++)
		pack_text(out, (struct nli_str){ NULL, 0 });
}

static int pack_fields(const struct nli_audit *a, const struct nli_record *r,
		       struct scratch *s, struct nli_buf *out, struct nli_err *err)
{
	for (size_t i = 0; i < a->o.n_by; i++)
		pack_text(out, nli_record_field(r, nli_str_of(a->o.by[i]), &s->text));
	if (a->o.fold_field) {
		const struct nli_str v =
			nli_record_field(r, nli_str_of(a->o.fold_field), &s->text);

		if (!v.s)
			return nli_fail(err, NLI_EDATA, "no \"%s\" to take the fold from",
					a->o.fold_field);
		pack_text(out, v);
	}
	return 0;
}

static void pack_feats(const struct nli_audit *a, const struct nli_record *r,
		       struct scratch *s, struct nli_buf *out)
{
	const size_t n_opt = r->task == NLI_TASK_CHOICE ? r->n_choice : 1;

	for (size_t i = 0; i < a->o.n_input; i++)
		for (size_t k = 0; k < n_opt; k++) {
			uint32_t n;

			nli_feats_clear(&s->feats);
			nli_partials_skip_dear(
				s->partials,
				__atomic_load_n(&a->no_dear[r->task], __ATOMIC_RELAXED));
			nli_partial_feats(s->partials, r, a->o.input[i], k, &s->feats);
			n = (uint32_t)s->feats.n;
			nli_buf_add(out, &n, sizeof(n));
			nli_buf_add(out, s->feats.v, n * sizeof(*s->feats.v));
		}
}

static int check_inputs(const struct nli_audit *a, const struct nli_record *r,
			struct nli_err *err)
{
	if (r->task == NLI_TASK_CHOICE)
		return r->n_choice ? 0
				   : nli_fail(err, NLI_EDATA,
					      "no \"choices\" in a choice record");
	for (size_t i = 0; i < a->o.n_input; i++)
		if (a->o.input[i] == NLI_IN_CHOICES || a->o.input[i] == NLI_IN_POSITION)
			return nli_fail(
				err, NLI_EDATA,
				"a record without choices, which --input %s needs",
				nli_partial_name(a->o.input[i]));
	return 0;
}

static int group_of(const struct nli_audit *a, const struct nli_record *r,
		    struct scratch *s, uint64_t *group, struct nli_err *err)
{
	struct nli_str v;

	if (!a->o.group) {
		*group = nli_record_group_hash(r);
		return 0;
	}
	v = nli_record_field(r, nli_str_of(a->o.group), &s->text);
	if (!v.s)
		return nli_fail(err, NLI_EDATA, "no \"%s\" to group by", a->o.group);
	*group = nli_hash(v.s, v.len, 0);
	return 0;
}

static int on_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		     struct nli_err *err)
{
	const struct nli_audit *a = ctx;
	struct scratch *s = w->scratch;
	const size_t at = w->out->len;
	struct packed p = {
		.key = nli_hash(r->id.s, r->id.len, a->o.seed),
		.premise = nli_hash(r->premise.s, r->premise.len, 0),
		.task = (uint8_t)r->task,
		.answer = (int16_t)r->answer,
		.n_opt = r->task == NLI_TASK_CHOICE ? (uint8_t)r->n_choice : 1,
		.label_len = (uint32_t)r->label.len,
		.has_label = r->label.s != NULL,
	};
	int rc = check_inputs(a, r, err);

	if (!rc)
		rc = group_of(a, r, s, &p.group, err);
	if (rc)
		return rc;
	nli_buf_add(w->out, &p, sizeof(p));
	nli_buf_add(w->out, r->label.s, r->label.len);
	rc = pack_fields(a, r, s, w->out, err);
	if (rc)
		return rc;
	if (r->task == NLI_TASK_CHOICE)
		pack_types(r, w->out);
	pack_feats(a, r, s, w->out);
	rc = nli_partials_error(s->partials, err);
	if (rc)
		return rc;
	p.size = (uint32_t)(w->out->len - at);
	memcpy(w->out->data + at, &p, sizeof(p));
	return NLI_KEEP;
}

/*
 * What a model of other records is to score: the model must know the task and the
 * label.  The training files were read before, so that set and label stand still.
 */
static int check_known(const struct nli_audit *a, const struct nli_record *r,
		       struct nli_err *err)
{
	const struct audit_set *s = &a->set[r->task];

	if (!s->n && !s->result)
		return nli_fail(err, NLI_EDATA,
				"a record of task %s, which the model was "
				"not trained on",
				audit_task_name(r->task));
	if (audit_is_choice(s) || !r->label.s ||
	    nli_intern_find(&s->label, r->label) != NLI_INTERN_NONE)
		return 0;
	return nli_fail(err, NLI_EDATA,
			"label \"%.*s\", which the model was not trained on",
			(int)(r->label.len < 40 ? r->label.len : 40), r->label.s);
}

int audit_check(const struct nli_audit *a, const struct nli_record *r,
		struct nli_err *err)
{
	const int rc = check_inputs(a, r, err);

	return rc ? rc : check_known(a, r, err);
}

static int on_scored(void *ctx, const struct nli_record *r, struct nli_work *w,
		     struct nli_err *err)
{
	const struct nli_audit *a = ctx;
	const int rc = a->test ? check_known(a, r, err) : 0;

	return rc ? rc : on_record(ctx, r, w, err);
}

static struct nli_str unpack_text(const char **at)
{
	struct nli_str s = { NULL, 0 };
	uint32_t len;

	memcpy(&len, *at, sizeof(len));
	*at += sizeof(len);
	if (len != NO_VALUE) {
		s = (struct nli_str){ *at, len };
		*at += len;
	}
	return s;
}

static int label_number(struct audit_set *s, const struct packed *p, struct nli_str label,
			int16_t *y, struct nli_err *err)
{
	size_t k;

	*y = -1;
	if (audit_is_choice(s)) {
		*y = p->answer;
		return 0;
	}
	if (!p->has_label)
		return 0;
	k = nli_intern_add(&s->label, label);
	if (k >= NLI_MAX_CLASS)
		return nli_fail(err, NLI_EDATA, "more than %d different labels",
				NLI_MAX_CLASS);
	*y = (int16_t)k;
	return 0;
}

/* A fold that the record brings along: a number. */
static int fold_number(struct nli_str s, uint8_t *fold, struct nli_err *err)
{
	unsigned v = 0;

	for (size_t i = 0; i < s.len && v < NLI_MAX_FOLD; i++)
		v = s.s[i] >= '0' && s.s[i] <= '9' ? v * 10 + (unsigned)(s.s[i] - '0')
						   : NLI_MAX_FOLD;
	if (!s.len || v >= NLI_MAX_FOLD)
		return nli_fail(err, NLI_EDATA, "fold is \"%.*s\", wanted 0..%d",
				(int)(s.len < 40 ? s.len : 40), s.s, NLI_MAX_FOLD - 1);
	*fold = (uint8_t)v;
	return 0;
}

static void take_types(struct nli_audit *a, struct audit_set *s, unsigned n_opt,
		       const char **at)
{
	nli_grow(&s->type, &s->type_cap, s->n_row + n_opt, sizeof(*s->type));
	for (unsigned k = 0; k < n_opt; k++) {
		const struct nli_str t = unpack_text(at);
		const size_t number = t.s ? nli_intern_add(&s->type_name, t) + 1 : 0;

		s->type[s->n_row + k] = number < 256 ? (uint8_t)number : 0;
		a->choice_types = a->choice_types || t.s;
	}
}

static void raw_add(struct audit_raw *r, const char *hash, size_t n)
{
	nli_grow(&r->hash, &r->cap, r->n_hash + n, sizeof(*r->hash));
	nli_grow(&r->end, &r->end_cap, r->n + 1, sizeof(*r->end));
	if (n)
		memcpy(r->hash + r->n_hash, hash, n * sizeof(*r->hash));
	r->end[r->n++] = r->n_hash += n;
}

/* Without NLI_FEAT_DEAR from now on; the workers may still send some. */
static void drop_dear(struct nli_audit *a, struct audit_set *s)
{
	__atomic_store_n(&a->no_dear[s->task], true, __ATOMIC_RELAXED);
	for (size_t k = 0; k < a->o.n_input; k++)
		nli_rows_drop(&s->builder[k], NLI_FEAT_DEAR);
}

static int take_in(struct nli_audit *a, const struct packed *p, const char *at,
		   bool train, struct nli_err *err)
{
	struct audit_set *s = &a->set[p->task];
	struct audit_item *i;
	int rc;

	nli_grow(&s->item, &s->cap, s->n + 1, sizeof(*s->item));
	i = &s->item[s->n];
	*i = (struct audit_item){ .key = p->key,
				  .group = p->group,
				  .premise = p->premise,
				  .row = (uint32_t)s->n_row,
				  .n_opt = p->n_opt,
				  .at = (uint32_t)(a->test && !train ? s->raw[0].n
								     : s->n_text),
				  .train = train };
	rc = label_number(s, p, (struct nli_str){ at, p->label_len }, &i->y, err);
	at += p->label_len;
	nli_grow(&s->by, &s->by_cap, (s->n + 1) * a->o.n_by, sizeof(*s->by));
	for (size_t k = 0; k < a->o.n_by; k++) {
		const struct nli_str v = unpack_text(&at);

		s->by[s->n * a->o.n_by + k] =
			v.s ? (uint32_t)nli_intern_add(&s->value[k], v) : NO_VALUE;
	}
	if (!rc && a->o.fold_field)
		rc = fold_number(unpack_text(&at), &i->fold, err);
	if (rc)
		return rc;
	if (audit_is_choice(s))
		take_types(a, s, p->n_opt, &at);
	for (size_t k = 0; k < a->o.n_input; k++)
		for (unsigned o = 0; o < p->n_opt; o++) {
			uint32_t n;

			memcpy(&n, at, sizeof(n));
			at += sizeof(n);
			if (i->train || !a->test)
				nli_rows_add_bytes(&s->builder[k], at, n);
			else
				raw_add(&s->raw[k], at, n);
			at += n * sizeof(uint32_t);
		}
	if (!a->test || train)
		s->n_text += p->n_opt;
	if (!train) {
		nli_grow(&a->where, &a->where_cap, a->n_where + 1, sizeof(*a->where));
		a->where[a->n_where++] = s->n * N_TASK + p->task;
	}
	s->n_row += p->n_opt;
	s->n++;
	if (s->n_text > a->o.char_rows)
		drop_dear(a, s);
	return 0;
}

static int commit(struct nli_audit *a, struct nli_str out, bool train,
		  struct nli_err *err)
{
	const char *at = out.s, *end = out.s + out.len;
	int rc = 0;

	while (!rc && at < end) {
		struct packed p;

		memcpy(&p, at, sizeof(p));
		rc = take_in(a, &p, at + sizeof(p), train, err);
		at += p.size;
	}
	return rc;
}

static int commit_train(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	(void)kept;
	return commit(ctx, out, true, err);
}

static int commit_scored(void *ctx, struct nli_str out, uint64_t kept,
			 struct nli_err *err)
{
	(void)kept;
	return commit(ctx, out, false, err);
}

void nli_audit_reader(struct nli_audit *a, bool train, struct nli_record_pass *p)
{
	a->test = a->test || train;
	*p = (struct nli_record_pass){
		.ctx = a,
		.record = train ? on_record : on_scored,
		.scratch_new = scratch_new,
		.scratch_free = scratch_free,
		.commit = train ? commit_train : commit_scored,
		/* Fields that the options name are values. */
		.want = a->o.n_by || a->o.fold_field || a->o.group ? NLI_WANT_ALL
								   : NLI_WANT_TEXTS,
	};
}

static void results_free(struct audit_result *r, size_t n)
{
	for (size_t i = 0; r && i < n; i++) {
		free(r[i].logp);
		free(r[i].prior);
		free(r[i].axis);
		audit_models_free(&r[i]);
		nli_metrics_release(&r[i].m);
	}
	free(r);
}

void nli_audit_free(struct nli_audit *a)
{
	if (!a)
		return;
	for (int t = 0; t < N_TASK; t++) {
		struct audit_set *s = &a->set[t];

		for (size_t k = 0; k < NLI_MAX_BY; k++)
			nli_intern_release(&s->value[k]);
		for (size_t k = 0; k < NLI_N_PARTIAL; k++) {
			nli_rows_builder_release(&s->builder[k]);
			free(s->raw[k].hash);
			free(s->raw[k].end);
		}
		for (size_t k = 0; k < s->n_slice; k++)
			results_free(s->slice[k].result, a->o.n_input);
		results_free(s->result, a->o.n_input);
		nli_intern_release(&s->label);
		nli_buf_release(&s->quotes);
		nli_intern_release(&s->type_name);
		free(s->slice);
		free(s->item);
		free(s->by);
		free(s->type);
		free(s->rank);
	}
	free(a->where);
	free(a);
}
