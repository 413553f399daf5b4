/* partial.c - see partial.h. */
#include "lib/model/partial.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/rows.h"

static const char *const names[NLI_N_PARTIAL] = {
	[NLI_IN_HYPOTHESIS] = "hypothesis", [NLI_IN_PREMISE] = "premise",
	[NLI_IN_CHOICES] = "choices",       [NLI_IN_LENGTH] = "length",
	[NLI_IN_OVERLAP] = "overlap",       [NLI_IN_POSITION] = "position",
	[NLI_IN_SHUFFLED] = "shuffled",     [NLI_IN_BOTH] = "both",
};

/* Salts of the features made here. */
enum {
	SALT_SHARE = 16,
	SALT_NEW,
	SALT_ORDER,
	SALT_GAP,
	SALT_PLACE,
	SALT_SIBLING,
	SALT_BYTES,
	SALT_BAG_H,
	SALT_BAG_P,
	SALT_SHARED_WORD,
	SALT_CROSS
};

enum {
	MAX_CROSS = 48, /* words a side that are paired, the first of each text */
	TOP_NEW = 12,
	SHARE_BINS = 10,
	GAP_TOP = 10
};

/* The distinct words of a text, and all of them in order.  Owns both. */
struct words {
	uint64_t *v, *set; /* set is sorted */
	size_t n, n_set, cap, set_cap;
};

struct nli_partials {
	struct nli_featurizer *z;
	struct words h, p;
};

const char *nli_partial_name(enum nli_partial in)
{
	return names[in];
}

int nli_partial_of(const char *name)
{
	for (int i = 0; i < NLI_N_PARTIAL; i++)
		if (!strcmp(name, names[i]))
			return i;
	return -1;
}

struct nli_partials *nli_partials_new(const struct nli_feat_opts *o)
{
	struct nli_partials *s = nli_xcalloc(1, sizeof(*s));

	s->z = nli_featurizer_new(o);
	return s;
}

void nli_partials_skip_chars(struct nli_partials *s, bool skip)
{
	nli_featurizer_skip_dear(s->z, skip);
}

static void words_release(struct words *w)
{
	free(w->v);
	free(w->set);
}

void nli_partials_free(struct nli_partials *s)
{
	if (!s)
		return;
	nli_featurizer_free(s->z);
	words_release(&s->h);
	words_release(&s->p);
	free(s);
}

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void read_words(struct nli_partials *s, struct nli_str text, struct words *w)
{
	const uint64_t *v = nli_feat_words(s->z, text, &w->n);

	nli_grow(&w->v, &w->cap, w->n + 1, sizeof(*w->v));
	nli_grow(&w->set, &w->set_cap, w->n + 1, sizeof(*w->set));
	memcpy(w->v, v, w->n * sizeof(*v));
	memcpy(w->set, v, w->n * sizeof(*v));
	qsort(w->set, w->n, sizeof(*v), by_value);
	w->n_set = 0;
	for (size_t i = 0; i < w->n; i++)
		if (!w->n_set || w->set[w->n_set - 1] != w->set[i])
			w->set[w->n_set++] = w->set[i];
}

static bool holds(const struct words *w, uint64_t word)
{
	return bsearch(&word, w->set, w->n_set, sizeof(word), by_value) != NULL;
}

static void add_pair(struct nli_feats *out, unsigned salt, uint64_t value)
{
	nli_feats_add(out, nli_feat_hash(nli_mix(nli_mix(value) + salt), NLI_FEAT_OTHER));
}

/* Whether the words of h stand in p in one piece (HANS: subsequence; McCoy et al. 2019). */
static bool is_run_of(const struct words *h, const struct words *p)
{
	for (size_t at = 0; at + h->n <= p->n; at++)
		if (!memcmp(p->v + at, h->v, h->n * sizeof(*h->v)))
			return true;
	return false;
}

