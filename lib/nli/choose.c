/* choose.c - see choose.h. */
#include "lib/nli/choose.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/nli/companion.h"

struct nli_chooser {
	const struct nli_source_options *o;
	struct nli_profiles all;  /* loaded when content is to decide */
	struct nli_profile **own; /* (n_own,) made up here */
	size_t n_own, own_cap;
	char encoding[64];
};

struct nli_chooser *nli_chooser_new(const struct nli_source_options *o)
{
	struct nli_chooser *c = nli_xcalloc(1, sizeof(*c));

	c->o = o;
	return c;
}

static void say_fields(const struct nli_look *l, struct nli_buf *out)
{
	nli_buf_adds(out, l->dialect ? nli_dialect_name(l->dialect) : "no table");
	for (size_t i = 0; i < l->n_field && i < 12; i++)
		nli_buf_addf(out, "%s%.*s", i ? ", " : " with ",
			     (int)(l->field[i].len < 40 ? l->field[i].len : 40),
			     l->field[i].s);
	if (l->n_field > 12)
		nli_buf_addf(out, " and %zu more", l->n_field - 12);
}

static int none_fits(const struct nli_profile *p, const struct nli_look *l,
		     struct nli_err *err)
{
	struct nli_buf found = { 0 };
	int rc;

	say_fields(l, &found);
	if (p->crowd)
		rc = nli_fail(err, NLI_EDATA,
			      "%.*s has votes without texts: nli-truth reads them",
			      (int)p->name.len, p->name.s);
	else
		rc = nli_fail(err, NLI_EDATA, "found %s, which is no layout of %.*s",
			      found.data, (int)p->name.len, p->name.s);
	nli_buf_release(&found);
	return rc;
}

static const struct nli_layout *best_of(const struct nli_profile *p,
					const struct nli_look *l, const char *path,
					bool named, int *fit)
{
	const struct nli_layout *best = NULL;

	*fit = 0;
	for (size_t i = 0; i < p->n_layout; i++) {
		const int f = nli_layout_fit(&p->layout[i], l, path, named);

		if (f > *fit) {
			*fit = f;
			best = &p->layout[i];
		}
	}
	return best;
}

int nli_choose(struct nli_chooser *c, const struct nli_look *l, const char *path,
	       bool member, const struct nli_layout **layout, struct nli_buf *why,
	       struct nli_err *err)
{
	const struct nli_profile *p = c->o->profile;
	int fit;

	(void)why;
	*layout = NULL;
	if (!p)
		return nli_fail(err, NLI_EINVAL, "name a profile by -c");
	*layout = best_of(p, l, path, member, &fit);
	if (*layout || member)
		return 0;
	/* An empty file holds no records of any layout. */
	if (!l->sample.len && p->n_layout)
		*layout = &p->layout[0];
	return *layout ? 0 : none_fits(p, l, err);
}

const char *nli_choose_encoding(struct nli_chooser *c, const char *path)
{
	const struct nli_profile *p = c->o->profile;

	for (size_t i = 0; p && i < p->n_layout; i++) {
		const struct nli_layout *l = &p->layout[i];
		bool fits = !l->n_match;

		for (size_t k = 0; k < l->n_match; k++)
			fits = fits || nli_glob_fits(l->match[k], path);
		if (!fits || !l->encoding.s || l->encoding.len >= sizeof(c->encoding))
			continue;
		memcpy(c->encoding, l->encoding.s, l->encoding.len);
		c->encoding[l->encoding.len] = '\0';
		return c->encoding;
	}
	return NULL;
}

bool nli_has_companions(struct nli_chooser *c)
{
	const struct nli_profile *p = c->o->profile;

	for (size_t i = 0; p && i < p->n_layout; i++)
		if (p->layout[i].beside.from.s || p->layout[i].join.from.s)
			return true;
	return false;
}

bool nli_is_companion(struct nli_chooser *c, const char *path)
{
	const struct nli_profile *p = c->o->profile;

	for (size_t i = 0; p && i < p->n_layout; i++)
		if (nli_companion_is(&p->layout[i].beside, path) ||
		    nli_companion_is(&p->layout[i].join, path))
			return true;
	return false;
}

void nli_chooser_free(struct nli_chooser *c)
{
	if (!c)
		return;
	nli_profiles_release(&c->all);
	for (size_t i = 0; i < c->n_own; i++)
		nli_profile_free(c->own[i]);
	free(c->own);
	free(c);
}
