/* refs.c - see refs.h. */
#include "lib/edit/refs.h"

#include <stdlib.h>
#include <string.h>

void nli_objects_of(struct nli_objects *o, struct nli_str lines)
{
	o->n = 0;
	while (lines.len && o->n < NLI_MAX_OBJECTS) {
		const char *lf = memchr(lines.s, '\n', lines.len);
		const size_t len = lf ? (size_t)(lf - lines.s) : lines.len;

		o->type[o->n++] = (struct nli_str){ lines.s, len };
		lines.s += len + (lf != NULL);
		lines.len -= len + (lf != NULL);
	}
}

void nli_objects_put(const nli_jval *image, struct nli_buf *out)
{
	struct nli_jiter it = nli_jiter(nli_jget(image, "objects"));

	while (!it.object_ && nli_jnext(&it)) {
		const struct nli_str type = nli_jstr(it.val);

		nli_buf_add(out, type.s, type.len);
		nli_buf_addc(out, '\n');
	}
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	const unsigned char low = (unsigned char)c | 32;

	return (low >= 'a' && low <= 'z') || is_digit(c) || c == '_' ||
	       (unsigned char)c >= 0x80;
}

/*
 * The object that the word named by text[at..) is, *len of its bytes: its number
 * is that of an object whose type is what stands before.
 */
static bool ref_at(struct nli_str text, size_t at, const struct nli_objects *o,
		   struct nli_ref *ref)
{
	size_t digits = at, end, number = 0;

	while (digits < text.len && is_word(text.s[digits]) && !is_digit(text.s[digits]))
		digits++;
	for (end = digits; end < text.len && is_digit(text.s[end]) && end - digits < 4;)
		number = number * 10 + (size_t)(text.s[end++] - '0');
	if (end == digits || (end < text.len && is_word(text.s[end])) || !number ||
	    number > o->n ||
	    !nli_str_eq(o->type[number - 1],
			(struct nli_str){ text.s + at, digits - at }))
		return false;
	*ref = (struct nli_ref){ at, end - at, number - 1 };
	return true;
}

size_t nli_refs_find(struct nli_str text, const struct nli_objects *o,
		     struct nli_ref ref[NLI_MAX_REFS])
{
	size_t n = 0;

	for (size_t at = 0; o->n && at < text.len && n < NLI_MAX_REFS;) {
		if (!is_word(text.s[at])) {
			at++;
		} else if (ref_at(text, at, o, &ref[n])) {
			at += ref[n++].len;
		} else {
			while (at < text.len && is_word(text.s[at]))
				at++;
		}
	}
	return n;
}

void nli_refs_form(struct nli_str text, const struct nli_objects *o, struct nli_buf *out)
{
	struct nli_ref ref[NLI_MAX_REFS];
	const size_t n = nli_refs_find(text, o, ref);
	size_t at = 0;

	for (size_t k = 0; k < n; k++) {
		const struct nli_str type = o->type[ref[k].object];

		nli_buf_add(out, text.s + at, ref[k].at - at);
		nli_buf_add(out, type.s, type.len);
		at = ref[k].at + ref[k].len;
	}
	nli_buf_add(out, text.s + at, text.len - at);
}

void nli_naming_of(struct nli_naming *to, const struct nli_objects *o,
		   struct nli_str answer, struct nli_str premise)
{
	bool named[NLI_MAX_OBJECTS] = { false };
	struct nli_ref ref[NLI_MAX_REFS];
	size_t at = 0;

	to->objects = o;
	for (size_t text = 0; text < 2; text++) {
		const size_t n = nli_refs_find(text ? premise : answer, o, ref);

		for (size_t k = 0; k < n; k++)
			if (!named[ref[k].object]) {
				named[ref[k].object] = true;
				to->order[at++] = ref[k].object;
			}
	}
	for (size_t i = 0; i < o->n; i++)
		if (!named[i])
			to->order[at++] = i;
}

/* How many different objects of a type are named, and how many of them before object. */
static size_t different(const struct nli_ref *ref, size_t n, const struct nli_objects *o,
			struct nli_str type, size_t object, size_t *before)
{
	bool seen[NLI_MAX_OBJECTS] = { false };
	size_t in_all = 0;