static void add_overlap(const struct nli_partials *s, struct nli_feats *out)
{
	const struct words *h = &s->h, *p = &s->p;
	size_t shared = 0, fresh;
	long gap;

	for (size_t i = 0; i < h->n_set; i++)
		shared += holds(p, h->set[i]);
	fresh = h->n_set - shared;
	add_pair(out, SALT_SHARE, h->n_set ? SHARE_BINS * shared / h->n_set : 0);
	add_pair(out, SALT_NEW, fresh < TOP_NEW ? fresh : TOP_NEW);
	add_pair(out, SALT_ORDER, h->n && is_run_of(h, p));
	gap = ((long)h->n - (long)p->n) / 2;
	gap = gap > GAP_TOP ? GAP_TOP : gap < -GAP_TOP ? -GAP_TOP : gap;
	add_pair(out, SALT_GAP, (uint64_t)(gap + GAP_TOP));
}

static void add_bags(const struct nli_partials *s, struct nli_feats *out)
{
	for (size_t i = 0; i < s->h.n_set; i++) {
		add_pair(out, SALT_BAG_H, s->h.set[i]);
		if (holds(&s->p, s->h.set[i]))
			add_pair(out, SALT_SHARED_WORD, s->h.set[i]);
	}
	for (size_t i = 0; i < s->p.n_set; i++)
		add_pair(out, SALT_BAG_P, s->p.set[i]);
}

static void add_cross(const struct nli_partials *s, struct nli_feats *out)
{
	for (size_t i = 0; i < s->h.n && i < MAX_CROSS; i++) {
		if (holds(&s->p, s->h.v[i]))
			continue;
		for (size_t j = 0; j < s->p.n && j < MAX_CROSS; j++)
			if (!holds(&s->h, s->p.v[j]))
				add_pair(out, SALT_CROSS, s->h.v[i] * 3 + s->p.v[j]);
	}
}

/* Words and bytes of a text; among options also the rank by length. */
static void add_length(struct nli_partials *s, const struct nli_record *r, size_t option,
		       struct nli_str text, struct nli_feats *out)
{
	size_t longer = 0, shorter = 0;

	read_words(s, text, &s->h);
	nli_feats_add(out, nli_feat_length(s->h.n));
	add_pair(out, SALT_BYTES, text.len / 8 < 32 ? text.len / 8 : 32);
	if (r->task != NLI_TASK_CHOICE)
		return;
	for (size_t o = 0; o < r->n_choice; o++) {
		longer += o != option && r->choice[o].len > text.len;
		shorter += o != option && r->choice[o].len < text.len;
	}
	add_pair(out, SALT_SIBLING, longer * 2);
	add_pair(out, SALT_SIBLING, shorter * 2 + 1);
}

void nli_partial_feats(struct nli_partials *s, const struct nli_record *r,
		       enum nli_partial in, size_t option, struct nli_feats *out)
{
	const struct nli_str text =
		r->task == NLI_TASK_CHOICE ? r->choice[option] : r->hypothesis;

	if (in == NLI_IN_OVERLAP || in == NLI_IN_SHUFFLED || in == NLI_IN_BOTH) {
		read_words(s, text, &s->h);
		read_words(s, r->premise, &s->p);
		add_overlap(s, out);
	}
	switch (in) {
	case NLI_IN_PREMISE:
		nli_feat_text(s->z, r->premise, out);
		break;
	case NLI_IN_LENGTH:
		add_length(s, r, option, text, out);
		break;
	case NLI_IN_POSITION:
		add_pair(out, SALT_PLACE, option);
		break;
	case NLI_IN_SHUFFLED:
		add_bags(s, out);
		break;
	case NLI_IN_BOTH:
		add_bags(s, out);
		add_cross(s, out);
		nli_feat_text(s->z, text, out);
		break;
	case NLI_IN_HYPOTHESIS:
	case NLI_IN_CHOICES:
		nli_feat_text(s->z, text, out);
		break;
	case NLI_IN_OVERLAP:
	case NLI_N_PARTIAL:
		break;
	}
}
