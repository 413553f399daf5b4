/* curate.c - see curate.h. */
#include "lib/model/curate.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

/* Where a piece of a block's output goes. */
enum stream { TO_OUTPUT, TO_DROPPED, TO_DECISIONS, N_STREAM };

struct curating {
	struct nli_curate *c;
	struct nli_run *run;
	struct nli_choice *choice;      /* NULL: every rule looks at one record */
	struct nli_out *side[N_STREAM]; /* of TO_OUTPUT: NULL */
	bool pieces;                    /* out holds pieces with headers, not lines */
};

/* A worker's own. */
struct scratch {
	struct nli_judge judge;
	struct nli_ledger ledger;
	struct nli_rewards *rewards;
	struct nli_standing standing[NLI_MAX_RULES];
	struct nli_buf member;
};

/* Before each piece, where pieces of several streams stand in one buffer. */
struct head {
	enum stream to;
	size_t len;
};

static void *scratch_new(void *ctx)
{
	const struct curating *s = ctx;
	struct scratch *own = nli_xcalloc(1, sizeof(*own));
	const struct nli_ledger *l = &s->c->ledger;

	nli_judge_init(&own->judge, s->c->filter, s->c->rollouts);
	nli_ledger_init(&own->ledger, s->c->filter,
			l->n_part > NLI_LEDGER_BY ? l->part[NLI_LEDGER_BY].name : NULL);
	own->rewards = nli_rewards_new(s->c->rollouts, s->c->group);
	return own;
}

static void scratch_free(void *ctx, void *scratch)
{
	struct curating *s = ctx;
	struct scratch *own = scratch;

	nli_ledger_merge(&s->c->ledger, &own->ledger);
	nli_ledger_release(&own->ledger);
	nli_rewards_merge(s->c->rewards, own->rewards);
	nli_rewards_free(own->rewards);
	nli_judge_release(&own->judge);
	nli_buf_release(&own->member);
	free(own);
}

static size_t begin(const struct curating *s, struct nli_buf *out)
{
	const struct head none = { TO_OUTPUT, 0 };

	if (s->pieces)
		nli_buf_add(out, &none, sizeof(none));
	return out->len;
}

static void end(const struct curating *s, struct nli_buf *out, size_t from,
		enum stream to)
{
	const struct head h = { to, out->len - from };

	if (s->pieces)
		memcpy(out->data + from - sizeof(h), &h, sizeof(h));
}

static void decision(const struct nli_judge *j, uint64_t hits, struct nli_buf *out)
{
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "id");
	nli_jw_str(&w, j->r->id);
	nli_jw_key(&w, "key");
	nli_jw_str(&w, j->r->key);
	nli_jw_key(&w, "keep");
	nli_jw_bool(&w, !hits);
	nli_jw_key(&w, "reasons");
	nli_judge_reasons(j->filter, hits, &w);
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}

static int on_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		     struct nli_err *err)
{
	const struct curating *s = ctx;
	struct scratch *own = w->scratch;
	const int rc = nli_judge_record(&own->judge, r, NULL, err);
	enum stream to = TO_OUTPUT;
	uint64_t hits;
	size_t from;

	if (rc < 0)
		return rc;
	hits = s->choice ? nli_choice_hits(s->choice, w->index) : own->judge.hits;
	nli_ledger_add(&own->ledger, &own->judge, hits);
	nli_rewards_add(own->rewards, &own->judge, hits);
	if (s->side[TO_DECISIONS]) {
		from = begin(s, w->out);
		decision(&own->judge, hits, w->out);
		end(s, w->out, from, TO_DECISIONS);
	}
	if (hits && s->c->drop)
		to = TO_DROPPED;
	if (to == TO_OUTPUT || s->side[to]) {
		nli_buf_clear(&own->member);
		nli_judge_member(&own->judge, hits, &own->member);
		from = begin(s, w->out);
		nli_record_write(r, "filter", nli_buf_str(&own->member), w->out);
		end(s, w->out, from, to);
	}
	return to == TO_OUTPUT ? NLI_KEEP : NLI_DROP;
}

static int put(struct curating *s, enum stream to, struct nli_str piece,
	       struct nli_err *err)
{
	if (to == TO_OUTPUT)
		return nli_run_put(s->run, piece, err);
	return nli_out_write(s->side[to], piece.s, piece.len, err);
}

