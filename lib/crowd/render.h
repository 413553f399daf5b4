/*
 * render.h - items, workers, pairs and the corpus report as JSON.
 */
#ifndef NLI_CROWD_RENDER_H
#define NLI_CROWD_RENDER_H

#include "lib/crowd/agree.h"
#include "lib/crowd/question.h"
#include "lib/crowd/auto.h"
#include "lib/crowd/fit.h"
#include "lib/crowd/labels.h"
#include "lib/crowd/score.h"
#include "lib/crowd/workers.h"

/* What is rendered, and how. */
struct nli_render {
	const struct nli_labels *l;
	const struct nli_crowd_fit *f;
	uint64_t seed;
	double max_entropy; /* "kept": entropy / log K is at most this; < 0: not said */
};

/* The value of "truth" of item i: label, p, entropy, margin, n, agreement, tie... */
void nli_render_truth(const struct nli_render *r, uint32_t i, struct nli_buf *b);

/* A line {"id":...,"truth":...} of item i. */
void nli_render_item(const struct nli_render *r, uint32_t i, struct nli_buf *b);

/* A line of nli_crowd_ask(). */
void nli_render_ask(const struct nli_labels *l, const struct nli_question *a,
		    struct nli_buf *b);

/* A line a worker; a line a pair of workers. */
void nli_render_worker(const struct nli_labels *l, const struct nli_crowd_fit *f,
		       const struct nli_workers *w, uint32_t j, struct nli_buf *b);
void nli_render_pair(const struct nli_labels *l, const struct nli_worker_pair *p,
		     struct nli_buf *b);

/* Members of an open object: "method" and how it ended; values: what auto saw. */
void nli_render_fit(struct nli_jw *w, const struct nli_crowd_fit *f);
void nli_render_auto(struct nli_jw *w, const struct nli_auto *a);
void nli_render_agree(struct nli_jw *w, const struct nli_labels *l,
		      const struct nli_agree *a);
void nli_render_score(struct nli_jw *w, const struct nli_labels *l,
		      const struct nli_score *s);

#endif
