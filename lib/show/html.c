/* html.c - a document as one page that stands alone: no network, no script needed. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/show/asset.h"
#include "lib/show/clean.h"
#include "lib/show/doc.h"

enum { WIDE = 760, NARROW = 360, SEARCHABLE = 9, MANY = 8 };

static const struct {
	const char *word, *class_;
} levels[] = {
	[NLI_GOOD] = { "sound", "good" },
	[NLI_INFO] = { "note", "info" },
	[NLI_WARN] = { "look here", "warn" },
	[NLI_BAD] = { "problem", "bad" },
};

static void meta(struct nli_markup *x, const char *key, const char *name,
		 const char *content)
{
	nli_markup_open(x, "meta");
	nli_markup_attr(x, key, name);
	nli_markup_attr(x, "content", content);
	nli_markup_close(x);
}

/* Should an escape ever be forgotten, the page's own rule still keeps foreign scripts out. */
static void write_head(const struct nli_doc *d, struct nli_markup *x)
{
	struct nli_buf csp = { 0 };

	nli_buf_addf(&csp,
		     "default-src 'none'; style-src 'unsafe-inline'; "
		     "script-src 'sha256-%s'; base-uri 'none'; form-action 'none'",
		     nli_asset_script_sha256);
	nli_markup_open(x, "head");
	nli_markup_open(x, "meta");
	nli_markup_attr(x, "charset", "utf-8");
	nli_markup_close(x);
	meta(x, "http-equiv", "Content-Security-Policy", csp.data);
	meta(x, "name", "viewport", "width=device-width, initial-scale=1");
	meta(x, "name", "color-scheme", "light dark");
	meta(x, "name", "generator", "nli-report");
	nli_markup_leaf(x, "title", NULL, d->title);
	nli_markup_open(x, "style");
	nli_markup_raw(x, nli_asset_find("style.css"));
	nli_markup_raw(x, nli_str_of(nli_chart_css()));
	nli_markup_close(x);
	nli_markup_close(x);
	nli_buf_release(&csp);
}

static void write_top(const struct nli_doc *d, struct nli_markup *x)
{
	nli_markup_openc(x, "a", "skip");
	nli_markup_attr(x, "href", "#main");
	nli_markup_text(x, "Skip to the report");
	nli_markup_close(x);
	nli_markup_openc(x, "header", "top");
	nli_markup_leaf(x, "p", "kicker", NLI_STR("Dataset audit"));
	nli_markup_leaf(x, "h1", NULL, d->title);
	nli_markup_leaf(x, "p", "sub", d->subtitle);
	nli_markup_open(x, "button");
	nli_markup_attr(x, "type", "button");
	nli_markup_attr(x, "id", "theme");
	nli_markup_attr(x, "hidden", "hidden");
	nli_markup_text(x, "Dark");
	nli_markup_close(x);
	nli_markup_close(x);
}

static void write_link(struct nli_markup *x, const char *id, const char *text)
{
	nli_markup_open(x, "a");
	nli_markup_attrf(x, "href", "#%s", id);
	nli_markup_text(x, text);
	nli_markup_close(x);
}

static void write_nav(const struct nli_doc *d, struct nli_markup *x)
{
	nli_markup_open(x, "nav");
	nli_markup_attr(x, "aria-label", "Sections");
	nli_markup_open(x, "ol");
	nli_markup_open(x, "li");
	write_link(x, "verdict", "Verdict");
	nli_markup_close(x);
	for (size_t i = 0; i < d->n_section; i++) {
		nli_markup_open(x, "li");
		write_link(x, d->section[i]->id, d->section[i]->title);
		nli_markup_close(x);
	}
	nli_markup_close(x);
	nli_markup_close(x);
}

