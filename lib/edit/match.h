/* match.h - adversarial matching: what its files share; for lib/edit/match*.c alone. */
#ifndef NLI_EDIT_MATCH_H
#define NLI_EDIT_MATCH_H

#include "lib/edit/method.h"
#include "lib/edit/refs.h"
#include "lib/edit/relevance.h"
#include "lib/edit/sheet.h"

enum { NLI_MATCH_LIST = 32 }; /* candidates an item */

/* What is remembered of an item, in the order of the cells. */
enum nli_match_cell {
	NLI_MATCH_SCOPE, /* split, language, number of choices, --within */
	NLI_MATCH_KEY,
	NLI_MATCH_ID,
	NLI_MATCH_PREMISE,
	NLI_MATCH_ANSWER,
	NLI_MATCH_OBJECTS,
	NLI_MATCH_GROUP
};

/* Items of one scope, in an order that does not depend on that of the input. */
struct nli_match_pool {
	const struct nli_sheet *sheet; /* borrows */
	size_t n, b;                   /* items; wrong choices of each */
	const size_t *row;             /* (n,) of the sheet; borrows */
	uint32_t *cls;                 /* (n,) equal: answers that say the same */
	uint32_t *group;               /* (n,) equal: of one picture or premise */
	uint32_t *named;               /* (n,) equal: answers that name as many */
	struct nli_str *stem, *answer; /* (n,) as they are compared */
	struct nli_arena texts;
};

struct nli_str nli_match_text(const struct nli_match_pool *p, uint32_t item,
			      enum nli_match_cell cell);
/* May the answer of j be a wrong choice of i?  ctx is a struct nli_match_pool. */
bool nli_match_allowed(void *ctx, uint32_t i, uint32_t j);

/* Scores of pairs from a file, by id. */
struct nli_match_scores;
struct nli_match_scores *nli_match_scores_read(struct nli_run *run, const char *path,
					       double lambda);
void nli_match_scores_free(struct nli_match_scores *s); /* NULL is fine */
/* The candidates of a pool: as those of nli_relevance_find(). */
void nli_match_scores_find(const struct nli_match_scores *s,
			   const struct nli_match_pool *p, struct nli_candidates *out);

#endif
