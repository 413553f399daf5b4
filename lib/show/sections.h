/* sections.h - the sections of the report, each only where there is data; not for others. */
#ifndef NLI_SHOW_SECTIONS_H
#define NLI_SHOW_SECTIONS_H

#include "lib/show/dossier.h"

/* Adds its section, findings, figures and values to d, or nothing. */
typedef void nli_section_fn(struct nli_dossier *a, struct nli_doc *d);

nli_section_fn nli_sec_planted, nli_sec_partial, nli_sec_learning, nli_sec_strata,
	nli_sec_cues, nli_sec_trust, nli_sec_examples, nli_sec_lengths, nli_sec_leaks,
	nli_sec_twins, nli_sec_annotators, nli_sec_adversarial, nli_sec_filter,
	nli_sec_repair, nli_sec_models, nli_sec_rl, nli_sec_corpus, nli_sec_provenance,
	nli_sec_glossary;

/* The audits that nli-hyponly --by ran inside each stratum, into that section. */
void nli_sec_inside(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s);

/*
 * The gain before the filter and on what it keeps, as values, and in a sentence; "" if
 * that is not known.
 */
struct nli_str nli_sec_after_filter(struct nli_dossier *a, struct nli_doc *d);

/* End the axis of bars, which are shares, at the tenth after the longest. */
void nli_sec_fit_axis(struct nli_chart *c);

/* Clean text of a value of a dimension, in the document. */
struct nli_str nli_sec_name(struct nli_doc *d, const struct nli_tally *t, size_t dim,
			    size_t value);

/* Clean text of JSON: a string, or a number as it is written; empty otherwise. */
struct nli_str nli_sec_text(struct nli_doc *d, const nli_jval *v);

/* Records by label (of a corpus and split, or SIZE_MAX for all). */
uint64_t nli_sec_labelled(const struct nli_tally *t, size_t corpus, size_t split,
			  size_t label);

/* "entailment" as series 0, "neutral" 1...: the same colour everywhere. */
size_t nli_sec_series(struct nli_str label);

/* Whether a label stands before another where both are shown. */
bool nli_sec_before(struct nli_str a, struct nli_str b);

/* A word in a sentence: in quotation marks of its own. */
const char *nli_sec_quoted(struct nli_doc *d, struct nli_str s);

/* Append a record to a list of examples, its cues not marked. */
void nli_sec_example(struct nli_doc *d, struct nli_examples *to, struct nli_json *j,
		     struct nli_str line);

/* A heat map of counts with its rows in shares: cells are count [row * n_column + column]. */
void nli_sec_heat(struct nli_doc *d, struct nli_section *s, const char *id,
		  const char *title, const char *desc, struct nli_str *row, size_t n_row,
		  struct nli_str *column, size_t n_column, const double *count,
		  const char *axis);

#endif
