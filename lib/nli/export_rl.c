/*
 * export_rl.c - what trainers read: one small writer a format.  The shapes are
 * those of the trainers' own loaders.
 */
#include "lib/nli/export_parts.h"

#include <string.h>

#include "lib/base/hash.h"

static struct nli_jw begin(struct nli_buf *out)
{
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	return w;
}

static int end(struct nli_jw *w)
{
	nli_jw_close(w, '}');
	nli_buf_addc(w->b, '\n');
	return 1;
}

static void add_index(struct nli_jw *w, const char *name)
{
	static const char mark = NLI_EXPORT_INDEX;

	nli_jw_key(w, name);
	nli_jw_raw(w, (struct nli_str){ &mark, 1 });
}

static void add_gold(const struct nli_exporter *x, struct nli_jw *w, const char *name)
{
	nli_export_str(w, name, x->gold);
}

/* By what a row is found again, and all else that the record says. */
static void add_origin(struct nli_exporter *x, struct nli_jw *w)
{
	nli_export_str(w, "id", x->r->id);
	nli_export_str(w, "key", x->r->key);
	nli_export_str(w, "lang", x->r->lang);
	nli_export_str(w, "metadata", nli_export_meta(x));
}

static struct nli_str source(const struct nli_exporter *x)
{
	return x->e->data_source ? nli_str_of(x->e->data_source) : x->r->corpus;
}

static void add_extra_info(struct nli_exporter *x, struct nli_jw *w)
{
	nli_jw_key(w, "extra_info");
	nli_jw_open(w, '{');
	nli_export_str(w, "split", x->r->split);
	add_index(w, "index");
	add_origin(x, w);
	nli_jw_close(w, '}');
}

static void add_prompt(struct nli_exporter *x, struct nli_jw *w)
{
	nli_jw_key(w, "prompt");
	nli_export_messages(x, w);
}

static void add_rule(const struct nli_exporter *x, struct nli_jw *w, const char *name,
		     const char *how)
{
	nli_jw_key(w, name);
	nli_jw_open(w, '{');
	nli_export_str(w, how, NLI_STR("rule"));
	add_gold(x, w, "ground_truth");
	nli_jw_close(w, '}');
}

int nli_row_verl(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w = begin(out);

	(void)err;
	nli_export_str(&w, "data_source", source(x));
	add_prompt(x, &w);
	nli_export_str(&w, "ability", nli_str_of(nli_export_task(x->r)));
	add_rule(x, &w, "reward_model", "style");
	add_extra_info(x, &w);
	return end(&w);
}

int nli_row_skyrl(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w = begin(out);

	(void)err;
	nli_export_str(&w, "data_source", source(x));
	add_prompt(x, &w);
	nli_export_str(&w, "env_class", nli_str_of(x->e->env));
	add_rule(x, &w, "reward_spec", "method");
	add_extra_info(x, &w);
	return end(&w);
}

/* Every column that is not the prompt reaches the reward functions as a list. */
int nli_row_trl_grpo(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w = begin(out);

	(void)err;
	add_prompt(x, &w);
	add_gold(x, &w, "ground_truth");
	nli_export_str(&w, "task", nli_str_of(nli_export_task(x->r)));
	add_origin(x, &w);
	return end(&w);
}

static void add_reply(struct nli_exporter *x, struct nli_jw *w, size_t k)
{
	nli_jw_open(w, '{');
	nli_export_str(w, "role", NLI_STR("assistant"));
	nli_export_str(w, "content", nli_ask_reply(&x->asker, x->t, &x->q, k));
	nli_jw_close(w, '}');
}

static void add_reply_list(struct nli_exporter *x, struct nli_jw *w, const char *name,
			   size_t k)
{
	nli_jw_key(w, name);
	nli_jw_open(w, '[');
	add_reply(x, w, k);
	nli_jw_close(w, ']');
}

int nli_row_trl_sft(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w = begin(out);

	(void)err;
	add_prompt(x, &w);
	add_reply_list(x, &w, "completion", (size_t)x->q.gold);
	nli_export_str(&w, "id", x->r->id);
	nli_export_str(&w, "key", x->r->key);
	return end(&w);
}

/* The chance that the partial-input model gives to option k; -1 if it gives none. */
static double blind_chance(const struct nli_exporter *x, size_t k)
{
	const struct nli_member *m = nli_object_find(&x->r->obj, "hyponly");
	const nli_jval *p = m ? nli_jget(m->val, "p") : NULL;
	char index[24] = { 0 };
	double v = -1;
	size_t n;

	if (x->r->task == NLI_TASK_CHOICE) {
		struct nli_buf b = { 0 };

		nli_buf_add_u64(&b, x->q.of[k]);
		memcpy(index, b.data, b.len);
		nli_buf_release(&b);
		p = nli_jget(p, index);
	} else {
		p = nli_jget(p,
			     nli_label_name(nli_task_labels(x->r->task, &n)[x->q.of[k]]));
	}
	return nli_jreal(p, &v) ? v : -1;
}

/*
 * A wrong answer to be told from the right one: drawn by hash, or the one that the
 * partial-input model finds likeliest, so that what is learnt is not the artifact.
 */
