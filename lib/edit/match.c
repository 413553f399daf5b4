/*
 * match.c - adversarial matching (Zellers et al. 2019; PMR, Dong et al. 2022):
 * the wrong choices of an item are right answers of others.
 */
#include "lib/edit/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/edit/regular.h"
#include "lib/edit/sets.h"
#include "lib/text/norm.h"

static const char METHOD[] = "match";

struct matching {
	const struct nli_edit *e;
	struct nli_edit_tally *tally;
	struct nli_sheet sheet;
	struct nli_match_scores *scores;
	size_t *row;     /* items, sorted */
	uint32_t *wrong; /* rows of the wrong choices of all items */
	size_t n_wrong, wrong_cap;
	size_t *wrong_at; /* (sheet.n,) 1 + where those of a row begin; 0: none */
	uint32_t *n_of;   /* (sheet.n,) how many */
	uint8_t *place;   /* (sheet.n,) of the right one among the choices */
	uint64_t pools, items, pairs, listed, poor, shifted;
	double value, bound;
	uint64_t lost; /* references that lost their number */
};

static struct nli_str text_at(const struct nli_sheet *t, size_t row,
			      enum nli_match_cell cell)
{
	size_t n;
	const uint32_t *c = nli_sheet_row(t, row, &n);

	return (size_t)cell < n ? nli_sheet_text(t, c[cell])
				: (struct nli_str){ NULL, 0 };
}

struct nli_str nli_match_text(const struct nli_match_pool *p, uint32_t item,
			      enum nli_match_cell cell)
{
	return text_at(p->sheet, p->row[item], cell);
}

static void put_scope(const struct nli_record *r, const struct nli_edit_args *args,
		      struct nli_buf *out)
{
	struct nli_buf scope = { 0 }, tmp = { 0 };

	nli_buf_addf(&scope, "%zu", r->n_choice);
	nli_buf_addc(&scope, '\0');
	nli_buf_add(&scope, r->split.s, r->split.len);
	nli_buf_addc(&scope, '\0');
	nli_buf_add(&scope, r->lang.s, r->lang.len);
	for (size_t i = 0; i < args->within.n; i++) {
		const struct nli_str v =
			nli_record_field(r, nli_str_of(args->within.v[i]), &tmp);

		nli_buf_addc(&scope, v.s ? '\0' : '\1');
		nli_buf_add(&scope, v.s, v.len);
	}
	nli_sheet_put(out, nli_buf_str(&scope));
	nli_buf_release(&scope);
	nli_buf_release(&tmp);
}

static int read_item(void *ctx, const struct nli_record *r, struct nli_work *w,
		     struct nli_err *err)
{
	const struct matching *g = ctx;
	const struct nli_member *image = nli_object_find(&r->obj, "image");
	struct nli_buf objects = { 0 };

	(void)err;
	if (r->task == NLI_TASK_CHOICE && r->answer >= 0 && r->n_choice > 1) {
		nli_objects_put(image ? image->val : NULL, &objects);
		put_scope(r, g->e->args, w->out);
		nli_sheet_put(w->out, r->key.s ? r->key : r->id);
		nli_sheet_put(w->out, r->id);
		nli_sheet_put(w->out, r->premise);
		nli_sheet_put(w->out, r->choice[r->answer]);
		nli_sheet_put(w->out, nli_buf_str(&objects));
		nli_sheet_put(w->out, r->group.s ? r->group : r->premise);
	}
	nli_sheet_end(w->out);
	nli_buf_release(&objects);
	return NLI_KEEP;
}

static int take_items(void *ctx, struct nli_str rows, uint64_t kept, struct nli_err *err)
{
	struct matching *g = ctx;

	(void)kept;
	(void)err;
	nli_sheet_take(&g->sheet, rows);
	return 0;
}

/* Numbers of texts depend on the order of the input, so texts are compared. */
struct sorted {
	struct nli_str scope, key, id;
	size_t row;
};

static int item_cmp(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int c = nli_str_cmp(x->scope, y->scope);

	if (!c)
		c = nli_str_cmp(x->key, y->key);
	if (!c)
		c = nli_str_cmp(x->id, y->id);
	return c ? c : x->row < y->row ? -1 : x->row > y->row;
}

