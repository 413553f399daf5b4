/* dedup_run.c - see dedup_run.h. */
#include "lib/model/dedup_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/io/input.h"
#include "lib/io/out.h"

/* Records after which memory is let go of, a power of two less one. */
enum { EASE = 31 };

struct running {
	struct nli_run *run;
	const struct nli_dedup_args *args;
	struct nli_dedup d;
	struct nli_disputes disputes;
	struct nli_dedup_found found;
	struct nli_out *index, *pairs;
	struct nli_hasher *hasher; /* of what goes to the index */
	bool own;                  /* are the records that come in the input's */
};

static void *scan_scratch(void *ctx)
{
	(void)ctx;
	return nli_xcalloc(1, sizeof(struct nli_dedup_scratch));
}

static void scan_scratch_free(void *ctx, void *arg)
{
	(void)ctx;
	nli_dedup_scratch_release(arg);
	free(arg);
}

static int scan_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		       struct nli_err *err)
{
	const struct running *g = ctx;

	(void)err;
	nli_dedup_read(&g->d, r, w->scratch, w->out);
	return NLI_KEEP;
}

static int scan_commit(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	struct running *g = ctx;
	const bool first = !g->d.n;
	int rc = nli_dedup_add(&g->d, out, g->own, err);

	(void)kept;
	if (first && g->own)
		nli_dedup_reserve(&g->d, nli_run_expected(g->run));
	if (!rc && g->index && g->own) {
		nli_hasher_add(g->hasher, out.s, out.len);
		rc = nli_out_write(g->index, out.s, out.len, err);
	}
	return rc;
}

/*
 * An index file: this, then what nli_dedup_read() wrote of each record, then
 * the end, by which a file that was cut short or damaged is known.
 */
struct index_head {
	char magic[8];
	uint32_t order; /* 1, so that another byte order shows */
	uint32_t match;
};

struct index_end {
	char magic[8];
	struct nli_hash128 hash; /* of all between head and end */
};

static const char HEAD[8] = "nli-idx2", END[8] = "nli-end2";

static void index_open(struct running *g)
{
	struct index_head h = { .order = 1, .match = g->args->opts.match };
	struct nli_err err;

	g->hasher = nli_hasher_new();
	memcpy(h.magic, HEAD, sizeof(HEAD));
	if (nli_out_open(&g->index, g->args->index, false, &err) ||
	    nli_out_write(g->index, &h, sizeof(h), &err))
		nli_die("%s", err.msg);
}

static void index_close(struct running *g)
{
	struct index_end e = { .hash = nli_hasher_end(g->hasher) };
	struct nli_err err;

	memcpy(e.magic, END, sizeof(END));
	if (nli_out_write(g->index, &e, sizeof(e), &err) ||
	    nli_out_commit(g->index, &err))
		nli_die("%s", err.msg);
	g->index = NULL;
	nli_hasher_free(g->hasher);
}

/* The whole of a file, if it begins as an index does; else false. */
static bool read_index(const char *path, struct nli_buf *all)
{
	struct nli_input *in;
	struct nli_err err;
	ptrdiff_t n = nli_input_open(&in, path, &err);

	if (n < 0)
		nli_die("%s: %s", path, err.msg);
	do {
		n = nli_input_read(in, nli_buf_reserve(all, 1 << 18), 1 << 18, &err);
		if (n < 0)
			nli_die("%s: %s", path, err.msg);
		all->len += (size_t)n;
	} while (n &&
		 (all->len < sizeof(HEAD) || !memcmp(all->data, HEAD, sizeof(HEAD))));
	nli_input_close(in);
	return all->len >= sizeof(HEAD) && !memcmp(all->data, HEAD, sizeof(HEAD));
}

static void add_index(struct running *g, const char *path, const struct nli_buf *all)
{
	struct nli_str body = { all->data + sizeof(struct index_head), 0 };
	struct nli_hash128 hash;
	struct index_head h;
	struct index_end e;
	struct nli_err err;

	if (all->len < sizeof(h) + sizeof(e))
		nli_die("%s: the index is cut short", path);
	body.len = all->len - sizeof(h) - sizeof(e);
	memcpy(&h, all->data, sizeof(h));
	memcpy(&e, body.s + body.len, sizeof(e));
	if (memcmp(e.magic, END, sizeof(END)))
		nli_die("%s: the index is cut short", path);
	if (h.order != 1)
		nli_die("%s: the index is of a machine of another byte order", path);
	if (h.match != g->args->opts.match)
		nli_die("%s: the index was made with other --keep-case, --keep-marks or "
			"--keep-width",
			path);
	hash = nli_hash128(body.s, body.len);
	if (nli_hash128_cmp(hash, e.hash))
		nli_die("%s: the index is damaged", path);
	if (nli_dedup_add(&g->d, body, false, &err))
		nli_die("%s: %s", path, err.msg);
}

