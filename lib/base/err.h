/*
 * err.h - how the library says what went wrong.
 *
 * Every function that can fail returns 0 or a negative enum nli_status and
 * takes a struct nli_err as its last argument.  The library prints nothing and
 * never exits; cmd/ turns the message into "prog: file:line: message".
 */
#ifndef NLI_BASE_ERR_H
#define NLI_BASE_ERR_H

enum nli_status {
	NLI_EINVAL = -1, /* an argument or option makes no sense */
	NLI_EDATA = -2,  /* the input is not what it should be; the next record may be */
	NLI_EIO = -3,    /* the system refused: open, read, write, rename */
	NLI_ESTOP = -4,  /* too many bad records, or a limit that ends the run */
};

/* A message for a person: lower case, no full stop, the value and what was wanted. */
struct nli_err {
	int code; /* the enum nli_status that was returned */
	char msg[500];
};

/* Fill *err (which may be NULL) and return code, so that callers write "return nli_fail(...)". */
int nli_fail(struct nli_err *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* As nli_fail() with NLI_EIO, followed by ": " and the text of errno. */
int nli_fail_errno(struct nli_err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Put "prefix: " before the message that is there already; returns err->code. */
int nli_err_prefix(struct nli_err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
