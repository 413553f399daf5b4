/*
 * nli-ingest - read any NLI or multiple-choice corpus into records.
 *
 * Files become items (lib/nli/source.h), items become records
 * (lib/nli/ingest.h), ids are made unique in order, and what came out is held
 * against what the profile expects.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io/tool.h"
#include "lib/nli/account.h"
#include "lib/nli/answers.h"
#include "lib/nli/generic.h"
#include "lib/nli/ingest.h"
#include "lib/nli/source.h"
#include "lib/nli/tell.h"
#include "lib/nli/unique.h"

static const char *profile_name, *corpus, *encoding, *lang, *labels, *member, *repair,
	*show;
static const char *records, *template, *answers = "words";
static bool shuffle;
static bool detect, list, no_src, strict;
static int64_t max_size = (int64_t)64 << 30;

static const struct nli_opt opts[] = {
	{ "c:corpus", "NAME", "profile: a name of --list, or a path", .kind = NLI_OPT_STR,
	  .to = &profile_name },
	{ "n:name", "NAME", "call the corpus so in the records", .kind = NLI_OPT_STR,
	  .to = &corpus },
	{ "lang", "CODE", "language (BCP 47), whatever the profile says",
	  .kind = NLI_OPT_STR, .to = &lang },
	{ "encoding", "NAME", "encoding, whatever the bytes look like",
	  .kind = NLI_OPT_STR, .to = &encoding },
	{ "labels", "VALUE=LABEL,...", "what labels mean, in a corpus without a profile",
	  .kind = NLI_OPT_STR, .to = &labels },
	{ "member", "GLOB", "of archives, only members called so", .kind = NLI_OPT_STR,
	  .to = &member },
	{ "repair", "LIST", "entities, invisible, width, brackets, letters",
	  .kind = NLI_OPT_STR, .to = &repair },
	{ "no-src", NULL, "leave out the source's own fields", .kind = NLI_OPT_FLAG,
	  .to = &no_src },
	{ "strict", NULL, "fail if the counts are not those that the profile expects",
	  .kind = NLI_OPT_FLAG, .to = &strict },
	{ "max-size", "BYTES", "of a file or member, unpacked", .kind = NLI_OPT_INT,
	  .to = &max_size, .lo = 1, .hi = 9e15 },
	{ "records", "FILE", "the records that a batch was asked about",
	  .kind = NLI_OPT_FILE, .to = &records },
	{ "template", "FILE", "the template that they were asked by",
	  .kind = NLI_OPT_FILE, .to = &template },
	{ "answers", "words|letters", "what labels are answered by",
	  .kind = NLI_OPT_CHOICE, .to = &answers },
	{ "shuffle", NULL, "they were asked with --shuffle and this --seed",
	  .kind = NLI_OPT_FLAG, .to = &shuffle },
	{ "detect", NULL, "only say, as JSON, what the files are taken for",
	  .kind = NLI_OPT_FLAG, .to = &detect },
	{ "list", NULL, "only list the profiles", .kind = NLI_OPT_FLAG, .to = &list },
	{ "show", "NAME", "only show a profile", .kind = NLI_OPT_STR, .to = &show },
	NLI_OPT_COMMON
};

static const struct nli_tool tool = {
	"nli-ingest", "[options] [file ...]",
	"Read NLI and multiple-choice corpora of any format into records, one a line.",
	opts
};

/* What the workers share, and what commit alone touches. */
struct job {
	struct nli_run run;
	struct nli_ingest_options make;
	struct nli_counts counts;
	struct nli_unique unique;
};

static int on_item(void *ctx, struct nli_work *w, struct nli_err *err)
{
	(void)ctx;
	return nli_maker_make(w->scratch, w->part, w, err);
}

static void *maker_new(void *ctx)
{
	return nli_maker_new(&((struct job *)ctx)->make);
}

static void maker_free(void *ctx, void *maker)
{
	nli_counts_add(&((struct job *)ctx)->counts, nli_maker_counts(maker));
	nli_maker_free(maker);
}

static int on_commit(void *ctx, struct nli_str out, struct nli_str note,
		     struct nli_err *err)
{
	struct job *j = ctx;

	return nli_run_put(&j->run, nli_unique_lines(&j->unique, out, note), err);
}

static void say(const char *path, const char *what)
{
	if (path)
		nli_warn("%s: %s", path, what);
	else
		nli_warn("%s", what);
}

/* What came out, and whether it is what the profile said. */
static void account(struct job *j, const struct nli_items *items)
{
	const struct nli_account a = { items, &j->counts, &j->unique, say };
	const size_t differ = nli_account_check(&a);

	nli_account_say(&a);
	nli_account_write(&a, &j->run.results);
	if (strict && differ)
		nli_die("%zu counts differ (--strict)", differ);
}

