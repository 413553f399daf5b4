/* rollout.c - see rollout.h: sums by record and model. */
#include "lib/nli/rollout.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/map.h"
#include "lib/base/mem.h"

enum { NO_ENTRY = 0 };

/* Sums of one record and model.  Entries of a record are chained. */
struct entry {
	struct nli_rollup sum;
	uint64_t line;       /* where its first rollout stands */
	uint32_t file, next; /* next: entry + 1 of the record's next model, or NO_ENTRY */
	uint32_t model;
	_Atomic uint8_t matched; /* of the record's first entry: some record has it */
};

/* Hashes of rollouts' own ids: a set that grows by doubling, 0 is free. */
struct hash_set {
	uint64_t *slot;
	size_t n, cap;
};

struct nli_rollouts {
	struct nli_rollout_options how;
	struct nli_map64 first; /* hash of the record's id: entry + 1 */
	struct entry *v;        /* (n,) */
	size_t n, cap;
	struct nli_intern models;
	ptrdiff_t only; /* the model asked for; -1: all, -2: it is not there */
	struct hash_set own;
	const char **path; /* (n_path,) files, borrowed */
	size_t n_path, path_cap;
	struct nli_rollout_counts counts;
	struct nli_out *to; /* in the pass for those unmatched */
};

struct nli_rollouts *nli_rollouts_new(const struct nli_rollout_options *how)
{
	struct nli_rollouts *r = nli_xcalloc(1, sizeof(*r));

	r->how = *how;
	r->only = -1;
	r->counts.newest = -1;
	return r;
}

void nli_rollouts_free(struct nli_rollouts *r)
{
	if (!r)
		return;
	nli_map64_release(&r->first);
	nli_intern_release(&r->models);
	free(r->v);
	free(r->own.slot);
	free(r->path);
	free(r);
}

static void set_put(struct hash_set *s, uint64_t h)
{
	size_t i = h & (s->cap - 1);

	while (s->slot[i] && s->slot[i] != h)
		i = (i + 1) & (s->cap - 1);
	s->n += !s->slot[i];
	s->slot[i] = h;
}

/* True if h was not there. */
static bool set_add(struct hash_set *s, uint64_t h)
{
	const size_t before = s->n;

	if (s->n >= s->cap / 2) {
		const struct hash_set old = *s;

		s->cap = old.cap ? old.cap * 2 : 1024;
		s->slot = nli_xcalloc(s->cap, sizeof(*s->slot));
		s->n = 0;
		for (size_t i = 0; i < old.cap; i++)
			if (old.slot[i])
				set_put(s, old.slot[i]);
		free(old.slot);
	}
	set_put(s, h);
	return s->n > before;
}

static struct entry *add_entry(struct nli_rollouts *r, uint32_t model)
{
	nli_grow(&r->v, &r->cap, r->n + 1, sizeof(*r->v));
	memset(&r->v[r->n], 0, sizeof(*r->v));
	r->v[r->n].model = model;
	return &r->v[r->n++];
}

/* The entry of a record and model, made if it is new. */
static struct entry *entry_of(struct nli_rollouts *r, uint64_t record, uint32_t model)
{
	uint64_t *slot = nli_map64_put(&r->first, record, NULL);
	size_t i = (size_t)*slot;

	if (!i) {
		add_entry(r, model);
		*slot = r->n;
		return &r->v[r->n - 1];
	}
	for (;; i = r->v[i - 1].next) {
		if (r->v[i - 1].model == model)
			return &r->v[i - 1];
		if (r->v[i - 1].next == NO_ENTRY)
			break;
	}
	add_entry(r, model);
	r->v[i - 1].next = (uint32_t)r->n;
	return &r->v[r->n - 1];
}

static void add_rollout(struct nli_rollup *s, const struct nli_rollout *v, double pass)
{
	const double d = v->reward - s->mean;

	if (!s->n || v->reward < s->least)
		s->least = v->reward;
	if (!s->n || v->reward > s->most)
		s->most = v->reward;
	s->n++;
	s->solved += v->reward >= pass;
	s->sum += v->reward;
	s->mean += d / (double)s->n;
	s->m2 += d * (v->reward - s->mean);
	s->tokens += v->has_tokens ? v->tokens : 0;
	s->n_tokens += v->has_tokens;
	s->truncated += v->truncated;
}

/* A line's rollouts on their way from the worker to the sums. */
struct parcel {
	uint64_t line;
	uint32_t file, n, model_len;
};

/* The number of a file; files are few. */
static uint32_t file_of(const struct nli_rollouts *r, const char *path)
{
	uint32_t i = 0;

	while (i < r->n_path && r->path[i] != path)
		i++;
	return i;
}

