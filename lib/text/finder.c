/* finder.c - see finder.h. */
#include "lib/text/finder.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

enum { MAX_BYTES = 60000, NONE = -1 };
/* Set in a step to a state at which some string ends. */
static const uint32_t ENDS = UINT32_C(1) << 31;

struct string {
	struct nli_str
		s;  /* folded, without edges; behind the start's mark if it has that */
	size_t set; /* SIZE_MAX: all of them */
	bool start, left, right; /* the text's start, edges */
	int next; /* the next string that ends at the same state, or NONE */
	int bits; /* of its sets, the first of a chain; NONE: all of them */
};

/* 64 sets, as a word of found[]. */
struct bits {
	size_t word;
	uint64_t mask;
	int next; /* in the chain, or NONE */
};

struct finder_state {
	int string;             /* the first that ends here, or NONE */
	uint32_t fail, shorter; /* shorter: where the next shorter string ends; 0: none */
};

struct nli_finder {
	size_t n_set;
	struct nli_arena arena;
	struct string *string;
	size_t n_string, string_cap, n_bytes;
	uint64_t *always;         /* (words,) */
	unsigned char class[256]; /* 0: of no string */
	size_t n_class;
	struct finder_state *state;
	size_t n_state, state_cap;
	/* (n_state, n_class) the state that comes next, as the place of its row. */
	uint32_t *step;
	size_t step_cap;
	struct bits *bits;
	size_t n_bits, bits_cap;
};

/* The half of found[] of sets that were found once, or need no more than that. */
static uint64_t *once_of(const struct nli_finder *f, uint64_t *found)
{
	return found + nli_finder_words(f->n_set) / 2;
}

struct nli_finder *nli_finder_new(size_t n)
{
	struct nli_finder *f = nli_xcalloc(1, sizeof(*f));

	f->n_set = n;
	f->always = nli_xcalloc(nli_finder_words(n) + 1, sizeof(*f->always));
	memset(once_of(f, f->always), 0xff, nli_finder_words(n) / 2 * sizeof(*f->always));
	return f;
}

void nli_finder_free(struct nli_finder *f)
{
	if (!f)
		return;
	nli_arena_release(&f->arena);
	free(f->string);
	free(f->always);
	free(f->state);
	free(f->step);
	free(f->bits);
	free(f);
}

static void add_string(struct nli_finder *f, struct string x)
{
	char *s = nli_arena_strndup(&f->arena, x.s.s, x.s.len);

	for (size_t i = 0; i < x.s.len; i++)
		if (s[i] >= 'A' && s[i] <= 'Z')
			s[i] = (char)(s[i] | 0x20);
	x.s.s = s;
	nli_grow(&f->string, &f->string_cap, f->n_string + 1, sizeof(*f->string));
	f->string[f->n_string++] = x;
	f->n_bytes += x.s.len;
}

static bool is_mark(char c)
{
	return c == NLI_FINDER_EDGE || c == NLI_FINDER_START;
}

/* The text's start is one more character, with which a scan begins. */
static void add_behind_start(struct nli_finder *f, struct string x)
{
	struct nli_buf marked = { 0 };

	nli_buf_addc(&marked, NLI_FINDER_START);
	nli_buf_add(&marked, x.s.s, x.s.len);
	x.s = nli_buf_str(&marked);
	add_string(f, x);
	nli_buf_release(&marked);
}

void nli_finder_add(struct nli_finder *f, size_t set, struct nli_str s)
{
	struct nli_buf plain = { 0 };
	struct string x = { .set = set, .right = s.s[s.len - 1] == NLI_FINDER_EDGE };

	for (size_t i = 0; i < s.len; i++) {
		x.start |= !plain.len && s.s[i] == NLI_FINDER_START;
		x.left |= !plain.len && s.s[i] == NLI_FINDER_EDGE;
		if (!is_mark(s.s[i]))
			nli_buf_addc(&plain, s.s[i]);
	}
	x.s = nli_buf_str(&plain);
	if (x.start && plain.len)
		add_behind_start(f, x);
	else if (plain.len)
		add_string(f, x);
	else
		nli_finder_always(f, set);
	nli_buf_release(&plain);
}

