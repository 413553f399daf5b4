/* balance.c - records without those that make cues, or with others that unmake them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/edit/sets.h"
#include "lib/model/cuebalance.h"
#include "lib/model/cuestore.h"

static const char METHOD[] = "balance";

struct balancing {
	const struct nli_edit *e;
	struct nli_edit_tally *tally;
	struct nli_run *run;
	struct nli_cues *cues;
	bool own; /* are the records that come in the input's */
	uint32_t *
		item; /* (n_record,) item + 1; 0: not looked at.  Candidates stand behind. */
	size_t n_record, item_cap, n_own;
	uint64_t *chance; /* by item */
	bool *is_own;
	size_t chance_cap, own_cap;
	struct nli_cue_balance result;
	size_t at; /* candidate to be written next */
	struct nli_out *dropped;
};

/* A record's part of a buffer: length and chance, then the digest. */
struct head {
	uint64_t chance;
	uint32_t len;
	uint32_t pair; /* else it is left alone */
};

static void *reader_new(void *ctx)
{
	return nli_cues_reader_new(((struct balancing *)ctx)->cues);
}

static void reader_free(void *ctx, void *reader)
{
	(void)ctx;
	nli_cues_reader_free(reader);
}

static int read_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		       struct nli_err *err)
{
	const struct balancing *g = ctx;
	const struct nli_str key = r->key.s ? r->key : r->id;
	/* The id too: copies of a pair have one key, and must not depend on their order. */
	struct head h = {
		.chance = nli_hash(r->id.s, r->id.len,
				   nli_hash(key.s, key.len, nli_mix(g->e->args->seed))),
		.pair = r->task != NLI_TASK_CHOICE && r->label.s && r->hypothesis.s
	};
	const size_t at = w->out->len;
	int rc = 0;

	nli_buf_add(w->out, &h, sizeof(h));
	if (h.pair)
		rc = nli_cues_read(w->scratch, r, w->out, err);
	if (rc) {
		w->out->len = at;
		return rc;
	}
	h.len = (uint32_t)(w->out->len - at - sizeof(h));
	memcpy(w->out->data + at, &h, sizeof(h));
	return NLI_KEEP;
}

static int take_record(struct balancing *g, struct head h, struct nli_str digest,
		       struct nli_err *err)
{
	const size_t before = g->cues->n_item;
	const int rc = h.pair ? nli_cues_take(g->cues, digest, err) : 0;

	nli_grow(&g->item, &g->item_cap, g->n_record + 1, sizeof(*g->item));
	g->item[g->n_record++] = g->cues->n_item > before ? (uint32_t)before + 1 : 0;
	if (rc || g->cues->n_item == before)
		return rc;
	nli_grow(&g->chance, &g->chance_cap, before + 1, sizeof(*g->chance));
	nli_grow(&g->is_own, &g->own_cap, before + 1, sizeof(*g->is_own));
	g->chance[before] = h.chance;
	g->is_own[before] = g->own;
	return 0;
}

static int take_records(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	struct balancing *g = ctx;
	int rc = 0;

	(void)kept;
	for (size_t at = 0; !rc && at < out.len;) {
		struct head h;

		memcpy(&h, out.s + at, sizeof(h));
		at += sizeof(h);
		rc = take_record(g, h, (struct nli_str){ out.s + at, h.len }, err);
		at += h.len;
	}
	return rc;
}

static bool stays(const struct balancing *g, size_t record)
{
	return !g->item[record] || g->result.keep[g->item[record] - 1];
}

static int emit_record(void *ctx, struct nli_work *w, struct nli_err *err)
{
	const struct balancing *g = ctx;

	(void)err;
	if (stays(g, w->index) == (g->dropped != NULL))
		return NLI_DROP;
	nli_buf_add(w->out, w->line.s, w->line.len);
	nli_buf_addc(w->out, '\n');
	return NLI_KEEP;
}

static int write_dropped(void *ctx, struct nli_str out, uint64_t kept,
			 struct nli_err *err)
{
	const struct balancing *g = ctx;

	(void)kept;
	return nli_out_write(g->dropped, out.s, out.len, err);
}

static int pass_line(void *ctx, const struct nli_record *r, struct nli_work *w,
		     struct nli_err *err)
{
	(void)ctx;
	(void)err;
	nli_edit_pass_source(r, w);
	return NLI_KEEP;
}

/* The candidates that are added come behind the input, in their order. */
static int add_candidates(void *ctx, struct nli_str out, uint64_t kept,
			  struct nli_err *err)
{
	struct balancing *g = ctx;
	int rc = 0;