	*before = 0;
	for (size_t k = 0; k < n; k++) {
		const size_t at = ref[k].object;

		if (seen[at] || !nli_str_eq(o->type[at], type))
			continue;
		seen[at] = true;
		in_all++;
		*before += at < object;
	}
	return in_all;
}

/*
 * Of the first n objects of a type in the order of naming, that with the
 * place-th lowest number; NLI_MAX_OBJECTS if there are not so many.
 */
static size_t name_object(const struct nli_naming *to, struct nli_str type, size_t n,
			  size_t place)
{
	bool named[NLI_MAX_OBJECTS] = { false };

	for (size_t k = 0; k < to->objects->n && n; k++)
		if (nli_str_eq(to->objects->type[to->order[k]], type)) {
			named[to->order[k]] = true;
			n--;
		}
	for (size_t i = 0; i < to->objects->n; i++)
		if (named[i] && !place--)
			return i;
	return NLI_MAX_OBJECTS;
}

size_t nli_refs_move(struct nli_str text, const struct nli_objects *from,
		     const struct nli_naming *to, struct nli_buf *out,
		     struct nli_made_edit *edit, uint64_t *lost)
{
	const size_t begin = out->len;
	struct nli_ref ref[NLI_MAX_REFS];
	const size_t n = nli_refs_find(text, from, ref);
	size_t at = 0, n_edit = 0, len[NLI_MAX_REFS];

	for (size_t k = 0; k < n; k++) {
		const struct nli_str type = from->type[ref[k].object];
		size_t place;
		const size_t of_type =
			different(ref, n, from, type, ref[k].object, &place);
		const size_t object = name_object(to, type, of_type, place);

		nli_buf_add(out, text.s + at, ref[k].at - at);
		at = ref[k].at + ref[k].len;
		len[n_edit] = out->len;
		nli_buf_add(out, type.s, type.len);
		if (object < NLI_MAX_OBJECTS)
			nli_buf_add_u64(out, object + 1);
		else
			++*lost;
		if (object == ref[k].object)
			continue;
		edit[n_edit] = (struct nli_made_edit){
			.in = "choices",
			.at = len[n_edit] - begin,
			.from = { text.s + ref[k].at, ref[k].len },
			.to = { NULL, out->len - len[n_edit] },
		};
		n_edit++;
	}
	nli_buf_add(out, text.s + at, text.len - at);
	for (size_t k = 0; k < n_edit; k++)
		edit[k].to.s = out->data + begin + edit[k].at;
	return n_edit;
}

bool nli_refs_fit(struct nli_str text, const struct nli_objects *from,
		  const struct nli_objects *to)
{
	struct nli_ref ref[NLI_MAX_REFS];
	const size_t n = nli_refs_find(text, from, ref);

	for (size_t k = 0; k < n; k++) {
		const struct nli_str type = from->type[ref[k].object];
		size_t have = 0, before;

		for (size_t i = 0; i < to->n; i++)
			have += nli_str_eq(to->type[i], type);
		if (have < different(ref, n, from, type, 0, &before))
			return false;
	}
	return true;
}

static int type_cmp(const void *a, const void *b)
{
	return nli_str_cmp(*(const struct nli_str *)a, *(const struct nli_str *)b);
}

void nli_refs_count(struct nli_str text, const struct nli_objects *o, struct nli_buf *out)
{
	struct nli_ref ref[NLI_MAX_REFS];
	struct nli_str type[NLI_MAX_REFS];
	const size_t n = nli_refs_find(text, o, ref);
	size_t before;

	for (size_t k = 0; k < n; k++)
		type[k] = o->type[ref[k].object];
	if (n)
		qsort(type, n, sizeof(*type), type_cmp);
	for (size_t k = 0; k < n; k++)
		if (!k || !nli_str_eq(type[k], type[k - 1]))
			nli_buf_addf(out, "%.*s %zu\n", (int)type[k].len, type[k].s,
				     different(ref, n, o, type[k], 0, &before));
}
