/*
 * export_batch.c - requests for the batch services, one a record.
 *
 * custom_id is the record's key: legal for every service, the same for the same
 * item in whatever file, so that a batch can be resumed and answers be joined
 * back in any order.
 */
#include "lib/base/hash.h"
#include "lib/nli/export_parts.h"

static int add_id(const struct nli_exporter *x, struct nli_jw *w, const char *name,
		  struct nli_err *err)
{
	if (x->r->key.len != NLI_KEY_LEN)
		return nli_fail(err, NLI_EDATA, "no \"key\" of %d characters",
				NLI_KEY_LEN);
	nli_jw_open(w, '{');
	nli_export_str(w, name, x->r->key);
	return 0;
}

static void add_u64(struct nli_jw *w, const char *name, int64_t v)
{
	nli_jw_key(w, name);
	nli_jw_i64(w, v);
}

static void add_temperature(const struct nli_exporter *x, struct nli_jw *w)
{
	if (x->e->temperature < 0)
		return;
	nli_jw_key(w, "temperature");
	nli_jw_real(w, x->e->temperature);
}

static int end(struct nli_jw *w)
{
	nli_jw_close(w, '}');
	nli_buf_addc(w->b, '\n');
	return 1;
}

/* OpenAI, and "vllm run-batch", which reads the same. */
int nli_row_openai_batch(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w = { .b = out };
	const int rc = add_id(x, &w, "custom_id", err);

	if (rc)
		return rc;
	nli_export_str(&w, "method", NLI_STR("POST"));
	nli_export_str(&w, "url", NLI_STR("/v1/chat/completions"));
	nli_jw_key(&w, "body");
	nli_jw_open(&w, '{');
	nli_export_str(&w, "model", nli_str_of(x->e->model));
	nli_jw_key(&w, "messages");
	nli_export_messages(x, &w);
	add_u64(&w, "max_completion_tokens", x->e->max_tokens);
	add_temperature(x, &w);
	if (x->e->logprobs) {
		nli_jw_key(&w, "logprobs");
		nli_jw_bool(&w, true);
		add_u64(&w, "top_logprobs", x->e->logprobs);
	}
	nli_jw_close(&w, '}');
	return end(&w);
}

static void add_text_parts(struct nli_jw *w, struct nli_str text)
{
	nli_jw_key(w, "parts");
	nli_jw_open(w, '[');
	nli_jw_open(w, '{');
	nli_export_str(w, "text", text);
	nli_jw_close(w, '}');
	nli_jw_close(w, ']');
}

int nli_row_anthropic_batch(struct nli_exporter *x, struct nli_buf *out,
			    struct nli_err *err)
{
	struct nli_jw w = { .b = out };
	const int rc = add_id(x, &w, "custom_id", err);

	if (rc)
		return rc;
	nli_jw_key(&w, "params");
	nli_jw_open(&w, '{');
	nli_export_str(&w, "model", nli_str_of(x->e->model));
	add_u64(&w, "max_tokens", x->e->max_tokens);
	add_temperature(x, &w);
	if (x->q.system.s)
		nli_export_str(&w, "system", x->q.system);
	nli_jw_key(&w, "messages");
	nli_jw_open(&w, '[');
	nli_jw_open(&w, '{');
	nli_export_str(&w, "role", NLI_STR("user"));
	nli_export_str(&w, "content", x->q.prompt);
	nli_jw_close(&w, '}');
	nli_jw_close(&w, ']');
	nli_jw_close(&w, '}');
	return end(&w);
}

/* The model is named when the file is submitted. */
int nli_row_gemini_batch(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w = { .b = out };
	const int rc = add_id(x, &w, "key", err);

	if (rc)
		return rc;
	nli_jw_key(&w, "request");
	nli_jw_open(&w, '{');
	nli_jw_key(&w, "contents");
	nli_jw_open(&w, '[');
	nli_jw_open(&w, '{');
	nli_export_str(&w, "role", NLI_STR("user"));
	add_text_parts(&w, x->q.prompt);
	nli_jw_close(&w, '}');
	nli_jw_close(&w, ']');
	if (x->q.system.s) {
		nli_jw_key(&w, "systemInstruction");
		nli_jw_open(&w, '{');
		add_text_parts(&w, x->q.system);
		nli_jw_close(&w, '}');
	}
	nli_jw_key(&w, "generationConfig");
	nli_jw_open(&w, '{');
	add_u64(&w, "maxOutputTokens", x->e->max_tokens);
	add_temperature(x, &w);
	nli_jw_close(&w, '}');
	nli_jw_close(&w, '}');
	return end(&w);
}
