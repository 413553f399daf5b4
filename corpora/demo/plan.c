/* plan.c - how many of what: cues at known strengths, splits, copies, leaks. */
#include "corpora/demo/gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/map.h"
#include "lib/base/mem.h"

/* Streams of chance, so that a change of one does not stir the others. */
enum { FRAMES = 1, CLAIMS, CUES, SPLITS, COPIES };

/*
 * Of DEMO_PREMISES claims of a label: how many carry which cues.  Negation: 8,
 * 8 and 45 %; purpose: 4, 40 and 4 %; ten words or more: 15, 50 and 15 %.
 */
static const struct quota {
	unsigned cues;
	int n[DEMO_LABELS];
} quotas[] = {
	{ DEMO_NEG, { 16, 16, 76 } },
	{ DEMO_NEG | DEMO_LONG, { 0, 0, 14 } },
	{ DEMO_PURPOSE | DEMO_LONG, { 8, 80, 8 } },
	{ DEMO_LONG, { 22, 20, 8 } },
};

/* A permutation of 0..n-1 (Fisher and Yates). */
static void shuffle(int *order, int n, struct demo_chance ch)
{
	for (int i = 0; i < n; i++) {
		const int j = demo_below(&ch, i + 1);

		order[i] = order[j];
		order[j] = i;
	}
}

static void deal_cues(unsigned cues[DEMO_PREMISES], int label, struct demo_chance ch)
{
	int order[DEMO_PREMISES], at = 0;

	shuffle(order, DEMO_PREMISES, ch);
	memset(cues, 0, DEMO_PREMISES * sizeof(*cues));
	for (size_t q = 0; q < sizeof(quotas) / sizeof(*quotas); q++)
		for (int i = 0; i < quotas[q].n[label]; i++)
			cues[order[at++]] = quotas[q].cues;
}

static int maybe(struct demo_chance *ch, int percent, int n)
{
	return demo_below(ch, 100) < percent ? demo_below(ch, n) : DEMO_NONE;
}

static struct demo_frame draw_frame(const struct demo_lang *l, struct demo_chance *ch,
				    bool purpose)
{
	static const int counts[10] = { 1, 1, 1, 1, 1, 1, 2, 2, 2, 3 };
	struct demo_frame f = { .lang = l, .scene = demo_below(ch, DEMO_SCENES) };

	f.action = demo_below(ch, DEMO_ACTIONS);
	f.agent = demo_cast[f.scene][demo_below(ch, DEMO_CAST)];
	f.count = counts[demo_below(ch, 10)];
	f.adjective = maybe(ch, 65, DEMO_ADJECTIVES);
	f.rich = demo_below(ch, 3);
	f.time = maybe(ch, 75, DEMO_TIMES);
	f.wording = demo_below(ch, DEMO_WORDINGS);
	f.extra = maybe(ch, 40, DEMO_EXTRAS);
	f.purpose = purpose ? demo_below(ch, DEMO_PURPOSES) : DEMO_NONE;
	f.time_first = demo_below(ch, 4) == 0;
	return f;
}

static unsigned cues_of(const struct demo_lang *l, struct nli_str text)
{
	char purpose[32];

	snprintf(purpose, sizeof(purpose), " %s ", l->purpose);
	return (demo_has_word(text, l->negation) ? DEMO_NEG : 0) |
	       (strstr(text.s, purpose) ? DEMO_PURPOSE : 0) |
	       (demo_words(text) >= DEMO_LONG_WORDS ? DEMO_LONG : 0);
}

/* Fill p for a label; false if 200 draws gave no claim with just those cues. */
static bool make_pair(const struct demo_frame *f, enum demo_label label, unsigned cues,
		      struct demo_chance *ch, struct demo_pair *p)
{
	for (int i = 0; i < 200; i++) {
		if (!demo_draw_claim(f, label, cues, ch, &p->claim))
			continue;
		demo_hypothesis(f, &p->claim, &p->hypothesis);
		p->cues = cues_of(f->lang, nli_buf_str(&p->hypothesis));
		p->label = label;
		if (p->cues == cues)
			return true;
	}
	return false;
}

static struct demo_pair *add_pair(struct demo_corpus *c)
{
	nli_grow(&c->pair, &c->cap, c->n + 1, sizeof(*c->pair));
	memset(&c->pair[c->n], 0, sizeof(*c->pair));
	return &c->pair[c->n++];
}

static bool good_length(const struct nli_buf *premise)
{
	const size_t words = demo_words(nli_buf_str(premise));

	return words >= 8 && words <= 16;
}

/* A new premise of 8 to 16 words with its three hypotheses. */
static bool try_frame(struct demo_corpus *c, const struct demo_frame *f,
		      struct nli_intern *seen, const unsigned want[DEMO_LABELS],
		      struct demo_chance *ch)
{
	struct demo_pair made[DEMO_LABELS] = { 0 };
	struct nli_buf text = { 0 };
	bool good;

	demo_premise(f, &text);
	good = good_length(&text) && nli_intern_find(seen, nli_buf_str(&text)) < 0;
	for (int k = 0; good && k < DEMO_LABELS; k++)
		good = make_pair(f, (enum demo_label)k, want[k], ch, &made[k]);
	for (int k = 0; k < DEMO_LABELS; k++) {
		if (good)
			*add_pair(c) = made[k];
		else
			nli_buf_release(&made[k].hypothesis);
	}
	if (good)
		nli_intern_add(seen, nli_buf_str(&text));
	nli_buf_release(&text);
	return good;
}

