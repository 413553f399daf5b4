/*
 * nli-report - the audit as people want to see it, and a gate for builds.
 *
 * One pass counts records and takes in whatever else is given; the document
 * made of that has four readings.
 */
#include <stdlib.h>
#include <unistd.h>

#include "lib/io/tool.h"
#include "lib/show/dossier.h"
#include "lib/show/drawings.h"

static const char *format = "terminal", *title, *planted, *html, *markdown, *json,
		  *charts;
static double max_q = 0.05;

static const struct nli_opt opts[] = {
	{ "f:format", "terminal|markdown|html|json", "what is written to the output",
	  NLI_OPT_CHOICE, &format, 0, 0, NULL, true },
	{ "html", "FILE", "write the page there too", NLI_OPT_FILE, &html, 0, 0, NULL,
	  true },
	{ "markdown", "FILE", "write the Markdown there too", NLI_OPT_FILE, &markdown, 0,
	  0, NULL, true },
	{ "json", "FILE", "write the JSON there too", NLI_OPT_FILE, &json, 0, 0, NULL,
	  true },
	{ "charts", "DIR", "write each chart there as SVG and as Vega-Lite", NLI_OPT_FILE,
	  &charts, 0, 0, NULL, true },
	{ "title", "TEXT", "what the report is called; by default the corpora",
	  NLI_OPT_STR, &title, 0, 0, NULL, false },
	{ "q:max-q", "Q", "cues of at most this false discovery rate are significant",
	  NLI_OPT_REAL, &max_q, 0, 1, NULL, false },
	{ "planted", "FILE",
	  "what was planted in a corpus that was made: compare with it", NLI_OPT_FILE,
	  &planted, 0, 0, NULL, true },
	NLI_OPT_COMMON
};

static const struct nli_tool tool = { "nli-report", "[options] [file ...]",
				      "Make a report of records, summaries, cues, "
				      "workers and decisions, in any mixture.",
				      opts };

/* What a worker has. */
struct scratch {
	struct nli_json *json;
	struct nli_tally *tally;
};

static void *scratch_new(void *ctx)
{
	const struct nli_dossier *a = ctx;
	struct scratch *s = nli_xcalloc(1, sizeof(*s));

	s->json = nli_json_new();
	s->tally = nli_tally_new((uint64_t)nli_common.seed, &a->watch);
	return s;
}

static void scratch_free(void *ctx, void *scratch)
{
	struct nli_dossier *a = ctx;
	struct scratch *s = scratch;

	nli_tally_merge(a->tally, s->tally);
	nli_tally_free(s->tally);
	nli_json_free(s->json);
	free(s);
}

/* Records are counted here; other lines go on to be taken in, in order, with their kind. */
static int on_line(void *ctx, struct nli_work *w, struct nli_err *err)
{
	struct scratch *s = w->scratch;
	struct nli_record r;
	const int kind = nli_dossier_kind(s->json, w->line, &r, err);

	(void)ctx;
	if (kind < 0)
		return kind;
	if (kind == NLI_KIND_RECORD) {
		nli_tally_add(s->tally, &r);
		return NLI_KEEP;
	}
	nli_buf_addc(w->out, (char)kind);
	nli_buf_add(w->out, w->line.s, w->line.len);
	nli_buf_addc(w->out, '\n');
	return NLI_KEEP;
}

static int commit(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	(void)kept;
	for (size_t at = 0; at < out.len;) {
		const char *end = memchr(out.s + at, '\n', out.len - at);
		const struct nli_str line = { out.s + at + 1,
					      (size_t)(end - out.s) - at - 1 };
		const int rc = nli_dossier_add(ctx, (enum nli_kind)out.s[at], line, err);

		if (rc)
			return rc;
		at = (size_t)(end - out.s) + 1;
	}
	return 0;
}

static bool colour(void)
{
	return !nli_common.output && isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
}

static void render(const struct nli_doc *d, char how, struct nli_buf *out)
{
	nli_buf_clear(out);
	if (how == 'h')
		nli_doc_html(d, out);
	else if (how == 'm')
		nli_doc_markdown(d, out);
	else if (how == 'j')
		nli_doc_json(d, out);
	else
		nli_doc_terminal(d, 80, colour(), out);
}

static void write_all(struct nli_run *run, const struct nli_doc *d)
{
	const char *const side[][2] = { { html, "h" }, { markdown, "m" }, { json, "j" } };
	struct nli_buf out = { 0 };
	struct nli_err err;

	for (size_t i = 0; i < 3; i++) {
		if (!side[i][0])
			continue;
		render(d, *side[i][1], &out);
		if (nli_out_file(side[i][0], out.data, out.len, &err))
			nli_die("%s", err.msg);
	}
	if (charts && nli_drawings_write(d, charts, &err))
		nli_die("%s", err.msg);
	render(d, *format, &out);
	nli_run_write(run, nli_buf_str(&out));
	nli_buf_release(&out);
}

int main(int argc, char **argv)
{
	struct nli_dossier a;
	struct nli_doc d = { 0 };
	struct nli_run run;
	struct nli_err err;
	const struct nli_pass pass = { &a, on_line, scratch_new, scratch_free, commit };

	nli_dossier_init(&a);
	nli_run_start(&run, &tool, argc, argv);
	a.title = title;
	a.q = max_q;
	if (planted && nli_dossier_plant(&a, planted, &err))
		nli_die("%s", err.msg);
	a.tally = nli_tally_new((uint64_t)nli_common.seed, &a.watch);
	nli_run_map(&run, &pass);
	nli_tally_settle(a.tally);
	d.chart_dir = charts;
	nli_dossier_report(&a, &d);
	write_all(&run, &d);
	nli_doc_release(&d);
	nli_tally_free(a.tally);
	nli_dossier_release(&a);
	return nli_run_end(&run);
}