static const struct nli_record_pass scan_pass = {
	.record = scan_record,
	.scratch_new = scan_scratch,
	.scratch_free = scan_scratch_free,
	.commit = scan_commit,
	.want = NLI_WANT_TEXTS,
};

static void add_against(struct running *g)
{
	struct nli_record_pass pass = scan_pass;

	pass.ctx = g;
	g->own = false;
	for (size_t i = 0; i < g->args->against.n; i++) {
		char *file[] = { (char *)(uintptr_t)g->args->against.v[i], NULL };
		struct nli_buf all = { 0 };

		if (read_index(file[0], &all))
			add_index(g, file[0], &all);
		else
			nli_records_side(g->run, file, &pass);
		nli_buf_release(&all);
	}
}

/* Which texts are the input's, which other corpora's, and the search among them. */
static struct nli_overlap *find_overlap(const struct nli_dedup *d)
{
	const struct nli_items *s = &d->items[NLI_BY_PAIR];
	const size_t n = d->text.set.n;
	bool *own = nli_xcalloc(n, sizeof(*own));
	uint32_t *side = nli_xmalloc(n, sizeof(*side));
	struct nli_overlap *found;

	memset(side, 0xff, n * sizeof(*side));
	for (size_t i = 0; i < s->set.n; i++) {
		const uint32_t text[2] = { s->item[i].a, s->item[i].b };

		for (int k = 0; k < 2; k++) {
			if (text[k] == NLI_NO_ITEM)
				continue;
			own[text[k]] |= s->copies[i].count > 0;
			if (s->copies[i].side < side[text[k]])
				side[text[k]] = s->copies[i].side;
		}
	}
	found = nli_overlap_find(&d->text, own, side, (size_t)d->opts->ngram,
				 d->opts->jobs);
	free(own);
	free(side);
	return found;
}

/* Scratch of the passes over the spool, which parse a line only if they must. */
struct again {
	struct nli_json *json;
	struct nli_buf member, label, annotations;
};

static void *again_new(void *ctx)
{
	struct again *a = nli_xcalloc(1, sizeof(*a));

	(void)ctx;
	a->json = nli_json_new();
	return a;
}

static void again_free(void *ctx, void *arg)
{
	struct again *a = arg;

	(void)ctx;
	nli_json_free(a->json);
	nli_buf_release(&a->member);
	nli_buf_release(&a->label);
	nli_buf_release(&a->annotations);
	free(a);
}

static int dispute_line(void *ctx, struct nli_work *w, struct nli_err *err)
{
	const struct running *g = ctx;
	struct again *a = w->scratch;
	struct nli_record r;
	int rc;

	if (!nli_conflict_wants(&g->d, (uint32_t)w->index))
		return NLI_KEEP;
	rc = nli_record_parse(&r, a->json, w->line, err);
	if (!rc)
		nli_conflict_read(&g->d, (uint32_t)w->index, &r, w->out);
	return rc;
}

static int dispute_commit(void *ctx, struct nli_str out, uint64_t kept,
			  struct nli_err *err)
{
	struct running *g = ctx;

	(void)kept;
	(void)err;
	nli_conflict_add(&g->disputes, &g->d, out);
	return 0;
}

static void read_disputes(struct running *g)
{
	const struct nli_pass pass = {
		.ctx = g,
		.line = dispute_line,
		.scratch_new = again_new,
		.scratch_free = again_free,
		.commit = dispute_commit,
	};
	const bool merge = g->args->opts.conflicts == NLI_CONFLICTS_MERGE;

	if (g->d.n_conflict || (merge && g->d.twins))
		nli_run_emit(g->run, &pass);
	nli_conflict_end(&g->disputes, &g->d);
}

/* Put the member before the closing brace: the line has none of this name and is not empty. */
static void append_member(struct nli_str line, const struct nli_buf *member,
			  struct nli_buf *out)
{
	size_t end = line.len;

