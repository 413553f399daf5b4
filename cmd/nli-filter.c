/*
 * nli-filter - decide which records stay, and say why the others go.
 *
 * The rules are lib/model/filter*.c; here stand the options and how they make
 * rules.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/io/input.h"
#include "lib/model/curate.h"
#include "lib/model/filter_options.h"

enum { FILTER_MAX = 64 << 20 };

static bool drop, mark, quiet, audit, again;
static const char *filter_file, *emit_file, *dropped_file, *decisions_file, *by;
static const char *unmatched_file;

/* Values of rules, as text: nli_rule_set() reads them and says what is wrong. */
static const char *lang, *posterior, *entropy, *votes, *annotator, *workers, *words,
	*premise_words, *overlap, *cue, *easy, *drop_easy, *easy_top, *blind,
	*blind_model, *pass, *model, *reward, *join, *max_age, *penalty, *group, *band,
	*useful, *gamma_, *lengths, *within, *sample, *weight;
static bool marked, duplicate, conflict, leak, pools, zero_variance, balance, shares;
static struct nli_opt_list where, quota, rollout_files;

#define TEXT(name, arg, help, to_)                       \
	{                                                \
		name, arg, help, NLI_OPT_STR, .to = &to_ \
	}
#define FLAG(name, help, to_)                              \
	{                                                  \
		name, NULL, help, NLI_OPT_FLAG, .to = &to_ \
	}
#define PATH(name, help, to_)                                \
	{                                                    \
		name, "FILE", help, NLI_OPT_FILE, .to = &to_ \
	}

static const struct nli_opt opts[] = {
	PATH("f:filter", "apply the rules of a filter file, then those given here",
	     filter_file),
	FLAG("drop", "remove what a rule hits (else records are marked)", drop),
	FLAG("mark", "mark and keep all, whatever else is said", mark),
	PATH("dropped", "write what is removed there", dropped_file),
	PATH("decisions", "write id, key, keep and reasons of every record there",
	     decisions_file),
	PATH("emit-filter", "write the rules there as a filter file", emit_file),
	FLAG("again", "at the end, cross-fit the partial-input model on what is left",
	     again),
	FLAG("audit", "no rule is needed: count, and say what policies earn", audit),
	TEXT("by", "FIELD", "count in the ledger by the values of a field too", by),
	{ "q:quiet", NULL, "no ledger on stderr", NLI_OPT_FLAG, &quiet, 0, 0, NULL,
	  true },
	FLAG("marked", "hit what an earlier nli-filter said keep: false of", marked),
	TEXT("lang", "LIST", "hit if the language is none of these, such as id,en", lang),
	{ "where", "EXPR",
	  "hit if this, in jq's language, is false or null (may be repeated)",
	  NLI_OPT_LIST, .to = &where },
	FLAG("duplicate", "hit duplicates that nli-dedup would not keep", duplicate),
	FLAG("conflict", "hit duplicates with different labels", conflict),
	FLAG("leak", "hit what nli-dedup found in another file", leak),
	TEXT("posterior", "P", "hit if nli-truth gives the label less than P", posterior),
	TEXT("entropy", "H", "hit if nli-truth's posterior has more entropy (nats)",
	     entropy),
	TEXT("votes", "N", "hit if there are fewer votes", votes),
	TEXT("annotator", "S", "hit if half of the votes are by workers of less skill",
	     annotator),
	PATH("workers", "whose skills: what nli-truth --workers wrote", workers),
	TEXT("length", "LO..HI",
	     "hit if the hypothesis, or a choice, has not as many words", words),
	TEXT("premise-length", "LO..HI", "hit if the premise has not as many words",
	     premise_words),
	TEXT("overlap", "LO..HI",
	     "hit if not such a share of its words is in the premise", overlap),
	PATH("cue", "hit if the hypothesis has a cue for its label: rows of nli-cues",
	     cue),
	TEXT("easy", "P", "hit if the partial-input model gives the label more than P",
	     easy),
	TEXT("drop-easy", "P", "the same as --easy P --drop", drop_easy),
	TEXT("blind", "R",
	     "hit if a policy that sees part of the input earns more than R", blind),
	TEXT("blind-model", "NAME",
	     "that policy is this model of the rollouts (nli-hyponly's)", blind_model),
	{ "rollouts", "FILE", "join rollouts by id or key (may be repeated)",
	  NLI_OPT_FILES, .to = &rollout_files },
	TEXT("pass", "R", "a rollout with a reward from R is solved (0.5)", pass),
	TEXT("model", "NAME", "rates are of this model's rollouts (all)", model),
	TEXT("reward", "FIELD", "where a rollout's reward stands", reward),
	TEXT("join", "FIELD", "where a rollout's id or key of the record stands", join),
	TEXT("max-age", "N", "only rollouts at most N versions behind the newest count",
	     max_age),
	TEXT("length-penalty", "A",
	     "take A off for each token beyond or short of the target", penalty),
	TEXT("group", "G", "rollouts that are compared with each other (16)", group),
	PATH("unmatched", "write the rollouts of no record there", unmatched_file),
	TEXT("band", "LO..HI", "hit if the solve rate is outside", band),
	FLAG("pools", "keep shares .2, 1, .2 of rates up to .25, .75, 1, by hash", pools),
	FLAG("zero-variance", "hit if all rewards are equal", zero_variance),
	TEXT("useful", "U", "hit if a group is useful with less than this chance",
	     useful),
	TEXT("gamma", "P",
	     "band, pools, useful: by the posterior, if it is as sure (0: by the rate)",
	     gamma_),
	TEXT("target-lengths", "LIST", "draw one of these by hash, into the scores",
	     lengths),
	TEXT("easy-top", "SHARE", "hit the easiest share of each label", easy_top),
	FLAG("label-balance", "hit, by hash, what the commoner labels have more",
	     balance),
	FLAG("label-shares", "hit, by hash, as many as put the labels' shares back",
	     shares),
	TEXT("within", "FIELD", "balance labels within each value of a field", within),
	{ "quota", "FIELD=N",
	  "hit, by hash, what is beyond N of a value (may be repeated)", NLI_OPT_LIST,
	  .to = &quota },
	TEXT("sample", "N", "hit all but N, by hash", sample),
	TEXT("weight", "FIELD", "sample with chances by a field", weight),
	NLI_OPT_COMMON
};

