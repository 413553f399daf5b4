/*
 * rewrites_rules.c - a pack's rules: {{name}} in patterns is expanded, patterns
 * are compiled, replacements are cut into pieces, inverses are found.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/text/alternatives.h"
#include "lib/text/norm.h"
#include "lib/text/rewrites_parts.h"

enum { MAX_EXPANDED = 60 * 1024, MAX_NAME = 100 };

/* Where names are looked up while a rule is read. */
struct reader {
	struct nli_rewrites *r;
	const struct nli_packnode *rules;
	struct nli_err *err;
	/* Names of words that were expanded, and to what: most are asked for often. */
	struct nli_map64 done;
	struct nli_str *group; /* (n_group,) */
	size_t n_group, group_cap;
};

static int complain(struct reader *d, long line, const char *what, const char *found)
{
	return nli_rw_fail(d->r, line, d->err, what, found);
}

/* Words that become one group of alternatives.  Borrows them. */
struct words {
	const char **word;
	size_t n, cap;
};

static void add_word(struct words *w, const char *word)
{
	nli_grow(&w->word, &w->cap, w->n + 1, sizeof(*w->word));
	w->word[w->n++] = word;
}

static bool has_feature(const char *features, const char *wanted)
{
	const size_t len = strlen(wanted);

	for (const char *f = features; f && (f = strstr(f, wanted)); f += len)
		if ((f == features || f[-1] == ' ') && (!f[len] || f[len] == ' '))
			return true;
	return false;
}

/* The cells of "table.column:feature" (column: form if not said) as alternatives. */
static bool add_cells(struct reader *d, char *name, struct words *out)
{
	char *feature = strchr(name, ':'), *column = strchr(name, '.');
	const struct nli_rw_table *t;
	ptrdiff_t c;

	if (feature)
		*feature++ = '\0';
	if (column)
		*column++ = '\0';
	t = nli_rw_table(d->r, name);
	c = t ? nli_rw_column(t, column ? column : "form") : -1;
	for (size_t row = 0; c >= 0 && row < t->n_row; row++) {
		const char *cell = t->cell[row * t->n_column + (size_t)c];

		if (cell && (!feature || has_feature(t->feature[row], feature)))
			add_word(out, cell);
	}
	return c >= 0;
}

/* The members of "set:kind" or "context:kind". */
static bool add_facts(struct reader *d, const char *name, struct words *out)
{
	const char *kind = strchr(name, ':');
	const bool set = !strncmp(name, "set:", 4),
		   context = !strncmp(name, "context:", 8);
	bool found = false;

	for (size_t i = 0; (set || context) && i < d->r->n_fact; i++) {
		const struct nli_fact *f = &d->r->fact[i];

		if (f->kind != (set ? NLI_FACT_MEMBER : NLI_FACT_CONTEXT) ||
		    strcmp(f->b, kind + 1))
			continue;
		add_word(out, f->a);
		found = true;
	}
	return found;
}

static const struct nli_packnode *named(struct reader *d, const char *element,
					const char *name)
{
	for (const struct nli_packnode *n = nli_packnode_child(d->rules, element); n;
	     n = nli_packnode_again(n))
		if (!strcmp(nli_packnode_attr(n, "name"), name))
			return n;
	return NULL;
}

static int expand(struct reader *d, const struct nli_packnode *at, const char *text,
		  struct nli_buf *out);

/* The words that a name stands for; false if it stands for none. */
static bool find_words(struct reader *d, char *name, struct words *w)
{
	const struct nli_packnode *list = named(d, "list", name);
	const char *items = list ? list->text : NULL;

	for (const char *item; (item = nli_rw_item(d->r, &items));)
		add_word(w, item);
	if (!list && !add_facts(d, name, w) && !add_cells(d, name, w))
		return false;
	return true;
}

static void keep_group(struct reader *d, uint64_t name, struct nli_str group)
{
	*nli_map64_put(&d->done, name, NULL) = d->n_group;
	nli_grow(&d->group, &d->group_cap, d->n_group + 1, sizeof(*d->group));
	d->group[d->n_group++] =
		(struct nli_str){ nli_arena_strndup(&d->r->arena, group.s, group.len),
				  group.len };
}