	while (line.s[end - 1] != '}')
		end--;
	nli_buf_add(out, line.s, end - 1);
	nli_buf_adds(out, ",\"dedup\":");
	nli_buf_add(out, member->data, member->len);
	nli_buf_adds(out, "}\n");
}

/* Is this the record that all of its pair were merged into? */
static bool is_merged(const struct nli_dedup *d, uint32_t record)
{
	return d->opts->conflicts == NLI_CONFLICTS_MERGE &&
	       nli_conflict_wants(d, record) &&
	       !(d->record[record].flags & NLI_DEDUP_CHOICE);
}

static int splice_member(const struct running *g, struct nli_work *w, struct nli_err *err)
{
	struct again *a = w->scratch;
	const uint32_t item = g->d.record[w->index].of[NLI_BY_PAIR];
	struct nli_splice set[3] = { { "dedup", nli_buf_str(&a->member) } };
	size_t n = 1;
	struct nli_record r;
	const int rc = nli_record_parse(&r, a->json, w->line, err);

	if (rc)
		return rc;
	if (is_merged(&g->d, (uint32_t)w->index)) {
		const struct nli_str label = nli_conflict_majority(&g->disputes, item);

		nli_buf_clear(&a->annotations);
		nli_conflict_annotations(&g->disputes, item, &a->annotations);
		nli_buf_clear(&a->label);
		if (label.s)
			nli_json_quote(&a->label, label);
		else
			nli_buf_adds(&a->label, "null");
		set[n++] = (struct nli_splice){ "annotations",
						nli_buf_str(&a->annotations) };
		set[n++] = (struct nli_splice){ "label", nli_buf_str(&a->label) };
	}
	nli_object_splice_n(&r.obj, set, n, w->out);
	nli_buf_addc(w->out, '\n');
	return NLI_KEEP;
}

static bool is_dropped(const struct nli_dedup *d, uint32_t record)
{
	const struct nli_dedup_record *r = &d->record[record];
	const enum nli_by by = d->opts->by[0];

	if (r->flags & NLI_DEDUP_GONE)
		return true;
	if (!d->opts->drop || r->of[by] == NLI_NO_ITEM)
		return false;
	return nli_dedup_cluster_of(d, by, r->of[by]).kept != record;
}

static int emit_line(void *ctx, struct nli_work *w, struct nli_err *err)
{
	const struct running *g = ctx;
	const uint32_t record = (uint32_t)w->index;
	struct again *a = w->scratch;

	if (!(record & EASE))
		nli_store_ease(g->d.store);
	if (is_dropped(&g->d, record))
		return NLI_DROP;
	nli_buf_clear(&a->member);
	nli_dedup_member(&g->found, record, &a->member);
	if (g->d.record[record].flags & NLI_DEDUP_HAS || is_merged(&g->d, record))
		return splice_member(g, w, err);
	append_member(w->line, &a->member, w->out);
	return NLI_KEEP;
}

static void write_pairs(struct running *g)
{
	struct nli_err err;

	if (nli_dedup_put_pairs(&g->d, g->pairs, &err))
		nli_die("%s: %s", g->args->pairs, err.msg);
}

void nli_dedup_run(struct nli_run *run, const struct nli_dedup_args *args)
{
	struct running g = { .run = run, .args = args, .own = true };
	struct nli_record_pass scan = scan_pass;
	const struct nli_pass emit = { .ctx = &g,
				       .line = emit_line,
				       .scratch_new = again_new,
				       .scratch_free = again_free };
	struct nli_overlap *overlap = NULL;
	struct nli_jw w = { .b = &run->results };

	scan.ctx = &g;
	nli_dedup_init(&g.d, &args->opts);
	if (args->opts.memory)
		run->spool_limit = args->opts.memory / 4;
	if (args->index)
		index_open(&g);
	if (args->pairs)
		g.pairs = nli_run_side_open(run, args->pairs);
	nli_records_scan(run, &scan);
	if (args->index)
		index_close(&g);
	add_against(&g);
	nli_dedup_cluster(&g.d);
	if (args->pairs)
		write_pairs(&g);
	if (args->opts.ngram && args->against.n)
		overlap = find_overlap(&g.d);
	read_disputes(&g);
	g.found = (struct nli_dedup_found){ &g.d, &g.disputes, overlap };
	nli_run_emit(run, &emit);
	if (nli_common.summary)
		nli_dedup_results(&g.found, &w);
	free(overlap);
	nli_conflict_release(&g.disputes);
	nli_dedup_release(&g.d);
}
