/* tochoice.c - pairs that share a premise, one of them entailed, as an item. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/edit/sets.h"
#include "lib/edit/sheet.h"

enum { SCOPE, LABEL, TEXT, KEY, PLACE, TYPE };

struct pair {
	size_t row;
	uint32_t scope;
	int64_t place; /* among the choices, where to-nli says it; else -1 */
	uint64_t chance;
};

/* An item, under the row of its entailed pair. */
struct item {
	size_t from, n; /* its pairs */
};

struct to_choice {
	const struct nli_edit *e;
	struct nli_edit_tally *tally;
	struct nli_sheet sheet;
	struct pair *pair;
	struct item *item; /* (sheet.n,) n is 0: nothing is made of that row */
};

static struct nli_str text_at(const struct to_choice *g, size_t row, size_t cell)
{
	size_t n;
	const uint32_t *c = nli_sheet_row(&g->sheet, row, &n);

	return cell < n ? nli_sheet_text(&g->sheet, c[cell])
			: (struct nli_str){ NULL, 0 };
}

/* What the pairs of one item have in common: the item that they are of, else the premise. */
static void put_scope(const struct nli_record *r, struct nli_buf *out)
{
	struct nli_buf scope = { 0 }, tmp = { 0 };
	const struct nli_str method =
		nli_record_field(r, NLI_STR("adversarial.method"), &tmp);
	const struct nli_str source =
		nli_record_field(r, NLI_STR("adversarial.source"), &tmp);
	const struct nli_str part[] = { r->split, r->lang,
					nli_record_field(r, NLI_STR("image.path"), &tmp),
					r->premise };

	if (nli_str_is(method, "to-nli") && source.s) {
		nli_buf_add(&scope, source.s, source.len);
	} else {
		for (size_t i = 0; i < sizeof(part) / sizeof(*part); i++) {
			nli_buf_addc(&scope, '\0');
			nli_buf_add(&scope, part[i].s, part[i].len);
		}
	}
	nli_sheet_put(out, nli_buf_str(&scope));
	nli_buf_release(&scope);
	nli_buf_release(&tmp);
}

static int read_pair(void *ctx, const struct nli_record *r, struct nli_work *w,
		     struct nli_err *err)
{
	struct nli_buf tmp = { 0 };

	(void)ctx;
	(void)err;
	if (r->task != NLI_TASK_CHOICE && r->premise.s && r->hypothesis.s) {
		put_scope(r, w->out);
		nli_sheet_put(w->out, r->label);
		nli_sheet_put(w->out, r->hypothesis);
		nli_sheet_put(w->out, r->key.s ? r->key : r->id);
		nli_sheet_put(w->out,
			      nli_record_field(r, NLI_STR("adversarial.choice"), &tmp));
		nli_sheet_put(
			w->out,
			nli_record_field(r, NLI_STR("adversarial.choice_type"), &tmp));
	}
	nli_sheet_end(w->out);
	nli_buf_release(&tmp);
	return NLI_KEEP;
}

static int take_rows(void *ctx, struct nli_str rows, uint64_t kept, struct nli_err *err)
{
	struct to_choice *g = ctx;

	(void)kept;
	(void)err;
	nli_sheet_take(&g->sheet, rows);
	return 0;
}

/* By item, then where to-nli found them, then by chance: the label has no say in it. */
static int pair_cmp(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->scope != y->scope)
		return x->scope < y->scope ? -1 : 1;
	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	if (x->chance != y->chance)
		return x->chance < y->chance ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static struct pair pair_of(const struct to_choice *g, size_t row, uint32_t scope)
{
	const struct nli_str place = text_at(g, row, PLACE), key = text_at(g, row, KEY);
	struct pair p = { .row = row,
			  .scope = scope,
			  .place = -1,
			  .chance = nli_hash(key.s, key.len, nli_mix(g->e->args->seed)) };

	if (place.s && place.len < 4) {
		p.place = 0;
		for (size_t i = 0; i < place.len; i++)
			p.place = p.place * 10 + (place.s[i] - '0');
	}
	return p;
}