void nli_finder_always(struct nli_finder *f, size_t set)
{
	f->always[set / 64] |= UINT64_C(1) << set % 64;
}

void nli_finder_twice(struct nli_finder *f, size_t set)
{
	once_of(f, f->always)[set / 64] &= ~(UINT64_C(1) << set % 64);
}

/* Classes of the bytes that strings have; both cases of a letter are one. */
static void classify(struct nli_finder *f)
{
	f->n_class = 1;
	for (size_t i = 0; i < f->n_string; i++)
		for (size_t k = 0; k < f->string[i].s.len; k++) {
			const unsigned char b = (unsigned char)f->string[i].s.s[k];

			if (!f->class[b])
				f->class[b] = (unsigned char)f->n_class++;
		}
	for (int b = 'A'; b <= 'Z'; b++)
		f->class[b] = f->class[b | 0x20];
}

static uint32_t new_state(struct nli_finder *f)
{
	nli_grow(&f->state, &f->state_cap, f->n_state + 1, sizeof(*f->state));
	nli_grow(&f->step, &f->step_cap, (f->n_state + 1) * f->n_class, sizeof(*f->step));
	memset(f->step + f->n_state * f->n_class, 0, f->n_class * sizeof(*f->step));
	f->state[f->n_state] = (struct finder_state){ .string = NONE };
	return (uint32_t)f->n_state++;
}

/* Put a set into the chain that begins at *first. */
static void add_bit(struct nli_finder *f, int *first, size_t set)
{
	for (int i = *first; i != NONE; i = f->bits[i].next)
		if (f->bits[i].word == set / 64) {
			f->bits[i].mask |= UINT64_C(1) << set % 64;
			return;
		}
	nli_grow(&f->bits, &f->bits_cap, f->n_bits + 1, sizeof(*f->bits));
	f->bits[f->n_bits] = (struct bits){ set / 64, UINT64_C(1) << set % 64, *first };
	*first = (int)f->n_bits++;
}

/* Strings that differ by their sets alone are one: many patterns ask for the same word. */
static void end_at(struct nli_finder *f, uint32_t state, size_t i)
{
	struct string *x = &f->string[i];

	for (int k = f->state[state].string; k != NONE; k = f->string[k].next) {
		struct string *had = &f->string[k];

		if (had->start == x->start && had->left == x->left &&
		    had->right == x->right && had->set != SIZE_MAX &&
		    x->set != SIZE_MAX) {
			add_bit(f, &had->bits, x->set);
			return;
		}
	}
	x->bits = NONE;
	if (x->set != SIZE_MAX)
		add_bit(f, &x->bits, x->set);
	x->next = f->state[state].string;
	f->state[state].string = (int)i;
}

static void grow_tree(struct nli_finder *f, size_t i)
{
	const struct string *x = &f->string[i];
	uint32_t at = 0;

	for (size_t k = 0; k < x->s.len; k++) {
		const size_t c = f->class[(unsigned char)x->s.s[k]];
		uint32_t to = f->step[at * f->n_class + c];

		if (!to) {
			to = new_state(f);
			f->step[at * f->n_class + c] = to;
		}
		at = to;
	}
	end_at(f, at, i);
}

/* Steps that the tree lacks are those of the longest suffix that is in it, breadth first. */
static void complete(struct nli_finder *f)
{
	uint32_t *queue = nli_xmalloc(f->n_state, sizeof(*queue));
	size_t n = 1;

	queue[0] = 0;
	for (size_t i = 0; i < n; i++) {
		const uint32_t at = queue[i], fail = f->state[at].fail;

		for (size_t c = 0; c < f->n_class; c++) {
			uint32_t *step = &f->step[at * f->n_class + c];
			const uint32_t other = at ? f->step[fail * f->n_class + c] : 0;

			if (!*step) {
				*step = other;
				continue;
			}
			f->state[*step].fail = other;
			f->state[*step].shorter = f->state[other].string != NONE
							  ? other
							  : f->state[other].shorter;
			queue[n++] = *step;
		}
	}
	free(queue);
	for (size_t i = 0; i < f->n_state * f->n_class; i++) {
		const struct finder_state *to = &f->state[f->step[i]];

		f->step[i] *= (uint32_t)f->n_class;
		if (to->string != NONE || to->shorter)
			f->step[i] |= ENDS;
	}
}

