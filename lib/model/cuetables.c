/* cuetables.c - the tables of the whole corpus: lengths, containment, tags, strata, annotators. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/io/json.h"
#include "lib/model/cueresult.h"

enum { MAX_WORDS = UINT16_MAX };

static struct nli_jw begin(struct nli_buf *out, const char *kind)
{
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "kind");
	nli_jw_cstr(&w, kind);
	return w;
}

static void end(struct nli_jw *w)
{
	nli_jw_close(w, '}');
	nli_buf_addc(w->b, '\n');
}

static void put_text(struct nli_jw *w, const char *key, struct nli_str v)
{
	nli_jw_key(w, key);
	nli_jw_str(w, v);
}

static void put_chisq(struct nli_jw *w, const struct nli_chisq *c)
{
	cue_put_real(w, "chi2", c->chi2);
	cue_put_real(w, "df", c->df);
	cue_put_real(w, "p_value", c->p);
	cue_put_real(w, "cramer_v", c->cramer_v);
}

/* The smallest value below or at which a share q of the counts lies. */
static size_t hist_quantile(const uint64_t *h, double n, double q)
{
	double sum = 0;

	for (size_t v = 0; v <= MAX_WORDS; v++)
		if ((sum += (double)h[v]) >= q * n)
			return v;
	return MAX_WORDS;
}

static void put_moments(struct nli_jw *w, const uint64_t *h, double n)
{
	double mean = 0, var = 0;

	for (size_t v = 0; v <= MAX_WORDS; v++)
		mean += (double)v * (double)h[v] / n;
	for (size_t v = 0; v <= MAX_WORDS; v++)
		var += ((double)v - mean) * ((double)v - mean) * (double)h[v];
	cue_put_real(w, "mean", mean);
	cue_put_real(w, "sd", n > 1 ? sqrt(var / (n - 1)) : 0);
	cue_put_count(w, "q10", hist_quantile(h, n, .1));
	cue_put_count(w, "median", hist_quantile(h, n, .5));
	cue_put_count(w, "q90", hist_quantile(h, n, .9));
}

/* Words a text by label, and the label against all others by ranks. */
static int length_rows(const struct nli_cues_result *r, struct nli_buf *out,
		       struct nli_err *err)
{
	const size_t step = MAX_WORDS + 1;
	uint64_t *h = nli_xcalloc((r->n_label + 1) * step, sizeof(*h));
	uint64_t *rest = h + r->n_label * step;
	int rc = 0;

	for (size_t i = 0; i < r->c->n_item; i++)
		h[(size_t)r->active[r->c->item[i].label] * step + r->c->item[i].words]++;
	for (size_t y = 0; y < r->n_label && !rc; y++) {
		struct nli_jw w = begin(out, "length");
		struct nli_rank_test t;

		memset(rest, 0, step * sizeof(*rest));
		for (size_t l = 0; l < r->n_label; l++)
			for (size_t v = 0; v < step && l != y; v++)
				rest[v] += h[l * step + v];
		rc = nli_rank_test_counts(h + y * step, rest, step, &t, err);
		put_text(&w, "label", r->label[y]);
		cue_put_count(&w, "n", r->n_y[y]);
		put_moments(&w, h + y * step, (double)r->n_y[y]);
		cue_put_real(&w, "superior", t.superior);
		cue_put_real(&w, "delta", t.delta);
		cue_put_real(&w, "delta_lo", fmax(-1, t.delta - 1.959964 * t.delta_se));
		cue_put_real(&w, "delta_hi", fmin(1, t.delta + 1.959964 * t.delta_se));
		cue_put_real(&w, "z", t.z);
		cue_put_real(&w, "p_value", t.p);
		end(&w);
	}
	free(h);
	return rc;
}

