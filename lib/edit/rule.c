/* rule.c - see rule.h. */
#include "lib/edit/rule.h"

#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/text/finder.h"
#include "lib/text/langpack.h"
#include "lib/text/needles.h"
#include "lib/text/norm.h"

enum { WORDS = NLI_RULES_MAX / 64 };

struct nli_rules {
	const struct nli_rewrites *rw;
	struct nli_sieve needed; /* words of need */
	struct nli_map64 need;   /* hash of a word to its row in mask */
	struct nli_map64 closed; /* words that are written small inside a text */
	uint64_t (*mask)[WORDS];
	size_t n_mask, mask_cap;
	uint64_t always[WORDS]; /* rules that need nothing */
	/* Needles of the conditions' patterns, then of the rules' matches. */
	struct nli_finder *finder;
};

static uint64_t hash_of(const char *folded)
{
	return nli_lang_hash(nli_str_of(folded));
}

static void add_need(struct nli_rules *r, const char *word, size_t rule)
{
	bool fresh;
	const uint64_t hash = hash_of(word);
	uint64_t *at = nli_map64_put(&r->need, hash, &fresh);

	if (fresh) {
		nli_grow(&r->mask, &r->mask_cap, r->n_mask + 1, sizeof(*r->mask));
		memset(r->mask[r->n_mask], 0, sizeof(*r->mask));
		*at = r->n_mask++;
	}
	nli_sieve_add(&r->needed, hash);
	r->mask[*at][rule / 64] |= UINT64_C(1) << rule % 64;
}

/* Words of closed classes lose their capital inside a text, "I" apart. */
static void add_closed(struct nli_rules *r, const struct nli_fact *f)
{
	const bool capital = f->kind == NLI_FACT_CONTEXT && !strcmp(f->b, "capital");
	struct nli_buf folded = { 0 };

	if (f->kind != NLI_FACT_FUNCTION && f->kind != NLI_FACT_QUANTIFIER &&
	    f->kind != NLI_FACT_NUMBER && f->kind != NLI_FACT_NEGATION &&
	    f->kind != NLI_FACT_GENDER && f->kind != NLI_FACT_CONTEXT)
		return;
	nli_text_fold(nli_str_of(f->a), &folded);
	*nli_map64_put(&r->closed, nli_lang_hash(nli_buf_str(&folded)), NULL) |=
		capital ? 2 : 1;
	nli_buf_release(&folded);
}

static void add_needles(struct nli_rules *r, size_t set, const char *pattern,
			struct nli_arena *arena)
{
	struct nli_needles k;

	nli_arena_reset(arena);
	if (!nli_needles(&k, nli_str_of(pattern), arena))
		nli_finder_always(r->finder, set);
	else if (k.twice)
		nli_finder_twice(r->finder, set);
	for (size_t i = 0; i < k.n; i++)
		nli_finder_add(r->finder, set, k.needle[i]);
}

static size_t n_patterns(const struct nli_rewrites *rw)
{
	return rw->n_condition + rw->n_rule;
}

/* Most patterns have a word of the pack to look for, which most texts lack. */
static struct nli_finder *find_needles(struct nli_rules *r)
{
	const struct nli_rewrites *rw = r->rw;
	struct nli_arena arena = { 0 };

	r->finder = nli_finder_new(n_patterns(rw));
	for (size_t i = 0; i < rw->n_condition; i++)
		add_needles(r, i, rw->condition[i].text, &arena);
	for (size_t i = 0; i < rw->n_rule; i++)
		add_needles(r, rw->n_condition + i, rw->rule[i].match_text, &arena);
	nli_finder_build(r->finder);
	nli_arena_release(&arena);
	return r->finder;
}

struct nli_rules *nli_rules_new(const struct nli_rewrites *rw)
{
	struct nli_rules *r = nli_xcalloc(1, sizeof(*r));

