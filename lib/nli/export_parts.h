/* export_parts.h - what the files of formats share; for lib/nli/export*.c alone. */
#ifndef NLI_NLI_EXPORT_PARTS_H
#define NLI_NLI_EXPORT_PARTS_H

#include "lib/nli/export.h"

typedef int nli_export_row(struct nli_exporter *x, struct nli_buf *out,
			   struct nli_err *err);

nli_export_row nli_row_verl, nli_row_skyrl, nli_row_trl_grpo, nli_row_trl_sft,
	nli_row_trl_dpo, nli_row_trl_kto, nli_row_openrlhf, nli_row_verifiers,
	nli_row_verifiers_v1, nli_row_prime_rl, nli_row_genesys, nli_row_nemo_rl,
	nli_row_open_instruct, nli_row_openai_batch, nli_row_anthropic_batch,
	nli_row_gemini_batch, nli_row_fasttext, nli_row_libsvm, nli_row_glue_tsv,
	nli_row_snli, nli_row_csv, nli_row_tsv;

/* "name": s, where nothing is an empty string. */
void nli_export_str(struct nli_jw *w, const char *name, struct nli_str s);

/* {"role":"user","content":...} and before it the system message, as an array. */
void nli_export_messages(struct nli_exporter *x, struct nli_jw *w);

/* "nli", "nli2" or "choice". */
const char *nli_export_task(const struct nli_record *r);

/* The prompt as one text, the system message before it. */
struct nli_str nli_export_prompt(struct nli_exporter *x);

/* What differs from record to record, as the text of a JSON object. */
struct nli_str nli_export_meta(struct nli_exporter *x);

#endif