static int on_commit(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	struct curating *s = ctx;
	int rc = 0;

	(void)kept;
	while (!rc && out.len) {
		struct head h;

		memcpy(&h, out.s, sizeof(h));
		rc = put(s, h.to, (struct nli_str){ out.s + sizeof(h), h.len }, err);
		out.s += sizeof(h) + h.len;
		out.len -= sizeof(h) + h.len;
	}
	return rc;
}

static int scan_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		       struct nli_err *err)
{
	struct scratch *own = w->scratch;
	const int rc = nli_judge_record(&own->judge, r, own->standing, err);

	(void)ctx;
	if (!rc)
		nli_choice_row(&own->judge, own->standing, w->out);
	return rc;
}

static int scan_commit(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	struct curating *s = ctx;

	(void)kept;
	(void)err;
	nli_choice_add(s->choice, out);
	return 0;
}

static void open_side(struct curating *s, enum stream to, const char *path)
{
	if (path)
		s->side[to] = nli_run_side_open(s->run, path);
	s->pieces |= path != NULL;
}

/* The reader of the audit, over the records that stay alone. */
struct reading {
	const struct nli_choice *choice;
	struct nli_record_pass to;
};

static int read_left(void *ctx, const struct nli_record *r, struct nli_work *w,
		     struct nli_err *err)
{
	const struct reading *s = ctx;

	if (nli_choice_hits(s->choice, w->index))
		return NLI_DROP;
	return s->to.record(s->to.ctx, r, w, err);
}

static void *reading_new(void *ctx)
{
	const struct reading *s = ctx;

	return s->to.scratch_new(s->to.ctx);
}

static void reading_free(void *ctx, void *scratch)
{
	const struct reading *s = ctx;

	s->to.scratch_free(s->to.ctx, scratch);
}

static int reading_commit(void *ctx, struct nli_str out, uint64_t kept,
			  struct nli_err *err)
{
	const struct reading *s = ctx;

	return s->to.commit(s->to.ctx, out, kept, err);
}

/* Hypothesis-only, or choices-only, with the settings and the seed of nli-hyponly. */
static struct nli_audit *audit_left(struct nli_run *run, const struct nli_choice *choice)
{
	struct nli_audit_opts o = nli_audit_usual;
	struct reading s = { .choice = choice };
	const struct nli_record_pass pass = { .ctx = &s,
					      .record = read_left,
					      .scratch_new = reading_new,
					      .scratch_free = reading_free,
					      .commit = reading_commit };
	struct nli_audit *a;
	struct nli_err err;

	o.input[o.n_input++] = NLI_IN_HYPOTHESIS;
	o.fit.n_fold = 10;
	o.fit.jobs = nli_common.jobs;
	o.seed = (uint64_t)nli_common.seed;
	a = nli_audit_new(&o);
	nli_audit_reader(a, false, &s.to);
	nli_records_emit(run, &pass);
	if (nli_audit_fit(a, &err))
		nli_die("audit of what is left: %s", err.msg);
	return a;
}

static void two_passes(struct curating *s, struct nli_record_pass *pass)
{
	struct nli_record_pass scan = *pass;
	const struct nli_curate *c = s->c;

	scan.record = scan_record;
	scan.commit = scan_commit;
	s->choice = nli_choice_new(c->filter);
	nli_records_scan(s->run, &scan);
	nli_choice_make(s->choice);
	nli_records_emit(s->run, pass);
	/* With a commit of its own, the second pass did not count. */
	if (pass->commit) {
		s->run->dropped = c->drop ? c->ledger.all->in - c->ledger.all->left : 0;
		s->run->kept = c->ledger.all->in - s->run->dropped;
	}
}

void nli_curate_run(struct nli_run *run, struct nli_curate *c, struct nli_audit **left)
{
	struct curating s = { .c = c, .run = run };
	struct nli_record_pass pass = { .ctx = &s,
					.record = on_record,
					.scratch_new = scratch_new,
					.scratch_free = scratch_free };

	*left = NULL;
	open_side(&s, TO_DROPPED, c->dropped);
	open_side(&s, TO_DECISIONS, c->decisions);
	pass.commit = s.pieces ? on_commit : NULL;
	if (nli_filter_needs_set(c->filter) || c->again)
		two_passes(&s, &pass);
	else
		nli_records_map(run, &pass);
	if (c->again)
		*left = audit_left(run, s.choice);
	nli_choice_free(s.choice);
}
