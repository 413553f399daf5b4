/*
 * nli-adversarial - make examples whose labels can be trusted from those that
 * are there.
 */
#include <stddef.h>

#include "lib/edit/lintlang.h"
#include "lib/edit/method.h"
#include "lib/io/share.h"
#include "lib/model/cuebalance.h"

static struct nli_edit_args args = {
	.task = "nli2",
	.lambda = 0.5,
	.count = 1000,
	.cues = "word,bigram,negation,quantifier,number,length,containment",
	.q = 0.05,
	.from = 2,
	.slack = 2,
	.min_count = 20
};
static const char *lint_lang;

static const struct nli_opt opts[] = {
	{ .name = "m:method",
	  .arg = "LIST",
	  .help = "what to make, as to-nli; repeatable",
	  .kind = NLI_OPT_LIST,
	  .to = &args.method },
	{ .name = "k:keep",
	  .help = "the input passes through too, each before what is made of it",
	  .kind = NLI_OPT_FLAG,
	  .to = &args.keep },
	{ .name = "max",
	  .arg = "N",
	  .help = "make at most N of a record by a method; 0: any number",
	  .kind = NLI_OPT_INT,
	  .to = &args.max,
	  .hi = 1000000 },
	{ .name = "langs",
	  .arg = "DIR",
	  .help = "language packs; by default those that came with the tools",
	  .kind = NLI_OPT_FILE,
	  .to = &args.langs },
	{ .name = "per-rule",
	  .arg = "N",
	  .help = "make at most N of a record by a rule; 0: any number",
	  .kind = NLI_OPT_INT,
	  .to = &args.per_rule,
	  .hi = 1000000 },
	{ .name = "lint-lang",
	  .arg = "FILE",
	  .help = "check a language pack instead: its patterns, examples, inverses",
	  .kind = NLI_OPT_FILE,
	  .to = &lint_lang },
	{ .name = "task",
	  .arg = "nli2|nli",
	  .help = "to-nli: two labels, or three as far as they are proved",
	  .kind = NLI_OPT_CHOICE,
	  .to = &args.task },
	{ .name = "within",
	  .arg = "FIELD",
	  .help = "match: only among items with the same value of it; repeatable",
	  .kind = NLI_OPT_LIST,
	  .to = &args.within },
	{ .name = "scores",
	  .arg = "FILE",
	  .help = "match: relevance and similarity of pairs from there",
	  .kind = NLI_OPT_FILE,
	  .to = &args.scores },
	{ .name = "lambda",
	  .arg = "X",
	  .help = "match: weight of dissimilarity beside relevance",
	  .kind = NLI_OPT_REAL,
	  .to = &args.lambda,
	  .hi = 100 },
	{ .name = "topic",
	  .arg = "FIELD",
	  .help = "neutral: what a pair is about, as meta.topic",
	  .kind = NLI_OPT_STR,
	  .to = &args.topic },
	{ .name = "raw",
	  .arg = "FILE",
	  .help = "neutral: sentences, a line each; repeatable",
	  .kind = NLI_OPT_FILES,
	  .to = &args.raw },
	{ .name = "strict",
	  .help = "neutral: leave the label to people",
	  .kind = NLI_OPT_FLAG,
	  .to = &args.strict },
	{ .name = "count",
	  .arg = "N",
	  .help = "hans: pairs of each heuristic and label",
	  .kind = NLI_OPT_INT,
	  .to = &args.count,
	  .lo = 1,
	  .hi = 1000000 },
	{ .name = "lang",
	  .arg = "TAG",
	  .help = "hans: the language (en); repeatable",
	  .kind = NLI_OPT_LIST,
	  .to = &args.lang },
	{ .name = "cues",
	  .arg = "LIST",
	  .help = "balance: families of cues, as nli-cues names them",
	  .kind = NLI_OPT_STR,
	  .to = &args.cues },
	{ .name = "q:max-q",
	  .arg = "Q",
	  .help = "balance: what nli-cues lists at this q must go",
	  .kind = NLI_OPT_REAL,
	  .to = &args.q,
	  .hi = 1 },
	{ .name = "n:min-count",
	  .arg = "N",
	  .help = "balance: texts a feature must be in to be tested",
	  .kind = NLI_OPT_INT,
	  .to = &args.min_count,
	  .lo = 2,
	  .hi = 1e9 },
	{ .name = "from",
	  .arg = "Z",
	  .help = "balance: and every feature with a z of at least Z is held",
	  .kind = NLI_OPT_REAL,
	  .to = &args.from,
	  .hi = 1e6 },
	{ .name = "slack",
	  .arg = "Z",
	  .help = "balance: down to a z of at most Z",
	  .kind = NLI_OPT_REAL,
	  .to = &args.slack,
	  .hi = 10 },
	{ .name = "candidates",
	  .arg = "FILE",
	  .help = "balance: records that may be added",
	  .kind = NLI_OPT_FILE,
	  .to = &args.candidates },
	{ .name = "dropped",
	  .arg = "FILE",
	  .help = "balance: dropped records go there",
	  .kind = NLI_OPT_FILE,
	  .to = &args.dropped },
	NLI_OPT_COMMON,
};

static const struct nli_tool tool = {
	"nli-adversarial", "-m LIST [options] [file ...]",
	"Make examples whose labels can be trusted from those that are there.", opts
};

/* Complaints are the output; any means 1. */
static void lint(struct nli_run *run)
{
	struct nli_lint_counts n = { 0 };
	struct nli_buf rng = { 0 }, out = { 0 };
	struct nli_jw w = { .b = &run->results };

	nli_buf_addf(&rng, "%s/langpack.rng", args.langs);
	nli_lint_lang(lint_lang, rng.data, &out, &n);
	nli_run_write(run, nli_buf_str(&out));
	nli_lint_write(&n, &w);
	run->status = n.complaints ? 1 : 0;
	nli_buf_release(&rng);
	nli_buf_release(&out);
}

int main(int argc, char **argv)
{
	struct nli_buf langs = { 0 };
	struct nli_run run;
	struct nli_err err;
	const char *wrong;

	nli_run_start(&run, &tool, argc, argv);
	if (!args.langs) {
		if (nli_share_dir("langs", &langs, &err))
			nli_die("%s", err.msg);
		args.langs = langs.data;
	}
	if ((wrong = nli_cue_families_check(args.cues)))
		nli_usage(&tool, "--cues is \"%s\", wanted %s", args.cues, wrong);
	args.seed = (uint64_t)nli_common.seed;
	args.jobs = (unsigned)nli_common.jobs;
	if (lint_lang)
		lint(&run);
	else
		nli_edit_run(&run, &args);
	nli_buf_release(&langs);
	return nli_run_end(&run);
}
