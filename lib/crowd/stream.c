/* stream.c - see stream.h. */
#include "lib/crowd/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/mem.h"
#include "lib/crowd/pipe.h"
#include "lib/io/lines.h"
#include "lib/model/stats.h"

struct stream {
	struct nli_run *run;
	const struct nli_stream_opts *t;
	struct nli_online *online;
	struct nli_buf out;
	int64_t last; /* time of the last vote */
};

static int take_vote(void *ctx, const struct nli_packed_vote *v, struct nli_err *err)
{
	struct stream *s = ctx;
	const struct nli_online_vote vote = {
		.item = v->text[NLI_VOTE_ITEM],
		.worker = v->text[NLI_VOTE_WORKER],
		.label = v->text[NLI_VOTE_LABEL],
		.group = v->text[NLI_VOTE_GROUP],
		.truth = v->text[NLI_VOTE_TRUTH],
		.weight = v->weight,
	};

	if (v->time != NLI_CROWD_NO_TIME && v->time < s->last)
		return nli_fail(
			err, NLI_EDATA,
			"item \"%.*s\" at time %lld comes after time %lld: sort by "
			"time, or --replay",
			(int)vote.item.len, vote.item.s, (long long)v->time,
			(long long)s->last);
	if (v->time != NLI_CROWD_NO_TIME)
		s->last = v->time;
	return nli_online_add(s->online, &vote, &s->out, err);
}

static void tell(void *ctx, uint64_t item_hash)
{
	nli_online_ahead(((struct stream *)ctx)->online, item_hash);
}

static int take_block(void *ctx, struct nli_str packed, struct nli_err *err)
{
	struct stream *s = ctx;
	int rc;

	nli_buf_clear(&s->out);
	rc = nli_labels_each(packed, take_vote, tell, s, err);
	if (!rc && s->out.len)
		rc = nli_run_put(s->run, nli_buf_str(&s->out), err);
	return rc;
}

/* Rows in the order of time; of equal times, of the input. */
struct order {
	int64_t time;
	uint64_t row;
};

static int cmp_order(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	return x->time != y->time ? (x->time > y->time) - (x->time < y->time)
				  : (x->row > y->row) - (x->row < y->row);
}

/* Hand on what was emitted once it is worth a write. */
static void put(void *ctx, struct nli_buf *out)
{
	struct stream *s = ctx;

	if (out->len < 1 << 16)
		return;
	nli_run_write(s->run, nli_buf_str(out));
	nli_buf_clear(out);
}

static void replay_row(struct stream *s, const struct nli_labels *l, uint64_t r)
{
	const struct nli_crowd_rows *rows = &l->rows;
	const uint32_t i = rows->item[r];
	const struct nli_str none = { NULL, 0 };
	const struct nli_online_vote v = {
		.item = nli_names_text(&l->item, i),
		.worker = nli_names_text(&l->worker, rows->worker[r]),
		.label = nli_names_text(&l->label, rows->label[r]),
		.group = l->item_group[i]
				 ? nli_names_text(&l->group, l->item_group[i] - 1)
				 : none,
		.truth = l->truth[i] >= 0 ? nli_names_text(&l->label, (size_t)l->truth[i])
					  : none,
		.weight = rows->weight ? (double)rows->weight[r] : 1,
	};
	struct nli_err err;

	if (nli_online_add(s->online, &v, &s->out, &err))
		nli_die("%s", err.msg);
	put(s, &s->out);
}

static void replay(struct stream *s)
{
	struct nli_labels l = { 0 };
	struct order *order;

	nli_pipe_read(s->run, &l, s->t->table, s->t->names, s->t->by);
	if (l.rows.n && !l.rows.time)
		nli_die("--replay wants a column of times");
	order = nli_xmalloc(l.rows.n, sizeof(*order));
	for (size_t r = 0; r < l.rows.n; r++)
		order[r] = (struct order){ l.rows.time[r], r };
	if (l.rows.n)
		qsort(order, l.rows.n, sizeof(*order), cmp_order);
	nli_buf_clear(&s->out);
	for (size_t r = 0; r < l.rows.n; r++)
		replay_row(s, &l, order[r].row);
	nli_run_write(s->run, nli_buf_str(&s->out));
	free(order);
	nli_labels_release(&l);
}

/* A state file that is not there yet is an empty state. */
static void load(struct stream *s)
{
	struct nli_buf text = { 0 };
	struct nli_lines lines;
	struct nli_str line;
	struct nli_err err;
	int rc;

	if (!s->t->state || (access(s->t->state, F_OK) && errno == ENOENT))
		return;
	if (nli_lines_open(&lines, s->t->state, false, &err))
		nli_die("%s: %s", s->t->state, err.msg);
	while ((rc = nli_lines_next(&lines, &line, &err)) > 0) {
		nli_buf_add(&text, line.s, line.len);
		nli_buf_addc(&text, '\n');
	}
	nli_lines_close(&lines);
	if (rc < 0 || nli_online_load(s->online, nli_buf_str(&text), &err))
		nli_die("%s: %s", s->t->state, err.msg);
	nli_buf_release(&text);
}

static void count(struct nli_jw *w, const char *key, uint64_t v)
{
	nli_jw_key(w, key);
	nli_jw_u64(w, v);
}

static void results(const struct stream *s)
{
	const struct nli_online_tally *t = nli_online_tally(s->online);
	const uint64_t n = t->by_threshold + t->by_budget + t->by_end;
	struct nli_jw w = { .b = &s->run->results };
	struct nli_interval ci;

	nli_jw_key(&w, "method");
	nli_jw_cstr(&w, s->t->online.stepwise ? "sem" : "sbic");
	count(&w, "votes", t->votes);
	count(&w, "replaced", t->replaced);
	count(&w, "late", t->late);
	count(&w, "emitted", n);
	count(&w, "by_threshold", t->by_threshold);
	count(&w, "by_budget", t->by_budget);
	count(&w, "by_end", t->by_end);
	count(&w, "open", nli_online_open(s->online));
	nli_jw_key(&w, "labels_an_item");
	nli_jw_real(&w, n ? (double)t->labels / (double)n : 0);
	if (!t->n_truth)
		return;
	ci = nli_wilson_real(t->right, (double)t->n_truth, .95);
	count(&w, "n_truth", t->n_truth);
	nli_jw_key(&w, "accuracy");
	nli_jw_real(&w, t->right / (double)t->n_truth);
	nli_jw_key(&w, "accuracy_ci");
	nli_jw_open(&w, '[');
	nli_jw_real(&w, ci.lo);
	nli_jw_real(&w, ci.hi);
	nli_jw_close(&w, ']');
}

void nli_stream_save(const char *state, struct nli_buf *after)
{
	struct nli_err err;

	if (nli_out_file(state, after->data, after->len, &err))
		nli_die("%s", err.msg);
	nli_buf_release(after);
}

void nli_stream_run(struct nli_run *run, const struct nli_stream_opts *t,
		    struct nli_buf *after)
{
	struct stream s = { .run = run, .t = t, .last = INT64_MIN };

	s.online = nli_online_new(&t->online);
	load(&s);
	if (t->replay)
		replay(&s);
	else
		nli_pipe_votes(run, t->table, t->names, t->by, take_block, &s);
	nli_buf_clear(&s.out);
	if (!t->state || t->flush) {
		nli_online_flush(s.online, &s.out, put, &s);
		nli_run_write(run, nli_buf_str(&s.out));
	}
	results(&s);
	if (t->state)
		nli_online_save(s.online, after);
	nli_online_free(s.online);
	nli_buf_release(&s.out);
}