/* Answers of a batch service: the operands are its results, the records are --records. */
static void tell_answers(const struct nli_answers *a, struct nli_run *run)
{
	struct nli_jw w = { .b = &run->results };
	struct nli_answers_counts c;

	nli_answers_count(a, &c);
	nli_answers_json(&c, &w);
	if (c.failed || c.unclear || c.unasked)
		nli_warn("%llu answers: %llu failures, %llu unclear; %llu records "
			 "without one",
			 (unsigned long long)c.read, (unsigned long long)c.failed,
			 (unsigned long long)c.unclear, (unsigned long long)c.unasked);
	if (c.first_path)
		nli_warn("%llu answers to what no record has the key of, the first at "
			 "%s:%llu",
			 (unsigned long long)c.unmatched, c.first_path,
			 (unsigned long long)c.first_line);
}

static int ingest_answers(struct nli_run *run)
{
	const struct nli_asking how = { .style = !strcmp(answers, "words")
							 ? NLI_ANSWER_WORDS
							 : NLI_ANSWER_LETTERS,
					.shuffle = shuffle,
					.seed = (uint64_t)nli_common.seed };
	char *asked[] = { (char *)(uintptr_t)records, NULL };
	char **results = run->files;
	struct nli_templates templates;
	struct nli_answers *a;
	struct nli_err err;

	if (!records)
		nli_usage(&tool, "-c %s needs --records FILE", profile_name);
	if (nli_templates_load(&templates, template, &err))
		nli_die("%s", err.msg);
	a = nli_answers_new(&templates, lang, &how);
	nli_answers_read(a, run, results);
	run->files = asked;
	nli_answers_map(a, run);
	tell_answers(a, run);
	nli_answers_free(a);
	nli_templates_release(&templates);
	return nli_run_end(run);
}

static int list_profiles(struct nli_run *run)
{
	struct nli_profiles all;
	struct nli_buf text = { 0 };
	struct nli_err err;

	if (nli_profiles_load(&all, &err))
		nli_die("%s", err.msg);
	nli_tell_profiles(&all, &text);
	nli_run_write(run, nli_buf_str(&text));
	nli_buf_release(&text);
	nli_profiles_release(&all);
	return nli_run_end(run);
}

static int show_profile(struct nli_run *run)
{
	struct nli_profile *p;
	struct nli_err err;

	if (nli_profile_load(&p, show, &err))
		nli_die("%s", err.msg);
	nli_run_write(run, nli_buf_str(&p->text));
	nli_profile_free(p);
	return nli_run_end(run);
}

static void tell_files(struct nli_run *run, struct nli_items *items)
{
	struct nli_buf text = { 0 };
	const struct nli_feed *f;
	const char *path;
	struct nli_err err;
	int rc;

	while ((rc = nli_items_open(items, &f, &path, &err))) {
		if (rc > 0)
			nli_tell_feed(f, &text);
		else
			nli_tell_unknown(path, err.msg, &text);
		run->status = rc < 0 ? 1 : run->status;
	}
	nli_run_write(run, nli_buf_str(&text));
	nli_buf_release(&text);
}

static void ingest(struct job *j, struct nli_items *items)
{
	const struct nli_source from = { items, nli_items_next, nli_items_done };
	const struct nli_pass pass = { .ctx = j,
				       .line = on_item,
				       .scratch_new = maker_new,
				       .scratch_free = maker_free };

	nli_run_items(&j->run, &from, &pass, on_commit);
	account(j, items);
}

int main(int argc, char **argv)
{
	static struct job j;
	struct nli_source_options from = { .run = NULL };
	struct nli_profile *profile = NULL;
	struct nli_buf spellings = { 0 };
	struct nli_items *items;
	struct nli_err err;

	nli_run_start(&j.run, &tool, argc, argv);
	if (list)
		return list_profiles(&j.run);
	if (show)
		return show_profile(&j.run);
	if (nli_answers_service(profile_name))
		return ingest_answers(&j.run);
	if (records)
		nli_usage(&tool,
			  "--records is for the answers of a batch: -c openai-batch");
	if (profile_name && nli_profile_load(&profile, profile_name, &err)) {
		if (err.code == NLI_EIO)
			nli_die("%s", err.msg);
		nli_usage(&tool, "%s", err.msg);
	}
	if (repair && nli_repairs_of(repair, &j.make.repair, &err))
		nli_usage(&tool, "--repair: %s", err.msg);
	if (labels && profile)
		nli_usage(&tool, "--labels is for a corpus without a profile, and -c "
				 "names one");
	if (labels && nli_generic_spellings(labels, &spellings, &err))
		nli_usage(&tool, "--labels: %s", err.msg);
	j.make.lang = lang;
	j.make.no_src = no_src;
	j.make.seed = (uint64_t)nli_common.seed;
	from.profile = profile;
	from.name = corpus;
	from.encoding = encoding;
	from.labels = spellings.data;
	from.member = member;
	from.max_size = (uint64_t)max_size;
	from.max_item = 2 * (size_t)nli_common.max_line + (1 << 20);
	from.max_row = (size_t)nli_common.max_line;
	from.run = nli_common.summary && !detect ? &j.run : NULL;
	from.say = detect ? NULL : say;
	items = nli_items_new(j.run.files, &from);
	if (detect)
		tell_files(&j.run, items);
	else
		ingest(&j, items);
	nli_items_free(items);
	nli_counts_release(&j.counts);
	nli_unique_release(&j.unique);
	nli_profile_free(profile);
	nli_buf_release(&spellings);
	return nli_run_end(&j.run);
}
