/* lexicon.c - see lexicon.h. */
#include "lib/edit/lexicon.h"

#include <math.h>
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/edit/relation.h"
#include "lib/text/finder.h"
#include "lib/text/langpack.h"
#include "lib/text/norm.h"

enum { MAX_TOKENS = 6, MAX_UP = 4, BY_FORM = 3 };

struct entry {
	uint64_t hash; /* of its tokens, by nli_phrase_hash() */
	unsigned classes;
	size_t first;          /* the first fact whose a it is, + 1; 0: none */
	size_t first_b;        /* the same of b */
	unsigned told;         /* relations that its facts tell */
	struct nli_str begins; /* with this token, folded; {NULL, 0}: it has none */
};

/* A token with which phrases begin.  Number 0 is any other token. */
struct word {
	size_t entry;   /* of the token alone, + 1; 0: none */
	size_t longest; /* tokens of the longest phrase */
	size_t article; /* group + 1, of an article that has several forms */
};

struct nli_lexicon {
	const struct nli_rewrites *rw;
	struct nli_sieve known;
	struct nli_map64 words; /* hash of a token to its word */
	struct word *word;
	size_t n_word, word_cap;
	struct nli_map64 index; /* hash of a phrase to its entry */
	struct entry *entry;
	size_t n_entry, entry_cap;
	size_t *next, *next_b;     /* (n_fact,) the next fact of the same a or b, + 1 */
	uint64_t *hash_a, *hash_b; /* (n_fact,) of their phrases */
	/* First tokens of entries, by the bits of nli_lexicon_may(); NULL: nothing is known. */
	struct nli_finder *finder;
	struct nli_arena arena; /* of what they begin with */
};

/* What is needed while entries are added. */
struct maker {
	struct nli_lexicon *l;
	struct nli_tokenizer *tokenizer;
	struct nli_view view;
	struct nli_buf fold;
};

static uint64_t hash_of(const struct nli_view *v, size_t from, size_t to)
{
	uint64_t h = 0;

	for (size_t i = from; i < to; i++)
		h = nli_phrase_hash(h, v->hash[i]);
	return h;
}

static uint64_t phrase(struct maker *m, const char *text)
{
	nli_view_set(&m->view, m->tokenizer, nli_str_of(text), &m->fold);
	return hash_of(&m->view, 0, m->view.n);
}

static struct word *put_word(struct nli_lexicon *l, uint64_t token)
{
	bool fresh;
	uint64_t *at = nli_map64_put(&l->words, token, &fresh);

	if (fresh) {
		nli_grow(&l->word, &l->word_cap, l->n_word + 1, sizeof(*l->word));
		l->word[l->n_word] = (struct word){ 0 };
		nli_sieve_add(&l->known, token);
		*at = l->n_word++;
	}
	return &l->word[*at];
}

/* The first token of the phrase that was just looked at. */
static struct nli_str first_token(struct maker *m)
{
	if (!m->view.n)
		return (struct nli_str){ NULL, 0 };
	nli_buf_clear(&m->fold);
	nli_text_fold(nli_view_token(&m->view, 0), &m->fold);
	return (struct nli_str){
		nli_arena_strndup(&m->l->arena, m->fold.data, m->fold.len), m->fold.len
	};
}

static struct entry *put(struct maker *m, const char *text)
{
	struct nli_lexicon *l = m->l;
	const uint64_t h = phrase(m, text);
	struct word *w;
	uint64_t *at;
	bool fresh;

	at = nli_map64_put(&l->index, h, &fresh);
	if (fresh) {
		nli_grow(&l->entry, &l->entry_cap, l->n_entry + 1, sizeof(*l->entry));
		l->entry[l->n_entry] =
			(struct entry){ .hash = h, .classes = NLI_WORD_KNOWN };
		if (!l->rw->spaces)
			l->entry[l->n_entry].begins = first_token(m);
		*at = l->n_entry++;
	}
	if (m->view.n) {
		w = put_word(l, m->view.hash[0]);
		w->longest = w->longest < m->view.n ? m->view.n : w->longest;
		w->entry = m->view.n == 1 ? *at + 1 : w->entry;
	}
	return &l->entry[*at];
}

