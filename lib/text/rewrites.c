/* rewrites.c - see rewrites.h: life cycle, tables, facts.  Rules are in rewrites_rules.c. */
#include "lib/text/rewrites.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/text/norm.h"
#include "lib/text/rewrites_parts.h"

enum { MAX_COLUMNS = 32 };

int nli_rw_fail(const struct nli_rewrites *r, long line, struct nli_err *err,
		const char *what, const char *found)
{
	return nli_fail(err, NLI_EDATA, "%s:%ld: %s: \"%.100s\"", r->path, line, what,
			found);
}

const char *nli_rw_item(struct nli_rewrites *r, const char **s)
{
	const char *from = *s ? *s + strspn(*s, " \t\r\n") : "";
	const size_t len = strcspn(from, " \t\r\n");
	struct nli_buf nfc = { 0 };
	char *item;

	if (!len)
		return NULL;
	*s = from + len;
	nli_text_nfc((struct nli_str){ from, len }, &nfc);
	item = nli_arena_strndup(&r->arena, nfc.data, nfc.len);
	nli_buf_release(&nfc);
	for (char *c = item; *c; c++)
		if (*c == '_')
			*c = ' ';
	return item;
}

const char *nli_rw_fold(struct nli_rewrites *r, struct nli_str text)
{
	struct nli_buf nfc = { 0 }, folded = { 0 };
	const char *made;

	nli_text_nfc(text, &nfc);
	nli_text_fold(nli_buf_str(&nfc), &folded);
	made = nli_arena_strndup(&r->arena, folded.data ? folded.data : "", folded.len);
	nli_buf_release(&nfc);
	nli_buf_release(&folded);
	return made;
}

/* Tables. */

const struct nli_rw_table *nli_rw_table(const struct nli_rewrites *r, const char *name)
{
	for (size_t i = 0; i < r->n_table; i++)
		if (!strcmp(r->table[i].name, name))
			return &r->table[i];
	return NULL;
}

ptrdiff_t nli_rw_column(const struct nli_rw_table *t, const char *name)
{
	for (size_t i = 0; i < t->n_column; i++)
		if (!strcmp(t->column[i], name))
			return (ptrdiff_t)i;
	return -1;
}

static uint64_t folded_hash(struct nli_str text)
{
	struct nli_buf folded = { 0 };
	uint64_t h;

	nli_text_fold(text, &folded);
	h = nli_hash(folded.data, folded.len, 0);
	nli_buf_release(&folded);
	return h;
}

ptrdiff_t nli_rw_row(const struct nli_rw_table *t, size_t column, struct nli_str text)
{
	const uint64_t *at = nli_map64_get(&t->index[column], folded_hash(text));

	return at ? (ptrdiff_t)*at : -1;
}

/* The columns of a table: those that it lists, then those that its entries name. */
static int find_columns(struct nli_rewrites *r, const struct nli_packnode *at,
			struct nli_rw_table *t, struct nli_err *err)
{
	const char *listed = nli_packnode_attr(at, "columns");
	const char **column = nli_arena_alloc(&r->arena, MAX_COLUMNS * sizeof(*column));

	t->column = column;
	for (const char *c; t->n_column < MAX_COLUMNS && (c = nli_rw_item(r, &listed));)
		column[t->n_column++] = c;
	for (const struct nli_packnode *e = at->child; e; e = e->next) {
		t->n_row++;
		for (size_t i = 0; i < e->n_attr; i++) {
			if (!strcmp(e->attr[i].name, "features") ||
			    nli_rw_column(t, e->attr[i].name) >= 0)
				continue;
			if (t->n_column == MAX_COLUMNS)
				return nli_rw_fail(r, e->line, err,
						   "more than 32 columns", t->name);
			column[t->n_column++] = e->attr[i].name;
		}
	}
	return 0;
}

static int fill_row(struct nli_rewrites *r, const struct nli_packnode *e,
		    struct nli_rw_table *t, size_t row, struct nli_err *err)
{
	const char **cell = &t->cell[row * t->n_column], *text = e->text;
	size_t n = 0;

	t->feature[row] = nli_packnode_attr(e, "features");
	for (size_t i = 0; i < e->n_attr; i++)
		if (strcmp(e->attr[i].name, "features"))
			cell[nli_rw_column(t, e->attr[i].name)] = e->attr[i].value;
	if (!nli_packnode_is(e, "row"))
		return 0;
	for (const char *item; (item = nli_rw_item(r, &text)); n++) {
		if (n >= t->n_column)
			break;
		cell[n] = strcmp(item, "-") ? item : NULL;
	}
	if (n != t->n_column || nli_rw_item(r, &text))
		return nli_rw_fail(r, e->line, err, "not as many items as columns",
				   t->name);
	return 0;
}

