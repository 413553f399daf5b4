/* pipe.c - see pipe.h. */
#include "lib/crowd/pipe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/base/par.h"
#include "lib/crowd/tablefile.h"
#include "lib/io/run.h"

/* What a reading thread needs of its own. */
struct scratch {
	struct nli_json *json;
	struct nli_row cells;
};

static void *scratch_new(void *ctx)
{
	struct scratch *s = nli_xcalloc(1, sizeof(*s));

	(void)ctx;
	s->json = nli_json_new();
	return s;
}

static void scratch_free(void *ctx, void *arg)
{
	struct scratch *s = arg;

	(void)ctx;
	nli_json_free(s->json);
	nli_row_release(&s->cells);
	free(s);
}

struct reading {
	struct nli_run *run;
	struct nli_str by;
	int (*take)(void *ctx, struct nli_str packed, struct nli_err *err);
	void *ctx;
};

static int table_line(void *ctx, struct nli_work *w, struct nli_err *err)
{
	struct scratch *s = w->scratch;
	struct nli_str field[NLI_N_COL];
	const nli_jval *object;
	int rc;

	(void)ctx;
	rc = nli_table_row(w->part, w->line, s->json, &s->cells, field, &object, err);
	return rc ? rc : nli_labels_row(field, object, w->out, err);
}

static int record_line(void *ctx, const struct nli_record *r, struct nli_work *w,
		       struct nli_err *err)
{
	const struct reading *d = ctx;

	return nli_labels_record(r, d->by, w->out, err);
}

static int commit(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	const struct reading *d = ctx;

	(void)kept;
	return d->take(d->ctx, out, err);
}

static void note_input(void *ctx, const struct nli_lines *lines)
{
	if (lines->hasher)
		nli_run_note_input(ctx, lines->bytes, lines->hasher);
}

static void read_table(struct reading *d, const struct nli_table_names *names)
{
	struct nli_table_source s = {
		.file = d->run->files,
		.names = names,
		.need = 1u << NLI_COL_ITEM | 1u << NLI_COL_LABEL,
		.hashed = nli_common.summary != NULL,
		.closed = note_input,
		.ctx = d->run,
	};
	const struct nli_source source = { &s, nli_table_source_next,
					   nli_table_source_done };
	const struct nli_pass pass = { d, table_line, scratch_new, scratch_free, commit };

	nli_run_items(d->run, &source, &pass, NULL);
	nli_table_source_release(&s);
}

static bool is_table(const struct nli_run *run, bool table)
{
	struct nli_err err;

	if (!table && nli_table_sniff(run->files[0], &table, &err))
		nli_die("%s", err.msg);
	return table;
}

static int keep(void *ctx, struct nli_str packed, struct nli_err *err)
{
	return nli_labels_commit(ctx, packed, err);
}

void nli_pipe_read(struct nli_run *run, struct nli_labels *l, bool table,
		   const struct nli_table_names *names, const char *by)
{
	struct reading d = { run, nli_str_of(by), keep, l };
	const struct nli_record_pass pass = { .ctx = &d,
					      .record = record_line,
					      .commit = commit };

	if (is_table(run, table))
		read_table(&d, names);
	else
		nli_records_scan(run, &pass);
}

void nli_pipe_votes(struct nli_run *run, bool table, const struct nli_table_names *names,
		    const char *by,
		    int (*take)(void *ctx, struct nli_str packed, struct nli_err *err),
		    void *ctx)
{
	struct reading d = { run, nli_str_of(by), take, ctx };
	const struct nli_record_pass pass = { .ctx = &d,
					      .record = record_line,
					      .commit = commit };

	if (is_table(run, table))
		read_table(&d, names);
	else
		nli_records_map(run, &pass);
}

/* A table read line by line on this thread, with bad rows told and kept. */
struct side {
	struct nli_run *run;
	const char *path;
	struct nli_lines lines;
	struct nli_table_head head;
	struct scratch *scratch;
	struct nli_str line;
};

static void side_open(struct side *s, struct nli_run *run, const char *path,
		      const struct nli_table_names *names, unsigned need)
{
	struct nli_err err;
	int rc;

	*s = (struct side){ .run = run, .path = path, .scratch = scratch_new(NULL) };
	if (nli_lines_open(&s->lines, path, nli_common.summary != NULL, &err))
		nli_die("%s: %s", path, err.msg);
	rc = nli_lines_next(&s->lines, &s->line, &err);
	if (!rc)
		nli_die("%s: empty, wanted a table with a header", path);
	if (rc < 0 || nli_table_head(&s->head, names, s->line, need, &err))
		nli_die("%s:1: %s", path, err.msg);
	if (s->head.json)
		nli_die("%s:1: JSON, wanted CSV or TSV with a header", path);
}

/* The next row; false at the end. */
static bool side_next(struct side *s, struct nli_str field[NLI_N_COL])
{
	const nli_jval *object;
	struct nli_err err;
	int rc;

	while ((rc = nli_lines_next(&s->lines, &s->line, &err)) > 0) {
		if (!s->line.len)
			continue;
		if (!nli_table_row(&s->head, s->line, s->scratch->json,
				   &s->scratch->cells, field, &object, &err))
			return true;
		nli_run_reject(s->run, s->path, s->lines.lineno, s->line, &err);
	}
	if (rc < 0)
		nli_die("%s:%llu: %s", s->path, (unsigned long long)s->lines.lineno + 1,
			err.msg);
	return false;
}

static void side_close(struct side *s)
{
	note_input(s->run, &s->lines);
	nli_lines_close(&s->lines);
	scratch_free(NULL, s->scratch);
}