static const struct {
	const char *kind;
	unsigned class;
} contexts[] = {
	{ "conditional", NLI_WORD_CONDITIONAL },
	{ "downward", NLI_WORD_DOWNWARD },
	{ "unknown", NLI_WORD_UNKNOWN },
	{ "nonsubsective", NLI_WORD_NONSUBSECTIVE },
	{ "relative", NLI_WORD_RELATIVE },
	{ "clause", NLI_WORD_CLAUSE },
	{ "preposition", NLI_WORD_PREPOSITION },
	{ "determiner", NLI_WORD_DETERMINER },
	{ "conjunction", NLI_WORD_CONJUNCTION },
	{ "disjunction", NLI_WORD_DISJUNCTION },
	{ "auxiliary", NLI_WORD_FINITE },
	{ "verb", NLI_WORD_MAYBE_VERB },
	{ "adjective", NLI_WORD_ADJECTIVE },
	{ "adverb", NLI_WORD_ADVERB },
	{ "pronoun", NLI_WORD_PRONOUN },
	{ "weak", NLI_WORD_WEAK },
	{ "adjunct", NLI_WORD_ADJUNCT },
	{ "wants", NLI_WORD_WANTS },
};

static unsigned class_of(const struct nli_fact *f)
{
	switch (f->kind) {
	case NLI_FACT_NEGATION:
		return NLI_WORD_NEGATION | (f->exclusive ? NLI_WORD_CONCORD : 0);
	case NLI_FACT_QUANTIFIER:
		return NLI_WORD_QUANTIFIER;
	case NLI_FACT_NUMBER:
		return NLI_WORD_NUMBER;
	case NLI_FACT_COMPARATIVE:
		return NLI_WORD_COMPARATIVE;
	case NLI_FACT_SUPERLATIVE:
		return NLI_WORD_SUPERLATIVE;
	case NLI_FACT_FUNCTION:
		return NLI_WORD_FUNCTION;
	case NLI_FACT_GENDER:
		return NLI_WORD_GENDERED;
	case NLI_FACT_CONTEXT:
		for (size_t i = 0; i < sizeof(contexts) / sizeof(*contexts); i++)
			if (!strcmp(contexts[i].kind, f->b))
				return contexts[i].class;
		return 0;
	default:
		return 0;
	}
}

static bool has_two_words(const struct nli_fact *f)
{
	return f->kind == NLI_FACT_ANTONYM || f->kind == NLI_FACT_GENDER ||
	       (f->kind == NLI_FACT_ISA && f->b);
}

/* The relation of what a fact tells of its first word (of its second: turned), as a mask. */
static unsigned relation_told(const struct nli_fact *f, bool turned)
{
	if (f->making == NLI_FACT_KNOWN || (turned && f->making == NLI_FACT_FORWARD))
		return 0;
	switch (f->kind) {
	case NLI_FACT_ANTONYM:
	case NLI_FACT_GENDER:
	case NLI_FACT_NUMBER:
		return 1u << NLI_REL_ALTERNATION;
	case NLI_FACT_MEMBER:
		return f->exclusive ? 1u << NLI_REL_ALTERNATION : 0;
	case NLI_FACT_ISA:
		return 1u << (turned ? NLI_REL_REVERSE : NLI_REL_FORWARD);
	case NLI_FACT_SAME:
		return 1u << NLI_REL_EQUAL;
	default:
		return 0;
	}
}

/* And the negation, of what may be one. */
static unsigned may_tell(const struct nli_fact *f, bool turned)
{
	const unsigned told = relation_told(f, turned);

	return told && f->kind == NLI_FACT_ANTONYM && f->exclusive
		       ? told | 1u << NLI_REL_NEGATION
		       : told;
}

/* Put fact number i at the end of a chain. */
static void chain(size_t *first, size_t *next, size_t i)
{
	while (*first)
		first = &next[*first - 1];
	*first = i + 1;
}

static void add_fact(struct maker *m, size_t i)
{
	struct nli_lexicon *l = m->l;
	const struct nli_fact *f = &l->rw->fact[i];
	struct entry *e = put(m, f->a);

	chain(&e->first, l->next, i);
	e->classes |= class_of(f);
	e->told |= may_tell(f, false);
	l->hash_a[i] = e->hash;
	if (f->kind == NLI_FACT_SAME && f->pos && !strcmp(f->pos, "determiner") &&
	    m->view.n == 1)
		put_word(l, e->hash)->article = f->group + 1;
	if (!has_two_words(f))
		return;
	e = put(m, f->b);
	chain(&e->first_b, l->next_b, i);
	e->told |= may_tell(f, true);
	l->hash_b[i] = e->hash;
}

