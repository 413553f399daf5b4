/* needles.c - see needles.h. */
#include "lib/text/needles.h"

#include <string.h>

#include "lib/text/finder.h"
#include "lib/text/norm.h"

enum { MAX_DEPTH = 100, MAX_CLASS = 16, MAX_LENGTH = 60 };

/*
 * What is known of a part of a pattern: the strings that it matches are these (EXACT), or
 * each of them contains one of these (SOME), or nothing (ANY).
 */
struct known {
	enum { EXACT, SOME, ANY } kind;
	struct nli_str *s; /* (n,) of the arena */
	size_t n;
	bool twice; /* of SOME: in two places */
};

struct parser {
	struct nli_str text;
	size_t at;
	struct nli_arena *arena;
	bool strange; /* a construct that is not known */
	int depth;
};

static const struct known any = { .kind = ANY };

static char peek(const struct parser *p)
{
	return p->at < p->text.len ? p->text.s[p->at] : '\0';
}

static bool skip(struct parser *p, const char *s)
{
	size_t n = 0;

	while (s[n] && p->at + n < p->text.len && p->text.s[p->at + n] == s[n])
		n++;
	if (s[n])
		return false;
	p->at += n;
	return true;
}

static struct known one(struct parser *p, const char *s, size_t len)
{
	struct known k = { .kind = EXACT,
			   .s = nli_arena_alloc(p->arena, sizeof(*k.s)),
			   .n = 1 };

	k.s[0] = (struct nli_str){ nli_arena_strndup(p->arena, s, len), len };
	return k;
}

static struct known nothing(struct parser *p)
{
	return one(p, "", 0);
}

/* Either: strings of both, if those are not too many. */
static struct known unite(struct parser *p, struct known a, struct known b)
{
	struct known k = { .kind = a.kind > b.kind ? a.kind : b.kind,
			   .n = a.n + b.n,
			   .twice = a.twice && b.twice };

	if (k.kind == ANY || k.n > NLI_NEEDLES_MAX)
		return any;
	k.s = nli_arena_alloc(p->arena, (k.n + 1) * sizeof(*k.s));
	if (a.n) /* an empty class has no strings at all */
		memcpy(k.s, a.s, a.n * sizeof(*a.s));
	memcpy(k.s + a.n, b.s, b.n * sizeof(*b.s));
	return k;
}

static bool is_mark(char c)
{
	return c == NLI_FINDER_EDGE || c == NLI_FINDER_START;
}

/*
 * Bytes of a string that tell something: not blanks, nor edges, nor a letter that most
 * texts have, unless it has to be a word.
 */
static size_t length(struct nli_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += !is_mark(s.s[i]) && s.s[i] != ' ';
	return n == 1 && !is_mark(s.s[0]) && (s.s[0] | 0x20) >= 'a' &&
			       (s.s[0] | 0x20) <= 'z'
		       ? 0
		       : n;
}

static size_t shortest(struct known k)
{
	size_t least = MAX_LENGTH;

	for (size_t i = 0; i < k.n; i++)
		least = length(k.s[i]) < least ? length(k.s[i]) : least;
	return least;
}

/* What must be in the text for k to match there: an empty string says nothing. */
static struct known required(struct known k)
{
	if (k.kind == ANY || !k.n || !shortest(k))
		return any;
	k.kind = SOME;
	return k;
}

static bool same(struct known a, struct known b)
{
	bool equal = a.n == b.n;

	for (size_t i = 0; equal && i < a.n; i++)
		equal = nli_str_eq(a.s[i], b.s[i]);
	return equal;
}

/* One holds of what is before, one of what is behind: that which says more, by its shortest. */
static struct known better(struct known a, struct known b)
{
	size_t x, y;

	if (a.kind == ANY || b.kind == ANY)
		return a.kind == ANY ? b : a;
	if (same(a, b)) {
		a.twice = true;
		return a;
	}
	x = shortest(a);
	y = shortest(b);
	return x > y || (x == y && a.n <= b.n) ? a : b;
}

/* Each of a with each of b behind it; false if those would be too many or too long. */
static bool cross(struct parser *p, struct known *a, struct known b)
{
	struct known k = { .kind = EXACT, .n = a->n * b.n };
	struct nli_buf joined = { 0 };

	if (b.kind != EXACT || k.n > NLI_NEEDLES_MAX)
		return false;
	k.s = nli_arena_alloc(p->arena, (k.n + 1) * sizeof(*k.s));
	for (size_t i = 0; i < k.n; i++) {
		const struct nli_str x = a->s[i / b.n], y = b.s[i % b.n];

		nli_buf_clear(&joined);
		nli_buf_add(&joined, x.s, x.len);
		nli_buf_add(&joined, y.s, y.len);
		k.s[i] = (struct nli_str){
			nli_arena_strndup(p->arena, nli_buf_str(&joined).s, joined.len),
			joined.len
		};
		if (joined.len > MAX_LENGTH) {
			nli_buf_release(&joined);
			return false;
		}
	}
	nli_buf_release(&joined);
	*a = k;
	return true;
}

static struct known strange(struct parser *p)
{
	p->strange = true;
	p->at = p->text.len;
	return any;
}

/* A character that stands for itself and, if it is a letter of ASCII, for the other case. */
static struct known character(struct parser *p)
{
	const size_t from = p->at;
	const uint32_t c = nli_utf8_next(p->text, &p->at);

	if (c < ' ')
		return any;
	return c < 0x80 || nli_text_caseless(c) ? one(p, p->text.s + from, p->at - from)
						: any;
}

/* Behind a backslash. */
static struct known escape(struct parser *p)
{
	const char c = peek(p);

