/*
 * nli-split - give each record a part of the split, or a fold, so that no group
 * is cut.
 */
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/nli/split.h"

static struct nli_split split = { .group = "group" };
static const char *parts = "train=80%,dev=10%,test=10%";

static const struct nli_opt opts[] = {
	{ .name = "p:parts",
	  .arg = "LIST",
	  .help = "parts and their sizes",
	  .kind = NLI_OPT_STR,
	  .to = &parts },
	{ .name = "g:group",
	  .arg = "FIELD",
	  .help = "records with the same value of it stay together",
	  .kind = NLI_OPT_STR,
	  .to = &split.group },
	{ .name = "k:kfold",
	  .arg = "K",
	  .help = "add fold 0..K-1 in place of a split; 0 is none",
	  .kind = NLI_OPT_INT,
	  .to = &split.kfold,
	  .hi = 1000 },
	NLI_OPT_COMMON,
};

static const struct nli_tool tool = {
	"nli-split", "[options] [file ...]",
	"Give each record a part of the split, or a fold, so that no group is cut.", opts
};

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

int main(int argc, char **argv)
{
	const struct nli_record_pass pass = { .ctx = &split,
					      .record = on_record,
					      .scratch_new = buffer_new,
					      .scratch_free = buffer_free };
	struct nli_run run;
	struct nli_err err;

	nli_run_start(&run, &tool, argc, argv);
	if (nli_parts_parse(&split.parts, parts, &err))
		nli_usage(&tool, "--parts: %s", err.msg);
	if (split.parts.counted)
		nli_usage(&tool,
			  "--parts: counts need all records at once, wanted shares");
	split.seed = (uint64_t)nli_common.seed;
	nli_records_map(&run, &pass);
	return nli_run_end(&run);
}
