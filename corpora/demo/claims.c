/*
 * claims.c - statements whose label is known, because they repeat, add to, or
 * change what the frame says.  All labels are made from the same base claim, so
 * that wording tells nothing but what plan.c plants.
 */
#include "corpora/demo/gen.h"

static bool one_in(struct demo_chance *ch, int n)
{
	return demo_below(ch, n) == 0;
}

/* Another index below n than not_this (which may be DEMO_NONE). */
static int other(struct demo_chance *ch, int n, int not_this)
{
	const int v = demo_below(ch, not_this == DEMO_NONE ? n : n - 1);

	return not_this != DEMO_NONE && v >= not_this ? v + 1 : v;
}

/* Something that the frame entails: a part of it in other words. */
static struct demo_claim repeat(const struct demo_frame *f, struct demo_chance *ch)
{
	struct demo_claim c = {
		.person = one_in(ch, 5),
		.general = one_in(ch, 4),
		.only_at = one_in(ch, 5),
		.says_place = one_in(ch, 2),
		.time_first = one_in(ch, 5),
		.scene = f->scene,
		.action = f->action,
		.place = f->scene,
		.adjective = one_in(ch, 2) ? f->adjective : DEMO_NONE,
		.time = one_in(ch, 2) ? f->time : DEMO_NONE,
		.wording = 0,
		.extra = one_in(ch, 3) ? f->extra : DEMO_NONE,
		.purpose = DEMO_NONE,
	};

	return c;
}

/* Add what the frame leaves open. False if that did not come about. */
static bool add(const struct demo_frame *f, struct demo_chance *ch, struct demo_claim *c)
{
	switch (demo_below(ch, 3)) {
	case 0:
		c->adjective = other(ch, DEMO_ADJECTIVES, f->adjective);
		return true;
	case 1:
		if (f->time != DEMO_NONE)
			return false;
		c->time = demo_below(ch, DEMO_TIMES);
		return true;
	default:
		c->extra = other(ch, DEMO_EXTRAS, f->extra);
		return true;
	}
}

/* Change what the frame fixes. */
static bool change(const struct demo_frame *f, struct demo_chance *ch,
		   struct demo_claim *c)
{
	switch (demo_below(ch, 3)) {
	case 0: /* another action, with its own place if any */
		c->only_at = c->general = false;
		c->scene = c->place = other(ch, DEMO_SCENES, f->scene);
		c->action = demo_below(ch, DEMO_ACTIONS);
		return true;
	case 1: /* another place */
		c->place = other(ch, DEMO_SCENES, f->scene);
		c->says_place = true;
		return true;
	default: /* another time; one may be at a place at both, but not do it only now */
		if (f->time == DEMO_NONE || c->only_at)
			return false;
		c->time = other(ch, DEMO_TIMES, f->time);
		return true;
	}
}

/* A negated claim says only what is denied, and for contradictions where and when. */
static void deny(const struct demo_frame *f, enum demo_label label,
		 struct demo_chance *ch, struct demo_claim *c)
{
	const int which = demo_below(ch, 3);

	c->extra = DEMO_NONE;
	c->only_at = false;
	if (label == DEMO_N) {
		c->negation = which ? DEMO_NOBODY_ELSE : DEMO_NOT_BEING;
		c->adjective = other(ch, DEMO_ADJECTIVES, f->adjective);
		c->time = DEMO_NONE;
		c->says_place = which == 1;
		return;
	}
	c->negation = which == 0                      ? DEMO_NOT_AT
		      : which == 1 || label == DEMO_E ? DEMO_NOT_DOING
						      : DEMO_NOBODY;
	c->only_at = which == 0;
	if (label == DEMO_C)
		return;
	c->general = c->says_place = false;
	c->time = DEMO_NONE;
	c->scene = c->place = other(ch, DEMO_SCENES, f->scene);
	c->action = demo_below(ch, DEMO_ACTIONS);
}

static bool give_purpose(const struct demo_frame *f, enum demo_label label,
			 struct demo_chance *ch, struct demo_claim *c)
{
	if (label == DEMO_E && f->purpose == DEMO_NONE)
		return false;
	c->purpose = label == DEMO_E ? f->purpose : other(ch, DEMO_PURPOSES, f->purpose);
	return !c->only_at;
}

bool demo_draw_claim(const struct demo_frame *f, enum demo_label label, unsigned cues,
		     struct demo_chance *ch, struct demo_claim *c)
{
	*c = repeat(f, ch);
	if (cues & DEMO_NEG)
		deny(f, label, ch, c);
	else if (label == DEMO_C && !change(f, ch, c))
		return false;
	else if (label == DEMO_N && !(cues & DEMO_PURPOSE) && !add(f, ch, c))
		return false;
	if (cues & DEMO_PURPOSE && !give_purpose(f, label, ch, c))
		return false;
	return true;
}
