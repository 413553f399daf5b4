/* xml.c - see xml.h. */
#include "lib/io/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include "lib/base/mem.h"
#include "lib/io/json.h"

enum { CHUNK = 64 * 1024, MAX_DEPTH = 64 };

/* A child or attribute of an open element, its value as JSON in nli_xml.values. */
struct child {
	struct nli_str name; /* in the parser's dictionary */
	size_t at, len;
	bool attribute;
	bool written; /* in the array of an earlier one of its name */
};

/* An element that is open. */
struct open {
	struct nli_str name;
	size_t first_child;  /* in nli_xml.child */
	size_t values;       /* length of nli_xml.values when it opened */
	struct nli_buf text; /* its own text; memory is kept for the next at this depth */
	bool flat;
};

struct nli_xml {
	struct nli_xml_shape shape;
	nli_read_fn *read;
	void *ctx;
	xmlParserCtxtPtr parser;
	bool done;
	struct nli_err why;      /* what a callback found wrong */
	struct nli_block *block; /* being filled */
	struct nli_buf out;      /* its memory while it is */
	uint64_t items, line;

	struct open open[MAX_DEPTH]; /* inside an item */
	size_t depth, flat;          /* flat: open elements inside one that is flat */
	struct child *child;
	size_t n_child, child_cap;
	struct nli_buf values, element;

	/* Around the items: one level for each open element. */
	struct around {
		size_t members; /* length of nli_xml.around_text when it opened */
		bool context;   /* one that items need: its text is gathered */
		bool flat;      /* of all elements in it too */
	} around[MAX_DEPTH];
	size_t in_context; /* elements that are open inside one of context */
	size_t n_around;
	struct nli_buf around_text; /* "name":value, for each */
	struct nli_buf context_text;
};

/* libxml2's own handlers of what is not ours need its context: we hang on that. */
static struct nli_xml *self(void *ctx)
{
	return ((xmlParserCtxtPtr)ctx)->_private;
}

static struct nli_str of(const xmlChar *s)
{
	return nli_str_of((const char *)s);
}