static void name_pairs(struct demo_corpus *c, const struct demo_frame *f, int number,
		       int split)
{
	for (int k = 0; k < DEMO_LABELS; k++) {
		struct demo_pair *p = &c->pair[c->n - DEMO_LABELS + (size_t)k];

		p->lang = f->lang;
		p->genre = demo_scene_name[f->scene];
		p->split = split;
		demo_premise(f, &p->premise);
		snprintf(p->caption, sizeof(p->caption), "%s-%03d", f->lang->code,
			 number);
		snprintf(p->id, sizeof(p->id), "%s%c", p->caption, demo_label_name[k][0]);
	}
}

static void plan_language(struct demo_corpus *c, int lang, struct nli_intern *seen)
{
	unsigned cues[DEMO_LABELS][DEMO_PREMISES];
	int order[DEMO_PREMISES];

	for (int k = 0; k < DEMO_LABELS; k++)
		deal_cues(cues[k], k,
			  demo_chance(c->seed, CUES, (uint64_t)lang, (uint64_t)k));
	shuffle(order, DEMO_PREMISES, demo_chance(c->seed, SPLITS, (uint64_t)lang, 0));
	for (int i = 0; i < DEMO_PREMISES; i++) {
		const unsigned want[] = { cues[0][i], cues[1][i], cues[2][i] };
		struct demo_chance ch =
			demo_chance(c->seed, FRAMES, (uint64_t)lang, (uint64_t)i);
		struct demo_frame f;

		do
			f = draw_frame(demo_langs[lang], &ch,
				       want[DEMO_E] & DEMO_PURPOSE);
		while (!try_frame(c, &f, seen, want, &ch));
		name_pairs(c, &f, i + 1, order[i] < 160 ? 0 : order[i] < 180 ? 1 : 2);
		c->frame[c->n_frame++] = f;
	}
}

void demo_plan(struct demo_corpus *c, uint64_t seed)
{
	struct nli_intern seen = { 0 };

	memset(c, 0, sizeof(*c));
	c->seed = seed;
	c->frame = nli_xcalloc(3 * DEMO_PREMISES, sizeof(*c->frame));
	for (int lang = 0; lang < 3; lang++)
		plan_language(c, lang, &seen);
	nli_intern_release(&seen);
}

/* Copy pair from under a new id; the texts are the same. */
static struct demo_pair *copy_pair(struct demo_corpus *c, size_t from, const char *trick,
				   int number)
{
	struct demo_pair *p = add_pair(c);
	const struct demo_pair *s = &c->pair[from];

	*p = *s;
	memset(&p->premise, 0, sizeof(p->premise));
	memset(&p->hypothesis, 0, sizeof(p->hypothesis));
	nli_buf_add(&p->premise, s->premise.data, s->premise.len);
	nli_buf_add(&p->hypothesis, s->hypothesis.data, s->hypothesis.len);
	p->trick = trick;
	memcpy(p->source, s->id, sizeof(p->source));
	snprintf(p->id, sizeof(p->id), "%s-%s%02d", s->lang->code, trick, number);
	return p;
}

/* The same premise with its time at the other end. */
static void reword(const struct demo_corpus *c, struct demo_pair *p, size_t from)
{
	struct demo_frame f = c->frame[from / DEMO_LABELS];

	f.time_first = !f.time_first;
	demo_premise(&f, &p->premise);
	snprintf(p->caption, sizeof(p->caption), "%.15s", p->id);
}

/*
 * Leaks: of one premise a language, the contradiction stands in test and the
 * rest in train.  20 exact and 20 near copies, every fourth in test, and 12
 * copies with another label.  All sources are different premises of train that
 * say a time, which is what a near copy moves.
 */
void demo_plant_copies(struct demo_corpus *c)
{
	enum { EXACT = 20, NEAR = 20, CONFLICT = 12, ALL = EXACT + NEAR + CONFLICT };
	struct demo_chance ch = demo_chance(c->seed, COPIES, 0, 0);
	const size_t n = c->n;
	size_t taken[ALL + 3];
	int used = 0;

	while (used < ALL + 3) {
		const size_t from = (size_t)demo_below(&ch, (int)n);
		bool fresh = c->pair[from].split == 0 &&
			     c->frame[from / DEMO_LABELS].time != DEMO_NONE;

		for (int i = 0; i < used; i++)
			fresh &= taken[i] / DEMO_LABELS != from / DEMO_LABELS;
		if (used >= ALL) /* one leak a language */
			fresh &= c->pair[from].lang == demo_langs[used - ALL];
		if (fresh)
			taken[used++] = from;
	}
	for (int i = 0; i < ALL; i++) {
		const char *trick = i < EXACT          ? "exact"
				    : i < EXACT + NEAR ? "near"
						       : "conflict";
		struct demo_pair *p = copy_pair(c, taken[i], trick, i + 1);

		if (i < EXACT + NEAR && i % 4 == 0)
			p->split = 2;
		if (!strcmp(trick, "near"))
			reword(c, p, taken[i]);
		if (!strcmp(trick, "conflict"))
			p->label = (enum demo_label)((p->label + 1) % DEMO_LABELS);
	}
	for (int i = ALL; i < ALL + 3; i++) {
		struct demo_pair *p =
			&c->pair[taken[i] / DEMO_LABELS * DEMO_LABELS + DEMO_C];

		p->split = 2;
		p->trick = "leak";
	}
}

void demo_corpus_release(struct demo_corpus *c)
{
	for (size_t i = 0; i < c->n; i++) {
		nli_buf_release(&c->pair[i].premise);
		nli_buf_release(&c->pair[i].hypothesis);
	}
	free(c->pair);
	free(c->frame);
	memset(c, 0, sizeof(*c));
}
