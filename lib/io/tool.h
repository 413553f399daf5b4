/*
 * tool.h - the life of a tool: common options, the ordered parallel pass over
 * its input, rejects, counts, summary, exit status.
 *
 * A streaming tool is
 *
 *	nli_run_start(&run, &tool, argc, argv);
 *	nli_run_map(&run, &pass);
 *	return nli_run_end(&run);
 *
 * and one that must see everything first calls nli_run_scan(), which keeps the
 * lines in a spool, computes, and then nli_run_emit(), which passes over the
 * spool.  Lines are read in order, computed by -j workers, and written in
 * order: the bytes do not depend on -j.
 *
 * For cmd/ alone: these print and exit.
 */
#ifndef NLI_IO_TOOL_H
#define NLI_IO_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/io/json.h"
#include "lib/io/opt.h"
#include "lib/io/out.h"

/* What the common options say.  Set by nli_opt_parse(), then only read. */
struct nli_common {
	const char *output;   /* -o; NULL is stdout */
	int64_t jobs;         /* -j; the cores by default */
	int64_t seed;         /* --seed */
	const char *reject;   /* --reject */
	const char *summary;  /* --summary */
	bool progress;        /* --progress, or stderr is a terminal */
	uint64_t max_bad;     /* --max-bad N */
	double max_bad_share; /* --max-bad P%, in [0,1]; < 0 if a count was given */
	int64_t max_line;     /* --max-line, bytes */
};
extern struct nli_common nli_common;

/* One line in the hands of a worker. */
struct nli_work {
	struct nli_str line; /* without LF */
	const char *path;    /* "-" is stdin; NULL in nli_run_emit() */
	uint64_t lineno;     /* in path, from 1 */
	uint64_t index;      /* in nli_run_emit(): which scanned record this is, from 0 */
	struct nli_buf *out; /* append the output here, LF included */
	struct nli_buf *note; /* what the commit of nli_run_items() is to know of it */
	void *scratch;        /* this worker's own */
	const void *part;     /* from a source: how to read the item */
	uint64_t item;        /* from a source: its place in path, from 1 */
	uint64_t more;        /* to be set: records beyond the first that it became */
};

enum nli_verdict { NLI_KEEP = 0, NLI_DROP = 1 }; /* or < 0: bad, see err */

/* What to do with each line.  Functions run on any thread; ctx is shared and only read. */
struct nli_pass {
	void *ctx;
	int (*line)(void *ctx, struct nli_work *w, struct nli_err *err);
	void *(*scratch_new)(void *ctx); /* NULL: none */
	void (*scratch_free)(void *ctx,
			     void *scratch); /* called one worker after the other, on
							   the main thread: the place to add tallies */
	/*
	 * In order, under a lock: the out of a block of lines and how many were kept.
	 * NULL in nli_run_map() and _emit() writes it to the output.
	 */
	int (*commit)(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err);
};

/* A pass's commit, with what was noted when out was written; note.s is aligned as malloc() does. */
typedef int nli_commit_fn(void *ctx, struct nli_str out, struct nli_str note,
			  struct nli_err *err);

struct nli_block; /* see lines.h */

/* Where items come from that are not the lines of the operands. */
struct nli_source {
	void *ctx;
	/* Fill b with about target bytes of items, all of one part: 1, 0 at the end, < 0. */
	int (*next)(void *ctx, struct nli_block *b, size_t target, struct nli_err *err);
	double (*done)(void *ctx); /* share of the input read, in [0,1]; < 0: not known */
};

enum { NLI_MAX_SIDES = 6 };

struct nli_run {
	const struct nli_tool *tool;
	char **files; /* operands, NULL-terminated; {"-", NULL} if none were given */
	uint64_t in, kept, dropped, rejected; /* in = kept + dropped + rejected */
	struct nli_buf
		results; /* members for --summary's "results": the tool fills it by nli_jw */
	size_t spool_limit; /* bytes of lines kept in memory; 0: the usual 512 MB */
	int status; /* exit status if all goes well: 0, or 3 for a judgement of "no" */
	/* private */
	struct nli_out *out, *reject;
	struct nli_out *side[NLI_MAX_SIDES];
	struct nli_spool *spool;
	struct nli_buf inputs;
	uint64_t read; /* bytes of the records that were counted */
	double started, told;
};

/* Parse the options, open output and reject file.  Exits on misuse. */
void nli_run_start(struct nli_run *r, const struct nli_tool *t, int argc, char **argv);

/* Pass over all operands; what the pass keeps goes to the output. */
void nli_run_map(struct nli_run *r, const struct nli_pass *p);

/* As nli_run_map(), with items of a source in place of the operands' lines. */
void nli_run_items(struct nli_run *r, const struct nli_source *from,
		   const struct nli_pass *p, nli_commit_fn *commit);

/* Append bytes to the output from a pass's commit. */
int nli_run_put(struct nli_run *r, struct nli_str bytes, struct nli_err *err);

/* As nli_run_map(), but kept lines go to the spool and out goes to p->commit. */
void nli_run_scan(struct nli_run *r, const struct nli_pass *p);

/*
 * How many records to expect, by those that were committed and the operands' sizes:
 * for making room.  0: nobody knows, as of a pipe.
 */
uint64_t nli_run_expected(const struct nli_run *r);

/* Pass over the spooled lines, in order, with w->index. May be called more than once. */
void nli_run_emit(struct nli_run *r, const struct nli_pass *p);

/* As nli_run_scan() over the named files instead of the operands; nothing is spooled or counted. */
void nli_run_side(struct nli_run *r, char *const *files, const struct nli_pass *p);

/* Append bytes to the output from the main thread, between passes. */
void nli_run_write(struct nli_run *r, struct nli_str bytes);

/*
 * Open one more output.  Its temporary goes away with a run that fails, like that of
 * the output itself; nli_run_end() commits it, or the caller does, earlier.
 */
struct nli_out *nli_run_side_open(struct nli_run *r, const char *path);
int nli_run_side_commit(struct nli_run *r, struct nli_out *o, struct nli_err *err);

/* Count a bad record found outside of a pass: message, reject file, --max-bad. */
void nli_run_reject(struct nli_run *r, const char *path, uint64_t lineno,
		    struct nli_str record, const struct nli_err *why);

/* Say the counts, write the summary, commit the output.  Returns the exit status. */
int nli_run_end(struct nli_run *r);

/* "prog: message" on stderr. */
void nli_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same, then exit 1: temporaries are removed, old output is as it was. */
_Noreturn void nli_die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
