/* opt.c - see opt.h. */
#include "lib/io/opt.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/mem.h"
#include "lib/io/tool.h"
#include "lib/io/version.h"

struct nli_common nli_common;

static const char *parse_max_bad(const char *text)
{
	char *end;
	const double v = strtod(text, &end);
	const bool percent = *end == '%';

	if (end == text || end[percent] || !(v >= 0) || (percent && v > 100) ||
	    (!percent && (v != floor(v) || v > 0x1p53)))
		return "a count, or a share such as 1%";
	nli_common.max_bad = percent ? UINT64_MAX : (uint64_t)v;
	nli_common.max_bad_share = percent ? v / 100 : -1;
	return NULL;
}

static const struct nli_opt common[] = {
	{ "o:output", "FILE", "write to FILE, whole or not at all; .gz and .zst compress",
	  NLI_OPT_FILE, &nli_common.output, 0, 0, NULL, true },
	{ "j:jobs", "N", "threads; the output is the same for any number", NLI_OPT_INT,
	  &nli_common.jobs, 1, 64, NULL, true },
	{ "seed", "N", "what all chance is drawn from", NLI_OPT_INT, &nli_common.seed, 0,
	  0x1p53, NULL, true },
	{ "max-bad", "N|P%", "bad records to tolerate; more are a failure (0)",
	  NLI_OPT_CALL, NULL, 0, 0, parse_max_bad, true },
	{ "reject", "FILE", "keep bad records there, with file, line and reason",
	  NLI_OPT_FILE, &nli_common.reject, 0, 0, NULL, true },
	{ "summary", "FILE", "write counts, hashes and results there as JSON",
	  NLI_OPT_FILE, &nli_common.summary, 0, 0, NULL, true },
	{ "max-line", "BYTES", "a longer line is a bad record", NLI_OPT_INT,
	  &nli_common.max_line, 1, 0x1p30, NULL, true },
	{ "progress", NULL, "show progress even if stderr is no terminal", NLI_OPT_FLAG,
	  &nli_common.progress, 0, 0, NULL, true },
	{ "h:help", NULL, "show this and exit", NLI_OPT_END, NULL, 0, 0, NULL, true },
	{ "version", NULL, "show the version and exit", NLI_OPT_END, NULL, 0, 0, NULL,
	  true },
	{ "completion", "SHELL", "print completions for bash, zsh or fish and exit",
	  NLI_OPT_END, NULL, 0, 0, NULL, true },
	{ .name = NULL },
};

_Noreturn void nli_usage(const struct nli_tool *t, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", t->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nusage: %s %s\n", t->name, t->synopsis);
	exit(2);
}

static const char *long_name(const struct nli_opt *o)
{
	return o->name[1] == ':' ? o->name + 2 : o->name;
}

static char short_name(const struct nli_opt *o)
{
	return o->name[1] == ':' ? o->name[0] : '\0';
}

/* Call each(o, ctx) for the tool's rows, then the common ones, until it returns true. */
static const struct nli_opt *find(const struct nli_tool *t,
				  bool (*is)(const struct nli_opt *, const void *),
				  const void *ctx)
{
	const struct nli_opt *const table[] = { t->opts, common };

	for (int k = 0; k < 2; k++)
		for (const struct nli_opt *o = table[k]; o->name; o++)
			if (is(o, ctx))
				return o;
	return NULL;
}

static void print_default(const struct nli_opt *o)
{
	switch (o->kind) {
	case NLI_OPT_INT:
		printf(" (%lld)", (long long)*(const int64_t *)o->to);
		break;
	case NLI_OPT_REAL:
		printf(" (%g)", *(const double *)o->to);
		break;
	case NLI_OPT_STR:
	case NLI_OPT_CHOICE:
		if (*(const char *const *)o->to)
			printf(" (%s)", *(const char *const *)o->to);
		break;
	default:
		break;
	}
}

static bool print_option(const struct nli_opt *o, const void *ctx)
{
	char left[80], s[5] = "    ";

	(void)ctx;
	if (short_name(o))
		snprintf(s, sizeof(s), "-%c, ", short_name(o));
	snprintf(left, sizeof(left), "%s--%s%s%s", s, long_name(o), o->arg ? " " : "",
		 o->arg ? o->arg : "");
	printf("  %-28s %s", left, o->help);
	/* The number of threads is the machine's: help must read the same everywhere. */
	if (o->to == &nli_common.jobs)
		printf(" (the cores)");
	else
		print_default(o);
	putchar('\n');
	return false;
}