	if (c &&
	    !strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", c))
		return character(p);
	p->at++;
	switch (c) {
	case 'b':
		return one(p, (const char[]){ NLI_FINDER_EDGE }, 1);
	case 'B':
	case 'A':
	case 'z':
	case 'Z':
		return nothing(p);
	case 'p':
	case 'P':
		if (skip(p, "{"))
			while (peek(p) && !skip(p, "}"))
				p->at++;
		else
			p->at++;
		return any;
	case 'd':
	case 'D':
	case 's':
	case 'S':
	case 'w':
	case 'W':
		return any;
	default:
		return strange(p);
	}
}

/* Behind "[": the characters if they are few and plain, else any. */
static struct known class(struct parser *p)
{
	struct known k = { .kind = EXACT };
	bool plain = peek(p) != '^';

	p->at += !plain;
	for (bool first = true; peek(p) && (first || peek(p) != ']'); first = false) {
		const char c = peek(p);

		if (c == '\\' || c == '-' || c == '[')
			plain = false;
		if (c == '[' && p->at + 1 < p->text.len &&
		    strchr(":.=", p->text.s[p->at + 1]))
			return strange(p);
		if (c == '\\') {
			p->at++;
			if (peek(p) == 'Q' || peek(p) == 'E')
				return strange(p);
		}
		k = unite(p, k, character(p));
	}
	if (!skip(p, "]"))
		return strange(p);
	return plain && k.kind == EXACT && k.n <= MAX_CLASS ? k : any;
}

/* To the end of the group that is open here, which has nothing to say. */
static void skip_group(struct parser *p)
{
	for (size_t depth = 1; p->at < p->text.len; p->at++) {
		const char c = p->text.s[p->at];

		if (c == '\\') {
			p->at++;
			if (peek(p) == 'Q')
				strange(p);
		} else if (c == '[') {
			p->at++;
			class(p);
			p->at--;
		} else if (c == '(') {
			p->at++;
			depth++;
			if (peek(p) == '*' || skip(p, "?#")) /* a verb, a comment */
				strange(p);
			p->at--;
		} else if (c == ')' && !--depth) {
			return;
		}
	}
}

static struct known alternatives(struct parser *p);

/* Behind "(": what it matches itself; nothing, where it only looks. */
static struct known group(struct parser *p)
{
	const bool looks =
		skip(p, "?=") || skip(p, "?!") || skip(p, "?<=") || skip(p, "?<!");
	struct known k = any;

	if (!looks && !skip(p, "?:") && skip(p, "?<"))
		while (peek(p) && !skip(p, ">"))
			p->at++;
	if (peek(p) == '?' || peek(p) == '*' || ++p->depth > MAX_DEPTH)
		return strange(p);
	if (looks)
		skip_group(p);
	else
		k = alternatives(p);
	p->depth--;
	if (!skip(p, ")"))
		return strange(p);
	return looks ? nothing(p) : k;
}

/* Can the quantifier here take none?  Steps behind it. */
static bool quantified(struct parser *p, bool *none)
{
	const char c = peek(p);

	*none = c == '*' || c == '?';
	if (c == '{') {
		*none = p->at + 1 < p->text.len && p->text.s[p->at + 1] == '0';
		if (p->at + 1 == p->text.len ||
		    !strchr("0123456789", p->text.s[p->at + 1])) {
			strange(p); /* a brace that stands for itself */
			return true;
		}
		while (peek(p) && peek(p) != '}')
			p->at++;
	} else if (!*none && c != '+') {
		return false;
	}
	p->at++;
	if (peek(p) == '?' || peek(p) == '+')
		p->at++;
	return true;
}

static struct known atom(struct parser *p)
{
	if (skip(p, "("))
		return group(p);
	if (skip(p, "["))
		return class(p);
	if (skip(p, "\\"))
		return escape(p);
	if (skip(p, "."))
		return any;
	if (skip(p, "^"))
		return one(p, (const char[]){ NLI_FINDER_START }, 1);
	if (skip(p, "$"))
		return nothing(p);
	return character(p);
}

static struct known repeated(struct parser *p)
{
	struct known k = atom(p);
	const bool maybe = peek(p) == '?';
	bool none;

	if (!quantified(p, &none))
		return k;
	if (maybe && k.kind == EXACT)
		return unite(p, nothing(p), k);
	return none ? any : required(k);
}

static struct known sequence(struct parser *p)
{
	struct known best = any, here = nothing(p);
	bool exact = true;

	while (p->at < p->text.len && peek(p) != '|' && peek(p) != ')') {
		const struct known k = repeated(p);

		if (cross(p, &here, k))
			continue;
		exact = false;
		best = better(best, required(here));
		if (k.kind != EXACT)
			best = better(best, required(k));
		here = k.kind == EXACT ? k : nothing(p);
	}
	return exact ? here : better(best, required(here));
}

static struct known alternatives(struct parser *p)
{
	struct known k = sequence(p);

	while (k.kind != ANY && skip(p, "|"))
		k = unite(p, k, sequence(p));
	if (k.kind == ANY && p->depth)
		skip_group(p);
	return k;
}

bool nli_needles(struct nli_needles *n, struct nli_str pattern, struct nli_arena *arena)
{
	struct parser p = { .text = pattern, .arena = arena };
	const struct known k = required(alternatives(&p));

	n->n = 0;
	if (p.strange || p.at < pattern.len || k.kind == ANY)
		return false;
	n->n = k.n;
	n->twice = k.twice;
	memcpy(n->needle, k.s, k.n * sizeof(*k.s));
	return true;
}
