/* dedup_pairs.c - nli-dedup --pairs: what the clusters were made of. */
#include <limits.h>
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/io/out.h"
#include "lib/model/dedup_run.h"

/* A record of the input beside the one that stands for its item. */
struct twin {
	const struct nli_dedup *d;
	struct nli_hash128 name;
	uint32_t record, best;
};

static int by_twin(const void *a, const void *b)
{
	const struct twin *x = a, *y = b;
	const int c = nli_hash128_cmp(x->name, y->name);

	if (c)
		return c;
	return nli_str_cmp(nli_dedup_id(x->d, x->record), nli_dedup_id(y->d, y->record));
}

/* A near pair, the item of the lower name first. */
struct found {
	struct nli_hash128 name[2];
	uint32_t item[2];
	float similarity;
};

static int by_names(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	const int c = nli_hash128_cmp(x->name[0], y->name[0]);

	return c ? c : nli_hash128_cmp(x->name[1], y->name[1]);
}

/* Where the lines go, a piece at a time. */
struct putting {
	const struct nli_dedup *d;
	struct nli_out *out;
	struct nli_buf line;
};

static int put_pair(struct putting *p, enum nli_by by, const uint32_t record[2],
		    const char *kind, double similarity, unsigned edits,
		    struct nli_err *err)
{
	struct nli_jw w = { .b = &p->line };
	int rc = 0;

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "a");
	nli_jw_str(&w, nli_dedup_id(p->d, record[0]));
	nli_jw_key(&w, "b");
	nli_jw_str(&w, nli_dedup_id(p->d, record[1]));
	nli_jw_key(&w, "by");
	nli_jw_cstr(&w, nli_by_name(by));
	nli_jw_key(&w, "kind");
	nli_jw_cstr(&w, kind);
	nli_jw_key(&w, "sim");
	nli_jw_real(&w, similarity);
	if (edits <= (unsigned)p->d->opts->edits) {
		nli_jw_key(&w, "edits");
		nli_jw_u64(&w, edits);
	}
	nli_jw_close(&w, '}');
	nli_buf_addc(&p->line, '\n');
	if (p->line.len > 1 << 16) {
		rc = nli_out_write(p->out, p->line.data, p->line.len, err);
		nli_buf_clear(&p->line);
	}
	return rc;
}

static int put_equal(struct putting *p, enum nli_by by, struct nli_err *err)
{
	const struct nli_dedup *d = p->d;
	const struct nli_items *s = &d->items[by];
	struct twin *twin = NULL;
	size_t n = 0, cap = 0;
	int rc = 0;

	for (uint32_t r = 0; r < d->n_own; r++) {
		const uint32_t i = d->record[r].of[by];

		if (i == NLI_NO_ITEM || s->copies[i].best == r)
			continue;
		nli_grow(&twin, &cap, n + 1, sizeof(*twin));
		twin[n++] = (struct twin){ d, s->set.hash[i], r, s->copies[i].best };
	}
	if (n)
		qsort(twin, n, sizeof(*twin), by_twin);
	for (size_t k = 0; k < n && !rc; k++)
		rc = put_pair(p, by, (uint32_t[]){ twin[k].best, twin[k].record },
			      "exact", 1, UINT_MAX, err);
	free(twin);
	return rc;
}

static uint32_t shown(const struct nli_copies *c)
{
	return c->count ? c->best : c->side;
}

static int put_near(struct putting *p, enum nli_by by, struct nli_err *err)
{
	const struct nli_dedup *d = p->d;
	const struct nli_items *s = &d->items[by];
	const unsigned max = (unsigned)d->opts->edits;
	struct found *f = nli_xmalloc(d->n_pair, sizeof(*f));
	size_t n = 0;
	int rc = 0;

	for (size_t k = 0; k < d->n_pair; k++) {
		const struct nli_dedup_pair *q = &d->pair[k];
		const struct nli_hash128 *h = s->set.hash;
		uint32_t i, j;

		if (q->by != by)
			continue;
		i = nli_hash128_cmp(h[q->i], h[q->j]) < 0 ? q->i : q->j;
		j = i == q->i ? q->j : q->i;
		f[n++] = (struct found){ { h[i], h[j] }, { i, j }, q->similarity };
	}
	if (n)
		qsort(f, n, sizeof(*f), by_names);
	for (size_t k = 0; k < n && !rc; k++) {
		const struct nli_item *x = &s->item[f[k].item[0]],
				      *y = &s->item[f[k].item[1]];

		/* A pair is found in as many bands as it shares. */
		if (k && !by_names(&f[k - 1], &f[k]))
			continue;
		rc = put_pair(p, by,
			      (uint32_t[]){ shown(&s->copies[f[k].item[0]]),
					    shown(&s->copies[f[k].item[1]]) },
			      nli_dedup_is_alike(d, f[k].similarity) ? "near" : "edit",
			      (double)f[k].similarity,
			      max ? nli_dedup_edits(d, x, y, max) : UINT_MAX, err);
	}
	free(f);
	return rc;
}

int nli_dedup_put_pairs(const struct nli_dedup *d, struct nli_out *out,
			struct nli_err *err)
{
	struct putting p = { .d = d, .out = out };
	int rc = 0;

	for (size_t k = 0; k < d->opts->n_by && !rc; k++) {
		rc = put_equal(&p, d->opts->by[k], err);
		if (!rc && d->n_pair)
			rc = put_near(&p, d->opts->by[k], err);
	}
	if (!rc)
		rc = nli_out_write(out, p.line.data, p.line.len, err);
	nli_buf_release(&p.line);
	return rc;
}