	(void)kept;
	while (!rc && out.len) {
		const size_t len =
			(size_t)((char *)memchr(out.s, '\n', out.len) - out.s) + 1;
		const size_t item = g->item[g->at++];

		if (item && g->result.keep[item - 1])
			rc = nli_run_put(g->run, (struct nli_str){ out.s, len }, err);
		out.s += len;
		out.len -= len;
	}
	return rc;
}

static void read_all(struct balancing *g)
{
	const struct nli_record_pass pass = { .ctx = g,
					      .record = read_record,
					      .scratch_new = reader_new,
					      .scratch_free = reader_free,
					      .commit = take_records };
	char *const files[] = { (char *)(uintptr_t)g->e->args->candidates, NULL };

	g->own = true;
	nli_records_scan(g->run, &pass);
	g->n_own = g->n_record;
	g->own = false;
	if (files[0])
		nli_records_side(g->run, files, &pass);
}

static void balance(struct balancing *g)
{
	const struct nli_edit_args *args = g->e->args;
	const struct nli_cue_balance_args a = {
		.params = { .smooth = 100,
			    .min_count = (uint64_t)args->min_count,
			    .pairs = true,
			    .alpha = 0.05,
			    .seed = args->seed,
			    .memory = (size_t)1 << 30 },
		.families = args->cues,
		.q = args->q,
		.from = args->from,
		.slack = args->slack,
		.own = g->is_own,
		.chance = g->chance,
		.n = g->cues->n_item,
	};
	struct nli_err err;

	if (nli_cue_balance(g->cues, &a, &g->result, &err))
		nli_die("%s", err.msg);
	if (g->result.round[g->result.n_round - 1].listed)
		nli_warn(
			"%llu cues are left after %zu rounds",
			(unsigned long long)g->result.round[g->result.n_round - 1].listed,
			g->result.n_round - 1);
}

static void write_all(struct balancing *g)
{
	const struct nli_pass pass = { .ctx = g, .line = emit_record };
	struct nli_pass rest = { .ctx = g, .line = emit_record, .commit = write_dropped };
	const struct nli_record_pass more = { .ctx = g,
					      .record = pass_line,
					      .commit = add_candidates };
	char *const files[] = { (char *)(uintptr_t)g->e->args->candidates, NULL };

	nli_run_emit(g->run, &pass);
	if (g->e->args->dropped) {
		g->dropped = nli_run_side_open(g->run, g->e->args->dropped);
		nli_run_emit(g->run, &rest);
	}
	g->at = g->n_own;
	if (files[0])
		nli_records_side(g->run, files, &more);
}

/* The curve of what is lost for what is gained: a row a round, and for people the same. */
static void tell(struct balancing *g, struct nli_jw *w)
{
	const double n = (double)g->result.round[0].kept;

	nli_jw_key(w, METHOD);
	nli_jw_open(w, '{');
	nli_jw_key(w, "rounds");
	nli_jw_open(w, '[');
	fprintf(stderr, "%8s %10s %8s %10s %8s %8s %8s\n", "round", "kept", "share",
		"at most", "added", "cues", "held");
	for (size_t i = 0; i < g->result.n_round; i++) {
		const struct nli_cue_balance_round *r = &g->result.round[i];

		fprintf(stderr, "%8zu %10llu %7.1f%% %10.0f %8llu %8llu %8llu\n", i,
			(unsigned long long)r->kept, 100 * (double)r->kept / n, r->bound,
			(unsigned long long)r->added, (unsigned long long)r->listed,
			(unsigned long long)r->held);
		nli_jw_open(w, '{');
		nli_jw_key(w, "kept");
		nli_jw_u64(w, r->kept);
		nli_jw_key(w, "kept_at_most");
		nli_jw_real(w, r->bound);
		nli_jw_key(w, "added");
		nli_jw_u64(w, r->added);
		nli_jw_key(w, "cues");
		nli_jw_u64(w, r->listed);
		nli_jw_key(w, "held");
		nli_jw_u64(w, r->held);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, ']');
	nli_jw_close(w, '}');
}

void nli_balance_run(struct nli_run *run, const struct nli_edit *e,
		     struct nli_edit_tally *tally)
{
	struct balancing g = { .e = e, .tally = tally, .run = run };
	const struct nli_cues_input in = { .langs = e->langs, .text = "hypothesis" };
	size_t alone = 0;

	g.cues = nli_cues_new(&in);
	read_all(&g);
	balance(&g);
	write_all(&g);
	tell(&g, &(struct nli_jw){ .b = &run->results });
	for (size_t i = 0; i < g.n_own; i++)
		alone += !g.item[i];
	nli_edit_count_not(tally, METHOD, "no labelled pair: passed through", alone);
	nli_cue_balance_release(&g.result);
	nli_cues_free(g.cues);
	free(g.item);
	free(g.chance);
	free(g.is_own);
}
