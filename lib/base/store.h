/*
 * store.h - large arrays that may be larger than the memory they are allowed.
 *
 * A store keeps each array in an unlinked temporary file (in TMPDIR, else /tmp)
 * that is mapped: its pages come in when they are read and are let go of by
 * nli_store_ease(), so that no more than the limit stays mapped for long.  What
 * was let go of is read back from the file, or from the system's page cache as
 * long as others have no need of that.  Where the store is NULL, arrays are
 * ordinary memory, and all of this is nothing.
 *
 * Space in the file is reserved before it is mapped: a full disk is told in words
 * and ends the program like memory that runs out (mem.h), it is no SIGBUS.
 *
 * Arrays of a store may be used from any thread; making, growing and freeing them
 * is for one at a time.
 */
#ifndef NLI_BASE_STORE_H
#define NLI_BASE_STORE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct nli_store;

/* limit: bytes that may stay mapped. */
struct nli_store *nli_store_new(size_t limit);
void nli_store_free(struct nli_store *s); /* NULL is fine; frees its arrays */

/* (n,) zeroed elements of that size. */
void *nli_store_calloc(struct nli_store *s, size_t n, size_t size);

/* As nli_grow() of mem.h. */
void nli_store_grow(struct nli_store *s, void *p, size_t *cap, size_t need, size_t size);

/* Give an array back; NULL is fine. */
void nli_store_drop(struct nli_store *s, void *array);

/*
 * An array that is read here and there: from its file, not through the mapping, of
 * which each look would bring in a neighbourhood.  Good until the array grows; where
 * the store is NULL, it is the array itself.  Any thread.
 */
struct nli_view {
	const char *at;
	int fd; /* -1: at is all there is to it */
};
struct nli_view nli_store_view(struct nli_store *s, const void *array);
void nli_view_fetch(const struct nli_view *v, size_t off, size_t len, void *to);

/* Copy len bytes from off on. */
static inline void nli_view_read(const struct nli_view *v, size_t off, size_t len,
				 void *to)
{
	if (v->fd < 0)
		memcpy(to, v->at + off, len);
	else
		nli_view_fetch(v, off, len, to);
}

/*
 * Copy (n,) elements of that size, those with the numbers at, to to: in the order of
 * the file and by large reads where they stand close, which costs a tenth of one by one.
 * Takes 8 bytes an element meanwhile.
 */
void nli_view_gather(const struct nli_view *v, size_t size, const uint32_t *at, size_t n,
		     void *to);

/* An unlinked temporary file; where there can be none the program ends. */
int nli_store_file(void);

/*
 * Let go of pages if more than the limit are mapped.  Cheap: call it after each
 * piece of work, on any thread, also while others use the arrays.
 */
void nli_store_ease(struct nli_store *s);

#endif
