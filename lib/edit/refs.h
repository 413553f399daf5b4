/*
 * refs.h - references from a text to the objects of its picture, as nli-ingest
 * writes them: "person2" is the second object, which is a person.
 *
 * Where a text moves to another picture, it names those whom the right choice
 * there names, then those of the premise, then others: so who is named does not
 * tell a choice that was moved from one that was not.  They are named in the
 * order of their numbers in the text's own picture, since people write "person1
 * and person2", and hardly ever "person2 and person1".
 */
#ifndef NLI_EDIT_REFS_H
#define NLI_EDIT_REFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/edit/made.h"

enum { NLI_MAX_OBJECTS = 256, NLI_MAX_REFS = 64 };

/* The types of the objects of a picture, in order.  Borrows the text. */
struct nli_objects {
	struct nli_str type[NLI_MAX_OBJECTS];
	size_t n;
};

/* From a text with a type a line, as nli_objects_put() writes it of image.objects. */
void nli_objects_of(struct nli_objects *o, struct nli_str lines);
void nli_objects_put(const nli_jval *image, struct nli_buf *out);

struct nli_ref {
	size_t at, len; /* bytes of the text */
	size_t object;  /* from 0 */
};

/* The first NLI_MAX_REFS references of text; returns how many. */
size_t nli_refs_find(struct nli_str text, const struct nli_objects *o,
		     struct nli_ref ref[NLI_MAX_REFS]);

/* Append text with "person" in place of "person2": what is left if it does not matter who. */
void nli_refs_form(struct nli_str text, const struct nli_objects *o, struct nli_buf *out);

/* The objects of a picture in the order in which they are to be named. */
struct nli_naming {
	const struct nli_objects *objects; /* borrows */
	size_t order[NLI_MAX_OBJECTS];     /* (objects->n,) */
};

void nli_naming_of(struct nli_naming *to, const struct nli_objects *o,
		   struct nli_str answer, struct nli_str premise);

/*
 * Append text, which is of the picture with objects from, as it reads there.  A
 * reference to what that picture has too few of loses its number; *lost counts
 * them.  The edits (room for NLI_MAX_REFS) are those that change something, with
 * positions in what was appended; returns how many.
 */
size_t nli_refs_move(struct nli_str text, const struct nli_objects *from,
		     const struct nli_naming *to, struct nli_buf *out,
		     struct nli_made_edit *edit, uint64_t *lost);

/* Has to at least as many objects of each type as text names? */
bool nli_refs_fit(struct nli_str text, const struct nli_objects *from,
		  const struct nli_objects *to);

/* Append how many objects of each type text names: equal for texts that name as many. */
void nli_refs_count(struct nli_str text, const struct nli_objects *o,
		    struct nli_buf *out);

#endif
