/*
 * item.h - one item of a source, whatever it was written in: fields by name,
 * and the values that the paths of a layout lead to.
 */
#ifndef NLI_NLI_ITEM_H
#define NLI_NLI_ITEM_H

#include "lib/base/buf.h"
#include "lib/io/json.h"
#include "lib/nli/profile.h"

/* A value of a source, whatever it came from. */
struct nli_value {
	enum nli_jtype type; /* NLI_J_NONE: not there; a cell of a table is a string */
	struct nli_str
		text; /* of a string, decoded; of a number or boolean, as written */
	const nli_jval *json; /* of an array or object */
	bool plain;           /* text is known to need no escapes in JSON */
};

static inline struct nli_value nli_value_text_of(struct nli_str s)
{
	return (struct nli_value){ .type = NLI_J_STRING, .text = s };
}
struct nli_value nli_value_json_of(const nli_jval *v);

enum { NLI_MAX_EXTRA = 16 };

struct nli_field {
	struct nli_str name;
	struct nli_str label; /* the name as JSON, with its colon; or s is NULL */
	struct nli_value value;
	struct nli_str raw; /* the source text of a JSON value; s is NULL for text */
	struct nli_str
		source;  /* name and value as they stand on one line; or s is NULL */
	bool known_name; /* number is set already */
	int number;      /* of the layout's names, or -1; set by nli_item_locate() */
};

/* Borrows all but at, which it owns.  Start from {0}. */
struct nli_item {
	const struct nli_layout *layout;
	struct nli_field *field; /* (n,) those of the source, in its order */
	size_t n, cap;
	size_t n_last; /* n of the item before, or 0: what is at field then is still there */
	bool is_line; /* it stands on one line, and so does all that is in it */
	bool *shown;  /* (n,) the record shows this field in its own words */
	size_t shown_cap;
	struct nli_field extra[NLI_MAX_EXTRA]; /* $key, $each and the like */
	size_t n_extra;
	int *at; /* (layout->n_name,) where a name is: a field, or -2 - an extra; -1: nowhere */
	size_t at_cap;
	/* What was learned from the items before: the names of fields repeat. */
	struct nli_seen {
		struct nli_str name; /* owned by names */
		int number;          /* of the layout's names, or -1 */
	} * seen;
	size_t n_seen, seen_cap;
	struct nli_arena names;
	bool places; /* the layout has names such as #3 */
};

/* Values that a path led to.  Owns v. */
struct nli_values {
	struct nli_value *v; /* (n,) */
	size_t n, cap;
	bool holes; /* elements that lead to nothing count, as nothing */
};

/* Begin an item of layout: no fields. What was learned is kept if the layout is the same. */
void nli_item_begin(struct nli_item *it, const struct nli_layout *layout);

/* Room for n fields, to be filled by the caller; then nli_item_locate(). */
struct nli_field *nli_item_fields(struct nli_item *it, size_t n);

/* Find where the names of the layout are. Fields called "#3" are by place. */
void nli_item_locate(struct nli_item *it);

/* Add a member of no source field. */
void nli_item_extra(struct nli_item *it, const char *name, struct nli_value v,
		    struct nli_str raw);
void nli_item_extra_at(struct nli_item *it, size_t number, struct nli_value v);

/* The first value of a path; not there: both members NULL. */
struct nli_value nli_item_get(const struct nli_item *it, const struct nli_path *p);

/* The place of the source field that a path names, if that is all it does; else < 0. */
static inline ptrdiff_t nli_item_place(const struct nli_item *it,
				       const struct nli_path *p)
{
	return p->named ? it->at[p->whole] : -1;
}

/* Append all values of a path that are there. */
void nli_item_all(const struct nli_item *it, const struct nli_path *p,
		  struct nli_values *out);

/* The source field that a path names as a whole, or NULL: what it leads to is part of one. */
const struct nli_field *nli_item_field(const struct nli_item *it,
				       const struct nli_path *p);

/* Say that the record shows that field in its own words, so that src need not. */
void nli_item_show(struct nli_item *it, const struct nli_path *p);

/* Not there, or JSON's null. */
static inline bool nli_value_is_null(struct nli_value v)
{
	return v.type == NLI_J_NONE || v.type == NLI_J_NULL;
}

/*
 * The text of a value: of a string or table cell as it is, of a number as it
 * is written, "true" or "false", the $text of an XML element.  False for
 * arrays, other objects, and what is not there.
 */
static inline bool nli_value_text(struct nli_value v, struct nli_str *text)
{
	*text = v.text;
	if (v.type == NLI_J_OBJECT)
		*text = nli_jstr(nli_jget(v.json, "$text"));
	return text->s != NULL;
}

void nli_values_release(struct nli_values *v);
void nli_item_release(struct nli_item *it);

#endif
