/*
 * fuzz_curate.c - whatever a user writes for nli-filter and nli-export, by its
 * first byte: a filter file (what is written back reads as the same), a line of
 * rollouts, a template and a question by it, a result of a batch.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "lib/model/filter.h"
#include "lib/nli/answers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void filter_file(struct nli_str text)
{
	struct nli_filter f = { 0 }, again = { 0 };
	struct nli_buf one = { 0 }, two = { 0 };
	struct nli_err err = { 0 };

	if (!nli_filter_read(&f, text, &err)) {
		nli_filter_write(&f, &one);
		must(!nli_filter_read(&again, nli_buf_str(&one), &err));
		nli_filter_write(&again, &two);
		must(nli_str_eq(nli_buf_str(&one), nli_buf_str(&two)));
	} else {
		must(err.msg[0]);
	}
	nli_buf_release(&one);
	nli_buf_release(&two);
	nli_filter_release(&f);
	nli_filter_release(&again);
}

static void rollout_line(struct nli_str line)
{
	const struct nli_rollout_options how = { .pass = 0.5,
						 .max_age = -1,
						 .length_penalty = 0.5 };
	struct nli_rollout_reader *rd = nli_rollout_reader_new(&how);
	const struct nli_rollout *v;
	struct nli_err err = { 0 };
	struct nli_str model;
	size_t n;

	if (nli_rollout_read_line(rd, line, &v, &n, &model, &err))
		must(err.msg[0]);
	else
		for (size_t i = 0; i < n; i++)
			must(isfinite(v[i].reward));
	nli_rollout_reader_free(rd);
}

static void ask(const struct nli_template *t)
{
	static const char *const line[] = {
		"{\"id\":\"a\",\"task\":\"nli\",\"premise\":\"P\",\"hypothesis\":\"H\","
		"\"label\":\"neutral\",\"meta\":{\"x\":[1]}}",
		"{\"id\":\"b\",\"task\":\"choice\",\"premise\":\"P\",\"choices\":[\"x\","
		"\"y\"],\"answer\":1}",
	};
	const struct nli_asking how = { NLI_ANSWER_LETTERS, true, 3 };
	struct nli_json *j = nli_json_new();
	struct nli_asker asker = { 0 };

	for (size_t i = 0; i < sizeof(line) / sizeof(*line); i++) {
		struct nli_question q;
		struct nli_record r;
		struct nli_err err = { 0 };

		must(!nli_record_parse(&r, j, nli_str_of(line[i]), &err));
		if (nli_ask(&asker, t, &how, &r, &q, &err)) {
			must(err.msg[0]);
			continue;
		}
		must(q.gold >= 0 && (size_t)q.gold < q.n_option);
		nli_ask_reply(&asker, t, &q, (size_t)q.gold);
	}
	nli_asker_release(&asker);
	nli_json_free(j);
}

static void template_file(struct nli_str text)
{
	struct nli_template *t;
	struct nli_err err = { 0 };

	if (nli_template_parse(&t, text, &err))
		must(!t && err.msg[0]);
	else
		ask(t);
	nli_template_free(t);
}

static void batch_result(struct nli_str line)
{
	struct nli_json *j = nli_json_new();
	struct nli_err err = { 0 };
	const nli_jval *root = nli_json_parse(j, line.s, line.len, &err);
	struct nli_buf text = { 0 };
	struct nli_answer a;
	struct nli_str end;

	if (root && !nli_answer_read(root, &text, &a, &err)) {
		must(a.text.s || a.failure.s);
		end = nli_answer_end(a.text.s ? a.text : a.failure);
		must(end.s >= (a.text.s ? a.text : a.failure).s);
	}
	nli_buf_release(&text);
	nli_json_free(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const what[])(struct nli_str) = { filter_file, rollout_line,
							template_file, batch_result };

	if (size)
		what[data[0] % 4]((struct nli_str){ (const char *)data + 1, size - 1 });
	return 0;
}
