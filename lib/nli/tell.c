/* tell.c - see tell.h. */
#include "lib/nli/tell.h"

#include "lib/text/norm.h"

static void add_padded(struct nli_buf *out, struct nli_str s, size_t width)
{
	const size_t n = nli_utf8_count(s);

	nli_buf_add(out, s.s, s.len);
	for (size_t i = n; i < width; i++)
		nli_buf_addc(out, ' ');
	nli_buf_addc(out, ' ');
}

static void add_languages(const nli_jval *languages, struct nli_buf *out)
{
	struct nli_buf text = { 0 };
	struct nli_jiter it = nli_jiter(languages);

	for (size_t i = 0; nli_jnext(&it) && i < 4; i++) {
		const struct nli_str s = nli_jstr(it.val);

		nli_buf_adds(&text, i ? " " : "");
		nli_buf_add(&text, s.s, s.len);
	}
	if (nli_jlen(languages) > 4)
		nli_buf_addf(&text, " +%zu", nli_jlen(languages) - 4);
	add_padded(out, nli_buf_str(&text), 15);
	nli_buf_release(&text);
}

void nli_tell_profiles(const struct nli_profiles *all, struct nli_buf *out)
{
	nli_buf_adds(out, "name               task   languages       access   title\n");
	for (size_t i = 0; i < all->n; i++) {
		const struct nli_profile *p = all->v[i];

		add_padded(out, p->name, 18);
		add_padded(out, nli_jstr(nli_jget(p->root, "task")), 6);
		add_languages(nli_jget(p->root, "languages"), out);
		add_padded(out, p->access.s ? p->access : NLI_STR("open"), 8);
		nli_buf_add(out, p->title.s, p->title.len);
		nli_buf_addc(out, '\n');
	}
}

static void add_str(struct nli_jw *w, const char *name, struct nli_str s)
{
	nli_jw_key(w, name);
	nli_jw_str(w, s);
}

static void add_table(const struct nli_feed *f, struct nli_jw *w)
{
	add_str(w, "delimiter", (struct nli_str){ &f->csv.delimiter, 1 });
	nli_jw_key(w, "quoted");
	nli_jw_bool(w, f->csv.quoted);
	nli_jw_key(w, "header");
	nli_jw_bool(w, !f->layout->n_column);
	nli_jw_key(w, "columns");
	nli_jw_open(w, '[');
	for (size_t i = 0; i < f->n_column; i++)
		nli_jw_str(w, f->column[i]);
	nli_jw_close(w, ']');
}

void nli_tell_feed(const struct nli_feed *f, struct nli_buf *out)
{
	static const char *const task[] = { "nli", "nli2", "choice" };
	const struct nli_profile *p = f->layout->profile;
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	add_str(&w, "file", nli_str_of(f->path));
	add_str(&w, "profile", p->made_up ? (struct nli_str){ NULL, 0 } : p->name);
	if (!p->made_up && p->n_layout > 1) {
		nli_jw_key(&w, "layout");
		nli_jw_u64(&w, (uint64_t)(f->layout - p->layout) + 1);
	}
	add_str(&w, "why", nli_str_of(f->why));
	add_str(&w, "dialect", nli_str_of(nli_dialect_name(f->dialect)));
	add_str(&w, "encoding", nli_str_of(f->encoding));
	if (f->n_column)
		add_table(f, &w);
	add_str(&w, "task", nli_str_of(task[f->layout->task]));
	add_str(&w, "corpus", f->corpus);
	add_str(&w, "split", f->split);
	add_str(&w, "lang", f->lang);
	if (p->made_up) {
		nli_jw_key(&w, "made_up");
		nli_jw_raw(&w, nli_buf_str(&p->text));
	}
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}

void nli_tell_unknown(const char *path, const char *why, struct nli_buf *out)
{
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	add_str(&w, "file", nli_str_of(path));
	add_str(&w, "error", nli_str_of(why));
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}
