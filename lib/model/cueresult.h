/* cueresult.h - what is computed from a store: shared by the files that compute and print it. */
#ifndef NLI_MODEL_CUERESULT_H
#define NLI_MODEL_CUERESULT_H

#include "lib/io/json.h"
#include "lib/model/cuestore.h"
#include "lib/model/stats.h"

/* Kinds of features, each with its own totals. */
enum cue_space { CUE_WORDS, CUE_PAIRS, CUE_TRAITS, CUE_TAGS, CUE_N_SPACE };

/* Traits: the bits of an item, then these. */
enum {
	CUE_CONTAINED = CUE_N_BIT,
	CUE_UNSHARED,
	CUE_LENGTH,
	CUE_N_TRAIT = CUE_LENGTH + 8
};

/* Distinct features, and occurrences by label (n_label,) and in all. */
struct cue_totals {
	uint64_t distinct, all, stops; /* stops: tokens "." */
	uint64_t by_label[NLI_CUES_MAX_LABEL];
};

/* A feature and a label. */
struct cue_row {
	uint32_t a, b; /* word, or words of a pair; trait; tag */
	uint8_t space, label;
	bool replicated;
	uint32_t n_w, n_wy;            /* hypotheses that hold it; those of the label */
	uint64_t t_w, t_wy;            /* its occurrences */
	uint32_t clusters;             /* groups that hold it */
	uint32_t half_n[2], half_y[2]; /* n_w and n_wy in each half of the groups */
	double deff, n_eff;
	double z, log_p, p, q[3]; /* q by enum nli_adjust */
	size_t cmh;               /* index + 1 into cmh; 0: none */
};

struct nli_cues_result {
	const struct nli_cues *c;
	struct nli_cues_params p;
	size_t n_label;
	struct nli_str label[NLI_CUES_MAX_LABEL]; /* in the order of reports */
	int active[NLI_CUES_MAX_LABEL];           /* store's label to ours, -1: no item */
	uint64_t n, n_y[NLI_CUES_MAX_LABEL];
	uint64_t groups, strata;
	struct cue_totals total[CUE_N_SPACE];
	struct cue_row *row;
	size_t n_row, row_cap;
	const struct cue_row **sorted; /* (n_row,) */
	struct nli_cmh *cmh;
	size_t n_cmh, cmh_cap;
};

/* Fill row, total and cmh with counts (cuecount.c), then with statistics (cuestat.c). */
void cue_count(struct nli_cues_result *r);
void cue_judge(struct nli_cues_result *r);

/* The traits of an item: how many were written to to, which has room for CUE_N_TRAIT. */
size_t cue_traits(const struct cue_item *it, uint32_t *to);

/* The p that label y has by chance. */
double cue_prior(const struct nli_cues_result *r, size_t y);

/* The half of the groups that a group is in: 0 or 1. */
unsigned cue_half(uint64_t group, uint64_t seed);

/* Name and family of a row's feature; a pair is written to tmp. */
struct nli_str cue_feature(const struct nli_cues_result *r, const struct cue_row *row,
			   struct nli_buf *tmp);
struct nli_str cue_family(const struct nli_cues_result *r, const struct cue_row *row);

/* A member that is null where v is not finite; a count. */
void cue_put_real(struct nli_jw *w, const char *key, double v);
void cue_put_count(struct nli_jw *w, const char *key, uint64_t v);

/* The texts of a table by their bytes: (t->n,) to free. */
struct cue_name {
	struct nli_str text;
	size_t id;
};
struct cue_name *cue_names(const struct nli_intern *t);

/* The tables of the whole corpus, as kind rows (cuetables.c). */
int cue_tables(const struct nli_cues_result *r, struct nli_buf *out, struct nli_err *err);

#endif