/* The forms of the tables "auxiliary" and "verb" tell where clauses have their verb. */
static void add_forms(struct maker *m, const char *table, const char *column,
		      unsigned class)
{
	for (size_t t = 0; t < m->l->rw->n_table; t++) {
		const struct nli_rw_table *at = &m->l->rw->table[t];

		for (size_t c = 0; c < at->n_column; c++)
			for (size_t row = 0; row < at->n_row; row++) {
				const char *cell = at->cell[row * at->n_column + c];

				if (cell && !strcmp(at->name, table) &&
				    !strcmp(at->column[c], column))
					put(m, cell)->classes |= class;
			}
	}
}

/* Can the folded word come of no other characters than its own? */
static bool is_itself(struct nli_str word)
{
	size_t at = 0;

	while (at < word.len && word.s[at] & 0x80)
		if (!nli_text_caseless(nli_utf8_next(word, &at)))
			return false;
	return word.len && at == word.len;
}

enum {
	N_MAY = NLI_N_RELATION + 1,
	MODIFIER = NLI_WORD_ADJECTIVE | NLI_WORD_ADVERB | NLI_WORD_ADJUNCT |
		   NLI_WORD_RELATIVE
};

static struct nli_finder *find_entries(const struct nli_lexicon *l)
{
	struct nli_finder *f = nli_finder_new(N_MAY);

	for (size_t i = 0; i < l->n_entry; i++) {
		const struct entry *e = &l->entry[i];
		const unsigned may =
			e->told | (e->classes & MODIFIER ? NLI_LEXICON_MODIFIER : 0u);

		for (size_t set = 0; set < N_MAY; set++)
			if (may >> set & 1 && is_itself(e->begins))
				nli_finder_add(f, set, e->begins);
			else if (may >> set & 1)
				nli_finder_always(f, set);
	}
	nli_finder_build(f);
	return f;
}

struct nli_lexicon *nli_lexicon_new(const struct nli_rewrites *rw)
{
	struct nli_lexicon *l = nli_xcalloc(1, sizeof(*l));
	struct maker m = { .l = l, .tokenizer = nli_tokenizer_new() };

	l->rw = rw;
	nli_grow(&l->word, &l->word_cap, 1, sizeof(*l->word));
	l->word[l->n_word++] = (struct word){ 0 };
	l->next = nli_xcalloc(rw->n_fact, sizeof(*l->next));
	l->next_b = nli_xcalloc(rw->n_fact, sizeof(*l->next_b));
	l->hash_a = nli_xcalloc(rw->n_fact, sizeof(*l->hash_a));
	l->hash_b = nli_xcalloc(rw->n_fact, sizeof(*l->hash_b));
	for (size_t i = 0; i < rw->n_fact; i++)
		add_fact(&m, i);
	add_forms(&m, "auxiliary", "form", NLI_WORD_FINITE);
	add_forms(&m, "verb", "third", NLI_WORD_MAYBE_VERB);
	add_forms(&m, "verb", "past", NLI_WORD_MAYBE_VERB);
	add_forms(&m, "verb", "base", NLI_WORD_MAYBE_VERB);
	l->finder = rw->spaces ? NULL : find_entries(l);
	nli_tokenizer_free(m.tokenizer);
	nli_view_release(&m.view);
	nli_buf_release(&m.fold);
	return l;
}

void nli_lexicon_free(struct nli_lexicon *l)
{
	if (!l)
		return;
	nli_map64_release(&l->index);
	nli_map64_release(&l->words);
	free(l->word);
	free(l->entry);
	free(l->next);
	free(l->next_b);
	free(l->hash_a);
	free(l->hash_b);
	nli_finder_free(l->finder);
	nli_arena_release(&l->arena);
	free(l);
}

unsigned nli_lexicon_may(const struct nli_lexicon *l, struct nli_str text)
{
	uint64_t found[2] = { UINT64_MAX }; /* nli_finder_words(N_MAY) */

	if (l->finder)
		nli_finder_scan(l->finder, text, found);
	return (unsigned)found[0] & ((1u << N_MAY) - 1);
}

