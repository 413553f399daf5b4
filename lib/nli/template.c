/* template.c - see template.h: reading templates, and where they are. */
#include "lib/nli/template.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/io/input.h"
#include "lib/io/share.h"
#include "lib/nli/template_parts.h"

enum { TEMPLATE_MAX = 1 << 20 };

static const char *const section_name[N_SECTION] = {
	[SECTION_LABELS] = "labels", [SECTION_SYSTEM] = "system",
	[SECTION_NLI] = "nli",       [SECTION_NLI2] = "nli2",
	[SECTION_CHOICE] = "choice", [SECTION_ANSWER] = "answer",
};

static const struct {
	const char *name;
	enum slot slot;
} slots[] = {
	{ "premise", SLOT_PREMISE }, { "hypothesis", SLOT_HYPOTHESIS },
	{ "labels", SLOT_LABELS },   { "choices", SLOT_CHOICES },
	{ "answer", SLOT_ANSWER },
};

/* Fields of the record that a template may name; what follows a dot is free. */
static const char *const fields[] = { "id",   "key",   "lang", "corpus", "split",
				      "task", "group", "meta", "src",    "filter" };

static struct nli_str first_line(struct nli_str *text)
{
	const char *lf = memchr(text->s, '\n', text->len);
	struct nli_str line = { text->s, lf ? (size_t)(lf - text->s) : text->len };
	const size_t step = line.len + (lf != NULL);

