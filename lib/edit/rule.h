/*
 * rule.h - a pack's rules on a text: which can apply at all, and what they make
 * of it.
 *
 * A rule takes the first place of the text where its match holds and all that
 * its replacement looks up is there; when and unless are asked of the whole
 * text.  Case follows: what comes to stand first takes a capital letter if the
 * text began with one, and a word of the closed classes that no longer stands
 * first loses it.
 */
#ifndef NLI_EDIT_RULE_H
#define NLI_EDIT_RULE_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/edit/view.h"
#include "lib/text/rewrites.h"

struct nli_rules; /* opaque; unchanged after it is made */

/* Borrows rw. */
struct nli_rules *nli_rules_new(const struct nli_rewrites *rw);
void nli_rules_free(struct nli_rules *r); /* NULL is fine */
const struct nli_rewrites *nli_rules_pack(const struct nli_rules *r);

/* Room for one thread. */
struct nli_rule_scratch {
	struct nli_match *match, *side;
	struct nli_tokenizer *tokenizer;
	struct nli_buf fold, made, back;
	/* What is known of the text in hand, and of what was made of it. */
	struct nli_rule_asked {
		const struct nli_rules *by;
		struct nli_buf text;
		/* Answers of conditions: 0 not asked, 1 no, 2 yes. */
		unsigned char *answer; /* (answer_cap,) */
		size_t answer_cap;
		/* Which conditions, then which matches, may hold: by their needles. */
		uint64_t *may; /* (may_cap,) */
		size_t may_cap;
	} asked[2];
};
void nli_rule_scratch_init(struct nli_rule_scratch *s);
void nli_rule_scratch_release(struct nli_rule_scratch *s);

enum { NLI_RULES_MAX = 512 };

/* Does any rule need words?  If none, no tokens are looked at below. */
bool nli_rules_need(const struct nli_rules *r);

/*
 * Which of some rules (NULL: of all) can apply to the text of v, by its tokens and by what
 * their matches must find in it: bit i of which[i / 64].
 */
void nli_rules_possible(const struct nli_rules *r, struct nli_rule_scratch *s,
			const struct nli_view *v, const uint64_t *of,
			uint64_t which[NLI_RULES_MAX / 64]);

/*
 * Append what rule number i makes of text.  1 if it applies, 0 if not,
 * NLI_EDATA naming pack and rule if the match limit ended it.
 */
int nli_rule_apply(const struct nli_rules *r, size_t i, struct nli_rule_scratch *s,
		   struct nli_str text, struct nli_buf *out, struct nli_err *err);

/* nli_rule_apply(), and that the inverse gives the text back: 1, 0 or < 0; 2 if not. */
int nli_rule_apply_checked(const struct nli_rules *r, size_t i,
			   struct nli_rule_scratch *s, struct nli_str text,
			   struct nli_buf *out, struct nli_err *err);

/* Set the case of text, which was made of from by an edit; appends to out. */
void nli_rule_recase(const struct nli_rules *r, struct nli_rule_scratch *s,
		     struct nli_str from, struct nli_str text, struct nli_buf *out);

#endif
