/* runs.c - see runs.h. */
#include "lib/base/runs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "lib/base/mem.h"
#include "lib/base/store.h"

/* A sorted stretch of the file, and what is in memory of it. */
struct run {
	uint64_t from, n; /* numbers: where it begins, how many */
	uint64_t done;    /* of these, read to buf */
	uint64_t *buf;    /* owns, (cap of the merge,) */
	size_t at, len;
};

/* The lowest number not taken yet of a run: the heap's order. */
struct head {
	uint64_t v;
	size_t run;
};

struct nli_runs {
	size_t cap; /* numbers in memory; SIZE_MAX: any */
	uint64_t *v;
	size_t n, v_cap, at;
	int fd;        /* -1: all is in v */
	uint64_t size; /* numbers in the file */
	struct run *run;
	size_t n_run, run_cap;
	struct head *heap; /* (n_heap,) the least first */
	size_t n_heap;
};

/* Numbers that a run has in memory while it is merged, at least: a page. */
enum { LEAST_BUF = 512, LEAST_CAP = 2048 };

struct nli_runs *nli_runs_new(size_t memory)
{
	struct nli_runs *r = nli_xcalloc(1, sizeof(*r));

	r->cap = !memory                                 ? SIZE_MAX
		 : memory / sizeof(uint64_t) < LEAST_CAP ? LEAST_CAP
							 : memory / sizeof(uint64_t);
	r->fd = -1;
	return r;
}

static void insertion(uint64_t *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const uint64_t x = v[i];
		size_t k = i;

		for (; k && v[k - 1] > x; k--)
			v[k] = v[k - 1];
		v[k] = x;
	}
}

/*
 * By the byte at shift, then each of its values by the next: in place, every number
 * goes round the cycle that ends where it stood ("American flag sort": McIlroy,
 * Bostic and McIlroy, Computing Systems 6, 1993).
 */
