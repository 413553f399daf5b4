/* mem.c - see mem.h. */
#define _DEFAULT_SOURCE /* madvise() */
#include "lib/base/mem.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum {
	ARENA_FIRST = 4000,
	ARENA_BLOCK = 64 * 1024,
	PAGE = 4096,
	HUGE = 2 << 20,
	SMALL = 1 << 14,
	MAPPED = 1 << 20,    /* blocks of so many bytes are mapped, */
	HEAP_STEP = 8 << 20, /* smaller ones are of the heap, which grows by so many */
	KEPT = 64 << 20,     /* and does not shrink for less */
	COPIED = 64 << 20    /* as far as this, what grows is copied */
};

struct nli_arena_block {
	struct nli_arena_block *next;
	size_t used, cap;
	alignas(max_align_t) char data[];
};

static const char *program;

/*
 * Pages of 4 KiB come one by one, by a fault each, which takes a quarter of a
 * microsecond on bare metal and up to twenty under some hypervisors: more than most
 * of what is done with the page.  So whatever is large stands on huge pages, where
 * the system gives them on request, and so does the heap.
 */
static void on_huge_pages(void *p, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	const size_t off = -(uintptr_t)p & (PAGE - 1);

	if (bytes > off)
		madvise((char *)p + off, (bytes - off) & ~(size_t)(PAGE - 1),
			MADV_HUGEPAGE);
#else
	(void)p;
	(void)bytes;
#endif
}

#ifdef __GLIBC__
/* Up to where huge pages for the heap were asked for; 0: never. */
static atomic_uintptr_t heap_end;

/*
 * glibc raises the size from which it maps blocks with each large one that is freed,
 * and gives memory back and takes it again; here it shall not.
 */
static void tune(void)
{
	mallopt(M_MMAP_THRESHOLD, MAPPED);
	mallopt(M_TRIM_THRESHOLD, KEPT);
	mallopt(M_TOP_PAD, HEAP_STEP);
	heap_end = (uintptr_t)sbrk(0);
}

/* For what the heap has grown by, once by any thread. */
static void ask_for_heap(void)
{
	const uintptr_t end = (uintptr_t)sbrk(0);
	uintptr_t from = heap_end;

	if (from && end > from && atomic_compare_exchange_strong(&heap_end, &from, end))
		on_huge_pages((void *)from, end - from);
}
#else
static void tune(void)
{
}

static void ask_for_heap(void)
{
}
#endif

void nli_mem_program(const char *name)
{
	program = name;
	tune();
}

_Noreturn void nli_mem_fail(const char *fmt, ...)
{
	va_list ap;

	if (program)
		fprintf(stderr, "%s: ", program);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static void *checked(void *p, size_t n, size_t size)
{
	if (p || !n || !size)
		return p;
	nli_mem_fail("out of memory: wanted %zu times %zu bytes", n, size);
}

static size_t product(size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		checked(NULL, n, size);
	const size_t bytes = n * size;

	return bytes ? bytes : 1;
}

/* NULL if there is not so much. */
static void *on_its_own(size_t bytes)
{
	const size_t whole = bytes > SIZE_MAX - HUGE
				     ? SIZE_MAX
				     : (bytes + HUGE - 1) & ~(size_t)(HUGE - 1);
	void *p = aligned_alloc(HUGE, whole);

	if (p)
		on_huge_pages(p, whole);
	return p;
}

static void *of_heap(void *p, size_t bytes)
{
	if (bytes >= SMALL)
		ask_for_heap();
	return p;
}

void *nli_xmalloc(size_t n, size_t size)
{
	const size_t bytes = product(n, size);

	return checked(bytes < HUGE ? of_heap(malloc(bytes), bytes) : on_its_own(bytes),
		       n, size);
}

void *nli_xcalloc(size_t n, size_t size)
{
	const size_t bytes = product(n, size);
	void *p;

	/* calloc() would touch it before it is asked for. */
	if (bytes >= SMALL && bytes <= COPIED)
		return nli_xtable(n, size);
	/* Of something that large perhaps not all is used. */
	p = checked(calloc(1, bytes), n, size);
	if (bytes >= HUGE)
		on_huge_pages(p, bytes);
	return p;
}

void *nli_xtable(size_t n, size_t size)
{
	return memset(nli_xmalloc(n, size), 0, product(n, size));
}

void *nli_xrealloc(void *p, size_t n, size_t size)
{
	const size_t bytes = product(n, size);

	p = checked(of_heap(realloc(p, bytes), bytes), n, size);
	if (bytes >= HUGE)
		on_huge_pages(p, bytes);
	return p;
}

char *nli_xstrndup(const char *s, size_t len)
{
	char *copy = nli_xmalloc(len + 1, 1);

	if (len)
		memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *nli_xstrdup(const char *s)
{
	return nli_xstrndup(s, strlen(s));
}

void nli_grow(void *p, size_t *cap, size_t need, size_t size)
{
	size_t want = *cap ? *cap : 16;
	void *block;

	if (need <= *cap)
		return;
	while (want < need)
		want = want > SIZE_MAX / 2 ? need : want * 2;
	memcpy(&block, p, sizeof(block));
	if (product(want, size) < SMALL || product(want, size) > COPIED) {
		block = nli_xrealloc(block, want, size);
	} else {
		/* realloc() would touch it before it is asked for, or not align it. */
		void *copy = nli_xmalloc(want, size);

		if (*cap)
			memcpy(copy, block, *cap * size);
		free(block);
		block = copy;
	}
	memcpy(p, &block, sizeof(block));
	*cap = want;
}

/* Each block is twice as large as the one before, as far as ARENA_BLOCK: there are many arenas. */
static struct nli_arena_block *block_new(const struct nli_arena_block *before, size_t len)
{
	const size_t twice = before ? 2 * before->cap : ARENA_FIRST;
	const size_t most = twice < ARENA_BLOCK ? twice : ARENA_BLOCK;
	const size_t cap = len > most ? len : most;
	struct nli_arena_block *b = nli_xmalloc(sizeof(*b) + cap, 1);

	b->next = NULL;
	b->used = 0;
	b->cap = cap;
	return b;
}

void *nli_arena_alloc(struct nli_arena *a, size_t len)
{
	const size_t step = alignof(max_align_t);
	const size_t need = (len + step - 1) / step * step;
	struct nli_arena_block *b = a->head;

	if (need < len)
		checked(NULL, len, 1);
	if (!b || b->cap - b->used < need) {
		b = block_new(b, need);
		b->next = a->head;
		a->head = b;
	}
	b->used += need;
	return b->data + b->used - need;
}

char *nli_arena_strndup(struct nli_arena *a, const char *s, size_t len)
{
	char *copy = nli_arena_alloc(a, len + 1);

	if (len)
		memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

static void free_blocks(struct nli_arena_block *b)
{
	while (b) {
		struct nli_arena_block *next = b->next;

		free(b);
		b = next;
	}
}

void nli_arena_reset(struct nli_arena *a)
{
	if (!a->head)
		return;
	free_blocks(a->head->next);
	a->head->next = NULL;
	a->head->used = 0;
}

void nli_arena_release(struct nli_arena *a)
{
	free_blocks(a->head);
	a->head = NULL;
}
