/* chart.c - see chart.h: frame, axes, and the drawing of each kind. */
#include "lib/show/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/show/clean.h"
#include "lib/show/plot.h"
#include "lib/text/norm.h"

struct nli_mark *nli_chart_add(struct nli_chart *c)
{
	nli_grow(&c->mark, &c->cap, c->n + 1, sizeof(*c->mark));
	c->mark[c->n] =
		(struct nli_mark){ .x = NAN, .y = NAN, .lo = NAN, .hi = NAN, .ref = NAN };
	return &c->mark[c->n++];
}

void nli_chart_release(struct nli_chart *c)
{
	free(c->mark);
	c->mark = NULL;
	c->n = c->cap = 0;
}

/* Files that were given may hold any number: what has no place stands at the edge. */
double nli_scale_at(const struct nli_scale *s, double v)
{
	const struct nli_axis *a = s->axis;
	const double t = a->log ? log(v / a->lo) / log(a->hi / a->lo)
				: (v - a->lo) / (a->hi - a->lo);

	return s->from + (t >= 1 ? 1 : t > 0 ? t : 0) * (s->to - s->from);
}

static size_t log_ticks(const struct nli_axis *a, size_t want, double *at)
{
	const double decades = log10(a->hi / a->lo);
	const int step[3] = { 1, 2, 5 };
	const int per = decades * 3 <= (double)want + 3 ? 3 : 1;
	size_t n = 0;

	for (double p = pow(10, floor(log10(a->lo))); p <= a->hi && n + 3 <= NLI_TICKS;
	     p *= 10)
		for (int i = 0; i < per; i++)
			if (p * step[i] >= a->lo * (1 - 1e-9) &&
			    p * step[i] <= a->hi * (1 + 1e-9))
				at[n++] = p * step[i];
	return n;
}

/* Steps of 1, 2 or 5 times a power of ten: Heckbert's nice numbers (Graphics Gems, 1990). */
size_t nli_ticks(const struct nli_axis *a, size_t want, double *at)
{
	const double raw = (a->hi - a->lo) / (double)(want ? want : 1);
	const double power = pow(10, floor(log10(raw))), f = raw / power;
	const double step = power * (f < 1.5 ? 1 : f < 3.5 ? 2 : f < 7.5 ? 5 : 10);
	const double first = ceil(a->lo / step - 1e-9);
	size_t n = 0;

	if (!(a->hi > a->lo) || (a->log && !(a->lo > 0)))
		return 0;
	if (a->log)
		return log_ticks(a, want, at);
	while (n < NLI_TICKS && (first + (double)n) * step <= a->hi + step * 1e-9) {
		at[n] = (first + (double)n) * step;
		n++;
	}
	return n;
}

void nli_tick_text(const struct nli_axis *a, double v, struct nli_buf *out)
{
	if (a->share) {
		nli_show_fixed(100 * v, 1, out);
		nli_buf_addc(out, '%');
	} else if (fabs(v) >= 1000) {
		nli_show_whole(floor(v + 0.5), out);
	} else {
		nli_show_fixed(v, 3, out);
	}
}

void nli_draw_text(struct nli_markup *x, double at_x, double at_y, const char *class_,
		   struct nli_str text)
{
	nli_markup_openc(x, "text", class_);
	nli_markup_attrd(x, "x", at_x);
	nli_markup_attrd(x, "y", at_y);
	nli_markup_texts(x, text);
	nli_markup_close(x);
}

void nli_draw_line(struct nli_markup *x, const char *class_, double x1, double y1,
		   double x2, double y2)
{
	nli_markup_openc(x, "line", class_);
	nli_markup_attrd(x, "x1", x1);
	nli_markup_attrd(x, "y1", y1);
	nli_markup_attrd(x, "x2", x2);
	nli_markup_attrd(x, "y2", y2);
	nli_markup_close(x);
}

void nli_draw_rect(struct nli_markup *x, const char *class_, double left, double top,
		   double w, double h)
{
	nli_markup_openc(x, "rect", class_);
	nli_markup_attrd(x, "x", left);
	nli_markup_attrd(x, "y", top);
	nli_markup_attrd(x, "width", w < 0 ? 0 : w);
	nli_markup_attrd(x, "height", h < 0 ? 0 : h);
	nli_markup_close(x);
}

