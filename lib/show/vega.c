/*
 * vega.c - a chart as a Vega-Lite 5 specification with its data inside, for
 * those who restyle.  Every mark is a row with all its members.
 */
#include <math.h>

#include "lib/io/json.h"
#include "lib/show/chart.h"

static void real(struct nli_jw *w, const char *key, double v)
{
	if (!isfinite(v))
		return;
	nli_jw_key(w, key);
	nli_jw_real(w, v);
}

static void text(struct nli_jw *w, const char *key, struct nli_str s)
{
	nli_jw_key(w, key);
	nli_jw_str(w, s);
}

static void cstr(struct nli_jw *w, const char *key, const char *s)
{
	text(w, key, nli_str_of(s));
}

static void write_row(struct nli_jw *w, const struct nli_chart *c,
		      const struct nli_mark *m)
{
	nli_jw_open(w, '{');
	if (m->row < c->n_row)
		text(w, "row", c->row[m->row]);
	if (c->kind == NLI_CHART_HEAT && m->series < c->n_column)
		text(w, "column", c->column[m->series]);
	else if (m->series < c->n_series)
		text(w, "series", c->series[m->series]);
	real(w, "x", m->x);
	if (c->kind == NLI_CHART_RIDGE)
		real(w, "x2", m->x + c->bin);
	real(w, "y", m->y);
	real(w, "lo", m->lo);
	real(w, "hi", m->hi);
	real(w, "ref", m->ref);
	if (m->text.len)
		text(w, "text", m->text);
	if (m->hollow) {
		nli_jw_key(w, "hollow");
		nli_jw_bool(w, true);
	}
	if (m->tip.len)
		text(w, "tip", m->tip);
	nli_jw_close(w, '}');
}

static void write_data(struct nli_jw *w, const struct nli_chart *c)
{
	nli_jw_key(w, "data");
	nli_jw_open(w, '{');
	nli_jw_key(w, "values");
	nli_jw_open(w, '[');
	for (size_t i = 0; i < c->n; i++)
		write_row(w, c, &c->mark[i]);
	nli_jw_close(w, ']');
	nli_jw_close(w, '}');
}

/* A channel: "x":{"field":...,"type":...}. */
static void channel(struct nli_jw *w, const char *name, const char *field,
		    const char *type, const struct nli_axis *a)
{
	nli_jw_key(w, name);
	nli_jw_open(w, '{');
	cstr(w, "field", field);
	cstr(w, "type", type);
	if (a && a->title)
		cstr(w, "title", a->title);
	if (a && a->share) {
		nli_jw_key(w, "axis");
		nli_jw_open(w, '{');
		cstr(w, "format", ".0%");
		nli_jw_close(w, '}');
	}
	if (a) {
		nli_jw_key(w, "scale");
		nli_jw_open(w, '{');
		cstr(w, "type", a->log ? "log" : "linear");
		nli_jw_key(w, "domain");
		nli_jw_open(w, '[');
		nli_jw_real(w, a->lo);
		nli_jw_real(w, a->hi);
		nli_jw_close(w, ']');
		nli_jw_close(w, '}');
	}
	if (!a && name[0] == 'y') { /* names in the order of the rows */
		nli_jw_key(w, "sort");
		nli_jw_null(w);
		nli_jw_key(w, "title");
		nli_jw_null(w);
	}
	nli_jw_close(w, '}');
}

static void second(struct nli_jw *w, const char *name, const char *field)
{
	nli_jw_key(w, name);
	nli_jw_open(w, '{');
	cstr(w, "field", field);
	nli_jw_close(w, '}');
}

static void open_layer(struct nli_jw *w, const char *mark)
{
	nli_jw_open(w, '{');
	cstr(w, "mark", mark);
	nli_jw_key(w, "encoding");
	nli_jw_open(w, '{');
}

static void close_layer(struct nli_jw *w)
{
	nli_jw_close(w, '}');
	nli_jw_close(w, '}');
}

static void bars(struct nli_jw *w, const struct nli_chart *c)
{
	open_layer(w, "bar");
	channel(w, "y", "row", "nominal", NULL);
	channel(w, "x", "x", "quantitative", &c->x);
	second(w, "tooltip", "tip");
	close_layer(w);
	open_layer(w, "rule");
	channel(w, "y", "row", "nominal", NULL);
	channel(w, "x", "lo", "quantitative", &c->x);
	second(w, "x2", "hi");
	close_layer(w);
	open_layer(w, "tick");
	channel(w, "y", "row", "nominal", NULL);
	channel(w, "x", "ref", "quantitative", &c->x);
	close_layer(w);
}

/* Rows are a channel of the chart itself, which therefore has no layers. */
static void ridge(struct nli_jw *w, const struct nli_chart *c)
{
	cstr(w, "mark", "bar");
	nli_jw_key(w, "encoding");
	nli_jw_open(w, '{');
	channel(w, "row", "row", "nominal", NULL);
	channel(w, "x", "x", "quantitative", &c->x);
	second(w, "x2", "x2");
	channel(w, "y", "y", "quantitative", NULL);
	second(w, "tooltip", "tip");
	nli_jw_close(w, '}');
}

static void points(struct nli_jw *w, const struct nli_chart *c)
{
	if (c->kind == NLI_CHART_LINES) {
		open_layer(w, "line");
		channel(w, "x", "x", "quantitative", &c->x);
		channel(w, "y", "y", "quantitative", &c->y);
		if (c->n_series)
			channel(w, "color", "series", "nominal", NULL);
		close_layer(w);
	}
	open_layer(w, "point");
	channel(w, "x", "x", "quantitative", &c->x);
	channel(w, "y", "y", "quantitative", &c->y);
	if (c->n_series) {
		channel(w, "color", "series", "nominal", NULL);
		channel(w, "shape", "series", "nominal", NULL);
	}
	second(w, "tooltip", "tip");
	close_layer(w);
}

static void heat(struct nli_jw *w)
{
	open_layer(w, "rect");
	channel(w, "y", "row", "nominal", NULL);
	channel(w, "x", "column", "nominal", NULL);
	channel(w, "color", "y", "quantitative", NULL);
	second(w, "tooltip", "tip");
	close_layer(w);
	open_layer(w, "text");
	channel(w, "y", "row", "nominal", NULL);
	channel(w, "x", "column", "nominal", NULL);
	second(w, "text", "text");
	close_layer(w);
}

void nli_chart_vega(const struct nli_chart *c, struct nli_buf *out)
{
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	cstr(&w, "$schema", "https://vega.github.io/schema/vega-lite/v5.json");
	text(&w, "title", c->title);
	text(&w, "description", c->desc);
	nli_jw_key(&w, "width");
	nli_jw_i64(&w, 600);
	write_data(&w, c);
	if (c->kind == NLI_CHART_RIDGE) {
		ridge(&w, c);
	} else {
		nli_jw_key(&w, "layer");
		nli_jw_open(&w, '[');
		if (c->kind == NLI_CHART_BARS)
			bars(&w, c);
		else if (c->kind == NLI_CHART_HEAT)
			heat(&w);
		else
			points(&w, c);
		nli_jw_close(&w, ']');
	}
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}
