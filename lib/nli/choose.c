/* choose.c - see choose.h. */
#include "lib/nli/choose.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/mem.h"
#include "lib/nli/alias.h"
#include "lib/nli/companion.h"
#include "lib/nli/generic.h"
#include "lib/nli/ingest.h"

struct nli_chooser {
	const struct nli_source_options *o;
	struct nli_profiles all; /* loaded when content is to decide */
	bool loaded;
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

	for (size_t i = 0; l->dialect == NLI_DIALECT_XML && i < p->n_layout; i++)
		if ((rc = nli_look_xml(&p->layout[i], l, err)))
			return rc;
	say_fields(l, &found);
	if (p->crowd)
		rc = nli_fail(err, NLI_EDATA,
			      "%.*s has votes without texts: nli-truth reads them",
			      (int)p->name.len, p->name.s);
	else
		rc = nli_fail(err, NLI_EDATA,
			      "found %s, which is no layout of %.*s%s%.*s", found.data,
			      (int)p->name.len, p->name.s, p->notes.len ? ": " : "",
			      (int)p->notes.len, p->notes.s);
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

/* ---- by content ---- */

/* Words that files of all corpora are called by: a glob of nothing else says nothing. */
static bool is_specific(struct nli_str glob)
{
	static const char *const common[] = { "train", "validation", "valid", "val",
					      "dev",   "test",       "data",  "jsonl",
					      "json",  "csv",        "tsv",   "txt",
					      "xml" };
	size_t letters = 0;

	for (size_t at = 0; at < glob.len;) {
		size_t n = 0, i = 0;

		while (at + n < glob.len &&
		       ((glob.s[at + n] | 0x20) >= 'a' && (glob.s[at + n] | 0x20) <= 'z'))
			n++;
		while (i < sizeof(common) / sizeof(*common) &&
		       !(strlen(common[i]) == n && !memcmp(common[i], glob.s + at, n)))
			i++;
		letters += i == sizeof(common) / sizeof(*common) ? n : 0;
		at += n ? n : 1;
	}
	return letters >= 3;
}

/* A table without a header shows what it is by the labels in the column of labels. */
static bool labels_fit(const struct nli_layout *layout, const struct nli_look *l)
{
	struct nli_seen_values v;
	bool fit = false;
	size_t column = 0;

	if (!layout->label.n)
		return false;
	while (column < layout->n_column &&
	       !nli_str_eq(layout->column[column], layout->label.v[0].text))
		column++;
	if (column >= l->n_field || column == layout->n_column)
		return false;
	nli_look_values(l, l->field[column], false, &v);
	for (size_t i = 0; i < v.text.n; i++) {
		nli_label_set set;

		if (!nli_label_read(&layout->labels, layout->task, v.text.text[i],
				    &set)) {
			fit = false;
			break;
		}
		fit = fit || set;
	}
	nli_intern_release(&v.text);
	return fit;
}

/*
 * How sure it is that a file is of this layout: its signature is there, or, where
 * it has none, its name is one that only this corpus uses.
 */
static int sureness(const struct nli_layout *layout, const struct nli_look *l,
		    const char *path)
{
	const int fit = nli_layout_fit(layout, l, path, false);
	const bool named = fit >= NLI_FIT_NAME;
	bool specific = false;

	for (size_t i = 0; named && i < layout->n_match; i++)
		specific = specific || (nli_glob_fits(layout->match[i], path) &&
					is_specific(layout->match[i]));
	if (layout->n_signature)
		return fit % NLI_FIT_NAME > 1 ? fit : 0;
	if (named && layout->n_column && labels_fit(layout, l))
		return fit + 1;
	return specific ? fit : 0;
}

/* A layout whose second file is not there is not it. */
static bool has_companions(const struct nli_layout *l, const char *path)
{
	const struct nli_companion *const c[] = { &l->beside, &l->join };
	bool there = true;

	for (size_t i = 0; i < 2; i++) {
		struct nli_buf name = { 0 };

		if (c[i]->from.s && !c[i]->optional)
			there = there && nli_companion_path(c[i], path, &name) &&
				!access(name.data, R_OK);
		nli_buf_release(&name);
	}
	return there;
}

static void say_names(const struct nli_profiles *all, const int *sure, int of,
		      struct nli_buf *out)
{
	bool any = false;

