/*
 * doc.h - a report before it has a format: findings, sections, tables, charts,
 * examples and metrics.  Terminal, Markdown, HTML and JSON are four readings of
 * it, so a number cannot differ between them.
 *
 * Everything lives in the document's arena until nli_doc_release().  Texts that
 * come from a corpus or a file enter through nli_doc_clean(); from there on all
 * texts are clean and need only the escaping of their format.
 */
#ifndef NLI_SHOW_DOC_H
#define NLI_SHOW_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/show/chart.h"

enum nli_cell_kind {
	NLI_CELL_NONE, /* nothing is known */
	NLI_CELL_TEXT,
	NLI_CELL_COUNT,
	NLI_CELL_SHARE,
	NLI_CELL_REAL,
	NLI_CELL_P, /* a probability under a null hypothesis */
};

struct nli_cell {
	enum nli_cell_kind kind;
	struct nli_str text;
	double v, lo, hi; /* lo and hi only if ranged */
	bool ranged;
};

struct nli_column {
	const char *id, *title;
	const char *help; /* or NULL */
	enum nli_cell_kind kind;
	bool corpus; /* texts of the corpus: their own direction */
};

struct nli_table {
	const char *id, *title, *note; /* note may be NULL */
	struct nli_column *column;
	size_t n_column, column_cap;
	struct nli_cell *cell; /* (n / n_column, n_column) */
	size_t n, cap;
	size_t brief; /* rows in the terminal; 0: not shown there */
	bool folded;  /* HTML: closed until it is opened */
};

/* A stretch of a text that matters, in bytes. */
struct nli_span {
	size_t off, len;
	const char *kind; /* "cue", "del", "ins" */
};

enum { NLI_PART_SPANS = 24 };

struct nli_part {
	const char *name; /* "premise"... */
	struct nli_str text;
	struct nli_span span[NLI_PART_SPANS];
	size_t n_span;
	bool right; /* of choices: the right one */
};

struct nli_example {
	struct nli_str id, lang, label, note;
	struct nli_part *part;
	size_t n_part, cap;
};

struct nli_examples {
	const char *title, *note;
	struct nli_example *example;
	size_t n, cap;
};

enum nli_block_kind {
	NLI_BLOCK_TEXT,
	NLI_BLOCK_TABLE,
	NLI_BLOCK_CHART,
	NLI_BLOCK_EXAMPLES
};

struct nli_block {
	enum nli_block_kind kind;
	struct nli_str text;
	struct nli_table *table;
	struct nli_chart *chart;
	struct nli_examples *side[2]; /* beside each other */
	size_t n_side;
};

struct nli_section {
	const char *id, *title;
	struct nli_str lead; /* the section in a sentence */
	struct nli_block *block;
	size_t n, cap;
};

enum nli_level { NLI_GOOD, NLI_INFO, NLI_WARN, NLI_BAD };

struct nli_finding {
	enum nli_level level;
	const char *section; /* id of the section with the evidence */
	struct nli_str headline, evidence;
};

/* A large figure at the top. */
struct nli_figure {
	const char *label;
	struct nli_str value, detail;
};

/* The value of a metric (gate.h): absent ones have no entry. */
struct nli_value {
	const char *name;
	double v, lo, hi; /* lo = hi = NAN: no interval */
	double n;         /* what it rests on; NAN: not said */
};

struct nli_doc {
	struct nli_str title, subtitle, version;
	const char *chart_dir; /* where Markdown finds the charts, or NULL */
	struct nli_finding *finding;
	size_t n_finding, finding_cap;
	struct nli_figure *figure;
	size_t n_figure, figure_cap;
	struct nli_section **section;
	size_t n_section, section_cap;
	struct nli_value *value;
	size_t n_value, value_cap;
	struct nli_arena arena;
	struct nli_buf tmp;
};

void nli_doc_release(struct nli_doc *d);

