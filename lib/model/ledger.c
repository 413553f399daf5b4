/* ledger.c - see ledger.h. */
#include "lib/model/ledger.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/stats.h"

enum { SHOWN = 24 }; /* values of a stratum in the table; the summary has all */

static const double LEVEL = 0.95;

static struct nli_ledger_counts *counts_new(const struct nli_filter *f)
{
	const struct nli_ledger_counts *c = NULL;

	return nli_xcalloc(1, sizeof(*c) + f->n * sizeof(c->rule[0]));
}

void nli_ledger_init(struct nli_ledger *l, const struct nli_filter *f, const char *by)
{
	memset(l, 0, sizeof(*l));
	l->filter = f;
	l->all = counts_new(f);
	l->part[NLI_LEDGER_LABEL].name = "label";
	l->part[NLI_LEDGER_LANG].name = "lang";
	l->part[NLI_LEDGER_BY].name = by;
	l->n_part = by ? NLI_LEDGER_PARTS : NLI_LEDGER_BY;
}

void nli_ledger_release(struct nli_ledger *l)
{
	for (size_t k = 0; k < l->n_part; k++) {
		for (size_t i = 0; i < l->part[k].values.n; i++)
			free(l->part[k].counts[i]);
		free(l->part[k].counts);
		nli_intern_release(&l->part[k].values);
	}
	free(l->all);
	nli_buf_release(&l->tmp);
	memset(l, 0, sizeof(*l));
}

static struct nli_ledger_counts *counts_of(struct nli_ledger *l, size_t k,
					   struct nli_str value)
{
	struct nli_ledger_part *p = &l->part[k];
	const size_t before = p->values.n;
	const size_t i = nli_intern_add(&p->values, value.s ? value : NLI_STR(""));

	if (p->values.n > before) {
		nli_grow(&p->counts, &p->cap, i + 1, sizeof(struct nli_ledger_counts *));
		p->counts[i] = counts_new(l->filter);
	}
	return p->counts[i];
}

/* audit: -1 not scored, else whether the partial-input model is right. */
static void count(struct nli_ledger_counts *c, const struct nli_judge *j, uint64_t hits,
		  int audit)
{
	const bool left = !hits;

	c->in++;
	c->left += left;
	c->audited_in += audit >= 0;
	c->right_in += audit > 0;
	c->audited_left += left && audit >= 0;
	c->right_left += left && audit > 0;
	for (size_t k = 0; k < j->filter->n; k++) {
		c->rule[k].hit += hits >> k & 1;
		c->rule[k].alone += hits == (uint64_t)1 << k;
		c->rule[k].unknown += j->unknown >> k & 1;
		c->rule[k].undecided += j->undecided >> k & 1;
	}
}

void nli_ledger_add(struct nli_ledger *l, const struct nli_judge *j, uint64_t hits)
{
	const int audit = j->blind_right;

	count(l->all, j, hits, audit);
	count(counts_of(l, NLI_LEDGER_LABEL, j->gold), j, hits, audit);
	count(counts_of(l, NLI_LEDGER_LANG, j->r->lang), j, hits, audit);
	if (l->n_part > NLI_LEDGER_BY) {
		const struct nli_str by = nli_str_of(l->part[NLI_LEDGER_BY].name);

		count(counts_of(l, NLI_LEDGER_BY, nli_record_field(j->r, by, &l->tmp)), j,
		      hits, audit);
	}
}

static void sum(struct nli_ledger_counts *a, const struct nli_ledger_counts *b, size_t n)
{
	a->in += b->in;
	a->left += b->left;
	a->audited_in += b->audited_in;
	a->right_in += b->right_in;
	a->audited_left += b->audited_left;
	a->right_left += b->right_left;
	for (size_t k = 0; k < n; k++) {
		a->rule[k].hit += b->rule[k].hit;
		a->rule[k].alone += b->rule[k].alone;
		a->rule[k].unknown += b->rule[k].unknown;
		a->rule[k].undecided += b->rule[k].undecided;
	}
}

void nli_ledger_merge(struct nli_ledger *l, const struct nli_ledger *other)
{
	sum(l->all, other->all, l->filter->n);
	for (size_t k = 0; k < l->n_part; k++)
		for (size_t i = 0; i < other->part[k].values.n; i++)
			sum(counts_of(l, k, other->part[k].values.text[i]),
			    other->part[k].counts[i], l->filter->n);
}

const char *nli_ledger_blind_rule(const struct nli_ledger *l)
{
	for (size_t k = 0; k < l->filter->n; k++)
		if (l->all->in && l->all->rule[k].unknown == l->all->in)
			return l->filter->rule[k].type->name;
	return NULL;
}

/* A row of a part, for sorting: the biggest first, ties by name. */
struct row {
	struct nli_str value;
	const struct nli_ledger_counts *c;
};

