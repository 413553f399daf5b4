/*
 * nli-split - give each record a part of the split, or a fold, so that no group
 * is cut.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/leaks.h"
#include "lib/model/split_plan.h"

static struct nli_split_args args;
static struct nli_leaks_args leak = { .jaccard = 0.6 };
static const char *parts = "train=80%,dev=10%,test=10%";
static bool leaks, annotator_disjoint;

static const struct nli_opt opts[] = {
	{ .name = "p:parts",
	  .arg = "LIST",
	  .help = "parts and their sizes",
	  .kind = NLI_OPT_STR,
	  .to = &parts },
	{ .name = "g:group",
	  .arg = "FIELD",
	  .help = "records with the same value of it stay together; repeatable",
	  .kind = NLI_OPT_LIST,
	  .to = &args.group },
	{ .name = "annotator-disjoint",
	  .help = "no annotator is in two parts",
	  .kind = NLI_OPT_FLAG,
	  .to = &annotator_disjoint },
	{ .name = "k:kfold",
	  .arg = "K",
	  .help = "add fold 0..K-1 in place of a split; 0 is none",
	  .kind = NLI_OPT_INT,
	  .to = &args.split.kfold,
	  .hi = 1000 },
	{ .name = "b:balance",
	  .help = "meet the sizes, rather than never move a record again",
	  .kind = NLI_OPT_FLAG,
	  .to = &args.balance },
	{ .name = "s:stratify",
	  .arg = "FIELD",
	  .help = "balance each value of it over the parts; repeatable: jointly",
	  .kind = NLI_OPT_LIST,
	  .to = &args.stratify },
	{ .name = "holdout",
	  .arg = "FIELD=VALUE",
	  .help = "hold out these records and nothing else; repeatable",
	  .kind = NLI_OPT_LIST,
	  .to = &args.holdout },
	{ .name = "by-date",
	  .arg = "FIELD",
	  .help = "hold out records from the cutoff on",
	  .kind = NLI_OPT_STR,
	  .to = &args.by_date },
	{ .name = "cutoff",
	  .arg = "DATE",
	  .help = "first value of --by-date that is held out",
	  .kind = NLI_OPT_STR,
	  .to = &args.cutoff },
	{ .name = "holdout-part",
	  .arg = "NAME",
	  .help = "where what is held out goes; by default test, or the last",
	  .kind = NLI_OPT_STR,
	  .to = &args.holdout_part },
	{ .name = "respect",
	  .help = "keep the split of groups that it does not cut",
	  .kind = NLI_OPT_FLAG,
	  .to = &args.respect },
	{ .name = "fix",
	  .help = "move groups that are cut to where most of them is",
	  .kind = NLI_OPT_FLAG,
	  .to = &args.fix },
	{ .name = "l:leaks",
	  .help = "tell what the parts have in common; records stay where they are",
	  .kind = NLI_OPT_FLAG,
	  .to = &leaks },
	{ .name = "as-is",
	  .help = "for --leaks, case, punctuation and width count",
	  .kind = NLI_OPT_FLAG,
	  .to = &leak.as_is },
	{ .name = "jaccard",
	  .arg = "J",
	  .help = "what is near for --leaks",
	  .kind = NLI_OPT_REAL,
	  .to = &leak.jaccard,
	  .lo = 0.25,
	  .hi = 1 },
	{ .name = "memory",
	  .arg = "SIZE",
	  .help = "for --leaks, keep to so many bytes (K, M, G), the rest on disk",
	  .kind = NLI_OPT_SIZE,
	  .to = &leak.memory,
	  .lo = 1 << 24,
	  .hi = 0x1p62,
	  .local = true },
	{ .name = "fail-if",
	  .arg = "COND",
	  .help = "exit 3 if it holds, as leaks.pair>0; with --leaks",
	  .kind = NLI_OPT_STR,
	  .to = &leak.fail_if },
	NLI_OPT_COMMON,
};

static const struct nli_tool tool = { "nli-split", "[options] [file ...]",
				      "Give each record a part of the split, or a fold, "
				      "so that no group is cut; or tell\n"
				      "what the parts of a split have in common.",
				      opts };

static void *buffer_new(void *ctx)
{
	(void)ctx;
	return nli_xcalloc(1, sizeof(struct nli_buf));
}

static void buffer_free(void *ctx, void *buffer)
{
	(void)ctx;
	nli_buf_release(buffer);
	free(buffer);
}

static int on_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		     struct nli_err *err)
{
	return nli_split_record(ctx, r, w->scratch, w->out, err);
}

static void add_group(const char *field)
{
	struct nli_opt_list *g = &args.group;

	nli_grow(&g->v, &g->cap, g->n + 1, sizeof(*g->v));
	g->v[g->n++] = field;
}

static void read_options(void)
{
	struct nli_err err;
	const char *wrong = leak.fail_if ? nli_leaks_check(leak.fail_if) : NULL;

	if (wrong)
		nli_usage(&tool, "--fail-if is \"%s\", wanted %s", leak.fail_if, wrong);
	if (leak.fail_if && !leaks)
		nli_usage(&tool, "--fail-if judges what --leaks tells");
	if (leaks && args.fix)
		nli_usage(&tool, "--leaks tells and --fix changes: one after the other");
	if (nli_parts_parse(&args.split.parts, parts, &err))
		nli_usage(&tool, "--parts: %s", err.msg);
	if (nli_split_check(&args, &err))
		nli_usage(&tool, "%s", err.msg);
	if (!args.group.n)
		add_group("group");
	if (annotator_disjoint)
		add_group("annotator");
	args.split.group = args.group.v[0];
	args.split.seed = (uint64_t)nli_common.seed;
}

int main(int argc, char **argv)
{
	const struct nli_record_pass pass = { .ctx = &args.split,
					      .record = on_record,
					      .scratch_new = buffer_new,
					      .scratch_free = buffer_free };
	struct nli_run run;

	nli_run_start(&run, &tool, argc, argv);
	read_options();
	if (leaks)
		nli_leaks_run(&run, &leak);
	else if (nli_split_needs_all(&args))
		nli_split_run(&run, &args);
	else
		nli_records_map(&run, &pass);
	return nli_run_end(&run);
}