/* stdout is checked as any output is: "--help >/dev/full" fails. */
static _Noreturn void exit_after_print(const struct nli_tool *t)
{
	if (!fflush(stdout) && !ferror(stdout) && !fclose(stdout))
		exit(0);
	fprintf(stderr, "%s: cannot write: %s\n", t->name, strerror(errno));
	exit(1);
}

static _Noreturn void print_help(const struct nli_tool *t)
{
	printf("usage: %s %s\n\n%s\n\noptions:\n", t->name, t->synopsis, t->about);
	find(t, print_option, NULL);
	exit_after_print(t);
}

static bool print_name(const struct nli_opt *o, const void *ctx)
{
	const char *shell = ctx;
	const bool path = o->kind == NLI_OPT_FILE || o->kind == NLI_OPT_FILES;

	if (!strcmp(shell, "bash"))
		printf(" --%s", long_name(o));
	else if (!strcmp(shell, "zsh"))
		printf("  '--%s[%s]%s'\n", long_name(o), o->help,
		       !o->arg ? ""
		       : path  ? ":file:_files"
			       : ": :");
	else
		printf(" -l %s -d '%s'%s\n", long_name(o), o->help,
		       !o->arg ? ""
		       : path  ? " -r -F"
			       : " -x");
	return false;
}

static bool print_fish(const struct nli_opt *o, const void *ctx)
{
	printf("complete -c %s", (const char *)ctx);
	if (short_name(o))
		printf(" -s %c", short_name(o));
	return print_name(o, "fish");
}

static _Noreturn void print_completion(const struct nli_tool *t, const char *shell)
{
	if (!strcmp(shell, "bash")) {
		printf("complete -o default -W '");
		find(t, print_name, shell);
		printf("' %s\n", t->name);
	} else if (!strcmp(shell, "zsh")) {
		printf("#compdef %s\nargs=(\n", t->name);
		find(t, print_name, shell);
		printf(")\n_arguments $args '*:file:_files'\n");
	} else if (!strcmp(shell, "fish")) {
		find(t, print_fish, t->name);
	} else {
		nli_usage(t, "--completion is \"%s\", wanted bash, zsh or fish", shell);
	}
	exit_after_print(t);
}

static bool in_choices(const char *list, const char *value)
{
	const size_t len = strlen(value);

	for (const char *at = list; *at; at += *at == '|') {
		const size_t n = strcspn(at, "|");

		if (n == len && !strncmp(at, value, n))
			return true;
		at += n;
	}
	return false;
}

static void set_number(const struct nli_tool *t, const struct nli_opt *o,
		       const char *text)
{
	const bool whole = o->kind == NLI_OPT_INT;
	char *end;
	const double v = strtod(text, &end);

	if (end == text || *end || !(v >= o->lo && v <= o->hi) ||
	    (whole && v != floor(v)))
		nli_usage(t, "--%s is \"%s\", wanted a %s in %.17g..%.17g", long_name(o),
			  text, whole ? "whole number" : "number", o->lo, o->hi);
	if (whole)
		*(int64_t *)o->to = (int64_t)v;
	else
		*(double *)o->to = v;
}

static void set_size(const struct nli_tool *t, const struct nli_opt *o, const char *text)
{
	static const char unit[] = "KMGT";
	char *end;
	double v = strtod(text, &end);
	const char *u = *end ? strchr(unit, *end & ~0x20) : NULL;

	for (const char *k = unit; u && k <= u; k++)
		v *= 1024;
	if (end == text || (u ? end[1] : *end) || !(v >= o->lo && v <= o->hi))
		nli_usage(t, "--%s is \"%s\", wanted bytes, as 512M or 2G, at least %.0f",
			  long_name(o), text, o->lo);
	*(size_t *)o->to = (size_t)v;
}