static int by_size(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->c->in != y->c->in)
		return x->c->in < y->c->in ? 1 : -1;
	return nli_str_cmp(x->value, y->value);
}

static struct row *sorted(const struct nli_ledger_part *p)
{
	struct row *row = nli_xcalloc(p->values.n, sizeof(*row));

	for (size_t i = 0; i < p->values.n; i++)
		row[i] = (struct row){ p->values.text[i], p->counts[i] };
	qsort(row, p->values.n, sizeof(*row), by_size);
	return row;
}

static void add_u64(struct nli_jw *w, const char *key, uint64_t n)
{
	nli_jw_key(w, key);
	nli_jw_u64(w, n);
}

static void add_counts(struct nli_jw *w, const struct nli_filter *f,
		       const struct nli_ledger_counts *c)
{
	add_u64(w, "in", c->in);
	add_u64(w, "left", c->left);
	nli_jw_key(w, "rules");
	nli_jw_open(w, '[');
	for (size_t k = 0; k < f->n; k++) {
		nli_jw_open(w, '{');
		nli_jw_key(w, "rule");
		nli_jw_cstr(w, f->rule[k].type->name);
		add_u64(w, "hit", c->rule[k].hit);
		add_u64(w, "alone", c->rule[k].alone);
		add_u64(w, "unknown", c->rule[k].unknown);
		add_u64(w, "undecided", c->rule[k].undecided);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, ']');
}

/* What the partial-input model gets right beyond the commonest label. */
struct audit {
	uint64_t n, right, majority;
	struct nli_interval ci;
};

static struct audit audit(const struct nli_ledger *l, bool after)
{
	const struct nli_ledger_part *labels = &l->part[NLI_LEDGER_LABEL];
	struct audit a = { after ? l->all->audited_left : l->all->audited_in,
			   after ? l->all->right_left : l->all->right_in,
			   0,
			   { 0, 1 } };

	for (size_t i = 0; i < labels->values.n; i++) {
		const struct nli_ledger_counts *c = labels->counts[i];
		const uint64_t n = after ? c->audited_left : c->audited_in;

		a.majority = n > a.majority ? n : a.majority;
	}
	a.ci = nli_wilson(a.right, a.n, LEVEL);
	return a;
}

static double share(uint64_t k, uint64_t n)
{
	return n ? (double)k / (double)n : 0;
}

static void add_audit(struct nli_jw *w, const char *name, struct audit a)
{
	nli_jw_key(w, name);
	nli_jw_open(w, '{');
	add_u64(w, "n", a.n);
	nli_jw_key(w, "accuracy");
	nli_jw_real(w, share(a.right, a.n));
	nli_jw_key(w, "interval");
	nli_jw_open(w, '[');
	nli_jw_real(w, a.ci.lo);
	nli_jw_real(w, a.ci.hi);
	nli_jw_close(w, ']');
	nli_jw_key(w, "majority");
	nli_jw_real(w, share(a.majority, a.n));
	nli_jw_key(w, "gain");
	nli_jw_real(w, share(a.right, a.n) - share(a.majority, a.n));
	nli_jw_close(w, '}');
}

/* The label whose share of the labelled records moved most. */
struct drift {
	struct nli_str label; /* {NULL, 0}: none, or nothing is left */
	double before, after;
};

static struct drift drift(const struct nli_ledger *l)
{
	struct row *row = sorted(&l->part[NLI_LEDGER_LABEL]);
	const size_t n = l->part[NLI_LEDGER_LABEL].values.n;
	struct drift d = { { NULL, 0 }, 0, 0 };
	uint64_t in = 0, left = 0;

	for (size_t i = 0; i < n; i++) {
		in += row[i].value.len ? row[i].c->in : 0;
		left += row[i].value.len ? row[i].c->left : 0;
	}
	for (size_t i = 0; left && i < n; i++) {
		const double before = share(row[i].c->in, in);
		const double after = share(row[i].c->left, left);

		if (row[i].value.len &&
		    (!d.label.s || fabs(after - before) > fabs(d.after - d.before)))
			d = (struct drift){ row[i].value, before, after };
	}
	free(row);
	return d;
}

static void add_drift(struct nli_jw *w, struct drift d)
{
	if (!d.label.s)
		return;
	nli_jw_key(w, "label_moved_most");
	nli_jw_open(w, '{');
	nli_jw_key(w, "label");
	nli_jw_str(w, d.label);
	nli_jw_key(w, "before");
	nli_jw_real(w, d.before);
	nli_jw_key(w, "after");
	nli_jw_real(w, d.after);
	nli_jw_close(w, '}');
}

/* A point is what the shares may move unnoticed. */
static void table_drift(struct nli_buf *out, struct drift d)
{
	static const double POINT = 0.01;

	if (d.label.s && fabs(d.after - d.before) > POINT)
		nli_buf_addf(out,
			     "labels moved: %.*s from %.1f to %.1f %%; --label-shares "
			     "puts them back\n",
			     (int)(d.label.len < 40 ? d.label.len : 40), d.label.s,
			     100 * d.before, 100 * d.after);
}