	text->s += step;
	text->len -= step;
	if (line.len && line.s[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* The section that a line begins, or -1. */
static int section_of(struct nli_str line)
{
	for (int k = 0; k < N_SECTION; k++) {
		const size_t n = strlen(section_name[k]);

		if (line.len == n + 2 && line.s[0] == '[' && line.s[n + 1] == ']' &&
		    !memcmp(line.s + 1, section_name[k], n))
			return k;
	}
	return -1;
}

static void add_piece(struct section *s, enum slot slot, struct nli_str text)
{
	struct piece *last = s->n ? &s->piece[s->n - 1] : NULL;

	if (slot == SLOT_TEXT && last && last->slot == SLOT_TEXT &&
	    last->text.s + last->text.len == text.s) {
		last->text.len += text.len;
		return;
	}
	nli_grow(&s->piece, &s->cap, s->n + 1, sizeof(*s->piece));
	s->piece[s->n++] = (struct piece){ slot, text };
}

static bool is_field(struct nli_str name)
{
	const char *dot = memchr(name.s, '.', name.len);
	const struct nli_str top = { name.s, dot ? (size_t)(dot - name.s) : name.len };

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (nli_str_is(top, fields[i]))
			return true;
	return false;
}

static int add_slot(struct section *s, int section, struct nli_str name, size_t line,
		    struct nli_err *err)
{
	for (size_t i = 0; i < sizeof(slots) / sizeof(*slots); i++)
		if (nli_str_is(name, slots[i].name) &&
		    (slots[i].slot == SLOT_ANSWER) == (section == SECTION_ANSWER)) {
			add_piece(s, slots[i].slot, name);
			return 0;
		}
	if (section == SECTION_ANSWER || !is_field(name))
		return nli_fail(err, NLI_EINVAL,
				"line %zu: no slot {%.*s} in [%s], wanted %s", line,
				(int)(name.len < 60 ? name.len : 60), name.s,
				section_name[section],
				section == SECTION_ANSWER
					? "{answer}"
					: "{premise}, {hypothesis}, {labels}, {choices}, "
					  "{id}, {lang}, {corpus}, {meta.NAME}...");
	add_piece(s, SLOT_FIELD, name);
	return 0;
}

/* Cut a line of a section, LF included, into pieces. */
static int add_line(struct section *s, int section, struct nli_str text, size_t line,
		    struct nli_err *err)
{
	int rc = 0;

	while (!rc && text.len) {
		size_t n = 0;
		const char *close;

		while (n < text.len && text.s[n] != '{' && text.s[n] != '}')
			n++;
		if (n)
			add_piece(s, SLOT_TEXT, (struct nli_str){ text.s, n });
		text.s += n;
		text.len -= n;
		if (!text.len)
			break;
		if (text.len > 1 && text.s[1] == text.s[0]) {
			add_piece(s, SLOT_TEXT, (struct nli_str){ text.s, 1 });
			text.s += 2;
			text.len -= 2;
			continue;
		}
		close = *text.s == '{' ? memchr(text.s, '}', text.len) : NULL;
		if (!close)
			return nli_fail(err, NLI_EINVAL,
					"line %zu: a single %c; write %c%c for a brace",
					line, *text.s, *text.s, *text.s);
		n = (size_t)(close - text.s);
		rc = add_slot(s, section, (struct nli_str){ text.s + 1, n - 1 }, line,
			      err);
		text.s += n + 1;
		text.len -= n + 1;
	}
	return rc;
}

static struct nli_str trim(struct nli_str s)
{
	while (s.len && (*s.s == ' ' || *s.s == '\t'))
		s.s++, s.len--;
	while (s.len && (s.s[s.len - 1] == ' ' || s.s[s.len - 1] == '\t'))
		s.len--;
	return s;
}

/* "entailment = entails" */
static int add_label(struct nli_template *t, struct nli_str text, size_t line,
		     struct nli_err *err)
{
	const char *eq = memchr(text.s, '=', text.len);
	enum nli_label l = NLI_LABEL_NONE;
	struct nli_str word = { NULL, 0 };

	if (!trim(text).len)
		return 0;
	if (eq) {
		l = nli_label_of(trim((struct nli_str){ text.s, (size_t)(eq - text.s) }));
		word = trim(
			(struct nli_str){ eq + 1, (size_t)(text.s + text.len - eq - 1) });
	}
	if (l == NLI_LABEL_NONE || !word.len)
		return nli_fail(err, NLI_EINVAL,
				"line %zu: \"%.*s\", wanted a label, = and a word", line,
				(int)(text.len < 60 ? text.len : 60), text.s);
	t->word[l] = word;
	return 0;
}

/* Blank lines at both ends of a section are for the eye of who writes it. */
static struct nli_str trim_lines(struct nli_str s)
{
	while (s.len && (*s.s == '\n' || *s.s == '\r'))
		s.s++, s.len--;
	while (s.len && (s.s[s.len - 1] == '\n' || s.s[s.len - 1] == '\r'))
		s.len--;
	return s;
}

/* The text of a section begins at line + 1. */
static int read_section(struct nli_template *t, int section, struct nli_str text,
			size_t line, struct nli_err *err)
{
	struct nli_str rest = trim_lines(text);
	int rc = 0;

	for (const char *c = text.s; c < rest.s; c++)
		line += *c == '\n';
	while (!rc && rest.len) {
		const struct nli_str begin = rest;
		struct nli_str one = first_line(&rest);

		line++;
		if (section == SECTION_LABELS) {
			rc = add_label(t, one, line, err);
			continue;
		}
		one.len = rest.len ? (size_t)(rest.s - begin.s) : begin.len;
		rc = add_line(&t->section[section], section, one, line, err);
	}
	return rc;
}

static bool has_slot(const struct section *s, enum slot slot)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->piece[i].slot == slot)
			return true;
	return false;
}

/* A question without its text asks nothing: that is a slip, not a wish. */
static int check(const struct nli_template *t, struct nli_err *err)
{
	static const struct {
		int section;
		enum slot slot;
	} need[] = {
		{ SECTION_NLI, SLOT_HYPOTHESIS },
		{ SECTION_NLI2, SLOT_HYPOTHESIS },
		{ SECTION_CHOICE, SLOT_CHOICES },
		{ SECTION_ANSWER, SLOT_ANSWER },
	};

	for (size_t i = 0; i < sizeof(need) / sizeof(*need); i++)
		if (t->section[need[i].section].n &&
		    !has_slot(&t->section[need[i].section], need[i].slot))
			return nli_fail(err, NLI_EINVAL, "[%s] has no {%s}",
					section_name[need[i].section],
					slots[need[i].slot - SLOT_PREMISE].name);
	if (!t->section[SECTION_ANSWER].n)
		return nli_fail(err, NLI_EINVAL, "no section [answer]");
	for (int l = 0; l < NLI_N_LABEL; l++)
		if (!t->word[l].s)
			return nli_fail(err, NLI_EINVAL, "[labels] has no %s",
					nli_label_name((enum nli_label)l));
	return 0;
}

int nli_template_parse(struct nli_template **to, struct nli_str text, struct nli_err *err)
{
	struct nli_template *t = nli_xcalloc(1, sizeof(*t));
	struct nli_str rest, from = { NULL, 0 };
	size_t line = 0, began = 0;
	int section = -1, rc = 0;

	t->text = nli_xstrndup(text.s, text.len);
	rest = (struct nli_str){ t->text, text.len };
	while (!rc && (rest.len || section >= 0)) {
		const char *at = rest.s;
		const bool end = !rest.len;
		const int next = end ? -1 : section_of(first_line(&rest));

		line += !end;
		if (next < 0 && !end)
			continue;
		if (section >= 0)
			rc = read_section(
				t, section,
				(struct nli_str){ from.s, (size_t)(at - from.s) }, began,
				err);
		section = next;
		from = rest;
		began = line;
	}
	if (!rc)
		rc = check(t, err);
	if (rc) {
		nli_template_free(t);
		t = NULL;
	}
	*to = t;
	return rc;
}

void nli_template_free(struct nli_template *t)
{
	if (!t)
		return;
	for (int k = 0; k < N_SECTION; k++)
		free(t->section[k].piece);
	free(t->text);
	free(t);
}

static int load_file(struct nli_templates *s, const char *path, const char *lang,
		     struct nli_err *err)
{
	struct nli_buf text = { 0 };
	struct nli_template *t = NULL;
	int rc = nli_input_all(path, TEMPLATE_MAX, &text, err);

