/* err.c - see err.h. */
#include "lib/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int nli_fail(struct nli_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return code;
	err->code = code;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return code;
}

int nli_fail_errno(struct nli_err *err, const char *fmt, ...)
{
	const int saved = errno;
	char reason[128] = "";
	va_list ap;
	size_t used;

	if (!err)
		return NLI_EIO;
	err->code = NLI_EIO;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	used = strlen(err->msg);
	if (strerror_r(saved, reason, sizeof(reason)))
		snprintf(reason, sizeof(reason), "error %d", saved);
	snprintf(err->msg + used, sizeof(err->msg) - used, ": %s", reason);
	return NLI_EIO;
}

int nli_err_prefix(struct nli_err *err, const char *fmt, ...)
{
	char old[sizeof(err->msg)];
	va_list ap;
	size_t used;

	memcpy(old, err->msg, sizeof(old));
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	used = strlen(err->msg);
	snprintf(err->msg + used, sizeof(err->msg) - used, ": %s", old);
	return err->code;
}
