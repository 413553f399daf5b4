/*
 * shim.c - preloaded into a tool, it makes the n-th call of one kind fail.
 *
 *	LD_PRELOAD=shim.so FAULT=write FAULT_AT=3 nli-split ...
 *	LD_PRELOAD=shim.so FAULT=write FAULT_AT=0 FAULT_COUNT=FILE nli-split ...
 *
 * FAULT is read, write, malloc, fsync, rename, open, close, or slow: every
 * write sleeps for 0.3 s first, so that a signal finds the tool in the middle.
 * FAULT_AT 0 never fails; FAULT_COUNT takes the number of calls seen.
 * Reads and writes of stderr are left alone, as are calls before main().
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static const char *kind, *count_file;
static long fail_at;
static atomic_long calls;
static bool ready;

__attribute__((constructor)) static void start(void)
{
	const char *at = getenv("FAULT_AT");

	kind = getenv("FAULT");
	count_file = getenv("FAULT_COUNT");
	fail_at = at ? strtol(at, NULL, 10) : 0;
	ready = kind != NULL;
}

/* By open(2) and write(2) of libc itself: a FILE would call what is counted. */
__attribute__((destructor)) static void finish(void)
{
	char text[32];
	int fd;

	ready = false;
	if (!count_file)
		return;
	fd = open(count_file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0)
		return;
	if (write(fd, text, (size_t)snprintf(text, sizeof(text), "%ld\n", calls)) < 0)
		_exit(125);
	close(fd);
}

/* Does this call of the named kind fail? */
static bool fails(const char *name)
{
	return ready && !strcmp(kind, name) && ++calls == fail_at;
}

#define REAL(name)                     \
	static __typeof__(name) *real; \
	if (!real)                     \
	*(void **)&real = dlsym(RTLD_NEXT, #name)

ssize_t read(int fd, void *to, size_t n)
{
	REAL(read);
	if (fails("read")) {
		errno = EIO;
		return -1;
	}
	return real(fd, to, n);
}

ssize_t pread(int fd, void *to, size_t n, off_t at)
{
	REAL(pread);
	if (fails("read")) {
		errno = EIO;
		return -1;
	}
	return real(fd, to, n, at);
}

static void slow(void)
{
	const struct timespec t = { 0, 300 * 1000 * 1000 };

	if (ready && !strcmp(kind, "slow"))
		nanosleep(&t, NULL);
}

ssize_t write(int fd, const void *from, size_t n)
{
	REAL(write);
	slow();
	if (fd != STDERR_FILENO && fails("write")) {
		errno = ENOSPC;
		return -1;
	}
	return real(fd, from, n);
}

ssize_t pwrite(int fd, const void *from, size_t n, off_t at)
{
	REAL(pwrite);
	slow();
	if (fails("write")) {
		errno = ENOSPC;
		return -1;
	}
	return real(fd, from, n, at);
}

int fsync(int fd)
{
	REAL(fsync);
	if (fails("fsync")) {
		errno = EIO;
		return -1;
	}
	return real(fd);
}

int rename(const char *from, const char *to)
{
	REAL(rename);
	if (fails("rename")) {
		errno = EACCES;
		return -1;
	}
	return real(from, to);
}

int open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode = 0;

	REAL(open);
	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	if (fails("open")) {
		errno = EMFILE;
		return -1;
	}
	return real(path, flags, mode);
}

int mkstemp(char *name)
{
	REAL(mkstemp);
	if (fails("open")) {
		errno = ENOSPC;
		return -1;
	}
	return real(name);
}

int close(int fd)
{
	REAL(close);
	if (fd != STDERR_FILENO && fails("close")) {
		real(fd);
		errno = EIO;
		return -1;
	}
	return real(fd);
}

#ifndef NO_MALLOC
/* glibc's own names, since dlsym() itself allocates. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

void *malloc(size_t n)
{
	if (!fails("malloc"))
		return __libc_malloc(n);
	errno = ENOMEM;
	return NULL;
}

void *calloc(size_t n, size_t size)
{
	if (!fails("malloc"))
		return __libc_calloc(n, size);
	errno = ENOMEM;
	return NULL;
}

void *realloc(void *p, size_t n)
{
	if (!fails("malloc"))
		return __libc_realloc(p, n);
	errno = ENOMEM;
	return NULL;
}
#endif
