/*
 * parts.h - the parts of a split and how large each is to be.
 */
#ifndef NLI_NLI_PARTS_H
#define NLI_NLI_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

enum { NLI_MAX_PARTS = 16 };

struct nli_part {
	struct nli_str name; /* borrows from the text that was parsed */
	double share;        /* of all records, in [0,1]; 0 where counted */
	uint64_t count;      /* records, where counted */
	bool counted;
};

struct nli_parts {
	struct nli_part part[NLI_MAX_PARTS];
	size_t n;
	bool counted; /* is any part */
	int rest;     /* the part that takes what is left, or -1 */
};

/*
 * Parse "train=80%,dev=10%,test=10%": shares in percent that make up 100, or
 * counts ("test=1000"), and at most one "rest", which is wanted where anything
 * is counted.  NLI_EINVAL with what was found and what was wanted.
 */
int nli_parts_parse(struct nli_parts *p, const char *text, struct nli_err *err);

/* The part that the number u in [0,1) falls into; shares alone. */
size_t nli_parts_at(const struct nli_parts *p, double u);

#endif
