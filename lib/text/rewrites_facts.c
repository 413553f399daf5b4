/* rewrites_facts.c - what a pack says of words, one fact after the other. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/text/rewrites_parts.h"

static void add(struct nli_rewrites *r, struct nli_fact f)
{
	nli_grow(&r->fact, &r->fact_cap, r->n_fact + 1, sizeof(f));
	r->fact[r->n_fact++] = f;
}

/* f of every item of at's own text, or of an attribute's. */
static void add_each(struct nli_rewrites *r, const struct nli_packnode *at,
		     const char *items, struct nli_fact f)
{
	f.line = at->line;
	while ((f.a = nli_rw_item(r, &items)))
		add(r, f);
}

static bool says_yes(const struct nli_packnode *at, const char *name)
{
	const char *v = nli_packnode_attr(at, name);

	return v && !strcmp(v, "yes");
}

static enum nli_fact_making making(const struct nli_packnode *at)
{
	const char *v = nli_packnode_attr(at, "made");

	if (!v || !strcmp(v, "yes"))
		return NLI_FACT_MADE;
	return *v == 'f'   ? NLI_FACT_FORWARD
	       : *v == 'p' ? NLI_FACT_PREDICATE
			   : NLI_FACT_KNOWN;
}

static void on_antonym(struct nli_rewrites *r, const struct nli_packnode *n,
		       struct nli_fact f)
{
	f.a = nli_packnode_attr(n, "a");
	f.b = nli_packnode_attr(n, "b");
	f.line = n->line;
	add(r, f);
}

static void on_isa(struct nli_rewrites *r, const struct nli_packnode *n,
		   struct nli_fact f)
{
	f.b = nli_packnode_attr(n, "super");
	add_each(r, n, nli_packnode_attr(n, "sub"), f);
}

/* A set's members, which are also what its super says. */
static void on_set(struct nli_rewrites *r, const struct nli_packnode *n,
		   struct nli_fact f)
{
	f.b = nli_packnode_attr(n, "kind");
	add_each(r, n, n->text, f);
	f.kind = NLI_FACT_ISA;
	f.b = nli_packnode_attr(n, "super");
	if (f.b)
		add_each(r, n, n->text, f);
}

static void on_words(struct nli_rewrites *r, const struct nli_packnode *n,
		     struct nli_fact f)
{
	add_each(r, n, n->text, f);
}

/* The first with the first, as far as both go. */
static void on_gendered(struct nli_rewrites *r, const struct nli_packnode *n,
			struct nli_fact f)
{
	const char *own = n->text, *other = nli_packnode_attr(n, "other");

	f.line = n->line;
	while (other && (f.a = nli_rw_item(r, &own)) && (f.b = nli_rw_item(r, &other)))
		add(r, f);
}

static void on_number(struct nli_rewrites *r, const struct nli_packnode *n,
		      struct nli_fact f)
{
	const char *kind = nli_packnode_attr(n, "kind");

	f.value = strtod(nli_packnode_attr(n, "value"), NULL);
	f.b = kind ? kind : "cardinal";
	add_each(r, n, n->text, f);
}

static void on_quantifier(struct nli_rewrites *r, const struct nli_packnode *n,
			  struct nli_fact f)
{
	nli_grow(&r->quantifier, &r->quantifier_cap, r->n_quantifier + 1,
		 sizeof(*r->quantifier));
	r->quantifier[r->n_quantifier] = (struct nli_rw_quantifier){
		.kind = nli_packnode_attr(n, "kind"),
		.restrictor = nli_packnode_attr(n, "restrictor"),
		.body = nli_packnode_attr(n, "body"),
		.opposite = nli_packnode_attr(n, "opposite"),
		.entails = nli_packnode_attr(n, "entails"),
		.takes = nli_packnode_attr(n, "takes"),
	};
	f.group = r->n_quantifier++;
	add_each(r, n, n->text, f);
}

static void on_context(struct nli_rewrites *r, const struct nli_packnode *n,
		       struct nli_fact f)
{
	f.b = nli_packnode_attr(n, "kind");
	add_each(r, n, n->text, f);
}

static void on_cue(struct nli_rewrites *r, const struct nli_packnode *n,
		   struct nli_fact f)
{
	f.b = nli_packnode_attr(n, "negates");
	f.exclusive = says_yes(n, "concord");
	add_each(r, n, n->text, f);
}

static const struct part {
	const char *part, *within, *element; /* within NULL: right below part */
	enum nli_fact_kind kind;
	void (*on)(struct nli_rewrites *r, const struct nli_packnode *n,
		   struct nli_fact f);
} parts[] = {
	{ "negation", NULL, "cue", NLI_FACT_NEGATION, on_cue },
	{ "quantifiers", NULL, "quantifier", NLI_FACT_QUANTIFIER, on_quantifier },
	{ "numbers", NULL, "number", NLI_FACT_NUMBER, on_number },
	{ "degree", "comparative", "words", NLI_FACT_COMPARATIVE, on_words },
	{ "degree", "superlative", "words", NLI_FACT_SUPERLATIVE, on_words },
	{ "function", NULL, "words", NLI_FACT_FUNCTION, on_words },
	{ "nouns", NULL, "gendered", NLI_FACT_GENDER, on_gendered },
	{ "antonyms", NULL, "pair", NLI_FACT_ANTONYM, on_antonym },
	{ "hypernyms", NULL, "isa", NLI_FACT_ISA, on_isa },
	{ "synonyms", NULL, "same", NLI_FACT_SAME, on_words },
	{ "sets", NULL, "set", NLI_FACT_MEMBER, on_set },
	{ "contexts", NULL, "context", NLI_FACT_CONTEXT, on_context },
};

static void add_part(struct nli_rewrites *r, const struct nli_packnode *at,
		     const struct part *p)
{
	size_t group = 0;

	for (const struct nli_packnode *n = nli_packnode_child(at, p->element); n;
	     n = nli_packnode_again(n))
		p->on(r, n,
		      (struct nli_fact){ .kind = p->kind,
					 .pos = nli_packnode_attr(n, "pos"),
					 .exclusive = says_yes(n, "exclusive"),
					 .making = making(n),
					 .group = group++ });
}

void nli_rw_facts(struct nli_rewrites *r, const struct nli_packnode *root)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		const struct nli_packnode *at = nli_packnode_child(root, parts[i].part);

		if (at && parts[i].within)
			at = nli_packnode_child(at, parts[i].within);
		if (at)
			add_part(r, at, &parts[i]);
	}
}
