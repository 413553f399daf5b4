/* packtree.c - see packtree.h. */
#include "lib/text/packtree.h"

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/io/input.h"

enum { MAX_PACK = 16 << 20 };

struct nli_packtree {
	struct nli_arena arena;
	struct nli_packnode *root;
};

/* Keep libxml2's first complaint. */
static void note_complaint(void *ctx, xmlErrorPtr e)
{
	struct nli_err *err = ctx;
	size_t len = e->message ? strcspn(e->message, "\n") : 0;

	if (err->code == 0)
		nli_fail(err, NLI_EDATA, "%s:%d: %.*s", e->file ? e->file : "schema",
			 e->line, (int)(len < 300 ? len : 300),
			 e->message ? e->message : "");
}

static int check_schema(xmlDoc *doc, const char *rng, struct nli_err *err)
{
	struct nli_buf text = { 0 };
	struct nli_err why = { 0 };
	xmlRelaxNGParserCtxt *parser = NULL;
	xmlRelaxNG *schema = NULL;
	xmlRelaxNGValidCtxt *valid = NULL;
	int rc = nli_input_all(rng, MAX_PACK, &text, err);

	if (rc)
		return nli_err_prefix(err, "%s", rng);
	parser = xmlRelaxNGNewMemParserCtxt(text.data, (int)text.len);
	xmlRelaxNGSetParserStructuredErrors(parser, note_complaint, &why);
	schema = xmlRelaxNGParse(parser);
	valid = xmlRelaxNGNewValidCtxt(schema);
	xmlRelaxNGSetValidStructuredErrors(valid, note_complaint, &why);
	if (!schema)
		rc = nli_fail(err, NLI_EDATA, "%s: %s", rng, why.msg);
	else if (xmlRelaxNGValidateDoc(valid, doc))
		rc = nli_fail(err, NLI_EDATA, "%s", why.msg);
	xmlRelaxNGFreeValidCtxt(valid);
	xmlRelaxNGFree(schema);
	xmlRelaxNGFreeParserCtxt(parser);
	nli_buf_release(&text);
	return rc;
}

/* Packs need no DTD: without one there is no entity to expand and nothing to fetch. */
static int read_xml(xmlDoc **doc, const char *path, struct nli_err *err)
{
	const int flags = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
			  XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES;
	struct nli_buf text = { 0 };
	xmlParserCtxt *ctxt;
	int rc = nli_input_all(path, MAX_PACK, &text, err);

	*doc = NULL;
	if (rc)
		return nli_err_prefix(err, "%s", path);
	ctxt = xmlNewParserCtxt();
	*doc = xmlCtxtReadMemory(ctxt, text.data ? text.data : "", (int)text.len, path,
				 NULL, flags);
	if (!*doc) {
		const xmlError *e = xmlCtxtGetLastError(ctxt);
		const char *msg = e && e->message ? e->message : "not XML";

		rc = nli_fail(err, NLI_EDATA, "%s:%d: %.*s", path, e ? e->line : 0,
			      (int)strcspn(msg, "\n"), msg);
	} else if ((*doc)->intSubset) {
		rc = nli_fail(err, NLI_EDATA, "%s: has a DTD, wanted none", path);
	}
	xmlFreeParserCtxt(ctxt);
	nli_buf_release(&text);
	return rc;
}

static const char *keep(struct nli_packtree *t, const xmlChar *s)
{
	const char *text = s ? (const char *)s : "";

	return nli_arena_strndup(&t->arena, text, strlen(text));
}

static void copy_attributes(struct nli_packtree *t, xmlNode *at, struct nli_packnode *n)
{
	struct nli_packattr *attr;
	size_t count = 0;

	for (const xmlAttr *a = at->properties; a; a = a->next)
		count++;
	attr = nli_arena_alloc(&t->arena, (count + 1) * sizeof(*attr));
	n->attr = attr;
	for (const xmlAttr *a = at->properties; a; a = a->next) {
		xmlChar *value = xmlGetProp(at, a->name);

		attr[n->n_attr].name = keep(t, a->name);
		attr[n->n_attr++].value = keep(t, value);
		xmlFree(value);
	}
}

/* The schema bounds the depth, which is that of the recursion. */
static struct nli_packnode *copy(struct nli_packtree *t, xmlNode *at)
{
	struct nli_packnode *n = nli_arena_alloc(&t->arena, sizeof(*n));
	const struct nli_packnode **end = &n->child;
	xmlChar *text = xmlNodeGetContent(at);

	*n = (struct nli_packnode){ .name = keep(t, at->name),
				    .text = keep(t, text),
				    .line = xmlGetLineNo(at) };
	xmlFree(text);
	copy_attributes(t, at, n);
	for (xmlNode *c = at->children; c; c = c->next)
		if (c->type == XML_ELEMENT_NODE) {
			struct nli_packnode *made = copy(t, c);

			*end = made;
			end = &made->next;
		}
	return n;
}

int nli_packtree_read(struct nli_packtree **t, const char *path, const char *rng,
		      struct nli_err *err)
{
	/* This thread's: what no parser's own handler takes, libxml2 prints. */
	const xmlStructuredErrorFunc before = xmlStructuredError;
	void *const before_ctx = xmlStructuredErrorContext;
	struct nli_err unread = { 0 };
	xmlDoc *doc;
	int rc;

	*t = NULL;
	xmlSetStructuredErrorFunc(&unread, note_complaint);
	rc = read_xml(&doc, path, err);
	if (!rc)
		rc = check_schema(doc, rng, err);
	if (!rc) {
		*t = nli_xcalloc(1, sizeof(**t));
		(*t)->root = copy(*t, xmlDocGetRootElement(doc));
	}
	xmlFreeDoc(doc);
	xmlSetStructuredErrorFunc(before_ctx, before);
	return rc;
}

void nli_packtree_free(struct nli_packtree *t)
{
	if (t)
		nli_arena_release(&t->arena);
	free(t);
}

const struct nli_packnode *nli_packtree_root(const struct nli_packtree *t)
{
	return t->root;
}

/* libxml2's RELAX NG does not look whether it was given memory; nli_xmalloc() always is. */
static void *xml_malloc(size_t n)
{
	return nli_xmalloc(n, 1);
}

static void *xml_realloc(void *p, size_t n)
{
	return nli_xrealloc(p, n, 1);
}

void nli_packtree_init(void)
{
	xmlMemSetup(free, xml_malloc, xml_realloc, nli_xstrdup);
	xmlInitParser();
}

const char *nli_packnode_attr(const struct nli_packnode *n, const char *name)
{
	for (size_t i = 0; i < n->n_attr; i++)
		if (!strcmp(n->attr[i].name, name))
			return n->attr[i].value;
	return NULL;
}

bool nli_packnode_is(const struct nli_packnode *n, const char *name)
{
	return !strcmp(n->name, name);
}

const struct nli_packnode *nli_packnode_child(const struct nli_packnode *n,
					      const char *name)
{
	const struct nli_packnode *c = n ? n->child : NULL;

	while (c && strcmp(c->name, name))
		c = c->next;
	return c;
}

const struct nli_packnode *nli_packnode_again(const struct nli_packnode *n)
{
	const struct nli_packnode *c = n->next;

	while (c && strcmp(c->name, n->name))
		c = c->next;
	return c;
}
