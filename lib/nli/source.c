/* source.c - see source.h: files, members and the stream of their items. */
#include "lib/nli/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/io/archive.h"
#include "lib/io/cut.h"
#include "lib/io/encoding.h"
#include "lib/io/input.h"
#include "lib/io/run.h"
#include "lib/io/xml.h"
#include "lib/nli/choose.h"
#include "lib/nli/companion.h"
#include "lib/nli/ingest.h"
#include "lib/nli/look.h"

enum { HEAD = 64 * 1024 };

struct nli_items {
	const struct nli_source_options *o;
	char *const *file; /* the next operand */
	struct nli_chooser *chooser;

	/* The operand that is open. */
	const char *operand;
	struct nli_input *input;
	struct nli_archive *archive; /* of its members; NULL: a plain file */
	struct nli_buf head;         /* of the operand: read ahead, from head_at on */
	struct nli_buf first;        /* of the file or member: the same */
	size_t head_at, first_at;
	struct nli_shelf shelf; /* the archive's companions */
	uint64_t read;          /* bytes of the file or member so far */
	struct nli_hasher *hasher;

	/* The part that is open. */
	struct nli_feed *now; /* NULL: none */
	struct nli_decoder *decoder;
	struct nli_cut cut;
	struct nli_xml *xml;

	struct nli_feed **part; /* (n,) all so far */
	size_t n, cap;
	uint64_t lost, rescued;
};

struct nli_items *nli_items_new(char *const *files, const struct nli_source_options *o)
{
	struct nli_items *s = nli_xcalloc(1, sizeof(*s));

	s->o = o;
	s->file = files;
	s->chooser = nli_chooser_new(o);
	return s;
}

/* ---- bytes ---- */

static ptrdiff_t read_input(void *ctx, void *to, size_t cap, struct nli_err *err)
{
	return nli_input_read(((struct nli_items *)ctx)->input, to, cap, err);
}

static ptrdiff_t read_container(void *ctx, void *to, size_t cap, struct nli_err *err)
{
	struct nli_items *s = ctx;
	const size_t have = s->head.len - s->head_at;

	if (!have)
		return nli_input_read(s->input, to, cap, err);
	cap = cap < have ? cap : have;
	memcpy(to, s->head.data + s->head_at, cap);
	s->head_at += cap;
	return (ptrdiff_t)cap;
}

/* The bytes of the file or member, counted. */
static ptrdiff_t read_counted(void *ctx, void *to, size_t cap, struct nli_err *err)
{
	struct nli_items *s = ctx;
	const ptrdiff_t n = s->archive ? nli_archive_read(s->archive, to, cap, err)
				       : read_container(s, to, cap, err);

	if (n <= 0)
		return n;
	s->read += (uint64_t)n;
	if (s->hasher)
		nli_hasher_add(s->hasher, to, (size_t)n);
	if (s->read > s->o->max_size)
		return nli_fail(err, NLI_EDATA, "more than %llu bytes in it (--max-size)",
				(unsigned long long)s->o->max_size);
	return n;
}

/* The same, with what was looked at first. */
static ptrdiff_t read_member(void *ctx, void *to, size_t cap, struct nli_err *err)
{
	struct nli_items *s = ctx;
	const size_t have = s->first.len - s->first_at;

	if (!have)
		return read_counted(s, to, cap, err);
	cap = cap < have ? cap : have;
	memcpy(to, s->first.data + s->first_at, cap);
	s->first_at += cap;
	return (ptrdiff_t)cap;
}

static int fill_head(struct nli_items *s, nli_read_fn *read, struct nli_buf *head,
		     struct nli_err *err)
{
	nli_buf_clear(head);
	while (head->len < HEAD) {
		const ptrdiff_t n = read(s, nli_buf_reserve(head, HEAD), HEAD, err);

		if (n < 0)
			return (int)n;
		if (!n)
			break;
		head->len += (size_t)n;
	}
	return 0;
}

static void say(const struct nli_items *s, const char *path, const char *what)
{
	if (s->o->say)
		s->o->say(path, what);
}

/* ---- a part: how to read what is open ---- */

/* What <?xml ... encoding="..."?> says, in to, or false. */
static bool declared(struct nli_str s, char to[32])
{
	const char *end = s.len > 5 && !memcmp(s.s, "<?xml", 5)
				  ? memchr(s.s, '>', s.len < 200 ? s.len : 200)
				  : NULL;

	for (const char *at = s.s; end && at + 10 < end; at++)
		if (!memcmp(at, "encoding=", 9)) {
			const char *close =
				memchr(at + 10, at[9], (size_t)(end - at - 10));
			const size_t n = close ? (size_t)(close - at) - 10 : 0;

			if (!n || n >= 32)
				return false;
			memcpy(to, at + 10, n);
			to[n] = '\0';
			return true;
		}
	return false;
}

