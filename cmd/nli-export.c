/*
 * nli-export - write records as what a trainer, a classifier or a batch service
 * reads.  The formats are lib/nli/export*.c.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/nli/export.h"

static const char *format_name, *template_file, *answers = "words";
static bool all, shuffle, list;
static struct nli_export export = { .env = "nli" };
static const char *rejected = "hash";

static const struct nli_opt opts[] = {
	{ "f:format", "NAME", "the format; see --list", NLI_OPT_STR, .to = &format_name },
	{ "list", NULL, "list the formats and exit", NLI_OPT_FLAG, .to = &list,
	  .local = true },
	{ "all", NULL, "write records that nli-filter marked to go too", NLI_OPT_FLAG,
	  .to = &all },
	{ "template", "FILE", "ask by this template (else by the record's language)",
	  NLI_OPT_FILE, .to = &template_file },
	{ "prompt-lang", "LANG", "ask in this language, whatever the record's",
	  NLI_OPT_STR, .to = &export.lang },
	{ "answers", "words|letters", "what labels are answered by", NLI_OPT_CHOICE,
	  .to = &answers },
	{ "shuffle", NULL, "order labels and choices by a hash of seed and key",
	  NLI_OPT_FLAG, .to = &shuffle },
	{ "data-source", "NAME", "data_source of verl and the like (the corpus)",
	  NLI_OPT_STR, .to = &export.data_source },
	{ "env", "NAME", "environment, task or verifier that checks answers", NLI_OPT_STR,
	  .to = &export.env },
	{ "rejected", "hash|blind", "trl-dpo, trl-kto: how the wrong answer is chosen",
	  NLI_OPT_CHOICE, .to = &rejected },
	NLI_OPT_COMMON
};

static const struct nli_tool tool = {
	"nli-export", "-f format [options] [file ...]",
	"Write records in the format of a trainer, a classifier or a batch service.", opts
};

/* Why records were left out. */
struct counts {
	uint64_t rows, unlabelled, marked;
};

struct exporting {
	struct nli_run *run;
	struct counts counts;
	uint64_t index; /* rows written */
};

struct scratch {
	struct nli_exporter x;
	struct counts counts;
};

static void *scratch_new(void *ctx)
{
	struct scratch *own = nli_xcalloc(1, sizeof(*own));

	(void)ctx;
	nli_exporter_init(&own->x, &export);
	return own;
}

static void scratch_free(void *ctx, void *scratch)
{
	struct exporting *s = ctx;
	struct scratch *own = scratch;

	s->counts.rows += own->counts.rows;
	s->counts.unlabelled += own->counts.unlabelled;
	s->counts.marked += own->counts.marked;
	nli_exporter_release(&own->x);
	free(own);
}

static bool is_marked(const struct nli_record *r)
{
	const struct nli_member *m = nli_object_find(&r->obj, "filter");
	const nli_jval *keep = m ? nli_jget(m->val, "keep") : NULL;

	return nli_jtype(keep) == NLI_J_BOOL && !nli_jbool(keep);
}

static int on_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		     struct nli_err *err)
{
	struct scratch *own = w->scratch;
	int n;

	(void)ctx;
	if (!all && is_marked(r)) {
		own->counts.marked++;
		return NLI_DROP;
	}
	n = nli_export_record(&own->x, r, w->out, err);
	if (n < 0)
		return n;
	own->counts.rows += (uint64_t)n;
	own->counts.unlabelled += !n;
	return n ? NLI_KEEP : NLI_DROP;
}

/* Number the rows where a format asks for it. */
static int on_commit(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	struct exporting *s = ctx;
	struct nli_buf num = { 0 };
	int rc = 0;

	(void)kept;
	while (!rc && out.len) {
		const char *mark = memchr(out.s, NLI_EXPORT_INDEX, out.len);
		const size_t n = mark ? (size_t)(mark - out.s) : out.len;

		rc = nli_run_put(s->run, (struct nli_str){ out.s, n }, err);
		out.s += n + (mark != NULL);
		out.len -= n + (mark != NULL);
		if (rc || !mark)
			continue;
		nli_buf_clear(&num);
		nli_buf_add_u64(&num, s->index++);
		rc = nli_run_put(s->run, nli_buf_str(&num), err);
	}
	nli_buf_release(&num);
	return rc;
}

static void list_formats(struct nli_run *run)
{
	struct nli_buf text = { 0 };

	for (const struct nli_export_format *f = nli_export_formats; f->name; f++)
		nli_buf_addf(&text, "%-14s %s\n", f->name, f->about);
	nli_run_write(run, nli_buf_str(&text));
	nli_buf_release(&text);
}

static void set_up(void)
{
	struct nli_err err;

	if (!format_name)
		nli_usage(&tool, "no format: give -f, one of those of --list");
	export.format = nli_export_find(format_name);
	if (!export.format)
		nli_usage(&tool, "no format \"%s\", wanted one of those of --list",
			  format_name);
	export.asking.style =
		!strcmp(answers, "words") ? NLI_ANSWER_WORDS : NLI_ANSWER_LETTERS;
	export.asking.shuffle = shuffle;
	export.asking.seed = (uint64_t)nli_common.seed;
	export.blind_rejected = !strcmp(rejected, "blind");
	if (export.format->flags & NLI_EXPORT_PROMPT &&
	    nli_templates_load(&export.templates, template_file, &err))
		nli_die("%s", err.msg);
}

int main(int argc, char **argv)
{
	struct nli_run run;
	struct exporting s = { .run = &run };
	const struct nli_record_pass pass = { .ctx = &s,
					      .record = on_record,
					      .scratch_new = scratch_new,
					      .scratch_free = scratch_free,
					      .commit = on_commit };
	struct nli_jw w = { .b = &run.results };

	nli_run_start(&run, &tool, argc, argv);
	if (list) {
		list_formats(&run);
		return nli_run_end(&run);
	}
	set_up();
	nli_records_map(&run, &pass);
	nli_templates_release(&export.templates);
	if (s.counts.marked || s.counts.unlabelled)
		nli_warn("left out: %llu marked by nli-filter, %llu without a label",
			 (unsigned long long)s.counts.marked,
			 (unsigned long long)s.counts.unlabelled);
	nli_jw_key(&w, "rows");
	nli_jw_u64(&w, s.counts.rows);
	nli_jw_key(&w, "marked");
	nli_jw_u64(&w, s.counts.marked);
	nli_jw_key(&w, "unlabelled");
	nli_jw_u64(&w, s.counts.unlabelled);
	return nli_run_end(&run);
}
