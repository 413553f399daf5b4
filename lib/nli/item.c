/* item.c - see item.h. */
#include "lib/nli/item.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"

static const struct nli_value NOTHING = { .type = NLI_J_NONE };

struct nli_value nli_value_json_of(const nli_jval *v)
{
	struct nli_value r = { .type = nli_jtype(v), .json = v };

	if (r.type == NLI_J_STRING || r.type == NLI_J_NUMBER)
		r.text = nli_jstr(v);
	else if (r.type == NLI_J_BOOL)
		r.text = nli_jbool(v) ? NLI_STR("true") : NLI_STR("false");
	return r;
}

/* "#3" is the third field, where no field has that name. */
static size_t place_of(struct nli_str name)
{
	size_t place = 0;

	if (name.len < 2 || name.len > 6 || name.s[0] != '#')
		return 0;
	for (size_t i = 1; i < name.len; i++) {
		if (name.s[i] < '0' || name.s[i] > '9')
			return 0;
		place = place * 10 + (size_t)(name.s[i] - '0');
	}
	return place;
}

void nli_item_begin(struct nli_item *it, const struct nli_layout *layout)
{
	if (it->layout != layout) {
		it->layout = layout;
		it->n = 0;
		it->n_seen = 0;
		it->places = false;
		for (size_t i = 0; i < layout->n_name; i++)
			it->places = it->places || place_of(layout->name[i]);
		nli_arena_reset(&it->names);
		nli_grow(&it->at, &it->at_cap, layout->n_name + 1, sizeof(*it->at));
	}
	it->n_last = it->n;
	it->n = it->n_extra = 0;
	it->is_line = false;
}

struct nli_field *nli_item_fields(struct nli_item *it, size_t n)
{
	if (n >= it->cap || n >= it->shown_cap) {
		nli_grow(&it->field, &it->cap, n + 1, sizeof(*it->field));
		nli_grow(&it->shown, &it->shown_cap, n + 1, sizeof(*it->shown));
	}
	memset(it->shown, 0, n * sizeof(*it->shown));
	it->n = n;
	return it->field;
}

static int number_of(const struct nli_layout *l, struct nli_str name)
{
	for (size_t i = 0; i < l->n_name; i++)
		if (nli_str_eq(l->name[i], name))
			return (int)i;
	return -1;
}

/* Field i is nearly always called as it was in the item before. */
static int learn(struct nli_item *it, size_t i, struct nli_str name)
{
	struct nli_seen *s;

	if (i < it->n_seen && nli_str_eq(it->seen[i].name, name))
		return it->seen[i].number;
	if (i > it->n_seen || i >= 4096)
		return number_of(it->layout, name);
	nli_grow(&it->seen, &it->seen_cap, i + 1, sizeof(*it->seen));
	s = &it->seen[i];
	/* Keep memory flat where names never repeat: the first ones stay. */
	if (i < it->n_seen)
		return number_of(it->layout, name);
	s->name.s = nli_arena_strndup(&it->names, name.s, name.len);
	s->name.len = name.len;
	s->number = number_of(it->layout, name);
	it->n_seen = i + 1;
	return s->number;
}

void nli_item_locate(struct nli_item *it)
{
	const struct nli_layout *l = it->layout;

	for (size_t i = 0; i < l->n_name; i++)
		it->at[i] = -1;
	for (size_t i = 0; i < it->n; i++) {
		struct nli_field *f = &it->field[i];
		int number;

		if (!f->known_name)
			f->number = learn(it, i, f->name);
		number = f->number;

		if (number >= 0 && it->at[number] == -1)
			it->at[number] = (int)i;
	}
	for (size_t i = 0; it->places && i < l->n_name; i++) {
		const size_t place = it->at[i] == -1 ? place_of(l->name[i]) : 0;

		if (place && place <= it->n) {
			it->at[i] = (int)place - 1;
			it->field[place - 1].number = (int)i;
		}
	}
}

void nli_item_extra_at(struct nli_item *it, size_t number, struct nli_value v)
{
	if (it->n_extra == NLI_MAX_EXTRA)
		return;
	it->extra[it->n_extra] = (struct nli_field){ .name = it->layout->name[number],
						     .value = v,
						     .number = (int)number };
	it->at[number] = -2 - (int)it->n_extra++;
}

void nli_item_extra(struct nli_item *it, const char *name, struct nli_value v,
		    struct nli_str raw)
{
	const struct nli_str s = nli_str_of(name);
	const int number = number_of(it->layout, s);

	if (it->n_extra == NLI_MAX_EXTRA)
		return;
	it->extra[it->n_extra] =
		(struct nli_field){ .name = s, .value = v, .raw = raw, .number = number };
	if (number >= 0)
		it->at[number] = -2 - (int)it->n_extra;
	it->n_extra++;
}

static const struct nli_field *at(const struct nli_item *it, size_t number)
{
	const int place = it->at[number];

	return place >= 0    ? &it->field[place]
	       : place == -1 ? NULL
			     : &it->extra[-2 - place];
}

