/* chart_plot.c - charts with two axes of numbers: dots with curves, and lines. */
#include <math.h>
#include <stdio.h>

#include "lib/show/clean.h"
#include "lib/show/plot.h"

/* Names beside dots: at most so many, of so many columns. */
enum { NARROW = 500, NAMES = 64, WIDEST = 24, LEGEND_LEFT = 4, LEGEND_ROW = 20 };

/* Each series has a shape of its own: circle, triangle, square, diamond. */
static void draw_shape(struct nli_markup *x, size_t series, bool hollow, double px,
		       double py, double r)
{
	char class_[16];

	snprintf(class_, sizeof(class_), hollow ? "hollow k%zu" : "s%zu",
		 series % NLI_CHART_SERIES);
	if (series % 4 == 0) {
		nli_markup_openc(x, "circle", class_);
		nli_markup_attrd(x, "cx", px);
		nli_markup_attrd(x, "cy", py);
		nli_markup_attrd(x, "r", r);
	} else {
		nli_markup_openc(x, "path", class_);
		if (series % 4 == 1)
			nli_markup_attrf(x, "d", "M%.1f %.1fl%.1f %.1fh%.1fz", px,
					 py - r * 1.2, r * 1.15, r * 2.1, -r * 2.3);
		else if (series % 4 == 2)
			nli_markup_attrf(x, "d", "M%.1f %.1fh%.1fv%.1fh%.1fz",
					 px - r * 0.9, py - r * 0.9, r * 1.8, r * 1.8,
					 -r * 1.8);
		else
			nli_markup_attrf(x, "d",
					 "M%.1f %.1fl%.1f %.1fl%.1f %.1fl%.1f %.1fz", px,
					 py - r * 1.3, r * 1.3, r * 1.3, -r * 1.3,
					 r * 1.3, -r * 1.3, -r * 1.3);
	}
	nli_markup_close(x);
}

/* The place of the next entry of a legend, in rows from left to right. */
struct legend {
	double at, y;
};

static void legend_take(struct legend *g, double wide, int width)
{
	if (g->at > LEGEND_LEFT && g->at + wide > width) {
		g->at = LEGEND_LEFT;
		g->y += LEGEND_ROW;
	}
}

static void legend_entry(const struct nli_chart *c, size_t i, int width, struct legend *g,
			 struct nli_markup *x)
{
	struct nli_buf name = { 0 };
	double wide;

	nli_show_fit(c->series[i], WIDEST, &name);
	wide = 30 + nli_text_width(nli_buf_str(&name));
	legend_take(g, wide, width);
	if (x) {
		draw_shape(x, i, false, g->at + 4, g->y - 4, 4.5);
		nli_draw_text(x, g->at + 14, g->y, "row", nli_buf_str(&name));
	}
	g->at += wide;
	nli_buf_release(&name);
}

static void legend_curve(struct nli_str name, int width, struct legend *g,
			 struct nli_markup *x)
{
	const double wide = 46 + nli_text_width(name);

	legend_take(g, wide, width);
	if (x) {
		nli_draw_line(x, "curve", g->at, g->y - 4, g->at + 22, g->y - 4);
		nli_draw_text(x, g->at + 28, g->y, "row", name);
	}
	g->at += wide;
}

/* Draw it, or, if x is NULL, only measure: its height. */
static double draw_legend(const struct nli_chart *c, int width, struct nli_markup *x)
{
	struct legend g = { LEGEND_LEFT, 16 };

	for (size_t i = 0; c->n_series > 1 && i < c->n_series; i++)
		legend_entry(c, i, width, &g, x);
	for (size_t i = 0; i < c->n_curve; i++)
		if (c->curve[i].name && *c->curve[i].name)
			legend_curve(nli_str_of(c->curve[i].name), width, &g, x);
	return g.at > LEGEND_LEFT ? g.y + 10 : 0;
}

double nli_plot_height(const struct nli_chart *c, int width)
{
	return draw_legend(c, width, NULL) + (width < NARROW ? 320 : 440);
}

static struct nli_frame plot_frame(const struct nli_chart *c, int width)
{
	const double h = nli_plot_height(c, width);

	return (struct nli_frame){ c, 48, width - (width < NARROW ? 14.0 : 30.0),
				   34 + draw_legend(c, width, NULL), h - 46 };
}

static void draw_curves(const struct nli_frame *f, struct nli_markup *x)
{
	const struct nli_scale sx = { &f->chart->x, f->left, f->right };
	const struct nli_scale sy = { &f->chart->y, f->bottom, f->top };
	struct nli_buf d = { 0 };

	for (size_t k = 0; k < f->chart->n_curve; k++) {
		const struct nli_curve *v = &f->chart->curve[k];

		nli_buf_clear(&d);
		for (size_t i = 0; i < v->n; i++)
			nli_buf_addf(&d, "%s%.1f %.1f", i ? " " : "",
				     nli_scale_at(&sx, v->x[i]),
				     nli_scale_at(&sy, v->y[i]));
		nli_markup_openc(x, "polyline", "curve");
		nli_markup_attrs(x, "points", nli_buf_str(&d));
		nli_markup_close(x);
	}
	nli_buf_release(&d);
}

struct box {
	double left, top, right, bottom;
};

static bool is_free(const struct box *taken, size_t n, struct box b)
{
	for (size_t i = 0; i < n; i++)
		if (b.left < taken[i].right && b.right > taken[i].left &&
		    b.top < taken[i].bottom && b.bottom > taken[i].top)
			return false;
	return true;
}