void nli_draw_tip(struct nli_markup *x, struct nli_str tip)
{
	if (tip.len)
		nli_markup_leaf(x, "title", NULL, tip);
}

/* Advance widths at 13 units of DejaVu Sans, the widest of the fonts that the style names. */
static double advance(uint32_t c, struct nli_str s)
{
	static const char thin[] = " !'(),-./:;I[\\]fijlrt|", wide[] = "%@MWmw+<=>~_#";
	const bool tall = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '&';

	if (c >= 0x80)
		return 7.9 * (double)nli_show_width(s);
	if (strchr(thin, (int)c))
		return 4.9;
	if (strchr(wide, (int)c))
		return 12;
	return tall ? 9.5 : 7.9;
}

/* The character at *at, which is moved behind it, and its width. */
static double step(struct nli_str s, size_t *at)
{
	const size_t from = *at;
	const uint32_t c = nli_utf8_next(s, at);

	return advance(c, (struct nli_str){ s.s + from, *at - from });
}

double nli_text_width(struct nli_str s)
{
	double w = 0;

	for (size_t at = 0; at < s.len;)
		w += step(s, &at);
	return w;
}

void nli_text_fit(struct nli_str s, double width, struct nli_buf *out)
{
	static const double ellipsis = 13;
	double w = ellipsis;
	size_t at = 0, next = 0;

	if (nli_text_width(s) <= width) {
		nli_buf_add(out, s.s, s.len);
		return;
	}
	while ((w += step(s, &next)) <= width)
		at = next;
	nli_buf_add(out, s.s, at);
	nli_buf_adds(out, "\xe2\x80\xa6");
}

void nli_draw_axis_x(struct nli_markup *x, const struct nli_frame *f, size_t want)
{
	const struct nli_scale s = { &f->chart->x, f->left, f->right };
	struct nli_buf b = { 0 };
	double at[NLI_TICKS], taken = -INFINITY;
	const size_t n = nli_ticks(&f->chart->x, want, at);

	for (size_t i = 0; i < n; i++) {
		const double px = nli_scale_at(&s, at[i]);

		if (f->chart->x.share && at[i] > 1 + 1e-9)
			continue; /* the place of a last bar, "all", is no share */
		nli_buf_clear(&b);
		nli_tick_text(&f->chart->x, at[i], &b);
		nli_draw_line(x, "grid", px, f->top, px, f->bottom);
		/* On an axis of logarithms 5 and 10 stand close: a line needs no words. */
		const double half = nli_text_width(nli_buf_str(&b)) / 2;

		if (px - half < taken)
			continue;
		taken = px + half + 2;
		nli_draw_text(x, px, f->bottom + 18, "tick mid", nli_buf_str(&b));
	}
	if (f->chart->x.title)
		nli_draw_text(x, (f->left + f->right) / 2, f->bottom + 38, "axis mid",
			      nli_str_of(f->chart->x.title));
	nli_buf_release(&b);
}

void nli_draw_axis_y(struct nli_markup *x, const struct nli_frame *f, size_t want)
{
	const struct nli_scale s = { &f->chart->y, f->bottom, f->top };
	struct nli_buf b = { 0 };
	double at[NLI_TICKS];
	const size_t n = nli_ticks(&f->chart->y, want, at);

	for (size_t i = 0; i < n; i++) {
		const double py = nli_scale_at(&s, at[i]);

		nli_buf_clear(&b);
		nli_tick_text(&f->chart->y, at[i], &b);
		nli_draw_line(x, "grid", f->left, py, f->right, py);
		nli_draw_text(x, f->left - 8, py + 4, "tick end", nli_buf_str(&b));
	}
	/* Written flat above the axis: nobody likes to tilt the head. */
	if (f->chart->y.title)
		nli_draw_text(x, 0, f->top - 12, "axis", nli_str_of(f->chart->y.title));
	nli_buf_release(&b);
}

/*
 * The same colours as reports/style.css; a drawing in a file of its own follows
 * the reader's light or dark too.
 */
