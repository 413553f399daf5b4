/* split_plan.c - see split_plan.h. */
#include "lib/model/split_plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/map.h"
#include "lib/base/mem.h"
#include "lib/model/assign.h"

bool nli_split_needs_all(const struct nli_split_args *a)
{
	return a->group.n > 1 || a->stratify.n || a->holdout.n || a->by_date ||
	       a->balance || a->respect || a->fix || a->split.parts.counted ||
	       (a->group.n && !strcmp(a->group.v[0], "annotator"));
}

int nli_split_check(const struct nli_split_args *a, struct nli_err *err)
{
	if (!a->by_date != !a->cutoff)
		return nli_fail(err, NLI_EINVAL, "--by-date and --cutoff go together");
	if (a->fix && (a->respect || a->stratify.n || a->holdout.n || a->by_date ||
		       a->balance || a->split.kfold))
		return nli_fail(err, NLI_EINVAL,
				"--fix moves what must be moved and nothing else");
	if (a->fix && a->split.parts.counted)
		return nli_fail(
			err, NLI_EINVAL,
			"--fix keeps the split, so no part has a count of its own");
	if (a->split.kfold && (a->holdout.n || a->by_date || a->respect))
		return nli_fail(err, NLI_EINVAL,
				"--kfold makes folds, which hold nothing out or keep");
	if (a->split.kfold > NLI_NO_PART - 1)
		return nli_fail(err, NLI_EINVAL, "--kfold is more than %d",
				NLI_NO_PART - 1);
	for (size_t i = 0; i < a->holdout.n; i++)
		if (!strchr(a->holdout.v[i], '='))
			return nli_fail(err, NLI_EINVAL,
					"--holdout is \"%s\", wanted FIELD=VALUE",
					a->holdout.v[i]);
	return 0;
}

struct rec {
	uint32_t group; /* a node; once joined, the number of the group */
	uint32_t stratum;
	uint16_t source; /* the part of the split that it has, or NLI_NO_PART */
	bool held;
};

struct plan {
	const struct nli_split_args *args;
	struct nli_map64 nodes; /* hash of a value to its node */
	uint64_t *hash;         /* (n_node,) least of its tree, at the root */
	uint32_t *parent;       /* (n_node,) */
	size_t n_node, hash_cap, parent_cap;
	struct rec *rec; /* (n,) */
	size_t n, cap;
	struct nli_intern strata;
	size_t n_part, holdout_part;
	/* by group: */
	size_t n_group;
	uint64_t *group_hash, *size;
	struct nli_cell *cell;
	size_t *cell_end;
	uint16_t *part;
	double *want; /* (n_part,) */
	bool *closed; /* (n_part,) */
	uint64_t moved, moved_groups;
};

/* What a worker tells of a record; the hashes of its values and its stratum follow. */
struct seen {
	uint32_t n_value, stratum_len;
	uint16_t source;
	bool held;
};

static int add_value(struct nli_buf *out, uint64_t h, size_t field)
{
	/* The first field's hashes stay as they are, as nli_split_record() has them. */
	if (field)
		h = nli_mix(h ^ nli_mix(field));
	nli_buf_add(out, &h, sizeof(h));
	return 0;
}

static uint32_t add_annotators(const struct nli_record *r, size_t field,
			       struct nli_buf *out)
{
	struct nli_jiter it = nli_jiter(r->annotations);
	uint32_t n = 0;

	while (nli_jnext(&it)) {
		const struct nli_str w = nli_jstr(nli_jget(it.val, "worker"));

		if (!w.s)
			continue;
		add_value(out, nli_hash(w.s, w.len, 0), field);
		n++;
	}
	return n;
}

static int add_values(const struct plan *p, const struct nli_record *r,
		      struct nli_buf *tmp, struct nli_buf *out, uint32_t *n,
		      struct nli_err *err)
{
	const struct nli_opt_list *g = &p->args->group;

	for (size_t i = 0; i < g->n; i++) {
		uint64_t h;
		int rc;

		if (!strcmp(g->v[i], "annotator")) {
			*n += add_annotators(r, i, out);
			continue;
		}
		rc = nli_split_group(r, g->v[i], tmp, &h, err);
		if (rc)
			return rc;
		add_value(out, h, i);
		++*n;
	}
	if (!*n) { /* nobody annotated it: it belongs to no group but its own */
		add_value(out, nli_hash(r->id.s, r->id.len, 0), g->n);
		++*n;
	}
	return 0;
}

