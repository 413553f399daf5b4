/* Unit tests of lib/nli/unique: every id once, however many there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/nli/unique.h"

/* Lines "N\n" of the ids from..to. */
static void lines_of(size_t from, size_t to, struct nli_buf *text, struct nli_buf *note)
{
	nli_buf_clear(text);
	nli_buf_clear(note);
	for (size_t i = from; i < to; i++) {
		const size_t at = text->len;

		nli_buf_add_u64(text, i);
		nli_id_note(note, text->data, at, text->len - at);
		nli_buf_addc(text, '\n');
	}
}

/* The table grows from its first size to several huge pages. */
static void many(void **state)
{
	enum { N = 400000, STEP = 5000 };
	struct nli_unique u = { .slot = NULL };
	struct nli_buf text = { 0 };
	struct nli_buf note = { 0 };

	(void)state;
	for (size_t i = 0; i < N; i += STEP) {
		lines_of(i, i + STEP, &text, &note);
		assert_ptr_equal(
			nli_unique_lines(&u, nli_buf_str(&text), nli_buf_str(&note)).s,
			text.data);
	}
	assert_int_equal(u.repeated, 0);
	assert_int_equal(u.n, N);
	for (size_t i = 0; i < N; i += STEP) {
		lines_of(i, i + STEP, &text, &note);
		nli_unique_lines(&u, nli_buf_str(&text), nli_buf_str(&note));
	}
	assert_int_equal(u.repeated, N);
	nli_unique_release(&u);
	nli_buf_release(&note);
	nli_buf_release(&text);
}

static void suffixes(void **state)
{
	struct nli_unique u = { .slot = NULL };
	struct nli_buf text = { 0 };
	struct nli_buf note = { 0 };

	(void)state;
	lines_of(7, 9, &text, &note);
	nli_unique_lines(&u, nli_buf_str(&text), nli_buf_str(&note));
	assert_true(
		nli_str_is(nli_unique_lines(&u, nli_buf_str(&text), nli_buf_str(&note)),
			   "7~2\n8~2\n"));
	assert_true(
		nli_str_is(nli_unique_lines(&u, nli_buf_str(&text), nli_buf_str(&note)),
			   "7~3\n8~3\n"));
	nli_unique_release(&u);
	nli_buf_release(&note);
	nli_buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(many),
					    cmocka_unit_test(suffixes) };

	return cmocka_run_group_tests_name("unique", tests, NULL, NULL);
}