static void *reader_new(void *ctx)
{
	const struct nli_rollouts *r = ctx;

	return nli_rollout_reader_new(&r->how);
}

static void reader_free(void *ctx, void *scratch)
{
	(void)ctx;
	nli_rollout_reader_free(scratch);
}

static int on_line(void *ctx, struct nli_work *w, struct nli_err *err)
{
	const struct nli_rollouts *r = ctx;
	const struct nli_rollout *v;
	struct nli_str model;
	struct parcel head;
	size_t n;
	const int rc = nli_rollout_read_line(w->scratch, w->line, &v, &n, &model, err);

	if (rc)
		return rc;
	head = (struct parcel){ w->lineno, file_of(r, w->path), (uint32_t)n,
				(uint32_t)model.len };
	nli_buf_add(w->out, &head, sizeof(head));
	nli_buf_add(w->out, model.s ? model.s : "", model.len);
	nli_buf_add(w->out, v, n * sizeof(*v));
	return NLI_KEEP;
}

static bool counts_in(struct nli_rollouts *r, const struct nli_rollout *v)
{
	if (r->how.max_age >= 0 && v->version >= 0 &&
	    v->version < r->counts.newest - r->how.max_age) {
		r->counts.stale++;
		return false;
	}
	if (v->own && !set_add(&r->own, v->own)) {
		r->counts.duplicate++;
		return false;
	}
	return true;
}

static void add_parcel(struct nli_rollouts *r, const struct parcel *h, const char *model,
		       const char *rollouts)
{
	const uint32_t m = (uint32_t)nli_intern_add(
		&r->models, (struct nli_str){ model, h->model_len });

	for (uint32_t i = 0; i < h->n; i++) {
		struct nli_rollout v;
		struct entry *e;

		memcpy(&v, rollouts + i * sizeof(v), sizeof(v));
		r->counts.read++;
		if (!counts_in(r, &v))
			continue;
		e = entry_of(r, v.record, m);
		if (!e->sum.n) {
			e->line = h->line;
			e->file = h->file;
		}
		add_rollout(&e->sum, &v, r->how.pass);
		r->counts.used++;
	}
}

static int on_commit(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	struct nli_rollouts *r = ctx;
	const char *at = out.s, *end = out.s + out.len;

	(void)kept;
	(void)err;
	while (at < end) {
		struct parcel h;

		memcpy(&h, at, sizeof(h));
		at += sizeof(h);
		add_parcel(r, &h, at, at + h.model_len);
		at += h.model_len + h.n * sizeof(struct nli_rollout);
	}
	return 0;
}

/* The first of two passes looks for the newest version alone; the second tells of bad lines. */
static int on_version(void *ctx, struct nli_work *w, struct nli_err *err)
{
	const struct nli_rollout *v;
	struct nli_str model;
	int64_t newest = -1;
	size_t n;

	(void)ctx;
	if (nli_rollout_read_line(w->scratch, w->line, &v, &n, &model, err))
		return NLI_DROP;
	for (size_t i = 0; i < n; i++)
		newest = v[i].version > newest ? v[i].version : newest;
	nli_buf_add(w->out, &newest, sizeof(newest));
	return NLI_KEEP;
}

static int commit_version(void *ctx, struct nli_str out, uint64_t kept,
			  struct nli_err *err)
{
	struct nli_rollouts *r = ctx;

	(void)kept;
	(void)err;
	for (size_t i = 0; i < out.len; i += sizeof(int64_t)) {
		int64_t v;

		memcpy(&v, out.s + i, sizeof(v));
		r->counts.newest = v > r->counts.newest ? v : r->counts.newest;
	}
	return 0;
}

void nli_rollouts_read(struct nli_rollouts *r, struct nli_run *run, char *const *files)
{
	struct nli_pass pass = { .ctx = r,
				 .line = on_version,
				 .scratch_new = reader_new,
				 .scratch_free = reader_free,
				 .commit = commit_version };

	for (char *const *f = files; *f; f++) {
		nli_grow(&r->path, &r->path_cap, r->n_path + 1, sizeof(*r->path));
		r->path[r->n_path++] = *f;
	}
	if (r->how.max_age >= 0)
		nli_run_side(run, files, &pass);
	pass.line = on_line;
	pass.commit = on_commit;
	nli_run_side(run, files, &pass);
	if (r->how.model) {
		r->only = nli_intern_find(&r->models, nli_str_of(r->how.model));
		if (r->only < 0)
			r->only = -2;
	}
}