static int start_decoder(struct nli_items *s, const char *path, struct nli_buf *why,
			 struct nli_feed *p, struct nli_err *err)
{
	const char *wanted = s->o->encoding, *encoding;
	char by_xml[32];
	int rc;

	if (!wanted)
		wanted = nli_choose_encoding(s->chooser, path);
	if (!wanted && declared(nli_buf_str(&s->first), by_xml))
		wanted = by_xml;
	encoding = wanted ? wanted : nli_encoding_guess(nli_buf_str(&s->first));
	p->stray = !strcmp(encoding, NLI_UTF8_STRAY);
	snprintf(p->encoding, sizeof(p->encoding), "%s", encoding);
	s->cut.read = read_member;
	s->cut.ctx = s;
	if (nli_encoding_is_utf8(encoding))
		return 0;
	rc = nli_decoder_new(&s->decoder, encoding, read_member, s, err);
	s->cut.read = nli_decoder_read;
	s->cut.ctx = s->decoder;
	if (!wanted)
		nli_buf_addf(why, "%s; ", encoding);
	return rc;
}

/*
 * Look at the beginning of the text, at more of it if the first item is longer.
 * Marks of byte order are dropped: tools that put one before a file do not look for one.
 */
static int look(struct nli_items *s, struct nli_look *l, struct nli_err *err)
{
	for (size_t want = HEAD;; want *= 4) {
		struct nli_str ahead;
		int rc = nli_cut_peek(&s->cut, want, &ahead, err);
		size_t mark;

		while (rc >= 0 && (mark = nli_utf8_mark(ahead))) {
			nli_cut_skip(&s->cut, mark);
			rc = nli_cut_peek(&s->cut, want, &ahead, err);
		}
		if (rc < 0)
			return rc;
		rc = nli_look(l, ahead, s->cut.eof, err);
		if (rc || l->n_field || s->cut.eof || want > s->o->max_item ||
		    l->dialect == NLI_DIALECT_XML || !l->dialect)
			return rc;
		nli_look_release(l);
	}
}

/*
 * A column without a name, or with one that was there before, is called by its
 * place.  Names become keys in src: stray bytes in them are read as those of rows are.
 */
static void name_columns(struct nli_feed *p, const struct nli_str *name, size_t n)
{
	struct nli_buf utf8 = { 0 };

	p->column = nli_xcalloc(n + 1, sizeof(*p->column));
	p->label = nli_xcalloc(n + 1, sizeof(*p->label));
	p->n_column = n;
	for (size_t i = 0; i < n; i++) {
		bool taken = !name[i].len;
		char place[24];

		for (size_t k = 0; !taken && k < i; k++)
			taken = nli_str_eq(name[k], name[i]);
		snprintf(place, sizeof(place), "#%zu", i + 1);
		nli_buf_clear(&utf8);
		nli_utf8_repair(taken ? nli_str_of(place) : name[i], &utf8);
		p->column[i] = nli_buf_str(&utf8);
		p->column[i].s = nli_arena_strndup(&p->names, utf8.data, utf8.len);
		nli_buf_clear(&utf8);
		nli_json_quote(&utf8, p->column[i]);
		nli_buf_addc(&utf8, ':');
		p->label[i] = nli_buf_str(&utf8);
		p->label[i].s = nli_arena_strndup(&p->names, utf8.data, utf8.len);
	}
	nli_buf_release(&utf8);
}

static int start_table(struct nli_items *s, struct nli_feed *p, const struct nli_look *l,
		       struct nli_err *err)
{
	const struct nli_layout *layout = p->layout;
	struct nli_row row = { 0 };
	size_t open_at, end;
	int rc;

