/* markup.c - see markup.h. */
#include "lib/show/markup.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <libxml/xmlwriter.h>

#include "lib/base/mem.h"
#include "lib/show/clean.h"

enum { MAX_DEPTH = 64 };

struct nli_markup {
	xmlBuffer *b;
	xmlTextWriter *w;
	const char *name[MAX_DEPTH]; /* of the open elements; all are literals */
	size_t depth;
	struct nli_buf text; /* scratch: libxml2 wants a NUL at the end */
};

static const xmlChar *chars(const char *s)
{
	return (const xmlChar *)s;
}

/* libxml2 fails here only for want of memory, as nli_xmalloc() would. */
static void must(int rc)
{
	if (rc < 0) {
		fputs("nli: out of memory\n", stderr);
		exit(1);
	}
}

/* In place of libxml2's own words, and for calls that do not report it. */
static void complain(void *ctx, xmlErrorPtr e)
{
	(void)ctx;
	(void)e;
	must(-1);
}

struct nli_markup *nli_markup_new(void)
{
	struct nli_markup *x = nli_xcalloc(1, sizeof(*x));

	xmlSetStructuredErrorFunc(NULL, complain);
	x->b = xmlBufferCreate();
	must(x->b ? 0 : -1);
	xmlBufferSetAllocationScheme(x->b, XML_BUFFER_ALLOC_DOUBLEIT);
	x->w = xmlNewTextWriterMemory(x->b, 0);
	must(x->w ? 0 : -1);
	return x;
}

void nli_markup_end(struct nli_markup *x, struct nli_buf *out)
{
	while (x->depth)
		nli_markup_close(x);
	must(xmlTextWriterFlush(x->w));
	nli_buf_add(out, xmlBufferContent(x->b), (size_t)xmlBufferLength(x->b));
	xmlFreeTextWriter(x->w);
	xmlBufferFree(x->b);
	nli_buf_release(&x->text);
	free(x);
}

void nli_markup_open(struct nli_markup *x, const char *name)
{
	if (x->depth == MAX_DEPTH)
		must(-1);
	x->name[x->depth++] = name;
	must(xmlTextWriterStartElement(x->w, chars(name)));
}

/* Void in HTML, or empty in SVG. */
static bool closes_itself(const char *name)
{
	static const char *const list[] = { "br",    "hr",     "meta",     "link",
					    "input", "col",    "rect",     "line",
					    "path",  "circle", "polyline", "use" };

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (!strcmp(list[i], name))
			return true;
	return false;
}

void nli_markup_close(struct nli_markup *x)
{
	const char *name = x->name[--x->depth];

	must(closes_itself(name) ? xmlTextWriterEndElement(x->w)
				 : xmlTextWriterFullEndElement(x->w));
}

void nli_markup_attr(struct nli_markup *x, const char *name, const char *value)
{
	must(xmlTextWriterWriteAttribute(x->w, chars(name), chars(value)));
}

void nli_markup_attrs(struct nli_markup *x, const char *name, struct nli_str value)
{
	nli_buf_clear(&x->text);
	nli_buf_add(&x->text, value.s, value.len);
	nli_markup_attr(x, name, x->text.data);
}

void nli_markup_attrf(struct nli_markup *x, const char *name, const char *fmt, ...)
{
	char value[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	nli_markup_attr(x, name, value);
}

void nli_markup_attrd(struct nli_markup *x, const char *name, double v)
{
	nli_buf_clear(&x->text);
	nli_show_fixed(v, 2, &x->text);
	nli_markup_attr(x, name, x->text.data);
}

void nli_markup_text(struct nli_markup *x, const char *text)
{
	must(xmlTextWriterWriteString(x->w, chars(text)));
}

void nli_markup_texts(struct nli_markup *x, struct nli_str text)
{
	nli_buf_clear(&x->text);
	nli_buf_add(&x->text, text.s, text.len);
	nli_markup_text(x, x->text.data);
}

void nli_markup_raw(struct nli_markup *x, struct nli_str markup)
{
	nli_buf_clear(&x->text);
	nli_buf_add(&x->text, markup.s, markup.len);
	must(xmlTextWriterWriteRaw(x->w, chars(x->text.data)));
}

void nli_markup_openc(struct nli_markup *x, const char *name, const char *class_)
{
	nli_markup_open(x, name);
	if (class_)
		nli_markup_attr(x, "class", class_);
}

void nli_markup_leaf(struct nli_markup *x, const char *name, const char *class_,
		     struct nli_str text)
{
	nli_markup_openc(x, name, class_);
	nli_markup_texts(x, text);
	nli_markup_close(x);
}
