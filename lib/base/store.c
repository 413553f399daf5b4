/* store.c - see store.h. */
#include "lib/base/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/base/buf.h"
#include "lib/base/mem.h"
#include "lib/base/runs.h"

struct array {
	char *at; /* NULL: this place is free */
	size_t len;
	int fd;
	bool grown; /* element after element: what is behind is seldom read again */
};

struct nli_store {
	size_t limit;
	pthread_mutex_t lock; /* over array, and over letting go */
	struct array *array;  /* (n,) */
	size_t n, cap;
	int statm;     /* /proc/self/statm, or -1 where there is none */
	size_t before; /* bytes of mapped files when it began: the program's own */
	long page;
};

/* Smaller ones are not worth a file. */
enum { LEAST = 1 << 16 };

_Noreturn static void fail(const char *what, size_t bytes, int why)
{
	nli_mem_fail("%s of %zu bytes for --memory: %s", what, bytes, strerror(why));
}

int nli_store_file(void)
{
	const char *dir = getenv("TMPDIR");
	struct nli_buf name = { 0 };
	int fd;

	nli_buf_addf(&name, "%s/nli-store-XXXXXX", dir && *dir ? dir : "/tmp");
	fd = mkstemp(name.data);
	if (fd < 0)
		nli_mem_fail("cannot make a temporary file %s for --memory: %s",
			     name.data, strerror(errno));
	unlink(name.data);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	nli_buf_release(&name);
	return fd;
}

/* Map len bytes of the array's file, which has them; at may be where it was before. */
static void map(struct array *a, size_t len, bool again)
{
	void *at = mmap(again ? a->at : NULL, len, PROT_READ | PROT_WRITE,
			MAP_SHARED | (again ? MAP_FIXED : 0), a->fd, 0);

	if (at == MAP_FAILED)
		fail("cannot map a temporary file", len, errno);
	a->at = at;
	a->len = len;
}

static void resize(struct array *a, size_t len)
{
	const int why = len > a->len ? posix_fallocate(a->fd, 0, (off_t)len) : 0;

	if (why)
		fail("cannot write a temporary file", len, why);
	if (a->at)
		munmap(a->at, a->len);
	map(a, len, false);
}

static size_t bytes_of(size_t n, size_t size)
{
	if (size && n > SIZE_MAX / 2 / size)
		fail("cannot make a temporary file", SIZE_MAX, ENOMEM);
	return n * size > LEAST ? n * size : LEAST;
}

static struct array *find(struct nli_store *s, const void *at)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->array[i].at == at)
			return &s->array[i];
	return NULL;
}

static struct array *new_array(struct nli_store *s, size_t bytes, bool grown)
{
	struct array *a = find(s, NULL);

	if (!a) {
		nli_grow(&s->array, &s->cap, s->n + 1, sizeof(*s->array));
		a = &s->array[s->n++];
	}
	*a = (struct array){ .fd = nli_store_file(), .grown = grown };
	resize(a, bytes);
	return a;
}

void *nli_store_calloc(struct nli_store *s, size_t n, size_t size)
{
	void *at;

	if (!s)
		return nli_xcalloc(n, size);
	pthread_mutex_lock(&s->lock);
	at = new_array(s, bytes_of(n, size), false)->at;
	pthread_mutex_unlock(&s->lock);
	return at;
}

void nli_store_grow(struct nli_store *s, void *p, size_t *cap, size_t need, size_t size)
{
	const size_t want = *cap + *cap / 2 > need ? *cap + *cap / 2 : need;
	struct array *a;
	void *at;

	if (need <= *cap)
		return;
	if (!s) {
		nli_grow(p, cap, need, size);
		return;
	}
	memcpy(&at, p, sizeof(at));
	pthread_mutex_lock(&s->lock);
	a = at ? find(s, at) : NULL;
	if (a)
		resize(a, bytes_of(want, size));
	else
		a = new_array(s, bytes_of(want, size), true);
	memcpy(p, &a->at, sizeof(a->at));
	*cap = a->len / size;
	pthread_mutex_unlock(&s->lock);
}

static void close_array(struct array *a)
{
	munmap(a->at, a->len);
	close(a->fd);
	a->at = NULL;
}

void nli_store_drop(struct nli_store *s, void *array)
{
	struct array *a;

	if (!s) {
		free(array);
		return;
	}
	if (!array)
		return;
	pthread_mutex_lock(&s->lock);
	a = find(s, array);
	if (a)
		close_array(a);
	pthread_mutex_unlock(&s->lock);
}