static const struct nli_tool tool = { "nli-filter", "[options] [file ...]",
				      "Decide by rules which records stay.  Adds "
				      "\"filter\" (keep, reasons, scores), or\n"
				      "removes what does not stay.",
				      opts };

/* In the order in which the rules are to stand. */
static const struct nli_rule_option rows[] = {
	{ NLI_FROM_FLAG, &marked, "marked", NULL },
	{ NLI_FROM_TEXT, &lang, "lang", "keep" },
	{ NLI_FROM_LIST, &where, "where", "true" },
	{ NLI_FROM_FLAG, &duplicate, "duplicate", NULL },
	{ NLI_FROM_FLAG, &conflict, "conflict", NULL },
	{ NLI_FROM_FLAG, &leak, "leak", NULL },
	{ NLI_FROM_TEXT, &posterior, "agreement", "posterior" },
	{ NLI_FROM_TEXT, &entropy, "agreement", "entropy" },
	{ NLI_FROM_TEXT, &votes, "agreement", "votes" },
	{ NLI_FROM_WORKERS, &annotator, "annotator", NULL },
	{ NLI_FROM_TEXT, &words, "length", "words" },
	{ NLI_FROM_TEXT, &premise_words, "premise-length", "words" },
	{ NLI_FROM_TEXT, &overlap, "overlap", "share" },
	{ NLI_FROM_CUES, &cue, "cue", NULL },
	{ NLI_FROM_TEXT, &easy, "easy", "above" },
	{ NLI_FROM_TEXT, &blind, "blind", "above" },
	{ NLI_AMEND, &blind_model, "blind", "model" },
	{ NLI_AMEND, &gamma_, "blind", "gamma" },
	{ NLI_FROM_ROLLOUTS, &rollout_files, "rollouts", NULL },
	{ NLI_AMEND, &pass, "rollouts", "pass" },
	{ NLI_AMEND, &model, "rollouts", "model" },
	{ NLI_AMEND, &reward, "rollouts", "reward" },
	{ NLI_AMEND, &join, "rollouts", "join" },
	{ NLI_AMEND, &max_age, "rollouts", "max_age" },
	{ NLI_AMEND, &penalty, "rollouts", "length_penalty" },
	{ NLI_AMEND, &group, "rollouts", "group" },
	{ NLI_FROM_TEXT, &band, "band", "range" },
	{ NLI_AMEND, &gamma_, "band", "gamma" },
	{ NLI_FROM_FLAG, &pools, "pool", NULL },
	{ NLI_AMEND, &gamma_, "pool", "gamma" },
	{ NLI_FROM_FLAG, &zero_variance, "zero-variance", NULL },
	{ NLI_FROM_TEXT, &useful, "useful", "at_least" },
	{ NLI_AMEND, &group, "useful", "group" },
	{ NLI_AMEND, &gamma_, "useful", "gamma" },
	{ NLI_FROM_TEXT, &lengths, "target-length", "of" },
	{ NLI_FROM_TEXT, &easy_top, "easy-top", "share" },
	{ NLI_FROM_FLAG, &balance, "label-balance", NULL },
	{ NLI_AMEND, &within, "label-balance", "within" },
	{ NLI_FROM_FLAG, &shares, "label-shares", NULL },
	{ NLI_AMEND, &within, "label-shares", "within" },
	{ NLI_FROM_QUOTA, &quota, "quota", NULL },
	{ NLI_FROM_TEXT, &sample, "sample", "n" },
	{ NLI_AMEND, &weight, "sample", "weight" },
};

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