static const struct entry *find(const struct nli_lexicon *l, uint64_t hash)
{
	const uint64_t *at = nli_map64_get(&l->index, hash);

	return at ? &l->entry[*at] : NULL;
}

static const struct word *word_at(const struct nli_lexicon *l, const struct nli_view *v,
				  size_t i)
{
	return &l->word[v->word[i]];
}

static const struct entry *find_phrase(const struct nli_lexicon *l, struct nli_phrase p)
{
	const struct word *w;

	if (p.to <= p.from || p.to - p.from > MAX_TOKENS)
		return NULL;
	w = word_at(l, p.v, p.from);
	if (p.to - p.from > w->longest)
		return NULL;
	if (p.to - p.from == 1)
		return w->entry ? &l->entry[w->entry - 1] : NULL;
	return find(l, hash_of(p.v, p.from, p.to));
}

/* The longest phrase with an entry that begins at token i. */
static struct nli_view_phrase phrase_at(const struct nli_lexicon *l,
					const struct nli_view *v, size_t i)
{
	const struct word *w = word_at(l, v, i);
	struct nli_view_phrase p = { .n = 1 };
	uint64_t h = v->hash[i];

	p.classes = w->entry ? l->entry[w->entry - 1].classes
		    : v->token[i].kind == NLI_TOKEN_NUMBER ? NLI_WORD_NUMBER
							   : 0;
	for (size_t n = 2; n <= w->longest && i + n <= v->n; n++) {
		const struct entry *e;

		h = nli_phrase_hash(h, v->hash[i + n - 1]);
		e = find(l, h);
		if (e)
			p = (struct nli_view_phrase){ e->classes, (uint32_t)n };
	}
	return p;
}

void nli_lexicon_look(const struct nli_lexicon *l, struct nli_view *v)
{
	v->looked = true;
	nli_grow(&v->word, &v->word_cap, v->n + 1, sizeof(*v->word));
	nli_grow(&v->phrase, &v->phrase_cap, v->n + 1, sizeof(*v->phrase));
	for (size_t i = 0; i < v->n; i++) {
		const uint64_t *at = nli_sieve_may(&l->known, v->hash[i])
					     ? nli_map64_get(&l->words, v->hash[i])
					     : NULL;

		v->word[i] = at ? (uint32_t)*at : 0;
		v->phrase[i] = phrase_at(l, v, i);
	}
}

unsigned nli_lexicon_classes(const struct nli_lexicon *l, const struct nli_view *v,
			     size_t from, size_t to)
{
	const struct entry *e = find_phrase(l, (struct nli_phrase){ v, from, to });

	if (e)
		return e->classes;
	return to == from + 1 && v->token[from].kind == NLI_TOKEN_NUMBER ? NLI_WORD_NUMBER
									 : 0;
}

/* The first fact of a kind at or behind fact at (+ 1), as its number + 1; 0 if none. */
static size_t next_fact(const struct nli_lexicon *l, size_t at, enum nli_fact_kind kind)
{
	while (at && l->rw->fact[at - 1].kind != kind)
		at = l->next[at - 1];
	return at;
}

const struct nli_rw_quantifier *nli_lexicon_quantifier(const struct nli_lexicon *l,
						       const struct nli_view *v,
						       size_t from, size_t to)
{
	const struct entry *e = find_phrase(l, (struct nli_phrase){ v, from, to });
	const size_t at = e ? next_fact(l, e->first, NLI_FACT_QUANTIFIER) : 0;

	return at ? &l->rw->quantifier[l->rw->fact[at - 1].group] : NULL;
}

/* "12,500" by the marks of the pack; false if it is not a number to its end. */
static bool read_digits(const struct nli_rewrites *rw, struct nli_str s, double *value)
{
	char text[32];
	size_t n = 0;
	char *end;

	for (size_t i = 0; i < s.len; i++) {
		if (rw->grouping && s.s[i] == rw->grouping)
			continue;
		if (n + 1 == sizeof(text))
			return false;
		text[n++] = rw->decimal && s.s[i] == rw->decimal ? '.' : s.s[i];
	}
	text[n] = '\0';
	if (!n || text[0] < '0' || text[0] > '9')
		return false;
	*value = strtod(text, &end);
	return !*end;
}

