/*
 * nli-cues - which words, pairs of words, lengths and overlaps give a label
 * away, with what that proves.
 */
#include <stdlib.h>

#include "lib/io/input.h"
#include "lib/io/share.h"
#include "lib/model/cues.h"

static struct nli_cues_input input = { .text = "hypothesis" };
static struct nli_cues_params params = { .smooth = 100, .alpha = 0.05, .pairs = true };
static struct nli_opt_list tags;
static int64_t min_count = 20, memory = 256, top = 20;
static double max_q = 1;
static const char *prior = "empirical", *langs;
static bool table, partial, merge, no_pairs;

static const struct nli_opt opts[] = {
	{ .name = "k:smooth",
	  .arg = "K",
	  .help = "what PMI adds to each count",
	  .kind = NLI_OPT_REAL,
	  .to = &params.smooth,
	  .hi = 1e9 },
	{ .name = "n:min-count",
	  .arg = "N",
	  .help = "texts a feature must be in to be tested",
	  .kind = NLI_OPT_INT,
	  .to = &min_count,
	  .lo = 2,
	  .hi = 1e9 },
	{ .name = "prior",
	  .arg = "empirical|uniform",
	  .help = "chance is the label's share, or 1/K",
	  .kind = NLI_OPT_CHOICE,
	  .to = &prior },
	{ .name = "q:max-q",
	  .arg = "Q",
	  .help = "list cues with a Benjamini-Hochberg q of at most Q",
	  .kind = NLI_OPT_REAL,
	  .to = &max_q,
	  .hi = 1 },
	{ .name = "alpha",
	  .arg = "A",
	  .help = "level at which a cue is found, and found again in the other half",
	  .kind = NLI_OPT_REAL,
	  .to = &params.alpha,
	  .lo = 1e-12,
	  .hi = 0.5 },
	{ .name = "text",
	  .arg = "hypothesis|premise",
	  .help = "the text whose words are counted",
	  .kind = NLI_OPT_CHOICE,
	  .to = &input.text },
	{ .name = "no-bigrams",
	  .help = "leave pairs of neighbouring tokens out",
	  .kind = NLI_OPT_FLAG,
	  .to = &no_pairs },
	{ .name = "by",
	  .arg = "FIELD",
	  .help = "test each cue across the values of FIELD too",
	  .kind = NLI_OPT_STR,
	  .to = &input.by },
	{ .name = "tag",
	  .arg = "FIELD",
	  .help = "the values of FIELD are features; may be given again",
	  .kind = NLI_OPT_LIST,
	  .to = &tags },
	{ .name = "annotator",
	  .arg = "FIELD",
	  .help = "who gave the label, in place of \"annotations\"",
	  .kind = NLI_OPT_STR,
	  .to = &input.annotator },
	{ .name = "langs",
	  .arg = "DIR",
	  .help = "folder of language packs, in place of the suite's own",
	  .kind = NLI_OPT_FILE,
	  .to = &langs },
	{ .name = "t:table",
	  .help = "print a table for people",
	  .kind = NLI_OPT_FLAG,
	  .to = &table },
	{ .name = "top",
	  .arg = "N",
	  .help = "cues of each label in the table",
	  .kind = NLI_OPT_INT,
	  .to = &top,
	  .hi = 1e9 },
	{ .name = "partial",
	  .help = "write the counts, for --merge",
	  .kind = NLI_OPT_FLAG,
	  .to = &partial },
	{ .name = "merge",
	  .help = "operands are counts that --partial wrote",
	  .kind = NLI_OPT_FLAG,
	  .to = &merge },
	{ .name = "memory",
	  .arg = "MIB",
	  .help = "memory that counting pairs may take at a time",
	  .kind = NLI_OPT_INT,
	  .to = &memory,
	  .lo = 1,
	  .hi = 1e6,
	  .local = true },
	NLI_OPT_COMMON,
};

