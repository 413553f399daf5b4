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
	{ "all texts",
	  " {\"id\":\"a\", "
	  "\"key\":\"k\",\"lang\":\"en\",\"corpus\":\"c\",\"split\":\"dev\","
	  "\"group\":\"g\",\"task\":\"nli2\",\"premise\":\"p\",\"hypothesis\":\"h\","
	  "\"label\":\"entailment\",\"src\":{\"label\":\"x\"}} ",
	  NULL },
	{ "escapes",
	  "{\"id\":\"a\\u00e9\\n\",\"premise\":\"\\\"p\\\"\",\"hypothesis\":\"\\\\\"}",
	  NULL },
	{ "an escaped name", "{\"i\\u0064\":\"a\",\"premise\":\"p\"}", NULL },
	{ "the last of two counts", "{\"id\":\"a\",\"label\":\"x\",\"label\":null}",
	  NULL },
	{ "annotations", "{\"id\":\"a\",\"annotations\":[],\"answer\":null}", NULL },
	{ "votes", "{\"id\":\"a\",\"annotations\":[{\"label\":\"x\"}],\"label\":\"y\"}",
	  NULL },
	{ "half a line", "{\"id\":\"a\",\"premise\":\"p", "not JSON" },
	{ "an array", "[1]", "the line is an array" },
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

static void same_record(const struct nli_record *x, const struct nli_record *y)
{
	const struct nli_str text[][2] = {
		{ x->id, y->id },           { x->key, y->key },
		{ x->lang, y->lang },       { x->corpus, y->corpus },
		{ x->split, y->split },     { x->group, y->group },
		{ x->premise, y->premise }, { x->hypothesis, y->hypothesis },
		{ x->label, y->label },
	};
	struct nli_buf a = { 0 }, b = { 0 };

	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		assert_int_equal(text[i][0].s != NULL, text[i][1].s != NULL);
		assert_true(nli_str_eq(text[i][0], text[i][1]));
	}
	assert_int_equal(x->task, y->task);
	assert_int_equal(x->answer, y->answer);
	assert_int_equal(x->n_choice, y->n_choice);
	nli_record_write(x, "hyponly", NLI_STR("{}"), &a);
	nli_record_write(x, "label", NLI_STR("null"), &a);
	nli_record_write(y, "hyponly", NLI_STR("{}"), &b);
	nli_record_write(y, "label", NLI_STR("null"), &b);
	assert_true(nli_str_eq(nli_buf_str(&a), nli_buf_str(&b)));
	nli_buf_release(&a);
	nli_buf_release(&b);
}

/* Skimmed: by one that has learned another layout, and by one that knows this line's. */
static void skims_the_same(void **state)
{
	const struct nli_str line = nli_str_of(((const struct row *)*state)->line),
			     other = NLI_STR("{\"label\":\"x\",\"id\":\"b\"}");
	struct nli_json *j = nli_json_new(), *own = nli_json_new();
	struct nli_record_skimmer *used = nli_record_skimmer_new(true),
				  *fresh = nli_record_skimmer_new(false);
	struct nli_record slow, fast;
	struct nli_err err, same;
	const int rc = nli_record_parse(&slow, j, line, &err);

	assert_int_equal(nli_record_texts(&fast, used, own, other, &same), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(
			nli_record_texts(&fast, i ? fresh : used, own, line, &same), rc);
		if (rc)
			assert_string_equal(same.msg, err.msg);
		else
			same_record(&slow, &fast);
		if (!rc && !i)
			assert_int_equal(!slow.annotations, !fast.annotations);
	}
	nli_record_skimmer_free(used);
	nli_record_skimmer_free(fresh);
	nli_json_free(j);
	nli_json_free(own);
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
	ROW_TESTS(table, rows, skims_the_same);
	failed += cmocka_run_group_tests_name("record skimmed", table, NULL, NULL);
	return failed + cmocka_run_group_tests_name("record fields", rest, NULL, NULL);
}