/* Is a at or after b: as numbers if both are, else byte by byte (ISO 8601). */
static bool at_or_after(struct nli_str a, const char *b)
{
	char text[64], *end_a, *end_b;
	double x, y;

	if (a.len < sizeof(text)) {
		memcpy(text, a.s, a.len);
		text[a.len] = '\0';
		x = strtod(text, &end_a);
		y = strtod(b, &end_b);
		if (a.len && *b && !*end_a && !*end_b)
			return x >= y;
	}
	return nli_str_cmp(a, nli_str_of(b)) >= 0;
}

static bool is_held(const struct nli_split_args *a, const struct nli_record *r,
		    struct nli_buf *tmp)
{
	for (size_t i = 0; i < a->holdout.n; i++) {
		const char *eq = strchr(a->holdout.v[i], '=');
		const struct nli_str field = { a->holdout.v[i],
					       (size_t)(eq - a->holdout.v[i]) };
		const struct nli_str v = nli_record_field(r, field, tmp);

		if (v.s && nli_str_is(v, eq + 1))
			return true;
	}
	if (a->by_date) {
		const struct nli_str v = nli_record_field(r, nli_str_of(a->by_date), tmp);

		return v.s && at_or_after(v, a->cutoff);
	}
	return false;
}

static uint16_t part_named(const struct nli_parts *p, struct nli_str name)
{
	for (size_t i = 0; i < p->n; i++)
		if (name.s && nli_str_eq(p->part[i].name, name))
			return (uint16_t)i;
	return NLI_NO_PART;
}

static int scan_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		       struct nli_err *err)
{
	const struct plan *p = ctx;
	const struct nli_split_args *a = p->args;
	const size_t at = w->out->len;
	struct seen s = { .source = part_named(&a->split.parts, r->split) };
	size_t before;
	int rc;

	if (a->fix && r->split.s && s.source == NLI_NO_PART)
		return nli_fail(err, NLI_EDATA,
				"\"split\" is \"%.*s\", which is none of --parts",
				(int)r->split.len, r->split.s);
	nli_buf_add(w->out, &s, sizeof(s));
	rc = add_values(p, r, w->scratch, w->out, &s.n_value, err);
	if (rc)
		return rc;
	if (a->by_date && !nli_record_field(r, nli_str_of(a->by_date), w->scratch).s)
		return nli_fail(err, NLI_EDATA, "no \"%s\", wanted for --by-date",
				a->by_date);
	s.held = is_held(a, r, w->scratch);
	before = w->out->len;
	for (size_t i = 0; i < a->stratify.n; i++) {
		const struct nli_str v =
			nli_record_field(r, nli_str_of(a->stratify.v[i]), w->scratch);

		if (i)
			nli_buf_addc(w->out, ',');
		nli_buf_add(w->out, v.s ? v.s : "null", v.s ? v.len : 4);
	}
	s.stratum_len = (uint32_t)(w->out->len - before);
	memcpy(w->out->data + at, &s, sizeof(s));
	return NLI_KEEP;
}

static uint32_t root_of(struct plan *p, uint32_t i)
{
	while (p->parent[i] != i) {
		p->parent[i] = p->parent[p->parent[i]];
		i = p->parent[i];
	}
	return i;
}

static uint32_t node_of(struct plan *p, uint64_t hash)
{
	bool fresh;
	uint64_t *node = nli_map64_put(&p->nodes, hash, &fresh);

	if (fresh) {
		nli_grow(&p->hash, &p->hash_cap, p->n_node + 1, sizeof(*p->hash));
		nli_grow(&p->parent, &p->parent_cap, p->n_node + 1, sizeof(*p->parent));
		p->hash[p->n_node] = hash;
		p->parent[p->n_node] = (uint32_t)p->n_node;
		*node = p->n_node++;
	}
	return (uint32_t)*node;
}

static uint32_t join(struct plan *p, uint32_t a, uint32_t b)
{
	a = root_of(p, a);
	b = root_of(p, b);
	if (a == b)
		return a;
	p->parent[b] = a;
	if (p->hash[b] < p->hash[a])
		p->hash[a] = p->hash[b];
	return a;
}