static size_t sort_items(struct matching *g)
{
	struct sorted *s = nli_xmalloc(g->sheet.n, sizeof(*s));
	size_t n = 0;

	for (size_t i = 0; i < g->sheet.n; i++) {
		const struct nli_str scope = text_at(&g->sheet, i, NLI_MATCH_SCOPE);

		if (scope.s)
			s[n++] =
				(struct sorted){ scope,
						 text_at(&g->sheet, i, NLI_MATCH_KEY),
						 text_at(&g->sheet, i, NLI_MATCH_ID), i };
	}
	nli_edit_count_not(g->tally, METHOD, "not a multiple choice with an answer",
			   g->sheet.n - n);
	if (n)
		qsort(s, n, sizeof(*s), item_cmp);
	g->row = nli_xmalloc(n, sizeof(*g->row));
	for (size_t i = 0; i < n; i++)
		g->row[i] = s[i].row;
	free(s);
	return n;
}

/* May they be together at all, whoever is named? */
static bool apart(const struct nli_match_pool *p, uint32_t i, uint32_t j)
{
	return p->cls[i] != p->cls[j] && p->group[i] != p->group[j];
}

bool nli_match_allowed(void *ctx, uint32_t i, uint32_t j)
{
	const struct nli_match_pool *p = ctx;

	return apart(p, i, j) && p->named[i] == p->named[j];
}

static bool is_poor(void *ctx, uint32_t i, uint32_t j)
{
	const struct nli_match_pool *p = ctx;
	struct nli_objects of_i, of_j;

	if (!apart(p, i, j))
		return true;
	nli_objects_of(&of_i, nli_match_text(p, i, NLI_MATCH_OBJECTS));
	nli_objects_of(&of_j, nli_match_text(p, j, NLI_MATCH_OBJECTS));
	return of_j.n &&
	       !nli_refs_fit(nli_match_text(p, j, NLI_MATCH_ANSWER), &of_j, &of_i);
}

/* A text as it is compared: without who is who, case and marks. */
static struct nli_str compared(struct nli_match_pool *p, uint32_t i,
			       enum nli_match_cell cell, struct nli_buf tmp[2])
{
	struct nli_objects o;
	const struct nli_str text = nli_match_text(p, i, cell);

	nli_objects_of(&o, nli_match_text(p, i, NLI_MATCH_OBJECTS));
	nli_buf_clear(&tmp[0]);
	nli_buf_clear(&tmp[1]);
	nli_refs_form(text, &o, &tmp[0]);
	nli_text_match_form(nli_buf_str(&tmp[0]),
			    NLI_MATCH_CASE | NLI_MATCH_PUNCT | NLI_MATCH_WIDTH, &tmp[1]);
	return (struct nli_str){
		nli_arena_strndup(&p->texts, tmp[1].data ? tmp[1].data : "", tmp[1].len),
		tmp[1].len
	};
}

static uint32_t count_named(const struct nli_match_pool *p, uint32_t i,
			    struct nli_intern *counts, struct nli_buf *tmp)
{
	struct nli_objects o;

	nli_objects_of(&o, nli_match_text(p, i, NLI_MATCH_OBJECTS));
	nli_buf_clear(tmp);
	nli_refs_count(nli_match_text(p, i, NLI_MATCH_ANSWER), &o, tmp);
	return (uint32_t)nli_intern_add(counts, nli_buf_str(tmp));
}

static void open_pool(struct nli_match_pool *p)
{
	struct nli_intern classes = { 0 }, groups = { 0 }, counts = { 0 };
	struct nli_buf tmp[2] = { { 0 }, { 0 } };

	p->cls = nli_xmalloc(p->n, sizeof(*p->cls));
	p->group = nli_xmalloc(p->n, sizeof(*p->group));
	p->named = nli_xmalloc(p->n, sizeof(*p->named));
	p->stem = nli_xmalloc(p->n, sizeof(*p->stem));
	p->answer = nli_xmalloc(p->n, sizeof(*p->answer));
	for (uint32_t i = 0; i < p->n; i++) {
		p->stem[i] = compared(p, i, NLI_MATCH_PREMISE, tmp);
		p->answer[i] = compared(p, i, NLI_MATCH_ANSWER, tmp);
		p->cls[i] = (uint32_t)nli_intern_add(&classes, p->answer[i]);
		p->group[i] = (uint32_t)nli_intern_add(
			&groups, nli_match_text(p, i, NLI_MATCH_GROUP));
		p->named[i] = count_named(p, i, &counts, &tmp[0]);
	}
	nli_intern_release(&groups);
	nli_intern_release(&counts);
	nli_intern_release(&classes);
	nli_buf_release(&tmp[0]);
	nli_buf_release(&tmp[1]);
}

