/*
 * account.h - what came of a run of nli-ingest: counts for the summary, and
 * what a person should be told.
 */
#ifndef NLI_NLI_ACCOUNT_H
#define NLI_NLI_ACCOUNT_H

#include "lib/nli/ingest.h"
#include "lib/nli/source.h"
#include "lib/nli/unique.h"

struct nli_account {
	const struct nli_items *items;
	const struct nli_counts *counts;
	const struct nli_unique *unique;
	void (*say)(const char *path, const char *what);
};

/* Append the members of the summary's results. */
void nli_account_write(const struct nli_account *a, struct nli_buf *results);

/* Say what was repaired, doubled, lost or strange. */
void nli_account_say(const struct nli_account *a);

/*
 * Say where the counts of a file differ from those that its profile expects.
 * Returns how many do.
 */
size_t nli_account_check(const struct nli_account *a);

#endif