bool nli_lexicon_number(const struct nli_lexicon *l, const struct nli_view *v,
			size_t from, size_t to, double *value, const char **kind)
{
	const struct entry *e = find_phrase(l, (struct nli_phrase){ v, from, to });
	const size_t at = e ? next_fact(l, e->first, NLI_FACT_NUMBER) : 0;

	*kind = "cardinal";
	if (at) {
		*value = l->rw->fact[at - 1].value;
		*kind = l->rw->fact[at - 1].b;
		return true;
	}
	return read_digits(l->rw, nli_view_span(v, from, to), value);
}

/* Does the phrase of that hash lead up to the other by "is a"? */
static bool is_a(const struct nli_lexicon *l, uint64_t from, uint64_t to, int steps)
{
	const struct entry *e = find(l, from);

	for (size_t at = e ? next_fact(l, e->first, NLI_FACT_ISA) : 0; at;
	     at = next_fact(l, l->next[at - 1], NLI_FACT_ISA)) {
		const uint64_t up = l->hash_b[at - 1];

		if (up == to || (steps > 1 && is_a(l, up, to, steps - 1)))
			return true;
	}
	return false;
}

/* The fact of a kind that leads from a to b, or NULL. */
static const struct nli_fact *link_to(const struct nli_lexicon *l,
				      enum nli_fact_kind kind, const struct entry *a,
				      const struct entry *b)
{
	for (size_t at = next_fact(l, a->first, kind); at;
	     at = next_fact(l, l->next[at - 1], kind))
		if (l->hash_b[at - 1] == b->hash)
			return &l->rw->fact[at - 1];
	return NULL;
}

static const struct nli_fact *linked(const struct nli_lexicon *l, enum nli_fact_kind kind,
				     const struct entry *a, const struct entry *b)
{
	const struct nli_fact *f = link_to(l, kind, a, b);

	return f ? f : link_to(l, kind, b, a);
}

/* Are both in one group of a kind of facts?  exclusive: of an exclusive one. */
static bool share_group(const struct nli_lexicon *l, enum nli_fact_kind kind,
			const struct entry *a, const struct entry *b, bool exclusive)
{
	for (size_t x = next_fact(l, a->first, kind); x;
	     x = next_fact(l, l->next[x - 1], kind))
		for (size_t y = next_fact(l, b->first, kind); y;
		     y = next_fact(l, l->next[y - 1], kind))
			if (l->rw->fact[x - 1].group == l->rw->fact[y - 1].group &&
			    (!exclusive || l->rw->fact[x - 1].exclusive))
				return true;
	return false;
}

bool nli_lexicon_is_article(const struct nli_lexicon *l, const struct nli_view *v,
			    size_t i)
{
	return word_at(l, v, i)->article != 0;
}

bool nli_lexicon_same_token(const struct nli_lexicon *l, const struct nli_view *a,
			    size_t i, const struct nli_view *b, size_t k)
{
	const size_t article = word_at(l, a, i)->article;

	return a->hash[i] == b->hash[k] ||
	       (article && article == word_at(l, b, k)->article);
}

bool nli_lexicon_is_predicate(const struct nli_lexicon *l, struct nli_phrase p)
{
	const unsigned ends = NLI_WORD_PREPOSITION | NLI_WORD_CONJUNCTION |
			      NLI_WORD_DISJUNCTION | NLI_WORD_CLAUSE;
	const unsigned had = p.from ? nli_lexicon_classes(l, p.v, p.from - 1, p.from) : 0;

	if (!(had & NLI_WORD_FINITE))
		return false;
	for (size_t i = 0, n; i < p.from; i += n) {
		unsigned c;

		n = nli_lexicon_at(p.v, i, &c);
		if (c & (NLI_WORD_QUANTIFIER | NLI_WORD_NEGATION | NLI_WORD_DOWNWARD |
			 NLI_WORD_CONDITIONAL))
			return false;
	}
	return p.to == p.v->n || p.v->token[p.to].kind == NLI_TOKEN_PUNCT ||
	       nli_lexicon_classes(l, p.v, p.to, p.to + 1) & ends;
}