static int expand_words(struct reader *d, const struct nli_packnode *at, char *name,
			struct nli_buf *out)
{
	const uint64_t hash = nli_hash(name, strlen(name), 0);
	const uint64_t *had = nli_map64_get(&d->done, hash);
	const size_t before = out->len;
	struct words w = { 0 };
	char whole[MAX_NAME];
	int rc = 0;

	if (had) {
		nli_buf_add(out, d->group[*had].s, d->group[*had].len);
		return 0;
	}
	memcpy(whole, name, strlen(name) + 1);
	if (!find_words(d, name, &w))
		rc = complain(d, at->line, "no list, let, table or set of that name",
			      whole);
	else if (w.n)
		nli_alternatives(w.word, w.n, out);
	if (!rc)
		keep_group(d, hash,
			   (struct nli_str){ nli_buf_str(out).s + before,
					     out->len - before });
	free(w.word);
	return rc;
}

/* What {{name}} stands for, as a group that is not counted. */
static int expand_name(struct reader *d, const struct nli_packnode *at, char *name,
		       struct nli_buf *out)
{
	const struct nli_packnode *let = named(d, "let", name);
	struct nli_buf inner = { 0 };
	int rc;

	nli_buf_adds(&inner, "(?:");
	/* A let may use those above it alone, so that none can be its own part. */
	if (let && nli_packnode_is(at, "let") && let->line >= at->line)
		rc = complain(d, at->line, "stands below its use", name);
	else
		rc = let ? expand(d, let, let->text, &inner)
			 : expand_words(d, at, name, &inner);
	nli_buf_addc(&inner, ')');
	if (!rc && out->len + inner.len > MAX_EXPANDED)
		rc = complain(d, at->line, "a pattern of more than 60 KiB with", name);
	if (!rc)
		nli_buf_add(out, inner.data, inner.len);
	nli_buf_release(&inner);
	return rc;
}

/* Append text with each {{name}} replaced by a group of what it stands for. */
static int expand(struct reader *d, const struct nli_packnode *at, const char *text,
		  struct nli_buf *out)
{
	char name[MAX_NAME];
	int rc = 0;

	for (const char *open; !rc && (open = strstr(text, "{{"));) {
		const char *close = strstr(open, "}}");
		const size_t len = close ? (size_t)(close - open) - 2 : 0;

		if (!close || !len || len >= sizeof(name))
			return complain(d, at->line, "wanted {{name}}", open);
		nli_buf_add(out, text, (size_t)(open - text));
		memcpy(name, open + 2, len);
		name[len] = '\0';
		rc = expand_name(d, at, name, out);
		text = close + 2;
	}
	nli_buf_adds(out, text);
	return rc;
}

static int compile_text(struct reader *d, const struct nli_packnode *at,
			struct nli_str text, struct nli_pattern **p)
{
	if (!nli_pattern_new(p, text, NLI_PATTERN_CASELESS, d->err))
		return 0;
	nli_err_prefix(d->err, "%s:%ld", d->r->path, at->line);
	return d->err->code = NLI_EDATA;
}

static int compile_match(struct reader *d, const struct nli_packnode *at,
			 struct nli_rw_rule *rule)
{
	struct nli_buf text = { 0 };
	int rc = expand(d, at, at->text, &text);

	if (!rc)
		rc = compile_text(d, at, nli_buf_str(&text), &rule->match);
	rule->match_text =
		nli_arena_strndup(&d->r->arena, nli_buf_str(&text).s, text.len);
	nli_buf_release(&text);
	return rc;
}

/* The number of a condition, which is compiled when it is first seen. */
static int find_condition(struct reader *d, const struct nli_packnode *at,
			  struct nli_str text, size_t *number)
{
	struct nli_rewrites *r = d->r;
	bool fresh;
	uint64_t *had =
		nli_map64_put(&r->condition_index, nli_hash(text.s, text.len, 0), &fresh);
	struct nli_rw_condition *c;

