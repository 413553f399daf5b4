/*
 * nli-report - the audit as people want to see it, and a gate for builds.
 *
 * One pass counts records and takes in whatever else is given; the document
 * made of that has four readings.
 */
#include <stdlib.h>
#include <unistd.h>

#include "lib/io/tool.h"
#include "lib/show/compare.h"
#include "lib/show/datasheet.h"
#include "lib/show/dossier.h"
#include "lib/show/drawings.h"
#include "lib/show/gate.h"

static const char *format = "terminal", *title, *planted, *html, *markdown, *json,
		  *datasheet, *charts, *older, *junit;
static double max_q = 0.05;
static bool metrics;
static struct nli_opt_list fail_if;

#define FILE_OPTION(name, arg, help, to)                             \
	{                                                            \
		name, arg, help, NLI_OPT_FILE, &to, 0, 0, NULL, true \
	}

static const struct nli_opt opts[] = {
	{ "f:format", "terminal|markdown|html|json|datasheet",
	  "what is written to the output", NLI_OPT_CHOICE, &format, 0, 0, NULL, true },
	FILE_OPTION("html", "FILE", "write the page there too", html),
	FILE_OPTION("markdown", "FILE", "write the Markdown there too", markdown),
	FILE_OPTION("json", "FILE", "write the JSON there too", json),
	FILE_OPTION("datasheet", "FILE", "write a data card there, gaps marked",
		    datasheet),
	FILE_OPTION("charts", "DIR", "write each chart there as SVG and as Vega-Lite",
		    charts),
	{ "title", "TEXT", "what the report is called; by default the corpora",
	  NLI_OPT_STR, &title, 0, 0, NULL, false },
	{ "q:max-q", "Q", "cues below this false discovery rate are significant",
	  NLI_OPT_REAL, &max_q, 0, 1, NULL, false },
	FILE_OPTION("planted", "FILE",
		    "what was planted in a corpus that was made: compare with it",
		    planted),
	FILE_OPTION("compare", "OLD",
		    "say what changed since OLD: a report's JSON, or records", older),
	{ "fail-if", "EXPR",
	  "exit 3 if EXPR holds, such as 'hyponly.gain > 0.05'; again for more",
	  NLI_OPT_LIST, &fail_if, 0, 0, NULL, false },
	{ "metrics", NULL, "list the names that EXPR may use, and exit", NLI_OPT_FLAG,
	  &metrics, 0, 0, NULL, true },
	FILE_OPTION("junit", "FILE", "write what --fail-if found there, for CI systems",
		    junit),
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
	s->tally->keep_keys = a->keep_keys;
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

static void render(const struct nli_dossier *a, const struct nli_doc *d, char how,
		   struct nli_buf *out)
{
	nli_buf_clear(out);
	switch (how) {
	case 'h':
		nli_doc_html(d, out);
		break;
	case 'm':
		nli_doc_markdown(d, out);
		break;
	case 'j':
		nli_doc_json(d, out);
		break;
	case 'd':
		nli_datasheet(a, d, out);
		break;
	default:
		nli_doc_terminal(d, 80, colour(), out);
	}
}

static void write_file(const char *path, const struct nli_buf *b)
{
	struct nli_err err;

	if (nli_out_file(path, b->data, b->len, &err))
		nli_die("%s", err.msg);
}

static void write_all(struct nli_run *run, const struct nli_dossier *a,
		      const struct nli_doc *d)
{
	const char *const side[][2] = {
		{ html, "h" }, { markdown, "m" }, { json, "j" }, { datasheet, "d" }
	};
	struct nli_buf out = { 0 };
	struct nli_err err;

	for (size_t i = 0; i < sizeof(side) / sizeof(*side); i++) {
		if (!side[i][0])
			continue;
		render(a, d, *side[i][1], &out);
		write_file(side[i][0], &out);
	}
	if (charts && nli_drawings_write(d, charts, &err))
		nli_die("%s", err.msg);
	render(a, d, *format, &out);
	nli_run_write(run, nli_buf_str(&out));
	nli_buf_release(&out);
}

/* What cannot be judged is no pass: exit 1, and 3 for a judgement of "no". */
static int judge(const struct nli_condition *c, const struct nli_doc *d)
{
	struct nli_buf says = { 0 };
	int status = 0;

	for (size_t i = 0; i < fail_if.n; i++) {
		enum nli_outcome is;

		nli_buf_clear(&says);
		is = nli_condition_try(&c[i], d, &says);
		if (is == NLI_OUTCOME_NO)
			continue;
		nli_warn("--fail-if \"%s\": %s", c[i].text, says.data);
		if (status != 1)
			status = is == NLI_OUTCOME_YES ? 3 : 1;
	}
	if (junit) {
		nli_buf_clear(&says);
		nli_condition_junit(c, fail_if.n, d, &says);
		write_file(junit, &says);
	}
	nli_buf_release(&says);
	return status;
}

static struct nli_condition *parse_conditions(void)
{
	struct nli_condition *c = nli_xcalloc(fail_if.n, sizeof(*c));
	struct nli_err err;

	for (size_t i = 0; i < fail_if.n; i++)
		if (nli_condition_parse(&c[i], fail_if.v[i], &err))
			nli_usage(&tool, "--fail-if: %s", err.msg);
	return c;
}

static void start_dossier(struct nli_dossier *a)
{
	a->title = title;
	a->q = max_q;
	a->keep_keys = older != NULL;
	a->tally = nli_tally_new((uint64_t)nli_common.seed, &a->watch);
}

/* Read OLD as the operands are read, into a dossier of its own. */
static void compare(struct nli_run *run, struct nli_dossier *a, struct nli_doc *d)
{
	struct nli_dossier was;
	const struct nli_pass pass = { &was, on_line, scratch_new, scratch_free, commit };
	char *const files[] = { (char *)(uintptr_t)older, NULL };

	nli_dossier_init(&was);
	start_dossier(&was);
	nli_run_side(run, files, &pass);
	nli_tally_settle(was.tally);
	nli_compare(a, &was, d);
	nli_tally_free(was.tally);
	nli_dossier_release(&was);
}

static void make_report(struct nli_run *run, struct nli_dossier *a, struct nli_doc *d)
{
	const struct nli_pass pass = { a, on_line, scratch_new, scratch_free, commit };
	struct nli_err err;

	if (planted && nli_dossier_plant(a, planted, &err))
		nli_die("%s", err.msg);
	start_dossier(a);
	nli_run_map(run, &pass);
	nli_tally_settle(a->tally);
	d->chart_dir = charts;
	nli_dossier_report(a, d);
	if (a->trouble.code)
		nli_die("%s", a->trouble.msg);
	if (older)
		compare(run, a, d);
}

int main(int argc, char **argv)
{
	struct nli_dossier a;
	struct nli_doc d = { 0 };
	struct nli_run run;
	struct nli_condition *conditions;
	struct nli_buf list = { 0 };

	nli_run_start(&run, &tool, argc, argv);
	conditions = parse_conditions();
	if (metrics) {
		nli_gauge_list(&list);
		nli_run_write(&run, nli_buf_str(&list));
		nli_buf_release(&list);
		free(conditions);
		return nli_run_end(&run);
	}
	nli_dossier_init(&a);
	make_report(&run, &a, &d);
	write_all(&run, &a, &d);
	run.status = judge(conditions, &d);
	free(conditions);
	nli_doc_release(&d);
	nli_tally_free(a.tally);
	nli_dossier_release(&a);
	return nli_run_end(&run);
}