static unsigned by_entries(const struct nli_lexicon *l, const struct entry *a,
			   const struct entry *b, bool predicate, const char **why)
{
	const struct nli_fact *f;

	*why = "synonym";
	if (share_group(l, NLI_FACT_SAME, a, b, false))
		return 1u << NLI_REL_EQUAL;
	*why = "hypernym";
	if (is_a(l, a->hash, b->hash, MAX_UP))
		return 1u << NLI_REL_FORWARD;
	if (is_a(l, b->hash, a->hash, MAX_UP))
		return 1u << NLI_REL_REVERSE;
	*why = "antonym";
	f = linked(l, NLI_FACT_ANTONYM, a, b);
	if (f)
		return 1u << (f->exclusive && predicate ? NLI_REL_NEGATION
							: NLI_REL_ALTERNATION);
	*why = "gender";
	if (linked(l, NLI_FACT_GENDER, a, b))
		return 1u << NLI_REL_ALTERNATION;
	*why = "set";
	if (share_group(l, NLI_FACT_MEMBER, a, b, true))
		return 1u << NLI_REL_ALTERNATION;
	return NLI_REL_ANY;
}

/* Does one of the blank-separated, "_"-joined items read as the phrase? */
static bool lists(const struct nli_lexicon *l, const char *items, struct nli_phrase p)
{
	const struct nli_str text = nli_view_span(p.v, p.from, p.to);
	struct nli_buf folded = { 0 };
	bool found = false;

	(void)l;
	nli_text_fold(text, &folded);
	for (const char *s = items; s && *s && !found;) {
		const size_t n = strcspn(s, " \t\r\n");

		found = n == folded.len;
		for (size_t i = 0; found && i < n; i++)
			found = (s[i] == '_' ? ' ' : s[i]) == folded.data[i];
		s += n + strspn(s + n, " \t\r\n");
	}
	nli_buf_release(&folded);
	return found;
}

static unsigned by_quantifiers(const struct nli_lexicon *l, struct nli_phrase a,
			       struct nli_phrase b, const char **why)
{
	const struct nli_rw_quantifier *x = nli_lexicon_quantifier(l, a.v, a.from, a.to);
	const struct nli_rw_quantifier *y = nli_lexicon_quantifier(l, b.v, b.from, b.to);

	*why = "quantifier";
	if (!x || !y)
		return NLI_REL_ANY;
	if (lists(l, x->opposite, b) || lists(l, y->opposite, a))
		return 1u << NLI_REL_NEGATION;
	if (lists(l, x->entails, b))
		return 1u << NLI_REL_FORWARD;
	if (lists(l, y->entails, a))
		return 1u << NLI_REL_REVERSE;
	return NLI_REL_ANY;
}

size_t nli_lexicon_bound(const struct nli_lexicon *l, const struct nli_view *v, size_t i)
{
	for (size_t n = BY_FORM; n >= 1; n--)
		if (i >= n && nli_lexicon_quantifier(l, v, i - n, i))
			return n;
	return 0;
}

/*
 * Numbers that count read as exact ("two men" are not three); behind "at least"
 * and the like they bound, and a bound that is easier to meet is weaker.
 */
static unsigned by_numbers(const struct nli_lexicon *l, struct nli_phrase a,
			   struct nli_phrase b, const char **why)
{
	const size_t bound = nli_lexicon_bound(l, a.v, a.from);
	const struct nli_rw_quantifier *q =
		nli_lexicon_quantifier(l, a.v, a.from - bound, a.from);
	const char *ka, *kb;
	double x, y;

	*why = "number";
	if (!nli_lexicon_number(l, a.v, a.from, a.to, &x, &ka) ||
	    !nli_lexicon_number(l, b.v, b.from, b.to, &y, &kb) || strcmp(ka, kb))
		return NLI_REL_ANY;
	if (fabs(x - y) < 1e-9)
		return 1u << NLI_REL_EQUAL;
	if (!q)
		return !strcmp(ka, "cardinal") || !strcmp(ka, "ordinal")
			       ? 1u << NLI_REL_ALTERNATION
			       : NLI_REL_ANY;
	if (!strcmp(q->kind, "at-least") || !strcmp(q->kind, "more-than"))
		return 1u << (x > y ? NLI_REL_FORWARD : NLI_REL_REVERSE);
	if (!strcmp(q->kind, "at-most") || !strcmp(q->kind, "fewer-than"))
		return 1u << (x < y ? NLI_REL_FORWARD : NLI_REL_REVERSE);
	return !strcmp(q->kind, "exactly") ? 1u << NLI_REL_ALTERNATION : NLI_REL_ANY;
}

