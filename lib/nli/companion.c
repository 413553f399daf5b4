/* companion.c - see companion.h. */
#include "lib/nli/companion.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/mem.h"
#include "lib/io/cut.h"
#include "lib/io/encoding.h"
#include "lib/io/input.h"
#include "lib/nli/look.h"

static const size_t MAX_COMPANION = (size_t)1 << 30;

void nli_shelf_put(struct nli_shelf *s, const char *name, struct nli_buf *text)
{
	const size_t i = nli_intern_add(&s->name, nli_str_of(name));

	nli_grow(&s->text, &s->cap, s->name.n, sizeof(*s->text));
	s->text[i] = *text;
	memset(text, 0, sizeof(*text));
}

void nli_shelf_release(struct nli_shelf *s)
{
	for (size_t i = 0; i < s->name.n; i++)
		nli_buf_release(&s->text[i]);
	free(s->text);
	nli_intern_release(&s->name);
	memset(s, 0, sizeof(*s));
}

/* A pattern's text before and behind its star. */
static void halves(struct nli_str pattern, struct nli_str half[2])
{
	const char *star = memchr(pattern.s, '*', pattern.len);
	const size_t n = star ? (size_t)(star - pattern.s) : pattern.len;

	half[0] = (struct nli_str){ pattern.s, n };
	half[1] = (struct nli_str){ star ? star + 1 : pattern.s + n,
				    star ? pattern.len - n - 1 : 0 };
}

/* What the star stands for in base, or false. */
static bool star_of(struct nli_str pattern, struct nli_str base, struct nli_str *star)
{
	struct nli_str h[2];

	halves(pattern, h);
	if (base.len < h[0].len + h[1].len || memcmp(base.s, h[0].s, h[0].len) ||
	    memcmp(base.s + base.len - h[1].len, h[1].s, h[1].len))
		return false;
	*star = (struct nli_str){ base.s + h[0].len, base.len - h[0].len - h[1].len };
	return memchr(pattern.s, '*', pattern.len) || !star->len;
}

static struct nli_str base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return nli_str_of(slash ? slash + 1 : path);
}

bool nli_companion_path(const struct nli_companion *c, const char *path,
			struct nli_buf *to)
{
	const struct nli_str base = base_of(path);
	struct nli_str star, h[2];

	if (!c->from.s || !star_of(c->from, base, &star))
		return false;
	halves(c->to, h);
	nli_buf_add(to, path, (size_t)(base.s - path));
	nli_buf_add(to, c->folder.s, c->folder.len);
	if (c->folder.s)
		return true;
	nli_buf_add(to, h[0].s, h[0].len);
	if (memchr(c->to.s, '*', c->to.len))
		nli_buf_add(to, star.s, star.len);
	nli_buf_add(to, h[1].s, h[1].len);
	return true;
}

/* Whether path is of c, and what the star stands for. */
static bool is_called(const struct nli_companion *c, const char *path,
		      struct nli_str *star)
{
	const struct nli_str base = base_of(path);
	struct nli_str its = c->folder;
	const char *folder;

	if (!star_of(c->to, base, star))
		return false;
	if (!its.s)
		return true;
	/* Where it lies from the item's file is of no use here: "../tables" is "tables". */
	if (its.len > 3 && !memcmp(its.s, "../", 3)) {
		its.s += 3;
		its.len -= 3;
	}
	/* Its folder is the whole name of one. */
	if ((size_t)(base.s - path) <= its.len || base.s[-1] != '/')
		return false;
	folder = base.s - its.len - 1;
	return !memcmp(folder, its.s, its.len) && (folder == path || folder[-1] == '/');
}

bool nli_companion_is(const struct nli_companion *c, const char *path)
{
	struct nli_str star;

	return c->from.s && is_called(c, path, &star);
}

/* Members are called by their own names, path by that of the archive too. */
static bool ends_with(const char *path, struct nli_str name)
{
	const size_t len = strlen(path);

	return len > name.len && !memcmp(path + len - name.len, name.s, name.len);
}

static int read_all(const char *path, const struct nli_shelf *shelf, struct nli_buf *text,
		    struct nli_err *err)
{
	struct nli_input *in;
	ptrdiff_t n = 1;
	int rc;

