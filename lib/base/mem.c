/* mem.c - see mem.h. */
#define _DEFAULT_SOURCE /* madvise() */
#include "lib/base/mem.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
	ARENA_FIRST = 4000,
	ARENA_BLOCK = 64 * 1024,
	PAGE = 4096,
	HUGE = 2 << 20,
	HEADER = 64, /* at least, of malloc() */
	LARGE = 2 << 20
};

struct nli_arena_block {
	struct nli_arena_block *next;
	size_t used, cap;
	alignas(max_align_t) char data[];
};

static const char *program;

void nli_mem_program(const char *name)
{
	program = name;
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

/*
 * Ask for huge pages where the system gives them on request: tables of hundreds
 * of megabytes that are read at random cost a third less time with them.  Whole
 * pages, as malloc() maps them: mremap() refuses a mapping of two kinds.
 */
static void *large(void *p, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	const size_t off = (uintptr_t)p & (PAGE - 1);

	if (p && bytes >= LARGE)
		madvise((char *)p - off, bytes + off, MADV_HUGEPAGE);
#else
	(void)bytes;
#endif
	return p;
}

/*
 * Large blocks are made to fill huge pages with what malloc() puts before them: else what
 * does not is met by one fault for each small page.
 */
static size_t whole(size_t n, size_t size)
{
	const size_t bytes = product(n, size);

	if (bytes < LARGE || bytes > SIZE_MAX - 2 * HUGE)
		return bytes;
	return (bytes + HEADER + HUGE - 1) / HUGE * HUGE - HEADER;
}

void *nli_xmalloc(size_t n, size_t size)
{
	return checked(large(malloc(whole(n, size)), whole(n, size)), n, size);
}

void *nli_xcalloc(size_t n, size_t size)
{
	return checked(large(calloc(1, whole(n, size)), whole(n, size)), n, size);
}

void *nli_xtable(size_t n, size_t size)
{
	const size_t bytes = product(n, size);
	void *p;

	if (bytes < HUGE || bytes % HUGE)
		return nli_xcalloc(n, size);
	p = checked(aligned_alloc(HUGE, bytes), n, size);
#ifdef MADV_HUGEPAGE
	madvise(p, bytes, MADV_HUGEPAGE);
#endif
	return memset(p, 0, bytes);
}

void *nli_xrealloc(void *p, size_t n, size_t size)
{
	return checked(large(realloc(p, whole(n, size)), whole(n, size)), n, size);
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
	block = nli_xrealloc(block, want, size);
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
