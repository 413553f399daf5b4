/* account.c - see account.h. */
#include "lib/nli/account.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/io/json.h"

/* The name of a column of a tally, in num if it is an answer; NULL for sets. */
static const char *tally_name(size_t what, char num[24])
{
	if (what < NLI_N_LABEL)
		return nli_label_name((enum nli_label)what);
	if (what == NLI_TALLY_NULL)
		return "null";
	if (what == NLI_TALLY_SET)
		return "set";
	snprintf(num, 24, "%zu", what - NLI_TALLY_ANSWER);
	return num;
}

static uint64_t of_split(const struct nli_tally *t, size_t split)
{
	uint64_t n = 0;

	for (size_t k = 0; k < NLI_N_TALLY; k++)
		n += t->n[split][k];
	return n;
}

static uint64_t of_label(const struct nli_tally *t, size_t what)
{
	uint64_t n = 0;

	for (size_t s = 0; s < NLI_N_SPLIT; s++)
		n += t->n[s][what];
	return n;
}

static uint64_t of_all(const struct nli_tally *t)
{
	uint64_t n = 0;

	for (size_t s = 0; s < NLI_N_SPLIT; s++)
		n += of_split(t, s);
	return n;
}

static void write_count(struct nli_jw *w, const char *name, uint64_t n)
{
	if (!n)
		return;
	nli_jw_key(w, name);
	nli_jw_u64(w, n);
}

static void write_labels(struct nli_jw *w, const struct nli_tally *t)
{
	char num[24];

	nli_jw_key(w, "labels");
	nli_jw_open(w, '{');
	for (size_t k = 0; k < NLI_N_TALLY; k++)
		write_count(w, tally_name(k, num), of_label(t, k));
	nli_jw_close(w, '}');
}

static void write_splits(struct nli_jw *w, const struct nli_tally *t)
{
	nli_jw_key(w, "splits");
	nli_jw_open(w, '{');
	for (size_t s = 0; s < NLI_N_SPLIT; s++)
		write_count(w, nli_split_name[s] ? nli_split_name[s] : "null",
			    of_split(t, s));
	nli_jw_close(w, '}');
}

/* The tally of a part, empty if it made no record. */
static const struct nli_tally *tally_of(const struct nli_account *a, size_t i)
{
	static const struct nli_tally none;

	return i < a->counts->n_part ? &a->counts->tally[i] : &none;
}

/* The last part of a path: folders are of the machine, not of the corpus. */
static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void write_files(const struct nli_account *a, struct nli_jw *w)
{
	nli_jw_key(w, "files");
	nli_jw_open(w, '[');
	for (size_t i = 0; i < nli_items_n(a->items); i++) {
		const struct nli_feed *f = nli_items_feed(a->items, i);
		const struct nli_tally *t = tally_of(a, i);

		nli_jw_open(w, '{');
		nli_jw_key(w, "file");
		nli_jw_cstr(w, base_of(f->path));
		nli_jw_key(w, "corpus");
		nli_jw_str(w, f->corpus);
		nli_jw_key(w, "dialect");
		nli_jw_cstr(w, nli_dialect_name(f->dialect));
		nli_jw_key(w, "records");
		nli_jw_u64(w, of_all(t));
		write_splits(w, t);
		write_labels(w, t);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, ']');
}

static int by_text(const void *x, const void *y)
{
	const struct nli_str *const *a = x, *const *b = y;

	return nli_str_cmp(**a, **b);
}

/* Languages in order: that in which they were met depends on the threads. */
static void write_languages(const struct nli_counts *c, struct nli_jw *w)
{
	const struct nli_str **order = nli_xcalloc(c->lang.n + 1, sizeof(*order));

	for (size_t i = 0; i < c->lang.n; i++)
		order[i] = &c->lang.text[i];
	qsort(order, c->lang.n, sizeof(*order), by_text);
	nli_jw_key(w, "languages");
	nli_jw_open(w, '{');
	for (size_t i = 0; i < c->lang.n; i++) {
		nli_jw_keyn(w, *order[i]);
		nli_jw_u64(w, c->lang_n[order[i] - c->lang.text]);
	}
	nli_jw_close(w, '}');
	free(order);
}