struct nli_view nli_store_view(struct nli_store *s, const void *array)
{
	struct nli_view v = { .at = array, .fd = -1 };
	const struct array *a;

	if (!s || !array)
		return v;
	pthread_mutex_lock(&s->lock);
	a = find(s, array);
	/* What is small beside the limit may as well be mapped. */
	if (a && a->len > s->limit / 8)
		v.fd = a->fd;
	pthread_mutex_unlock(&s->lock);
	return v;
}

void nli_view_fetch(const struct nli_view *v, size_t off, size_t len, void *to)
{
	size_t done = 0;

	while (done < len) {
		const ssize_t n =
			pread(v->fd, (char *)to + done, len - done, (off_t)(off + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			fail("cannot read a temporary file", len, n ? errno : EIO);
		done += (size_t)n;
	}
}

/* A read of so many bytes at most, with gaps of so many that are read and not wanted. */
enum { GATHER_BLOCK = 1 << 18, GATHER_GAP = 2048 };

/* The stretch of the file that begins with element order[i] and has those behind it close by. */
static size_t stretch_end(const uint64_t *order, size_t i, size_t n, size_t size)
{
	const size_t from = (size_t)(order[i] >> 32) * size;
	size_t end = from + size;

	while (++i < n) {
		const size_t next = (size_t)(order[i] >> 32) * size;

		if (next > end + GATHER_GAP || next + size - from > GATHER_BLOCK)
			break;
		end = next + size;
	}
	return end;
}

void nli_view_gather(const struct nli_view *v, size_t size, const uint32_t *at, size_t n,
		     void *to)
{
	uint64_t *order;
	char *block;
	size_t from = 0, end = 0;

	if (v->fd < 0) {
		for (size_t i = 0; i < n; i++)
			memcpy((char *)to + i * size, v->at + at[i] * size, size);
		return;
	}
	order = nli_xmalloc(n, sizeof(*order));
	block = nli_xmalloc(GATHER_BLOCK > size ? GATHER_BLOCK : size, 1);
	for (size_t i = 0; i < n; i++)
		order[i] = (uint64_t)at[i] << 32 | i;
	nli_sort64(order, n);
	for (size_t i = 0; i < n; i++) {
		const size_t off = (size_t)(order[i] >> 32) * size;

		if (off + size > end) {
			from = off;
			end = stretch_end(order, i, n, size);
			nli_view_fetch(v, from, end - from, block);
		}
		memcpy((char *)to + (uint32_t)order[i] * size, block + (off - from),
		       size);
	}
	free(order);
	free(block);
}

/* Bytes of mapped files in memory now; where nobody says, as many as there can be. */
static size_t mapped(const struct nli_store *s)
{
	char text[128];
	const ssize_t n = s->statm < 0 ? -1 : pread(s->statm, text, sizeof(text) - 1, 0);
	size_t all = 0;

	if (n > 0) {
		const char *at; /* behind the total size and what is resident */

		text[n] = '\0';
		at = strchr(text, ' ');
		at = at ? strchr(at + 1, ' ') : NULL;
		if (at)
			return (size_t)strtoull(at + 1, NULL, 10) * (size_t)s->page;
	}
	for (size_t i = 0; i < s->n; i++)
		all += s->array[i].at ? s->array[i].len : 0;
	return all;
}

struct nli_store *nli_store_new(size_t limit)
{
	struct nli_store *s = nli_xcalloc(1, sizeof(*s));

	s->limit = limit;
	pthread_mutex_init(&s->lock, NULL);
	s->statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	s->page = sysconf(_SC_PAGESIZE);
	s->before = mapped(s);
	return s;
}

/* Mapped anew, a file has no page in memory until it is read again. */
void nli_store_ease(struct nli_store *s)
{
	if (!s || mapped(s) <= s->before + s->limit)
		return;
	pthread_mutex_lock(&s->lock);
	/* Tables that are looked up at random come last: they would be back at once. */
	for (int grown = 1; grown >= 0; grown--)
		for (size_t i = 0;
		     i < s->n && mapped(s) > s->before + s->limit / 8 * (grown ? 4 : 8);
		     i++)
			if (s->array[i].at && s->array[i].grown == grown)
				map(&s->array[i], s->array[i].len, true);
	pthread_mutex_unlock(&s->lock);
}

void nli_store_free(struct nli_store *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		if (s->array[i].at)
			close_array(&s->array[i]);
	if (s->statm >= 0)
		close(s->statm);
	pthread_mutex_destroy(&s->lock);
	free(s->array);
	free(s);
}
