/*
 * gen.h - the generator of the demo corpus: a lexicon, a grammar, a plan of
 * what is planted.
 *
 * A frame is a small world: who does what, where, when.  The premise says all
 * of it, and a hypothesis is a statement about the same world, so its label is
 * known by construction: entailed if it only repeats, neutral if it adds what
 * the premise leaves open, contradicted if it changes what the premise fixes.
 * Scenes exclude one another: who is at the market is not in the library, and
 * who is selling fruit is not reading a novel.
 *
 * Only for corpora/demo: nothing in lib/ or cmd/ knows of it.
 */
#ifndef NLI_DEMO_GEN_H
#define NLI_DEMO_GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/io/json.h"

enum {
	DEMO_SCENES = 10,
	DEMO_ACTIONS = 4, /* a scene */
	DEMO_CAST = 4,    /* agents a scene */
	DEMO_AGENTS = 18,
	DEMO_ADJECTIVES = 8,
	DEMO_TIMES = 4,    /* morning, noon, afternoon, evening */
	DEMO_WORDINGS = 3, /* of a time: plain, then two fuller ones */
	DEMO_EXTRAS = 6,
	DEMO_PURPOSES = 8,
	DEMO_NONE = -1
};

enum demo_label { DEMO_E, DEMO_N, DEMO_C, DEMO_LABELS };
extern const char *const demo_label_name[DEMO_LABELS];

struct demo_noun {
	const char *one, *many;
	bool feminine; /* where the language cares */
};

/* "selling fresh fruit", "selling fruit", "selling food". */
struct demo_action {
	const char *full, *plain, *general;
};

struct demo_scene {
	const char *at;      /* "at the market" */
	const char *rich[2]; /* "at the crowded market" */
	struct demo_action action[DEMO_ACTIONS];
};

/* A language.  Word order and agreement are flags; grammar.c has no language in it. */
struct demo_lang {
	const char *code;
	struct demo_noun agent[DEMO_AGENTS];
	struct demo_noun person; /* what any agent is */
	/* (masculine one, many, feminine one, many); all alike where nothing agrees */
	const char *adjective[DEMO_ADJECTIVES][4];
	const char *number[2][3];   /* (gender, 1..3): "a", "two", "three" */
	const char *definite[2][3]; /* (gender, 1..3): what stands before a known noun */
	const char *definite_after; /* what stands behind it, or "" */
	const char *doing[2];       /* (one, many): "is", "are" before an action */
	const char *being_at[2];    /* before a place */
	const char *being[2];       /* before an adjective */
	const char *no;
	const char *nobody, *nobody_else;
	const char *purpose; /* "in order to" */
	bool adjective_first;
	bool no_first; /* "no está" rather than "is not" */
	bool a_an;     /* "a" is "an" before a vowel */
	const char *time[DEMO_TIMES][DEMO_WORDINGS];
	const char *extra[DEMO_EXTRAS];
	const char *goal[DEMO_PURPOSES];
	struct demo_scene scene[DEMO_SCENES];
	const char *negation; /* its negation words, for counting: " not nobody " */
};

extern const struct demo_lang demo_en, demo_es, demo_id;
extern const struct demo_lang *const demo_langs[3];
extern const char *const demo_scene_name[DEMO_SCENES];
extern const unsigned char demo_cast[DEMO_SCENES][DEMO_CAST]; /* who is found where */

/* The world of a premise.  Indices into the lexicon; DEMO_NONE is "not said". */
struct demo_frame {
	const struct demo_lang *lang;
	int scene, action, agent, count; /* count 1..3 */
	int adjective, rich, time, wording, extra, purpose;
	bool time_first;
};

enum demo_negation {
	DEMO_PLAIN,
	DEMO_NOT_DOING,
	DEMO_NOT_AT,
	DEMO_NOT_BEING,
	DEMO_NOBODY,
	DEMO_NOBODY_ELSE
};

/* A statement about the world. */
struct demo_claim {
	enum demo_negation negation;
	bool person;  /* "the person" for "the baker" */
	bool general; /* "selling food" for "selling fruit" */
	bool only_at; /* "is at the market" with no action */
	bool says_place, time_first;
	int scene, action, place; /* place: a scene */
	int adjective, time, wording, extra, purpose;
};

void demo_premise(const struct demo_frame *f, struct nli_buf *out);
void demo_hypothesis(const struct demo_frame *f, const struct demo_claim *c,
		     struct nli_buf *out);

/* Words, by spaces. */
size_t demo_words(struct nli_str text);

/* Does any of the words in list (each between spaces) stand in text? */
bool demo_has_word(struct nli_str text, const char *list);

/* Chance: a whole number below n that belongs to (stream, key), always the same. */
struct demo_chance {
	uint64_t state;
};
struct demo_chance demo_chance(uint64_t seed, uint64_t a, uint64_t b, uint64_t c);
int demo_below(struct demo_chance *ch, int n);

enum demo_cue { DEMO_NEG = 1, DEMO_PURPOSE = 2, DEMO_LONG = 4 };
enum { DEMO_LONG_WORDS = 10 };

/* A pair of the corpus. Owns its texts. */
struct demo_pair {
	const struct demo_lang *lang;
	char id[24], caption[16];
	const char *genre;
	struct nli_buf premise, hypothesis;
	enum demo_label label;
	unsigned cues;     /* enum demo_cue, as realised */
	int split;         /* 0 train, 1 dev, 2 test */
	const char *trick; /* "exact", "near", "conflict", "leak" or NULL */
	char source[24];   /* id of the pair that it copies */
	struct demo_claim claim;
};

/* All pairs.  Owns everything; pair with demo_corpus_release(). */
struct demo_corpus {
	uint64_t seed;
	struct demo_pair *pair; /* (n,) */
	size_t n, cap;
	struct demo_frame *frame; /* (n_frame,) three pairs each, in order */
	size_t n_frame;
};

/* Premises a language, and how often each cue stands with each label (of n_frame). */
enum { DEMO_PREMISES = 200 };

void demo_plan(struct demo_corpus *c, uint64_t seed);
void demo_plant_copies(struct demo_corpus *c);
void demo_corpus_release(struct demo_corpus *c);

/* Draw a claim with that label and those cues; false if the frame allows none. */
bool demo_draw_claim(const struct demo_frame *f, enum demo_label label, unsigned cues,
		     struct demo_chance *ch, struct demo_claim *c);

/* The simulated workers and models. */
enum { DEMO_WORKERS = 15, DEMO_VOTES = 5 };
struct demo_worker {
	const char *id, *kind;
	double skill; /* chance of the true label; else one of the other two */
};
extern const struct demo_worker demo_workers[DEMO_WORKERS];
void demo_votes(const struct demo_corpus *c, const struct demo_pair *p,
		int worker[DEMO_VOTES], int vote[DEMO_VOTES]);

/* The files. */
void demo_write_pairs(const struct demo_corpus *c, int split, struct nli_buf *out);
void demo_write_choices(const struct demo_corpus *c, struct nli_buf *out,
			struct nli_jw *planted);
void demo_write_rollouts(const struct demo_corpus *c, struct nli_buf *out,
			 struct nli_jw *planted);
void demo_write_broken(struct nli_str pairs, struct nli_buf *out, struct nli_jw *planted);
void demo_write_planted(const struct demo_corpus *c, struct nli_jw *w);

#endif