/* Right of the dot, left, above, below: the first place where no other name stands. */
static bool place(const struct nli_frame *f, struct nli_str text, double px, double py,
		  const struct box *taken, size_t n, struct box *b)
{
	const double w = nli_text_width(text) * 12 / 13;
	const struct box way[4] = {
		{ px + 8, py - 8, px + 8 + w, py + 6 },
		{ px - 8 - w, py - 8, px - 8, py + 6 },
		{ px - w / 2, py - 21, px + w / 2, py - 7 },
		{ px - w / 2, py + 7, px + w / 2, py + 21 },
	};

	for (size_t i = 0; i < 4; i++)
		if (way[i].left >= f->left && way[i].right <= f->right + 24 &&
		    way[i].top >= f->top - 12 && way[i].bottom <= f->bottom &&
		    is_free(taken, n, way[i])) {
			*b = way[i];
			return true;
		}
	return false;
}

static void draw_names(const struct nli_frame *f, struct nli_markup *x)
{
	const struct nli_chart *c = f->chart;
	const struct nli_scale sx = { &c->x, f->left, f->right };
	const struct nli_scale sy = { &c->y, f->bottom, f->top };
	const size_t most = f->right < NARROW ? NAMES / 4 : NAMES;
	struct box taken[NAMES];
	struct nli_buf name = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < c->n && n < most; i++) {
		const struct nli_mark *m = &c->mark[i];

		if (!m->named)
			continue;
		nli_buf_clear(&name);
		nli_show_fit(m->text, WIDEST, &name);
		if (place(f, nli_buf_str(&name), nli_scale_at(&sx, m->x),
			  nli_scale_at(&sy, m->y), taken, n, &taken[n])) {
			nli_draw_text(x, taken[n].left, taken[n].bottom - 2, "name",
				      nli_buf_str(&name));
			n++;
		}
	}
	nli_buf_release(&name);
}

/* A narrow drawing is for a telephone: the first dots, which are the strongest, will do. */
void nli_plot_draw(const struct nli_chart *c, int width, struct nli_markup *x)
{
	const struct nli_frame f = plot_frame(c, width);
	const struct nli_scale sx = { &c->x, f.left, f.right };
	const struct nli_scale sy = { &c->y, f.bottom, f.top };
	const size_t most = width < NARROW ? 300 : c->n;

	draw_legend(c, width, x);
	nli_draw_axis_x(x, &f, width < NARROW ? 5 : 9);
	nli_draw_axis_y(x, &f, 6);
	draw_curves(&f, x);
	for (size_t i = c->n < most ? c->n : most; i-- > 0;) {
		const struct nli_mark *m = &c->mark[i];

		nli_markup_openc(x, "g", m->hollow ? "mark dim" : "mark");
		nli_draw_tip(x, m->tip);
		draw_shape(x, m->series, m->hollow, nli_scale_at(&sx, m->x),
			   nli_scale_at(&sy, m->y), m->hollow ? 3 : 4.2);
		nli_markup_close(x);
	}
	draw_names(&f, x);
}

static void draw_series(const struct nli_frame *f, size_t series, struct nli_markup *x)
{
	static const char *const dash[4] = { "none", "7 4", "2 3", "9 3 2 3" };
	const struct nli_chart *c = f->chart;
	const struct nli_scale sx = { &c->x, f->left, f->right };
	const struct nli_scale sy = { &c->y, f->bottom, f->top };
	struct nli_buf d = { 0 };
	char class_[16];

	for (size_t i = 0; i < c->n; i++)
		if (c->mark[i].series == series)
			nli_buf_addf(&d, "%s%.1f %.1f", d.len ? " " : "",
				     nli_scale_at(&sx, c->mark[i].x),
				     nli_scale_at(&sy, c->mark[i].y));
	snprintf(class_, sizeof(class_), "path k%zu", series % NLI_CHART_SERIES);
	nli_markup_openc(x, "polyline", class_);
	nli_markup_attr(x, "stroke-dasharray", dash[series % 4]);
	nli_markup_attrs(x, "points", nli_buf_str(&d));
	nli_markup_close(x);
	nli_buf_release(&d);
}

void nli_lines_draw(const struct nli_chart *c, int width, struct nli_markup *x)
{
	const struct nli_frame f = plot_frame(c, width);
	const struct nli_scale sx = { &c->x, f.left, f.right };
	const struct nli_scale sy = { &c->y, f.bottom, f.top };
	char class_[16];

	draw_legend(c, width, x);
	nli_draw_axis_x(x, &f, width < NARROW ? 5 : 9);
	nli_draw_axis_y(x, &f, 6);
	draw_curves(&f, x);
	for (size_t s = 0; s < (c->n_series ? c->n_series : 1); s++)
		draw_series(&f, s, x);
	for (size_t i = 0; i < c->n; i++) {
		const struct nli_mark *m = &c->mark[i];
		const double px = nli_scale_at(&sx, m->x);

		nli_markup_openc(x, "g", "mark");
		nli_draw_tip(x, m->tip);
		snprintf(class_, sizeof(class_), "whisk k%zu",
			 m->series % NLI_CHART_SERIES);
		if (isfinite(m->lo) && isfinite(m->hi))
			nli_draw_line(x, class_, px, nli_scale_at(&sy, m->lo), px,
				      nli_scale_at(&sy, m->hi));
		draw_shape(x, m->series, false, px, nli_scale_at(&sy, m->y), 4);
		nli_markup_close(x);
	}
}
