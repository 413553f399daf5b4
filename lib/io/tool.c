/* tool.c - see tool.h: start, end, dying words.  The passes are in pass.c. */
#include "lib/io/tool.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/mem.h"
#include "lib/io/reject.h"
#include "lib/io/run.h"
#include "lib/io/spool.h"
#include "lib/io/version.h"

/*
 * The one run of this process, for those who cannot be handed it: nli_die() and
 * the signal handler, which may read nothing but the names of the temporaries.
 */
static struct nli_run *running;
static const char *tool_name = "nli";
enum { FIRST_SIDE = 2, N_TEMP = FIRST_SIDE + NLI_MAX_SIDES };
static char temp_name[N_TEMP][4096];

void nli_warn(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", tool_name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* Bad records are kept whatever becomes of the run; the output is not. */
static void drop_output(void)
{
	struct nli_run *r = running;
	struct nli_err err;

	running = NULL;
	if (!r)
		return;
	if (r->reject && nli_out_commit(r->reject, &err))
		nli_warn("%s", err.msg);
	nli_out_abandon(r->out);
	r->reject = r->out = NULL;
	for (size_t i = 0; i < NLI_MAX_SIDES; i++) {
		nli_out_abandon(r->side[i]);
		r->side[i] = NULL;
	}
}

_Noreturn void nli_die(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", tool_name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	drop_output();
	exit(1);
}

static void unlink_temps(void)
{
	for (size_t i = 0; i < N_TEMP; i++)
		if (temp_name[i][0])
			unlink(temp_name[i]);
}

static void on_signal(int sig)
{
	unlink_temps();
	signal(sig, SIG_DFL);
	raise(sig);
}

static const int fatal[] = { SIGHUP, SIGINT, SIGTERM, SIGPIPE };

static void watch_signals(void)
{
	struct sigaction now, sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < sizeof(fatal) / sizeof(*fatal); i++)
		if (!sigaction(fatal[i], NULL, &now) && now.sa_handler == SIG_DFL)
			sigaction(fatal[i], &sa, NULL);
}

static struct nli_out *open_out(size_t i, const char *path, bool hashed)
{
	struct nli_out *o;
	struct nli_err err;
	sigset_t wait, before;

	/* No signal between the making of a temporary and the note of its name. */
	sigemptyset(&wait);
	for (size_t k = 0; k < sizeof(fatal) / sizeof(*fatal); k++)
		sigaddset(&wait, fatal[k]);
	sigprocmask(SIG_BLOCK, &wait, &before);
	if (nli_out_open(&o, path, hashed, &err))
		nli_die("%s", err.msg);
	if (nli_out_temp(o))
		snprintf(temp_name[i], sizeof(temp_name[i]), "%s", nli_out_temp(o));
	sigprocmask(SIG_SETMASK, &before, NULL);
	return o;
}

struct nli_out *nli_run_side_open(struct nli_run *r, const char *path)
{
	size_t i = 0;

	while (i < NLI_MAX_SIDES && r->side[i])
		i++;
	if (i == NLI_MAX_SIDES)
		nli_die("more than %d files to write at once", NLI_MAX_SIDES);
	return r->side[i] = open_out(FIRST_SIDE + i, path, false);
}

int nli_run_side_commit(struct nli_run *r, struct nli_out *o, struct nli_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < NLI_MAX_SIDES; i++) {
		if (!o || r->side[i] != o)
			continue;
		r->side[i] = NULL;
		rc = nli_out_commit(o, err);
		temp_name[FIRST_SIDE + i][0] = '\0';
	}
	return rc;
}

void nli_run_start(struct nli_run *r, const struct nli_tool *t, int argc, char **argv)
{
	static char dash[] = "-", *from_stdin[] = { dash, NULL };
	int i;

	memset(r, 0, sizeof(*r));
	tool_name = t->name;
	nli_mem_program(t->name);
	i = nli_opt_parse(t, argc, argv);
	r->tool = t;
	r->files = i == argc ? from_stdin : argv + i;
	running = r;
	watch_signals();
	atexit(unlink_temps); /* for the exit of mem.c */
	r->out = open_out(0, nli_common.output, nli_common.summary != NULL);
	if (nli_common.reject)
		r->reject = open_out(1, nli_common.reject, false);
}

void nli_run_write(struct nli_run *r, struct nli_str bytes)
{
	struct nli_err err;

	if (nli_out_write(r->out, bytes.s, bytes.len, &err))
		nli_die("%s", err.msg);
}

int nli_run_bad(struct nli_run *r, const char *path, uint64_t lineno,
		struct nli_str record, const struct nli_err *why, struct nli_err *err)
{
	const char *name = strcmp(path, "-") ? path : "(standard input)";
	struct nli_buf line = { 0 };
	int rc = 0;