unsigned nli_lexicon_relation(const struct nli_lexicon *l, struct nli_phrase a,
			      struct nli_phrase b, const char **why)
{
	const struct entry *x = find_phrase(l, a), *y = find_phrase(l, b);
	unsigned made = by_numbers(l, a, b, why);

	if (made == NLI_REL_ANY && x && y)
		made = by_quantifiers(l, a, b, why);
	if (made == NLI_REL_ANY && x && y)
		made = by_entries(l, x, y,
				  nli_lexicon_is_predicate(l, a) &&
					  nli_lexicon_is_predicate(l, b),
				  why);
	return made;
}

/* All of the group of f, whose facts stand in a row, but for those of its own word. */
static bool each_member(const struct nli_lexicon *l, const struct nli_fact *f,
			nli_lexicon_fn *fn, void *ctx)
{
	const struct nli_fact *all = l->rw->fact, *end = all + l->rw->n_fact, *g = f;
	const bool same = f->kind == NLI_FACT_SAME;

	/* A pack's facts stand in its order, so that the first of a group is its head. */
	if (f->making == NLI_FACT_FORWARD && f > all && f[-1].kind == f->kind &&
	    f[-1].group == f->group)
		return true;
	while (g > all && g[-1].kind == f->kind && g[-1].group == f->group)
		g--;
	for (; g < end && g->kind == f->kind && g->group == f->group; g++)
		if (l->hash_a[g - all] != l->hash_a[f - all] &&
		    !fn(ctx, f, g->a, 1u << (same ? NLI_REL_EQUAL : NLI_REL_ALTERNATION),
			same ? "synonym" : "set"))
			return false;
	return true;
}

/*
 * Other small numbers than that of f, which counts two at least, so that verbs
 * and nouns still agree.  Facts of numbers stand in a row.
 */
static bool each_number(const struct nli_lexicon *l, const struct nli_fact *f,
			nli_lexicon_fn *fn, void *ctx)
{
	const struct nli_fact *all = l->rw->fact, *end = all + l->rw->n_fact, *g = f;

	if (f->value < 2 || strcmp(f->b, "cardinal"))
		return true;
	while (g > all && g[-1].kind == f->kind)
		g--;
	for (; g < end && g->kind == f->kind; g++)
		if (g->value >= 2 && g->value <= 10 && fabs(g->value - f->value) > .5 &&
		    !strcmp(g->b, f->b) &&
		    !fn(ctx, f, g->a, 1u << NLI_REL_ALTERNATION, "number"))
			return false;
	return true;
}

/* What a fact says, told to fn. */
static bool tell(const struct nli_lexicon *l, const struct nli_fact *f, bool turned,
		 unsigned wanted, nli_lexicon_fn *fn, void *ctx)
{
	const unsigned relation = relation_told(f, turned);
	const char *other = turned ? f->a : f->b;

	if (!(relation & wanted))
		return true;
	switch (f->kind) {
	case NLI_FACT_ANTONYM:
		return fn(ctx, f, other, relation, "antonym");
	case NLI_FACT_GENDER:
		return fn(ctx, f, other, relation, "gender");
	case NLI_FACT_ISA:
		return fn(ctx, f, other, relation, "hypernym");
	case NLI_FACT_NUMBER:
		return each_number(l, f, fn, ctx);
	default:
		return each_member(l, f, fn, ctx);
	}
}

unsigned nli_lexicon_told(const struct nli_lexicon *l, const struct nli_view *v,
			  size_t from, size_t to)
{
	const struct entry *e = find_phrase(l, (struct nli_phrase){ v, from, to });

	return e ? e->told : 0;
}

void nli_lexicon_others(const struct nli_lexicon *l, const struct nli_view *v,
			size_t from, size_t to, unsigned wanted, nli_lexicon_fn *fn,
			void *ctx)
{
	const struct entry *e = find_phrase(l, (struct nli_phrase){ v, from, to });

	for (size_t at = e ? e->first : 0; at; at = l->next[at - 1])
		if (!tell(l, &l->rw->fact[at - 1], false, wanted, fn, ctx))
			return;
	for (size_t at = e ? e->first_b : 0; at; at = l->next_b[at - 1])
		if (!tell(l, &l->rw->fact[at - 1], true, wanted, fn, ctx))
			return;
}
