/*
 * nli-filter - decide which records stay, and say why the others go.
 *
 * The rules are lib/model/filter*.c; here stand the options, the passes and the
 * side outputs.
 */
#include <stdio.h>
#include <string.h>

#include "lib/io/input.h"
#include "lib/model/curate.h"

enum { FILTER_MAX = 64 << 20 };

static bool drop, mark, marked, quiet;
static const char *filter_file, *emit_file, *dropped_file, *decisions_file, *by;
static const char *easy, *drop_easy, *lang;

static const struct nli_opt opts[] = {
	{ "f:filter", "FILE", "apply the rules of a filter file, then those given here",
	  NLI_OPT_FILE, .to = &filter_file },
	{ "drop", NULL, "remove what a rule hits (else records are marked)", NLI_OPT_FLAG,
	  .to = &drop },
	{ "mark", NULL, "mark and keep all, whatever else is said", NLI_OPT_FLAG,
	  .to = &mark },
	{ "dropped", "FILE", "write what is removed there", NLI_OPT_FILE,
	  .to = &dropped_file },
	{ "decisions", "FILE", "write id, key, keep and reasons of every record there",
	  NLI_OPT_FILE, .to = &decisions_file },
	{ "emit-filter", "FILE", "write the rules there as a filter file", NLI_OPT_FILE,
	  .to = &emit_file },
	{ "by", "FIELD", "count in the ledger by the values of a field too", NLI_OPT_STR,
	  .to = &by },
	{ "q:quiet", NULL, "no ledger on stderr", NLI_OPT_FLAG, &quiet, 0, 0, NULL,
	  true },
	{ "easy", "P", "hit if the partial-input model gives the label more than P",
	  NLI_OPT_STR, .to = &easy },
	{ "drop-easy", "P", "the same as --easy P --drop", NLI_OPT_STR,
	  .to = &drop_easy },
	{ "lang", "LIST", "hit if the language is none of these, such as id,en",
	  NLI_OPT_STR, .to = &lang },
	{ "marked", NULL, "hit if an earlier nli-filter said keep: false", NLI_OPT_FLAG,
	  .to = &marked },
	NLI_OPT_COMMON
};

static const struct nli_tool tool = { "nli-filter", "[options] [file ...]",
				      "Decide by rules which records stay.  Adds "
				      "\"filter\" (keep, reasons, scores), or\n"
				      "removes what does not stay.",
				      opts };

/* Options that are a value of a rule.  A flag has no text. */
static const struct rule_option {
	const char **text;
	const bool *flag;
	const char *rule, *param;
} rule_options[] = {
	{ &lang, NULL, "lang", "keep" },
	{ &easy, NULL, "easy", "above" },
	{ NULL, &marked, "marked", NULL },
};

static void add_option_rules(struct nli_filter *f)
{
	const struct rule_option *last = NULL;
	struct nli_rule *u = NULL;
	struct nli_err err;
	int rc = 0;

	for (size_t i = 0; i < sizeof(rule_options) / sizeof(*rule_options); i++) {
		const struct rule_option *o = &rule_options[i];

		if (o->text ? !*o->text : !*o->flag)
			continue;
		if (!last || strcmp(last->rule, o->rule) != 0)
			rc = nli_filter_add(f, nli_str_of(o->rule), &u, &err);
		if (!rc && o->text)
			rc = nli_rule_set(f, u, nli_str_of(o->param),
					  nli_str_of(*o->text), &err);
		if (rc)
			nli_usage(&tool, "%s", err.msg);
		last = o;
	}
}

static void read_filter(struct nli_filter *f)
{
	struct nli_buf text = { 0 };
	struct nli_err err;
	int rc = nli_input_all(filter_file, FILTER_MAX, &text, &err);

	if (!rc)
		rc = nli_filter_read(f, nli_buf_str(&text), &err);
	nli_buf_release(&text);
	if (rc)
		nli_die("%s: %s", filter_file, err.msg);
}

static void write_filter(const struct nli_filter *f)
{
	struct nli_buf text = { 0 };
	struct nli_err err;

	nli_filter_write(f, &text);
	if (nli_out_file(emit_file, text.data, text.len, &err))
		nli_die("%s", err.msg);
	nli_buf_release(&text);
}

static void tell(struct nli_run *run, const struct nli_ledger *l)
{
	struct nli_jw w = { .b = &run->results, .comma = run->results.len > 0 };
	const char *blind = nli_ledger_blind_rule(l);
	struct nli_buf table = { 0 };

	nli_ledger_json(l, &w);
	if (!quiet) {
		nli_ledger_table(l, &table);
		fwrite(table.data, 1, table.len, stderr);
		nli_buf_release(&table);
	}
	if (blind)
		nli_die("rule %s: no record has what it looks at", blind);
}

int main(int argc, char **argv)
{
	struct nli_filter filter = { 0 };
	struct nli_curate c = { .filter = &filter };
	struct nli_run run;
	struct nli_err err;

	nli_run_start(&run, &tool, argc, argv);
	filter.seed = (uint64_t)nli_common.seed;
	if (drop_easy)
		easy = drop_easy;
	c.drop = (drop || drop_easy) && !mark;
	c.dropped = dropped_file;
	c.decisions = decisions_file;
	if (dropped_file && !c.drop)
		nli_usage(&tool, "--dropped needs --drop: what is marked is all kept");
	if (filter_file)
		read_filter(&filter);
	add_option_rules(&filter);
	if (!filter.n)
		nli_usage(&tool,
			  "no rule: give --filter FILE or a rule such as --easy 0.9");
	if (nli_filter_ready(&filter, &err))
		nli_usage(&tool, "%s", err.msg);
	if (emit_file)
		write_filter(&filter);
	nli_ledger_init(&c.ledger, &filter, by);
	nli_curate_run(&run, &c);
	tell(&run, &c.ledger);
	nli_ledger_release(&c.ledger);
	nli_filter_release(&filter);
	return nli_run_end(&run);
}
