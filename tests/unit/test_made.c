/* Unit tests of lib/edit/made: what a made record keeps, and how it says what changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/edit/made.h"

#define TEXTS "\"premise\":\"Él duerme.\",\"hypothesis\":\"Él no duerme.\""
static const char grouped[] =
	"{\"id\":\"c/"
	"1\",\"key\":\"old\",\"task\":\"nli\",\"lang\":\"es\",\"corpus\":\"c\","
	"\"split\":\"dev\"," TEXTS ",\"label\":\"contradiction\",\"group\":\"g7\","
	"\"meta\":{\"n\":1.0},\"src\":{\"a\":1},\"annotations\":[],\"hyponly\":{\"p\":1}"
	"}";
static const char bare[] =
	"{\"id\":\"c/"
	"2\",\"task\":\"nli\",\"lang\":\"es\",\"corpus\":\"c\",\"split\":null," TEXTS
	",\"label\":null}";

static struct nli_json *json;

static const char *made_from(const char *line, struct nli_made m, struct nli_buf *out)
{
	static struct nli_record r;
	struct nli_err err;

	assert_int_equal(nli_record_parse(&r, json, nli_str_of(line), &err), 0);
	m.source = &r;
	m.premise = r.premise;
	m.method = "negate";
	m.part = "hypothesis";
	nli_buf_clear(out);
	nli_made_write(&m, NULL, out);
	return out->data;
}

static void keeps_what_is_still_true(void **state)
{
	struct nli_buf out = { 0 };
	const struct nli_made m = { .rule = NLI_STR("es-no"),
				    .hypothesis = NLI_STR("Él duerme."),
				    .label = NLI_STR("entailment"),
				    .relation = "negation",
				    .proved = true };

	(void)state;
	made_from(grouped, m, &out);
	assert_non_null(strstr(out.data, "{\"id\":\"c/1~negate.es-no\",\"key\":\""));
	assert_non_null(strstr(
		out.data, "\"split\":\"dev\",\"meta\":{\"n\":1.0},\"group\":\"g7\""));
	assert_non_null(strstr(out.data, "\"label\":\"entailment\""));
	for (const char *const *gone =
		     (const char *const[]){ "old", "src", "annotations", "hyponly",
					    "need_label", NULL };
	     *gone; gone++)
		assert_null(strstr(out.data, *gone));
	nli_buf_release(&out);
}

static void groups_by_the_premise_of_the_source(void **state)
{
	struct nli_buf out = { 0 };

	(void)state;
	made_from(bare, (struct nli_made){ .hypothesis = NLI_STR("x"), .number = 2 },
		  &out);
	assert_non_null(strstr(out.data, "\"id\":\"c/2~negate.2\""));
	assert_non_null(strstr(out.data, "\"group\":\"Él duerme.\""));
	nli_buf_release(&out);
}

/* A label that is not proved is not given, whatever the maker put there. */
static void gives_no_label_without_proof(void **state)
{
	struct nli_buf out = { 0 };

	(void)state;
	made_from(bare,
		  (struct nli_made){ .hypothesis = NLI_STR("x"),
				     .label = NLI_STR("neutral") },
		  &out);
	assert_non_null(strstr(out.data, "\"label\":null"));
	assert_non_null(strstr(out.data, "\"proved\":false,\"need_label\":true"));
	nli_buf_release(&out);
}

static void counts_code_points(void **state)
{
	const struct nli_made_edit edit = { .in = "hypothesis",
					    .at = 4, /* behind "Él " */
					    .from = NLI_STR("no sueña"),
					    .to = NLI_STR("sueña") };
	struct nli_buf out = { 0 };

	(void)state;
	made_from(bare,
		  (struct nli_made){ .hypothesis = NLI_STR("Él sueña."),
				     .edit = &edit,
				     .n_edit = 1 },
		  &out);
	assert_non_null(strstr(out.data, "\"edits\":[{\"in\":\"hypothesis\",\"at\":[3,8],"
					 "\"old\":\"no sueña\",\"new\":\"sueña\"}]"));
	nli_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_is_still_true),
		cmocka_unit_test(groups_by_the_premise_of_the_source),
		cmocka_unit_test(gives_no_label_without_proof),
		cmocka_unit_test(counts_code_points),
	};
	int failed;

	json = nli_json_new();
	failed = cmocka_run_group_tests_name("made", tests, NULL, NULL);
	nli_json_free(json);
	return failed;
}
