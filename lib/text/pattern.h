/*
 * pattern.h - regular expressions that can fail but not hang: PCRE2 with UTF,
 * Unicode properties and JIT, under a match limit and a depth limit.
 *
 * A pattern is compiled once (to machine code when it is first looked for) and
 * shared by threads; what a match finds lives in a struct nli_match, one a thread.
 * PCRE2 is known to pattern.c alone.
 */
#ifndef NLI_TEXT_PATTERN_H
#define NLI_TEXT_PATTERN_H

#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

struct nli_pattern; /* opaque; unchanged after it is made */
struct nli_match;   /* opaque */

enum nli_pattern_flags {
	NLI_PATTERN_CASELESS = 1,
	NLI_PATTERN_WHOLE = 2, /* must match all of the subject */
};

/*
 * A pattern of at most 64 KiB may try NLI_PATTERN_MATCH_LIMIT steps a match and
 * NLI_PATTERN_DEPTH_LIMIT levels of backtracking (about 20 ms, 1 MiB of stack).
 */
enum { NLI_PATTERN_MATCH_LIMIT = 1000000, NLI_PATTERN_DEPTH_LIMIT = 5000 };

/*
 * Compile text.  Returns 0 and *p to free, or NLI_EINVAL with PCRE2's complaint and the
 * place of it.
 */
int nli_pattern_new(struct nli_pattern **p, struct nli_str text, unsigned flags,
		    struct nli_err *err);
void nli_pattern_free(struct nli_pattern *p); /* NULL is fine */

struct nli_match *nli_match_new(void);
void nli_match_free(struct nli_match *m); /* NULL is fine */

/*
 * Look for p in subject (valid UTF-8) from byte from on.  1 if it is there, 0
 * if not, NLI_EDATA if a limit ended the search.  What is found stays in m
 * until the next search with it; subject must stay as long.
 */
int nli_pattern_find(const struct nli_pattern *p, struct nli_match *m,
		     struct nli_str subject, size_t from, struct nli_err *err);

/* What group i of the last match holds (0: all of it); {NULL, 0} if it took no part. */
struct nli_str nli_match_group(const struct nli_match *m, size_t i);

/* The same by name; {NULL, 0} if there is no group of that name. */
struct nli_str nli_match_named(const struct nli_match *m, const char *name);

/* The number of the group of that name, for nli_match_group(); 0 if there is none. */
size_t nli_pattern_group(const struct nli_pattern *p, const char *name);

#endif