	r->rw = rw;
	for (size_t i = 0; i < rw->n_rule && i < NLI_RULES_MAX; i++) {
		for (size_t k = 0; k < rw->rule[i].n_need; k++)
			add_need(r, rw->rule[i].need[k], i);
		if (!rw->rule[i].n_need)
			r->always[i / 64] |= UINT64_C(1) << i % 64;
	}
	for (size_t i = 0; i < rw->n_fact; i++)
		add_closed(r, &rw->fact[i]);
	r->finder = find_needles(r);
	return r;
}

void nli_rules_free(struct nli_rules *r)
{
	if (!r)
		return;
	nli_map64_release(&r->need);
	nli_map64_release(&r->closed);
	free(r->mask);
	nli_finder_free(r->finder);
	free(r);
}

const struct nli_rewrites *nli_rules_pack(const struct nli_rules *r)
{
	return r->rw;
}

void nli_rule_scratch_init(struct nli_rule_scratch *s)
{
	*s = (struct nli_rule_scratch){ .match = nli_match_new(),
					.side = nli_match_new(),
					.tokenizer = nli_tokenizer_new() };
}

void nli_rule_scratch_release(struct nli_rule_scratch *s)
{
	nli_match_free(s->match);
	nli_match_free(s->side);
	nli_tokenizer_free(s->tokenizer);
	nli_buf_release(&s->fold);
	nli_buf_release(&s->made);
	nli_buf_release(&s->back);
	for (size_t i = 0; i < 2; i++) {
		nli_buf_release(&s->asked[i].text);
		free(s->asked[i].answer);
		free(s->asked[i].may);
	}
	*s = (struct nli_rule_scratch){ .match = NULL };
}

bool nli_rules_need(const struct nli_rules *r)
{
	return r->n_mask > 0;
}

static size_t letters(struct nli_str text)
{
	size_t n = 0;

	while (n < text.len && text.s[n] != ' ' && text.s[n] != '\'' &&
	       text.s[n] != ',' && text.s[n] != '.')
		n++;
	return n;
}

/* Is the first word of text one that is written small inside a text? */
static bool is_closed(const struct nli_rules *r, struct nli_rule_scratch *s,
		      struct nli_str text)
{
	const uint64_t *at;

	nli_buf_clear(&s->fold);
	nli_text_fold((struct nli_str){ text.s, letters(text) }, &s->fold);
	at = nli_map64_get(&r->closed, nli_lang_hash(nli_buf_str(&s->fold)));
	return at && *at == 1;
}

void nli_rule_recase(const struct nli_rules *r, struct nli_rule_scratch *s,
		     struct nli_str from, struct nli_str text, struct nli_buf *out)
{
	if (nli_text_capital(from))
		nli_text_case(text, NLI_CASE_FIRST_UP, out);
	else if (nli_text_capital(text) && is_closed(r, s, text))
		nli_text_case(text, NLI_CASE_FIRST_DOWN, out);
	else
		nli_buf_add(out, text.s, text.len);
}

/* A piece of the replacement; a group that stood first and no longer does loses its capital. */
static bool add_piece(const struct nli_rules *r, struct nli_rule_scratch *s,
		      const struct nli_rw_piece *p, struct nli_str text,
		      struct nli_buf *out)
{
	struct nli_str found = p->text;
	ptrdiff_t row;

	if (!p->group) {
		nli_buf_add(out, found.s, found.len);
		return true;
	}
	found = nli_match_group(s->match, p->group);
	if (p->table) {
		row = found.s ? nli_rw_row(p->table, p->from, found) : -1;
		if (row < 0 || !p->table->cell[(size_t)row * p->table->n_column + p->to])
			return false;
		nli_buf_adds(out,
			     p->table->cell[(size_t)row * p->table->n_column + p->to]);
	} else if (found.len && found.s == text.s && out->len &&
		   nli_text_capital(found) && is_closed(r, s, found)) {
		nli_text_case(found, NLI_CASE_FIRST_DOWN, out);
	} else if (found.len) {
		nli_buf_add(out, found.s, found.len);
	}
	return true;
}

