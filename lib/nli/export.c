/* export.c - see export.h: the table of formats and what they share. */
#include "lib/nli/export.h"

#include <stdlib.h>
#include <string.h>

#include "lib/nli/export_parts.h"
#include "lib/text/token.h"

enum {
	RL = NLI_EXPORT_GOLD | NLI_EXPORT_PROMPT,
	NUMBERED = RL | NLI_EXPORT_INDEXED,
	BATCH = NLI_EXPORT_BATCH | NLI_EXPORT_PROMPT,
};

#define MB (1000 * 1000)
#define COLUMNS(s)                                                         \
	"id" s "key" s "lang" s "corpus" s "split" s "group" s "premise" s \
	"hypothesis" s "label" s "choices" s "answer" s "task" s "meta\n"

/* Limits of files: OpenAI's and Anthropic's batch documentation; Gemini takes 2 GB. */
const struct nli_export_format nli_export_formats[] = {
	{ "verl", "verl, and DAPO's recipe", NUMBERED, .row = nli_row_verl },
	{ "skyrl", "SkyRL", NUMBERED, .row = nli_row_skyrl },
	{ "trl-grpo", "TRL: GRPO, RLOO", RL, .row = nli_row_trl_grpo },
	{ "trl-sft", "TRL: supervised", RL, .row = nli_row_trl_sft },
	{ "trl-dpo", "TRL: DPO, reward models", RL, .row = nli_row_trl_dpo },
	{ "trl-kto", "TRL: KTO, two rows a record", RL, .row = nli_row_trl_kto },
	{ "openrlhf", "OpenRLHF", RL, .row = nli_row_openrlhf },
	{ "verifiers", "verifiers, datasets of environments", NUMBERED,
	  .row = nli_row_verifiers },
	{ "verifiers-v1", "verifiers, TaskData", NUMBERED, .row = nli_row_verifiers_v1 },
	{ "prime-rl", "prime-rl", NUMBERED, .row = nli_row_prime_rl },
	{ "genesys", "GENESYS: SYNTHETIC-1, INTELLECT-2", RL, .row = nli_row_genesys },
	{ "nemo-rl", "NeMo-RL", RL, .row = nli_row_nemo_rl },
	{ "open-instruct", "open-instruct, RLVR", RL, .row = nli_row_open_instruct },
	{ "openai-batch", "OpenAI's batches", BATCH, .row = nli_row_openai_batch,
	  .max_rows = 50000, .max_bytes = 200 * MB },
	{ "anthropic-batch", "Anthropic's batches", BATCH, .row = nli_row_anthropic_batch,
	  .head = "{\"requests\":[\n", .between = ",\n", .tail = "\n]}\n",
	  .max_rows = 100000, .max_bytes = 256 * MB },
	{ "gemini-batch", "Gemini's batches", BATCH, .row = nli_row_gemini_batch,
	  .max_bytes = 2000 * (uint64_t)MB },
	{ "vllm-batch", "vllm run-batch", BATCH, .row = nli_row_openai_batch },
	{ "fasttext", "fastText: __label__X and tokens", NLI_EXPORT_GOLD,
	  .row = nli_row_fasttext },
	{ "libsvm", "LIBSVM, LIBLINEAR: hashed words and pairs", NLI_EXPORT_GOLD,
	  .row = nli_row_libsvm },
	{ "glue-tsv", "GLUE's tables",
	  NLI_EXPORT_GOLD | NLI_EXPORT_PAIRS | NLI_EXPORT_INDEXED,
	  .row = nli_row_glue_tsv, .head = "index\tsentence1\tsentence2\tlabel\n" },
	{ "snli", "SNLI's own layout", NLI_EXPORT_PAIRS, .row = nli_row_snli },
	{ "csv", "a table with commas and a header", 0, .row = nli_row_csv,
	  .head = COLUMNS(",") },
	{ "tsv", "the same with tabs, quoted", 0, .row = nli_row_tsv,
	  .head = COLUMNS("\t") },
	{ .name = NULL },
};

