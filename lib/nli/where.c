/* where.c - see where.h. */
#include "lib/nli/where.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jq.h>

#include "lib/base/mem.h"

struct nli_where {
	jq_state *jq;
	struct nli_buf said; /* what jq said while compiling */
};

/* jq tells of a compile error in several messages; the first says what is wrong. */
static void on_message(void *ctx, jv msg)
{
	struct nli_where *w = ctx;

	if (jv_get_kind(msg) == JV_KIND_STRING && !w->said.len)
		nli_buf_adds(&w->said, jv_string_value(msg));
	jv_free(msg);
}

/* The first line, without jq's own "jq: error: ". */
static void tidy(struct nli_buf *said)
{
	static const char prefix[] = "jq: error: ";
	const size_t n = sizeof(prefix) - 1;

	if (!said->data)
		nli_buf_adds(said, "no reason given");
	said->len = strcspn(said->data, "\n");
	if (said->len > n && !memcmp(said->data, prefix, n)) {
		memmove(said->data, said->data + n, said->len - n);
		said->len -= n;
	}
	said->data[said->len] = '\0';
}

int nli_where_new(struct nli_where **to, const char *expr, struct nli_err *err)
{
	struct nli_where *w = nli_xcalloc(1, sizeof(*w));
	int rc = 0;

	*to = NULL;
	w->jq = jq_init();
	if (!w->jq) {
		rc = nli_fail(err, NLI_EINVAL, "libjq does not start");
	} else {
		jq_set_error_cb(w->jq, on_message, w);
		if (!jq_compile(w->jq, expr)) {
			tidy(&w->said);
			rc = nli_fail(err, NLI_EINVAL, "\"%.200s\": %s", expr,
				      w->said.data);
		}
	}
	if (rc)
		nli_where_free(w);
	else
		*to = w;
	return rc;
}

void nli_where_free(struct nli_where *w)
{
	if (!w)
		return;
	if (w->jq)
		jq_teardown(&w->jq);
	nli_buf_release(&w->said);
	free(w);
}

static int fail_with(jv msg, const char *what, struct nli_err *err)
{
	const bool text = jv_get_kind(msg) == JV_KIND_STRING;
	const int rc = nli_fail(err, NLI_EDATA, "%s: %.300s", what,
				text ? jv_string_value(msg) : "no reason given");

	jv_free(msg);
	return rc;
}

int nli_where_ask(struct nli_where *w, struct nli_str line, struct nli_err *err)
{
	jv v = line.len <= INT_MAX ? jv_parse_sized(line.s, (int)line.len) : jv_invalid();
	int rc;

	if (!jv_is_valid(v))
		return fail_with(jv_invalid_get_msg(v), "jq does not read the record",
				 err);
	jq_start(w->jq, v, 0);
	v = jq_next(w->jq);
	if (!jv_is_valid(v) && jv_invalid_has_msg(jv_copy(v)))
		return fail_with(jv_invalid_get_msg(v), "the expression fails", err);
	rc = jv_is_valid(v) && jv_get_kind(v) != JV_KIND_FALSE &&
	     jv_get_kind(v) != JV_KIND_NULL;
	jv_free(v);
	return rc;
}