/* The first place that is not tidy: a blank at the start, or behind another one. */
static size_t untidy(const struct nli_buf *b)
{
	const char *end = b->data + b->len, *at = b->data;

	if (!b->len || *at == ' ')
		return 0;
	while ((at = memchr(at, ' ', (size_t)(end - at))) && ++at < end)
		if (*at == ' ')
			return (size_t)(at - b->data);
	return b->len;
}

/* One blank where there were more, none at the ends. */
static void tidy(struct nli_buf *b)
{
	size_t n = untidy(b);

	for (size_t i = n; i < b->len; i++)
		if (b->data[i] != ' ' || (n && b->data[n - 1] != ' '))
			b->data[n++] = b->data[i];
	while (n && b->data[n - 1] == ' ')
		n--;
	b->len = n;
	if (b->data)
		b->data[n] = '\0';
}

/* 1 if all that the replacement looks up is there. */
static int replace(const struct nli_rules *r, const struct nli_rw_rule *rule,
		   struct nli_rule_scratch *s, struct nli_str text, struct nli_buf *out)
{
	const struct nli_str all = nli_match_group(s->match, 0);
	const char *end = all.s + all.len;

	nli_buf_clear(&s->made);
	nli_buf_add(&s->made, text.s, (size_t)(all.s - text.s));
	for (size_t i = 0; i < rule->n_piece; i++)
		if (!add_piece(r, s, &rule->piece[i], text, &s->made))
			return 0;
	nli_buf_add(&s->made, end, (size_t)(text.s + text.len - end));
	tidy(&s->made);
	if (!s->made.len || nli_str_eq(nli_buf_str(&s->made), text))
		return 0;
	nli_rule_recase(r, s, text, nli_buf_str(&s->made), out);
	return 1;
}

/* Many rules ask the same of a text: what was answered is kept until another comes. */
static void begin_text(const struct nli_rules *r, struct nli_rule_asked *k,
		       struct nli_str text)
{
	const size_t n = n_patterns(r->rw);

	if (k->by == r && nli_str_eq(nli_buf_str(&k->text), text))
		return;
	nli_grow(&k->answer, &k->answer_cap, r->rw->n_condition + 1, 1);
	nli_grow(&k->may, &k->may_cap, nli_finder_words(n) + 1, sizeof(*k->may));
	memset(k->answer, 0, r->rw->n_condition);
	nli_finder_scan(r->finder, text, k->may);
	k->by = r;
	nli_buf_clear(&k->text);
	nli_buf_add(&k->text, text.s, text.len);
}

static bool may(const struct nli_rule_asked *k, size_t pattern)
{
	return k->may[pattern / 64] >> pattern % 64 & 1;
}

/* Clear the bits of rules whose match has none of its needles in the text. */
static void keep_found(const struct nli_rules *r, const struct nli_rule_asked *k,
		       uint64_t which[WORDS])
{
	const size_t first = r->rw->n_condition;

	for (size_t i = 0; i < WORDS; i++)
		for (uint64_t left = which[i]; left; left &= left - 1) {
			const size_t rule = i * 64 + (size_t)__builtin_ctzll(left);

			if (!may(k, first + rule))
				which[i] &= ~(UINT64_C(1) << rule % 64);
		}
}

void nli_rules_possible(const struct nli_rules *r, struct nli_rule_scratch *s,
			const struct nli_view *v, const uint64_t *of,
			uint64_t which[NLI_RULES_MAX / 64])
{
	uint64_t any = 0;

	memcpy(which, r->always, sizeof(r->always));
	for (size_t i = 0; i < v->n; i++) {
		const uint64_t *at = nli_sieve_may(&r->needed, v->hash[i])
					     ? nli_map64_get(&r->need, v->hash[i])
					     : NULL;

		for (size_t k = 0; at && k < WORDS; k++)
			which[k] |= r->mask[*at][k];
	}
	for (size_t i = 0; i < WORDS; i++)
		any |= which[i] &= of ? of[i] : UINT64_MAX;
	if (!any)
		return;
	begin_text(r, &s->asked[0], v->text);
	keep_found(r, &s->asked[0], which);
}