/* Why the pairs p[0..n) are no item, or NULL and which is entailed. */
static const char *unfit(const struct to_choice *g, const struct pair *p, size_t n,
			 size_t *right)
{
	size_t entailed = 0;

	if (n < 2)
		return "a premise with one hypothesis";
	if (n > NLI_MAX_CHOICES)
		return "a premise with too many hypotheses";
	for (size_t i = 0; i < n; i++) {
		const struct nli_str label = text_at(g, p[i].row, LABEL);

		if (!label.s)
			return "a pair without a label";
		if (nli_str_is(label, "entailment")) {
			*right = i;
			entailed++;
		}
		for (size_t k = 0; k < i; k++)
			if (nli_str_eq(text_at(g, p[i].row, TEXT),
				       text_at(g, p[k].row, TEXT)))
				return "a hypothesis twice";
	}
	return entailed == 1 ? NULL
	       : entailed    ? "more than one hypothesis entailed"
			     : "no hypothesis entailed";
}

static void find_items(struct to_choice *g)
{
	size_t n = 0, right = 0;

	g->pair = nli_xmalloc(g->sheet.n, sizeof(*g->pair));
	g->item = nli_xcalloc(g->sheet.n, sizeof(*g->item));
	for (size_t i = 0; i < g->sheet.n; i++) {
		size_t cells;
		const uint32_t *cell = nli_sheet_row(&g->sheet, i, &cells);

		if (cells)
			g->pair[n++] = pair_of(g, i, cell[SCOPE]);
		else
			nli_edit_count_not(g->tally, "to-choice", "not a pair", 1);
	}
	qsort(g->pair, n, sizeof(*g->pair), pair_cmp);
	for (size_t i = 0, to; i < n; i = to) {
		const char *why;

		for (to = i; to < n && g->pair[to].scope == g->pair[i].scope;)
			to++;
		why = unfit(g, g->pair + i, to - i, &right);
		if (why)
			nli_edit_count_not(g->tally, "to-choice", why, 1);
		else
			g->item[g->pair[i + right].row] = (struct item){ i, to - i };
	}
}

static void tally_free(void *ctx, void *tally)
{
	struct to_choice *g = ctx;

	nli_edit_tally_add(g->tally, tally);
	nli_edit_tally_release(tally);
	free(tally);
}

static void make_item(const struct to_choice *g, const struct nli_record *r,
		      struct nli_work *w)
{
	const struct item *item = &g->item[w->index];
	struct nli_edit_sink sink = { .tally = w->scratch,
				      .out = w->out,
				      .method = "to-choice" };
	struct nli_made m = { .source = r,
			      .method = "to-choice",
			      .part = "task",
			      .task = NLI_TASK_CHOICE,
			      .premise = r->premise,
			      .n_choice = item->n,
			      .proved = true };
	struct nli_str choice[NLI_MAX_CHOICES], type[NLI_MAX_CHOICES];
	bool typed = true;

	for (size_t i = 0; i < item->n; i++) {
		const size_t row = g->pair[item->from + i].row;

		choice[i] = text_at(g, row, TEXT);
		type[i] = text_at(g, row, TYPE);
		typed &= type[i].s != NULL;
		if (row == w->index)
			m.answer = (int)i;
	}
	m.choice = choice;
	m.choice_type = type;
	m.typed = typed;
	nli_edit_make(&sink, &m);
}

static int write_record(void *ctx, const struct nli_record *r, struct nli_work *w,
			struct nli_err *err)
{
	const struct to_choice *g = ctx;
	const bool leads = g->item[w->index].n > 0, keep = g->e->args->keep;

	(void)err;
	if (keep)
		nli_edit_pass_source(r, w);
	if (leads)
		make_item(g, r, w);
	w->more = leads && keep;
	return leads || keep ? NLI_KEEP : NLI_DROP;
}

void nli_to_choice_run(struct nli_run *run, const struct nli_edit *e,
		       struct nli_edit_tally *t)
{
	struct to_choice g = { .e = e, .tally = t };
	const struct nli_record_pass scan = { .ctx = &g,
					      .record = read_pair,
					      .commit = take_rows };
	const struct nli_record_pass emit = { .ctx = &g,
					      .record = write_record,
					      .scratch_new = nli_edit_tally_new,
					      .scratch_free = tally_free };

	nli_records_scan(run, &scan);
	find_items(&g);
	nli_records_emit(run, &emit);
	nli_sheet_release(&g.sheet);
	free(g.pair);
	free(g.item);
}
