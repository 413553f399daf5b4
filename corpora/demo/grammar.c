/* grammar.c - frames and claims to sentences; see gen.h. */
#include "corpora/demo/gen.h"

#include <string.h>

#include "lib/base/hash.h"

const char *const demo_label_name[DEMO_LABELS] = { "entailment", "neutral",
						   "contradiction" };
const struct demo_lang *const demo_langs[3] = { &demo_en, &demo_es, &demo_id };
const char *const demo_scene_name[DEMO_SCENES] = { "market",  "school",  "hospital",
						   "harbor",  "farm",    "library",
						   "station", "stadium", "kitchen",
						   "forest" };
/* Indices into demo_lang.agent: merchants and bakers at the market, and so on. */
const unsigned char demo_cast[DEMO_SCENES][DEMO_CAST] = {
	{ 9, 8, 4, 11 },   { 0, 1, 17, 16 }, { 2, 3, 17, 1 },  { 5, 6, 16, 9 },
	{ 4, 14, 17, 16 }, { 10, 1, 0, 11 }, { 11, 16, 1, 6 }, { 12, 13, 14, 17 },
	{ 7, 8, 16, 17 },  { 15, 14, 4, 1 }
};

struct demo_chance demo_chance(uint64_t seed, uint64_t a, uint64_t b, uint64_t c)
{
	const uint64_t key[3] = { a, b, c };

	return (struct demo_chance){ nli_hash(key, sizeof(key), seed) };
}

int demo_below(struct demo_chance *ch, int n)
{
	ch->state = nli_mix(ch->state);
	return (int)(nli_unit(ch->state) * n);
}

size_t demo_words(struct nli_str text)
{
	size_t n = text.len > 0;

	for (size_t i = 0; i < text.len; i++)
		n += text.s[i] == ' ';
	return n;
}

/* Words end at a space, a comma or a full stop; case is ignored (cues are ASCII). */
bool demo_has_word(struct nli_str text, const char *list)
{
	size_t at = 0;

	while (at < text.len) {
		char word[64] = " ";
		size_t n = 1;

		for (; at < text.len && !strchr(" ,.", text.s[at]); at++)
			if (n < sizeof(word) - 2)
				word[n++] = (char)(text.s[at] >= 'A' && text.s[at] <= 'Z'
							   ? text.s[at] + 32
							   : text.s[at]);
		word[n] = ' ';
		if (n > 1 && strstr(list, word))
			return true;
		at++;
	}
	return false;
}

/* Append a word or phrase, a space before it; "" is nothing. */
static void say(struct nli_buf *out, const char *phrase)
{
	if (!*phrase)
		return;
	if (out->len)
		nli_buf_addc(out, ' ');
	nli_buf_adds(out, phrase);
}

/* A capital at the beginning (always ASCII here) and a full stop. */
static void finish(struct nli_buf *out)
{
	if (out->data[0] >= 'a' && out->data[0] <= 'z')
		out->data[0] = (char)(out->data[0] - 32);
	nli_buf_addc(out, '.');
}

static void say_first(struct nli_buf *out, const char *phrase)
{
	say(out, phrase);
	nli_buf_addc(out, ',');
}

static const char *adjective(const struct demo_lang *l, int which, bool feminine,
			     bool many)
{
	return which == DEMO_NONE ? "" : l->adjective[which][2 * feminine + many];
}

static void say_noun(struct nli_buf *out, const struct demo_lang *l,
		     const struct demo_noun *noun, int count, int adj)
{
	const char *how = adjective(l, adj, noun->feminine, count > 1);

	if (l->adjective_first)
		say(out, how);
	say(out, count > 1 ? noun->many : noun->one);
	if (!l->adjective_first)
		say(out, how);
}

static void say_article(struct nli_buf *out, const struct demo_frame *f)
{
	const struct demo_lang *l = f->lang;
	const struct demo_noun *noun = &l->agent[f->agent];
	const char *next = f->adjective != DEMO_NONE && l->adjective_first
				   ? l->adjective[f->adjective][0]
				   : noun->one;

	say(out, l->number[noun->feminine][f->count - 1]);
	if (l->a_an && f->count == 1 && strchr("aeiou", next[0]))
		nli_buf_addc(out, 'n');
}

