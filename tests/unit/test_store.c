/* Arrays of a store keep what was put in them while they grow and pages go. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/base/store.h"

enum { N = 3 << 20 };

static void holds(struct nli_store *s)
{
	uint64_t *v = NULL, *w = nli_store_calloc(s, N, sizeof(*w));
	size_t cap = 0;

	for (size_t i = 0; i < N; i++) {
		nli_store_grow(s, &v, &cap, i + 1, sizeof(*v));
		v[i] = nli_mix(i);
		assert_true(cap > i);
		assert_true(w[i] == 0);
		w[i] = ~v[i];
		if (i % 65536 == 0)
			nli_store_ease(s);
	}
	for (size_t i = 0; i < N; i++)
		if (v[i] != nli_mix(i) || w[i] != ~nli_mix(i))
			fail_msg("element %zu was lost", i);
	nli_store_drop(s, w);
	w = nli_store_calloc(s, N, sizeof(*w));
	for (size_t i = 0; i < N; i++)
		assert_true(w[i] == 0);
	nli_store_drop(s, w);
	nli_store_drop(s, v);
	nli_store_drop(s, NULL);
}

static void in_memory(void **state)
{
	(void)state;
	holds(NULL);
	nli_store_ease(NULL);
	nli_store_free(NULL);
}

static void on_disk(void **state)
{
	struct nli_store *s = nli_store_new(1 << 20);

	(void)state;
	holds(s);
	/* What was not given back goes with the store. */
	assert_non_null(nli_store_calloc(s, 1, 1));
	nli_store_free(s);
}

/* Bytes that this process has of mapped files, or 0 where nobody says. */
static size_t mapped(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	size_t total, resident, shared = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%zu %zu %zu", &total, &resident, &shared) != 3)
		shared = 0;
	fclose(f);
	return shared * 4096;
}

static void stays_within_the_limit(void **state)
{
	struct nli_store *s = nli_store_new(1 << 20);
	const size_t before = mapped();
	uint64_t *v = nli_store_calloc(s, N, sizeof(*v));

	(void)state;
	for (size_t i = 0; i < N; i++) {
		v[i] = i;
		if (i % 4096 == 0)
			nli_store_ease(s);
		if (i % 65536 == 0 && mapped() > before + (4 << 20))
			fail_msg("%zu bytes are mapped, of 1 MiB", mapped() - before);
	}
	nli_store_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_memory),
		cmocka_unit_test(on_disk),
		cmocka_unit_test(stays_within_the_limit),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
