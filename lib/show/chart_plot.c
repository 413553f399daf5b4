/* chart_plot.c - charts with two axes of numbers: dots with curves, and lines. */
#include <math.h>
#include <stdio.h>

#include "lib/show/clean.h"
#include "lib/show/plot.h"

enum { NARROW = 500, NAMES = 64 };

double nli_plot_height(const struct nli_chart *c, int width)
{
	const double legend = c->n_series > 1 || c->n_curve ? 26 : 0;

	return legend + (width < NARROW ? 320 : 440);
}

static struct nli_frame plot_frame(const struct nli_chart *c, int width)
{
	const double h = nli_plot_height(c, width);
	const double legend = c->n_series > 1 || c->n_curve ? 26 : 0;

	return (struct nli_frame){ c, 48, width - (width < NARROW ? 14.0 : 30.0),
				   34 + legend, h - 46 };
}

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

static void draw_legend(const struct nli_chart *c, int width, bool dots,
			struct nli_markup *x)
{
	double at = 4;

	for (size_t i = 0; c->n_series > 1 && i < c->n_series; i++) {
		if (dots)
			draw_shape(x, i, false, at + 4, 12, 4.5);
		nli_draw_text(x, at + 14, 16, "row", c->series[i]);
		at += 30 + nli_text_width(c->series[i]);
	}
	for (size_t i = 0; i < c->n_curve; i++) {
		const struct nli_str name = nli_str_of(c->curve[i].name);

		if (!name.len || at + 34 + nli_text_width(name) > width)
			continue;
		nli_draw_line(x, "curve", at, 12, at + 22, 12);
		nli_draw_text(x, at + 28, 16, "row", name);
		at += 46 + nli_text_width(name);
	}
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
	const double w = nli_text_width(text) * 0.95;
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
	size_t n = 0;

	for (size_t i = 0; i < c->n && n < most; i++) {
		const struct nli_mark *m = &c->mark[i];

		if (m->named && place(f, m->text, nli_scale_at(&sx, m->x),
				      nli_scale_at(&sy, m->y), taken, n, &taken[n])) {
			nli_draw_text(x, taken[n].left, taken[n].bottom - 2, "name",
				      m->text);
			n++;
		}
	}
}

/* A narrow drawing is for a telephone: the first dots, which are the strongest, will do. */
void nli_plot_draw(const struct nli_chart *c, int width, struct nli_markup *x)
{
	const struct nli_frame f = plot_frame(c, width);
	const struct nli_scale sx = { &c->x, f.left, f.right };
	const struct nli_scale sy = { &c->y, f.bottom, f.top };
	const size_t most = width < NARROW ? 300 : c->n;

	draw_legend(c, width, true, x);
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

	draw_legend(c, width, true, x);
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
