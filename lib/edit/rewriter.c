/* rewriter.c - see rewriter.h. */
#include "lib/edit/rewriter.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/mem.h"
#include "lib/text/langpack.h"
#include "lib/text/packtree.h"

struct entry {
	char tag[9];
	struct nli_rewriter *rewriter; /* NULL: there is no pack */
	struct nli_err err;            /* of a pack that is not right: said each time */
};

struct nli_rewriters {
	char *dir;
	pthread_mutex_t lock;
	struct entry **entry; /* each stays where it is */
	size_t n, cap;
};

int nli_rewriter_load(struct nli_rewriter **out, const char *path, const char *rng,
		      struct nli_err *err)
{
	struct nli_rewriter *r = nli_xcalloc(1, sizeof(*r));
	const int rc = nli_rewrites_load(&r->pack, path, rng, err);

	*out = NULL;
	if (rc) {
		free(r);
		return rc;
	}
	r->rules = nli_rules_new(r->pack);
	r->lexicon = nli_lexicon_new(r->pack);
	*out = r;
	return 0;
}

void nli_rewriter_free(struct nli_rewriter *r)
{
	if (!r)
		return;
	nli_rules_free(r->rules);
	nli_lexicon_free(r->lexicon);
	nli_rewrites_free(r->pack);
	free(r);
}

struct nli_rewriters *nli_rewriters_new(const char *dir)
{
	struct nli_rewriters *w = nli_xcalloc(1, sizeof(*w));

	nli_packtree_init();
	w->dir = nli_xstrdup(dir);
	pthread_mutex_init(&w->lock, NULL);
	return w;
}

void nli_rewriters_free(struct nli_rewriters *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->n; i++) {
		nli_rewriter_free(w->entry[i]->rewriter);
		free(w->entry[i]);
	}
	pthread_mutex_destroy(&w->lock);
	free(w->entry);
	free(w->dir);
	free(w);
}

static void load(const struct nli_rewriters *w, struct entry *e)
{
	struct nli_buf path = { 0 }, rng = { 0 };

	nli_buf_addf(&path, "%s/%s.xml", w->dir, e->tag);
	nli_buf_addf(&rng, "%s/langpack.rng", w->dir);
	if (!access(path.data, F_OK))
		nli_rewriter_load(&e->rewriter, path.data, rng.data, &e->err);
	else if (errno != ENOENT)
		nli_fail_errno(&e->err, "%s", path.data);
	nli_buf_release(&path);
	nli_buf_release(&rng);
}

static const struct entry *get_locked(struct nli_rewriters *w, const char *tag)
{
	struct entry *e;

	for (size_t i = 0; i < w->n; i++)
		if (!strcmp(w->entry[i]->tag, tag))
			return w->entry[i];
	e = nli_xcalloc(1, sizeof(*e));
	memcpy(e->tag, tag, strlen(tag) + 1);
	load(w, e);
	nli_grow(&w->entry, &w->cap, w->n + 1, sizeof(*w->entry));
	w->entry[w->n++] = e;
	return e;
}

int nli_rewriters_get(struct nli_rewriters *w, struct nli_str tag,
		      const struct nli_rewriter **r, struct nli_err *err)
{
	const struct entry *e;
	char name[9];

	*r = NULL;
	if (!nli_lang_primary(tag, name))
		return 0;
	pthread_mutex_lock(&w->lock);
	e = get_locked(w, name);
	pthread_mutex_unlock(&w->lock);
	*r = e->rewriter;
	return e->err.code ? nli_fail(err, NLI_ESTOP, "%s", e->err.msg) : 0;
}