static void write_finding(const struct nli_doc *d, const struct nli_finding *f,
			  struct nli_markup *x)
{
	nli_markup_openc(x, "li", levels[f->level].class_);
	nli_markup_leaf(x, "span", "badge", nli_str_of(levels[f->level].word));
	nli_markup_leaf(x, "p", "headline", f->headline);
	nli_markup_openc(x, "p", "evidence");
	nli_markup_texts(x, f->evidence);
	for (size_t i = 0; f->section && i < d->n_section; i++)
		if (!strcmp(d->section[i]->id, f->section)) {
			nli_markup_text(x, f->evidence.len ? " " : "");
			write_link(x, f->section, d->section[i]->title);
		}
	nli_markup_close(x);
	nli_markup_close(x);
}

static void write_findings(const struct nli_doc *d, size_t from, size_t to,
			   const char *class_, struct nli_markup *x)
{
	if (from >= to)
		return;
	nli_markup_openc(x, "ul", class_);
	for (size_t i = from; i < to; i++)
		write_finding(d, &d->finding[i], x);
	nli_markup_close(x);
}

static void write_figures(const struct nli_doc *d, struct nli_markup *x)
{
	if (!d->n_figure)
		return;
	nli_markup_openc(x, "dl", "figures");
	for (size_t i = 0; i < d->n_figure; i++) {
		nli_markup_open(x, "div");
		nli_markup_leaf(x, "dt", NULL, nli_str_of(d->figure[i].label));
		nli_markup_leaf(x, "dd", "value", d->figure[i].value);
		nli_markup_leaf(x, "dd", "detail", d->figure[i].detail);
		nli_markup_close(x);
	}
	nli_markup_close(x);
}

/* What matters most in a sentence, then in figures, then the rest. */
static void write_verdict(const struct nli_doc *d, struct nli_markup *x)
{
	nli_markup_openc(x, "section", "verdict");
	nli_markup_attr(x, "id", "verdict");
	nli_markup_attr(x, "aria-labelledby", "h-verdict");
	nli_markup_open(x, "h2");
	nli_markup_attr(x, "id", "h-verdict");
	nli_markup_text(x, "Verdict");
	nli_markup_close(x);
	write_findings(d, 0, d->n_finding > 0, "findings first", x);
	write_figures(d, x);
	write_findings(d, 1, d->n_finding, "findings", x);
	nli_markup_close(x);
}

static bool is_number(const struct nli_column *c)
{
	return c->kind != NLI_CELL_TEXT;
}

static void write_cell(const struct nli_column *col, const struct nli_cell *c, bool head,
		       struct nli_markup *x)
{
	struct nli_buf b = { 0 };

	nli_markup_openc(x, head ? "th" : "td", is_number(col) ? "num" : NULL);
	if (head)
		nli_markup_attr(x, "scope", "row");
	if (is_number(col) && c->kind != NLI_CELL_NONE)
		nli_markup_attrf(x, "data-v", "%.6g", c->v != 0 ? c->v : 0.0);
	if (c->kind == NLI_CELL_SHARE && c->v >= 0 && c->v <= 1)
		nli_markup_attrf(x, "style", "--v:%.1f%%", 100 * c->v);
	if (col->corpus)
		nli_markup_attr(x, "dir", "auto");
	nli_cell_show(c, false, &b);
	nli_markup_texts(x, nli_buf_str(&b));
	if (c->ranged) {
		struct nli_cell lo = *c, hi = *c;

		lo.v = c->lo;
		hi.v = c->hi;
		nli_buf_clear(&b);
		nli_cell_show(&lo, false, &b);
		nli_buf_adds(&b, " to ");
		nli_cell_show(&hi, false, &b);
		nli_markup_text(x, " ");
		nli_markup_leaf(x, "span", "ci", nli_buf_str(&b));
	}
	nli_markup_close(x);
	nli_buf_release(&b);
}

static void write_table_head(const struct nli_table *t, struct nli_markup *x)
{
	nli_markup_open(x, "thead");
	nli_markup_open(x, "tr");
	for (size_t i = 0; i < t->n_column; i++) {
		const struct nli_column *c = &t->column[i];

		nli_markup_openc(x, "th", is_number(c) ? "num" : NULL);
		nli_markup_attr(x, "scope", "col");
		if (c->help)
			nli_markup_attr(x, "title", c->help);
		nli_markup_text(x, c->title);
		nli_markup_close(x);
	}
	nli_markup_close(x);
	nli_markup_close(x);
}

