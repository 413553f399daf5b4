/* sections.c - the report in order, and what its sections share. */
#include "lib/show/sections.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io/version.h"
#include "lib/show/clean.h"

struct nli_str nli_sec_name(struct nli_doc *d, const struct nli_tally *t, size_t dim,
			    size_t value)
{
	return nli_doc_clean(d, nli_tally_name(t, dim, value), NLI_CLEAN_VALUE);
}

struct nli_str nli_sec_text(struct nli_doc *d, const nli_jval *v)
{
	return nli_doc_clean(d, nli_jstr(v), NLI_CLEAN_VALUE);
}

uint64_t nli_sec_labelled(const struct nli_tally *t, size_t corpus, size_t split,
			  size_t label)
{
	size_t n_corpus, n_split;
	size_t *c = nli_tally_values(t, NLI_DIM_CORPUS, &n_corpus);
	size_t *s = nli_tally_values(t, NLI_DIM_SPLIT, &n_split);
	uint64_t n = 0;

	for (size_t i = 0; i < n_corpus; i++)
		for (size_t k = 0; k < n_split; k++)
			for (size_t task = 0; task <= t->field[NLI_DIM_TASK].values.n;
			     task++)
				if ((corpus == SIZE_MAX || corpus == c[i]) &&
				    (split == SIZE_MAX || split == s[k]))
					n += nli_tally_get(t, NLI_COUNT_RECORDS, c[i],
							   s[k], label, task);
	free(c);
	free(s);
	return n;
}

size_t nli_sec_series(struct nli_str label)
{
	static const char *const known[] = { "entailment", "neutral", "contradiction",
					     "not_entailment" };

	for (size_t i = 0; i < 4; i++)
		if (nli_str_is(label, known[i]))
			return i;
	if (nli_str_is(label, "right answer"))
		return 0;
	if (nli_str_is(label, "wrong answer"))
		return 2;
	return label.len == 1 && label.s[0] >= '0' && label.s[0] <= '7'
		       ? (size_t)(label.s[0] - '0')
		       : 4;
}

bool nli_sec_before(struct nli_str a, struct nli_str b)
{
	const size_t x = nli_sec_series(a), y = nli_sec_series(b);

	return x != y ? x < y : nli_str_cmp(a, b) < 0;
}

const char *nli_sec_quoted(struct nli_doc *d, struct nli_str s)
{
	return nli_doc_fmt(d, "\xe2\x80\x9c%.*s\xe2\x80\x9d", (int)s.len, s.s).s;
}

void nli_sec_heat(struct nli_doc *d, struct nli_section *s, const char *id,
		  const char *title, const char *desc, struct nli_str *row, size_t n_row,
		  struct nli_str *column, size_t n_column, const double *count,
		  const char *axis)
{
	struct nli_chart *c = nli_doc_chart(d, s, id, NLI_CHART_HEAT, nli_str_of(title),
					    nli_str_of(desc));

	c->row = row;
	c->n_row = n_row;
	c->column = column;
	c->n_column = n_column;
	c->x.title = axis;
	for (size_t r = 0; r < n_row; r++) {
		double sum = 0;

		for (size_t k = 0; k < n_column; k++)
			sum += count[r * n_column + k];
		for (size_t k = 0; k < n_column; k++) {
			const double v = count[r * n_column + k];
			struct nli_mark *m = nli_chart_add(c);

			m->row = r;
			m->series = k;
			m->y = sum > 0 ? v / sum : 0;
			m->text = nli_str_of(v > 0 ? nli_doc_share(d, m->y) : "0");
			m->tip = nli_doc_fmt(d, "%.*s, %.*s: %s (%s of the row)",
					     (int)row[r].len, row[r].s,
					     (int)column[k].len, column[k].s,
					     nli_doc_count(d, v), nli_doc_share(d, m->y));
		}
	}
}

void nli_sec_fit_axis(struct nli_chart *c)
{
	double top = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct nli_mark *m = &c->mark[i];

		top = fmax(top, fmax(m->x, fmax(isfinite(m->hi) ? m->hi : 0,
						isfinite(m->ref) ? m->ref : 0)));
	}
	c->x.hi = fmin(1, ceil((top + 0.02) * 10) / 10);
}

/* "indonli", "indonli and inferes", "5 corpora". */
static void title_page(struct nli_dossier *a, struct nli_doc *d)
{
	size_t n, n_lang;
	size_t *corpus = nli_tally_values(a->tally, NLI_DIM_CORPUS, &n);
	size_t *lang = nli_tally_values(a->tally, NLI_DIM_LANG, &n_lang);

	if (a->title)
		d->title = nli_doc_clean(d, nli_str_of(a->title), NLI_CLEAN_VALUE);
	else if (n == 2)
		d->title = nli_sec_name(d, a->tally, NLI_DIM_CORPUS, corpus[0]);
	else if (n > 2)
		d->title = nli_doc_fmt(d, "%zu corpora", n - 1);
	else
		d->title = NLI_STR("Audit");
	if (a->tally->n)
		d->subtitle = nli_doc_fmt(
			d, "%s records in %zu %s", nli_doc_count(d, (double)a->tally->n),
			n_lang - 1, n_lang == 2 ? "language" : "languages");
	else
		d->subtitle = nli_doc_fmt(d, "from %zu %s", a->n_given,
					  a->n_given == 1 ? "summary" : "summaries");
	free(corpus);
	free(lang);
}

void nli_dossier_report(struct nli_dossier *a, struct nli_doc *d)
{
	static nli_section_fn *const section[] = {
		nli_sec_partial,    nli_sec_strata,      nli_sec_learning,
		nli_sec_trust,      nli_sec_cues,        nli_sec_lengths,
		nli_sec_examples,   nli_sec_leaks,       nli_sec_twins,
		nli_sec_annotators, nli_sec_adversarial, nli_sec_filter,
		nli_sec_repair,     nli_sec_models,      nli_sec_rl,
		nli_sec_corpus,     nli_sec_provenance,  nli_sec_glossary,
	};

	d->version = nli_str_of(NLI_VERSION);
	title_page(a, d);
	nli_dossier_cards(a);
	for (size_t i = 0; i < sizeof(section) / sizeof(*section); i++)
		section[i](a, d);
	nli_sec_planted(a, d);
	nli_doc_sort_findings(d);
}
