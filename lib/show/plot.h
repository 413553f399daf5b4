/* plot.h - what the drawings of chart.h share; not for others. */
#ifndef NLI_SHOW_PLOT_H
#define NLI_SHOW_PLOT_H

#include "lib/show/chart.h"

enum { NLI_TICKS = 40 };

/* From values of an axis to units of the drawing; values outside stay at the edge. */
struct nli_scale {
	const struct nli_axis *axis;
	double from, to;
};

/* The rectangle between the axes. */
struct nli_frame {
	const struct nli_chart *chart;
	double left, right, top, bottom;
};

double nli_scale_at(const struct nli_scale *s, double v);

/* About want round values on the axis, at most NLI_TICKS. */
size_t nli_ticks(const struct nli_axis *a, size_t want, double *at);
void nli_tick_text(const struct nli_axis *a, double v, struct nli_buf *out);
/* About the width of a text of 13 units, in a wide font: no font is asked. */
double nli_text_width(struct nli_str s);
/* Append s cut to about that width, the last character "…" if it was cut. */
void nli_text_fit(struct nli_str s, double width, struct nli_buf *out);

void nli_draw_text(struct nli_markup *x, double at_x, double at_y, const char *class_,
		   struct nli_str text);
void nli_draw_line(struct nli_markup *x, const char *class_, double x1, double y1,
		   double x2, double y2);
void nli_draw_rect(struct nli_markup *x, const char *class_, double left, double top,
		   double w, double h);
void nli_draw_tip(struct nli_markup *x, struct nli_str tip);
void nli_draw_axis_x(struct nli_markup *x, const struct nli_frame *f, size_t want);
void nli_draw_axis_y(struct nli_markup *x, const struct nli_frame *f, size_t want);

double nli_bars_height(const struct nli_chart *c, int width);
void nli_bars_draw(const struct nli_chart *c, int width, struct nli_markup *x);
double nli_ridge_height(const struct nli_chart *c, int width);
void nli_ridge_draw(const struct nli_chart *c, int width, struct nli_markup *x);
double nli_heat_height(const struct nli_chart *c, int width);
void nli_heat_draw(const struct nli_chart *c, int width, struct nli_markup *x);
double nli_plot_height(const struct nli_chart *c, int width);
void nli_plot_draw(const struct nli_chart *c, int width, struct nli_markup *x);
void nli_lines_draw(const struct nli_chart *c, int width, struct nli_markup *x);

#endif