static const char *time_of(const struct demo_lang *l, int time, int wording)
{
	return l->time[time][wording];
}

void demo_premise(const struct demo_frame *f, struct nli_buf *out)
{
	const struct demo_lang *l = f->lang;
	const struct demo_scene *s = &l->scene[f->scene];

	nli_buf_clear(out);
	if (f->time != DEMO_NONE && f->time_first)
		say_first(out, time_of(l, f->time, f->wording));
	say_article(out, f);
	say_noun(out, l, &l->agent[f->agent], f->count, f->adjective);
	say(out, l->doing[f->count > 1]);
	say(out, s->action[f->action].full);
	say(out, f->rich ? s->rich[f->rich - 1] : s->at);
	if (f->time != DEMO_NONE && !f->time_first)
		say(out, time_of(l, f->time, f->wording));
	if (f->extra != DEMO_NONE)
		say(out, l->extra[f->extra]);
	if (f->purpose != DEMO_NONE) {
		say(out, l->purpose);
		say(out, l->goal[f->purpose]);
	}
	finish(out);
}

/* "is not", "no está": the verb with its negation where the language wants it. */
static void say_verb(struct nli_buf *out, const struct demo_lang *l, const char *verb,
		     bool negated)
{
	if (negated && l->no_first)
		say(out, l->no);
	say(out, verb);
	if (negated && !l->no_first)
		say(out, l->no);
}

static void say_known(struct nli_buf *out, const struct demo_frame *f,
		      const struct demo_claim *c)
{
	const struct demo_lang *l = f->lang;
	const struct demo_noun *noun = c->person ? &l->person : &l->agent[f->agent];

	say(out, l->definite[noun->feminine][f->count - 1]);
	say_noun(out, l, noun, f->count,
		 c->negation == DEMO_NOT_BEING ? DEMO_NONE : c->adjective);
	say(out, l->definite_after);
}

static void say_predicate(struct nli_buf *out, const struct demo_frame *f,
			  const struct demo_claim *c)
{
	const struct demo_lang *l = f->lang;
	const struct demo_action *a = &l->scene[c->scene].action[c->action];
	const bool many = f->count > 1;
	const bool feminine =
		c->person ? l->person.feminine : l->agent[f->agent].feminine;

	if (c->negation == DEMO_NOT_BEING) {
		say_verb(out, l, l->being[many], true);
		say(out, adjective(l, c->adjective, feminine, many));
	} else if (c->only_at) {
		say_verb(out, l, l->being_at[many], c->negation == DEMO_NOT_AT);
	} else {
		say_verb(out, l, l->doing[many], c->negation == DEMO_NOT_DOING);
		say(out, c->general ? a->general : a->plain);
	}
}

void demo_hypothesis(const struct demo_frame *f, const struct demo_claim *c,
		     struct nli_buf *out)
{
	const struct demo_lang *l = f->lang;

	nli_buf_clear(out);
	if (c->time != DEMO_NONE && c->time_first)
		say_first(out, time_of(l, c->time, c->wording));
	if (c->negation == DEMO_NOBODY || c->negation == DEMO_NOBODY_ELSE) {
		say(out, c->negation == DEMO_NOBODY ? l->nobody : l->nobody_else);
		say(out, l->scene[c->scene].action[c->action].general);
	} else {
		say_known(out, f, c);
		say_predicate(out, f, c);
	}
	if (c->says_place || c->only_at)
		say(out, l->scene[c->place].at);
	if (c->time != DEMO_NONE && !c->time_first)
		say(out, time_of(l, c->time, c->wording));
	if (c->extra != DEMO_NONE)
		say(out, l->extra[c->extra]);
	if (c->purpose != DEMO_NONE) {
		say(out, l->purpose);
		say(out, l->goal[c->purpose]);
	}
	finish(out);
}