static int scan_commit(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	struct plan *p = ctx;
	const char *at = out.s, *const end = out.s + out.len;

	(void)kept;
	while (at < end) {
		struct seen s;
		struct rec *r;

		if (p->n >= UINT32_MAX - 1)
			return nli_fail(err, NLI_ESTOP, "more than 2^32 records");
		memcpy(&s, at, sizeof(s));
		at += sizeof(s);
		nli_grow(&p->rec, &p->cap, p->n + 1, sizeof(*p->rec));
		r = &p->rec[p->n++];
		*r = (struct rec){ .source = s.source, .held = s.held };
		for (uint32_t i = 0; i < s.n_value; i++, at += sizeof(uint64_t)) {
			uint64_t h;

			memcpy(&h, at, sizeof(h));
			r->group = i ? join(p, r->group, node_of(p, h)) : node_of(p, h);
		}
		r->stratum = (uint32_t)nli_intern_add(
			&p->strata, (struct nli_str){ at, s.stratum_len });
		at += s.stratum_len;
	}
	return 0;
}

/* Number the groups, and count their records by stratum. */
struct pair {
	uint32_t group, stratum;
};

static int by_pair(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (x->stratum > y->stratum) - (x->stratum < y->stratum);
}

static void count_cells(struct plan *p)
{
	struct pair *v = nli_xmalloc(p->n, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		v[i] = (struct pair){ p->rec[i].group, p->rec[i].stratum };
	qsort(v, p->n, sizeof(*v), by_pair);
	p->cell = nli_xcalloc(p->n, sizeof(*p->cell));
	for (size_t i = 0; i < p->n; i++) {
		if (!i || by_pair(&v[i], &v[i - 1]))
			p->cell[n++].stratum = v[i].stratum;
		p->cell[n - 1].n++;
		p->size[v[i].group]++;
		p->cell_end[v[i].group] = n;
	}
	free(v);
}

static void make_groups(struct plan *p)
{
	uint32_t *number = nli_xmalloc(p->n_node, sizeof(*number));

	p->group_hash = nli_xmalloc(p->n_node, sizeof(*p->group_hash));
	for (uint32_t i = 0; i < p->n_node; i++)
		if (root_of(p, i) == i) {
			number[i] = (uint32_t)p->n_group;
			p->group_hash[p->n_group++] =
				nli_mix(p->hash[i] ^ nli_mix(p->args->split.seed));
			/* Folds of one part are to be even: as nli_split_record() does. */
			if (p->args->split.kfold)
				p->group_hash[p->n_group - 1] =
					nli_mix(p->group_hash[p->n_group - 1]);
		}
	for (size_t i = 0; i < p->n; i++)
		p->rec[i].group = number[root_of(p, p->rec[i].group)];
	p->size = nli_xcalloc(p->n_group, sizeof(*p->size));
	p->cell_end = nli_xcalloc(p->n_group, sizeof(*p->cell_end));
	p->part = nli_xmalloc(p->n_group, sizeof(*p->part));
	for (size_t g = 0; g < p->n_group; g++)
		p->part[g] = NLI_NO_PART;
	count_cells(p);
	free(number);
}

/* Groups of which a record is held out go to that part, and nothing else does. */
static void hold_out(struct plan *p)
{
	if (!p->args->holdout.n && !p->args->by_date)
		return;
	for (size_t i = 0; i < p->n; i++)
		if (p->rec[i].held)
			p->part[p->rec[i].group] = (uint16_t)p->holdout_part;
	p->closed[p->holdout_part] = true;
}

/*
 * How many records each group has in each part: (n_group, n_part).  Respect:
 * a group that is in one part stays there.  Fix: a group goes to where most of
 * it is, the earlier part among equals; one that is nowhere is left to chance.
 */
static void keep_source(struct plan *p)
{
	uint32_t *in = nli_xcalloc(p->n_group * p->n_part, sizeof(*in));

	for (size_t i = 0; i < p->n; i++)
		if (p->rec[i].source != NLI_NO_PART)
			in[p->rec[i].group * p->n_part + p->rec[i].source]++;
	for (size_t g = 0; g < p->n_group; g++) {
		const uint32_t *of = in + g * p->n_part;
		size_t most = 0, parts = 0;

		for (size_t k = 0; k < p->n_part; k++) {
			parts += of[k] > 0;
			most = of[k] > of[most] ? k : most;
		}
		/* What is held out has a part to itself. */
		if (p->part[g] == NLI_NO_PART && !p->closed[most] &&
		    (parts == 1 || (parts && p->args->fix)))
			p->part[g] = (uint16_t)most;
	}
	free(in);
}

static void count_moved(struct plan *p)
{
	bool *moved = nli_xcalloc(p->n_group, sizeof(*moved));

	for (size_t i = 0; i < p->n; i++) {
		const struct rec *r = &p->rec[i];

		if (r->source == NLI_NO_PART || r->source == p->part[r->group])
			continue;
		p->moved++;
		p->moved_groups += !moved[r->group];
		moved[r->group] = true;
	}
	free(moved);
}

/* How many records each part is to have; what is held out is not theirs to share. */
static int set_wants(struct plan *p, struct nli_err *err)
{
	const struct nli_parts *parts = &p->args->split.parts;
	double left = (double)p->n, shares = 0;

	for (size_t g = 0; g < p->n_group; g++)
		if (p->part[g] != NLI_NO_PART && p->closed[p->part[g]])
			left -= (double)p->size[g];
	for (size_t k = 0; k < p->n_part; k++) {
		const bool counted = !p->args->split.kfold && parts->part[k].counted;

		if (p->closed[k])
			continue;
		p->want[k] = counted ? (double)parts->part[k].count : 0;
		left -= p->want[k];
		shares += p->args->split.kfold ? 1 : counted ? 0 : parts->part[k].share;
	}
	if (left < 0)
		return nli_fail(err, NLI_EINVAL,
				"the parts ask for %.0f records more than there are",
				-left);
	for (size_t k = 0; k < p->n_part; k++)
		if (!p->closed[k] && (p->args->split.kfold || !parts->part[k].counted))
			p->want[k] = shares > 0
					     ? left *
						       (p->args->split.kfold
								? 1
								: parts->part[k].share) /
						       shares
					     : 0;
	/* A single part "rest" beside counts has a share of its own making. */
	if (!p->args->split.kfold && parts->rest >= 0 && !(shares > 0) &&
	    !p->closed[parts->rest])
		p->want[parts->rest] = left;
	return 0;
}

static int assign(struct plan *p, struct nli_err *err)
{
	const struct nli_split_args *s = p->args;
	struct nli_assign a = { 0 };
	int rc;

	make_groups(p);
	hold_out(p);
	if (s->respect || s->fix)
		keep_source(p);
	rc = set_wants(p, err);
	if (rc)
		return rc;
	a = (struct nli_assign){
		.n_group = p->n_group,
		.n_part = p->n_part,
		.n_stratum = p->strata.n,
		.hash = p->group_hash,
		.size = p->size,
		.cell = p->cell,
		.cell_end = p->cell_end,
		.want = p->want,
		.closed = p->closed,
		.part = p->part,
	};
	if (s->balance || s->stratify.n || s->split.parts.counted)
		rc = nli_assign_balance(&a, err);
	else
		nli_assign_hash(&a);
	if (!rc)
		count_moved(p);
	return rc;
}

static struct nli_str part_name(const struct plan *p, size_t k, char num[24])
{
	if (!p->args->split.kfold)
		return p->args->split.parts.part[k].name;
	snprintf(num, 24, "%zu", k);
	return nli_str_of(num);
}

static int emit_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		       struct nli_err *err)
{
	const struct plan *p = ctx;
	const size_t k = p->part[p->rec[w->index].group];
	char num[24];

	(void)err;
	if (p->args->split.kfold)
		nli_record_write(r, "fold", part_name(p, k, num), w->out);
	else
		nli_split_write(r, part_name(p, k, num), w->scratch, w->out);
	return NLI_KEEP;
}

