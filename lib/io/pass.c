/* pass.c - the ordered parallel passes of tool.h over files and over the spool. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/base/mem.h"
#include "lib/io/engine.h"
#include "lib/io/input.h"
#include "lib/io/lines.h"
#include "lib/io/run.h"
#include "lib/io/spool.h"

enum { BLOCK = 256 * 1024 };

static const size_t SPOOL_LIMIT = (size_t)512 << 20;

/* A bad line of a block: where it and the good output before it ended. */
struct bad {
	size_t line, out_len, keep_len;
	struct nli_err why;
};

struct job {
	struct nli_block block;
	const char *path;    /* NULL: the spool */
	struct nli_buf out;  /* what the pass wrote */
	struct nli_buf note; /* the same, for the commit alone */
	struct nli_buf keep; /* the kept lines, for the spool, unless */
	bool whole;          /* all of the block's are */
	int file; /* the block's, as the spool knows it; -1: not a file to read again */
	struct bad *bad;
	size_t n_bad, bad_cap;
	uint64_t kept, dropped;
};

/* One pass: where lines come from and where they go. */
struct passing {
	struct nli_run *run;
	const struct nli_pass *pass;
	char *const *file; /* the next one to open; NULL: read the source or the spool */
	const struct nli_source *source;
	nli_commit_fn *commit; /* NULL: the pass's own */
	const char *path;      /* of the open one */
	struct nli_lines lines;
	int again; /* the open one in the spool, see struct job */
	uint64_t start;
	bool open, spooling, counted;
	uint64_t bytes; /* read so far */
	size_t n_thread;
	void *scratch[NLI_MAX_JOBS]; /* (n_thread,) each thread's own */
};

static void *job_new(void *ctx)
{
	(void)ctx;
	return nli_xcalloc(1, sizeof(struct job));
}

static void job_free(void *ctx, void *arg)
{
	struct job *job = arg;

	(void)ctx;
	nli_block_release(&job->block);
	nli_buf_release(&job->out);
	nli_buf_release(&job->note);
	nli_buf_release(&job->keep);
	free(job->bad);
	free(job);
}

static int open_next(struct passing *s, struct nli_err *err)
{
	const bool hashed = s->counted && nli_common.summary;
	int rc;

	s->path = *s->file++;
	rc = nli_lines_open(&s->lines, s->path, hashed, err);
	if (rc < 0) {
		nli_err_prefix(err, "%s", s->path);
		return rc;
	}
	s->open = true;
	s->again =
		s->spooling ? nli_spool_file(s->run->spool, s->lines.in, &s->start) : -1;
	return 0;
}

static void close_file(struct passing *s)
{
	if (s->lines.hasher)
		nli_run_note_input(s->run, s->lines.bytes, s->lines.hasher);
	nli_lines_close(&s->lines);
	s->open = false;
}

static int fill(void *ctx, void *arg, struct nli_err *err)
{
	struct passing *s = ctx;
	struct job *job = arg;

	if (s->source) {
		const int rc = s->source->next(s->source->ctx, &job->block, BLOCK, err);

		job->path = job->block.path;
		s->bytes += rc > 0 ? job->block.len : 0;
		return rc;
	}
	if (!s->file)
		return nli_spool_block(s->run->spool, &job->block, BLOCK, err);
	for (;;) {
		int rc = 0;

		if (!s->open && !*s->file)
			return 0;
		if (!s->open)
			rc = open_next(s, err);
		if (rc < 0)
			return rc;
		rc = nli_lines_block(&s->lines, &job->block, BLOCK, err);
		job->path = s->path;
		job->file = s->again;
		job->block.from += s->start;
		s->bytes += rc > 0 ? job->block.len : 0;
		if (rc > 0)
			return rc;
		if (rc < 0) {
			nli_err_prefix(err, "%s:%llu", s->path,
				       (unsigned long long)s->lines.lineno + 1);
			return rc;
		}
		close_file(s);
	}
}

static bool is_blank(struct nli_str s)
{
	while (s.len && (*s.s == ' ' || *s.s == '\t' || *s.s == '\r'))
		s.s++, s.len--;
	return !s.len;
}

static void note_bad(struct job *job, size_t line, const struct nli_err *why)
{
	nli_grow(&job->bad, &job->bad_cap, job->n_bad + 1, sizeof(*job->bad));
	job->bad[job->n_bad++] = (struct bad){ line, job->out.len, job->keep.len, *why };
}