	if (shelf) {
		for (size_t i = 0; i < shelf->name.n; i++) {
			if (ends_with(path, shelf->name.text[i])) {
				nli_buf_add(text, shelf->text[i].data,
					    shelf->text[i].len);
				return 0;
			}
		}
		return nli_fail(err, NLI_EDATA, "%s, which belongs to it, is not there",
				path);
	}
	rc = nli_input_open(&in, path, err);
	while (!rc && n > 0) {
		n = nli_input_read(in, nli_buf_reserve(text, 1 << 18), 1 << 18, err);
		text->len += n > 0 ? (size_t)n : 0;
		rc = n < 0 ? (int)n
		     : text->len > MAX_COMPANION
			     ? nli_fail(err, NLI_EDATA, "too large to be held in memory")
			     : 0;
	}
	nli_input_close(in);
	return rc ? nli_err_prefix(err, "%s, which belongs to it", path) : 0;
}

static int load_beside(struct nli_feed *p, struct nli_err *err)
{
	const struct nli_str text = nli_buf_str(&p->beside_text);
	size_t cap = 0;

	(void)err;
	for (size_t at = 0; at < text.len;) {
		const char *lf = memchr(text.s + at, '\n', text.len - at);
		size_t end = lf ? (size_t)(lf - text.s) : text.len;
		const size_t next = end + 1;

		end -= end > at && text.s[end - 1] == '\r';
		nli_grow(&p->beside, &cap, p->n_beside + 1, sizeof(*p->beside));
		p->beside[p->n_beside++] = (struct nli_str){ text.s + at, end - at };
		at = next;
	}
	return 0;
}

struct memory {
	struct nli_str left;
};

static ptrdiff_t read_memory(void *ctx, void *to, size_t cap, struct nli_err *err)
{
	struct memory *m = ctx;

	(void)err;
	cap = cap < m->left.len ? cap : m->left.len;
	memcpy(to, m->left.s, cap);
	m->left.s += cap;
	m->left.len -= cap;
	return (ptrdiff_t)cap;
}

/* A row of a table as a JSON object. */
static void row_as_json(const struct nli_row *names, const struct nli_row *row,
			struct nli_buf *out)
{
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	for (size_t i = 0; i < row->n && i < names->n; i++) {
		nli_jw_keyn(&w, names->cell[i]);
		nli_jw_str(&w, row->cell[i]);
	}
	nli_jw_close(&w, '}');
}

/* What is being joined: records' JSON texts, by key, each behind the others of its key. */
struct joining {
	struct nli_feed *part;
	const struct nli_companion *c;
	struct nli_json *json;
	struct nli_buf *of; /* (keys,) */
	size_t cap;
};

static int join_one(struct joining *j, struct nli_str record, struct nli_err *err)
{
	const nli_jval *v = nli_json_parse(j->json, record.s, record.len, err);
	struct nli_jiter it = nli_jiter(v);
	struct nli_str key = { NULL, 0 };
	size_t before, i;

	if (!v)
		return NLI_EDATA;
	while (it.object_ && !key.s && nli_jnext(&it))
		if (nli_str_eq(it.key, j->c->on))
			key = nli_jstr(it.val);
	if (!key.s)
		return nli_fail(err, NLI_EDATA, "a record without \"%.*s\"",
				(int)j->c->on.len, j->c->on.s);
	before = j->part->join_key.n;
	i = nli_intern_add(&j->part->join_key, key);
	nli_grow(&j->of, &j->cap, j->part->join_key.n, sizeof(*j->of));
	if (i == before)
		memset(&j->of[i], 0, sizeof(*j->of));
	if (j->of[i].len && !j->c->many)
		return 0;
	if (j->c->many)
		nli_buf_addc(&j->of[i], j->of[i].len ? ',' : '[');
	nli_buf_add(&j->of[i], record.s, record.len);
	return 0;
}

static int join_items(struct joining *j, struct nli_cut *cut, const struct nli_row *names,
		      struct nli_err *err)
{
	struct nli_block b = { 0 };
	struct nli_row row = { 0 };
	struct nli_buf json = { 0 };
	int rc;

