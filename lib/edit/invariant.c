/*
 * invariant.c - edits that keep the label: tautologies, paraphrases, synonyms,
 * typing errors, marks, case and width, after the stress tests of Naik et al.
 * (COLING 2018).
 */
#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/edit/relation.h"
#include "lib/edit/rewriting_parts.h"
#include "lib/text/norm.h"

enum { MIN_LETTERS = 5 };

struct maker {
	const struct nli_record *r;
	struct nli_edit_sink *s;
};

static bool keep(struct maker *m, const char *rule, struct nli_str text)
{
	const struct nli_rewritten x = { .part = "hypothesis",
					 .text = text,
					 .rule = rule,
					 .relation = 1u << NLI_REL_EQUAL };

	nli_rewriting_make(m->r, &x, m->s);
	return true;
}

static bool take_rule(void *ctx, const struct nli_rw_rule *rule, struct nli_str made)
{
	return keep(ctx, rule->id, made);
}

/* One synonym a text is enough. */
static bool take_swap(void *ctx, const struct nli_swap *x, struct nli_str made)
{
	keep(ctx, x->why, made);
	return false;
}

/*
 * May an error be made in token i?  In a long word of small letters of which the
 * pack knows nothing: neither cue, nor number, nor negation, nor name.
 */
static bool may_err(const struct nli_rewriting *w, const struct nli_view *v, size_t i)
{
	const struct nli_str t = nli_view_token(v, i);

	if (v->token[i].kind != NLI_TOKEN_WORD ||
	    nli_lexicon_classes(w->of->lexicon, v, i, i + 1) || nli_text_capital(t))
		return false;
	return nli_utf8_count(t) >= MIN_LETTERS;
}

/* Append the word with the letters k and k + 1 exchanged; false if they are the same. */
static bool exchange(struct nli_str word, size_t k, struct nli_buf *out)
{
	size_t at = 0, from, middle;

	for (size_t i = 0; i < k; i++)
		nli_utf8_next(word, &at);
	from = at;
	nli_utf8_next(word, &at);
	middle = at;
	nli_utf8_next(word, &at);
	nli_buf_add(out, word.s, from);
	nli_buf_add(out, word.s + middle, at - middle);
	nli_buf_add(out, word.s + from, middle - from);
	nli_buf_add(out, word.s + at, word.len - at);
	return at - middle != middle - from ||
	       memcmp(word.s + from, word.s + middle, at - middle) != 0;
}

/* Two inner letters of one word exchanged, both chosen by hash of seed and text. */
static void typing_error(struct nli_rewriting *w, const struct nli_view *v, uint64_t seed,
			 struct maker *m)
{
	uint64_t least = 0, h = nli_hash(v->text.s, v->text.len, seed);
	size_t at = v->n, n, tried = 0;
	struct nli_str word;

	for (size_t i = 0; i < v->n; i++) {
		const uint64_t x = nli_mix(h ^ i);

		if (may_err(w, v, i) && (at == v->n || x < least)) {
			at = i;
			least = x;
		}
	}
	if (at == v->n)
		return;
	word = nli_view_token(v, at);
	n = nli_utf8_count(word) - 3;
	do { /* from a place chosen by hash to the next two letters that differ */
		if (tried == n)
			return;
		nli_buf_clear(&w->out[1]);
		nli_buf_add(&w->out[1], v->text.s, v->token[at].off);
	} while (!exchange(word, 1 + (nli_mix(least) + tried++) % n, &w->out[1]));
	nli_buf_add(&w->out[1], word.s + word.len,
		    v->text.len - v->token[at].off - word.len);
	keep(m, "typo", nli_buf_str(&w->out[1]));
}

static void all_capitals(struct nli_rewriting *w, const struct nli_view *v,
			 struct maker *m)
{
	struct nli_buf *back = &w->judge.made, *folded = &w->fold;

	nli_buf_clear(&w->out[1]);
	nli_buf_clear(back);
	nli_buf_clear(folded);
	nli_text_case(v->text, NLI_CASE_ALL_UP, &w->out[1]);
	nli_text_fold(nli_buf_str(&w->out[1]), back);
	nli_text_fold(v->text, folded);
	/* One to one: a letter without a single capital ("ß") would not come back. */
	if (!nli_str_eq(nli_buf_str(&w->out[1]), v->text) &&
	    nli_str_eq(nli_buf_str(back), nli_buf_str(folded)))
		keep(m, "capitals", nli_buf_str(&w->out[1]));
}

/* The full stop at the end gone. */
static void final_mark(struct nli_rewriting *w, const struct nli_view *v, struct maker *m)
{
	static const char *const stop[] = { ".", "\xe3\x80\x82", "\xe0\xa5\xa4" };

	for (size_t i = 0; i < sizeof(stop) / sizeof(*stop); i++) {
		const size_t n = strlen(stop[i]);

		if (v->text.len <= n || v->n < 2 ||
		    v->token[v->n - 2].kind == NLI_TOKEN_PUNCT ||
		    memcmp(v->text.s + v->text.len - n, stop[i], n))
			continue;
		nli_buf_clear(&w->out[1]);
		nli_buf_add(&w->out[1], v->text.s, v->text.len - n);
		keep(m, "no-stop", nli_buf_str(&w->out[1]));
	}
}

/* Digits of the other width, where the language's script has both. */
static void width(struct nli_rewriting *w, const struct nli_view *v, struct maker *m)
{
	bool any = false;

	if (w->of->pack->spaces)
		return;
	nli_buf_clear(&w->out[1]);
	for (size_t i = 0; i < v->text.len; i++) {
		const char c = v->text.s[i];

		if (c >= '0' && c <= '9') {
			nli_utf8_add(&w->out[1], 0xff10u + (uint32_t)(c - '0'));
			any = true;
		} else {
			nli_buf_addc(&w->out[1], c);
		}
	}
	if (any)
		keep(m, "width", nli_buf_str(&w->out[1]));
}

int nli_invariant_make(const struct nli_edit *e, void *scratch,
		       const struct nli_record *r, struct nli_edit_sink *s,
		       struct nli_err *err)
{
	static const char *const ops[] = { "tautology", "paraphrase", "noise", NULL };
	struct nli_rewriting *w = scratch;
	struct maker m = { r, s };
	uint64_t n_not_back = 0;
	int rc;

	if (!nli_rewriting_begin(e, w, r, s, err, &rc))
		return rc;
	nli_rewriting_look(w, &w->hypothesis, r->hypothesis);
	nli_rewriting_cut(w, &w->hypothesis);
	rc = nli_rewriting_rules(w, &w->hypothesis, ops, &n_not_back, NULL, take_rule, &m,
				 err);
	nli_rewriting_not_back(s, n_not_back);
	if (rc)
		return rc;
	nli_rewriting_swaps(w, &w->hypothesis, e->args->seed, 1u << NLI_REL_EQUAL, NULL,
			    take_swap, &m);
	typing_error(w, &w->hypothesis, e->args->seed, &m);
	all_capitals(w, &w->hypothesis, &m);
	final_mark(w, &w->hypothesis, &m);
	width(w, &w->hypothesis, &m);
	return 0;
}