/* Copies into the arena. */
struct nli_str nli_doc_str(struct nli_doc *d, struct nli_str s);
struct nli_str nli_doc_clean(struct nli_doc *d, struct nli_str s, size_t max);
struct nli_str nli_doc_fmt(struct nli_doc *d, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* "61.2%", "1,234", "0.0123": in the arena, for sentences. */
const char *nli_doc_share(struct nli_doc *d, double v);
const char *nli_doc_points(struct nli_doc *d,
			   double v); /* "12.3 points": a difference of shares */
const char *nli_doc_span(struct nli_doc *d, double lo,
			 double hi); /* "9.1 to 12.3", of points */
const char *nli_doc_count(struct nli_doc *d, double n);
/* "1 premise", "1,234 premises" */
const char *nli_doc_counted(struct nli_doc *d, double n, const char *one,
			    const char *many);
const char *nli_doc_real(struct nli_doc *d, double v);
const char *nli_doc_p(struct nli_doc *d, double p); /* "= 0.012" or "<1e-12" */
const char *nli_doc_interval(struct nli_doc *d, double lo,
			     double hi); /* "59.0% to 62.1%" */

struct nli_section *nli_doc_section(struct nli_doc *d, const char *id, const char *title);
void nli_doc_text(struct nli_doc *d, struct nli_section *s, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
struct nli_table *nli_doc_table(struct nli_doc *d, struct nli_section *s, const char *id,
				const char *title);
struct nli_chart *nli_doc_chart(struct nli_doc *d, struct nli_section *s, const char *id,
				enum nli_chart_kind kind, struct nli_str title,
				struct nli_str desc);
/* n examples lists beside each other, 1 or 2. */
void nli_doc_examples(struct nli_section *s, struct nli_examples *a,
		      struct nli_examples *b);
struct nli_examples *nli_doc_examples_new(struct nli_doc *d, const char *title,
					  const char *note);
struct nli_example *nli_examples_add(struct nli_examples *e);
struct nli_part *nli_example_part(struct nli_example *e, const char *name,
				  struct nli_str text);

void nli_doc_finding(struct nli_doc *d, enum nli_level level, const char *section,
		     struct nli_str headline, struct nli_str evidence);
/* Put the findings in order: what is bad first, equal ones as they are. */
void nli_doc_sort_findings(struct nli_doc *d);

/* Make the section that was added last the one at that place. */
void nli_doc_move_last(struct nli_doc *d, size_t place);
void nli_doc_figure(struct nli_doc *d, const char *label, struct nli_str value,
		    struct nli_str detail);
void nli_doc_value(struct nli_doc *d, const char *name, double v, double lo, double hi,
		   double n);
/* Or NULL.  Valid until the next nli_doc_value(). */
const struct nli_value *nli_doc_find(const struct nli_doc *d, const char *name);

/* Columns first, then cells row by row. */
void nli_table_column(struct nli_table *t, const char *id, const char *title,
		      enum nli_cell_kind kind, const char *help);
void nli_table_text(struct nli_table *t, struct nli_str s);
void nli_table_cstr(struct nli_table *t, const char *s);
void nli_table_number(struct nli_table *t, double v); /* NAN: nothing */
void nli_table_range(struct nli_table *t, double v, double lo, double hi);
static inline size_t nli_table_rows(const struct nli_table *t)
{
	return t->n_column ? t->n / t->n_column : 0;
}

/* Append what a cell says, without its interval unless full. */
void nli_cell_show(const struct nli_cell *c, bool full, struct nli_buf *out);

/* The four readings. */
void nli_doc_terminal(const struct nli_doc *d, size_t width, bool colour,
		      struct nli_buf *out);
void nli_doc_markdown(const struct nli_doc *d, struct nli_buf *out);
void nli_doc_markdown_table(const struct nli_table *t, struct nli_buf *out);
void nli_doc_html(const struct nli_doc *d, struct nli_buf *out);
void nli_doc_json(const struct nli_doc *d, struct nli_buf *out);

#endif
