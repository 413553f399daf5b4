/*
 * mem.h - memory that is there or the program is not, and an arena.
 *
 * A filter cannot go on without memory, so these print one line and exit 1
 * when it runs out: the one place in lib/ that may (STYLE.md, Errors).  Sizes
 * are checked for overflow before they are multiplied.
 */
#ifndef NLI_BASE_MEM_H
#define NLI_BASE_MEM_H

#include <stddef.h>

/* Of which program that line is: "name: " is put before it.  Borrowed. */
void nli_mem_program(const char *name);
/* Print it and exit 1. */
_Noreturn void nli_mem_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* n * size bytes, never NULL (0 bytes give a pointer that may be freed). */
void *nli_xmalloc(size_t n, size_t size);
void *nli_xcalloc(size_t n, size_t size);
/* The same as zeros, for what is read and written all over: on huge pages, if there are any. */
void *nli_xtable(size_t n, size_t size);
void *nli_xrealloc(void *p, size_t n, size_t size);

/* A NUL-terminated copy of len bytes; the caller frees it. */
char *nli_xstrndup(const char *s, size_t len);
char *nli_xstrdup(const char *s);

/*
 * Grow *p, an array of size-byte elements of which *cap are allocated, until
 * it holds need.  Doubles, so that appending is O(1) amortised.
 */
void nli_grow(void *p, size_t *cap, size_t need, size_t size);

/* Many small blocks that die together.  Not for sharing between threads. */
struct nli_arena {
	struct nli_arena_block *head; /* owns */
};

/* len bytes aligned for any type, valid until nli_arena_reset() or _release(). */
void *nli_arena_alloc(struct nli_arena *a, size_t len);
char *nli_arena_strndup(struct nli_arena *a, const char *s, size_t len);

/* Forget all blocks but keep the newest for reuse. */
void nli_arena_reset(struct nli_arena *a);
void nli_arena_release(struct nli_arena *a);

#endif
