/*
 * judge.h - what rules and lexicon prove of two texts that differ by a few
 * edits: align their tokens, read each difference as an atomic edit, project its
 * relation through the context of its place, and join them all.
 *
 * B. MacCartney, "Natural Language Inference", 2009, chapter 7, with alignment by
 * equal tokens and without a parser.
 */
#ifndef NLI_EDIT_JUDGE_H
#define NLI_EDIT_JUDGE_H

#include "lib/edit/lexicon.h"
#include "lib/edit/relation.h"
#include "lib/edit/rule.h"

enum { NLI_JUDGE_MAX_EDITS = 4, NLI_JUDGE_MAX_TOKENS = 200 };

/* One thread's room; owns all. */
struct nli_judge_scratch {
	struct nli_view a, b;
	struct nli_rule_scratch rule;
	unsigned short *length; /* of common subsequences */
	struct nli_buf made;
};
void nli_judge_scratch_init(struct nli_judge_scratch *s);
void nli_judge_scratch_release(struct nli_judge_scratch *s);

struct nli_judgement {
	unsigned relation; /* of a to b: a mask, NLI_REL_ANY if nothing is proved */
	bool exclusive;    /* the rule was */
	const char *rule[NLI_JUDGE_MAX_EDITS]; /* what proved it, borrowed */
	size_t n_rule;
	const char *why; /* why nothing is proved, or NULL */
};

/* Judge a against b.  Returns 0, or < 0 if a rule hit the match limit. */
int nli_judge(const struct nli_lexicon *l, const struct nli_rules *rules,
	      struct nli_judge_scratch *s, struct nli_str a, struct nli_str b,
	      struct nli_judgement *j, struct nli_err *err);

/* What nli_context_scan() says of the places of a text. */
struct nli_places {
	enum nli_context at[NLI_JUDGE_MAX_TOKENS + 1], gap[NLI_JUDGE_MAX_TOKENS + 1];
};

/* The same by edits alone, without rules, against a text that was looked at. */
void nli_judge_edits(const struct nli_lexicon *l, struct nli_judge_scratch *s,
		     struct nli_str a, const struct nli_view *b,
		     const struct nli_places *at_b, struct nli_judgement *j);

#endif