/* Texts of a label whose words are all in the premise, and the mean share of those that are. */
static void containment_rows(const struct nli_cues_result *r, struct nli_buf *out)
{
	uint64_t n[NLI_CUES_MAX_LABEL] = { 0 }, all[NLI_CUES_MAX_LABEL] = { 0 };
	uint64_t table[2 * NLI_CUES_MAX_LABEL], words[NLI_CUES_MAX_LABEL] = { 0 },
						shared[NLI_CUES_MAX_LABEL] = { 0 };
	struct nli_chisq c;
	struct nli_jw w;
	struct nli_err err;

	for (size_t i = 0; i < r->c->n_item; i++) {
		const struct cue_item *it = &r->c->item[i];
		const int y = r->active[it->label];

		if (!(it->bits & 1u << CUE_PREMISE) || !it->words)
			continue;
		n[y]++;
		all[y] += it->shared == it->words;
		words[y] += it->words;
		shared[y] += it->shared;
	}
	for (size_t y = 0; y < r->n_label; y++) {
		const struct nli_interval ci = nli_wilson(all[y], n[y], .95);

		table[2 * y] = all[y];
		table[2 * y + 1] = n[y] - all[y];
		if (!n[y])
			continue;
		w = begin(out, "containment");
		put_text(&w, "label", r->label[y]);
		cue_put_count(&w, "n", n[y]);
		cue_put_count(&w, "contained", all[y]);
		cue_put_real(&w, "share", (double)all[y] / (double)n[y]);
		cue_put_real(&w, "lo", ci.lo);
		cue_put_real(&w, "hi", ci.hi);
		cue_put_real(&w, "overlap", (double)shared[y] / (double)words[y]);
		end(&w);
	}
	if (nli_chisq_test(table, r->n_label, 2, &c, &err))
		return; /* none, or all, are contained: there is nothing to compare */
	w = begin(out, "containment");
	put_text(&w, "label", (struct nli_str){ NULL, 0 });
	cue_put_count(&w, "n", c.n);
	put_chisq(&w, &c);
	end(&w);
}

static void put_label_counts(struct nli_jw *w, const struct nli_cues_result *r,
			     const uint64_t *count)
{
	nli_jw_key(w, "labels");
	nli_jw_open(w, '{');
	for (size_t y = 0; y < r->n_label; y++) {
		nli_jw_keyn(w, r->label[y]);
		nli_jw_u64(w, count[y]);
	}
	nli_jw_close(w, '}');
	cue_put_real(w, "entropy", nli_entropy(count, r->n_label));
}

/* Rows from to to of sorted names as one table of association with the label. */
static void association_row(const struct nli_cues_result *r, const struct cue_name *v,
			    size_t from, size_t to, const uint64_t *count,
			    const char *kind, struct nli_str field, struct nli_buf *out)
{
	uint64_t *t = nli_xmalloc((to - from) * r->n_label, sizeof(*t));
	struct nli_chisq c;
	struct nli_err err;

	for (size_t i = from; i < to; i++)
		memcpy(t + (i - from) * r->n_label, count + v[i].id * r->n_label,
		       r->n_label * sizeof(*t));
	if (!nli_chisq_test(t, to - from, r->n_label, &c, &err)) {
		struct nli_jw w = begin(out, kind);

		put_text(&w, "field", field);
		cue_put_count(&w, "values", to - from);
		cue_put_count(&w, "n", c.n);
		put_chisq(&w, &c);
		end(&w);
	}
	free(t);
}

static void value_row(const struct nli_cues_result *r, const char *kind,
		      struct nli_str field, struct nli_str value, const uint64_t *count,
		      struct nli_buf *out)
{
	struct nli_jw w = begin(out, kind);
	uint64_t n = 0;

	for (size_t y = 0; y < r->n_label; y++)
		n += count[y];
	put_text(&w, "field", field);
	put_text(&w, "value", value);
	cue_put_count(&w, "n", n);
	put_label_counts(&w, r, count);
	end(&w);
}

/* Tag by label.  A text with several tags counts in each of their rows. */
static void tag_rows(const struct nli_cues_result *r, struct nli_buf *out)
{
	const struct nli_intern *t = &r->c->table[CUE_TAG];
	uint64_t *count = nli_xcalloc(t->n * r->n_label, sizeof(*count));
	struct cue_name *v = cue_names(t);
	size_t at = 0, from = 0;

	for (size_t i = 0; i < r->c->n_item; i++)
		for (size_t k = 0; k < r->c->item[i].n_tag; k++)
			count[r->c->tag[at++] * r->n_label +
			      (size_t)r->active[r->c->item[i].label]]++;
	for (size_t i = 0; i < t->n; i++) {
		const char *tab = memchr(v[i].text.s, '\t', v[i].text.len);
		const struct nli_str field = { v[i].text.s, (size_t)(tab - v[i].text.s) };
		const struct nli_str value = { tab + 1, v[i].text.len - field.len - 1 };
		const bool last = i + 1 == t->n || v[i + 1].text.len <= field.len ||
				  memcmp(v[i + 1].text.s, v[i].text.s, field.len + 1);

		value_row(r, "tag", field, value, count + v[i].id * r->n_label, out);
		if (last) {
			association_row(r, v, from, i + 1, count, "tags", field, out);
			from = i + 1;
		}
	}
	free(count);
	free(v);
}