/* What caseless patterns take for k and s beside the ASCII letters: not told apart here. */
static void add_strange_letters(struct nli_finder *f)
{
	add_string(f, (struct string){ .s = { "\xe2\x84\xaa", 3 }, .set = SIZE_MAX });
	add_string(f, (struct string){ .s = { "\xc5\xbf", 2 }, .set = SIZE_MAX });
}

void nli_finder_build(struct nli_finder *f)
{
	if (f->n_bytes > MAX_BYTES) {
		memset(f->always, 0xff, nli_finder_words(f->n_set) * sizeof(*f->always));
		f->n_string = 0;
	}
	add_strange_letters(f);
	classify(f);
	new_state(f);
	for (size_t i = 0; i < f->n_string; i++)
		grow_tree(f, i);
	complete(f);
}

enum side { OUTSIDE, INSIDE, UNKNOWN };

/* Is a byte part of a word?  Of a character that is not ASCII that is not asked. */
static enum side side_of(char c)
{
	const unsigned char b = (unsigned char)c;

	if (b >= 0x80)
		return UNKNOWN;
	return (b >= '0' && b <= '9') || ((b | 0x20) >= 'a' && (b | 0x20) <= 'z') ||
			       b == '_'
		       ? INSIDE
		       : OUTSIDE;
}

static bool is_edge(enum side a, enum side b)
{
	return a != b || a == UNKNOWN;
}

/* Has string x, which ends before byte end of text, its edges there? */
static bool fits(const struct string *x, struct nli_str text, size_t end)
{
	const size_t at = end - (x->s.len - x->start);
	const enum side before = at ? side_of(text.s[at - 1]) : OUTSIDE;
	const enum side behind = end < text.len ? side_of(text.s[end]) : OUTSIDE;

	/* A text may have the start's mark itself. */
	return (!x->start || !at) && (!x->left || is_edge(before, side_of(text.s[at]))) &&
	       (!x->right || is_edge(side_of(text.s[end - 1]), behind));
}

static void hit(const struct nli_finder *f, const struct string *x, struct nli_str text,
		size_t end, uint64_t *found)
{
	uint64_t *once = once_of(f, found), more = 0;

	for (int i = x->bits; i != NONE; i = f->bits[i].next)
		more |= f->bits[i].mask & ~found[f->bits[i].word];
	if (!more || !fits(x, text, end))
		return;
	for (int i = x->bits; i != NONE; i = f->bits[i].next) {
		const struct bits *b = &f->bits[i];

		found[b->word] |= once[b->word] & b->mask;
		once[b->word] |= b->mask;
	}
}

static void report(const struct nli_finder *f, size_t at, struct nli_str text, size_t end,
		   uint64_t *found)
{
	for (; at; at = f->state[at].shorter)
		for (int i = f->state[at].string; i != NONE; i = f->string[i].next)
			if (f->string[i].bits == NONE)
				memset(found, 0xff,
				       nli_finder_words(f->n_set) * sizeof(*found));
			else
				hit(f, &f->string[i], text, end, found);
}

void nli_finder_scan(const struct nli_finder *f, struct nli_str text, uint64_t *found)
{
	uint32_t at = f->step[f->class[(unsigned char)NLI_FINDER_START]] & ~ENDS;

	memcpy(found, f->always, nli_finder_words(f->n_set) * sizeof(*found));
	for (size_t i = 0; i < text.len; i++) {
		at = f->step[at + f->class[(unsigned char)text.s[i]]];
		if (at & ENDS) {
			at &= ~ENDS;
			report(f, at / f->n_class, text, i + 1, found);
		}
	}
}