/* Chan, Golub and LeVeque's update for two samples. */
static void merge(struct nli_rollup *a, const struct nli_rollup *b)
{
	const uint64_t n = a->n + b->n;
	const double d = b->mean - a->mean;

	if (!b->n)
		return;
	if (!a->n || b->least < a->least)
		a->least = b->least;
	if (!a->n || b->most > a->most)
		a->most = b->most;
	a->m2 += b->m2 + d * d * (double)a->n * (double)b->n / (double)n;
	a->mean += d * (double)b->n / (double)n;
	a->n = n;
	a->solved += b->solved;
	a->sum += b->sum;
	a->tokens += b->tokens;
	a->n_tokens += b->n_tokens;
	a->truncated += b->truncated;
}

static void collect(const struct nli_rollouts *r, struct nli_str name, ptrdiff_t model,
		    struct nli_rollup *out)
{
	const uint64_t *slot = nli_map64_get(&r->first, nli_hash(name.s, name.len, 0));
	size_t i = slot ? (size_t)*slot : NO_ENTRY;

	if (i)
		atomic_store_explicit(&r->v[i - 1].matched, 1, memory_order_relaxed);
	for (; i; i = r->v[i - 1].next)
		if (model == -1 || model == (ptrdiff_t)r->v[i - 1].model)
			merge(out, &r->v[i - 1].sum);
}

bool nli_rollouts_get(const struct nli_rollouts *r, struct nli_str id, struct nli_str key,
		      ptrdiff_t m, struct nli_rollup *out)
{
	const ptrdiff_t model = m >= 0 ? m : r->only;

	memset(out, 0, sizeof(*out));
	if (id.s)
		collect(r, id, model, out);
	if (key.s && !nli_str_eq(id, key))
		collect(r, key, model, out);
	return out->n > 0;
}

size_t nli_rollouts_models(const struct nli_rollouts *r)
{
	return r->models.n;
}

struct nli_str nli_rollouts_model(const struct nli_rollouts *r, size_t m)
{
	return r->models.text[m];
}

static bool is_before(const struct entry *a, const struct entry *b)
{
	return a->file != b->file ? a->file < b->file : a->line < b->line;
}

void nli_rollouts_counts(const struct nli_rollouts *r, struct nli_rollout_counts *out)
{
	const struct entry *first = NULL;

	*out = r->counts;
	for (size_t s = 0; s < r->first.cap; s++) {
		size_t i =
			r->first.slot[s].used ? (size_t)r->first.slot[s].value : NO_ENTRY;

		if (!i ||
		    atomic_load_explicit(&r->v[i - 1].matched, memory_order_relaxed))
			continue;
		out->unmatched_ids++;
		if (!first || is_before(&r->v[i - 1], first))
			first = &r->v[i - 1];
		for (; i; i = r->v[i - 1].next)
			out->unmatched += r->v[i - 1].sum.n;
	}
	if (first) {
		out->first_path = r->path[first->file];
		out->first_line = first->line;
	}
}

void nli_rollouts_counts_json(const struct nli_rollout_counts *c, struct nli_jw *w)
{
	const struct {
		const char *name;
		uint64_t n;
	} row[] = {
		{ "read", c->read },           { "used", c->used },
		{ "duplicate", c->duplicate }, { "stale", c->stale },
		{ "unmatched", c->unmatched }, { "unmatched_ids", c->unmatched_ids },
	};

	nli_jw_key(w, "rollouts");
	nli_jw_open(w, '{');
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		nli_jw_key(w, row[i].name);
		nli_jw_u64(w, row[i].n);
	}
	nli_jw_close(w, '}');
}

static int copy_unmatched(void *ctx, struct nli_work *w, struct nli_err *err)
{
	const struct nli_rollouts *r = ctx;
	const struct nli_rollout *v;
	struct nli_str model;
	const uint64_t *slot;
	size_t n;

	if (nli_rollout_read_line(w->scratch, w->line, &v, &n, &model, err) || !n)
		return NLI_DROP;
	slot = nli_map64_get(&r->first, v[0].record);
	if (!slot || atomic_load_explicit(&r->v[*slot - 1].matched, memory_order_relaxed))
		return NLI_DROP;
	nli_buf_add(w->out, w->line.s, w->line.len);
	nli_buf_addc(w->out, '\n');
	return NLI_KEEP;
}

static int put_unmatched(void *ctx, struct nli_str out, uint64_t kept,
			 struct nli_err *err)
{
	const struct nli_rollouts *r = ctx;

	(void)kept;
	return nli_out_write(r->to, out.s, out.len, err);
}

void nli_rollouts_unmatched(struct nli_rollouts *r, struct nli_run *run,
			    char *const *files, struct nli_out *out)
{
	const struct nli_pass pass = { .ctx = r,
				       .line = copy_unmatched,
				       .scratch_new = reader_new,
				       .scratch_free = reader_free,
				       .commit = put_unmatched };

	r->to = out;
	nli_run_side(run, files, &pass);
}
