/*
 * xml.h - an XML document as a stream of JSON objects, one for each element
 * of a name: a record of a corpus.  libxml2 parses.
 *
 * In an object attributes are "@name", children are by name, and text is
 * "$text"; an element that has nothing but text is a string; of children of
 * one name there is an array.  White space around texts is dropped.  What
 * encloses the item and is of use to it is "^": an object of the attributes of
 * the elements around it, and of the elements named in context.
 *
 * No network, no DTD, no external entity; entities, depth and length of texts
 * are bounded by libxml2.
 */
#ifndef NLI_IO_XML_H
#define NLI_IO_XML_H

#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/io/cut.h"
#include "lib/io/lines.h"

/* Borrows all. */
struct nli_xml_shape {
	struct nli_str item;        /* the element that is a record */
	const struct nli_str *flat; /* (n_flat,) elements whose inner markup is dropped */
	const struct nli_str *context; /* (n_context,) */
	size_t n_flat, n_context;
};

struct nli_xml;

int nli_xml_new(struct nli_xml **x, const struct nli_xml_shape *shape, nli_read_fn *read,
		void *ctx, struct nli_err *err);

/* Fill b with about target bytes of items, each with its LF: 1, 0 at the end, < 0. */
int nli_xml_next(struct nli_xml *x, struct nli_block *b, size_t target,
		 struct nli_err *err);
void nli_xml_free(struct nli_xml *x); /* NULL is fine */

#endif
