/*
 * rewrites.h - what a language pack says about rewriting: rules, tables, lists
 * of words that stand in a relation.  Loaded into plain structs; nothing here
 * decides anything.
 *
 * Unchanged after it is loaded, and may be shared by threads.
 */
#ifndef NLI_TEXT_REWRITES_H
#define NLI_TEXT_REWRITES_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/map.h"
#include "lib/text/pattern.h"

/* A named table.  Cells are NULL where an entry has none. */
struct nli_rw_table {
	const char *name;
	const char *const *column; /* (n_column,) */
	size_t n_column, n_row;
	const char **cell;       /* (n_row, n_column) */
	const char **feature;    /* (n_row,) blank-separated, or NULL */
	struct nli_map64 *index; /* (n_column,) folded cell to its first row */
};

struct nli_rw_example {
	const char *in, *out; /* out NULL: to be left alone */
	long line;
};

/* A piece of a replacement: text, or a group of the match, perhaps looked up. */
struct nli_rw_piece {
	struct nli_str text;              /* {NULL, 0}: a group */
	size_t group;                     /* its number in the match */
	const struct nli_rw_table *table; /* NULL: as it stands */
	size_t from, to;                  /* columns */
};

struct nli_rw_rule {
	const char *id, *op, *relation, *inverse;
	size_t inverse_at; /* index of the rule of that id */
	bool exclusive;
	long priority, line;
	struct nli_pattern *match;
	const char *match_text; /* expanded */
	size_t *when, *unless;  /* (n_when,), (n_unless,) numbers of conditions */
	size_t n_when, n_unless;
	struct nli_rw_piece *piece;
	size_t n_piece;
	struct nli_rw_example *example;
	size_t n_example;
	const char **
		need; /* (n_need,) folded words, one of which must be there; none: no test */
	size_t n_need;
};

/* What is said of words. */
enum nli_fact_kind {
	NLI_FACT_ANTONYM,    /* a, b; exclusive */
	NLI_FACT_ISA,        /* a is a b */
	NLI_FACT_MEMBER,     /* a is in set number group; exclusive; b its kind */
	NLI_FACT_SAME,       /* a is in synonyms number group */
	NLI_FACT_GENDER,     /* a, b: of the other gender */
	NLI_FACT_NUMBER,     /* a is value; b its kind */
	NLI_FACT_QUANTIFIER, /* a is a word of quantifier number group */
	NLI_FACT_CONTEXT,    /* a is in the closed class b */
	NLI_FACT_NEGATION,   /* a is a cue; b what it negates; exclusive: by concord */
	NLI_FACT_COMPARATIVE,
	NLI_FACT_SUPERLATIVE,
	NLI_FACT_FUNCTION,
	NLI_N_FACT
};

/* Which way a fact may be used to make a text; a judge uses it either way. */
enum nli_fact_making {
	NLI_FACT_MADE,    /* both */
	NLI_FACT_FORWARD, /* b in place of a only; of synonyms: only the first makes way */
	NLI_FACT_PREDICATE, /* both, but only of what stands as a predicate */
	NLI_FACT_KNOWN      /* neither */
};

struct nli_fact {
	enum nli_fact_kind kind;
	enum nli_fact_making making;
	const char *a, *b, *pos; /* as written, "_" resolved; b, pos may be NULL */
	double value;
	size_t group;
	bool exclusive;
	long line;
};

struct nli_rw_quantifier {
	const char *kind, *restrictor, *body;
	const char *opposite, *entails; /* blank-separated items with "_", or NULL */
	const char *takes;              /* NULL: no noun phrase */
};

/* A pattern that rules ask of a whole text; the same for all that say the same. */
struct nli_rw_condition {
	struct nli_pattern *pattern;
	const char *text; /* expanded */
};

struct nli_rewrites {
	const char *path, *lang;
	bool spaces;
	char decimal, grouping; /* 0: none */
	struct nli_rw_table *table;
	size_t n_table, table_cap;
	struct nli_rw_rule *rule; /* in the order in which they are tried */
	size_t n_rule, rule_cap;
	struct nli_rw_condition *condition;
	size_t n_condition, condition_cap;
	struct nli_map64 condition_index; /* hash of its text to its number */
	struct nli_fact *fact;            /* in the order of the pack */
	size_t n_fact, fact_cap;
	struct nli_rw_quantifier *quantifier;
	size_t n_quantifier, quantifier_cap;
	struct nli_arena arena; /* owns all texts */
	struct nli_packtree *tree;
};

/*
 * Read the pack in path under the schema in rng.  Returns 0 and *r to free;
 * NLI_EIO if a file cannot be read; NLI_EDATA with path and line if it is not
 * what the schema wants, a pattern does not compile, or a name stands for
 * nothing.
 */
int nli_rewrites_load(struct nli_rewrites **r, const char *path, const char *rng,
		      struct nli_err *err);
void nli_rewrites_free(struct nli_rewrites *r); /* NULL is fine */

/* The row of t whose column holds text, case apart, or -1. */
ptrdiff_t nli_rw_row(const struct nli_rw_table *t, size_t column, struct nli_str text);

#endif
