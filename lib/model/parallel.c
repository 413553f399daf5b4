/* parallel.c - see parallel.h. */
#include "lib/model/parallel.h"

#include <pthread.h>

enum { MAX_THREADS = 256 };

struct queue {
	pthread_mutex_t lock;
	size_t next, n; /* next: under lock */
	void (*task)(void *ctx, size_t i);
	void *ctx;
};

static void *serve(void *arg)
{
	struct queue *q = arg;

	for (;;) {
		size_t i;

		pthread_mutex_lock(&q->lock);
		i = q->next++;
		pthread_mutex_unlock(&q->lock);
		if (i >= q->n)
			return NULL;
		q->task(q->ctx, i);
	}
}

void nli_parallel(size_t n, int64_t jobs, void (*task)(void *ctx, size_t i), void *ctx)
{
	struct queue q = { .n = n, .task = task, .ctx = ctx };
	pthread_t thread[MAX_THREADS];
	size_t want = jobs < 1 ? 1 : jobs > MAX_THREADS ? MAX_THREADS : (size_t)jobs;
	size_t started = 1;

	if (want > n)
		want = n ? n : 1;
	pthread_mutex_init(&q.lock, NULL);
	/* Fewer threads than asked for is no failure. */
	while (started < want && !pthread_create(&thread[started], NULL, serve, &q))
		started++;
	serve(&q);
	for (size_t t = 1; t < started; t++)
		pthread_join(thread[t], NULL);
	pthread_mutex_destroy(&q.lock);
}