static void index_table(struct nli_rw_table *t)
{
	t->index = nli_xcalloc(t->n_column, sizeof(*t->index));
	for (size_t c = 0; c < t->n_column; c++)
		for (size_t row = 0; row < t->n_row; row++) {
			const char *cell = t->cell[row * t->n_column + c];
			uint64_t *at;
			bool fresh;

			if (!cell)
				continue;
			at = nli_map64_put(&t->index[c], folded_hash(nli_str_of(cell)),
					   &fresh);
			*at = fresh ? row : *at;
		}
}

static int add_table(struct nli_rewrites *r, const struct nli_packnode *at,
		     struct nli_err *err)
{
	struct nli_rw_table t = { .name = nli_packnode_attr(at, "name") };
	size_t row = 0;
	int rc = find_columns(r, at, &t, err);

	t.cell = nli_xcalloc(t.n_row * t.n_column, sizeof(*t.cell));
	t.feature = nli_xcalloc(t.n_row, sizeof(*t.feature));
	for (const struct nli_packnode *e = at->child; e && !rc; e = e->next)
		rc = fill_row(r, e, &t, row++, err);
	index_table(&t);
	nli_grow(&r->table, &r->table_cap, r->n_table + 1, sizeof(t));
	r->table[r->n_table++] = t;
	return rc;
}

int nli_rw_tables(struct nli_rewrites *r, const struct nli_packnode *root,
		  struct nli_err *err)
{
	int rc = 0;

	for (const struct nli_packnode *t = nli_packnode_child(root, "table"); t && !rc;
	     t = nli_packnode_again(t)) {
		if (nli_rw_table(r, nli_packnode_attr(t, "name")))
			return nli_rw_fail(r, t->line, err, "a second table of that name",
					   nli_packnode_attr(t, "name"));
		rc = add_table(r, t, err);
	}
	return rc;
}

/* Life cycle. */

static void read_head(struct nli_rewrites *r, const struct nli_packnode *root)
{
	const struct nli_packnode *numbers = nli_packnode_child(root, "numbers");
	const char *decimal = nli_packnode_attr(numbers, "decimal");
	const char *grouping = nli_packnode_attr(numbers, "grouping");

	r->lang = nli_packnode_attr(root, "lang");
	r->spaces = !strcmp(nli_packnode_attr(root, "spaces"), "yes");
	r->decimal = decimal ? *decimal : 0;
	r->grouping = grouping ? *grouping : 0;
}

int nli_rewrites_load(struct nli_rewrites **out, const char *path, const char *rng,
		      struct nli_err *err)
{
	struct nli_rewrites *r = nli_xcalloc(1, sizeof(*r));
	const struct nli_packnode *root;
	int rc = nli_packtree_read(&r->tree, path, rng, err);

	*out = NULL;
	r->path = nli_arena_strndup(&r->arena, path, strlen(path));
	if (!rc) {
		root = nli_packtree_root(r->tree);
		read_head(r, root);
		nli_rw_facts(r, root);
		rc = nli_rw_tables(r, root, err);
		if (!rc)
			rc = nli_rw_rules(r, root, err);
	}
	if (rc)
		nli_rewrites_free(r);
	else
		*out = r;
	return rc;
}

static void free_rule(struct nli_rw_rule *rule)
{
	nli_pattern_free(rule->match);
	free(rule->when);
	free(rule->unless);
	free(rule->piece);
	free(rule->example);
	free(rule->need);
}

void nli_rewrites_free(struct nli_rewrites *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n_rule; i++)
		free_rule(&r->rule[i]);
	for (size_t i = 0; i < r->n_table; i++) {
		for (size_t c = 0; c < r->table[i].n_column; c++)
			nli_map64_release(&r->table[i].index[c]);
		free(r->table[i].index);
		free(r->table[i].cell);
		free(r->table[i].feature);
	}
	for (size_t i = 0; i < r->n_condition; i++)
		nli_pattern_free(r->condition[i].pattern);
	nli_map64_release(&r->condition_index);
	free(r->condition);
	free(r->rule);
	free(r->table);
	free(r->fact);
	free(r->quantifier);
	nli_packtree_free(r->tree);
	nli_arena_release(&r->arena);
	free(r);
}