static void bad_label(struct side *s, struct nli_str label)
{
	struct nli_err err;

	nli_fail(&err, NLI_EDATA, "label \"%.*s\" was given by no annotator",
		 (int)(label.len < 80 ? label.len : 80), label.s);
	nli_run_reject(s->run, s->path, s->lines.lineno, s->line, &err);
}

static void known_of(const struct nli_labels *l, struct nli_str item, int k,
		     int32_t *known, uint64_t *others)
{
	int64_t i;

	if (l->by_record)
		i = nli_names_find(&l->by_id, item);
	else
		i = nli_names_find(&l->item, item);
	if (i < 0)
		++*others;
	else
		known[l->by_record ? l->first_of_id[i] : (uint64_t)i] = k;
}

int32_t *nli_pipe_known(struct nli_run *run, const struct nli_labels *l, const char *path,
			const struct nli_table_names *names, uint64_t *others)
{
	int32_t *known = nli_xmalloc(l->n_item, sizeof(*known));
	struct nli_str field[NLI_N_COL];
	struct side s;

	*others = 0;
	memset(known, 0xff, l->n_item * sizeof(*known));
	side_open(&s, run, path, names, 1u << NLI_COL_ITEM);
	if (s.head.at[NLI_COL_TRUTH] < 0 && s.head.at[NLI_COL_LABEL] < 0)
		nli_die("%s:1: no column \"truth\" in the header", path);
	while (side_next(&s, field)) {
		const struct nli_str label = field[NLI_COL_TRUTH].s
						     ? field[NLI_COL_TRUTH]
						     : field[NLI_COL_LABEL];
		const int k = nli_labels_class(l, label);

		if (!label.len)
			continue;
		if (k < 0)
			bad_label(&s, label);
		else
			known_of(l, field[NLI_COL_ITEM], k, known, others);
	}
	side_close(&s);
	return known;
}

double *nli_pipe_weights(struct nli_run *run, const struct nli_labels *l,
			 const char *path, const struct nli_table_names *names)
{
	double *weight = nli_xcalloc(l->crowd.n_worker, sizeof(*weight));
	struct nli_str field[NLI_N_COL];
	struct side s;

	side_open(&s, run, path, names, 1u << NLI_COL_WORKER | 1u << NLI_COL_LABEL);
	while (side_next(&s, field)) {
		const int64_t j = nli_names_find(&l->worker, field[NLI_COL_WORKER]);
		char text[64] = "", *end = text;
		double v = -1;

		if (field[NLI_COL_LABEL].len < sizeof(text)) {
			memcpy(text, field[NLI_COL_LABEL].s, field[NLI_COL_LABEL].len);
			v = strtod(text, &end);
		}
		if (end == text || *end || !(v >= 0) || !isfinite(v)) {
			struct nli_err err;

			nli_fail(&err, NLI_EDATA,
				 "weight is \"%s\", wanted a number from 0", text);
			nli_run_reject(run, path, s.lines.lineno, s.line, &err);
		} else if (j >= 0) {
			weight[j] = v;
		}
	}
	side_close(&s);
	return weight;
}

struct writing {
	const struct nli_render *r;
	uint64_t from;       /* the first item of this round */
	struct nli_buf *out; /* (PARTS,) */
};

enum { PARTS = 64, PART_ITEMS = 1024 };

static void write_part(void *ctx, size_t part)
{
	struct writing *w = ctx;
	const uint64_t from = w->from + (uint64_t)part * PART_ITEMS;
	const uint64_t end = from + PART_ITEMS;

	nli_buf_clear(&w->out[part]);
	for (uint64_t i = from; i < end && i < w->r->l->n_item; i++)
		nli_render_item(w->r, (uint32_t)i, &w->out[part]);
}

static void write_items(struct nli_run *run, const struct nli_render *r)
{
	struct nli_buf out[PARTS] = { 0 };
	struct writing w = { .r = r, .out = out };

	for (; w.from < r->l->n_item; w.from += (uint64_t)PARTS * PART_ITEMS) {
		nli_par((unsigned)nli_common.jobs, PARTS, write_part, &w);
		for (size_t p = 0; p < PARTS; p++)
			nli_run_write(run, nli_buf_str(&out[p]));
	}
	for (size_t p = 0; p < PARTS; p++)
		nli_buf_release(&out[p]);
}

static int emit_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		       struct nli_err *err)
{
	struct nli_buf truth = { 0 };

	(void)err;
	nli_render_truth(ctx, (uint32_t)w->index, &truth);
	nli_record_write(r, "truth", nli_buf_str(&truth), w->out);
	nli_buf_release(&truth);
	return NLI_KEEP;
}

void nli_pipe_write(struct nli_run *run, const struct nli_render *r)
{
	const struct nli_render copy = *r;
	const struct nli_record_pass pass = { .ctx = (void *)(uintptr_t)&copy,
					      .record = emit_record };

	if (r->l->by_record)
		nli_records_emit(run, &pass);
	else
		write_items(run, r);
}

void nli_pipe_side(const char *path, size_t n,
		   void (*line)(const void *ctx, size_t i, struct nli_buf *b),
		   const void *ctx)
{
	struct nli_buf b = { 0 };
	struct nli_out *o;
	struct nli_err err;

	if (nli_out_open(&o, path, false, &err))
		nli_die("%s", err.msg);
	for (size_t i = 0; i < n; i++) {
		nli_buf_clear(&b);
		line(ctx, i, &b);
		if (nli_out_write(o, b.data, b.len, &err)) {
			nli_out_abandon(o);
			nli_die("%s", err.msg);
		}
	}
	nli_buf_release(&b);
	if (nli_out_commit(o, &err))
		nli_die("%s", err.msg);
}