static int one_line(const struct passing *s, struct job *job, size_t i, void *scratch,
		    struct nli_err *err)
{
	int rc;
	struct nli_work w = {
		.line = nli_block_line(&job->block, i),
		.path = job->path,
		.lineno = nli_block_lineno(&job->block, i),
		.index = job->block.first_line + i - 1,
		.out = &job->out,
		.note = &job->note,
		.scratch = scratch,
		.part = job->block.part,
		.item = job->block.first_item + i,
	};

	if (w.line.len > (uint64_t)nli_common.max_line)
		return nli_fail(err, NLI_EDATA,
				"a line of %zu bytes, wanted at most %lld "
				"(--max-line)",
				w.line.len, (long long)nli_common.max_line);
	rc = s->pass->line(s->pass->ctx, &w, err);
	job->kept += rc == NLI_KEEP ? w.more : 0;
	return rc;
}

/* From line i on the spool gets copies. */
static void keep_before(struct job *job, size_t i)
{
	if (job->whole && i)
		nli_buf_add(&job->keep, job->block.text, job->block.end[i - 1] + 1);
	job->whole = false;
}

static void keep_line(struct job *job, size_t i, bool last)
{
	const struct nli_str line = nli_block_line(&job->block, i);

	if (last && job->block.end[i] == job->block.len) /* no LF at the end */
		keep_before(job, i);
	if (job->whole)
		return;
	nli_buf_add(&job->keep, line.s, line.len);
	nli_buf_addc(&job->keep, '\n');
}