static void write_table(const struct nli_table *t, struct nli_markup *x)
{
	static const char *const class_[] = { "table", "table search", "table many",
					      "table search many" };
	const size_t rows = nli_table_rows(t);

	if (t->folded) {
		nli_markup_open(x, "details");
		nli_markup_open(x, "summary");
		nli_markup_text(x, t->title);
		nli_markup_close(x);
	}
	nli_markup_openc(x, "div",
			 class_[(rows >= SEARCHABLE) + 2 * (t->n_column >= MANY)]);
	nli_markup_attr(x, "role", "group");
	nli_markup_attr(x, "tabindex", "0");
	nli_markup_attrf(x, "aria-labelledby", "c-%s", t->id);
	nli_markup_open(x, "table");
	nli_markup_attrf(x, "id", "t-%s", t->id);
	nli_markup_open(x, "caption");
	nli_markup_attrf(x, "id", "c-%s", t->id);
	nli_markup_text(x, t->title);
	nli_markup_close(x);
	write_table_head(t, x);
	nli_markup_open(x, "tbody");
	for (size_t r = 0; r < rows; r++) {
		nli_markup_open(x, "tr");
		for (size_t c = 0; c < t->n_column; c++)
			write_cell(&t->column[c], &t->cell[r * t->n_column + c], c == 0,
				   x);
		nli_markup_close(x);
	}
	nli_markup_close(x);
	nli_markup_close(x);
	nli_markup_close(x);
	if (t->note)
		nli_markup_leaf(x, "p", "note", nli_str_of(t->note));
	if (t->folded)
		nli_markup_close(x);
}

static void write_chart(const struct nli_chart *c, struct nli_markup *x)
{
	nli_markup_openc(x, "figure", c->kind == NLI_CHART_PLOT ? "chart plot" : "chart");
	nli_markup_leaf(x, "figcaption", NULL, c->title);
	nli_markup_openc(x, "div", "wide");
	nli_chart_svg(c, WIDE, false, x);
	nli_markup_close(x);
	nli_markup_openc(x, "div", "narrow");
	nli_chart_svg(c, NARROW, false, x);
	nli_markup_close(x);
	nli_markup_leaf(x, "p", "note", c->desc);
	nli_markup_close(x);
}

/* As a BCP 47 tag looks: anything else would mislead a screen reader. */
static bool is_tag(struct nli_str lang)
{
	size_t first = 0;

	for (size_t i = 0; i < lang.len; i++) {
		const char c = lang.s[i];
		const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (!letter && (!first || !((c >= '0' && c <= '9') || c == '-')))
			return false;
		if (!letter && c != '-' && first == i)
			return false;
		if (letter && first == i)
			first++;
	}
	return lang.len <= 35 && first >= 2 && first <= 3;
}

static void write_part(const struct nli_example *e, const struct nli_part *p,
		       struct nli_markup *x)
{
	size_t at = 0;

	nli_markup_leaf(x, "dt", NULL, nli_str_of(p->name));
	nli_markup_openc(x, "dd", p->right ? "right" : NULL);
	nli_markup_attr(x, "dir", "auto");
	if (is_tag(e->lang))
		nli_markup_attrs(x, "lang", e->lang);
	for (size_t i = 0; i < p->n_span; i++) {
		const struct nli_span *s = &p->span[i];
		const char *tag = !strcmp(s->kind, "del")   ? "del"
				  : !strcmp(s->kind, "ins") ? "ins"
							    : "mark";

		nli_markup_texts(x, (struct nli_str){ p->text.s + at, s->off - at });
		nli_markup_leaf(x, tag, NULL,
				(struct nli_str){ p->text.s + s->off, s->len });
		at = s->off + s->len;
	}
	nli_markup_texts(x, (struct nli_str){ p->text.s + at, p->text.len - at });
	nli_markup_close(x);
}