static const char own_css[] =
	"svg{--ink:#1d1f24;--soft:#5c616b;--line:#d9d6cd;--paper:#fdfcf9;--c0:#1f6f8b;"
	"--c1:#b4740f;--c2:#b5384f;--c3:#5a6b2b;--c4:#6b4fa0;--c5:#3d5a80;--c6:#8a5a44;"
	"--c7:#4d4d4d;background:var(--paper);"
	"font-family:system-ui,'Noto Sans','Liberation Sans',sans-serif}"
	"@media "
	"(prefers-color-scheme:dark){svg{--ink:#eceae4;--soft:#a8abb3;--line:#3a3d44;"
	"--paper:#17181c;--c0:#66b9d6;--c1:#e3a84a;--c2:#ef8296;--c3:#a9be6b;--c4:#"
	"b39ae6;"
	"--c5:#93b1d9;--c6:#d0a08a;--c7:#b8b8b8}}";
static const char drawing_css[] =
	"text{font-size:13px;fill:var(--ink)}.tick,.axis{fill:var(--soft);font-size:12px}"
	".mid{text-anchor:middle}.end{text-anchor:end}.val{font-weight:600}"
	".grid{stroke:var(--line);stroke-width:1}.whisk{stroke:var(--ink);stroke-width:1."
	"5}"
	".ref{stroke:var(--ink);stroke-width:2}.curve{fill:none;stroke:var(--soft);"
	"stroke-width:1.5;stroke-dasharray:5 4}.path{fill:none;stroke-width:2}"
	".back{fill:var(--line);opacity:.55}.dim{opacity:.35}.hollow{fill:none;stroke-"
	"width:1.6}"
	".name{font-size:12px;paint-order:stroke;stroke:var(--paper);stroke-width:3px}"
	".s0{fill:var(--c0)}.s1{fill:var(--c1)}.s2{fill:var(--c2)}.s3{fill:var(--c3)}"
	".s4{fill:var(--c4)}.s5{fill:var(--c5)}.s6{fill:var(--c6)}.s7{fill:var(--c7)}"
	".k0{stroke:var(--c0)}.k1{stroke:var(--c1)}.k2{stroke:var(--c2)}.k3{stroke:var(--"
	"c3)}"
	".k4{stroke:var(--c4)}.k5{stroke:var(--c5)}.k6{stroke:var(--c6)}.k7{stroke:var(--"
	"c7)}";

static void open_svg(struct nli_markup *x, const struct nli_chart *c, int width,
		     double height, bool own_style)
{
	nli_markup_open(x, "svg");
	nli_markup_attr(x, "xmlns", "http://www.w3.org/2000/svg");
	nli_markup_attrf(x, "id", "chart-%s-%d", c->id, width);
	nli_markup_attrf(x, "viewBox", "0 0 %d %.0f", width, height);
	if (own_style) {
		nli_markup_attrf(x, "width", "%d", width);
		nli_markup_attrf(x, "height", "%.0f", height);
	}
	nli_markup_attr(x, "role", "img");
	nli_markup_attrf(x, "aria-labelledby", "t-%s-%d d-%s-%d", c->id, width, c->id,
			 width);
	nli_markup_open(x, "title");
	nli_markup_attrf(x, "id", "t-%s-%d", c->id, width);
	nli_markup_texts(x, c->title);
	nli_markup_close(x);
	nli_markup_open(x, "desc");
	nli_markup_attrf(x, "id", "d-%s-%d", c->id, width);
	nli_markup_texts(x, c->desc);
	nli_markup_close(x);
	if (own_style) {
		nli_markup_open(x, "style");
		nli_markup_raw(x, nli_str_of(own_css));
		nli_markup_raw(x, nli_str_of(drawing_css));
		nli_markup_close(x);
	}
}

const char *nli_chart_css(void)
{
	return drawing_css;
}

void nli_chart_svg(const struct nli_chart *c, int width, bool own_style,
		   struct nli_markup *x)
{
	static const struct {
		double (*height)(const struct nli_chart *c, int width);
		void (*draw)(const struct nli_chart *c, int width, struct nli_markup *x);
	} kind[] = {
		[NLI_CHART_BARS] = { nli_bars_height, nli_bars_draw },
		[NLI_CHART_RIDGE] = { nli_ridge_height, nli_ridge_draw },
		[NLI_CHART_PLOT] = { nli_plot_height, nli_plot_draw },
		[NLI_CHART_HEAT] = { nli_heat_height, nli_heat_draw },
		[NLI_CHART_LINES] = { nli_plot_height, nli_lines_draw },
	};

	open_svg(x, c, width, kind[c->kind].height(c, width), own_style);
	kind[c->kind].draw(c, width, x);
	nli_markup_close(x);
}
