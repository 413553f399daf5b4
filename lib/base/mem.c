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

enum { ARENA_BLOCK = 64 * 1024 };

enum { PAGE = 4096, MANY_BYTES = 4 << 20 };

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
 * Large tables in large pages: a fault for 2 MiB, not for each 4 KiB, and less to look
 * up at each access.  A wish: where the system does not grant it, nothing changes.
 * Whole pages around the block, which are all of its mapping: a mapping of which a
 * part is advised can no longer be moved by realloc(), and is copied.
 */
static void *in_huge_pages(void *p, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	const uintptr_t at = (uintptr_t)p, from = at / PAGE * PAGE;

	if (bytes >= MANY_BYTES)
		(void)madvise((void *)from, (at + bytes - from + PAGE - 1) / PAGE * PAGE,
			      MADV_HUGEPAGE);
#else
	(void)bytes;
#endif
	return p;
}

void *nli_xmalloc(size_t n, size_t size)
{
	const size_t bytes = product(n, size);

	return in_huge_pages(checked(malloc(bytes), n, size), bytes);
}

void *nli_xcalloc(size_t n, size_t size)
{
	const size_t bytes = product(n, size);

	return in_huge_pages(checked(calloc(1, bytes), n, size), bytes);
}

void *nli_xrealloc(void *p, size_t n, size_t size)
{
	const size_t bytes = product(n, size);

	return in_huge_pages(checked(realloc(p, bytes), n, size), bytes);
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

static struct nli_arena_block *block_new(size_t len)
{
	const size_t cap = len > ARENA_BLOCK ? len : ARENA_BLOCK;
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
		b = block_new(need);
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