static bool is_in(struct nli_str s, const struct nli_str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (nli_str_eq(s, list[i]))
			return true;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct nli_str trim(struct nli_str s)
{
	while (s.len && is_blank(s.s[0]))
		s.s++, s.len--;
	while (s.len && is_blank(s.s[s.len - 1]))
		s.len--;
	return s;
}

/* Names are in the parser's dictionary: those that are equal are at one place. */
static bool same_name(struct nli_str a, struct nli_str b)
{
	return a.s == b.s;
}

/* "name": or "@name":, the comma before it; what XML calls a name needs no escapes. */
static void put_name(struct nli_buf *b, bool *comma, bool attribute, struct nli_str name)
{
	char *to = nli_buf_reserve(b, name.len + 5);

	if (*comma)
		*to++ = ',';
	*to++ = '"';
	if (attribute)
		*to++ = '@';
	memcpy(to, name.s, name.len);
	to += name.len;
	*to++ = '"';
	*to++ = ':';
	b->len = (size_t)(to - b->data);
	*comma = true;
}

static void stop(struct nli_xml *x, const char *what)
{
	nli_fail(&x->why, NLI_EDATA, "line %d: %s", xmlSAX2GetLineNumber(x->parser),
		 what);
	xmlStopParser(x->parser);
}

static void add_child(struct nli_xml *x, struct nli_str name, size_t at, bool attribute)
{
	if (x->n_child == x->child_cap)
		nli_grow(&x->child, &x->child_cap, x->n_child + 1, sizeof(*x->child));
	x->child[x->n_child++] =
		(struct child){ name, at, x->values.len - at, attribute, false };
}

/* SAX2 gives an attribute as five pointers: name, prefix, URI, value, end of value. */
static struct nli_str attribute_value(const xmlChar **a)
{
	return (struct nli_str){ (const char *)a[3], (size_t)(a[4] - a[3]) };
}

static void open_inside(struct nli_xml *x, struct nli_str name, int n_attr,
			const xmlChar **attr)
{
	struct open *o;

	if (x->depth == MAX_DEPTH) {
		stop(x, "elements are nested deeper than 64");
		return;
	}
	o = &x->open[x->depth++];
	o->name = name;
	o->first_child = x->n_child;
	o->values = x->values.len;
	o->flat = is_in(name, x->shape.flat, x->shape.n_flat);
	nli_buf_clear(&o->text);
	for (int i = 0; i < n_attr; i++, attr += 5) {
		const size_t at = x->values.len;

		nli_json_quote(&x->values, attribute_value(attr));
		add_child(x, of(attr[0]), at, true);
	}
}

static void open_around(struct nli_xml *x, struct nli_str name, int n_attr,
			const xmlChar **attr)
{
	struct nli_buf *b = &x->around_text;
	struct around *a;

	if (x->n_around && x->around[x->n_around - 1].context) {
		x->in_context++;
		return;
	}
	if (x->n_around == MAX_DEPTH) {
		stop(x, "elements are nested deeper than 64");
		return;
	}
	a = &x->around[x->n_around++];
	a->flat = is_in(name, x->shape.flat, x->shape.n_flat);
	a->members = b->len;
	a->context = is_in(name, x->shape.context, x->shape.n_context);
	if (a->context)
		nli_buf_clear(&x->context_text);
	for (int i = 0; !a->context && i < n_attr; i++, attr += 5) {
		nli_buf_addf(b, "\"@%s\":", (const char *)attr[0]);
		nli_json_quote(b, attribute_value(attr));
		nli_buf_addc(b, ',');
	}
}

static void on_start(void *ctx, const xmlChar *local, const xmlChar *prefix,
		     const xmlChar *uri, int n_ns, const xmlChar **ns, int n_attr,
		     int n_default, const xmlChar **attr)
{
	struct nli_xml *x = self(ctx);
	const struct nli_str name = of(local);

	(void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_default;
	if (x->depth && x->open[x->depth - 1].flat)
		x->flat++;
	else if (x->depth || nli_str_eq(name, x->shape.item))
		open_inside(x, name, n_attr, attr);
	else
		open_around(x, name, n_attr, attr);
	if (x->depth == 1 && !x->flat)
		x->line = (uint64_t)xmlSAX2GetLineNumber(x->parser);
}

static void on_text(void *ctx, const xmlChar *s, int len)
{
	struct nli_xml *x = self(ctx);

	if (x->depth)
		nli_buf_add(&x->open[x->depth - 1].text, s, (size_t)len);
	else if (x->n_around && x->around[x->n_around - 1].context &&
		 (!x->in_context || x->around[x->n_around - 1].flat))
		nli_buf_add(&x->context_text, s, (size_t)len);
}

/* Child i, with all later ones of its name in an array if there are any. */
static void write_child(struct nli_xml *x, struct nli_buf *to, bool *comma, size_t i)
{
	struct child *c = &x->child[i];
	bool array = false;

	for (size_t k = i + 1; !array && k < x->n_child; k++)
		array = !x->child[k].attribute && same_name(x->child[k].name, c->name);
	put_name(to, comma, c->attribute, c->name);
	if (!array || c->attribute) {
		nli_buf_add(to, x->values.data + c->at, c->len);
		return;
	}
	for (size_t k = i; k < x->n_child; k++) {
		if (x->child[k].attribute || !same_name(x->child[k].name, c->name))
			continue;
		nli_buf_addc(to, k == i ? '[' : ',');
		nli_buf_add(to, x->values.data + x->child[k].at, x->child[k].len);
		x->child[k].written = true;
	}
	nli_buf_addc(to, ']');
}

/* The element that closes, as a JSON object at the end of to. */
static void write_element(struct nli_xml *x, const struct open *o, bool item,
			  struct nli_buf *to)
{
	const struct nli_str text = trim(nli_buf_str(&o->text));
	bool comma = false;

	nli_buf_addc(to, '{');
	for (size_t i = o->first_child; i < x->n_child; i++)
		if (!x->child[i].written)
			write_child(x, to, &comma, i);
	if (text.len) {
		put_name(to, &comma, false, NLI_STR("$text"));
		nli_json_quote(to, text);
	}
	if (item && x->around_text.len) {
		put_name(to, &comma, false, NLI_STR("^"));
		nli_buf_addc(to, '{');
		/* Without the comma that the next member would need. */
		nli_buf_add(to, x->around_text.data, x->around_text.len - 1);
		nli_buf_addc(to, '}');
	}
	nli_buf_addc(to, '}');
}

/* The item is done: a line of the block. */
static void close_item(struct nli_xml *x, const struct open *o)
{
	struct nli_block *b = x->block;

	write_element(x, o, true, &x->out);
	if (b->n == b->end_cap)
		nli_grow(&b->end, &b->end_cap, b->n + 1, sizeof(*b->end));
	if (b->n == b->line_cap)
		nli_grow(&b->line, &b->line_cap, b->n + 1, sizeof(*b->line));
	b->line[b->n] = x->line;
	b->end[b->n++] = x->out.len;
	nli_buf_addc(&x->out, '\n');
	x->items++;
	x->n_child = 0;
	nli_buf_clear(&x->values);
}

/* A child is done: its JSON takes the place of those of its own children. */
static void close_child(struct nli_xml *x, const struct open *o)
{
	/* Most hold text alone. */
	if (x->n_child == o->first_child) {
		nli_json_quote(&x->values, trim(nli_buf_str(&o->text)));
		add_child(x, o->name, o->values, false);
		return;
	}
	nli_buf_clear(&x->element);
	write_element(x, o, false, &x->element);
	x->n_child = o->first_child;
	x->values.len = o->values;
	nli_buf_add(&x->values, x->element.data, x->element.len);
	add_child(x, o->name, o->values, false);
}

static void close_around(struct nli_xml *x, struct nli_str name)
{
	const struct around *a = &x->around[--x->n_around];
	struct nli_buf *b = &x->around_text;

	if (!a->context) {
		b->len = a->members;
		return;
	}
	/* It stays until what encloses it closes; of the same name, the last counts. */
	nli_json_quote(b, name);
	nli_buf_addc(b, ':');
	nli_json_quote(b, trim(nli_buf_str(&x->context_text)));
	nli_buf_addc(b, ',');
}

static void on_end(void *ctx, const xmlChar *local, const xmlChar *prefix,
		   const xmlChar *uri)
{
	struct nli_xml *x = self(ctx);

	(void)prefix, (void)uri;
	if (x->flat) {
		x->flat--;
	} else if (x->depth > 1) {
		close_child(x, &x->open[--x->depth]);
	} else if (x->depth) {
		close_item(x, &x->open[--x->depth]);
	} else if (x->in_context) {
		x->in_context--;
	} else if (x->n_around) {
		close_around(x, of(local));
	}
}

/* An entity that the document declares: it is not expanded, and not lost in silence. */
static void on_entity(void *ctx, const xmlChar *name)
{
	char what[128];

	snprintf(what, sizeof(what), "the entity &%.60s; is not one of XML's own",
		 (const char *)name);
	stop(self(ctx), what);
}

static int fail(struct nli_xml *x, struct nli_err *err)
{
	const xmlError *e = xmlCtxtGetLastError(x->parser);
	struct nli_str what = nli_str_of(e && e->message ? e->message : "not XML");

	if (x->why.code)
		return nli_fail(err, x->why.code, "%s", x->why.msg);
	what = trim(what);
	return nli_fail(err, NLI_EDATA, "line %d: %.*s", e ? e->line : 0, (int)what.len,
			what.s);
}

int nli_xml_new(struct nli_xml **out, const struct nli_xml_shape *shape,
		nli_read_fn *read, void *ctx, struct nli_err *err)
{
	struct nli_xml *x = nli_xcalloc(1, sizeof(*x));
	xmlSAXHandler sax;

	*out = NULL;
	memset(&sax, 0, sizeof(sax));
	sax.initialized = XML_SAX2_MAGIC;
	xmlSAXVersion(&sax, 2);
	sax.startElementNs = on_start;
	sax.endElementNs = on_end;
	sax.characters = on_text;
	sax.cdataBlock = on_text;
	sax.ignorableWhitespace = on_text;
	sax.reference = on_entity;
	sax.externalSubset = NULL;
	sax.comment = NULL;
	sax.processingInstruction = NULL;
	sax.warning = sax.error = NULL;
	sax.serror = NULL;
	x->shape = *shape;
	x->read = read;
	x->ctx = ctx;
	x->parser = xmlCreatePushParserCtxt(&sax, NULL, NULL, 0, NULL);
	if (!x->parser) {
		nli_xml_free(x);
		return nli_fail(err, NLI_EIO, "libxml2 cannot start");
	}
	x->parser->_private = x;
	/* The text is UTF-8 by now, whatever its declaration says that it was. */
	xmlCtxtUseOptions(x->parser, XML_PARSE_NONET | XML_PARSE_NOERROR |
					     XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC);
	*out = x;
	return 0;
}

int nli_xml_next(struct nli_xml *x, struct nli_block *b, size_t target,
		 struct nli_err *err)
{
	x->out = (struct nli_buf){ b->text, 0, b->cap };
	x->block = b;
	b->n = 0;
	b->numbered = true;
	b->first_item = x->items + 1;
	b->first_line = 0;
	while (!x->done && x->out.len < target) {
		char chunk[CHUNK];
		const ptrdiff_t n = x->read(x->ctx, chunk, sizeof(chunk), err);
		int rc = n < 0 ? (int)n : 0;

		if (!rc && xmlParseChunk(x->parser, chunk, (int)n, !n))
			rc = fail(x, err);
		if (rc && !(b->n && x->why.code == 0 && rc == NLI_EDATA)) {
			b->text = x->out.data;
			b->cap = x->out.cap;
			return rc;
		}
		/* What was whole before the mistake is given first. */
		x->done = !n || rc;
		if (rc && err)
			x->why = *err;
	}
	b->text = x->out.data;
	b->cap = x->out.cap;
	b->len = x->out.len;
	if (!b->n && x->why.code)
		return nli_fail(err, x->why.code, "%s", x->why.msg);
	return b->n > 0;
}

void nli_xml_free(struct nli_xml *x)
{
	if (!x)
		return;
	if (x->parser) {
		xmlFreeDoc(x->parser->myDoc);
		xmlFreeParserCtxt(x->parser);
	}
	for (size_t i = 0; i < MAX_DEPTH; i++)
		nli_buf_release(&x->open[i].text);
	free(x->child);
	nli_buf_release(&x->values);
	nli_buf_release(&x->element);
	nli_buf_release(&x->around_text);
	nli_buf_release(&x->context_text);
	free(x);
}