	while ((rc = nli_cut_next(cut, &b, 1 << 18, err)) > 0) {
		for (size_t i = 0; rc > 0 && i < b.n; i++) {
			struct nli_str item = nli_block_line(&b, i);
			size_t open_at;
			int bad = 0;

			if (!item.len || (item.len == 1 && item.s[0] == '\r'))
				continue;
			if (cut->kind == NLI_CUT_ROWS) {
				nli_buf_clear(&json);
				bad = nli_csv_row(&cut->csv, item, &row, &open_at, err);
				row_as_json(names, &row, &json);
				item = nli_buf_str(&json);
			}
			if (!bad)
				bad = join_one(j, item, err);
			if (bad)
				rc = nli_err_prefix(
					err, "line %llu",
					(unsigned long long)nli_block_lineno(&b, i));
		}
		if (rc < 0)
			break;
	}
	nli_buf_release(&json);
	nli_row_release(&row);
	nli_block_release(&b);
	return rc;
}

/* Make one text of all, which the part's join points into. */
static void settle(struct joining *j)
{
	struct nli_feed *p = j->part;
	size_t at = 0;

	for (size_t i = 0; i < p->join_key.n; i++) {
		nli_buf_add(&p->join_text, j->of[i].data, j->of[i].len);
		if (j->c->many)
			nli_buf_addc(&p->join_text, ']');
	}
	p->join = nli_xcalloc(p->join_key.n + 1, sizeof(*p->join));
	for (size_t i = 0; i < p->join_key.n; i++) {
		p->join[i] = (struct nli_str){ p->join_text.data + at,
					       j->of[i].len + j->c->many };
		at += p->join[i].len;
	}
}

static int load_join(struct nli_feed *p, const struct nli_buf *text, struct nli_err *err)
{
	const struct nli_companion *c = &p->layout->join;
	const size_t mark = nli_utf8_mark(nli_buf_str(text));
	struct memory m = { { text->data + mark, text->len - mark } };
	struct nli_cut cut = { .read = read_memory, .ctx = &m, .max = MAX_COMPANION };
	struct joining j = { .part = p, .c = c, .json = nli_json_new() };
	struct nli_look l = { 0 };
	struct nli_row names = { 0 };
	size_t open_at;
	int rc = nli_look(&l, m.left, true, err);

	cut.kind = l.dialect == NLI_DIALECT_ARRAY ? NLI_CUT_ARRAY : NLI_CUT_LINES;
	if (!rc && (l.dialect == NLI_DIALECT_CSV || l.dialect == NLI_DIALECT_TSV)) {
		cut.kind = NLI_CUT_ROWS;
		cut.csv = l.csv;
		rc = nli_csv_row(&cut.csv, l.first, &names, &open_at, err);
		m.left.len -= (size_t)(l.first.s - m.left.s) + l.first.len;
		m.left.s = l.first.s + l.first.len;
	}
	if (!rc)
		rc = join_items(&j, &cut, &names, err);
	if (!rc)
		settle(&j);
	for (size_t i = 0; i < p->join_key.n && j.of; i++)
		nli_buf_release(&j.of[i]);
	free(j.of);
	nli_json_free(j.json);
	nli_row_release(&names);
	nli_look_release(&l);
	nli_cut_release(&cut);
	return rc;
}

/* A folder's file: its text is the record, the star of its name the key. */
static void put_document(struct nli_feed *p, struct nli_str key, struct nli_str text,
			 size_t *cap)
{
	const size_t before = p->join_key.n, mark = nli_utf8_mark(text);
	const size_t i = nli_intern_add(&p->join_key, key);

	if (i < before)
		return;
	nli_grow(&p->join, cap, i + 1, sizeof(*p->join));
	p->join[i] = (struct nli_str){ NULL, text.len - mark };
	nli_buf_add(&p->join_text, text.s + mark, text.len - mark);
}

static int documents_of_folder(struct nli_feed *p, const char *folder, size_t *cap,
			       struct nli_err *err)
{
	const struct nli_companion *c = &p->layout->join;
	DIR *dir = opendir(folder);
	const struct dirent *e;
	int rc = 0;