static int pick_wrong(const struct nli_exporter *x, size_t *wrong, struct nli_err *err)
{
	const struct nli_str key = x->r->key.s ? x->r->key : x->r->id;
	const size_t gold = (size_t)x->q.gold, n = x->q.n_option;
	const double u = nli_unit(nli_mix(nli_hash(key.s, key.len, x->e->asking.seed)));
	double best = -1;

	if (n < 2)
		return nli_fail(err, NLI_EDATA, "%zu choices, wanted a wrong one too", n);
	*wrong = (gold + 1 + (size_t)(u * (double)(n - 1))) % n;
	for (size_t k = 0; x->e->blind_rejected && k < n; k++) {
		const double p = k == gold ? -1 : blind_chance(x, k);

		if (p > best) {
			best = p;
			*wrong = k;
		}
	}
	if (x->e->blind_rejected && best < 0)
		return nli_fail(err, NLI_EDATA,
				"no hyponly.p: run nli-hyponly before --rejected blind");
	return 0;
}

int nli_row_trl_dpo(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w;
	size_t wrong;
	const int rc = pick_wrong(x, &wrong, err);

	if (rc)
		return rc;
	w = begin(out);
	add_prompt(x, &w);
	add_reply_list(x, &w, "chosen", (size_t)x->q.gold);
	add_reply_list(x, &w, "rejected", wrong);
	nli_export_str(&w, "id", x->r->id);
	nli_export_str(&w, "key", x->r->key);
	return end(&w);
}

static void kto_row(struct nli_exporter *x, struct nli_buf *out, size_t k, bool label)
{
	struct nli_jw w = begin(out);

	add_prompt(x, &w);
	add_reply_list(x, &w, "completion", k);
	nli_jw_key(&w, "label");
	nli_jw_bool(&w, label);
	nli_export_str(&w, "id", x->r->id);
	nli_export_str(&w, "key", x->r->key);
	end(&w);
}

int nli_row_trl_kto(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	size_t wrong;
	const int rc = pick_wrong(x, &wrong, err);

	if (rc)
		return rc;
	kto_row(x, out, (size_t)x->q.gold, true);
	kto_row(x, out, wrong, false);
	return 2;
}

int nli_row_openrlhf(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w = begin(out);

	(void)err;
	nli_export_str(&w, "input", nli_export_prompt(x));
	add_gold(x, &w, "label");
	nli_export_str(&w, "datasource", source(x));
	add_origin(x, &w);
	return end(&w);
}

static void add_verifiers(struct nli_exporter *x, struct nli_jw *w)
{
	struct nli_buf info = { 0 };
	struct nli_jw in = { .b = &info };

	nli_jw_open(&in, '{');
	nli_export_str(&in, "id", x->r->id);
	nli_export_str(&in, "key", x->r->key);
	nli_export_str(&in, "lang", x->r->lang);
	nli_export_str(&in, "task", nli_str_of(nli_export_task(x->r)));
	nli_jw_key(&in, "metadata");
	nli_jw_raw(&in, nli_export_meta(x));
	nli_jw_close(&in, '}');
	add_prompt(x, w);
	add_gold(x, w, "answer");
	nli_export_str(w, "info", nli_buf_str(&info));
	add_index(w, "example_id");
	nli_buf_release(&info);
}

int nli_row_verifiers(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w = begin(out);

	(void)err;
	add_verifiers(x, &w);
	return end(&w);
}

/* Its buffer tells tasks apart by env_name and prompt. */
int nli_row_prime_rl(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w = begin(out);

	(void)err;
	add_verifiers(x, &w);
	nli_export_str(&w, "env_name", nli_str_of(x->e->env));
	return end(&w);
}

int nli_row_verifiers_v1(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w = begin(out);

	(void)err;
	add_index(&w, "idx");
	nli_export_str(&w, "name", x->r->id);
	nli_export_str(&w, "prompt", x->q.prompt);
	nli_export_str(&w, "system_prompt", x->q.system);
	add_gold(x, &w, "answer");
	add_origin(x, &w);
	return end(&w);
}

int nli_row_genesys(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w = begin(out);
	struct nli_buf info = { 0 };
	struct nli_jw in = { .b = &info };

	(void)err;
	nli_jw_open(&in, '{');
	add_gold(x, &in, "ground_truth");
	nli_jw_key(&in, "options");
	nli_jw_open(&in, '[');
	for (size_t k = 0; k < x->q.n_option; k++)
		nli_jw_str(&in, x->q.option[k]);
	nli_jw_close(&in, ']');
	nli_jw_close(&in, '}');
	nli_export_str(&w, "problem_id", x->r->id);
	nli_export_str(&w, "source", source(x));
	nli_export_str(&w, "task_type", nli_str_of(x->e->env));
	nli_export_str(&w, "in_source_id", x->r->key);
	nli_export_str(&w, "prompt", nli_export_prompt(x));
	nli_export_str(&w, "gold_standard_solution", x->gold);
	nli_export_str(&w, "verification_info", nli_buf_str(&info));
	nli_export_str(&w, "metadata", nli_export_meta(x));
	nli_buf_release(&info);
	return end(&w);
}

int nli_row_nemo_rl(struct nli_exporter *x, struct nli_buf *out, struct nli_err *err)
{
	struct nli_jw w = begin(out);

	(void)err;
	nli_export_str(&w, "input", nli_export_prompt(x));
	add_gold(x, &w, "output");
	nli_export_str(&w, "task_name", nli_str_of(x->e->env));
	add_origin(x, &w);
	return end(&w);
}

/* "dataset" is the name of the verifier. */
int nli_row_open_instruct(struct nli_exporter *x, struct nli_buf *out,
			  struct nli_err *err)
{
	struct nli_jw w = begin(out);

	(void)err;
	nli_jw_key(&w, "messages");
	nli_export_messages(x, &w);
	add_gold(x, &w, "ground_truth");
	nli_export_str(&w, "dataset", nli_str_of(x->e->env));
	add_origin(x, &w);
	return end(&w);
}
