/*
 * nli-hyponly - how much of the label can be had without the premise: partial-
 * input models, each record scored by one that never saw its group.
 */
#include <string.h>

#include "lib/io/input.h"
#include "lib/io/share.h"
#include "lib/model/audit.h"
#include "lib/model/preds.h"

static struct nli_audit_opts o;
static int64_t folds = 10, word_n = 2, min_count = 2, permutations = 199;
static const char *chars = "auto", *within = "all", *kind = "logit";
static const char *model_in, *model_out, *langs;
static int64_t explain;
static bool quiet;
static struct nli_opt_list inputs, by, train, preds, columns;
static const char *order;

static const struct nli_opt opts[] = {
	{ .name = "i:input",
	  .arg = "NAME",
	  .help = "hypothesis, premise, choices, length, overlap, position, shuffled or "
		  "both; again for more (hypothesis)",
	  .kind = NLI_OPT_LIST,
	  .to = &inputs },
	{ .name = "b:by",
	  .arg = "FIELD",
	  .help = "repeat the audit inside each value of it, such as meta.genre; again "
		  "for more",
	  .kind = NLI_OPT_LIST,
	  .to = &by },
	{ .name = "k:folds",
	  .arg = "K",
	  .help = "folds of the cross-fitting",
	  .kind = NLI_OPT_INT,
	  .to = &folds,
	  .lo = 2,
	  .hi = NLI_MAX_FOLD },
	{ .name = "group",
	  .arg = "FIELD",
	  .help = "records with the same value of it are never in two folds",
	  .kind = NLI_OPT_STR,
	  .to = &o.group },
	{ .name = "fold",
	  .arg = "FIELD",
	  .help = "take the fold of each record from this field",
	  .kind = NLI_OPT_STR,
	  .to = &o.fold_field },
	{ .name = "t:train",
	  .arg = "FILE",
	  .help = "train on it and score the operands; again for more",
	  .kind = NLI_OPT_FILES,
	  .to = &train },
	{ .name = "words",
	  .arg = "N",
	  .help = "longest n-gram of words; 0 is none",
	  .kind = NLI_OPT_INT,
	  .to = &word_n,
	  .hi = 3 },
	{ .name = "chars",
	  .arg = "LO-HI",
	  .help = "lengths of character n-grams inside words; 0 is none; auto is 3-5 up "
		  "to "
		  "100,000 texts",
	  .kind = NLI_OPT_STR,
	  .to = &chars },
	{ .name = "min-count",
	  .arg = "N",
	  .help = "features in fewer records are left out",
	  .kind = NLI_OPT_INT,
	  .to = &min_count,
	  .lo = 1,
	  .hi = 1e9 },
	{ .name = "tol",
	  .arg = "NATS",
	  .help = "duality gap a record at which training has converged",
	  .kind = NLI_OPT_REAL,
	  .to = &o.fit.tol,
	  .lo = 1e-6,
	  .hi = 1 },
	{ .name = "model",
	  .arg = "logit|nb",
	  .help = "logistic regression, or naive Bayes as the cheap floor",
	  .kind = NLI_OPT_CHOICE,
	  .to = &kind },
	{ .name = "model-out",
	  .arg = "FILE",
	  .help = "keep the model that --train made",
	  .kind = NLI_OPT_FILE,
	  .to = &model_out },
	{ .name = "model-in",
	  .arg = "FILE",
	  .help = "score by a model that was kept, record by record",
	  .kind = NLI_OPT_FILE,
	  .to = &model_in },
	{ .name = "explain",
	  .arg = "N",
	  .help = "name the N features that speak most for each prediction",
	  .kind = NLI_OPT_INT,
	  .to = &explain,
	  .hi = 1000 },
	{ .name = "bias",
	  .help = "write log-probabilities and weights for debiased training",
	  .kind = NLI_OPT_FLAG,
	  .to = &o.bias },
	{ .name = "gamma",
	  .arg = "G",
	  .help = "exponent of the focal weight of --bias",
	  .kind = NLI_OPT_REAL,
	  .to = &o.gamma,
	  .hi = 100 },
	{ .name = "normalise",
	  .help = "divide the weights of --bias by their mean",
	  .kind = NLI_OPT_FLAG,
	  .to = &o.normalise },
	{ .name = "langs",
	  .arg = "DIR",
	  .help = "folder of language packs, in place of the suite's own",
	  .kind = NLI_OPT_FILE,
	  .to = &langs },
	{ .name = "permutations",
	  .arg = "N",
	  .help = "draws of the permutation test; 0 is none",
	  .kind = NLI_OPT_INT,
	  .to = &permutations,
	  .hi = 1e6 },
	{ .name = "permute",
	  .arg = "all|by",
	  .help = "labels change places among all records, or inside the values of the "
		  "first --by",
	  .kind = NLI_OPT_CHOICE,
	  .to = &within },
	{ .name = "easy",
	  .arg = "P",
	  .help = "easy is p(gold) of at least P, not the right prediction",
	  .kind = NLI_OPT_REAL,
	  .to = &o.easy,
	  .hi = 1 },
	{ .name = "hard",
	  .arg = "P",
	  .help = "hard is p(gold) of at most P, not a wrong prediction",
	  .kind = NLI_OPT_REAL,
	  .to = &o.hard,
	  .hi = 1 },
	{ .name = "preds",
	  .arg = "FILE",
	  .help = "tell a model's accuracy on all, easy, hard; repeatable",
	  .kind = NLI_OPT_FILES,
	  .to = &preds },
	{ .name = "pred-column",
	  .arg = "NAME",
	  .help = "column of --preds with predictions; again for more",
	  .kind = NLI_OPT_LIST,
	  .to = &columns },
	{ .name = "label-order",
	  .arg = "A,B,C",
	  .help = "the labels that 0, 1, 2 in --preds stand for",
	  .kind = NLI_OPT_STR,
	  .to = &order },
	{ .name = "q:quiet",
	  .help = "do not say the verdicts on stderr",
	  .kind = NLI_OPT_FLAG,
	  .to = &quiet,
	  .local = true },
	NLI_OPT_COMMON,
};