/* Records, groups and what was wanted of each part; then each stratum's share of it. */
static void put_parts(const struct plan *p, struct nli_jw *w)
{
	uint64_t *have = nli_xcalloc(p->n_part, sizeof(*have));
	uint64_t *groups = nli_xcalloc(p->n_part, sizeof(*groups));
	char num[24];

	for (size_t g = 0; g < p->n_group; g++) {
		have[p->part[g]] += p->size[g];
		groups[p->part[g]]++;
	}
	nli_jw_key(w, "parts");
	nli_jw_open(w, '[');
	for (size_t k = 0; k < p->n_part; k++) {
		nli_jw_open(w, '{');
		nli_jw_key(w, "part");
		nli_jw_str(w, part_name(p, k, num));
		nli_jw_key(w, "records");
		nli_jw_u64(w, have[k]);
		nli_jw_key(w, "wanted");
		nli_jw_real(w, p->closed[k] ? (double)have[k] : p->want[k]);
		nli_jw_key(w, "groups");
		nli_jw_u64(w, groups[k]);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, ']');
	free(have);
	free(groups);
}

static void put_strata(const struct plan *p, struct nli_jw *w)
{
	const size_t n = p->strata.n;
	double *have = nli_xcalloc(p->n_part * n, sizeof(*have));
	double *part = nli_xcalloc(p->n_part, sizeof(*part));
	double *all = nli_xcalloc(n, sizeof(*all));
	char num[24];

	for (size_t i = 0; i < p->n; i++) {
		const size_t k = p->part[p->rec[i].group];

		have[k * n + p->rec[i].stratum]++;
		part[k]++;
		all[p->rec[i].stratum]++;
	}
	nli_jw_key(w, "strata");
	nli_jw_open(w, '[');
	for (size_t k = 0; k < p->n_part; k++)
		for (size_t s = 0; s < n; s++) {
			const double want = part[k] * all[s] / (double)p->n;

			nli_jw_open(w, '{');
			nli_jw_key(w, "part");
			nli_jw_str(w, part_name(p, k, num));
			nli_jw_key(w, "stratum");
			nli_jw_str(w, p->strata.text[s]);
			nli_jw_key(w, "records");
			nli_jw_real(w, have[k * n + s]);
			nli_jw_key(w, "deviation");
			nli_jw_real(w, have[k * n + s] - want);
			nli_jw_close(w, '}');
		}
	nli_jw_close(w, ']');
	free(have);
	free(part);
	free(all);
}

