/* Unit tests of lib/io/engine: order, failures, and what each thread and job may rely on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "lib/io/engine.h"

enum { MAX_BLOCKS = 500 };

/* A run of n blocks; fill and commit fail at a block, if that is not -1. */
struct run {
	int n, bad_fill, bad_commit;
	int filled, committed;
	int jobs;
	atomic_int filling, committing, in_thread[NLI_MAX_JOBS];
	atomic_bool broken;
};

struct job {
	int block, made;
};

static void *job_new(void *ctx)
{
	((struct run *)ctx)->jobs++;
	return calloc(1, sizeof(struct job));
}

static void job_free(void *ctx, void *job)
{
	((struct run *)ctx)->jobs--;
	free(job);
}

static int fill(void *ctx, void *arg, struct nli_err *err)
{
	struct run *r = ctx;
	struct job *job = arg;
	int rc = 1;

	if (atomic_fetch_add(&r->filling, 1))
		r->broken = true;
	if (r->filled == r->bad_fill)
		rc = nli_fail(err, NLI_EDATA, "fill %d", r->filled);
	else if (r->filled == r->n)
		rc = 0;
	else
		job->block = r->filled++;
	atomic_fetch_sub(&r->filling, 1);
	return rc;
}

/* Blocks take from nothing to a millisecond, so that they end out of their order. */
static void work(void *ctx, void *arg, size_t thread)
{
	struct run *r = ctx;
	struct job *job = arg;
	const struct timespec nap = { 0, job->block % 7 == 3 ? 1000000 : 0 };

	if (atomic_fetch_add(&r->in_thread[thread], 1))
		r->broken = true;
	if (nap.tv_nsec)
		nanosleep(&nap, NULL);
	job->made = job->block * 3;
	atomic_fetch_sub(&r->in_thread[thread], 1);
}

static int commit(void *ctx, void *arg, struct nli_err *err)
{
	struct run *r = ctx;
	const struct job *job = arg;
	int rc = 0;

	if (atomic_fetch_add(&r->committing, 1) || job->block != r->committed ||
	    job->made != job->block * 3)
		r->broken = true;
	if (job->block == r->bad_commit)
		rc = nli_fail(err, NLI_EIO, "commit %d", job->block);
	else
		r->committed++;
	atomic_fetch_sub(&r->committing, 1);
	return rc;
}

static const struct row {
	const char *name;
	int n, bad_fill, bad_commit;
	int want;              /* blocks committed */
	const char *complaint; /* NULL: none */
} rows[] = {
	{ "nothing", 0, -1, -1, 0, NULL },
	{ "one block", 1, -1, -1, 1, NULL },
	{ "all in order", MAX_BLOCKS, -1, -1, MAX_BLOCKS, NULL },
	{ "nothing can be read", 9, 0, -1, 0, "fill 0" },
	{ "what was read before a failure", MAX_BLOCKS, 400, -1, 400, "fill 400" },
	{ "what was written before a failure", MAX_BLOCKS, -1, 73, 73, "commit 73" },
	{ "the first failure counts", MAX_BLOCKS, 76, 73, 73, "commit 73" },
	{ "the last block fails", MAX_BLOCKS, -1, MAX_BLOCKS - 1, MAX_BLOCKS - 1,
	  "commit 499" },
};
enum { NROWS = sizeof(rows) / sizeof(*rows) };

static void check_row(void **state)
{
	static const size_t threads[] = { 1, 2, 3, 8, NLI_MAX_JOBS };
	const struct row *row = *state;

	for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++) {
		struct run r = { .n = row->n,
				 .bad_fill = row->bad_fill,
				 .bad_commit = row->bad_commit };
		const struct nli_engine e = { &r, job_new, job_free, fill, work, commit };
		struct nli_err err = { 0, "" };
		const int rc = nli_engine_run(&e, threads[i], &err);

		assert_false(r.broken);
		assert_int_equal(r.jobs, 0);
		assert_int_equal(r.committed, row->want);
		assert_int_equal(rc < 0, row->complaint != NULL);
		assert_string_equal(err.msg, row->complaint ? row->complaint : "");
	}
}

int main(void)
{
	struct CMUnitTest tests[NROWS];

	for (size_t i = 0; i < NROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = check_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