	p->csv.delimiter = layout->delimiter ? layout->delimiter : l->csv.delimiter;
	p->csv.quoted = layout->quote >= 0                   ? layout->quote == 1
			: layout->dialect == NLI_DIALECT_CSV ? true
			: layout->dialect == NLI_DIALECT_TSV
				? nli_csv_looks_quoted(p->csv.delimiter, l->sample)
				: l->csv.quoted;
	s->cut.kind = NLI_CUT_ROWS;
	s->cut.csv = p->csv;
	s->cut.max = p->csv.quoted ? s->o->max_row : s->o->max_item;
	if (layout->n_column) {
		name_columns(p, layout->column, layout->n_column);
		return 0;
	}
	end = (size_t)(l->first.s - l->sample.s);
	end += nli_csv_row_end(&p->csv, l->first.s, l->sample.len - end);
	rc = nli_csv_row(
		&p->csv,
		(struct nli_str){ l->first.s, end - (size_t)(l->first.s - l->sample.s) },
		&row, &open_at, err);
	if (!rc)
		name_columns(p, row.cell, row.n);
	nli_row_release(&row);
	if (!rc)
		nli_cut_skip(&s->cut, end < l->sample.len ? end + 1 : end);
	return rc;
}

static void start_blocks(struct nli_items *s, struct nli_feed *p)
{
	struct nli_str *names = nli_xcalloc(p->layout->lines, sizeof(*names));

	s->cut.kind = NLI_CUT_GROUPS;
	s->cut.group = p->layout->lines;
	name_columns(p, names, p->layout->lines);
	free(names);
}

static int start_xml(struct nli_items *s, const struct nli_layout *l, struct nli_err *err)
{
	const struct nli_xml_shape shape = { l->xml.item, l->xml.flat, l->xml.context,
					     l->xml.n_flat, l->xml.n_context };

	return nli_xml_new(&s->xml, &shape, nli_cut_read, &s->cut, err);
}

static int start_items(struct nli_items *s, struct nli_feed *p, const struct nli_look *l,
		       struct nli_err *err)
{
	const enum nli_dialect of_layout = p->layout->dialect;

	p->dialect = of_layout == NLI_DIALECT_BLOCKS ? of_layout : l->dialect;
	s->cut.max = s->o->max_item;
	switch (p->dialect) {
	case NLI_DIALECT_CSV:
	case NLI_DIALECT_TSV:
		return start_table(s, p, l, err);
	case NLI_DIALECT_BLOCKS:
		start_blocks(s, p);
		return 0;
	case NLI_DIALECT_XML:
		p->by_place = true;
		return start_xml(s, p->layout, err);
	case NLI_DIALECT_ARRAY:
		s->cut.kind = NLI_CUT_ARRAY;
		p->by_place = true;
		break;
	case NLI_DIALECT_ARRAYS:
		s->cut.kind = NLI_CUT_ARRAYS;
		p->by_place = true;
		break;
	case NLI_DIALECT_KEYED:
		s->cut.kind = NLI_CUT_KEYED;
		p->by_place = true;
		break;
	default:
		s->cut.kind = NLI_CUT_LINES;
	}
	return 0;
}

/* "train", "dev", "val", "test" at the beginning of a word of the file's name. */
static struct nli_str split_of_name(const char *path)
{
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	for (const char *at = base; *at; at++) {
		const char before = at > base ? (char)(at[-1] | 0x20) : ' ';
		const size_t split = nli_split_of(nli_str_of(at));

		if (split < NLI_N_SPLIT - 1 && !(before >= 'a' && before <= 'z'))
			return nli_str_of(nli_split_name[split]);
	}
	return (struct nli_str){ NULL, 0 };
}

static bool rule_fits(const struct nli_rules *r, const char *path, struct nli_str *code)
{
	for (size_t i = 0; i < r->n; i++)
		if (nli_glob_fits(r->v[i].pattern, path)) {
			*code = r->v[i].code;
			return true;
		}
	return false;
}

static void name_part(struct nli_items *s, struct nli_feed *p)
{
	const struct nli_layout *l = p->layout;

	p->corpus = s->o->name ? nli_str_of(s->o->name) : l->profile->name;
	if (!rule_fits(&l->split_files, p->path, &p->split))
		p->split = split_of_name(p->path);
	if (!rule_fits(&l->lang_files, p->path, &p->lang))
		p->lang = l->language;
}

static void add_part(struct nli_items *s, struct nli_feed *p)
{
	p->number = s->n;
	nli_grow(&s->part, &s->cap, s->n + 1, sizeof(*s->part));
	s->part[s->n++] = p;
	s->now = p;
}

/* What decided, without the mark between this and what did not come. */
static const char *tidy(struct nli_buf *why)
{
	if (why->len > 2 && !strcmp(why->data + why->len - 2, "; "))
		why->data[why->len -= 2] = '\0';
	return why->data;
}

/*
 * Find out how to read the stream that is open as path.  1: s->now is ready; 0:
 * it is passed over; < 0.
 */
