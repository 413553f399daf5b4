/*
 * skim.h - the members of a line that is a JSON object, found in one pass and
 * not taken apart: for tools that copy most of them as they are.
 *
 * It checks all of the line as a parser would, and says yes only to JSON; but it
 * may say no to JSON that is unusual (escapes in names, more than
 * NLI_MAX_SKIM members, deep nesting), for which json.h is there, as it is for
 * messages.  Four times as fast as a parse, for it makes no values.
 */
#ifndef NLI_IO_SKIM_H
#define NLI_IO_SKIM_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/io/json.h"

enum { NLI_MAX_SKIM = 64, NLI_MAX_HINT = 48 };

/* One member.  Borrows from the line. */
struct nli_raw {
	struct nli_str key; /* as it is written, which is what it says: no escapes */
	struct nli_str raw; /* the value's source text */
	enum nli_jtype type;
	bool escaped; /* a string with backslashes: nli_raw_text() is not its text */
	bool known;   /* the key is that of the hint of this place, and so is its tag */
};

/*
 * What was learned from the first lines: names repeat at the same place, and
 * are then only compared.  Start from {0}.
 */
struct nli_skimmer {
	struct nli_hint {
		char text[NLI_MAX_HINT]; /* from the mark before the key to its value */
		unsigned len, key, key_len; /* of text; where the key is in it */
		int tag; /* the caller's own, set when a member is not known */
	} hint[NLI_MAX_SKIM];
	size_t n_hint;
	struct nli_raw m[NLI_MAX_SKIM]; /* (n,) the members of the last line */
	size_t n;
};

/* Find the members of line: true, or false: ask json.h.  They borrow from line. */
bool nli_skim(struct nli_skimmer *k, struct nli_str line);

/* What a string that is not escaped says, or a number is written as. */
static inline struct nli_str nli_raw_text(const struct nli_raw *m)
{
	const size_t quote = m->type == NLI_J_STRING;

	return (struct nli_str){ m->raw.s + quote, m->raw.len - 2 * quote };
}

/* How many elements an array has; raw was found by nli_skim(). */
size_t nli_raw_len(struct nli_str raw);

/* Append what an escaped string says; raw was found by nli_skim(). */
void nli_unescape(struct nli_str raw, struct nli_buf *out);

/*
 * Whether s is ASCII that needs no tidying: no controls, no space at the ends,
 * no two side by side.
 */
bool nli_is_tidy(struct nli_str s);

/* Whether s can stand between quotes as it is: no quote, backslash or control. */
bool nli_needs_no_escape(struct nli_str s);

#endif
