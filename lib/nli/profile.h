/*
 * profile.h - what is known of a corpus and of the ways its files are written:
 * corpora/NAME.json, as corpora/README.md explains it.
 */
#ifndef NLI_NLI_PROFILE_H
#define NLI_NLI_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/mem.h"
#include "lib/io/json.h"
#include "lib/nli/label.h"
#include "lib/nli/record.h"

enum nli_dialect {
	NLI_DIALECT_NONE, /* not said: found by content */
	NLI_DIALECT_JSONL,
	NLI_DIALECT_ARRAY,
	NLI_DIALECT_ARRAYS,
	NLI_DIALECT_KEYED,
	NLI_DIALECT_CSV,
	NLI_DIALECT_TSV,
	NLI_DIALECT_XML,
	NLI_DIALECT_BLOCKS
};

/* "jsonl", "json"...; "" for NLI_DIALECT_NONE. */
const char *nli_dialect_name(enum nli_dialect d);

/* One step down a value. */
struct nli_step {
	struct nli_str name;
	bool each; /* [] follows: all elements of what name gives */
};

/*
 * Where in a source item something stands.  n is 0 where nothing is said.  The
 * names of members are numbered for each layout, see nli_layout.name.
 */
struct nli_path {
	struct nli_str text;   /* as written; a member of that very name comes first */
	struct nli_step *step; /* (n,) */
	size_t n;
	size_t whole, top; /* numbers of text and of step[0].name */
	int from, to;      /* #12..-2: places from 1, from the end -1; 0: none */
	bool named;        /* one field by its name: no places, no steps, no [] */
};

struct nli_paths {
	struct nli_path *v; /* (n,) */
	size_t n;
};

/* A code for whatever a pattern fits; code is {NULL, 0} for null. */
struct nli_rule {
	struct nli_str pattern, code;
};

struct nli_rules {
	struct nli_rule *v; /* (n,) in order */
	size_t n;
};

/* One label, several, or (0) none. */
typedef unsigned nli_label_set; /* bit 1 << enum nli_label */

struct nli_spelling {
	struct nli_str text;
	nli_label_set set;
};

struct nli_labels {
	struct nli_spelling *spelling; /* (n_spelling,) */
	size_t n_spelling;
	nli_label_set *integer; /* (n_integer,) */
	size_t n_integer;
	int64_t first;
	struct nli_str trim, set;
	bool letters; /* a set is letters side by side */
};

struct nli_named_path {
	struct nli_str name;
	struct nli_path path;
	nli_label_set set; /* of counts and by_label */
};

struct nli_votes {
	struct nli_paths label, worker, time;
	struct nli_named_path *count, *by_label; /* (n_count,), (n_by_label,) */
	size_t n_count, n_by_label;
	bool python_list;
};

struct nli_divide {
	struct nli_path field;
	struct nli_str at;
	size_t into[2]; /* numbers of names */
};

struct nli_where {
	struct nli_path path;
	struct nli_str *value; /* (n,) */
	size_t n;
};

enum nli_answer_is {
	NLI_ANSWER_INDEX,
	NLI_ANSWER_NUMBER,
	NLI_ANSWER_LETTER,
	NLI_ANSWER_TEXT,
	NLI_ANSWER_KEY,
	NLI_ANSWER_FLAG,
	NLI_ANSWER_FIRST
};

enum nli_repair {
	NLI_REPAIR_ENTITIES = 1,  /* &#39; &quot;... */
	NLI_REPAIR_INVISIBLE = 2, /* zero width spaces, soft hyphens, direction marks */
	NLI_REPAIR_WIDTH = 4,     /* full-width ASCII */
	NLI_REPAIR_BRACKETS = 8,  /* -LRB- and its kin */
	NLI_REPAIR_LETTERS = 16,  /* "A." before the first choice, "B." before the next */
	NLI_N_REPAIR = 5
};
extern const char *const nli_repair_name[NLI_N_REPAIR];

/* "entities,width" as bits.  NLI_EINVAL names what it does not know. */
int nli_repairs_of(const char *list, unsigned *bits, struct nli_err *err);

