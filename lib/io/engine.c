/* engine.c - see engine.h. */
#include "lib/io/engine.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* A job is filled ahead of its turn to be computed: who comes while another fills takes it. */
enum { MAX_SLOTS = 2 * NLI_MAX_JOBS, AHEAD = 1 };

struct slot {
	void *job;
	bool spare; /* not between being filled and being committed */
};

/* All but e is under lock; nobody holds it while filling, computing, committing. */
struct state {
	const struct nli_engine *e;
	size_t n_slot;

	pthread_mutex_t lock;
	pthread_cond_t moved;
	struct slot slot[MAX_SLOTS];    /* (n_slot,) */
	struct slot *filled[MAX_SLOTS]; /* (n_slot,) at a block's number % n_slot */
	struct slot *done[MAX_SLOTS];   /* the same, computed; else NULL */
	uint64_t fills;                 /* number of the next block to fill */
	uint64_t works;                 /* to compute */
	uint64_t commits;               /* to commit */
	bool filling;
	bool ended; /* nothing more to fill */
	int fill_rc, rc;
	struct nli_err fill_err, err;
};

struct worker {
	struct state *s;
	size_t number;
	pthread_t thread;
};

/* Until it is done, no block has the turn. */
static void commit(struct state *s)
{
	struct slot *slot = s->done[s->commits % s->n_slot];
	int rc;

	s->done[s->commits % s->n_slot] = NULL;
	pthread_mutex_unlock(&s->lock);
	rc = s->e->commit(s->e->ctx, slot->job, &s->err);
	pthread_mutex_lock(&s->lock);
	s->rc = rc;
	s->commits++;
	slot->spare = true;
	pthread_cond_signal(&s->moved);
}

/* The first spare slot, so that no more memory is used than must be; NULL: none is. */
static struct slot *spare(struct state *s)
{
	for (size_t i = 0; i < s->n_slot; i++)
		if (s->slot[i].spare)
			return &s->slot[i];
	return NULL;
}

static void fill(struct state *s, struct slot *slot)
{
	int rc;

	slot->spare = false;
	s->filling = true;
	pthread_mutex_unlock(&s->lock);
	rc = s->e->fill(s->e->ctx, slot->job, &s->fill_err);
	pthread_mutex_lock(&s->lock);
	s->filling = false;
	if (rc > 0) {
		s->filled[s->fills++ % s->n_slot] = slot;
	} else {
		slot->spare = true;
		s->ended = true;
		s->fill_rc = rc;
	}
	pthread_cond_signal(&s->moved);
}

static void compute(struct state *s, size_t thread)
{
	const uint64_t number = s->works++;
	struct slot *slot = s->filled[number % s->n_slot];

	pthread_mutex_unlock(&s->lock);
	s->e->work(s->e->ctx, slot->job, thread);
	pthread_mutex_lock(&s->lock);
	s->done[number % s->n_slot] = slot;
}

/*
 * Who waits can do nothing until somebody has filled or committed: who has
 * computed the block whose turn it is commits it, or whoever is committing does.
 */
static void *work(void *arg)
{
	const struct worker *w = arg;
	struct state *s = w->s;
	struct slot *slot;

	pthread_mutex_lock(&s->lock);
	while (!s->rc && !(s->ended && s->commits == s->fills)) {
		if (s->done[s->commits % s->n_slot])
			commit(s);
		else if (!s->filling && !s->ended && s->fills - s->works <= AHEAD &&
			 (slot = spare(s)))
			fill(s, slot);
		else if (s->works < s->fills)
			compute(s, w->number);
		else
			pthread_cond_wait(&s->moved, &s->lock);
	}
	pthread_cond_broadcast(&s->moved);
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

int nli_engine_run(const struct nli_engine *e, size_t n_thread, struct nli_err *err)
{
	struct worker w[NLI_MAX_JOBS];
	struct state s = { .e = e, .n_slot = n_thread > 1 ? 2 * n_thread : 1 };
	size_t started = 1;

	pthread_mutex_init(&s.lock, NULL);
	pthread_cond_init(&s.moved, NULL);
	for (size_t i = 0; i < s.n_slot; i++)
		s.slot[i] = (struct slot){ e->job_new(e->ctx), true };
	for (size_t i = 0; i < n_thread; i++)
		w[i] = (struct worker){ .s = &s, .number = i };
	/* The calling thread is worker 0; fewer threads than asked for is no failure. */
	while (started < n_thread &&
	       !pthread_create(&w[started].thread, NULL, work, &w[started]))
		started++;
	work(&w[0]);
	for (size_t i = 1; i < started; i++)
		pthread_join(w[i].thread, NULL);
	for (size_t i = 0; i < s.n_slot; i++)
		e->job_free(e->ctx, s.slot[i].job);
	pthread_cond_destroy(&s.moved);
	pthread_mutex_destroy(&s.lock);
	if (err && (s.rc || s.fill_rc))
		*err = s.rc ? s.err : s.fill_err;
	return s.rc ? s.rc : s.fill_rc;
}