	for (size_t i = 0; i < all->n; i++)
		if (sure[i] == of) {
			nli_buf_addf(out, "%s%.*s", any ? ", " : "",
				     (int)all->v[i]->name.len, all->v[i]->name.s);
			any = true;
		}
}

/* The layout of the one profile that is surest; NULL if none is, or several are. */
static const struct nli_layout *known(struct nli_chooser *c, const struct nli_look *l,
				      const char *path, bool member, struct nli_buf *why)
{
	int *sure = nli_xcalloc(c->all.n + 1, sizeof(*sure));
	const struct nli_layout *best = NULL;
	int most = 0;
	size_t n = 0;

	for (size_t i = 0; i < c->all.n; i++) {
		const struct nli_profile *p = c->all.v[i];

		for (size_t k = 0; k < p->n_layout; k++) {
			const int s = sureness(&p->layout[k], l, path);

			if (s <= sure[i] ||
			    (!member && !has_companions(&p->layout[k], path)))
				continue;
			sure[i] = s;
			n = s > most ? 0 : n;
			if (s >= most) {
				best = &p->layout[k];
				most = s;
			}
		}
	}
	for (size_t i = 0; i < c->all.n; i++)
		n += sure[i] == most;
	if (most && n > 1) {
		nli_buf_adds(why, "it may be of ");
		say_names(&c->all, sure, most, why);
		nli_buf_adds(why, "; ");
		best = NULL;
	}
	free(sure);
	return most ? best : NULL;
}

/* No integer among the labels of l is beyond those that layout says the meaning of. */
static bool integers_fit(const struct nli_layout *layout, const struct nli_look *l)
{
	bool fit = true;

	for (size_t i = 0; i < layout->label.n; i++) {
		const struct nli_path *p = &layout->label.v[i];
		const struct nli_str *name = layout->n_column ? layout->column : l->field;
		struct nli_seen_values v;
		size_t at = 0;

		while (at < l->n_field && !nli_str_eq(name[at], p->text))
			at++;
		if (at == l->n_field)
			continue;
		nli_look_values(l, l->field[at], !layout->n_column, &v);
		for (size_t k = 0; k < v.text.n; k++) {
			nli_label_set set;

			fit = fit && (!nli_is_integer(v.text.text[k]) ||
				      nli_label_read(&layout->labels, layout->task,
						     v.text.text[k], &set));
		}
		nli_intern_release(&v.text);
	}
	return fit;
}

/*
 * Whether a layout may be that of l; integers: and says what those mean.  Blocks
 * of lines are any text, and columns without names any table that is not as wide.
 */
static bool may_be(const struct nli_layout *layout, const struct nli_look *l,
		   bool integers)
{
	if (layout->dialect == NLI_DIALECT_BLOCKS ||
	    (layout->n_column && (l->n_field < 3 || l->n_field != layout->n_column)))
		return false;
	if (integers && !layout->labels.n_integer && layout->task != NLI_TASK_CHOICE)
		return false;
	return nli_layout_fit(layout, l, "", false) > 0 &&
	       (!integers || integers_fit(layout, l));
}

/* Profiles that have such fields. */
static void say_candidates(const struct nli_chooser *c, const struct nli_look *l,
			   bool integers, struct nli_buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < c->all.n; i++) {
		const struct nli_profile *p = c->all.v[i];
		bool fits = false;

		for (size_t k = 0; k < p->n_layout; k++)
			fits = fits || may_be(&p->layout[k], l, integers);
		if (fits)
			nli_buf_addf(out, "%s%.*s", n++ ? ", " : "", (int)p->name.len,
				     p->name.s);
	}
}

static struct nli_str own_name(const struct nli_chooser *c, const char *path)
{
	const char *base = strrchr(path, '/');
	size_t n;

	base = base ? base + 1 : path;
	n = strcspn(base, ".");
	/* A name that is only a split's says nothing of the corpus. */
	if (c->o->name || !n || *base == '-' ||
	    nli_split_of((struct nli_str){ base, n }) < NLI_N_SPLIT - 1)
		return nli_str_of(c->o->name ? c->o->name : "data");
	return (struct nli_str){ base, n };
}

/* Behind what was found, what can be done about it; some: profiles that may fit, or NULL. */
static void what_to_do(const struct nli_err *found, const char *some, bool integers,
		       bool pairs, struct nli_err *err)
{
	struct nli_buf b = { 0 };

	if (some)
		nli_buf_addf(&b,
			     "name a profile by -c (of those known, these have such "
			     "fields: %.100s)",
			     some);
	else
		nli_buf_adds(&b, "no known profile has such fields and values");
	if (integers)
		nli_buf_adds(&b, some ? ", or " : ": ");
	if (integers && pairs)
		nli_buf_adds(&b, "say it by --labels VALUE=LABEL,...");
	else if (integers)
		nli_buf_adds(&b, "write one, whose answer_is says it (nli-ingest(1))");
	nli_fail(err, NLI_EDATA, "%.300s: %.190s", found->msg, b.data);
	nli_buf_release(&b);
}

