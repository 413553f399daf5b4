/*
 * markup.h - markup that is well formed by construction: HTML and SVG over
 * libxml2's xmlTextWriter, which is known to markup.c alone.
 *
 * Text and attribute values are escaped here and nowhere else, so nothing that
 * a corpus holds can become markup.  Elements that HTML calls void, and SVG's
 * shapes, are closed in themselves, all others by an end tag.
 */
#ifndef NLI_SHOW_MARKUP_H
#define NLI_SHOW_MARKUP_H

#include "lib/base/buf.h"

struct nli_markup; /* opaque */

struct nli_markup *nli_markup_new(void);

/* Append all that was written to out, and free x.  Open elements are closed. */
void nli_markup_end(struct nli_markup *x, struct nli_buf *out);

void nli_markup_open(struct nli_markup *x, const char *name);
void nli_markup_close(struct nli_markup *x);

/* Attributes of the element opened last; before its content. */
void nli_markup_attr(struct nli_markup *x, const char *name, const char *value);
void nli_markup_attrs(struct nli_markup *x, const char *name, struct nli_str value);
void nli_markup_attrf(struct nli_markup *x, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A coordinate: two decimals at most. */
void nli_markup_attrd(struct nli_markup *x, const char *name, double v);

void nli_markup_text(struct nli_markup *x, const char *text);
void nli_markup_texts(struct nli_markup *x, struct nli_str text);

/* Markup of our own as it is: the style and script of the page. */
void nli_markup_raw(struct nli_markup *x, struct nli_str markup);

/* <name>text</name>, with a class unless that is NULL. */
void nli_markup_leaf(struct nli_markup *x, const char *name, const char *class_,
		     struct nli_str text);

/* <name class="...">, to be closed. */
void nli_markup_openc(struct nli_markup *x, const char *name, const char *class_);

#endif