static const struct nli_tool tool = {
	"nli-hyponly", "[options] [file ...]",
	"Score each record by models that see only a part of it and never saw its group.",
	opts
};

static void read_inputs(void)
{
	for (size_t i = 0; i < inputs.n; i++) {
		const int in = nli_partial_of(inputs.v[i]);

		if (in < 0)
			nli_usage(&tool,
				  "--input is \"%s\", wanted one of those of --help",
				  inputs.v[i]);
		for (size_t k = 0; k < o.n_input; k++)
			if (o.input[k] == (enum nli_partial)in)
				nli_usage(&tool, "--input %s is given twice",
					  inputs.v[i]);
		o.input[o.n_input++] = (enum nli_partial)in;
	}
	if (!o.n_input)
		o.input[o.n_input++] = NLI_IN_HYPOTHESIS;
}

/* "LO-HI", digits such as 3-5. */
static bool read_range(const char *text, int *lo, int *hi)
{
	*lo = text[0] - '0';
	*hi = text[0] && text[1] ? text[2] - '0' : 0;
	return *lo >= 1 && *lo <= *hi && *hi <= 9 && text[1] == '-' && !text[3];
}

static void read_features(void)
{
	o.feat.word_n = (int)word_n;
	o.min_count = (uint32_t)min_count;
	if (!strcmp(chars, "0"))
		o.feat.char_lo = o.feat.char_hi = 0;
	else if (strcmp(chars, "auto")) {
		o.char_rows = SIZE_MAX;
		if (!read_range(chars, &o.feat.char_lo, &o.feat.char_hi))
			nli_usage(
				&tool,
				"--chars is \"%s\", wanted auto, 0 or LO-HI such as 3-5",
				chars);
	}
	if (!word_n && !o.feat.char_hi)
		nli_usage(&tool, "--words 0 and --chars 0 leave nothing to see");
}

static void read_fields(void)
{
	if (by.n > NLI_MAX_BY)
		nli_usage(&tool, "%zu times --by, wanted at most %d", by.n, NLI_MAX_BY);
	for (; o.n_by < by.n; o.n_by++)
		o.by[o.n_by] = by.v[o.n_by];
	o.stratify = !strcmp(within, "by");
	if (o.stratify && !o.n_by)
		nli_usage(&tool, "--permute by needs --by");
}

static void say_words(const struct nli_audit *a)
{
	struct nli_buf words = { 0 };

	nli_audit_words(a, &words);
	for (char *at = words.data, *end; at && (end = strchr(at, '\n')); at = end + 1) {
		*end = '\0';
		nli_warn("%s", at);
	}
	nli_buf_release(&words);
}

static bool needs_langs(void)
{
	for (size_t k = 0; k < o.n_input; k++)
		if (o.input[k] == NLI_IN_OVERLAP || o.input[k] == NLI_IN_SHUFFLED ||
		    o.input[k] == NLI_IN_BOTH)
			return true;
	return model_in != NULL;
}

static void open_langs(void)
{
	struct nli_buf dir = { 0 };
	struct nli_err err;

	if (!needs_langs())
		return;
	if ((!langs && nli_share_dir("langs", &dir, &err)) ||
	    nli_langs_new(&o.langs, langs ? langs : dir.data, &err))
		nli_die("%s", err.msg);
	nli_buf_release(&dir);
}