static void write_example(const struct nli_example *e, struct nli_markup *x)
{
	nli_markup_openc(x, "li", "example");
	nli_markup_openc(x, "p", "tags");
	if (e->label.len)
		nli_markup_leaf(x, "span", "label", e->label);
	if (e->note.len)
		nli_markup_leaf(x, "span", "why", e->note);
	nli_markup_close(x);
	nli_markup_open(x, "dl");
	for (size_t i = 0; i < e->n_part; i++)
		write_part(e, &e->part[i], x);
	nli_markup_close(x);
	nli_markup_openc(x, "p", "id");
	nli_markup_attr(x, "dir", "auto");
	nli_markup_texts(x, e->id);
	nli_markup_close(x);
	nli_markup_close(x);
}

static void write_examples(const struct nli_block *b, struct nli_markup *x)
{
	nli_markup_openc(x, "div", b->n_side > 1 ? "examples two" : "examples");
	for (size_t i = 0; i < b->n_side; i++) {
		const struct nli_examples *e = b->side[i];

		nli_markup_open(x, "div");
		nli_markup_leaf(x, "h3", NULL, nli_str_of(e->title));
		if (e->note)
			nli_markup_leaf(x, "p", "note", nli_str_of(e->note));
		nli_markup_open(x, "ul");
		for (size_t k = 0; k < e->n; k++)
			write_example(&e->example[k], x);
		nli_markup_close(x);
		nli_markup_close(x);
	}
	nli_markup_close(x);
}

static void write_block(const struct nli_block *b, struct nli_markup *x)
{
	switch (b->kind) {
	case NLI_BLOCK_TEXT:
		nli_markup_leaf(x, "p", NULL, b->text);
		break;
	case NLI_BLOCK_TABLE:
		if (nli_table_rows(b->table))
			write_table(b->table, x);
		break;
	case NLI_BLOCK_CHART:
		if (b->chart->n)
			write_chart(b->chart, x);
		break;
	case NLI_BLOCK_EXAMPLES:
		write_examples(b, x);
		break;
	}
}

static void write_section(const struct nli_section *s, struct nli_markup *x)
{
	nli_markup_open(x, "section");
	nli_markup_attr(x, "id", s->id);
	nli_markup_attrf(x, "aria-labelledby", "h-%s", s->id);
	nli_markup_open(x, "h2");
	nli_markup_attrf(x, "id", "h-%s", s->id);
	nli_markup_text(x, s->title);
	nli_markup_close(x);
	if (s->lead.len)
		nli_markup_leaf(x, "p", "lead", s->lead);
	for (size_t i = 0; i < s->n; i++)
		write_block(&s->block[i], x);
	nli_markup_close(x);
}

void nli_doc_html(const struct nli_doc *d, struct nli_buf *out)
{
	struct nli_markup *x = nli_markup_new();

	nli_buf_adds(out, "<!DOCTYPE html>\n");
	nli_markup_open(x, "html");
	nli_markup_attr(x, "lang", "en");
	write_head(d, x);
	nli_markup_open(x, "body");
	write_top(d, x);
	nli_markup_openc(x, "div", "page");
	write_nav(d, x);
	nli_markup_open(x, "main");
	nli_markup_attr(x, "id", "main");
	write_verdict(d, x);
	for (size_t i = 0; i < d->n_section; i++)
		write_section(d->section[i], x);
	nli_markup_close(x);
	nli_markup_close(x);
	nli_markup_open(x, "footer");
	nli_markup_open(x, "p");
	nli_markup_text(x, "Made by nli-report, nli-tools ");
	nli_markup_texts(x, d->version);
	nli_markup_text(x, ". The same input gives the same page, byte for byte.");
	nli_markup_close(x);
	nli_markup_close(x);
	nli_markup_open(x, "script");
	nli_markup_raw(x, nli_asset_find("script.js"));
	nli_markup_close(x);
	nli_markup_end(x, out);
	nli_buf_addc(out, '\n');
}
