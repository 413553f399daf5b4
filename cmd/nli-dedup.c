/*
 * nli-dedup - find records that say the same, exactly or nearly, with the same
 * label or another, here or in other corpora.
 */
#include <string.h>

#include "lib/model/dedup_run.h"
#include "lib/text/norm.h"

static struct nli_dedup_args args = {
	.opts = { .jaccard = 0.6, .edits = 1, .ngram = 8 },
};
static const char *by = "pair", *keep = "annotated", *conflicts = "mark";
static bool keep_case, keep_marks, keep_width;

static const struct nli_opt opts[] = {
	{ .name = "b:by",
	  .arg = "LIST",
	  .help = "what to compare: pair, premise, hypothesis, choices",
	  .kind = NLI_OPT_STR,
	  .to = &by },
	{ .name = "x:exact",
	  .help = "exact duplicates alone",
	  .kind = NLI_OPT_FLAG,
	  .to = &args.opts.exact },
	{ .name = "t:jaccard",
	  .arg = "J",
	  .help = "near is a similarity of at least J",
	  .kind = NLI_OPT_REAL,
	  .to = &args.opts.jaccard,
	  .lo = 0.25,
	  .hi = 1 },
	{ .name = "e:edits",
	  .arg = "N",
	  .help = "tell also of texts that differ by N tokens at most",
	  .kind = NLI_OPT_INT,
	  .to = &args.opts.edits,
	  .hi = 100 },
	{ .name = "join-edits",
	  .help = "these, too, make clusters",
	  .kind = NLI_OPT_FLAG,
	  .to = &args.opts.join_edits },
	{ .name = "p:pairs",
	  .arg = "FILE",
	  .help = "write all pairs that were found there",
	  .kind = NLI_OPT_FILE,
	  .to = &args.pairs },
	{ .name = "keep-case",
	  .help = "upper and lower case differ",
	  .kind = NLI_OPT_FLAG,
	  .to = &keep_case },
	{ .name = "keep-marks",
	  .help = "punctuation differs",
	  .kind = NLI_OPT_FLAG,
	  .to = &keep_marks },
	{ .name = "keep-width",
	  .help = "full-width and half-width forms differ",
	  .kind = NLI_OPT_FLAG,
	  .to = &keep_width },
	{ .name = "d:drop",
	  .help = "let one record of a cluster through",
	  .kind = NLI_OPT_FLAG,
	  .to = &args.opts.drop },
	{ .name = "k:keep",
	  .arg = "annotated|first|longest",
	  .help = "which one represents a cluster",
	  .kind = NLI_OPT_CHOICE,
	  .to = &keep },
	{ .name = "c:conflicts",
	  .arg = "mark|drop|merge",
	  .help = "pairs with several labels: mark, drop, or merge annotations",
	  .kind = NLI_OPT_CHOICE,
	  .to = &conflicts },
	{ .name = "a:against",
	  .arg = "FILE",
	  .help = "mark overlap with this corpus, records or an index; repeatable",
	  .kind = NLI_OPT_FILES,
	  .to = &args.against },
	{ .name = "n:ngram",
	  .arg = "N",
	  .help = "so many tokens in a row are overlap; 0: none",
	  .kind = NLI_OPT_INT,
	  .to = &args.opts.ngram,
	  .hi = 1000 },
	{ .name = "index",
	  .arg = "FILE",
	  .help = "write an index of the input there, for --against",
	  .kind = NLI_OPT_FILE,
	  .to = &args.index },
	{ .name = "memory",
	  .arg = "SIZE",
	  .help = "keep to so many bytes (K, M, G), the rest on disk",
	  .kind = NLI_OPT_SIZE,
	  .to = &args.opts.memory,
	  .lo = 1 << 24,
	  .hi = 0x1p62,
	  .local = true },
	NLI_OPT_COMMON,
};

static const struct nli_tool tool = {
	"nli-dedup", "[options] [file ...]",
	"Find records that say the same: exactly, nearly, or with another label.", opts
};

/* "pair,premise" */
static void parse_by(void)
{
	for (const char *at = by; *at; at += *at == ',') {
		const size_t len = strcspn(at, ",");
		const struct nli_str name = { at, len };
		size_t k = 0;

		while (k < NLI_N_BY && !nli_str_is(name, nli_by_name((enum nli_by)k)))
			k++;
		for (size_t i = 0; i < args.opts.n_by; i++)
			if (args.opts.by[i] == k)
				nli_usage(&tool, "--by names %.*s twice", (int)len, at);
		if (k == NLI_N_BY)
			nli_usage(&tool,
				  "--by is \"%.*s\", wanted pair, premise, hypothesis or "
				  "choices",
				  (int)len, at);
		args.opts.by[args.opts.n_by++] = (enum nli_by)k;
		at += len;
	}
	if (!args.opts.n_by)
		nli_usage(&tool, "--by is empty");
}

int main(int argc, char **argv)
{
	struct nli_run run;

	nli_run_start(&run, &tool, argc, argv);
	parse_by();
	args.opts.match = (keep_case ? 0 : (unsigned)NLI_MATCH_CASE) |
			  (keep_marks ? 0 : (unsigned)NLI_MATCH_PUNCT) |
			  (keep_width ? 0 : (unsigned)NLI_MATCH_WIDTH);
	args.opts.keep = *keep == 'a'   ? NLI_KEEP_ANNOTATED
			 : *keep == 'f' ? NLI_KEEP_FIRST
					: NLI_KEEP_LONGEST;
	args.opts.conflicts = !strcmp(conflicts, "mark")   ? NLI_CONFLICTS_MARK
			      : !strcmp(conflicts, "drop") ? NLI_CONFLICTS_DROP
							   : NLI_CONFLICTS_MERGE;
	if (!args.against.n)
		args.opts.ngram = 0; /* nothing to find rows of tokens in */
	args.opts.pairs = args.pairs;
	args.opts.no_texts = args.opts.exact && !args.opts.ngram;
	args.opts.no_forms = args.opts.no_texts && !args.index;
	args.opts.jobs = (unsigned)nli_common.jobs;
	nli_dedup_run(&run, &args);
	return nli_run_end(&run);
}