static void close_pool(struct nli_match_pool *p)
{
	free(p->cls);
	free(p->group);
	free(p->named);
	free(p->stem);
	free(p->answer);
	nli_arena_release(&p->texts);
}

/* Leave out of rows[0..n) what no assignment can hold; returns how many stay, in order. */
static size_t trim(struct matching *g, size_t *rows, size_t n, size_t b)
{
	struct nli_match_pool p = { .sheet = &g->sheet, .n = n, .b = b, .row = rows };
	uint64_t *rank = nli_xmalloc(n, sizeof(*rank));
	bool *keep = nli_xcalloc(n, sizeof(*keep));
	size_t kept = 0;

	open_pool(&p);
	for (uint32_t i = 0; i < n; i++) {
		const struct nli_str key = nli_match_text(&p, i, NLI_MATCH_KEY);

		rank[i] = nli_hash(key.s, key.len, g->e->args->seed);
	}
	nli_regular_trim(p.cls, rank, n, b, keep);
	close_pool(&p);
	for (size_t i = 0; i < n; i++)
		if (keep[i])
			rows[kept++] = rows[i];
	if (kept)
		nli_edit_count_not(g->tally, METHOD,
				   "too many items with the same answer", n - kept);
	else
		nli_edit_count_not(g->tally, METHOD,
				   "too few different answers to choose from", n);
	free(rank);
	free(keep);
	return kept;
}

struct drawn {
	uint64_t chance;
	size_t row; /* of the pool */
};

