/*
 * chart.h - bars with intervals, histograms, scatter plots, heat maps and lines,
 * as data; drawn as SVG or written as a Vega-Lite specification.
 *
 * Colours are classes (s0, s1...) that the page's style or the drawing's own
 * fills in, so that light and dark work; every series also has a shape, a dash
 * or a place of its own, and every mark says its value in a title.
 *
 * Texts are clean (clean.h) and borrowed, as are arrays.
 */
#ifndef NLI_SHOW_CHART_H
#define NLI_SHOW_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/show/markup.h"

enum nli_chart_kind {
	NLI_CHART_BARS,  /* row: a value with interval, a reference, a second value */
	NLI_CHART_RIDGE, /* row: a histogram; all rows share the horizontal axis */
	NLI_CHART_PLOT,  /* dots at x, y, with curves */
	NLI_CHART_HEAT,  /* cells of row and column */
	NLI_CHART_LINES, /* series of points joined by lines */
};

struct nli_axis {
	const char *title;
	double lo, hi; /* lo < hi; log: 0 < lo */
	bool log;
	bool share; /* ticks in per cent */
};

/* What a mark is depends on the kind; NAN is "not there". */
struct nli_mark {
	size_t row;    /* BARS, RIDGE, HEAT: which row */
	size_t series; /* PLOT, LINES: which series; HEAT: which column */
	double x, y; /* BARS: x is the value; RIDGE: x the bin's left edge, y its height;
			  HEAT: y the value that is coloured, in [0,1] */
	double lo, hi;       /* interval of the value, or NAN */
	double ref;          /* BARS: a tick to compare with, or NAN */
	struct nli_str text; /* HEAT: what the cell says; PLOT: the name of the dot */
	struct nli_str tip;  /* said on hover and to those who listen; may be empty */
	bool named;          /* PLOT: write text beside the dot */
	bool hollow;         /* BARS: a published figure; PLOT: not significant */
};

struct nli_curve {
	const char *name;
	const double *x, *y; /* (n,) */
	size_t n;
};

enum { NLI_CHART_SERIES = 8, NLI_CHART_CURVES = 4 };

struct nli_chart {
	const char *id;
	struct nli_str title,
		desc; /* desc: what a person who cannot see it should know */
	enum nli_chart_kind kind;
	struct nli_axis x, y;
	struct nli_str *row; /* (n_row,) names */
	size_t n_row;
	struct nli_str series[NLI_CHART_SERIES];
	size_t n_series;
	struct nli_str *column; /* (n_column,) HEAT */
	size_t n_column;
	double bin; /* RIDGE: width of a bin */
	const char *ref_name, *hollow_name;
	struct nli_mark *mark;
	size_t n, cap;
	struct nli_curve curve[NLI_CHART_CURVES];
	size_t n_curve;
};

struct nli_mark *nli_chart_add(struct nli_chart *c); /* a mark of NANs and zeros */
void nli_chart_release(struct nli_chart *c);         /* what _add() took */

/*
 * Draw into x as one <svg> element width units wide.  own_style: with the
 * colours inside, for a file of its own.  The id of the element is
 * "chart-ID-WIDTH".
 */
void nli_chart_svg(const struct nli_chart *c, int width, bool own_style,
		   struct nli_markup *x);

/* The style rules that nli_chart_svg() leaves to the page unless own_style. */
const char *nli_chart_css(void);

/* Append a Vega-Lite 5 specification with the data inside. */
void nli_chart_vega(const struct nli_chart *c, struct nli_buf *out);

#endif
