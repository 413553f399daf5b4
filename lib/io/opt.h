/*
 * opt.h - one row an option: it parses, checks the range, prints the help line
 * and the default, and lists itself for completions, so they cannot drift.
 *
 * For cmd/ alone: these print and exit.
 */
#ifndef NLI_IO_OPT_H
#define NLI_IO_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nli_opt_kind {
	NLI_OPT_END,
	NLI_OPT_FLAG,   /* bool *: set true */
	NLI_OPT_INT,    /* int64_t *, lo..hi (both inclusive) */
	NLI_OPT_REAL,   /* double *, lo..hi */
	NLI_OPT_STR,    /* const char **: any text */
	NLI_OPT_FILE,   /* const char **: a path; left out of --summary's arguments */
	NLI_OPT_CHOICE, /* const char **: one of arg, "a|b|c" */
	NLI_OPT_LIST,   /* struct nli_opt_list *: may be given again and again */
	NLI_OPT_FILES,  /* as NLI_OPT_LIST, of paths */
	NLI_OPT_SIZE,   /* size_t *: bytes, with K, M, G or T times 1024; lo..hi */
	NLI_OPT_CALL,   /* nli_opt_call *: a function that reads the text */
};

/* Values of an option that repeats.  Borrows from argv. */
struct nli_opt_list {
	const char **v;
	size_t n, cap;
};

/* Returns NULL, or what was wanted ("a count or a share such as 1%"). */
typedef const char *nli_opt_call(const char *text);

struct nli_opt {
	const char *name; /* "d:dev" is -d and --dev; "dev" is --dev alone */
	const char *arg;  /* how the value is called in help: FRAC; NULL for a flag */
	const char *help; /* one line; the default is added by itself */
	enum nli_opt_kind kind;
	void *to;      /* where it goes; for NLI_OPT_CALL see call */
	double lo, hi; /* range of NLI_OPT_INT and NLI_OPT_REAL */
	nli_opt_call *call;
	bool local; /* does not change the output: left out of --summary */
};

struct nli_tool {
	const char *name;           /* "nli-split" */
	const char *synopsis;       /* what follows the name: "[options] [file ...]" */
	const char *about;          /* one or two sentences */
	const struct nli_opt *opts; /* ends with NLI_OPT_COMMON or { 0 } */
};

/* The options that every tool has; see tool.h for what they set. */
#define NLI_OPT_COMMON              \
	{                           \
		.kind = NLI_OPT_END \
	}

/*
 * Parse argv against t->opts and the common options.  Handles --help,
 * --version and --completion SHELL itself (exit 0); misuse prints one reason
 * and the synopsis and exits 2.  Returns the index of the first operand; argv
 * is reordered so that operands come last.
 */
int nli_opt_parse(const struct nli_tool *t, int argc, char **argv);

struct nli_jw;

/* Write the tool's own options as one JSON object for --summary: no path, nothing local. */
void nli_opt_summary(const struct nli_tool *t, struct nli_jw *w);

/* Misuse found later: prints the reason and the synopsis, exits 2. */
_Noreturn void nli_usage(const struct nli_tool *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