static int open_part(struct nli_items *s, const char *path, struct nli_err *err)
{
	struct nli_feed *p = nli_xcalloc(1, sizeof(*p));
	struct nli_buf why = { 0 };
	struct nli_look l = { 0 };
	int rc;

	p->path = nli_xstrdup(path);
	rc = fill_head(s, read_counted, &s->first, err);
	s->first_at = 0;
	if (!rc)
		rc = nli_look_at_bytes(nli_buf_str(&s->first), err);
	if (!rc)
		rc = start_decoder(s, path, &why, p, err);
	if (!rc)
		rc = look(s, &l, err);
	if (!rc)
		rc = nli_choose(s->chooser, &l, path, s->archive != NULL, &p->layout,
				&why, err);
	if (!rc && p->layout)
		rc = start_items(s, p, &l, err);
	if (!rc && p->layout)
		rc = nli_companions_load(p, path, s->archive ? &s->shelf : NULL, err);
	nli_look_release(&l);
	p->why = nli_xstrdup(why.len ? tidy(&why) : "");
	if (!rc && !s->o->profile)
		say(s, path, p->why);
	nli_buf_release(&why);
	if (rc || !p->layout) {
		nli_feed_free(p);
		return rc;
	}
	name_part(s, p);
	add_part(s, p);
	return 1;
}

static void close_part(struct nli_items *s)
{
	if (s->decoder) {
		s->lost += nli_decoder_lost(s->decoder);
		s->rescued += nli_decoder_rescued(s->decoder);
	}
	if (s->now && s->hasher)
		nli_run_note_input(s->o->run, s->read, s->hasher);
	nli_decoder_free(s->decoder);
	nli_xml_free(s->xml);
	nli_cut_release(&s->cut);
	nli_hasher_free(s->hasher);
	memset(&s->cut, 0, sizeof(s->cut));
	s->decoder = NULL;
	s->xml = NULL;
	s->hasher = NULL;
	s->now = NULL;
	s->read = 0;
}

static void close_operand(struct nli_items *s)
{
	close_part(s);
	nli_archive_close(s->archive);
	nli_input_close(s->input);
	nli_shelf_release(&s->shelf);
	s->archive = NULL;
	s->input = NULL;
	s->operand = NULL;
}

/* ---- operands and members ---- */

static int open_archive(struct nli_items *s, bool zip, struct nli_err *err)
{
	/* By its path a zip's own directory is used, else what stands before each member. */
	const char *path = zip && strcmp(s->operand, "-") ? s->operand : NULL;

	return nli_archive_open(&s->archive, path, read_container, s, err);
}

static ptrdiff_t read_other(void *ctx, void *to, size_t cap, struct nli_err *err)
{
	return nli_input_read(ctx, to, cap, err);
}

/* Companions may stand before or behind what needs them: they are read in a first pass. */
static int fill_shelf(struct nli_items *s, bool zip, struct nli_err *err)
{
	struct nli_archive *a = NULL;
	struct nli_input *in = NULL;
	const char *name;
	int rc;

	if (!nli_has_companions(s->chooser) || !strcmp(s->operand, "-"))
		return 0;
	rc = nli_input_open_bytes(&in, s->operand, err);
	if (!rc)
		rc = nli_archive_open(&a, zip ? s->operand : NULL, read_other, in, err);
	while (!rc && (rc = nli_archive_next(a, &name, err)) > 0) {
		struct nli_buf text = { 0 };
		ptrdiff_t n = 1;

		rc = 0;
		if (!nli_is_companion(s->chooser, name))
			continue;
		while (n > 0 && text.len <= s->o->max_item) {
			n = nli_archive_read(a, nli_buf_reserve(&text, HEAD), HEAD, err);
			text.len += n > 0 ? (size_t)n : 0;
		}
		rc = n < 0 ? (int)n : 0;
		nli_shelf_put(&s->shelf, name, &text);
	}
	nli_archive_close(a);
	nli_input_close(in);
	return rc;
}

static int open_operand(struct nli_items *s, struct nli_err *err)
{
	struct nli_str head;
	int rc;

	s->operand = *s->file++;
	s->head_at = 0;
	rc = nli_input_open_bytes(&s->input, s->operand, err);
	if (!rc)
		rc = fill_head(s, read_input, &s->head, err);
	head = nli_buf_str(&s->head);
	if (!rc && (nli_is_zip(head) || nli_is_tar(head))) {
		rc = fill_shelf(s, nli_is_zip(head), err);
		return rc ? rc : open_archive(s, nli_is_zip(head), err);
	}
	if (rc)
		return rc;
	if (nli_is_companion(s->chooser, s->operand) && s->n) {
		say(s, s->operand, "read with the file it belongs to");
		close_operand(s);
		return 0;
	}
	s->hasher = s->o->run ? nli_hasher_new() : NULL;
	return open_part(s, s->operand, err);
}

