/* partial.c - see partial.h. */
#include "lib/model/partial.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/negation.h"
#include "lib/model/rows.h"

static const char *const input_names[NLI_N_PARTIAL] = {
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
	SALT_CROSS,
	SALT_NEGATION
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
	struct nli_negation *negation; /* NULL: not looked for */
	struct nli_err err;            /* code 0: none */
	struct words h, p;
};

const char *nli_partial_name(enum nli_partial in)
{
	return input_names[in];
}

int nli_partial_of(const char *name)
{
	for (int i = 0; i < NLI_N_PARTIAL; i++)
		if (!strcmp(name, input_names[i]))
			return i;
	return -1;
}

struct nli_partials *nli_partials_new(const struct nli_feat_opts *o)
{
	struct nli_partials *s = nli_xcalloc(1, sizeof(*s));

	s->z = nli_featurizer_new(o);
	return s;
}

void nli_partials_langs(struct nli_partials *s, struct nli_langs *langs)
{
	s->negation = nli_negation_new(langs);
}

int nli_partials_error(struct nli_partials *s, struct nli_err *err)
{
	const int code = s->err.code;

	if (code)
		*err = s->err;
	s->err.code = 0;
	return code;
}

void nli_partials_names(struct nli_partials *s, struct nli_feat_names *names)
{
	nli_featurizer_names(s->z, names);
}

void nli_partials_skip_dear(struct nli_partials *s, bool skip)
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
	nli_negation_free(s->negation);
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

/* What the features made here are called; the value stands behind, or its word. */
static const struct naming {
	const char *text;
	unsigned times; /* the value is printed times that */
	bool word;      /* or is the hash of a word */
} namings[] = {
	[SALT_SHARE] = { "overlap\tpercent of its words in the premise: ", SHARE_BINS,
			 false },
	[SALT_NEW] = { "overlap\twords not in the premise: ", 1, false },
	[SALT_ORDER] = { "overlap\tone piece of the premise: ", 1, false },
	[SALT_GAP] = { "overlap\twords beyond the premise: ", 1, false },
	[SALT_PLACE] = { "position\t", 1, false },
	[SALT_SIBLING] = { "length\toptions ", 1, false },
	[SALT_BYTES] = { "length\tbytes from ", 8, false },
	[SALT_BAG_H] = { "word of the hypothesis\t", 1, true },
	[SALT_BAG_P] = { "word of the premise\t", 1, true },
	[SALT_SHARED_WORD] = { "word of both\t", 1, true },
	[SALT_NEGATION] = { "overlap\tnegation in ", 1, false },
};
static const char *const negations[] = { "neither", "the hypothesis only",
					 "the premise only", "both" };

static void name_pair(struct nli_feat_names *names, unsigned salt, uint64_t value)
{
	const struct naming *n = &namings[salt];

	nli_buf_clear(&names->next);
	nli_buf_adds(&names->next, n->text);
	if (salt == SALT_GAP)
		nli_buf_addf(&names->next, "%+d", 2 * ((int)value - GAP_TOP));
	else if (salt == SALT_NEGATION)
		nli_buf_adds(&names->next, negations[value]);
	else if (salt == SALT_SIBLING)
		nli_buf_addf(&names->next, "%s: %d", value & 1 ? "shorter" : "longer",
			     (int)(value / 2));
	else if (n->word)
		nli_buf_adds(&names->next, nli_feat_word(names, value));
	else
		nli_buf_add_u64(&names->next, value * n->times);
}

static void add_pair(struct nli_feats *out, unsigned salt, uint64_t value)
{
	if (out->names && salt != SALT_CROSS)
		name_pair(out->names, salt, value);
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

/* Negation in one text only; nothing where the language has no pack. */
static void add_negation(struct nli_partials *s, const struct nli_record *r,
			 struct nli_str text, struct nli_feats *out)
{
	int h, p;

	if (!s->negation || s->err.code)
		return;
	if (nli_negation_find(s->negation, r->lang, text, &h, &s->err) ||
	    nli_negation_find(s->negation, r->lang, r->premise, &p, &s->err))
		return;
	if (h >= 0)
		add_pair(out, SALT_NEGATION, (uint64_t)(h + 2 * p));
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
			if (!holds(&s->h, s->p.v[j])) {
				if (out->names) {
					nli_buf_clear(&out->names->next);
					nli_buf_addf(
						&out->names->next,
						"only here, only there\t%s | %s",
						nli_feat_word(out->names, s->h.v[i]),
						nli_feat_word(out->names, s->p.v[j]));
				}
				add_pair(out, SALT_CROSS, s->h.v[i] * 3 + s->p.v[j]);
			}
	}
}

/* Words and bytes of a text; among options also the rank by length. */
static void add_length(struct nli_partials *s, const struct nli_record *r, size_t option,
		       struct nli_str text, struct nli_feats *out)
{
	size_t longer = 0, shorter = 0;

	read_words(s, text, &s->h);
	nli_feats_add_length(out, s->h.n);
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
		add_negation(s, r, text, out);
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
