/* par.c - see par.h. */
#include "lib/base/par.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MAX_THREADS = 64 };

struct work {
	void (*fn)(void *ctx, size_t part);
	void *ctx;
	size_t n;
	atomic_size_t next;
};

static void *run(void *arg)
{
	struct work *w = arg;

	for (size_t i = atomic_fetch_add(&w->next, 1); i < w->n;
	     i = atomic_fetch_add(&w->next, 1))
		w->fn(w->ctx, i);
	return NULL;
}

/* A thread that cannot be had is no error: the others, this one at least, do its parts. */
void nli_par(unsigned jobs, size_t n, void (*fn)(void *ctx, size_t part), void *ctx)
{
	struct work w = { .fn = fn, .ctx = ctx, .n = n };
	pthread_t thread[MAX_THREADS];
	size_t extra = 0;

	atomic_init(&w.next, 0);
	while (extra + 1 < jobs && extra + 1 < n && extra < MAX_THREADS &&
	       !pthread_create(&thread[extra], NULL, run, &w))
		extra++;
	run(&w);
	for (size_t i = 0; i < extra; i++)
		pthread_join(thread[i], NULL);
}