/* 1 if a condition is met in text, 0 if not, < 0 if the limit ended it. */
static int holds(const struct nli_rules *r, size_t condition, struct nli_rule_scratch *s,
		 struct nli_rule_asked *k, struct nli_str text, struct nli_err *err)
{
	int rc;

	if (!may(k, condition))
		return 0;
	if (k->answer[condition])
		return k->answer[condition] - 1;
	rc = nli_pattern_find(r->rw->condition[condition].pattern, s->side, text, 0, err);
	if (rc >= 0)
		k->answer[condition] = (unsigned char)(rc + 1);
	return rc;
}

static int conditions(const struct nli_rules *r, const struct nli_rw_rule *rule,
		      struct nli_rule_scratch *s, struct nli_rule_asked *k,
		      struct nli_str text, struct nli_err *err)
{
	int rc = 1;

	for (size_t i = 0; i < rule->n_when && rc == 1; i++)
		rc = holds(r, rule->when[i], s, k, text, err);
	for (size_t i = 0; i < rule->n_unless && rc == 1; i++) {
		rc = holds(r, rule->unless[i], s, k, text, err);
		rc = rc < 0 ? rc : !rc;
	}
	return rc;
}

/* The byte behind the first character of a match. */
static size_t next_start(const struct nli_match *m, struct nli_str text)
{
	size_t at = (size_t)(nli_match_group(m, 0).s - text.s);

	if (at < text.len)
		nli_utf8_next(text, &at);
	return at;
}

static int apply(const struct nli_rules *r, const struct nli_rw_rule *rule,
		 struct nli_rule_scratch *s, struct nli_rule_asked *k,
		 struct nli_str text, struct nli_buf *out, struct nli_err *err)
{
	/* Of a text that was made one match is asked: it is not worth a scan for that alone. */
	const bool made = k == &s->asked[1];
	int rc;

	if (!made || rule->n_when + rule->n_unless)
		begin_text(r, k, text);
	if (!made && !may(k, r->rw->n_condition + (size_t)(rule - r->rw->rule)))
		return 0;
	rc = nli_pattern_find(rule->match, s->match, text, 0, err);
	if (rc == 1)
		rc = conditions(r, rule, s, k, text, err);
	while (rc == 1) {
		size_t at;

		if (replace(r, rule, s, text, out))
			return 1;
		at = next_start(s->match, text);
		if (at >= text.len)
			return 0;
		rc = nli_pattern_find(rule->match, s->match, text, at, err);
	}
	return rc;
}

static int apply_rule(const struct nli_rules *r, size_t i, struct nli_rule_scratch *s,
		      struct nli_rule_asked *k, struct nli_str text, struct nli_buf *out,
		      struct nli_err *err)
{
	const struct nli_rw_rule *rule = &r->rw->rule[i];
	const int rc = text.len ? apply(r, rule, s, k, text, out, err) : 0;

	if (rc < 0)
		nli_err_prefix(err, "%s:%ld: rule %s", r->rw->path, rule->line, rule->id);
	return rc;
}

int nli_rule_apply(const struct nli_rules *r, size_t i, struct nli_rule_scratch *s,
		   struct nli_str text, struct nli_buf *out, struct nli_err *err)
{
	return apply_rule(r, i, s, &s->asked[0], text, out, err);
}

int nli_rule_apply_checked(const struct nli_rules *r, size_t i,
			   struct nli_rule_scratch *s, struct nli_str text,
			   struct nli_buf *out, struct nli_err *err)
{
	const size_t before = out->len;
	int rc = nli_rule_apply(r, i, s, text, out, err);

	if (rc != 1)
		return rc;
	nli_buf_clear(&s->back);
	rc = apply_rule(r, r->rw->rule[i].inverse_at, s, &s->asked[1],
			(struct nli_str){ out->data + before, out->len - before },
			&s->back, err);
	if (rc == 0 || (rc == 1 && !nli_str_eq(nli_buf_str(&s->back), text)))
		rc = 2;
	if (rc != 1) {
		out->len = before;
		out->data[before] = '\0';
	}
	return rc;
}