static bool is_there(struct nli_value v)
{
	return v.type != NLI_J_NONE;
}

/* The member or element called name. */
static struct nli_value down(struct nli_value v, struct nli_str name)
{
	struct nli_jiter it = nli_jiter(v.json);
	size_t place = 0;

	if (!v.json)
		return NOTHING;
	if (!it.object_)
		for (size_t i = 0; i < name.len; i++) {
			if (name.s[i] < '0' || name.s[i] > '9' || place > 100000)
				return NOTHING;
			place = place * 10 + (size_t)(name.s[i] - '0');
		}
	for (size_t i = 0; nli_jnext(&it); i++)
		if (it.object_ ? nli_str_eq(it.key, name) : i == place)
			return nli_value_json_of(it.val);
	return NOTHING;
}

static void add(struct nli_values *out, struct nli_value v)
{
	if (out->n == out->cap)
		nli_grow(&out->v, &out->cap, out->n + 1, sizeof(*out->v));
	out->v[out->n++] = v;
}

/* v is what step i - 1 led to, before its [].  Recursion is as deep as the path is long. */
static void walk(const struct nli_path *p, size_t i, struct nli_value v,
		 struct nli_values *out)
{
	if (!is_there(v)) {
		if (out->holes)
			add(out, v);
		return;
	}
	if (p->step[i - 1].each && v.type == NLI_J_ARRAY) {
		struct nli_jiter it = nli_jiter(v.json);

		while (nli_jnext(&it)) {
			const struct nli_value e = nli_value_json_of(it.val);

			if (i == p->n)
				add(out, e);
			else
				walk(p, i + 1, down(e, p->step[i].name), out);
		}
	} else if (i == p->n) {
		add(out, v);
	} else {
		walk(p, i + 1, down(v, p->step[i].name), out);
	}
}

/*
 * A place that may count from the end, as an index; -1 if there is none.
 * Spreadsheets pad rows with empty cells: the end is before those.
 */
static ptrdiff_t place_at(const struct nli_item *it, int place)
{
	size_t n = it->n;
	ptrdiff_t i;

	while (place < 0 && n && it->field[n - 1].value.text.s &&
	       !it->field[n - 1].value.text.len)
		n--;
	i = place > 0 ? place - 1 : (ptrdiff_t)n + place;

	return i >= 0 && i < (ptrdiff_t)it->n ? i : -1;
}

void nli_item_all(const struct nli_item *it, const struct nli_path *p,
		  struct nli_values *out)
{
	if (p->from) {
		const ptrdiff_t last = place_at(it, p->to);

		for (ptrdiff_t i = place_at(it, p->from); i >= 0 && i <= last; i++)
			add(out, it->field[i].value);
		return;
	}
	const struct nli_field *f = p->n ? at(it, p->whole) : NULL;

	if (f)
		add(out, f->value);
	else if (p->n && (f = at(it, p->top)))
		walk(p, 1, f->value, out);
}

struct nli_value nli_item_get(const struct nli_item *it, const struct nli_path *p)
{
	const struct nli_field *f = p->n ? at(it, p->whole) : NULL;
	struct nli_value v;

	if (p->from) {
		const ptrdiff_t i = place_at(it, p->from);

		return i < 0 ? NOTHING : it->field[i].value;
	}
	if (f)
		return f->value;
	f = p->n ? at(it, p->top) : NULL;
	if (!f)
		return NOTHING;
	v = f->value;
	for (size_t i = 0;; v = down(v, p->step[i].name)) {
		if (p->step[i].each && v.type == NLI_J_ARRAY)
			v = down(v, NLI_STR("0"));
		if (++i == p->n || !is_there(v))
			return v;
	}
}

const struct nli_field *nli_item_field(const struct nli_item *it,
				       const struct nli_path *p)
{
	const bool plain = p->n == 1 && !p->step[0].each;
	ptrdiff_t place = p->n ? it->at[p->whole] : -1;

	if (p->from)
		place = p->from == p->to ? place_at(it, p->from) : -1;
	else if (place < 0 && plain)
		place = it->at[p->top];
	return place >= 0 ? &it->field[place] : NULL;
}

void nli_item_show(struct nli_item *it, const struct nli_path *p)
{
	const ptrdiff_t last = p->from ? place_at(it, p->to) : -1;

	/* name[] shows the field as a whole when each element was. */
	const int place = !p->n                   ? -1
			  : it->at[p->whole] >= 0 ? it->at[p->whole]
			  : p->n == 1             ? it->at[p->top]
						  : -1;

	if (place >= 0)
		it->shown[place] = true;
	for (ptrdiff_t i = last < 0 ? -1 : place_at(it, p->from); i >= 0 && i <= last;
	     i++)
		it->shown[i] = true;
}

void nli_values_release(struct nli_values *v)
{
	free(v->v);
	memset(v, 0, sizeof(*v));
}

void nli_item_release(struct nli_item *it)
{
	free(it->field);
	free(it->shown);
	free(it->at);
	free(it->seen);
	nli_arena_release(&it->names);
	memset(it, 0, sizeof(*it));
}