static int drawn_cmp(const void *a, const void *b)
{
	const struct drawn *x = a, *y = b;

	if (x->chance != y->chance)
		return x->chance < y->chance ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* Each place for the right choice equally often, dealt in an order drawn from the keys. */
static void deal_places(struct matching *g, const struct nli_match_pool *p)
{
	struct drawn *d = nli_xmalloc(p->n, sizeof(*d));

	for (uint32_t i = 0; i < p->n; i++) {
		const struct nli_str key = nli_match_text(p, i, NLI_MATCH_KEY);

		d[i] = (struct drawn){
			nli_mix(nli_hash(key.s, key.len, nli_mix(g->e->args->seed))), i
		};
	}
	qsort(d, p->n, sizeof(*d), drawn_cmp);
	for (size_t i = 0; i < p->n; i++)
		g->place[p->row[d[i].row]] = (uint8_t)(i % (p->b + 1));
	free(d);
}

static void keep_result(struct matching *g, const struct nli_match_pool *p,
			const struct nli_regular_result *r)
{
	for (size_t i = 0; i < p->n; i++) {
		g->wrong_at[p->row[i]] = g->n_wrong + 1;
		g->n_of[p->row[i]] = (uint32_t)p->b;
		nli_grow(&g->wrong, &g->wrong_cap, g->n_wrong + p->b, sizeof(*g->wrong));
		for (size_t k = 0; k < p->b; k++)
			g->wrong[g->n_wrong++] = (uint32_t)p->row[r->to[i * p->b + k]];
	}
	g->pools++;
	g->items += p->n;
	g->pairs += p->n * p->b;
	g->listed += r->listed;
	g->poor += r->poor;
	g->shifted += r->shifted;
	g->value += r->value;
	g->bound += r->bound;
}

static void match_pool(struct matching *g, size_t *rows, size_t n, size_t b)
{
	struct nli_match_pool p = { .sheet = &g->sheet, .b = b, .row = rows };
	struct nli_candidates c = { 0 };
	struct nli_regular_result result;
	struct nli_err err;

	p.n = trim(g, rows, n, b);
	if (!p.n)
		return;
	open_pool(&p);
	if (g->scores)
		nli_match_scores_find(g->scores, &p, &c);
	else
		nli_relevance_find(
			&(struct nli_relevance_args){ .n = p.n,
						      .stem = p.stem,
						      .answer = p.answer,
						      .allowed = nli_match_allowed,
						      .ctx = &p,
						      .lambda = g->e->args->lambda,
						      .most = NLI_MATCH_LIST,
						      .seed = g->e->args->seed,
						      .jobs = g->e->args->jobs },
			&c);
	if (nli_regular_solve(&(struct nli_regular){ .n = p.n,
						     .b = b,
						     .cls = p.cls,
						     .start = c.start,
						     .cand = c.cand,
						     .weight = c.weight,
						     .floor = nli_relevance_weight(
							     0, 0, g->e->args->lambda),
						     .poor = is_poor,
						     .ctx = &p,
						     .seed = g->e->args->seed },
			      &result, &err))
		nli_die("%s", err.msg);
	keep_result(g, &p, &result);
	deal_places(g, &p);
	nli_regular_release(&result);
	nli_candidates_release(&c);
	close_pool(&p);
}

static void match_all(struct matching *g)
{
	const size_t n = sort_items(g);

	g->wrong_at = nli_xcalloc(g->sheet.n, sizeof(*g->wrong_at));
	g->n_of = nli_xcalloc(g->sheet.n, sizeof(*g->n_of));
	g->place = nli_xcalloc(g->sheet.n, sizeof(*g->place));
	for (size_t i = 0, to; i < n; i = to) {
		const struct nli_str scope =
			text_at(&g->sheet, g->row[i], NLI_MATCH_SCOPE);

		for (to = i;
		     to < n &&
		     nli_str_eq(text_at(&g->sheet, g->row[to], NLI_MATCH_SCOPE), scope);)
			to++;
		match_pool(g, g->row + i, to - i, (size_t)strtoul(scope.s, NULL, 10) - 1);
	}
}

/* A thread's own, for writing. */
struct writing {
	struct nli_edit_tally tally;
	struct nli_buf text[NLI_MAX_CHOICES], also;
	struct nli_made_edit edit[NLI_MAX_CHOICES * NLI_MAX_REFS];
	uint64_t lost;
};

static void *writing_new(void *ctx)
{
	(void)ctx;
	return nli_xcalloc(1, sizeof(struct writing));
}

static void writing_free(void *ctx, void *arg)
{
	struct matching *g = ctx;
	struct writing *t = arg;

	nli_edit_tally_add(g->tally, &t->tally);
	g->lost += t->lost;
	nli_edit_tally_release(&t->tally);
	for (size_t i = 0; i < NLI_MAX_CHOICES; i++)
		nli_buf_release(&t->text[i]);
	nli_buf_release(&t->also);
	free(t);
}

struct placed {
	uint64_t chance;
	uint32_t row;
};

static int placed_cmp(const void *a, const void *b)
{
	const struct placed *x = a, *y = b;

	return x->chance < y->chance ? -1 : x->chance > y->chance;
}

/* The rows of the choices in their order, and which is right. */
static size_t order_choices(const struct matching *g, const struct nli_record *r,
			    size_t row, uint32_t *to, int *answer)
{
	const struct nli_str key = r->key.s ? r->key : r->id;
	const uint64_t h = nli_mix(nli_hash(key.s, key.len, nli_mix(g->e->args->seed)));
	const uint32_t *wrong = g->wrong + g->wrong_at[row] - 1;
	struct placed p[NLI_MAX_CHOICES];
	const size_t n = g->n_of[row];

	for (size_t k = 0; k < n; k++) {
		const struct nli_str id = text_at(&g->sheet, wrong[k], NLI_MATCH_ID);

		p[k] = (struct placed){ nli_hash(id.s, id.len, h), wrong[k] };
	}
	qsort(p, n, sizeof(*p), placed_cmp);
	*answer = g->place[row];
	for (size_t k = 0; k <= n; k++)
		to[k] = (int)k == *answer  ? (uint32_t)row
			: (int)k < *answer ? p[k].row
					   : p[k - 1].row;
	return n + 1;
}

/* The text of choice k, which is the answer of row from, as it reads in this picture. */
static size_t place_choice(const struct matching *g, struct writing *t, size_t k,
			   uint32_t from, const struct nli_naming *naming,
			   struct nli_made_edit *edit)
{
	struct nli_objects objects;
	size_t n;

	nli_objects_of(&objects, text_at(&g->sheet, from, NLI_MATCH_OBJECTS));
	nli_buf_clear(&t->text[k]);
	n = nli_refs_move(text_at(&g->sheet, from, NLI_MATCH_ANSWER), &objects, naming,
			  &t->text[k], edit, &t->lost);
	for (size_t i = 0; i < n; i++)
		edit[i].choice = k;
	return n;
}

static void make_item(const struct matching *g, const struct nli_record *r, size_t row,
		      struct nli_work *w)
{
	struct writing *t = w->scratch;
	struct nli_edit_sink sink = { .tally = &t->tally,
				      .out = w->out,
				      .method = METHOD };
	struct nli_made m = { .source = r,
			      .method = METHOD,
			      .part = "choices",
			      .task = NLI_TASK_CHOICE,
			      .premise = r->premise,
			      .edit = t->edit,
			      .assumed = true };
	struct nli_jw also = { .b = &t->also };
	struct nli_objects objects;
	struct nli_naming naming;
	uint32_t from[NLI_MAX_CHOICES];
	struct nli_str choice[NLI_MAX_CHOICES];

	nli_objects_of(&objects, text_at(&g->sheet, row, NLI_MATCH_OBJECTS));
	nli_naming_of(&naming, &objects, r->choice[r->answer], r->premise);
	m.n_choice = order_choices(g, r, row, from, &m.answer);
	nli_buf_clear(&t->also);
	nli_jw_key(&also, "choices_from");
	nli_jw_open(&also, '[');
	for (size_t k = 0; k < m.n_choice; k++) {
		m.n_edit += place_choice(g, t, k, from[k], &naming, t->edit + m.n_edit);
		choice[k] = nli_buf_str(&t->text[k]);
		nli_jw_str(&also, text_at(&g->sheet, from[k], NLI_MATCH_ID));
	}
	nli_jw_close(&also, ']');
	m.choice = choice;
	m.also = nli_buf_str(&t->also);
	nli_edit_make(&sink, &m);
}

static int write_record(void *ctx, const struct nli_record *r, struct nli_work *w,
			struct nli_err *err)
{
	const struct matching *g = ctx;
	const bool makes = g->wrong_at[w->index] > 0, keep = g->e->args->keep;

	(void)err;
	if (keep)
		nli_edit_pass_source(r, w);
	if (makes)
		make_item(g, r, w->index, w);
	w->more = makes && keep;
	return makes || keep ? NLI_KEEP : NLI_DROP;
}

static void tell(const struct matching *g, struct nli_jw *w)
{
	const struct {
		const char *name;
		uint64_t n;
	} count[] = { { "pools", g->pools },
		      { "items", g->items },
		      { "pairs", g->pairs },
		      { "listed", g->listed },
		      { "same_group_or_lacking_objects", g->poor },
		      { "lost_references", g->lost },
		      { "shifted_pools", g->shifted } };

	nli_jw_key(w, METHOD);
	nli_jw_open(w, '{');
	for (size_t i = 0; i < sizeof(count) / sizeof(*count); i++) {
		nli_jw_key(w, count[i].name);
		nli_jw_u64(w, count[i].n);
	}
	if (g->pairs) {
		nli_jw_key(w, "mean_weight");
		nli_jw_real(w, g->value / (double)g->pairs);
		nli_jw_key(w, "mean_weight_bound");
		nli_jw_real(w, g->bound / (double)g->pairs);
	}
	nli_jw_close(w, '}');
}

void nli_match_run(struct nli_run *run, const struct nli_edit *e,
		   struct nli_edit_tally *tally)
{
	struct matching g = { .e = e, .tally = tally };
	const struct nli_record_pass scan = { .ctx = &g,
					      .record = read_item,
					      .commit = take_items };
	const struct nli_record_pass emit = { .ctx = &g,
					      .record = write_record,
					      .scratch_new = writing_new,
					      .scratch_free = writing_free };

	nli_records_scan(run, &scan);
	if (e->args->scores)
		g.scores = nli_match_scores_read(run, e->args->scores, e->args->lambda);
	match_all(&g);
	nli_records_emit(run, &emit);
	tell(&g, &(struct nli_jw){ .b = &run->results });
	nli_match_scores_free(g.scores);
	nli_sheet_release(&g.sheet);
	free(g.row);
	free(g.wrong);
	free(g.wrong_at);
	free(g.n_of);
	free(g.place);
}
