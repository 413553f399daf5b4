/* chart_rows.c - charts whose vertical axis is names: bars, histograms in rows, heat maps. */
#include <math.h>
#include <stdio.h>

#include "lib/show/clean.h"
#include "lib/show/plot.h"

enum { NARROW = 500, BAR_ROW = 38, RIDGE_ROW = 84, HEAT_ROW = 34 };

/* Names stand left of their row, or above it where there is no room. */
static double name_column(const struct nli_chart *c, int width)
{
	double w = 0;

	if (width < NARROW)
		return 4;
	for (size_t i = 0; i < c->n_row; i++)
		if (nli_text_width(c->row[i]) > w)
			w = nli_text_width(c->row[i]);
	return (w > 0.34 * width ? 0.34 * width : w) + 16;
}

static double row_height(const struct nli_chart *c, int width)
{
	const double extra = width < NARROW ? 16 : 0;

	return extra + (c->kind == NLI_CHART_BARS ? BAR_ROW : RIDGE_ROW);
}

static void draw_name(const struct nli_chart *c, int width, size_t row, double top,
		      double middle, struct nli_markup *x)
{
	struct nli_buf fit = { 0 };

	if (width < NARROW) {
		nli_text_fit(c->row[row], width, &fit);
		nli_draw_text(x, 0, top + 12, "row", nli_buf_str(&fit));
	} else {
		nli_text_fit(c->row[row], name_column(c, width) - 12, &fit);
		nli_draw_text(x, name_column(c, width) - 12, middle + 4, "row end",
			      nli_buf_str(&fit));
	}
	nli_buf_release(&fit);
}

static struct nli_frame rows_frame(const struct nli_chart *c, int width, double right)
{
	return (struct nli_frame){ c, name_column(c, width), width - right, 6,
				   6 + row_height(c, width) * (double)c->n_row };
}

double nli_bars_height(const struct nli_chart *c, int width)
{
	return rows_frame(c, width, 0).bottom + (c->ref_name || c->hollow_name ? 66 : 44);
}

static void draw_legend(const struct nli_chart *c, const struct nli_frame *f,
			struct nli_markup *x)
{
	const double y = f->bottom + 56;
	double at = f->left;

	if (c->ref_name) {
		nli_draw_line(x, "ref", at + 4, y - 10, at + 4, y + 3);
		nli_draw_text(x, at + 12, y, "tick", nli_str_of(c->ref_name));
		at += 34 + nli_text_width(nli_str_of(c->ref_name));
	}
	if (c->hollow_name) {
		nli_markup_openc(x, "path", "hollow k2");
		nli_markup_attrf(x, "d", "M%.1f %.1fl5 -5l5 5l-5 5z", at, y - 4);
		nli_markup_close(x);
		nli_draw_text(x, at + 16, y, "tick", nli_str_of(c->hollow_name));
	}
}

static void draw_whisker(struct nli_markup *x, double lo, double hi, double y)
{
	nli_draw_line(x, "whisk", lo, y, hi, y);
	nli_draw_line(x, "whisk", lo, y - 4, lo, y + 4);
	nli_draw_line(x, "whisk", hi, y - 4, hi, y + 4);
}

/* What the reference would reach alone stands back; what is beyond it is what counts. */
static void draw_length(const struct nli_mark *m, const struct nli_scale *s, double y,
			const char *class_, struct nli_markup *x)
{
	const double end = nli_scale_at(s, m->x);
	const double ref = isfinite(m->ref) ? nli_scale_at(s, m->ref) : s->from;

	if (ref > s->from) {
		nli_markup_openc(x, "g", "dim");
		nli_draw_rect(x, class_, s->from, y - 9, fmin(ref, end) - s->from, 18);
		nli_markup_close(x);
	}
	if (end > ref)
		nli_draw_rect(x, class_, ref, y - 9, end - ref, 18);
}

static void draw_bar(const struct nli_mark *m, const struct nli_scale *s, double y,
		     struct nli_markup *x)
{
	char class_[8];
	double text_at = nli_scale_at(s, m->x) + 8;

