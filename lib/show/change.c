/* change.c - see change.h. */
#include "lib/show/change.h"

#include <stdlib.h>
#include <string.h>

#include "lib/show/clean.h"
#include "lib/text/norm.h"

enum { MOST_EDITS = NLI_PART_SPANS, CONTEXT = 200 };

struct edit {
	int64_t from, to; /* code points */
	struct nli_str old_, new_;
};

/* "choices[1]", "choices/1" and {"in": "choices", "choice": 1} are the second choice. */
static bool is_in(const nli_jval *v, const char *name, int index)
{
	const struct nli_str in = nli_jstr(nli_jget(v, "in"));
	const size_t len = strlen(name);
	int64_t which = -1;

	if (in.len < len || memcmp(in.s, name, len))
		return false;
	if (index < 0)
		return in.len == len;
	for (size_t i = len; i < in.len; i++)
		if (in.s[i] >= '0' && in.s[i] <= '9')
			which = (which < 0 ? 0 : which * 10) + (in.s[i] - '0');
	if (which < 0 && !nli_jint(nli_jget(v, "choice"), &which))
		nli_jint(nli_jget(v, "index"), &which);
	return which == index;
}

static bool read_edit(const nli_jval *v, struct edit *e)
{
	struct nli_jiter at = nli_jiter(nli_jget(v, "at"));

	*e = (struct edit){ .old_ = nli_jstr(nli_jget(v, "old")),
			    .new_ = nli_jstr(nli_jget(v, "new")) };
	return nli_jtype(nli_jget(v, "at")) == NLI_J_ARRAY && nli_jnext(&at) &&
	       nli_jint(at.val, &e->from) && nli_jnext(&at) && nli_jint(at.val, &e->to) &&
	       0 <= e->from && e->from <= e->to && e->old_.s;
}

static int by_place(const void *x, const void *y)
{
	const struct edit *a = x, *b = y;

	if (a->from != b->from)
		return a->from > b->from ? 1 : -1;
	return (a->to > b->to) - (a->to < b->to);
}

/* Of this part, in order, not one over another; 0 if there is none or one is wrong. */
static size_t read_edits(const nli_jval *edits, const char *name, int index,
			 struct nli_str text, struct edit *e)
{
	size_t n = 0;
	int64_t end = 0;

	for (struct nli_jiter it = nli_jiter(edits); nli_jnext(&it);) {
		if (!is_in(it.val, name, index))
			continue;
		if (n == MOST_EDITS || !read_edit(it.val, &e[n]))
			return 0;
		n++;
	}
	if (n)
		qsort(e, n, sizeof(*e), by_place);
	for (size_t i = 0; i < n; i++) {
		const size_t from = nli_clean_offset(text, (size_t)e[i].from),
			     to = nli_clean_offset(text, (size_t)e[i].to);
		const struct nli_str here = { text.s + from, to - from };

		if (e[i].from < end || (e[i].new_.s && !nli_str_eq(here, e[i].new_)))
			return 0;
		end = e[i].to;
	}
	return n;
}

/* One of the two sides as it is written. */
struct side {
	struct nli_buf text;
	size_t left; /* code points that may still be shown */
	struct nli_span span[NLI_PART_SPANS];
	size_t n;
};

static size_t length(struct nli_str s)
{
	size_t n = 0;

	for (size_t at = 0; at < s.len; n++)
		nli_utf8_next(s, &at);
	return n;
}

static void write(struct side *s, struct nli_str text, const char *kind)
{
	const size_t off = s->text.len, n = length(text);

	if (!s->left || !text.len)
		return;
	nli_clean(text, s->left, &s->text);
	s->left -= n < s->left ? n : s->left;
	if (kind)
		s->span[s->n++] = (struct nli_span){ off, s->text.len - off, kind };
}

static void add_part(struct nli_doc *d, struct nli_example *e, const char *name,
		     struct side *s)
{
	struct nli_part *p =
		nli_example_part(e, name, nli_doc_str(d, nli_buf_str(&s->text)));

	memcpy(p->span, s->span, s->n * sizeof(*s->span));
	p->n_span = s->n;
	nli_buf_release(&s->text);
}

bool nli_change_add(struct nli_doc *d, struct nli_example *e, const char *name, int index,
		    struct nli_str text, const nli_jval *edits)
{
	struct edit edit[MOST_EDITS];
	const size_t n = read_edits(edits, name, index, text, edit);
	struct side was = { .left = NLI_CLEAN_TEXT }, is = { .left = NLI_CLEAN_TEXT };
	size_t at = 0;

	if (!n)
		return false;
	if (edit[0].from > CONTEXT && length(text) > NLI_CLEAN_TEXT) {
		at = nli_clean_offset(text, (size_t)edit[0].from - CONTEXT);
		write(&was, NLI_STR("\xe2\x80\xa6"), NULL);
		write(&is, NLI_STR("\xe2\x80\xa6"), NULL);
	}
	for (size_t i = 0; i < n; i++) {
		const size_t from = nli_clean_offset(text, (size_t)edit[i].from),
			     to = nli_clean_offset(text, (size_t)edit[i].to);
		const struct nli_str same = { text.s + at, from - at };

		write(&was, same, NULL);
		write(&is, same, NULL);
		write(&was, edit[i].old_, "del");
		write(&is, (struct nli_str){ text.s + from, to - from }, "ins");
		at = to;
	}
	write(&was, (struct nli_str){ text.s + at, text.len - at }, NULL);
	write(&is, (struct nli_str){ text.s + at, text.len - at }, NULL);
	add_part(d, e, "before", &was);
	add_part(d, e, index < 0 ? name : "choice", &is);
	return true;
}