	*number = fresh ? r->n_condition : (size_t)*had;
	if (!fresh)
		return 0;
	*had = r->n_condition;
	nli_grow(&r->condition, &r->condition_cap, r->n_condition + 1, sizeof(*c));
	c = &r->condition[r->n_condition++];
	c->text = nli_arena_strndup(&r->arena, text.s, text.len);
	return compile_text(d, at, text, &c->pattern);
}

/* All children of that name as conditions. */
static int compile_all(struct reader *d, const struct nli_packnode *rule,
		       const char *name, size_t **number, size_t *n)
{
	struct nli_buf text = { 0 };
	size_t cap = 0;
	int rc = 0;

	for (const struct nli_packnode *c = nli_packnode_child(rule, name); c && !rc;
	     c = nli_packnode_again(c)) {
		nli_buf_clear(&text);
		nli_grow(number, &cap, *n + 1, sizeof(**number));
		rc = expand(d, c, c->text, &text);
		if (!rc)
			rc = find_condition(d, c, nli_buf_str(&text), &(*number)[(*n)++]);
	}
	nli_buf_release(&text);
	return rc;
}

/* "group|table.to" or "group|table.from.to". */
static int read_lookup(struct reader *d, const struct nli_packnode *at, char *bar,
		       struct nli_rw_piece *piece)
{
	char *table = bar + 1, *from = strchr(table, '.'), *to;
	ptrdiff_t a, b;

	*bar = '\0';
	if (!from)
		return complain(d, at->line, "wanted {group|table.column}", table);
	*from++ = '\0';
	to = strchr(from, '.');
	if (to)
		*to++ = '\0';
	piece->table = nli_rw_table(d->r, table);
	if (!piece->table)
		return complain(d, at->line, "no table of that name", table);
	a = nli_rw_column(piece->table, to ? from : "form");
	b = nli_rw_column(piece->table, to ? to : from);
	if (a < 0 || b < 0)
		return complain(d, at->line, "no such column in the table", table);
	piece->from = (size_t)a;
	piece->to = (size_t)b;
	return 0;
}

static int read_group(struct reader *d, const struct nli_packnode *at,
		      const struct nli_pattern *match, struct nli_str text,
		      struct nli_rw_piece *piece)
{
	char *name = nli_arena_strndup(&d->r->arena, text.s, text.len);
	char *bar = strchr(name, '|');
	int rc = bar ? read_lookup(d, at, bar, piece) : 0;

	piece->group = nli_pattern_group(match, name);
	if (!rc && !piece->group)
		rc = complain(d, at->line, "the match has no group of that name", name);
	return rc;
}

static int read_replacement(struct reader *d, const struct nli_packnode *at,
			    struct nli_rw_rule *rule)
{
	const char *s = at->text;
	size_t cap = 0;
	int rc = 0;

	while (*s && !rc) {
		struct nli_rw_piece piece = { .text = { s, strcspn(s, "{") } };

		s += piece.text.len;
		if (!piece.text.len) {
			const struct nli_str name = { s + 1, strcspn(s + 1, "}") };

			if (!name.s[name.len])
				return complain(d, at->line, "wanted {group}", s);
			piece.text = (struct nli_str){ NULL, 0 };
			rc = read_group(d, at, rule->match, name, &piece);
			s += name.len + 2;
		}
		nli_grow(&rule->piece, &cap, rule->n_piece + 1, sizeof(piece));
		rule->piece[rule->n_piece++] = piece;
	}
	return rc;
}

/* The words of "needs": plain ones, and {{name}} for all that it stands for. */
static int read_needs(struct reader *d, const struct nli_packnode *at,
		      struct nli_rw_rule *rule)
{
	const char *needs = nli_packnode_attr(at, "needs");
	struct words w = { 0 };
	size_t cap = 0;
	int rc = 0;

	for (const char *item; !rc && (item = nli_rw_item(d->r, &needs));) {
		const size_t len = strlen(item);
		char *name;

		if (strncmp(item, "{{", 2) || len < 5) {
			add_word(&w, item);
			continue;
		}
		name = nli_arena_strndup(&d->r->arena, item + 2, len - 4);
		if (!find_words(d, name, &w))
			rc = complain(d, at->line, "no list, table or set of that name",
				      item);
	}
	for (size_t i = 0; i < w.n; i++) {
		nli_grow(&rule->need, &cap, rule->n_need + 1, sizeof(*rule->need));
		rule->need[rule->n_need++] = nli_rw_fold(d->r, nli_str_of(w.word[i]));
	}
	free(w.word);
	return rc;
}

