/* pattern.c - see pattern.h.  The only file that knows PCRE2. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "lib/text/pattern.h"

#include <pcre2.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "lib/base/mem.h"

enum { MAX_PATTERN = 64 * 1024, JIT_STACK = 1024 * 1024, GROUPS = 64 };

/* Has the pattern machine code? */
enum { NOT_ASKED, JIT, NO_JIT };

struct nli_pattern {
	pcre2_code *code;
	pthread_mutex_t lock; /* of the compilation below */
	atomic_int jit;
};

/* The finds of one thread.  Owns all but p and subject. */
struct nli_match {
	pcre2_match_data *data;
	pcre2_match_context *limits;
	pcre2_jit_stack *stack;
	const struct nli_pattern
		*p; /* of the last match, borrowed; NULL if there was none */
	struct nli_str subject;
	size_t n; /* groups that it set */
};

static int complain(struct nli_err *err, int status, int code, const char *what)
{
	PCRE2_UCHAR text[200];

	if (pcre2_get_error_message(code, text, sizeof(text)) < 0)
		text[0] = '\0';
	return nli_fail(err, status, "%s: %s", what, (const char *)text);
}

int nli_pattern_new(struct nli_pattern **p, struct nli_str text, unsigned flags,
		    struct nli_err *err)
{
	uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
	PCRE2_SIZE at;
	int code;
	pcre2_code *made;

	*p = NULL;
	if (text.len > MAX_PATTERN)
		return nli_fail(err, NLI_EINVAL,
				"pattern of %zu bytes, wanted %d at most", text.len,
				MAX_PATTERN);
	if (flags & NLI_PATTERN_CASELESS)
		options |= PCRE2_CASELESS;
	if (flags & NLI_PATTERN_WHOLE)
		options |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
	made = pcre2_compile((PCRE2_SPTR)text.s, text.len, options, &code, &at, NULL);
	if (!made) {
		complain(err, NLI_EINVAL, code, "pattern");
		return nli_err_prefix(err, "byte %zu of \"%.*s\"", (size_t)at,
				      (int)(text.len < 100 ? text.len : 100), text.s);
	}
	*p = nli_xcalloc(1, sizeof(**p));
	(*p)->code = made;
	pthread_mutex_init(&(*p)->lock, NULL);
	atomic_init(&(*p)->jit, NOT_ASKED);
	return 0;
}

void nli_pattern_free(struct nli_pattern *p)
{
	if (!p)
		return;
	pcre2_code_free(p->code);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

static void *need(void *p)
{
	return p ? p : nli_xmalloc((size_t)-1, 2); /* out of memory: says so and exits */
}

struct nli_match *nli_match_new(void)
{
	struct nli_match *m = nli_xcalloc(1, sizeof(*m));

	m->data = need(pcre2_match_data_create(GROUPS, NULL));
	m->limits = need(pcre2_match_context_create(NULL));
	m->stack = need(pcre2_jit_stack_create(32 * 1024, JIT_STACK, NULL));
	pcre2_jit_stack_assign(m->limits, NULL, m->stack);
	pcre2_set_match_limit(m->limits, NLI_PATTERN_MATCH_LIMIT);
	pcre2_set_depth_limit(m->limits, NLI_PATTERN_DEPTH_LIMIT);
	return m;
}

void nli_match_free(struct nli_match *m)
{
	if (!m)
		return;
	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->limits);
	pcre2_jit_stack_free(m->stack);
	free(m);
}

/*
 * Machine code is made when a pattern is first looked for: it takes half of the time
 * of loading a pack, most of whose rules a run may never ask.  Where there is no JIT
 * (a hardened kernel, an odd processor) the interpreter does it.
 */
static int make_jit(struct nli_pattern *p)
{
	int jit;

	pthread_mutex_lock(&p->lock);
	jit = atomic_load_explicit(&p->jit, memory_order_relaxed);
	if (jit == NOT_ASKED) {
		jit = pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE) ? NO_JIT : JIT;
		atomic_store_explicit(&p->jit, jit, memory_order_release);
	}
	pthread_mutex_unlock(&p->lock);
	return jit;
}

static int match(const struct nli_pattern *p, struct nli_match *m, const char *text,
		 size_t len, size_t from)
{
	int jit = atomic_load_explicit(&p->jit, memory_order_acquire);

	if (jit == NOT_ASKED) /* the one change, under its lock, of what else is const */
		jit = make_jit((struct nli_pattern *)(uintptr_t)p);
	return jit == JIT && from <= len
		       ? pcre2_jit_match(p->code, (PCRE2_SPTR)text, len, from, 0, m->data,
					 m->limits)
		       : pcre2_match(p->code, (PCRE2_SPTR)text, len, from,
				     PCRE2_NO_UTF_CHECK, m->data, m->limits);
}

int nli_pattern_find(const struct nli_pattern *p, struct nli_match *m,
		     struct nli_str subject, size_t from, struct nli_err *err)
{
	const char *text = subject.s ? subject.s : "";
	const int rc = match(p, m, text, subject.len, from);

	m->p = NULL;
	if (rc == PCRE2_ERROR_NOMATCH)
		return 0;
	if (rc < 0)
		return complain(err, NLI_EDATA, rc, "pattern");
	m->p = p;
	m->subject = (struct nli_str){ text, subject.len };
	m->n = rc ? (size_t)rc : GROUPS; /* 0: more groups than there is room for */
	return 1;
}

struct nli_str nli_match_group(const struct nli_match *m, size_t i)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(m->data);

	if (!m->p || i >= m->n || at[2 * i] == PCRE2_UNSET || at[2 * i + 1] < at[2 * i])
		return (struct nli_str){ NULL, 0 };
	return (struct nli_str){ m->subject.s + at[2 * i], at[2 * i + 1] - at[2 * i] };
}

size_t nli_pattern_group(const struct nli_pattern *p, const char *name)
{
	const int i = pcre2_substring_number_from_name(p->code, (PCRE2_SPTR)name);

	return i > 0 ? (size_t)i : 0;
}

struct nli_str nli_match_named(const struct nli_match *m, const char *name)
{
	const size_t i = m->p ? nli_pattern_group(m->p, name) : 0;

	return i ? nli_match_group(m, i) : (struct nli_str){ NULL, 0 };
}