static int open_member(struct nli_items *s, struct nli_err *err)
{
	const char *name;
	struct nli_buf path = { 0 };
	int rc = nli_archive_next(s->archive, &name, err);

	if (rc <= 0) {
		if (!rc)
			close_operand(s);
		return rc;
	}
	if (nli_is_companion(s->chooser, name) ||
	    (s->o->member && !nli_glob_fits(nli_str_of(s->o->member), name)))
		return 0;
	nli_buf_addf(&path, "%s/%s", s->operand, name);
	s->hasher = s->o->run ? nli_hasher_new() : NULL;
	rc = open_part(s, path.data, err);
	if (!rc)
		close_part(s);
	if (rc < 0)
		nli_err_prefix(err, "%s", name);
	nli_buf_release(&path);
	return rc;
}

/* The next part; 0 if there is none. */
static int next_part(struct nli_items *s, struct nli_err *err)
{
	while (!s->now) {
		int rc = 0;

		if (s->archive)
			rc = open_member(s, err);
		else if (s->operand)
			close_operand(s);
		else if (*s->file)
			rc = open_operand(s, err);
		else
			return 0;
		if (rc < 0) {
			nli_err_prefix(err, "%s", s->operand);
			return rc;
		}
	}
	return 1;
}

int nli_items_open(struct nli_items *s, const struct nli_feed **f, const char **path,
		   struct nli_err *err)
{
	int rc;

	if (s->now)
		close_part(s);
	rc = next_part(s, err);
	*f = s->now;
	*path = rc > 0 ? s->now->path : s->operand;
	if (rc < 0)
		close_operand(s);
	return rc;
}

/* The items of each array of an object of arrays are read by a part that knows its name. */
static void part_of_key(struct nli_items *s)
{
	const struct nli_str key = nli_buf_str(&s->cut.key);
	struct nli_feed *p = s->now;

	if (p->key.s && nli_str_eq(p->key, key))
		return;
	if (p->key.s) {
		p = nli_xcalloc(1, sizeof(*p));
		p->path = nli_xstrdup(s->now->path);
		p->layout = s->now->layout;
		p->dialect = s->now->dialect;
		p->corpus = s->now->corpus;
		p->split = s->now->split;
		p->lang = s->now->lang;
		p->by_place = true;
		add_part(s, p);
	}
	p->key.s = nli_arena_strndup(&p->names, key.s, key.len);
	p->key.len = key.len;
}

int nli_items_next(void *items, struct nli_block *b, size_t target, struct nli_err *err)
{
	struct nli_items *s = items;

	for (;;) {
		int rc = next_part(s, err);

		if (rc <= 0)
			return rc;
		rc = s->xml ? nli_xml_next(s->xml, b, target, err)
			    : nli_cut_next(&s->cut, b, target, err);
		if (rc < 0)
			return nli_err_prefix(err, "%s", s->now->path);
		if (rc && s->now->dialect == NLI_DIALECT_ARRAYS)
			part_of_key(s);
		b->path = s->now->path;
		b->part = s->now;
		if (rc > 0)
			return rc;
		close_part(s);
	}
}

double nli_items_done(void *items)
{
	const struct nli_items *s = items;
	const uint64_t size = s->input ? nli_input_size(s->input) : 0;

	return size ? (double)nli_input_offset(s->input) / (double)size : -1;
}

size_t nli_items_n(const struct nli_items *s)
{
	return s->n;
}

const struct nli_feed *nli_items_feed(const struct nli_items *s, size_t i)
{
	return s->part[i];
}

uint64_t nli_items_lost(const struct nli_items *s)
{
	return s->lost;
}

uint64_t nli_items_rescued(const struct nli_items *s)
{
	return s->rescued;
}

void nli_items_free(struct nli_items *s)
{
	if (!s)
		return;
	close_operand(s);
	for (size_t i = 0; i < s->n; i++)
		nli_feed_free(s->part[i]);
	nli_chooser_free(s->chooser);
	nli_buf_release(&s->head);
	nli_buf_release(&s->first);
	free(s->part);
	free(s);
}