static void work(void *ctx, void *arg, size_t thread)
{
	const struct passing *s = ctx;
	struct job *job = arg;

	nli_buf_clear(&job->out);
	nli_buf_clear(&job->note);
	nli_buf_clear(&job->keep);
	job->n_bad = job->kept = job->dropped = 0;
	job->whole = s->spooling;
	for (size_t i = 0; i < job->block.n; i++) {
		const struct nli_str line = nli_block_line(&job->block, i);
		const size_t before = job->out.len, noted = job->note.len;
		struct nli_err err;
		int rc;

		rc = is_blank(line) ? NLI_DROP
				    : one_line(s, job, i, s->scratch[thread], &err);
		if (s->spooling && rc == NLI_KEEP)
			keep_line(job, i, i + 1 == job->block.n);
		else
			keep_before(job, i);
		if (is_blank(line))
			continue;
		if (rc < 0) {
			job->out.len = before;
			job->note.len = noted;
			note_bad(job, i, &err);
			continue;
		}
		job->kept += rc == NLI_KEEP;
		job->dropped += rc != NLI_KEEP;
	}
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void show_progress(struct passing *s)
{
	struct nli_run *r = s->run;
	const double t = now();
	double done = -1, left;

	if (r->started == 0)
		r->started = r->told = t;
	if (t - r->told < 0.5)
		return;
	r->told = t;
	fprintf(stderr, "\r\033[K%s: %llu records, %.0f MB/s", r->tool->name,
		(unsigned long long)r->in, (double)s->bytes / 1e6 / (t - r->started));
	if (s->source && s->source->done)
		done = s->source->done(s->source->ctx);
	else if (s->open && nli_input_size(s->lines.in))
		done = (double)nli_input_offset(s->lines.in) /
		       (double)nli_input_size(s->lines.in);
	if (done >= 0) {
		left = done > 0.01 ? (t - r->started) * (1 - done) / done : 0;
		fprintf(stderr, ", %.0f %%, %.0f s left", 100 * done, left);
	}
}

/* Output up to len, then the lines kept up to keep. */
static int flush_job(struct passing *s, struct job *job, size_t len, size_t keep,
		     uint64_t kept, struct nli_err *err)
{
	const struct nli_str out = { job->out.data ? job->out.data : "", len };
	int rc;

	if (s->commit)
		rc = s->commit(s->pass->ctx, out, nli_buf_str(&job->note), err);
	else if (s->pass->commit)
		rc = s->pass->commit(s->pass->ctx, out, kept, err);
	else
		rc = nli_out_write(s->run->out, out.s, out.len, err);
	if (rc || !s->spooling)
		return rc;
	if (!job->whole)
		return nli_spool_add(s->run->spool, job->keep.data, keep, err);
	if (job->file < 0)
		return nli_spool_add(s->run->spool, job->block.text, job->block.len, err);
	nli_spool_again(s->run->spool, job->file, job->block.from, job->block.len);
	return 0;
}

static int commit(void *ctx, void *arg, struct nli_err *err)
{
	struct passing *s = ctx;
	struct nli_run *r = s->run;
	struct job *job = arg;

	for (size_t i = 0; i < job->n_bad; i++) {
		const struct bad *b = &job->bad[i];
		struct nli_err first;
		const int rc =
			nli_run_bad(r, job->path ? job->path : "(spool)",
				    nli_block_lineno(&job->block, b->line),
				    nli_block_line(&job->block, b->line), &b->why, err);

		/* What was good before the record that ends the run is still written. */
		if (rc < 0 && !s->pass->commit && !s->commit)
			flush_job(s, job, b->out_len, b->keep_len, 0, &first);
		if (rc < 0)
			return rc;
	}
	if (s->counted) {
		r->in += job->kept + job->dropped;
		r->kept += job->kept;
		r->dropped += job->dropped;
		r->read += job->block.len;
	}
	if (nli_common.progress)
		show_progress(s);
	return flush_job(s, job, job->out.len, job->keep.len, job->kept, err);
}

static void run_pass(struct passing *s)
{
	const struct nli_engine e = { s, job_new, job_free, fill, work, commit };
	const struct nli_pass *p = s->pass;
	struct nli_err err;
	int rc;

	s->n_thread =
		nli_common.jobs < NLI_MAX_JOBS ? (size_t)nli_common.jobs : NLI_MAX_JOBS;
	for (size_t i = 0; i < s->n_thread && p->scratch_new; i++)
		s->scratch[i] = p->scratch_new(p->ctx);
	rc = nli_engine_run(&e, s->n_thread, &err);
	for (size_t i = 0; i < s->n_thread && p->scratch_free; i++)
		p->scratch_free(p->ctx, s->scratch[i]);
	if (rc < 0)
		nli_run_fail(&err);
	if (s->open)
		close_file(s);
}

void nli_run_map(struct nli_run *r, const struct nli_pass *p)
{
	struct passing s = { .run = r, .pass = p, .file = r->files, .counted = true };

	run_pass(&s);
}

void nli_run_items(struct nli_run *r, const struct nli_source *from,
		   const struct nli_pass *p, nli_commit_fn *put)
{
	struct passing s = {
		.run = r, .pass = p, .source = from, .commit = put, .counted = true
	};

	run_pass(&s);
}

int nli_run_put(struct nli_run *r, struct nli_str bytes, struct nli_err *err)
{
	return nli_out_write(r->out, bytes.s, bytes.len, err);
}

void nli_run_scan(struct nli_run *r, const struct nli_pass *p)
{
	struct passing s = {
		.run = r, .pass = p, .file = r->files, .counted = true, .spooling = true
	};

	if (!r->spool)
		r->spool = nli_spool_new(r->spool_limit ? r->spool_limit : SPOOL_LIMIT);
	run_pass(&s);
}

uint64_t nli_run_expected(const struct nli_run *r)
{
	double bytes = 0;

	for (char *const *file = r->files; *file; file++) {
		struct stat st;

		if (stat(*file, &st) || !S_ISREG(st.st_mode))
			return 0;
		bytes += (double)st.st_size;
	}
	if (!r->read || bytes < (double)r->read) /* or what they hold is packed */
		return r->in;
	return (uint64_t)((double)r->in * bytes / (double)r->read);
}

void nli_run_side(struct nli_run *r, char *const *files, const struct nli_pass *p)
{
	struct passing s = { .run = r, .pass = p, .file = files };

	run_pass(&s);
}

/*
 * Scanned records were counted as kept; the second pass says again what becomes
 * of each, so that in = kept + dropped + rejected holds at the end.
 */
void nli_run_emit(struct nli_run *r, const struct nli_pass *p)
{
	struct passing s = { .run = r, .pass = p, .counted = true };
	struct nli_err err;

	if (!r->spool)
		r->spool = nli_spool_new(r->spool_limit ? r->spool_limit : SPOOL_LIMIT);
	if (nli_spool_rewind(r->spool, &err))
		nli_run_fail(&err);
	if (!p->commit) {
		r->in -= r->kept;
		r->kept = 0;
	} else {
		s.counted = false;
	}
	run_pass(&s);
}