	if (!rc)
		rc = nli_template_parse(&t, nli_buf_str(&text), err);
	nli_buf_release(&text);
	if (rc)
		return nli_err_prefix(err, "%s", path);
	nli_grow(&s->v, &s->cap, s->n + 1, sizeof(*s->v));
	memset(&s->v[s->n], 0, sizeof(*s->v));
	strncat(s->v[s->n].lang, lang, sizeof(s->v->lang) - 1);
	s->v[s->n++].t = t;
	return 0;
}

/* langs/prompts/xx.txt */
static int load_folder(struct nli_templates *s, const char *dir, struct nli_err *err)
{
	struct nli_buf path = { 0 };
	DIR *d = opendir(dir);
	struct dirent *e;
	int rc = 0;

	if (!d)
		return nli_fail_errno(err, "%s", dir);
	while (!rc && (e = readdir(d))) {
		char lang[16] = "";
		const size_t n = strcspn(e->d_name, ".");

		if (!n || n >= sizeof(lang) || strcmp(e->d_name + n, ".txt") != 0)
			continue;
		memcpy(lang, e->d_name, n);
		nli_buf_clear(&path);
		nli_buf_addf(&path, "%s/%s", dir, e->d_name);
		rc = load_file(s, path.data, lang, err);
	}
	closedir(d);
	nli_buf_release(&path);
	return rc;
}

int nli_templates_load(struct nli_templates *s, const char *path, struct nli_err *err)
{
	struct nli_buf dir = { 0 };
	int rc;

	memset(s, 0, sizeof(*s));
	if (path)
		return load_file(s, path, "", err);
	rc = nli_share_dir("langs/prompts", &dir, err);
	if (!rc)
		rc = load_folder(s, dir.data, err);
	nli_buf_release(&dir);
	if (!rc && !nli_templates_for(s, NLI_STR("en"), NULL))
		rc = nli_fail(err, NLI_EIO, "no langs/prompts/en.txt");
	return rc;
}

void nli_templates_release(struct nli_templates *s)
{
	for (size_t i = 0; i < s->n; i++)
		nli_template_free(s->v[i].t);
	free(s->v);
	memset(s, 0, sizeof(*s));
}

const struct nli_template *nli_templates_for(const struct nli_templates *s,
					     struct nli_str lang, bool *own)
{
	const struct nli_template *english = NULL;
	size_t n = 0;

	while (n < lang.len && lang.s[n] != '-' && lang.s[n] != '_')
		n++;
	if (own)
		*own = true;
	for (size_t i = 0; i < s->n; i++) {
		const struct nli_str have = nli_str_of(s->v[i].lang);

		if (!have.len || nli_str_eq(have, (struct nli_str){ lang.s, n }))
			return s->v[i].t;
		if (nli_str_is(have, "en"))
			english = s->v[i].t;
	}
	if (own)
		*own = false;
	return english;
}