void nli_account_write(const struct nli_account *a, struct nli_buf *results)
{
	const struct nli_counts *c = a->counts;
	struct nli_tally all = { { { 0 } } };
	struct nli_jw w = { .b = results, .comma = results->len > 0 };

	for (size_t i = 0; i < c->n_part; i++)
		for (size_t s = 0; s < NLI_N_SPLIT; s++)
			for (size_t k = 0; k < NLI_N_TALLY; k++)
				all.n[s][k] += c->tally[i].n[s][k];
	nli_jw_key(&w, "records");
	nli_jw_u64(&w, of_all(&all));
	write_splits(&w, &all);
	write_labels(&w, &all);
	write_languages(c, &w);
	write_files(a, &w);
	nli_jw_key(&w, "repairs");
	nli_jw_open(&w, '{');
	for (size_t i = 0; i < NLI_N_REPAIR; i++)
		write_count(&w, nli_repair_name[i], c->repair[i]);
	write_count(&w, "windows-1252 bytes", c->stray);
	write_count(&w, "Shift_JIS-2004 characters", nli_items_rescued(a->items));
	nli_jw_close(&w, '}');
	nli_jw_key(&w, "rejected");
	nli_jw_open(&w, '{');
	for (size_t i = 0; i < NLI_N_REASON; i++)
		write_count(&w, nli_reason_name[i], c->reason[i]);
	nli_jw_close(&w, '}');
	write_count(&w, "repeated ids", a->unique->repeated);
	write_count(&w, "texts with U+FFFD", c->replacement);
	write_count(&w, "undecodable characters", nli_items_lost(a->items));
	write_count(&w, "empty texts", c->empty);
	write_count(&w, "short rows", c->ragged);
	write_count(&w, "records not in their language's script", c->script);
}

static void say_count(const struct nli_account *a, uint64_t n, const char *what)
{
	char text[200];

	if (!n)
		return;
	snprintf(text, sizeof(text), "%llu %s", (unsigned long long)n, what);
	a->say(NULL, text);
}

void nli_account_say(const struct nli_account *a)
{
	const struct nli_counts *c = a->counts;

	say_count(a, a->unique->repeated,
		  "records got a suffix: their id was there before");
	say_count(a, c->stray, "bytes were no UTF-8 and were read as windows-1252");
	say_count(a, nli_items_rescued(a->items),
		  "characters were read as Shift_JIS-2004");
	say_count(a, nli_items_lost(a->items),
		  "characters could not be decoded and became U+FFFD");
	say_count(a, c->replacement, "texts hold U+FFFD, the sign of a lost character");
	say_count(a, c->empty, "texts are empty");
	say_count(a, c->ragged, "rows end before the last column");
	say_count(a, c->script, "records are mostly not in their language's script");
}

static size_t check_one(const struct nli_account *a, const char *path, const char *what,
			int64_t wanted, uint64_t found)
{
	char text[200];

	if (wanted >= 0 && (uint64_t)wanted == found)
		return 0;
	snprintf(text, sizeof(text), "%llu %s, the profile expects %lld",
		 (unsigned long long)found, what, (long long)wanted);
	a->say(path, text);
	return 1;
}

static size_t check_part(const struct nli_account *a, size_t i,
			 const struct nli_expect *e)
{
	const struct nli_feed *f = nli_items_feed(a->items, i);
	const struct nli_tally *t = tally_of(a, i);
	size_t differ = check_one(a, f->path, "records", e->records, of_all(t));

	for (size_t k = 0; k < NLI_N_TALLY && e->n_label; k++) {
		char num[24];
		const char *name = tally_name(k, num);
		const uint64_t found = of_label(t, k);
		int64_t wanted = 0;

		for (size_t l = 0; l < e->n_label; l++)
			if (nli_str_is(e->label[l].name, name))
				wanted = e->label[l].n;
		differ += check_one(a, f->path, name, wanted, found);
	}
	return differ;
}

size_t nli_account_check(const struct nli_account *a)
{
	size_t differ = 0;

	for (size_t i = 0; i < nli_items_n(a->items); i++) {
		const struct nli_feed *f = nli_items_feed(a->items, i);
		const struct nli_profile *p = f->layout->profile;

		for (size_t k = 0; k < p->n_expect; k++)
			if (nli_glob_fits(p->expect[k].match, f->path)) {
				differ += check_part(a, i, &p->expect[k]);
				break;
			}
	}
	return differ;
}