/* A file beside the one that is read, or a folder of files of one record each. */
struct nli_companion {
	struct nli_str from, to; /* each with one *; from.s is NULL if there is none */
	enum nli_dialect dialect;
	struct nli_paths key; /* one, or, with a folder, several */
	struct nli_str on;
	bool many, optional;   /* optional: it need not be there */
	struct nli_str folder; /* s is NULL if there is none; * of to is a record's key */
	bool lines; /* its files are texts: a record is the array of its lines */
	struct nli_path part; /* of the item: which member of the record; n may be 0 */
};

enum { NLI_MAX_EACH = 8 };

/* One way to write a corpus. */
struct nli_layout {
	const struct nli_profile *profile;
	struct nli_str *match, *signature; /* (n_match,), (n_signature,) */
	size_t n_match, n_signature;
	enum nli_task task;
	enum nli_dialect dialect;
	struct nli_str encoding;
	char delimiter;         /* 0: not said */
	int quote;              /* 1, 0, or -1: not said */
	struct nli_str *column; /* (n_column,) */
	size_t n_column;
	size_t lines;
	struct {
		struct nli_str item, *flat, *context;
		size_t n_flat, n_context;
	} xml;
	struct nli_paths each; /* arrays side by side; n is 0 if there is none */
	const char **each_as;  /* (each.n,) what their elements are called: $each... */
	struct nli_where *where;
	struct nli_divide *divide;
	size_t n_where, n_divide;
	struct nli_companion beside, join;
	bool has_empty; /* $empty is asked for */
	struct nli_paths id, premise, hypothesis, label, choices, group;
	struct nli_path choice_keys, choice_types, answer, lang, split, image, objects;
	struct nli_named_path *meta;
	struct nli_votes *votes;
	size_t n_meta, n_votes;
	struct nli_labels labels;
	struct nli_rules split_files, split_values, lang_files, lang_values;
	struct nli_str *name; /* (n_name,) of all members that paths begin with */
	size_t n_name, name_cap;
	struct nli_str language; /* the only one, else {NULL, 0} */
	enum nli_answer_is answer_is;
	unsigned repair;
};

struct nli_expect {
	struct nli_str match;
	int64_t records;
	struct nli_named_count {
		struct nli_str name;
		int64_t n;
	} * label; /* (n_label,) */
	size_t n_label;
};

/* Owns all.  Its texts live in its parser and its arena. */
struct nli_profile {
	struct nli_json *json;
	struct nli_arena arena;
	struct nli_buf text; /* the file, as it is */
	struct nli_str name, title, licence, access, notes;
	const nli_jval *root;
	struct nli_layout *layout; /* (n_layout,) */
	size_t n_layout;
	struct nli_expect *expect; /* (n_expect,) */
	size_t n_expect;
	bool crowd;   /* votes without texts: no layout */
	bool made_up; /* for a file of no corpus known, see generic.h */
};

/*
 * Read the profile text.  NLI_EDATA tells what is wrong and where in it: what
 * the schema forbids is not read over.
 */
int nli_profile_parse(struct nli_profile **p, struct nli_str text, struct nli_err *err);

/* Read a profile by name (of corpora/), or by path if there is a slash or dot in it. */
int nli_profile_load(struct nli_profile **p, const char *name, struct nli_err *err);
void nli_profile_free(struct nli_profile *p); /* NULL is fine */

/* All profiles of corpora/, sorted by name.  Owns them. */
struct nli_profiles {
	struct nli_profile **v; /* (n,) */
	size_t n, cap;
};
int nli_profiles_load(struct nli_profiles *all, struct nli_err *err);
void nli_profiles_release(struct nli_profiles *all);

/*
 * Whether a glob (* ? [..]) fits a file name: the last part of path, or as many
 * last parts as the glob has.
 */
bool nli_glob_fits(struct nli_str glob, const char *path);

/* The number of a member's name in a layout, which is added if it is new. */
size_t nli_layout_name(struct nli_layout *l, struct nli_str name);

/* Text as a path of a layout, its parts from arena. */
void nli_path_parse(struct nli_path *p, struct nli_str text, struct nli_layout *l,
		    struct nli_arena *arena);

#endif