	if (!dir)
		return nli_fail_errno(err, "cannot read %s, which belongs to it", folder);
	while (!rc && (e = readdir(dir))) {
		struct nli_buf path = { 0 }, text = { 0 };
		struct nli_str star;

		if (e->d_name[0] != '.' && star_of(c->to, nli_str_of(e->d_name), &star)) {
			nli_buf_addf(&path, "%s/%s", folder, e->d_name);
			rc = read_all(path.data, NULL, &text, err);
			put_document(p, star, nli_buf_str(&text), cap);
		}
		if (!rc && p->join_text.len > MAX_COMPANION)
			rc = nli_fail(err, NLI_EDATA,
				      "%s is too large to be held in memory", folder);
		nli_buf_release(&path);
		nli_buf_release(&text);
	}
	closedir(dir);
	return rc;
}

static void documents_of_shelf(struct nli_feed *p, const struct nli_shelf *shelf,
			       size_t *cap)
{
	for (size_t i = 0; i < shelf->name.n; i++) {
		struct nli_str star;

		if (is_called(&p->layout->join, shelf->name.text[i].s, &star))
			put_document(p, star, nli_buf_str(&shelf->text[i]), cap);
	}
}

static int load_folder(struct nli_feed *p, const char *folder,
		       const struct nli_shelf *shelf, struct nli_err *err)
{
	size_t cap = 0, at = 0;
	int rc = 0;

	if (shelf)
		documents_of_shelf(p, shelf, &cap);
	else
		rc = documents_of_folder(p, folder, &cap, err);
	/* The text may have moved while it grew. */
	for (size_t i = 0; i < p->join_key.n; at += p->join[i++].len)
		p->join[i].s = p->join_text.data + at;
	if (!rc && !p->join_key.n)
		rc = nli_fail(err, NLI_EDATA,
			      "files called %.*s in %.*s belong to it: none is there%s%s",
			      (int)p->layout->join.to.len, p->layout->join.to.s,
			      (int)p->layout->join.folder.len, p->layout->join.folder.s,
			      shelf ? "; of an archive, they are looked for with -c "
				    : "",
			      shelf ? p->layout->profile->name.s : "");
	return rc;
}

static bool is_missing(const struct nli_companion *c, const char *path,
		       const struct nli_shelf *shelf)
{
	struct nli_str star;

	if (!c->optional)
		return false;
	for (size_t i = 0; shelf && i < shelf->name.n; i++)
		if (is_called(c, shelf->name.text[i].s, &star) &&
		    ends_with(path, shelf->name.text[i]))
			return false;
	return shelf || access(path, F_OK);
}

int nli_companions_load(struct nli_feed *part, const char *path,
			const struct nli_shelf *shelf, struct nli_err *err)
{
	const struct nli_layout *l = part->layout;
	struct nli_buf name = { 0 }, text = { 0 };
	int rc = 0;

	if (nli_companion_path(&l->beside, path, &name)) {
		rc = read_all(name.data, shelf, &part->beside_text, err);
		rc = rc ? rc : load_beside(part, err);
	} else if (l->beside.from.s) {
		rc = nli_fail(err, NLI_EDATA, "a file called *%.*s belongs to %.*s",
			      (int)l->beside.to.len, l->beside.to.s,
			      (int)l->beside.from.len, l->beside.from.s);
	}
	nli_buf_clear(&name);
	if (!rc && l->join.folder.s && nli_companion_path(&l->join, path, &name)) {
		rc = load_folder(part, name.data, shelf, err);
	} else if (!rc && nli_companion_path(&l->join, path, &name) &&
		   !is_missing(&l->join, name.data, shelf)) {
		rc = read_all(name.data, shelf, &text, err);
		rc = rc ? rc : load_join(part, &text, err);
	}
	nli_buf_release(&name);
	nli_buf_release(&text);
	return rc;
}

void nli_feed_free(struct nli_feed *p)
{
	if (!p)
		return;
	free(p->path);
	free(p->column);
	free(p->label);
	free(p->why);
	free(p->beside);
	free(p->join);
	nli_arena_release(&p->names);
	nli_buf_release(&p->beside_text);
	nli_buf_release(&p->join_text);
	nli_intern_release(&p->join_key);
	free(p);
}