	nli_markup_openc(x, "g", "mark");
	nli_draw_tip(x, m->tip);
	snprintf(class_, sizeof(class_), "s%zu", m->series % NLI_CHART_SERIES);
	draw_length(m, s, y, class_, x);
	if (isfinite(m->lo)) {
		draw_whisker(x, nli_scale_at(s, m->lo), nli_scale_at(s, m->hi), y);
		text_at = nli_scale_at(s, m->hi) + 8;
	}
	if (isfinite(m->ref)) {
		const double px = nli_scale_at(s, m->ref);

		nli_draw_line(x, "ref", px, y - 14, px, y + 14);
		if (px > text_at - 10 && px < text_at + 44)
			text_at = px + 8;
	}
	nli_draw_text(x, text_at, y + 5, "val", m->text);
	nli_markup_close(x);
}

/* Below the bar, where it hides nothing. */
static void draw_diamond(const struct nli_mark *m, const struct nli_scale *s, double y,
			 struct nli_markup *x)
{
	nli_markup_openc(x, "g", "mark");
	nli_draw_tip(x, m->tip);
	nli_markup_openc(x, "path", "hollow k2");
	nli_markup_attrf(x, "d", "M%.1f %.1fl4.5 -4.5l4.5 4.5l-4.5 4.5z",
			 nli_scale_at(s, m->x) - 4.5, y + 15);
	nli_markup_close(x);
	nli_markup_close(x);
}

void nli_bars_draw(const struct nli_chart *c, int width, struct nli_markup *x)
{
	const struct nli_frame f = rows_frame(c, width, 76);
	const struct nli_scale s = { &c->x, f.left, f.right };
	const double h = row_height(c, width);

	nli_draw_axis_x(x, &f, width < NARROW ? 4 : 8);
	for (size_t r = 0; r < c->n_row; r++) {
		const double top = f.top + h * (double)r;

		draw_name(c, width, r, top, top + h - BAR_ROW / 2.0, x);
	}
	for (int hollow = 0; hollow < 2; hollow++)
		for (size_t i = 0; i < c->n; i++) {
			const struct nli_mark *m = &c->mark[i];
			const double y = f.top + h * (double)(m->row + 1) - BAR_ROW / 2.0;

			if (m->hollow == (hollow == 1))
				(hollow ? draw_diamond : draw_bar)(m, &s, y, x);
		}
	draw_legend(c, &f, x);
}

double nli_ridge_height(const struct nli_chart *c, int width)
{
	return rows_frame(c, width, 0).bottom + 46;
}

static double tallest(const struct nli_chart *c)
{
	double max = 0;

	for (size_t i = 0; i < c->n; i++)
		if (c->mark[i].y > max)
			max = c->mark[i].y;
	return max > 0 ? max : 1;
}

void nli_ridge_draw(const struct nli_chart *c, int width, struct nli_markup *x)
{
	const struct nli_frame f = rows_frame(c, width, 12);
	const struct nli_scale s = { &c->x, f.left, f.right };
	const double h = row_height(c, width), top = tallest(c);
	char class_[8];

	nli_draw_axis_x(x, &f, width < NARROW ? 4 : 8);
	for (size_t r = 0; r < c->n_row; r++) {
		const double base = f.top + h * (double)(r + 1) - 6;

		draw_name(c, width, r, f.top + h * (double)r, base - RIDGE_ROW / 2.0 + 8,
			  x);
		nli_draw_line(x, "grid", f.left, base, f.right, base);
	}
	for (size_t i = 0; i < c->n; i++) {
		const struct nli_mark *m = &c->mark[i];
		const double base = f.top + h * (double)(m->row + 1) - 6;
		const double tall = m->y / top * (RIDGE_ROW - 16);
		const double left = nli_scale_at(&s, m->x);

		if (!(m->y > 0))
			continue;
		snprintf(class_, sizeof(class_), "s%zu", m->series % NLI_CHART_SERIES);
		nli_markup_openc(x, "g", "mark");
		nli_draw_tip(x, m->tip);
		nli_draw_rect(x, class_, left + 0.5, base - tall,
			      nli_scale_at(&s, m->x + c->bin) - left - 1, tall);
		nli_markup_close(x);
	}
}