static void check_modes(void)
{
	if (model_out && !train.n)
		nli_usage(&tool, "--model-out needs --train");
	if (preds.n && (train.n || model_in || inputs.n || by.n))
		nli_usage(&tool, "--preds reads records that are scored: no --train, "
				 "--model-in, --input or --by");
	if (o.normalise && !o.bias)
		nli_usage(&tool, "--normalise needs --bias");
	if (model_in && (train.n || inputs.n || by.n || o.group || o.fold_field))
		nli_usage(&tool, "--model-in says what the model sees and how it was "
				 "trained: no --train, --input, --by, --group or --fold");
	if (model_in && o.normalise)
		nli_usage(&tool, "--normalise needs all records before the first is "
				 "written, and --model-in takes one at a time");
}

static void read_options(void)
{
	check_modes();
	read_inputs();
	read_features();
	read_fields();
	open_langs();
	o.bayes = !strcmp(kind, "nb");
	o.explain = (size_t)explain;
	/* Between files the verdict is another test's: the summary alone tells of this one. */
	o.permute.n_perm = train.n && !nli_common.summary ? 0 : (size_t)permutations;
	o.mdl = o.fit.check = nli_common.summary != NULL;
	o.fit.n_fold = (size_t)folds;
	o.fit.jobs = nli_common.jobs;
	o.seed = (uint64_t)nli_common.seed;
}

static void keep_model(struct nli_run *run, const struct nli_audit *a)
{
	struct nli_out *to = nli_run_side_open(run, model_out);
	struct nli_buf saved = { 0 };
	struct nli_err err;

	nli_audit_save(a, &saved);
	if (nli_out_write(to, saved.data, saved.len, &err))
		nli_die("%s", err.msg);
	nli_buf_release(&saved);
}

/* Train, score, measure: everything is seen before anything is written. */
static void audit(struct nli_run *run, struct nli_audit *a)
{
	struct nli_record_pass reader;
	struct nli_pass writer;
	struct nli_err err;
	struct nli_jw w = { .b = &run->results };

	for (size_t i = 0; i < train.n; i++) {
		char *file[] = { (char *)(uintptr_t)train.v[i], NULL };

		nli_audit_reader(a, true, &reader);
		nli_records_side(run, file, &reader);
	}
	nli_audit_reader(a, false, &reader);
	nli_records_scan(run, &reader);
	if (nli_audit_fit(a, &err))
		nli_die("%s", err.msg);
	if (explain) {
		nli_audit_explaining_writer(a, &reader);
		nli_records_emit(run, &reader);
	} else {
		nli_audit_writer(a, &writer);
		nli_run_emit(run, &writer);
	}
	nli_audit_results(a, &w);
	if (!quiet)
		say_words(a);
	if (model_out)
		keep_model(run, a);
}

static void score(struct nli_run *run, struct nli_audit *a)
{
	struct nli_record_pass mapper;
	struct nli_buf saved = { 0 };
	struct nli_err err;
	struct nli_jw w = { .b = &run->results };

	if (nli_input_all(model_in, SIZE_MAX, &saved, &err) ||
	    nli_audit_load(a, nli_buf_str(&saved), &err))
		nli_die("%s: %s", model_in, err.msg);
	nli_buf_release(&saved);
	nli_audit_mapper(a, &mapper);
	nli_records_map(run, &mapper);
	nli_audit_tallies(a, &w);
}

/* What comes out are the figures, not the records. */
static void evaluate(struct nli_run *run)
{
	const struct nli_preds_opts how = { order, columns.v, columns.n };
	struct nli_jw w = { .b = &run->results };
	struct nli_record_pass reader;
	struct nli_preds *p;
	struct nli_buf out = { 0 };
	struct nli_err err;

	if (nli_preds_new(&p, &how, &err))
		nli_usage(&tool, "%s", err.msg);
	nli_preds_reader(p, &reader);
	nli_records_map(run, &reader);
	for (size_t i = 0; i < preds.n; i++)
		if (nli_preds_file(p, run, preds.v[i], &out, &err))
			nli_die("%s: %s", preds.v[i], err.msg);
	nli_run_write(run, nli_buf_str(&out));
	nli_jw_key(&w, "preds");
	nli_jw_open(&w, '[');
	for (char *at = out.data, *end; at && (end = strchr(at, '\n')); at = end + 1)
		nli_jw_raw(&w, (struct nli_str){ at, (size_t)(end - at) });
	nli_jw_close(&w, ']');
	nli_buf_release(&out);
	nli_preds_free(p);
}

int main(int argc, char **argv)
{
	struct nli_run run;
	struct nli_audit *a;

	o = nli_audit_usual;
	nli_run_start(&run, &tool, argc, argv);
	read_options();
	if (preds.n) {
		evaluate(&run);
		return nli_run_end(&run);
	}
	a = nli_audit_new(&o);
	if (model_in)
		score(&run, a);
	else
		audit(&run, a);
	nli_audit_free(a);
	nli_langs_free(o.langs);
	return nli_run_end(&run);
}
