/* ingest_counts.c - what was counted: adding up and letting go. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/nli/ingest.h"

const char *const nli_reason_name[NLI_N_REASON] = {
	[NLI_BAD_FORM] = "form",
	[NLI_BAD_UTF8] = "encoding",
	[NLI_BAD_TEXT] = "text",
	[NLI_BAD_LABEL] = "label",
	[NLI_BAD_INTEGER] = "integer label",
	[NLI_BAD_JOIN] = "join",
};

static void add_tallies(struct nli_counts *a, const struct nli_counts *b)
{
	if (b->n_part > a->n_part) {
		nli_grow(&a->tally, &a->part_cap, b->n_part, sizeof(*a->tally));
		memset(a->tally + a->n_part, 0,
		       (b->n_part - a->n_part) * sizeof(*a->tally));
		a->n_part = b->n_part;
	}
	for (size_t p = 0; p < b->n_part; p++)
		for (size_t s = 0; s < NLI_N_SPLIT; s++)
			for (size_t k = 0; k < NLI_N_TALLY; k++)
				a->tally[p].n[s][k] += b->tally[p].n[s][k];
}

void nli_counts_add(struct nli_counts *a, const struct nli_counts *b)
{
	add_tallies(a, b);
	for (size_t i = 0; i < b->lang.n; i++) {
		const size_t n = a->lang.n, k = nli_intern_add(&a->lang, b->lang.text[i]);

		nli_grow(&a->lang_n, &a->lang_cap, a->lang.n, sizeof(*a->lang_n));
		if (k == n)
			a->lang_n[k] = 0;
		a->lang_n[k] += b->lang_n[i];
	}
	for (size_t i = 0; i < NLI_N_REPAIR; i++)
		a->repair[i] += b->repair[i];
	for (size_t i = 0; i < NLI_N_REASON; i++)
		a->reason[i] += b->reason[i];
	a->stray += b->stray;
	a->replacement += b->replacement;
	a->empty += b->empty;
	a->script += b->script;
	a->ragged += b->ragged;
}

void nli_counts_release(struct nli_counts *c)
{
	free(c->tally);
	free(c->lang_n);
	nli_intern_release(&c->lang);
	memset(c, 0, sizeof(*c));
}
