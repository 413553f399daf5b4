/* Unit tests of lib/nli/answer.c: what a reply answers. */
#include "lib/nli/answers.h"
#include "tests/unit/rows.h"

static const struct row {
	const char *name, *reply, *want;
} rows[] = {
	{ "alone", "neutral", "neutral" },
	{ "behind a colon", "Answer: neutral", "neutral" },
	{ "last line counts", "Answer: entailment\nNo.\nAnswer: neutral\n\n", "neutral" },
	{ "stars and full stop", "so:\n**Answer: neutral.**", "neutral" },
	{ "quotes", "Answer: \"neutral\"", "neutral" },
	{ "last colon of several", "So: the answer is: B", "B" },
	{ "wide colon and stop", "答案：中立。", "中立" },
	{ "wide quotes", "答え: 「矛盾」", "矛盾" },
	{ "guillemets", "Ответ: «нейтрально»", "нейтрально" },
	{ "brackets", "Answer: (B)", "B" },
	{ "no colon", "I cannot say.", "I cannot say" },
	{ "CRLF", "Answer: neutral\r\n", "neutral" },
	{ "nothing", "", "" },
	{ "blanks alone", " \n\n ", "" },
	{ "a colon at the end", "Answer:", "" },
};
enum { N = sizeof(rows) / sizeof(*rows) };

static void check(void **state)
{
	const struct row *r = *state;
	const struct nli_str got = nli_answer_end(nli_str_of(r->reply));

	if (!nli_str_is(got, r->want))
		fail_msg("got \"%.*s\", want \"%s\"", (int)got.len, got.s, r->want);
}

int main(void)
{
	struct CMUnitTest tests[N];

	ROW_TESTS(tests, rows, check);
	return cmocka_run_group_tests_name("answer", tests, NULL, NULL);
}