/* Names of columns that are too wide for their cells stand slanted. */
static bool slanted(const struct nli_chart *c, double cell)
{
	for (size_t i = 0; i < c->n_column; i++)
		if (nli_text_width(c->column[i]) > cell - 6)
			return true;
	return false;
}

static double heat_left(const struct nli_chart *c, int width)
{
	double w = 0;

	for (size_t i = 0; i < c->n_row; i++)
		if (nli_text_width(c->row[i]) > w)
			w = nli_text_width(c->row[i]);
	return (w > 0.3 * width ? 0.3 * width : w) + 14;
}

static double heat_cell(const struct nli_chart *c, int width)
{
	const double w = (width - heat_left(c, width) - 50) /
			 (double)(c->n_column ? c->n_column : 1);

	return w > 120 ? 120 : w;
}

static double heat_top(const struct nli_chart *c, int width)
{
	return (c->x.title ? 22 : 4) + (slanted(c, heat_cell(c, width)) ? 78 : 22);
}

double nli_heat_height(const struct nli_chart *c, int width)
{
	return heat_top(c, width) + HEAT_ROW * (double)c->n_row + 12;
}

static void draw_columns(const struct nli_chart *c, int width, struct nli_markup *x)
{
	const double left = heat_left(c, width), cell = heat_cell(c, width);
	const double y = heat_top(c, width) - 8;
	struct nli_buf fit = { 0 };

	if (c->x.title)
		nli_draw_text(x, left, 14, "axis", nli_str_of(c->x.title));
	for (size_t i = 0; i < c->n_column; i++) {
		const double at = left + cell * ((double)i + 0.5);

		nli_buf_clear(&fit);
		nli_show_fit(c->column[i], 16, &fit);
		if (slanted(c, cell)) {
			nli_markup_openc(x, "text", "row");
			nli_markup_attrf(x, "transform",
					 "translate(%.1f %.1f) rotate(-40)", at - 4, y);
			nli_markup_texts(x, nli_buf_str(&fit));
			nli_markup_close(x);
		} else {
			nli_draw_text(x, at, y, "row mid", nli_buf_str(&fit));
		}
	}
	nli_buf_release(&fit);
}

void nli_heat_draw(const struct nli_chart *c, int width, struct nli_markup *x)
{
	const double left = heat_left(c, width), top = heat_top(c, width);
	const double cell = heat_cell(c, width);
	struct nli_buf fit = { 0 };

	draw_columns(c, width, x);
	for (size_t r = 0; r < c->n_row; r++) {
		nli_buf_clear(&fit);
		nli_text_fit(c->row[r], left - 10, &fit);
		nli_draw_text(x, left - 8, top + HEAT_ROW * (double)r + 21, "row end",
			      nli_buf_str(&fit));
	}
	for (size_t i = 0; i < c->n; i++) {
		const struct nli_mark *m = &c->mark[i];
		const double px = left + cell * (double)m->series;
		const double py = top + HEAT_ROW * (double)m->row;

		nli_markup_openc(x, "g", "mark");
		nli_draw_tip(x, m->tip);
		nli_draw_rect(x, "cell", px + 1, py + 1, cell - 2, HEAT_ROW - 2);
		nli_markup_openc(x, "rect", "s0");
		nli_markup_attrd(x, "x", px + 1);
		nli_markup_attrd(x, "y", py + 1);
		nli_markup_attrd(x, "width", cell - 2);
		nli_markup_attrd(x, "height", HEAT_ROW - 2);
		/* At most half, so that ink stays readable on it in light and dark. */
		nli_markup_attrd(x, "fill-opacity",
				 isfinite(m->y) ? 0.04 + 0.46 * m->y : 0);
		nli_markup_close(x);
		nli_draw_text(x, px + cell / 2, py + 21, m->y > 0.55 ? "on mid" : "mid",
			      m->text);
		nli_markup_close(x);
	}
	nli_buf_release(&fit);
}