static void flag_sort(uint64_t *v, size_t n, unsigned shift)
{
	enum { FEW = 48 };
	size_t at[256] = { 0 }, end[256], sum = 0;

	if (n < FEW) {
		insertion(v, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		at[v[i] >> shift & 255]++;
	for (size_t b = 0; b < 256; b++) {
		sum += at[b];
		end[b] = sum;
		at[b] = sum - at[b];
	}
	for (size_t b = 0; b < 256; b++)
		while (at[b] < end[b]) {
			uint64_t x = v[at[b]];

			for (size_t to = x >> shift & 255; to != b;
			     to = x >> shift & 255) {
				const uint64_t y = v[at[to]];

				v[at[to]++] = x;
				x = y;
			}
			v[at[b]++] = x;
		}
	for (size_t b = 0, from = 0; shift && b < 256; from = end[b++])
		flag_sort(v + from, end[b] - from, shift - 8);
}

void nli_sort64(uint64_t *v, size_t n)
{
	flag_sort(v, n, 56);
}

static void write_all(int fd, const uint64_t *v, size_t n, uint64_t at)
{
	const char *from = (const char *)v;
	size_t left = n * sizeof(*v);
	off_t to = (off_t)(at * sizeof(*v));

	while (left) {
		const ssize_t k = pwrite(fd, from, left, to);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			nli_mem_fail("cannot write a temporary file for --memory: %s",
				     strerror(errno));
		from += k;
		left -= (size_t)k;
		to += k;
	}
}

/* What is in memory becomes a run. */
static void spill(struct nli_runs *r)
{
	if (!r->n)
		return;
	if (r->fd < 0)
		r->fd = nli_store_file();
	nli_sort64(r->v, r->n);
	write_all(r->fd, r->v, r->n, r->size);
	nli_grow(&r->run, &r->run_cap, r->n_run + 1, sizeof(*r->run));
	r->run[r->n_run++] = (struct run){ .from = r->size, .n = r->n };
	r->size += r->n;
	r->n = 0;
}

static bool fill(const struct nli_runs *r, struct run *run, size_t cap)
{
	const uint64_t left = run->n - run->done;
	char *to = (char *)run->buf;
	size_t want;

	run->at = 0;
	run->len = left < cap ? (size_t)left : cap;
	want = run->len * sizeof(uint64_t);
	while (want) {
		const size_t have = run->len * sizeof(uint64_t) - want;
		const ssize_t k =
			pread(r->fd, to + have, want,
			      (off_t)((run->from + run->done) * sizeof(uint64_t) + have));

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			nli_mem_fail("cannot read a temporary file for --memory: %s",
				     k ? strerror(errno) : "it is cut short");
		want -= (size_t)k;
	}
	run->done += run->len;
	return run->len;
}

static void sift(struct nli_runs *r, size_t i)
{
	struct head *h = r->heap;
	const struct head x = h[i];

	for (size_t child; (child = 2 * i + 1) < r->n_heap; i = child) {
		child += child + 1 < r->n_heap && h[child + 1].v < h[child].v;
		if (h[child].v >= x.v)
			break;
		h[i] = h[child];
	}
	h[i] = x;
}

static size_t buf_cap(const struct nli_runs *r)
{
	const size_t cap = r->n_run ? r->cap / r->n_run : r->cap;

	return cap < LEAST_BUF ? LEAST_BUF : cap;
}

/* All runs from their beginnings, each with a share of the memory. */
static void start_merge(struct nli_runs *r)
{
	const size_t cap = buf_cap(r);

	free(r->v);
	r->v = NULL;
	r->v_cap = 0;
	free(r->heap);
	r->heap = nli_xmalloc(r->n_run, sizeof(*r->heap));
	r->n_heap = 0;
	for (size_t i = 0; i < r->n_run; i++) {
		struct run *run = &r->run[i];

		run->done = 0;
		if (!run->buf)
			run->buf = nli_xmalloc(cap, sizeof(*run->buf));
		if (fill(r, run, cap))
			r->heap[r->n_heap++] = (struct head){ run->buf[run->at++], i };
	}
	for (size_t i = r->n_heap; i-- > 0;)
		sift(r, i);
}

static bool merge_next(struct nli_runs *r, uint64_t *v)
{
	struct run *run;

	if (!r->n_heap)
		return false;
	*v = r->heap[0].v;
	run = &r->run[r->heap[0].run];
	if (run->at < run->len || fill(r, run, buf_cap(r)))
		r->heap[0].v = run->buf[run->at++];
	else
		r->heap[0] = r->heap[--r->n_heap];
	if (r->n_heap)
		sift(r, 0);
	return true;
}

static void free_bufs(struct nli_runs *r)
{
	for (size_t i = 0; i < r->n_run; i++) {
		free(r->run[i].buf);
		r->run[i].buf = NULL;
	}
}

/* So many runs that each would have too little memory: make them one, in another file. */
static void squash(struct nli_runs *r)
{
	const int fd = nli_store_file();
	uint64_t out[LEAST_BUF], size = 0;
	size_t n = 0;

	start_merge(r);
	while (merge_next(r, &out[n]))
		if (++n == LEAST_BUF) {
			write_all(fd, out, n, size);
			size += n;
			n = 0;
		}
	write_all(fd, out, n, size);
	size += n;
	free_bufs(r);
	close(r->fd);
	r->fd = fd;
	r->size = size;
	r->run[0] = (struct run){ .n = size };
	r->n_run = 1;
}

void nli_runs_add(struct nli_runs *r, uint64_t v)
{
	if (r->n == r->cap) {
		spill(r);
		if (r->n_run > 1 && r->n_run >= r->cap / LEAST_BUF)
			squash(r);
	}
	if (r->n == r->v_cap) {
		nli_grow(&r->v, &r->v_cap, r->n + 1, sizeof(*r->v));
		r->v_cap = r->v_cap < r->cap ? r->v_cap : r->cap;
	}
	r->v[r->n++] = v;
}

void nli_runs_sort(struct nli_runs *r)
{
	if (r->fd >= 0) {
		spill(r);
		start_merge(r);
		return;
	}
	if (!r->at)
		nli_sort64(r->v, r->n);
	r->at = 0;
}

bool nli_runs_next(struct nli_runs *r, uint64_t *v)
{
	if (r->fd >= 0)
		return merge_next(r, v);
	if (r->at == r->n)
		return false;
	*v = r->v[r->at++];
	return true;
}

void nli_runs_free(struct nli_runs *r)
{
	if (!r)
		return;
	free_bufs(r);
	if (r->fd >= 0)
		close(r->fd);
	free(r->run);
	free(r->heap);
	free(r->v);
	free(r);
}
