/*
 * render.h - items, workers, pairs and the corpus report as JSON.
 */
#ifndef NLI_CROWD_RENDER_H
#define NLI_CROWD_RENDER_H

#include "lib/crowd/agree.h"
#include "lib/crowd/fit.h"
#include "lib/crowd/labels.h"
#include "lib/crowd/score.h"
#include "lib/crowd/workers.h"

/* The value of "truth" of item i: label, p, entropy, margin, n, agreement, tie. */
void nli_render_truth(const struct nli_labels *l, const struct nli_crowd_fit *f,
		      uint32_t i, uint64_t seed, struct nli_buf *b);

/* A line {"id":...,"truth":...} of item i. */
void nli_render_item(const struct nli_labels *l, const struct nli_crowd_fit *f,
		     uint32_t i, uint64_t seed, struct nli_buf *b);

/* A line a worker; a line a pair of workers. */
void nli_render_worker(const struct nli_labels *l, const struct nli_crowd_fit *f,
		       const struct nli_workers *w, uint32_t j, struct nli_buf *b);
void nli_render_pair(const struct nli_labels *l, const struct nli_worker_pair *p,
		     struct nli_buf *b);

/* Members of an open object: "method" and how it ended; "agreement"; "score". */
void nli_render_fit(struct nli_jw *w, const struct nli_crowd_fit *f);
void nli_render_agree(struct nli_jw *w, const struct nli_labels *l,
		      const struct nli_agree *a);
void nli_render_score(struct nli_jw *w, const struct nli_labels *l,
		      const struct nli_score *s);

#endif