static void plan_release(struct plan *p)
{
	nli_map64_release(&p->nodes);
	nli_intern_release(&p->strata);
	free(p->hash);
	free(p->parent);
	free(p->rec);
	free(p->group_hash);
	free(p->size);
	free(p->cell);
	free(p->cell_end);
	free(p->part);
	free(p->want);
	free(p->closed);
}

static void *buffer_new(void *ctx)
{
	(void)ctx;
	return nli_xcalloc(1, sizeof(struct nli_buf));
}

static void buffer_free(void *ctx, void *buffer)
{
	(void)ctx;
	nli_buf_release(buffer);
	free(buffer);
}

static void find_holdout_part(struct plan *p)
{
	const struct nli_parts *parts = &p->args->split.parts;
	const char *name = p->args->holdout_part;
	const uint16_t k = part_named(parts, nli_str_of(name ? name : "test"));

	if (name && k == NLI_NO_PART)
		nli_die("--holdout-part is \"%s\", which is none of --parts", name);
	p->holdout_part = k == NLI_NO_PART ? parts->n - 1 : k;
}

/* The least change may be all of a part: then what it was for is lost. */
static void tell_emptied(const struct plan *p)
{
	uint64_t *before = nli_xcalloc(p->n_part, sizeof(*before));
	uint64_t *after = nli_xcalloc(p->n_part, sizeof(*after));
	char num[24];

	for (size_t i = 0; i < p->n; i++) {
		after[p->part[p->rec[i].group]]++;
		if (p->rec[i].source != NLI_NO_PART)
			before[p->rec[i].source]++;
	}
	for (size_t k = 0; k < p->n_part; k++) {
		const struct nli_str name = part_name(p, k, num);

		if (before[k] && !after[k])
			nli_warn("nothing is left in %.*s: all %llu records of it are of "
				 "groups that have more in another part",
				 (int)name.len, name.s, (unsigned long long)before[k]);
	}
	free(before);
	free(after);
}

void nli_split_run(struct nli_run *run, const struct nli_split_args *a)
{
	struct plan p = { .args = a };
	struct nli_record_pass pass = { .ctx = &p,
					.record = scan_record,
					.scratch_new = buffer_new,
					.scratch_free = buffer_free,
					.commit = scan_commit };
	struct nli_jw w = { .b = &run->results };
	struct nli_err err;

	p.n_part = a->split.kfold ? (size_t)a->split.kfold : a->split.parts.n;
	p.want = nli_xcalloc(p.n_part, sizeof(*p.want));
	p.closed = nli_xcalloc(p.n_part, sizeof(*p.closed));
	find_holdout_part(&p);
	nli_records_scan(run, &pass);
	if (assign(&p, &err))
		nli_die("%s", err.msg);
	pass.record = emit_record;
	pass.commit = NULL;
	nli_records_emit(run, &pass);
	if (a->fix || a->respect)
		nli_warn("%llu records of %llu groups moved", (unsigned long long)p.moved,
			 (unsigned long long)p.moved_groups);
	if (a->fix)
		tell_emptied(&p);
	nli_jw_key(&w, "groups");
	nli_jw_u64(&w, p.n_group);
	nli_jw_key(&w, "moved");
	nli_jw_u64(&w, p.moved);
	put_parts(&p, &w);
	if (a->stratify.n)
		put_strata(&p, &w);
	plan_release(&p);
}
