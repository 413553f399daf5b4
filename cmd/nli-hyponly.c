/*
 * nli-hyponly - how much of the label can be had without the premise: partial-
 * input models, each record scored by one that never saw its group.
 */
#include <string.h>

#include "lib/model/audit.h"

static struct nli_audit_opts o;
static int64_t folds = 10;
static bool quiet;
static struct nli_opt_list inputs, train;

static const struct nli_opt opts[] = {
	{ .name = "i:input",
	  .arg = "NAME",
	  .help = "hypothesis, premise, choices, length, overlap, position, shuffled or "
		  "both; again for more (hypothesis)",
	  .kind = NLI_OPT_LIST,
	  .to = &inputs },
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

int main(int argc, char **argv)
{
	struct nli_record_pass reader;
	struct nli_pass writer;
	struct nli_run run;
	struct nli_err err;
	struct nli_audit *a;
	struct nli_jw w = { .b = &run.results };

	o = nli_audit_usual;
	nli_run_start(&run, &tool, argc, argv);
	read_inputs();
	o.fit.n_fold = (size_t)folds;
	o.fit.jobs = nli_common.jobs;
	o.seed = (uint64_t)nli_common.seed;
	a = nli_audit_new(&o);
	for (size_t i = 0; i < train.n; i++) {
		char *file[] = { (char *)(uintptr_t)train.v[i], NULL };

		nli_audit_reader(a, true, &reader);
		nli_records_side(&run, file, &reader);
	}
	nli_audit_reader(a, false, &reader);
	nli_records_scan(&run, &reader);
	if (nli_audit_fit(a, &err))
		nli_die("%s", err.msg);
	nli_audit_writer(a, &writer);
	nli_run_emit(&run, &writer);
	nli_audit_results(a, &w);
	if (!quiet)
		say_words(a);
	nli_audit_free(a);
	return nli_run_end(&run);
}