void nli_ledger_json(const struct nli_ledger *l, struct nli_jw *w)
{
	add_counts(w, l->filter, l->all);
	for (size_t k = 0; k < l->n_part; k++) {
		struct row *row = sorted(&l->part[k]);

		nli_jw_key(w, k == NLI_LEDGER_BY ? "by" : l->part[k].name);
		nli_jw_open(w, '{');
		for (size_t i = 0; i < l->part[k].values.n; i++) {
			nli_jw_keyn(w, row[i].value);
			nli_jw_open(w, '{');
			add_counts(w, l->filter, row[i].c);
			nli_jw_close(w, '}');
		}
		nli_jw_close(w, '}');
		free(row);
	}
	add_drift(w, drift(l));
	if (!l->all->audited_in)
		return;
	nli_jw_key(w, "audit");
	nli_jw_open(w, '{');
	add_audit(w, "before", audit(l, false));
	add_audit(w, "after", audit(l, true));
	nli_jw_close(w, '}');
}

static void table_audit(struct nli_buf *out, const char *when, struct audit a)
{
	nli_buf_addf(out,
		     "%s: %.1f %% of %llu right [%.1f, %.1f], commonest label "
		     "%.1f %%, gain %.1f\n",
		     when, 100 * share(a.right, a.n), (unsigned long long)a.n,
		     100 * a.ci.lo, 100 * a.ci.hi, 100 * share(a.majority, a.n),
		     100 * (share(a.right, a.n) - share(a.majority, a.n)));
}

/* A column is as wide as its rule's name. */
static int width(const struct nli_rule *u)
{
	const int n = (int)strlen(u->type->name);

	return n < 7 ? 7 : n;
}

static void table_head(const struct nli_ledger *l, struct nli_buf *out)
{
	nli_buf_addf(out, "\n%-8s %-16s %9s %9s %7s", "", "", "in", "left", "%");
	for (size_t r = 0; r < l->filter->n; r++)
		nli_buf_addf(out, " %*s", width(&l->filter->rule[r]),
			     l->filter->rule[r].type->name);
	nli_buf_addc(out, '\n');
}

static void table_row(const struct nli_ledger *l, const char *part, const struct row *row,
		      struct nli_buf *out)
{
	const struct nli_str v = row->value.len ? row->value : NLI_STR("(none)");
	const struct nli_ledger_counts *c = row->c;

	nli_buf_addf(out, "%-8.8s %-16.*s %9llu %9llu %7.1f", part,
		     (int)(v.len < 40 ? v.len : 40), v.s, (unsigned long long)c->in,
		     (unsigned long long)c->left, 100 * share(c->left, c->in));
	for (size_t r = 0; r < l->filter->n; r++)
		nli_buf_addf(out, " %*llu", width(&l->filter->rule[r]),
			     (unsigned long long)c->rule[r].hit);
	nli_buf_addc(out, '\n');
}

static void table_part(const struct nli_ledger *l, size_t k, struct nli_buf *out)
{
	const struct nli_ledger_part *p = &l->part[k];
	struct row *row = sorted(p);
	const size_t shown = p->values.n < SHOWN ? p->values.n : SHOWN;

	for (size_t i = 0; i < shown; i++)
		table_row(l, p->name, &row[i], out);
	if (shown < p->values.n)
		nli_buf_addf(out, "%-8.8s and %zu more: see --summary\n", p->name,
			     p->values.n - shown);
	free(row);
}

void nli_ledger_table(const struct nli_ledger *l, struct nli_buf *out)
{
	const struct nli_ledger_counts *c = l->all;

	nli_buf_addf(out, "%-16s %9s %9s %9s %9s\n", "rule", "hit", "alone", "unknown",
		     "undecided");
	for (size_t k = 0; k < l->filter->n; k++)
		nli_buf_addf(out, "%-16s %9llu %9llu %9llu %9llu\n",
			     l->filter->rule[k].type->name,
			     (unsigned long long)c->rule[k].hit,
			     (unsigned long long)c->rule[k].alone,
			     (unsigned long long)c->rule[k].unknown,
			     (unsigned long long)c->rule[k].undecided);
	nli_buf_addf(out, "%llu of %llu left, %.1f %%\n", (unsigned long long)c->left,
		     (unsigned long long)c->in, 100 * share(c->left, c->in));
	table_head(l, out);
	for (size_t k = 0; k < l->n_part; k++)
		table_part(l, k, out);
	table_drift(out, drift(l));
	nli_buf_addc(out, '\n');
	if (!c->audited_in)
		return;
	table_audit(out, "partial input before", audit(l, false));
	table_audit(out, "partial input after ", audit(l, true));
}
