/*
 * nli-export - write records as what a trainer, a classifier or a batch service
 * reads.  The formats are lib/nli/export*.c.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/nli/export.h"
#include "lib/nli/export_file.h"

static const char *format_name, *template_file, *answers = "words";
static bool all, shuffle, list;
static const char *rejected = "hash", *reads = "hypothesis";
static int64_t max_requests, max_bytes;
/* Not every model takes a temperature, and a batch to one that does not is lost. */
static struct nli_export export = { .env = "nli", .max_tokens = 1024, .temperature = -1 };

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
	{ "text", "hypothesis|premise|pair", "what fasttext and libsvm read",
	  NLI_OPT_CHOICE, .to = &reads },
	{ "model", "NAME", "whom a batch asks", NLI_OPT_STR, .to = &export.model },
	{ "max-tokens", "N", "tokens that a batch's answers may have", NLI_OPT_INT,
	  .to = &export.max_tokens, 1, 1e6 },
	{ "temperature", "T", "of a batch's answers; -1: left to the service",
	  NLI_OPT_REAL, .to = &export.temperature, -1, 2 },
	{ "logprobs", "N", "alternatives to each token that openai-batch asks for",
	  NLI_OPT_INT, .to = &export.logprobs, 0, 20 },
	{ "max-requests", "N", "requests in a file (what the service takes)", NLI_OPT_INT,
	  .to = &max_requests, 0, 0x1p53 },
	{ "max-bytes", "N", "bytes in a file (what the service takes)", NLI_OPT_INT,
	  .to = &max_bytes, 0, 0x1p53 },
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
	struct nli_export_file *file;
	struct counts counts;
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

static int on_commit(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	struct exporting *s = ctx;

	(void)kept;
	return nli_export_file_put(s->file, out, err);
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
	export.text = !strcmp(reads, "premise") ? NLI_TEXT_PREMISE
		      : !strcmp(reads, "pair")  ? NLI_TEXT_PAIR
						: NLI_TEXT_HYPOTHESIS;
	if (export.format->flags & NLI_EXPORT_BATCH && !export.model)
		nli_usage(&tool, "%s needs --model NAME", format_name);
	if (!(export.format->flags & NLI_EXPORT_BATCH) && (max_requests || max_bytes))
		nli_usage(&tool, "--max-requests and --max-bytes are for batches");
	export.blind_rejected = !strcmp(rejected, "blind");
	if (export.format->flags & NLI_EXPORT_PROMPT &&
	    nli_templates_load(&export.templates, template_file, &err))
		nli_die("%s", err.msg);
}

static void add_count(struct nli_jw *w, const char *name, uint64_t n)
{
	nli_jw_key(w, name);
	nli_jw_u64(w, n);
}

static void tell(struct nli_run *run, struct exporting *s)
{
	struct nli_jw w = { .b = &run->results };
	uint64_t files, repeated;
	struct nli_err err;

	if (nli_export_file_end(s->file, &files, &repeated, &err))
		nli_die("%s", err.msg);
	if (s->counts.marked || s->counts.unlabelled || repeated)
		nli_warn(
			"left out: %llu marked by nli-filter, %llu without a label, %llu "
			"asked already",
			(unsigned long long)s->counts.marked,
			(unsigned long long)s->counts.unlabelled,
			(unsigned long long)repeated);
	add_count(&w, "rows", s->counts.rows - repeated);
	add_count(&w, "files", files);
	add_count(&w, "marked", s->counts.marked);
	add_count(&w, "unlabelled", s->counts.unlabelled);
	add_count(&w, "repeated", repeated);
}

int main(int argc, char **argv)
{
	struct exporting s = { 0 };
	const struct nli_record_pass pass = { .ctx = &s,
					      .record = on_record,
					      .scratch_new = scratch_new,
					      .scratch_free = scratch_free,
					      .commit = on_commit };
	struct nli_run run;

	nli_run_start(&run, &tool, argc, argv);
	if (list) {
		list_formats(&run);
		return nli_run_end(&run);
	}
	set_up();
	s.file = nli_export_file_new(&run, export.format, (uint64_t)max_requests,
				     (uint64_t)max_bytes);
	nli_records_map(&run, &pass);
	tell(&run, &s);
	nli_export_file_free(s.file);
	nli_templates_release(&export.templates);
	return nli_run_end(&run);
}