static void stratum_rows(const struct nli_cues_result *r, struct nli_buf *out)
{
	const struct nli_intern *t = &r->c->table[CUE_STRATUM];
	uint64_t *count = nli_xcalloc(t->n * r->n_label, sizeof(*count));
	const struct nli_str by = nli_str_of(r->c->in.by);
	struct cue_name *v = cue_names(t);

	for (size_t i = 0; i < r->c->n_item; i++)
		if (r->c->item[i].stratum)
			count[(r->c->item[i].stratum - 1) * r->n_label +
			      (size_t)r->active[r->c->item[i].label]]++;
	for (size_t i = 0; i < t->n; i++)
		value_row(r, "stratum", by, v[i].text, count + v[i].id * r->n_label, out);
	association_row(r, v, 0, t->n, count, "strata", by, out);
	free(count);
	free(v);
}

/* One annotator's labels against those of all others. */
static bool against_others(const uint64_t *mine, const uint64_t *all, size_t n_label,
			   struct nli_chisq *c)
{
	uint64_t t[2 * NLI_CUES_MAX_LABEL];
	struct nli_err err;

	for (size_t y = 0; y < n_label; y++) {
		t[y] = mine[y];
		t[n_label + y] = all[y] - mine[y];
	}
	return !nli_chisq_test(t, 2, n_label, c, &err);
}

static void annotator_row(const struct nli_cues_result *r, const struct cue_name *v,
			  const uint64_t *count, const uint64_t *all, double q,
			  struct nli_buf *out)
{
	struct nli_jw w = begin(out, "annotator");
	struct nli_chisq c;
	uint64_t n = 0;

	for (size_t y = 0; y < r->n_label; y++)
		n += count[y];
	put_text(&w, "worker", v->text);
	cue_put_count(&w, "n", n);
	put_label_counts(&w, r, count);
	if (against_others(count, all, r->n_label, &c)) {
		put_chisq(&w, &c);
		cue_put_real(&w, "q_bh", q);
	}
	end(&w);
}

/* (workers, labels) from the map of votes; labels that no item has are left out. */
static uint64_t *votes(const struct nli_cues_result *r, uint64_t *all)
{
	const struct nli_map64 *m = &r->c->vote;
	uint64_t *count =
		nli_xcalloc(r->c->table[CUE_WORKER].n * r->n_label, sizeof(*count));

	for (size_t i = 0; i < m->cap; i++) {
		const int y =
			m->slot[i].used ? r->active[m->slot[i].key & UINT32_MAX] : -1;

		if (y < 0)
			continue;
		count[(m->slot[i].key >> 32) * r->n_label + (size_t)y] +=
			m->slot[i].value;
		all[y] += m->slot[i].value;
	}
	return count;
}

static void annotator_rows(const struct nli_cues_result *r, struct nli_buf *out)
{
	const struct nli_intern *t = &r->c->table[CUE_WORKER];
	uint64_t all[NLI_CUES_MAX_LABEL] = { 0 };
	uint64_t *count = votes(r, all);
	struct cue_name *v = cue_names(t);
	double *p = nli_xmalloc(t->n, sizeof(*p));
	struct nli_chisq c;

	association_row(
		r, v, 0, t->n, count, "annotators",
		nli_str_of(r->c->in.annotator ? r->c->in.annotator : "annotations"), out);
	for (size_t i = 0; i < t->n; i++)
		p[i] = against_others(count + v[i].id * r->n_label, all, r->n_label, &c)
			       ? c.p
			       : 1;
	nli_p_adjust(NLI_BENJAMINI_HOCHBERG, p, t->n, t->n, p);
	for (size_t i = 0; i < t->n; i++)
		annotator_row(r, &v[i], count + v[i].id * r->n_label, all, p[i], out);
	free(count);
	free(v);
	free(p);
}

/* Which languages there are, and whether their words were sorted into families. */
static void language_rows(const struct nli_cues_result *r, struct nli_buf *out)
{
	const struct nli_intern *t = &r->c->table[CUE_LANG];
	struct cue_name *v = cue_names(t);

	for (size_t i = 0; i < t->n; i++) {
		const uint64_t *with = nli_map64_get(&r->c->lang, v[i].id << 1 | 1);
		const uint64_t *without = nli_map64_get(&r->c->lang, v[i].id << 1);
		struct nli_jw w = begin(out, "language");

		put_text(&w, "lang", v[i].text);
		cue_put_count(&w, "n", (with ? *with : 0) + (without ? *without : 0));
		nli_jw_key(&w, "pack");
		nli_jw_bool(&w, with != NULL);
		end(&w);
	}
	free(v);
}

int cue_tables(const struct nli_cues_result *r, struct nli_buf *out, struct nli_err *err)
{
	const int rc = length_rows(r, out, err);

	if (rc)
		return rc;
	containment_rows(r, out);
	tag_rows(r, out);
	if (r->strata)
		stratum_rows(r, out);
	if (r->c->table[CUE_WORKER].n)
		annotator_rows(r, out);
	language_rows(r, out);
	return 0;
}
