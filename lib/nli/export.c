/* export.c - see export.h: the table of formats and what they share. */
#include "lib/nli/export.h"

#include <string.h>

#include "lib/nli/export_parts.h"
#include "lib/text/token.h"

enum { RL = NLI_EXPORT_GOLD | NLI_EXPORT_PROMPT };

const struct nli_export_format nli_export_formats[] = {
	{ .name = "verl",
	  .about = "verl, and DAPO's recipe",
	  .flags = RL,
	  .row = nli_row_verl },
	{ .name = "skyrl", .about = "SkyRL", .flags = RL, .row = nli_row_skyrl },
	{ .name = "trl-grpo",
	  .about = "TRL: GRPO, RLOO",
	  .flags = RL,
	  .row = nli_row_trl_grpo },
	{ .name = "trl-sft",
	  .about = "TRL: supervised",
	  .flags = RL,
	  .row = nli_row_trl_sft },
	{ .name = "trl-dpo",
	  .about = "TRL: DPO, reward models",
	  .flags = RL,
	  .row = nli_row_trl_dpo },
	{ .name = "trl-kto",
	  .about = "TRL: KTO, two rows a record",
	  .flags = RL,
	  .row = nli_row_trl_kto },
	{ .name = "openrlhf", .about = "OpenRLHF", .flags = RL, .row = nli_row_openrlhf },
	{ .name = "verifiers",
	  .about = "verifiers, datasets of environments",
	  .flags = RL,
	  .row = nli_row_verifiers },
	{ .name = "verifiers-v1",
	  .about = "verifiers, TaskData",
	  .flags = RL,
	  .row = nli_row_verifiers_v1 },
	{ .name = "prime-rl", .about = "prime-rl", .flags = RL, .row = nli_row_prime_rl },
	{ .name = "genesys",
	  .about = "GENESYS, SYNTHETIC-1 and INTELLECT-2",
	  .flags = RL,
	  .row = nli_row_genesys },
	{ .name = "nemo-rl", .about = "NeMo-RL", .flags = RL, .row = nli_row_nemo_rl },
	{ .name = "open-instruct",
	  .about = "open-instruct, RLVR",
	  .flags = RL,
	  .row = nli_row_open_instruct },
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