const struct nli_export_format *nli_export_find(const char *name)
{
	const struct nli_export_format *f = nli_export_formats;

	while (f->name && strcmp(f->name, name) != 0)
		f++;
	return f->name ? f : NULL;
}

void nli_export_str(struct nli_jw *w, const char *name, struct nli_str s)
{
	nli_jw_key(w, name);
	nli_jw_str(w, s.s ? s : NLI_STR(""));
}

const char *nli_export_task(const struct nli_record *r)
{
	static const char *const name[] = { [NLI_TASK_NLI] = "nli",
					    [NLI_TASK_NLI2] = "nli2",
					    [NLI_TASK_CHOICE] = "choice" };

	return name[r->task];
}

static void add_message(struct nli_jw *w, const char *role, struct nli_str content)
{
	nli_jw_open(w, '{');
	nli_export_str(w, "role", nli_str_of(role));
	nli_export_str(w, "content", content);
	nli_jw_close(w, '}');
}

void nli_export_messages(struct nli_exporter *x, struct nli_jw *w)
{
	nli_jw_open(w, '[');
	if (x->q.system.s)
		add_message(w, "system", x->q.system);
	add_message(w, "user", x->q.prompt);
	nli_jw_close(w, ']');
}

struct nli_str nli_export_prompt(struct nli_exporter *x)
{
	if (!x->q.system.s)
		return x->q.prompt;
	nli_buf_clear(&x->tmp);
	nli_buf_add(&x->tmp, x->q.system.s, x->q.system.len);
	nli_buf_adds(&x->tmp, "\n\n");
	nli_buf_add(&x->tmp, x->q.prompt.s, x->q.prompt.len);
	return nli_buf_str(&x->tmp);
}

struct nli_str nli_export_meta(struct nli_exporter *x)
{
	static const char *const member[] = { "group", "source_split", "choice_types",
					      "image", "meta",         "filter" };
	struct nli_jw w = { .b = &x->meta };

	nli_buf_clear(&x->meta);
	nli_jw_open(&w, '{');
	for (size_t i = 0; i < sizeof(member) / sizeof(*member); i++) {
		const struct nli_member *m = nli_object_find(&x->r->obj, member[i]);

		if (!m)
			continue;
		nli_jw_key(&w, member[i]);
		nli_json_write(&x->meta, m->val);
		w.comma = true;
	}
	nli_jw_close(&w, '}');
	return nli_buf_str(&x->meta);
}

void nli_exporter_init(struct nli_exporter *x, const struct nli_export *e)
{
	memset(x, 0, sizeof(*x));
	x->e = e;
}

void nli_exporter_release(struct nli_exporter *x)
{
	nli_asker_release(&x->asker);
	nli_buf_release(&x->meta);
	nli_buf_release(&x->tmp);
	nli_tokenizer_free(x->tokenizer);
	free(x->features);
	memset(x, 0, sizeof(*x));
}

static int ask(struct nli_exporter *x, struct nli_err *err)
{
	const struct nli_export *e = x->e;
	const struct nli_str lang = e->lang ? nli_str_of(e->lang) : x->r->lang;
	int rc;

	x->t = nli_templates_for(&e->templates, lang, NULL);
	rc = nli_ask(&x->asker, x->t, &e->asking, x->r, &x->q, err);
	if (!rc && x->q.gold >= 0)
		x->gold = x->q.option[x->q.gold];
	return rc;
}

int nli_export_record(struct nli_exporter *x, const struct nli_record *r,
		      struct nli_buf *out, struct nli_err *err)
{
	const unsigned flags = x->e->format->flags;
	const bool choice = r->task == NLI_TASK_CHOICE;
	int rc = 0;

	x->r = r;
	x->gold = (struct nli_str){ NULL, 0 };
	if (choice && flags & NLI_EXPORT_PAIRS)
		return nli_fail(err, NLI_EDATA,
				"the format %s takes pairs, this is a record of choices",
				x->e->format->name);
	if (flags & NLI_EXPORT_GOLD && (choice ? r->answer < 0 : !r->label.s))
		return 0;
	if (flags & NLI_EXPORT_PROMPT)
		rc = ask(x, err);
	return rc ? rc : x->e->format->row(x, out, err);
}
