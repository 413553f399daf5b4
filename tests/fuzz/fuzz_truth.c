/*
 * fuzz_truth.c - any bytes as a label table, CSV, TSV or JSONL: rows are taken
 * or refused with a message, and what was taken can be inferred from; and as an
 * online state: loaded or refused, and what was loaded saves to what loads to
 * the same.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/crowd/fit.h"
#include "lib/crowd/labels.h"
#include "lib/crowd/online.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* The next line of *text, which is cut by it. */
static struct nli_str take_line(struct nli_str *text)
{
	const char *lf = memchr(text->s, '\n', text->len);
	const size_t len = lf ? (size_t)(lf - text->s) : text->len;
	const struct nli_str line = { text->s, len };

	text->s += len + (lf != NULL);
	text->len -= len + (lf != NULL);
	return line;
}

static void infer(struct nli_labels *l)
{
	static const char *const method[] = { "mv", "ds", "ibcc", "glad", "pm", "kos" };
	const struct nli_crowd *c = &l->crowd;

	for (size_t m = 0; m < sizeof(method) / sizeof(*method); m++) {
		struct nli_crowd_opts o = NLI_CROWD_OPTS_DEFAULT;
		struct nli_crowd_fit f;
		struct nli_err err;

		o.max_iter = 5;
		if (nli_crowd_run(nli_crowd_method_of(method[m]), c, &o, &f, &err))
			continue;
		for (uint32_t i = 0; i < c->n_item; i++) {
			double sum = 0;

			for (uint32_t k = 0; k < c->n_class; k++)
				sum += f.post[(size_t)i * c->n_class + k];
			must(fabs(sum - 1) < 1e-6);
		}
		nli_crowd_fit_release(&f);
	}
}

static void as_table(struct nli_str text)
{
	struct nli_json *j = nli_json_new();
	struct nli_labels l = { 0 };
	struct nli_row cells = { 0 };
	struct nli_buf packed = { 0 };
	struct nli_table_head h;
	struct nli_err err;
	struct nli_str line = take_line(&text);

	if (!nli_table_head(&h, NULL, line, 1u << NLI_COL_ITEM | 1u << NLI_COL_LABEL,
			    &err)) {
		while (text.len) {
			struct nli_str field[NLI_N_COL];
			const nli_jval *object;
			const size_t before = packed.len;

			line = take_line(&text);
			if (nli_table_row(&h, line, j, &cells, field, &object, &err) ||
			    nli_labels_row(field, object, &packed, &err))
				packed.len = before;
		}
		if (!nli_labels_commit(&l, nli_buf_str(&packed), &err) &&
		    !nli_labels_build(&l, NLI_REPEAT_LAST, &err))
			infer(&l);
	}
	nli_labels_release(&l);
	nli_row_release(&cells);
	nli_buf_release(&packed);
	nli_json_free(j);
}

static void as_state(struct nli_str text, bool stepwise)
{
	const struct nli_online_opts o = {
		.stepwise = stepwise, .threshold = .9, .least_votes = 2, .forget = 1
	};
	struct nli_online *a = nli_online_new(&o), *b = nli_online_new(&o);
	struct nli_buf first = { 0 }, again = { 0 };
	struct nli_err err;

	if (!nli_online_load(a, text, &err)) {
		nli_online_save(a, &first);
		must(!nli_online_load(b, nli_buf_str(&first), &err));
		nli_online_save(b, &again);
		must(nli_str_eq(nli_buf_str(&first), nli_buf_str(&again)));
		nli_online_flush(a, &again, NULL, NULL);
	}
	nli_online_free(a);
	nli_online_free(b);
	nli_buf_release(&first);
	nli_buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nli_str text = { (const char *)data, size };

	as_table(text);
	as_state(text, false);
	as_state(text, true);
	return 0;
}