static void make_filter(struct nli_filter *f)
{
	struct nli_err err;
	uint64_t left_out;
	int rc;

	f->seed = (uint64_t)nli_common.seed;
	if (drop_easy)
		easy = drop_easy;
	if (filter_file)
		read_filter(f);
	rc = nli_filter_options(f, rows, sizeof(rows) / sizeof(*rows), workers, &left_out,
				&err);
	if (rc && rc != NLI_EINVAL)
		nli_die("%s", err.msg);
	if (rc)
		nli_usage(&tool, "%s", err.msg);
	if (left_out)
		nli_warn("%s: %llu cues are no words and are not looked for", cue,
			 (unsigned long long)left_out);
	if (!f->n && !filter_file && !audit)
		nli_usage(&tool,
			  "no rule: give --filter FILE, a rule such as --easy 0.9, "
			  "or --audit");
	if (nli_filter_ready(f, &err))
		nli_usage(&tool, "%s", err.msg);
	if (nli_filter_needs_rollouts(f) && !rollout_files.n)
		nli_usage(&tool, "a rule looks at rollouts: give --rollouts FILE");
	if (emit_file)
		write_filter(f);
}

static struct nli_rollouts *read_rollouts(const struct nli_filter *f, struct nli_run *run,
					  char **files)
{
	struct nli_rollout_options how;
	struct nli_rollouts *r;
	bool found = false;

	nli_filter_rollout_options(f, &how);
	r = nli_rollouts_new(&how);
	nli_rollouts_read(r, run, files);
	for (size_t m = 0; how.model && m < nli_rollouts_models(r); m++)
		found |= nli_str_is(nli_rollouts_model(r, m), how.model);
	if (how.model && !found)
		nli_die("no rollouts of model %s", how.model);
	return r;
}

/* After the pass: which rollouts found their record. */
static void tell_rollouts(struct nli_rollouts *r, struct nli_run *run, char **files,
			  struct nli_jw *w)
{
	struct nli_rollout_counts c;

	nli_rollouts_counts(r, &c);
	nli_rollouts_counts_json(&c, w);
	if (c.duplicate)
		nli_warn("%llu rollouts came twice and count once",
			 (unsigned long long)c.duplicate);
	if (c.first_path)
		nli_warn("%llu rollouts are of %llu ids that no record has, the first at "
			 "%s:%llu",
			 (unsigned long long)c.unmatched,
			 (unsigned long long)c.unmatched_ids, c.first_path,
			 (unsigned long long)c.first_line);
	if (unmatched_file)
		nli_rollouts_unmatched(r, run, files,
				       nli_run_side_open(run, unmatched_file));
}

/* The list as nli_run_side() takes it; the caller frees it. */
static char **file_list(const struct nli_opt_list *l)
{
	char **files = nli_xcalloc(l->n + 1, sizeof(*files));

	for (size_t i = 0; i < l->n; i++)
		files[i] = (char *)(uintptr_t)l->v[i];
	return files;
}

static void tell(struct nli_run *run, const struct nli_curate *c,
		 const struct nli_audit *left)
{
	struct nli_jw w = { .b = &run->results, .comma = run->results.len > 0 };
	const char *unknown = nli_ledger_blind_rule(&c->ledger);
	struct nli_buf table = { 0 };

	nli_ledger_json(&c->ledger, &w);
	nli_rewards_json(c->rewards, &w);
	if (left) {
		nli_jw_key(&w, "left_cross_fitted");
		nli_jw_open(&w, '{');
		nli_audit_results(left, &w);
		nli_jw_close(&w, '}');
	}
	if (!quiet && c->ledger.all->in) {
		nli_ledger_table(&c->ledger, &table);
		nli_rewards_table(c->rewards, &table);
		if (left)
			nli_buf_adds(&table, "what is left, cross-fitted again: ");
		if (left)
			nli_audit_words(left, &table);
		fwrite(table.data, 1, table.len, stderr);
		nli_buf_release(&table);
	}
	if (unknown)
		nli_die("rule %s: no record has what it looks at", unknown);
}

int main(int argc, char **argv)
{
	struct nli_filter filter = { 0 };
	struct nli_curate c = { .filter = &filter };
	struct nli_rollouts *rollouts = NULL;
	struct nli_run run;
	struct nli_jw w = { .b = &run.results };
	struct nli_audit *left;
	char **files;

	nli_run_start(&run, &tool, argc, argv);
	c.drop = (drop || drop_easy) && !mark;
	c.dropped = dropped_file;
	c.decisions = decisions_file;
	if (dropped_file && !c.drop)
		nli_usage(&tool, "--dropped needs --drop: what is marked is all kept");
	make_filter(&filter);
	files = file_list(&rollout_files);
	if (rollout_files.n)
		c.rollouts = rollouts = read_rollouts(&filter, &run, files);
	c.group = nli_filter_group(&filter);
	nli_ledger_init(&c.ledger, &filter, by);
	c.rewards = nli_rewards_new(rollouts, c.group);
	c.again = again;
	nli_curate_run(&run, &c, &left);
	if (rollouts)
		tell_rollouts(rollouts, &run, files, &w);
	tell(&run, &c, left);
	nli_audit_free(left);
	nli_rewards_free(c.rewards);
	nli_ledger_release(&c.ledger);
	nli_rollouts_free(rollouts);
	nli_filter_release(&filter);
	free(files);
	return nli_run_end(&run);
}
