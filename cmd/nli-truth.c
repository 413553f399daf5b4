/*
 * nli-truth - what the label is, how sure that is, and whom to trust, from the
 * labels of many annotators.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/crowd/pipe.h"
#include "lib/crowd/report.h"

static struct nli_truth_opts t = {
	.method = "ds", .repeats = "last", .tol = -1, .smooth = -1
};

static const struct nli_opt opts[] = {
	{ .name = "m:method",
	  .arg = "NAME",
	  .help = "how to infer (METHODS in the manual)",
	  .kind = NLI_OPT_STR,
	  .to = &t.method },
	{ .name = "t:table",
	  .help = "the input is a table, not records",
	  .kind = NLI_OPT_FLAG,
	  .to = &t.table },
	{ .name = "item",
	  .arg = "NAME",
	  .help = "column of the item",
	  .kind = NLI_OPT_STR,
	  .to = &t.names.name[NLI_COL_ITEM] },
	{ .name = "worker",
	  .arg = "NAME",
	  .help = "column of the worker",
	  .kind = NLI_OPT_STR,
	  .to = &t.names.name[NLI_COL_WORKER] },
	{ .name = "label",
	  .arg = "NAME",
	  .help = "column of the label",
	  .kind = NLI_OPT_STR,
	  .to = &t.names.name[NLI_COL_LABEL] },
	{ .name = "time",
	  .arg = "NAME",
	  .help = "column of the time",
	  .kind = NLI_OPT_STR,
	  .to = &t.names.name[NLI_COL_TIME] },
	{ .name = "by",
	  .arg = "FIELD",
	  .help = "report agreement and score by this field or column too",
	  .kind = NLI_OPT_STR,
	  .to = &t.by },
	{ .name = "truth",
	  .arg = "FILE",
	  .help = "table of item and truth to evaluate against",
	  .kind = NLI_OPT_FILE,
	  .to = &t.truth },
	{ .name = "gold",
	  .arg = "FILE",
	  .help = "table of item and truth to learn from",
	  .kind = NLI_OPT_FILE,
	  .to = &t.gold },
	{ .name = "weights",
	  .arg = "FILE",
	  .help = "table of worker and label, a weight, for wmv",
	  .kind = NLI_OPT_FILE,
	  .to = &t.weights },
	{ .name = "repeats",
	  .arg = "last|first|all",
	  .help = "which label of a worker on an item counts",
	  .kind = NLI_OPT_CHOICE,
	  .to = &t.repeats },
	{ .name = "iterations",
	  .arg = "N",
	  .help = "at most; 0 is the method's own",
	  .kind = NLI_OPT_INT,
	  .to = &t.iterations,
	  .hi = 1e6 },
	{ .name = "restarts",
	  .arg = "N",
	  .help = "random starts; 0 is the method's own",
	  .kind = NLI_OPT_INT,
	  .to = &t.restarts,
	  .hi = 1e6 },
	{ .name = "tol",
	  .arg = "X",
	  .help = "what counts as converged; -1 is the method's own",
	  .kind = NLI_OPT_REAL,
	  .to = &t.tol,
	  .lo = -1,
	  .hi = 1 },
	{ .name = "smooth",
	  .arg = "X",
	  .help = "pseudo-labels a cell of ds; -1 is the method's own",
	  .kind = NLI_OPT_REAL,
	  .to = &t.smooth,
	  .lo = -1,
	  .hi = 1e6 },
	{ .name = "w:workers",
	  .arg = "FILE",
	  .help = "write a line a worker there",
	  .kind = NLI_OPT_FILE,
	  .to = &t.workers },
	{ .name = "pairs",
	  .arg = "FILE",
	  .help = "write a line a pair of workers there",
	  .kind = NLI_OPT_FILE,
	  .to = &t.pairs },
	{ .name = "r:report",
	  .arg = "FILE",
	  .help = "write sizes, fit, agreement and score there",
	  .kind = NLI_OPT_FILE,
	  .to = &t.report },
	{ .name = "n:no-items",
	  .help = "write the report to the output, and no items",
	  .kind = NLI_OPT_FLAG,
	  .to = &t.no_items },
	NLI_OPT_COMMON,
};

static const struct nli_tool tool = {
	"nli-truth", "[options] [file ...]",
	"Infer the true label of each item from many annotators' labels. Input: records\n"
	"with \"annotations\", or a table of item, worker, label.",
	opts
};

int main(int argc, char **argv)
{
	struct nli_run run;

	nli_run_start(&run, &tool, argc, argv);
	nli_truth_run(&run, &t);
	return nli_run_end(&run);
}