static const struct nli_tool tool = {
	"nli-cues", "[options] [file ...]",
	"Say which words, pairs of words, lengths and overlaps give a label away.", opts
};

static void *reader_new(void *ctx)
{
	return nli_cues_reader_new(ctx);
}

static void reader_free(void *ctx, void *reader)
{
	(void)ctx;
	nli_cues_reader_free(reader);
}

static int on_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		     struct nli_err *err)
{
	(void)ctx;
	return nli_cues_read(w->scratch, r, w->out, err);
}

static int take(void *ctx, struct nli_str digests, uint64_t kept, struct nli_err *err)
{
	(void)kept;
	return nli_cues_take(ctx, digests, err);
}

static void read_records(struct nli_run *run, struct nli_cues *cues)
{
	const bool fields = input.by || tags.n || input.annotator;
	const struct nli_record_pass pass = { .ctx = cues,
					      .record = on_record,
					      .scratch_new = reader_new,
					      .scratch_free = reader_free,
					      .commit = take,
					      .want = fields ? NLI_WANT_ALL
							     : NLI_WANT_VOTES };

	nli_records_map(run, &pass);
}

static void read_counts(struct nli_run *run, struct nli_cues *cues)
{
	struct nli_buf saved = { 0 };
	struct nli_err err;

	for (char **f = run->files; *f; f++) {
		nli_buf_clear(&saved);
		if (nli_input_all(*f, SIZE_MAX, &saved, &err) ||
		    nli_cues_load(cues, nli_buf_str(&saved), &err))
			nli_die("%s: %s", *f, err.msg);
	}
	nli_buf_release(&saved);
	run->in = run->kept = nli_cues_items(cues) + nli_cues_unlabelled(cues);
}

static int write_rows(void *ctx, struct nli_str lines, struct nli_err *err)
{
	(void)err;
	nli_run_write(ctx, lines);
	return 0;
}

static void report(struct nli_run *run, const struct nli_cues *cues)
{
	struct nli_cues_result *result;
	struct nli_buf out = { 0 };
	struct nli_err err;

	if (nli_cues_compute(cues, &params, &result, &err))
		nli_die("%s", err.msg);
	if (table)
		nli_cues_table(result, (size_t)top, &out);
	else if (nli_cues_rows(result, max_q, write_rows, run, &err))
		nli_die("%s", err.msg);
	nli_run_write(run, nli_buf_str(&out));
	nli_cues_summary(result, &run->results);
	nli_buf_release(&out);
	nli_cues_result_free(result);
}

static void set_up(void)
{
	struct nli_buf dir = { 0 };
	struct nli_err err;

	if ((!langs && nli_share_dir("langs", &dir, &err)) ||
	    nli_langs_new(&input.langs, langs ? langs : dir.data, &err))
		nli_die("%s", err.msg);
	nli_buf_release(&dir);
	input.tag = tags.v;
	input.n_tag = tags.n;
	params.uniform = *prior == 'u';
	params.pairs = !no_pairs;
	params.min_count = (uint64_t)min_count;
	params.memory = (size_t)memory << 20;
	params.seed = (uint64_t)nli_common.seed;
}

int main(int argc, char **argv)
{
	struct nli_buf saved = { 0 };
	struct nli_cues *cues;
	struct nli_run run;

	nli_run_start(&run, &tool, argc, argv);
	if (tags.n > NLI_CUES_MAX_TAG)
		nli_usage(&tool, "--tag %zu times, wanted at most %d", tags.n,
			  NLI_CUES_MAX_TAG);
	set_up();
	cues = nli_cues_new(&input);
	if (merge)
		read_counts(&run, cues);
	else
		read_records(&run, cues);
	if (partial) {
		nli_cues_save(cues, &saved);
		nli_run_write(&run, nli_buf_str(&saved));
		nli_buf_release(&saved);
	} else {
		report(&run, cues);
	}
	nli_cues_free(cues);
	nli_langs_free(input.langs);
	return nli_run_end(&run);
}