static int make_up(struct nli_chooser *c, const struct nli_look *l, const char *path,
		   const struct nli_layout **layout, struct nli_err *err)
{
	const struct nli_str name = own_name(c, path);
	struct nli_buf text = { 0 }, some = { 0 }, found = { 0 };
	struct nli_profile *p = NULL;
	char *copy = nli_xstrndup(name.s, name.len);
	int rc = nli_generic_profile(l, copy, c->o->labels, &text, err);

	free(copy);
	if (rc == NLI_EINVAL || rc == NLI_EDATA) {
		struct nli_err first = *err;

		if (rc == NLI_EINVAL || !nli_generic_fits(l))
			say_candidates(c, l, rc == NLI_EINVAL, &some);
		if (rc == NLI_EDATA && l->n_field && !nli_generic_fits(l)) {
			say_fields(l, &found);
			nli_fail(&first, NLI_EDATA, "%.150s, and %.150s", found.data,
				 err->msg);
			*err = first;
		}
		if (rc == NLI_EINVAL || some.len)
			what_to_do(&first, some.data, rc == NLI_EINVAL,
				   nli_generic_fits(l), err);
		rc = NLI_EDATA;
	}
	if (!rc)
		rc = nli_profile_parse(&p, nli_buf_str(&text), err);
	if (!rc) {
		nli_grow(&c->own, &c->own_cap, c->n_own + 1,
			 sizeof(struct nli_profile *));
		p->made_up = true;
		c->own[c->n_own++] = p;
		*layout = &p->layout[0];
	}
	nli_buf_release(&text);
	nli_buf_release(&some);
	nli_buf_release(&found);
	return rc;
}

/* A file of nothing: of the records that are not there nothing need be known. */
static int nothing(struct nli_chooser *c, const struct nli_layout **layout,
		   struct nli_buf *why, struct nli_err *err)
{
	static const char text[] =
		"{\"name\":\"data\",\"title\":\"\",\"languages\":[],\"licence\":\"\","
		"\"task\":\"nli\",\"dialect\":\"jsonl\",\"fields\":{\"premise\":"
		"\"premise\","
		"\"hypothesis\":\"hypothesis\"}}";
	int rc;

	nli_buf_adds(why, "no records in it");
	nli_grow(&c->own, &c->own_cap, c->n_own + 1, sizeof(struct nli_profile *));
	rc = nli_profile_parse(&c->own[c->n_own], nli_str_of(text), err);
	if (!rc) {
		c->own[c->n_own]->made_up = true;
		*layout = &c->own[c->n_own++]->layout[0];
	}
	return rc;
}

static int by_content(struct nli_chooser *c, const struct nli_look *l, const char *path,
		      bool member, const struct nli_layout **layout, struct nli_buf *why,
		      struct nli_err *err)
{
	int rc = c->loaded ? 0 : nli_profiles_load(&c->all, err);

	if (rc)
		return rc;
	c->loaded = true;
	if (l->nothing)
		return nothing(c, layout, why, err);
	/* Who says what labels mean says that it is no corpus that is known. */
	if (!c->o->labels)
		*layout = known(c, l, path, member, why);
	if (*layout) {
		const struct nli_str name = (*layout)->profile->name;

		nli_buf_addf(why, "%s of %.*s", nli_dialect_name(l->dialect),
			     (int)name.len, name.s);
		return 0;
	}
	rc = make_up(c, l, path, layout, err);
	/* In an archive there is always a README. */
	if (rc && member) {
		nli_buf_clear(why);
		nli_buf_addf(why, "passed over: %s", err->msg);
		return 0;
	}
	if (rc)
		return rc;
	nli_buf_addf(why, "%s, by the names of its fields%s",
		     nli_dialect_name((*layout)->dialect),
		     (*layout)->label.n || (*layout)->answer.n
			     ? ""
			     : ", of which none is called like a label");
	return 0;
}

int nli_choose(struct nli_chooser *c, const struct nli_look *l, const char *path,
	       bool member, const struct nli_layout **layout, struct nli_buf *why,
	       struct nli_err *err)
{
	const struct nli_profile *p = c->o->profile;
	int fit;

	*layout = NULL;
	if (!p)
		return by_content(c, l, path, member, layout, why, err);
	*layout = best_of(p, l, path, member, &fit);
	if (*layout || member) {
		nli_buf_adds(why, "as asked for");
		return 0;
	}
	/* An empty file holds no records of any layout. */
	if (l->nothing && p->n_layout)
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