	r->in++;
	r->rejected++;
	nli_warn("%s:%llu: %s", name, (unsigned long long)lineno, why->msg);
	if (r->reject) {
		nli_reject_line(name, lineno, why->msg, record, &line);
		rc = nli_out_write(r->reject, line.data, line.len, err);
		nli_buf_release(&line);
	}
	if (!rc && r->rejected > nli_common.max_bad)
		rc = nli_fail(err, NLI_ESTOP, "%llu bad records, --max-bad allows %llu",
			      (unsigned long long)r->rejected,
			      (unsigned long long)nli_common.max_bad);
	return rc;
}

/* A first bad record that ends the run has been told already: one line is enough. */
_Noreturn void nli_run_fail(const struct nli_err *err)
{
	if (err->code != NLI_ESTOP || nli_common.max_bad)
		nli_die("%s", err->msg);
	drop_output();
	exit(1);
}

void nli_run_reject(struct nli_run *r, const char *path, uint64_t lineno,
		    struct nli_str record, const struct nli_err *why)
{
	struct nli_err err;

	if (nli_run_bad(r, path, lineno, record, why, &err))
		nli_run_fail(&err);
}

static void add_hash(struct nli_jw *w, uint64_t bytes, struct nli_hash128 h)
{
	char digits[NLI_KEY_LEN + 1];

	nli_hash128_base32(h, digits);
	nli_jw_open(w, '{');
	nli_jw_key(w, "bytes");
	nli_jw_u64(w, bytes);
	nli_jw_key(w, "xxh3");
	nli_jw_cstr(w, digits);
	nli_jw_close(w, '}');
}

void nli_run_note_input(struct nli_run *r, uint64_t bytes, const struct nli_hasher *h)
{
	struct nli_jw w = { .b = &r->inputs, .comma = r->inputs.len > 0 };

	add_hash(&w, bytes, nli_hasher_end(h));
}

static void add_count(struct nli_jw *w, const char *name, uint64_t n)
{
	nli_jw_key(w, name);
	nli_jw_u64(w, n);
}

static int write_summary(struct nli_run *r, struct nli_err *err)
{
	struct nli_buf b = { 0 };
	struct nli_jw w = { .b = &b };
	int rc;

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "tool");
	nli_jw_cstr(&w, r->tool->name);
	nli_jw_key(&w, "version");
	nli_jw_cstr(&w, NLI_VERSION);
	nli_jw_key(&w, "args");
	nli_opt_summary(r->tool, &w);
	nli_jw_key(&w, "seed");
	nli_jw_i64(&w, nli_common.seed);
	add_count(&w, "in", r->in);
	add_count(&w, "out", r->kept);
	add_count(&w, "dropped", r->dropped);
	add_count(&w, "rejected", r->rejected);
	nli_jw_key(&w, "inputs");
	nli_jw_open(&w, '[');
	nli_buf_add(&b, r->inputs.data, r->inputs.len);
	nli_jw_close(&w, ']');
	nli_jw_key(&w, "output");
	add_hash(&w, nli_out_bytes(r->out), nli_out_hash(r->out));
	nli_jw_key(&w, "results");
	nli_jw_open(&w, '{');
	nli_buf_add(&b, r->results.data, r->results.len);
	nli_jw_close(&w, '}');
	nli_jw_close(&w, '}');
	nli_buf_addc(&b, '\n');
	rc = nli_out_file(nli_common.summary, b.data, b.len, err);
	nli_buf_release(&b);
	return rc;
}

static void say_counts(const struct nli_run *r)
{
	if (nli_common.progress)
		fputs("\r\033[K", stderr);
	if (nli_common.progress || r->dropped || r->rejected)
		nli_warn("%llu in, %llu out, %llu dropped, %llu rejected",
			 (unsigned long long)r->in, (unsigned long long)r->kept,
			 (unsigned long long)r->dropped, (unsigned long long)r->rejected);
}

int nli_run_end(struct nli_run *r)
{
	struct nli_out *out = r->out, *reject = r->reject;
	struct nli_err err;

	say_counts(r);
	if (nli_common.max_bad_share >= 0 &&
	    (double)r->rejected > nli_common.max_bad_share * (double)r->in)
		nli_die("%llu of %llu records are bad, --max-bad allows %g%%",
			(unsigned long long)r->rejected, (unsigned long long)r->in,
			nli_common.max_bad_share * 100);
	if (nli_common.summary && write_summary(r, &err))
		nli_die("%s", err.msg);
	for (size_t i = 0; i < NLI_MAX_SIDES; i++)
		if (nli_run_side_commit(r, r->side[i], &err))
			nli_die("%s", err.msg);
	r->reject = NULL;
	if (reject && nli_out_commit(reject, &err))
		nli_die("%s", err.msg);
	r->out = NULL;
	if (nli_out_commit(out, &err))
		nli_die("%s", err.msg);
	running = NULL;
	temp_name[0][0] = temp_name[1][0] = '\0';
	nli_spool_free(r->spool);
	nli_buf_release(&r->inputs);
	nli_buf_release(&r->results);
	return r->status;
}
