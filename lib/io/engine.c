/* engine.c - see engine.h. */
#include "lib/io/engine.h"

#include <pthread.h>
#include <stdbool.h>

struct state {
	const struct nli_engine *e;
	pthread_mutex_t filling, committing;
	pthread_cond_t turned;
	uint64_t next; /* number of the next block to fill; under filling */
	uint64_t turn; /* number of the next block to commit; under committing */
	bool done;     /* nothing more to fill; under filling */
	int fill_rc, rc;
	struct nli_err fill_err, err;
};

struct worker {
	struct state *s;
	void *job;
	pthread_t thread;
};

static bool fill(struct state *s, void *job, uint64_t *seq)
{
	int rc = 0;

	pthread_mutex_lock(&s->filling);
	if (!s->done)
		rc = s->e->fill(s->e->ctx, job, &s->fill_err);
	if (rc <= 0 && !s->done) {
		s->done = true;
		s->fill_rc = rc;
	}
	*seq = s->next;
	s->next += rc > 0;
	pthread_mutex_unlock(&s->filling);
	return rc > 0;
}

/* After a failure blocks still pass by in their turn, uncommitted. */
static bool commit(struct state *s, void *job, uint64_t seq)
{
	bool ok;

	pthread_mutex_lock(&s->committing);
	while (s->turn != seq)
		pthread_cond_wait(&s->turned, &s->committing);
	if (!s->rc)
		s->rc = s->e->commit(s->e->ctx, job, &s->err);
	ok = !s->rc;
	s->turn++;
	pthread_cond_broadcast(&s->turned);
	pthread_mutex_unlock(&s->committing);
	return ok;
}

static void *work(void *arg)
{
	const struct worker *w = arg;
	struct state *s = w->s;
	uint64_t seq;

	while (fill(s, w->job, &seq)) {
		s->e->work(s->e->ctx, w->job);
		if (commit(s, w->job, seq))
			continue;
		pthread_mutex_lock(&s->filling);
		s->done = true;
		pthread_mutex_unlock(&s->filling);
	}
	return NULL;
}

int nli_engine_run(const struct nli_engine *e, int64_t n_thread, struct nli_err *err)
{
	struct worker w[NLI_MAX_JOBS];
	struct state s = { .e = e };
	int64_t started = 1;

	n_thread = n_thread > NLI_MAX_JOBS ? NLI_MAX_JOBS : n_thread;
	pthread_mutex_init(&s.filling, NULL);
	pthread_mutex_init(&s.committing, NULL);
	pthread_cond_init(&s.turned, NULL);
	for (int64_t i = 0; i < n_thread; i++)
		w[i] = (struct worker){ .s = &s, .job = e->job_new(e->ctx) };
	/* The calling thread is worker 0; fewer threads than asked for is no failure. */
	while (started < n_thread &&
	       !pthread_create(&w[started].thread, NULL, work, &w[started]))
		started++;
	work(&w[0]);
	for (int64_t i = 1; i < started; i++)
		pthread_join(w[i].thread, NULL);
	for (int64_t i = 0; i < n_thread; i++)
		e->job_free(e->ctx, w[i].job);
	pthread_cond_destroy(&s.turned);
	pthread_mutex_destroy(&s.committing);
	pthread_mutex_destroy(&s.filling);
	if (err && (s.rc || s.fill_rc))
		*err = s.rc ? s.err : s.fill_err;
	return s.rc ? s.rc : s.fill_rc;
}