static const char *clean(struct nli_rewrites *r, const char *s)
{
	struct nli_buf b = { 0 };
	const char *made;

	nli_text_clean(nli_str_of(s), &b);
	made = nli_arena_strndup(&r->arena, b.data ? b.data : "", b.len);
	nli_buf_release(&b);
	return made;
}

static void read_examples(struct reader *d, const struct nli_packnode *at,
			  struct nli_rw_rule *rule)
{
	size_t cap = 0;

	for (const struct nli_packnode *e = nli_packnode_child(at, "example"); e;
	     e = nli_packnode_again(e)) {
		const struct nli_packnode *out = nli_packnode_child(e, "out");

		nli_grow(&rule->example, &cap, rule->n_example + 1,
			 sizeof(*rule->example));
		rule->example[rule->n_example++] = (struct nli_rw_example){
			.in = clean(d->r, nli_packnode_child(e, "in")->text),
			.out = out ? clean(d->r, out->text) : NULL,
			.line = e->line,
		};
	}
}

static int read_rule(struct reader *d, const struct nli_packnode *at,
		     struct nli_rw_rule *rule)
{
	const char *priority = nli_packnode_attr(at, "priority");
	const char *exclusive = nli_packnode_attr(at, "exclusive");
	int rc;

	rule->id = nli_packnode_attr(at, "id");
	rule->op = nli_packnode_attr(at, "op");
	rule->relation = nli_packnode_attr(at, "relation");
	rule->inverse = nli_packnode_attr(at, "inverse");
	rule->exclusive = exclusive && !strcmp(exclusive, "yes");
	rule->priority = priority ? strtol(priority, NULL, 10) : 0;
	rule->line = at->line;
	rc = compile_match(d, nli_packnode_child(at, "match"), rule);
	if (!rc)
		rc = compile_all(d, at, "when", &rule->when, &rule->n_when);
	if (!rc)
		rc = compile_all(d, at, "unless", &rule->unless, &rule->n_unless);
	if (!rc)
		rc = read_replacement(d, nli_packnode_child(at, "replace"), rule);
	if (!rc)
		rc = read_needs(d, at, rule);
	read_examples(d, at, rule);
	return rc;
}

/* By priority, then as they stand in the pack. */
static int by_priority(const void *a, const void *b)
{
	const struct nli_rw_rule *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? 1 : -1;
	return (x->line > y->line) - (x->line < y->line);
}

static int find_inverses(struct reader *d)
{
	struct nli_rewrites *r = d->r;

	for (size_t i = 0; i < r->n_rule; i++) {
		struct nli_rw_rule *rule = &r->rule[i];

		rule->inverse_at = r->n_rule;
		for (size_t k = 0; k < r->n_rule; k++)
			if (!strcmp(r->rule[k].id, rule->inverse))
				rule->inverse_at = k;
		if (rule->inverse_at == r->n_rule)
			return complain(d, rule->line, "no rule of that id, the inverse",
					rule->inverse);
	}
	return 0;
}

int nli_rw_rules(struct nli_rewrites *r, const struct nli_packnode *root,
		 struct nli_err *err)
{
	struct reader d = { .r = r,
			    .rules = nli_packnode_child(root, "rules"),
			    .err = err };
	int rc = 0;

	for (const struct nli_packnode *n = nli_packnode_child(d.rules, "rule"); n && !rc;
	     n = nli_packnode_again(n)) {
		nli_grow(&r->rule, &r->rule_cap, r->n_rule + 1, sizeof(*r->rule));
		memset(&r->rule[r->n_rule], 0, sizeof(*r->rule));
		rc = read_rule(&d, n, &r->rule[r->n_rule++]);
	}
	nli_map64_release(&d.done);
	free(d.group);
	if (rc || !r->n_rule)
		return rc;
	qsort(r->rule, r->n_rule, sizeof(*r->rule), by_priority);
	return find_inverses(&d);
}
