/* Unit tests of lib/nli/record: what is a record, what its key is, how fields are found. */
#include "tests/unit/rows.h"

#include <string.h>

#include "lib/nli/label.h"
#include "lib/nli/record.h"

/* says NULL: the line is a record. */
static const struct row {
	const char *name, *line, *says;
} rows[] = {
	{ "an id is enough", "{\"id\":\"a\"}", NULL },
	{ "unknown members are fine", "{\"id\":\"a\",\"x\":[1]}", NULL },
	{ "null texts are not there", "{\"id\":\"a\",\"label\":null,\"premise\":null}",
	  NULL },
	{ "answer before choices",
	  "{\"id\":\"a\",\"answer\":1,\"choices\":[\"x\",\"y\"]}", NULL },
	{ "no id", "{\"premise\":\"p\"}", "no \"id\"" },
	{ "a numeric id", "{\"id\":7}", "\"id\" is a number, wanted a string or null" },
	{ "a numeric label", "{\"id\":\"a\",\"label\":7}", "\"label\" is a number" },
	{ "an unknown task", "{\"id\":\"a\",\"task\":\"qa\"}", "\"task\" is \"qa\"" },
	{ "choices of numbers", "{\"id\":\"a\",\"choices\":[\"x\",2]}",
	  "choice 1 is a number, wanted a string" },
	{ "an answer past the choices", "{\"id\":\"a\",\"choices\":[\"x\"],\"answer\":1}",
	  "\"answer\" is 1, but there are 1 choices" },
	{ "an answer as text", "{\"id\":\"a\",\"choices\":[\"x\"],\"answer\":\"0\"}",
	  "\"answer\" is \"0\", wanted 0, 1, 2... or null" },
	{ "an answer below 0", "{\"id\":\"a\",\"choices\":[\"x\"],\"answer\":-1}",
	  "\"answer\" is -1" },
};

static void check_row(void **state)
{
	const struct row *r = *state;
	struct nli_json *j = nli_json_new();
	struct nli_record rec;
	struct nli_err err;
	const int rc = nli_record_parse(&rec, j, nli_str_of(r->line), &err);

	assert_int_equal(rc, r->says ? NLI_EDATA : 0);
	if (r->says && !strstr(err.msg, r->says))
		fail_msg("got \"%s\", want \"%s\" in it", err.msg, r->says);
	nli_json_free(j);
}

static void fields_by_name(void **state)
{
	static const char line[] = "{\"id\":\"a\",\"label\":\"neutral\",\"meta\":{"
				   "\"genre\":\"fiction\",\"n\":{"
				   "\"x\":1.50}},\"none\":null}";
	static const struct {
		const char *name, *want;
	} row[] = {
		{ "label", "neutral" }, { "meta.genre", "fiction" },
		{ "meta.n.x", "1.50" }, { "meta.n", "{\"x\":1.50}" },
		{ "none", NULL },       { "meta.no", NULL },
		{ "label.x", NULL },    { "", NULL },
	};
	struct nli_json *j = nli_json_new();
	struct nli_buf tmp = { 0 };
	struct nli_record r;

	(void)state;
	assert_int_equal(nli_record_parse(&r, j, nli_str_of(line), NULL), 0);
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		const struct nli_str got =
			nli_record_field(&r, nli_str_of(row[i].name), &tmp);

		assert_int_equal(got.s != NULL, row[i].want != NULL);
		if (row[i].want)
			assert_true(nli_str_is(got, row[i].want));
	}
	nli_buf_release(&tmp);
	nli_json_free(j);
}

/* Texts that run together otherwise must not give the same key. */
static void keys_tell_items_apart(void **state)
{
	const struct nli_str none = { NULL, 0 }, two[] = { NLI_STR("a"), NLI_STR("b") };
	char a[27], b[27];

	(void)state;
	nli_record_key(NLI_TASK_NLI, NLI_STR("ab"), NLI_STR("c"), NULL, 0, none, a);
	nli_record_key(NLI_TASK_NLI, NLI_STR("a"), NLI_STR("bc"), NULL, 0, none, b);
	assert_string_not_equal(a, b);
	nli_record_key(NLI_TASK_NLI2, NLI_STR("ab"), NLI_STR("c"), NULL, 0, none, b);
	assert_string_not_equal(a, b);
	nli_record_key(NLI_TASK_NLI, NLI_STR("ab"), NLI_STR("c"), NULL, 0, none, b);
	assert_string_equal(a, b);
	nli_record_key(NLI_TASK_CHOICE, NLI_STR("ab"), none, two, 2, none, a);
	nli_record_key(NLI_TASK_CHOICE, NLI_STR("ab"), none, two, 1, none, b);
	assert_string_not_equal(a, b);
}

static void a_long_item_has_a_key(void **state)
{
	char *text = test_malloc(100000), a[27], b[27];

	(void)state;
	memset(text, 'x', 100000);
	nli_record_key(NLI_TASK_NLI, (struct nli_str){ text, 100000 }, NLI_STR("h"), NULL,
		       0, (struct nli_str){ NULL, 0 }, a);
	text[99999] = 'y';
	nli_record_key(NLI_TASK_NLI, (struct nli_str){ text, 100000 }, NLI_STR("h"), NULL,
		       0, (struct nli_str){ NULL, 0 }, b);
	assert_string_not_equal(a, b);
	test_free(text);
}

static void labels_spell_themselves(void **state)
{
	(void)state;
	for (int l = 0; l < NLI_N_LABEL; l++)
		assert_int_equal(
			nli_label_of(nli_str_of(nli_label_name((enum nli_label)l))), l);
	assert_int_equal(nli_label_of(NLI_STR("e")), NLI_LABEL_NONE);
	assert_null(nli_label_name(NLI_LABEL_NONE));
}

int main(void)
{
	struct CMUnitTest table[sizeof(rows) / sizeof(*rows)];
	const struct CMUnitTest rest[] = {
		cmocka_unit_test(fields_by_name),
		cmocka_unit_test(keys_tell_items_apart),
		cmocka_unit_test(a_long_item_has_a_key),
		cmocka_unit_test(labels_spell_themselves),
	};
	int failed;

	ROW_TESTS(table, rows, check_row);
	failed = cmocka_run_group_tests_name("record", table, NULL, NULL);
	return failed + cmocka_run_group_tests_name("record fields", rest, NULL, NULL);
}
