/* json_out.c - a document as JSON: reports/report.schema.json. */
#include <math.h>
#include <stdio.h>

#include "lib/io/json.h"
#include "lib/show/doc.h"

static void member(struct nli_jw *w, const char *key, double v)
{
	if (!isfinite(v))
		return;
	nli_jw_key(w, key);
	nli_jw_real(w, v);
}

/* Counts up to 2^53 in full: 6 digits are for what was measured. */
static void number(struct nli_jw *w, double v)
{
	if (v == floor(v) && fabs(v) < 0x1p53)
		nli_jw_i64(w, (int64_t)v);
	else
		nli_jw_real(w, v);
}

static void write_values(const struct nli_doc *d, struct nli_jw *w)
{
	nli_jw_key(w, "metrics");
	nli_jw_open(w, '{');
	for (size_t i = 0; i < d->n_value; i++) {
		const struct nli_value *v = &d->value[i];

		nli_jw_key(w, v->name);
		nli_jw_open(w, '{');
		nli_jw_key(w, "value");
		number(w, v->v);
		member(w, "lo", v->lo);
		member(w, "hi", v->hi);
		if (isfinite(v->n)) {
			nli_jw_key(w, "n");
			number(w, v->n);
		}
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, '}');
}

static void write_findings(const struct nli_doc *d, struct nli_jw *w)
{
	static const char *const level[] = { "good", "info", "warn", "bad" };

	nli_jw_key(w, "findings");
	nli_jw_open(w, '[');
	for (size_t i = 0; i < d->n_finding; i++) {
		nli_jw_open(w, '{');
		nli_jw_key(w, "level");
		nli_jw_cstr(w, level[d->finding[i].level]);
		nli_jw_key(w, "headline");
		nli_jw_str(w, d->finding[i].headline);
		nli_jw_key(w, "evidence");
		nli_jw_str(w, d->finding[i].evidence);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, ']');
}

static void write_cell(struct nli_jw *w, const char *id, const struct nli_cell *c)
{
	char key[64];

	nli_jw_key(w, id);
	if (c->kind == NLI_CELL_TEXT)
		nli_jw_str(w, c->text);
	else if (c->kind == NLI_CELL_NONE)
		nli_jw_null(w);
	else
		number(w, c->v);
	if (!c->ranged)
		return;
	snprintf(key, sizeof(key), "%s_lo", id);
	member(w, key, c->lo);
	snprintf(key, sizeof(key), "%s_hi", id);
	member(w, key, c->hi);
}

static void write_table(const struct nli_table *t, struct nli_jw *w)
{
	nli_jw_key(w, t->id);
	nli_jw_open(w, '[');
	for (size_t at = 0; at + t->n_column <= t->n; at += t->n_column) {
		nli_jw_open(w, '{');
		for (size_t c = 0; c < t->n_column; c++)
			write_cell(w, t->column[c].id, &t->cell[at + c]);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, ']');
}

void nli_doc_json(const struct nli_doc *d, struct nli_buf *out)
{
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "report");
	nli_jw_i64(&w, 1);
	nli_jw_key(&w, "version");
	nli_jw_str(&w, d->version);
	nli_jw_key(&w, "title");
	nli_jw_str(&w, d->title);
	nli_jw_key(&w, "subtitle");
	nli_jw_str(&w, d->subtitle);
	write_findings(d, &w);
	write_values(d, &w);
	nli_jw_key(&w, "tables");
	nli_jw_open(&w, '{');
	for (size_t i = 0; i < d->n_section; i++)
		for (size_t k = 0; k < d->section[i]->n; k++)
			if (d->section[i]->block[k].kind == NLI_BLOCK_TABLE)
				write_table(d->section[i]->block[k].table, &w);
	nli_jw_close(&w, '}');
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}