static void append(struct nli_opt_list *l, const char *text)
{
	nli_grow(&l->v, &l->cap, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = text;
}

static void set(const struct nli_tool *t, const struct nli_opt *o, const char *text)
{
	const char *wanted;

	switch (o->kind) {
	case NLI_OPT_FLAG:
		*(bool *)o->to = true;
		break;
	case NLI_OPT_INT:
	case NLI_OPT_REAL:
		set_number(t, o, text);
		break;
	case NLI_OPT_SIZE:
		set_size(t, o, text);
		break;
	case NLI_OPT_CHOICE:
		if (!in_choices(o->arg, text))
			nli_usage(t, "--%s is \"%s\", wanted %s", long_name(o), text,
				  o->arg);
		*(const char **)o->to = text;
		break;
	case NLI_OPT_STR:
	case NLI_OPT_FILE:
		*(const char **)o->to = text;
		break;
	case NLI_OPT_LIST:
	case NLI_OPT_FILES:
		append(o->to, text);
		break;
	case NLI_OPT_CALL:
		wanted = o->call(text);
		if (wanted)
			nli_usage(t, "--%s is \"%s\", wanted %s", long_name(o), text,
				  wanted);
		break;
	case NLI_OPT_END:
		if (short_name(o) == 'h')
			print_help(t);
		if (o->arg)
			print_completion(t, text);
		printf("%s (nli-tools) %s\n", t->name, NLI_VERSION);
		exit_after_print(t);
	}
}

struct named {
	const char *name;
	size_t len;
};

static bool has_name(const struct nli_opt *o, const void *ctx)
{
	const struct named *n = ctx;

	return strlen(long_name(o)) == n->len && !strncmp(long_name(o), n->name, n->len);
}

static bool has_letter(const struct nli_opt *o, const void *ctx)
{
	return short_name(o) == *(const char *)ctx;
}

/* --name, --name=value, --name value.  Returns how many of argv were used. */
static int parse_long(const struct nli_tool *t, char **argv)
{
	const struct named n = { argv[0] + 2, strcspn(argv[0] + 2, "=") };
	const struct nli_opt *o = find(t, has_name, &n);
	const char *eq = n.name[n.len] ? n.name + n.len + 1 : NULL;

	if (!o)
		nli_usage(t, "no option --%.*s", (int)n.len, n.name);
	if (!o->arg) {
		if (eq)
			nli_usage(t, "--%s takes no value", long_name(o));
		set(t, o, NULL);
		return 1;
	}
	if (!eq && !argv[1])
		nli_usage(t, "--%s wants %s", long_name(o), o->arg);
	set(t, o, eq ? eq : argv[1]);
	return eq ? 1 : 2;
}

/* -abc, -n5, -n 5. */
static int parse_short(const struct nli_tool *t, char **argv)
{
	for (const char *c = argv[0] + 1; *c; c++) {
		const struct nli_opt *o = find(t, has_letter, c);

		if (!o)
			nli_usage(t, "no option -%c", *c);
		if (!o->arg) {
			set(t, o, NULL);
			continue;
		}
		if (!c[1] && !argv[1])
			nli_usage(t, "-%c wants %s", *c, o->arg);
		set(t, o, c[1] ? c + 1 : argv[1]);
		return c[1] ? 1 : 2;
	}
	return 1;
}

static void set_defaults(void)
{
	const long cores = sysconf(_SC_NPROCESSORS_ONLN);

	nli_common = (struct nli_common){
		.jobs = cores < 1    ? 1
			: cores > 64 ? 64
				     : cores,
		.max_bad_share = -1,
		.max_line = 256 << 20,
		.progress = isatty(STDERR_FILENO),
	};
}

int nli_opt_parse(const struct nli_tool *t, int argc, char **argv)
{
	char **operand = nli_xcalloc((size_t)argc + 1, sizeof(*operand));
	int n = 0, i = 1;

	set_defaults();
	while (i < argc) {
		if (!strcmp(argv[i], "--")) {
			while (++i < argc)
				operand[n++] = argv[i];
		} else if (!strncmp(argv[i], "--", 2)) {
			i += parse_long(t, argv + i);
		} else if (argv[i][0] == '-' && argv[i][1]) {
			i += parse_short(t, argv + i);
		} else {
			operand[n++] = argv[i++];
		}
	}
	memcpy(argv + argc - n, operand, (size_t)n * sizeof(*operand));
	free(operand);
	return argc - n;
}

static void add_value(struct nli_jw *w, const struct nli_opt *o)
{
	const struct nli_opt_list *l = o->to;

	switch (o->kind) {
	case NLI_OPT_FLAG:
		nli_jw_bool(w, *(const bool *)o->to);
		break;
	case NLI_OPT_INT:
		nli_jw_i64(w, *(const int64_t *)o->to);
		break;
	case NLI_OPT_REAL:
		nli_jw_real(w, *(const double *)o->to);
		break;
	case NLI_OPT_LIST:
		nli_jw_open(w, '[');
		for (size_t i = 0; i < l->n; i++)
			nli_jw_cstr(w, l->v[i]);
		nli_jw_close(w, ']');
		break;
	default:
		nli_jw_cstr(w, *(const char *const *)o->to);
	}
}

void nli_opt_summary(const struct nli_tool *t, struct nli_jw *w)
{
	nli_jw_open(w, '{');
	for (const struct nli_opt *o = t->opts; o->name; o++) {
		if (o->local || o->kind == NLI_OPT_FILE || o->kind == NLI_OPT_FILES ||
		    !o->to)
			continue;
		nli_jw_key(w, long_name(o));
		add_value(w, o);
	}
	nli_jw_close(w, '}');
}
