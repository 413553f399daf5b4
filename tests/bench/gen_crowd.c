/*
 * gen_crowd - a label table like NetEaseCrowd's, from the Dawid-Skene model.
 *
 *	usage: gen_crowd ITEMS WORKERS LABELS_AN_ITEM CLASSES [netease]
 *
 * Workers are right with .55 to .98 (one in twenty is a coin), their errors are
 * uneven; who labels what is drawn with a long tail.  Plain: item,worker,label
 * in item order.  netease: all seven columns, in an order like that of time.
 * Everything follows from hashes: the same bytes each time.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"

struct shape {
	uint64_t items, workers, each, classes;
	int netease;
};

static double draw(uint64_t a, uint64_t b)
{
	return nli_unit(nli_mix(nli_mix(a) ^ b));
}

static unsigned truth_of(const struct shape *s, uint64_t i)
{
	const double u = draw(1, i);

	return (unsigned)(u * u * 0.3 * (double)s->classes +
			  u * 0.7 * (double)s->classes) %
	       (unsigned)s->classes;
}

static unsigned say(const struct shape *s, uint64_t i, uint64_t j)
{
	const unsigned truth = truth_of(s, i), K = (unsigned)s->classes;
	const double skill = draw(2, j) < .05 ? 1. / K : .55 + .43 * draw(3, j);
	const double u = draw(nli_mix(4 + i), j);

	if (u < skill)
		return truth;
	/* Half of the errors go to a favourite of the worker. */
	const unsigned favourite = (unsigned)(draw(5, j * K + truth) * K) % K;

	if (u < skill + (1 - skill) / 2 && favourite != truth)
		return favourite;
	return (truth + 1 + (unsigned)(draw(6, nli_mix(i) + j) * (K - 1))) % K;
}

static uint64_t worker_of(const struct shape *s, uint64_t i, uint64_t n)
{
	const double u = draw(7, i * s->each + n);

	/* Distinct on an item: each vote has a stripe of the workers of its own. */
	return (uint64_t)(u * u * (double)(s->workers / s->each)) * s->each + n;
}

static void row(const struct shape *s, uint64_t i, uint64_t n, uint64_t at)
{
	const uint64_t j = worker_of(s, i, n);
	const unsigned l = say(s, i, j);

	if (!s->netease)
		printf("t%llu,w%llu,%u\n", (unsigned long long)i, (unsigned long long)j,
		       l);
	else
		printf("%llu,%llu,%llu,%u,%llu,%u,%llu\n",
		       (unsigned long long)(4600000000000000000u + i / 500),
		       (unsigned long long)(4611686018427387904u +
					    nli_mix(i) % 999983 * 1000003 + i),
		       (unsigned long long)(100000 + j), l,
		       (unsigned long long)(1640995200000u + at * 17), truth_of(s, i),
		       (unsigned long long)(50 + i % 6));
}

/* In the order of time: 4096 items are open at once and take turns. */
static void by_time(const struct shape *s)
{
	const uint64_t open = 4096;
	uint64_t at = 0;

	for (uint64_t from = 0; from < s->items; from += open)
		for (uint64_t n = 0; n < s->each; n++)
			for (uint64_t i = from; i < from + open && i < s->items; i++)
				row(s, i, n, at++);
}

int main(int argc, char **argv)
{
	struct shape s = { 0 };

	if (argc < 5) {
		fputs("usage: gen_crowd ITEMS WORKERS LABELS_AN_ITEM CLASSES [netease]\n",
		      stderr);
		return 2;
	}
	s.items = strtoull(argv[1], NULL, 10);
	s.workers = strtoull(argv[2], NULL, 10);
	s.each = strtoull(argv[3], NULL, 10);
	s.classes = strtoull(argv[4], NULL, 10);
	s.netease = argc > 5;
	puts(s.netease ? "tasksetId,taskId,workerId,answer,completeTime,truth,capability"
		       : "item,worker,label");
	if (s.netease) {
		by_time(&s);
	} else {
		for (uint64_t i = 0; i < s.items; i++)
			for (uint64_t n = 0; n < s.each; n++)
				row(&s, i, n, 0);
	}
	return fflush(stdout) || ferror(stdout);
}
