/* preds.c - see preds.h. */
#include "lib/model/preds.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/map.h"
#include "lib/base/mem.h"
#include "lib/io/csv.h"
#include "lib/io/input.h"
#include "lib/model/stats.h"
#include "lib/nli/alias.h"
#include "lib/nli/label.h"

enum { MAX_COLUMN = 256, MAX_ORDER = 64, NO_LABEL = -1, NO_ANSWER = -2 };
#define TWO_RECORDS UINT64_MAX

/* A record, as a worker hands it over with its label behind, and as it is kept. */
struct item {
	uint64_t id, key, native; /* hashes; native: of the last part of the id */
	uint32_t label_len;
	int32_t gold; /* number of the label's text, or of the option; NO_LABEL */
	uint8_t task, easy, hard;
};

struct nli_preds {
	const struct nli_preds_opts *o;
	struct item *item; /* (n,) in the order of the records */
	size_t n, cap;
	struct nli_map64
		place; /* hash of id, key, last part to place + 1, or TWO_RECORDS */
	struct nli_intern label;
	struct nli_str order[MAX_ORDER];
	size_t n_order;
};

int nli_preds_new(struct nli_preds **out, const struct nli_preds_opts *o,
		  struct nli_err *err)
{
	struct nli_preds *p = nli_xcalloc(1, sizeof(*p));
	const char *at = o->order;

	p->o = o;
	*out = p;
	while (at) {
		const char *comma = strchr(at, ',');
		const size_t len = comma ? (size_t)(comma - at) : strlen(at);

		if (!len || p->n_order == MAX_ORDER)
			return nli_fail(
				err, NLI_EINVAL,
				"the order of labels is \"%.100s\", wanted labels "
				"with commas between",
				o->order);
		p->order[p->n_order++] = (struct nli_str){ at, len };
		at = comma ? comma + 1 : NULL;
	}
	return 0;
}

void nli_preds_free(struct nli_preds *p)
{
	if (!p)
		return;
	nli_map64_release(&p->place);
	nli_intern_release(&p->label);
	free(p->item);
	free(p);
}

static struct nli_str last_part(struct nli_str id)
{
	size_t at = id.len;

	while (at && id.s[at - 1] != '/')
		at--;
	return (struct nli_str){ id.s + at, id.len - at };
}

static uint64_t hash_of(struct nli_str s)
{
	return nli_hash(s.s, s.len, 1);
}

static int on_record(void *ctx, const struct nli_record *r, struct nli_work *w,
		     struct nli_err *err)
{
	const struct nli_member *m = nli_object_find(&r->obj, "hyponly");
	const nli_jval *easy = m ? nli_jget(m->val, "easy") : NULL;
	const nli_jval *hard = m ? nli_jget(m->val, "hard") : NULL;
	struct item i;

	(void)ctx;
	if (!easy || !hard)
		return nli_fail(err, NLI_EDATA,
				"no \"easy\" and \"hard\" in \"hyponly\": "
				"let nli-hyponly score the records first");
	memset(&i, 0, sizeof(i));
	i.id = hash_of(r->id);
	i.key = r->key.s ? hash_of(r->key) : i.id;
	i.native = hash_of(last_part(r->id));
	i.task = (uint8_t)r->task;
	i.easy = nli_jbool(easy);
	i.hard = nli_jbool(hard);
	i.gold = r->task == NLI_TASK_CHOICE ? r->answer : r->label.s ? 0 : NO_LABEL;
	i.label_len = (uint32_t)r->label.len;
	nli_buf_add(w->out, &i, sizeof(i));
	nli_buf_add(w->out, r->label.s, r->label.len);
	return NLI_KEEP;
}

static void name_place(struct nli_preds *p, uint64_t hash, size_t place)
{
	bool fresh;
	uint64_t *to = nli_map64_put(&p->place, hash, &fresh);

	*to = fresh || *to == place + 1 ? place + 1 : TWO_RECORDS;
}

static int commit(void *ctx, struct nli_str out, uint64_t kept, struct nli_err *err)
{
	struct nli_preds *p = ctx;
	const char *at = out.s, *end = out.s + out.len;

	(void)kept;
	(void)err;
	while (at < end) {
		struct item i;

		memcpy(&i, at, sizeof(i));
		at += sizeof(i);
		if (i.task != NLI_TASK_CHOICE && i.gold != NO_LABEL)
			i.gold = (int32_t)nli_intern_add(
				&p->label, (struct nli_str){ at, i.label_len });
		at += i.label_len;
		nli_grow(&p->item, &p->cap, p->n + 1, sizeof(*p->item));
		p->item[p->n] = i;
		name_place(p, i.id, p->n);
		name_place(p, i.key, p->n);
		name_place(p, i.native, p->n);
		p->n++;
	}
	return 0;
}

void nli_preds_reader(struct nli_preds *p, struct nli_record_pass *pass)
{
	*pass = (struct nli_record_pass){ .ctx = p,
					  .record = on_record,
					  .commit = commit };
}

/* A file of predictions as it is read, row by row. */
struct sheet {
	struct nli_preds *p;
	struct nli_run *run;
	const char *path;
	struct nli_buf text;
	size_t at;
	uint64_t line;
	bool json;
	struct nli_csv csv;
	struct nli_row row;
	struct nli_json *parser;
	struct nli_str line_text;
	struct nli_intern name; /* of the columns */
	struct nli_str cell[MAX_COLUMN];
	ptrdiff_t id, gold; /* columns, or -1 */
	size_t pred[MAX_COLUMN], n_pred;
	bool *seen; /* (p->n,) */
	size_t n_row;
	struct tally {
		uint64_t n[3], hit[3]; /* of all, easy, hard */
	} tally[MAX_COLUMN];
};

static bool is_one_of(struct nli_str s, const char *const *names)
{
	for (; *names; names++) {
		size_t i = 0;

		if (strlen(*names) != s.len)
			continue;
		for (; i < s.len &&
		       ((s.s[i] >= 'A' && s.s[i] <= 'Z' ? s.s[i] | 0x20 : s.s[i]) ==
			(*names)[i]);
		     i++)
			;
		if (i == s.len)
			return true;
	}
	return false;
}

static bool has_gold(struct nli_str s)
{
	for (size_t i = 0; i + 4 <= s.len; i++)
		if (is_one_of((struct nli_str){ s.s + i, 4 },
			      (const char *const[]){ "gold", NULL }))
			return true;
	return false;
}

static const char *const id_names[] = { "id",  "key",  "pair_id", "pairid",
					"uid", "guid", NULL };
static const char *const pred_names[] = { "pred",       "prediction",      "predicted",
					  "pred_label", "predicted_label", NULL };
static const char *const label_names[] = { "label", NULL };

static int named_columns(struct sheet *s, struct nli_err *err)
{
	for (size_t k = 0; k < s->p->o->n_column; k++) {
		const ptrdiff_t c =
			nli_intern_find(&s->name, nli_str_of(s->p->o->column[k]));

		if (c < 0)
			return nli_fail(err, NLI_EDATA, "no column \"%.100s\"",
					s->p->o->column[k]);
		s->pred[s->n_pred++] = (size_t)c;
	}
	return 0;
}

static void take_columns(struct sheet *s, const char *const *names)
{
	for (size_t c = 0; c < s->name.n && !s->n_pred; c++)
		for (size_t k = c; k < s->name.n; k++)
			if ((ptrdiff_t)k != s->id && (ptrdiff_t)k != s->gold &&
			    (!names || is_one_of(s->name.text[k], names)) &&
			    (!s->n_pred || s->pred[s->n_pred - 1] < k))
				s->pred[s->n_pred++] = k;
}

/* What each column is. */
static int read_names(struct sheet *s, struct nli_err *err)
{
	ptrdiff_t label = -1;

	s->id = s->gold = -1;
	for (size_t c = 0; c < s->name.n; c++) {
		const struct nli_str n = s->name.text[c];

		if (s->id < 0 && is_one_of(n, id_names))
			s->id = (ptrdiff_t)c;
		else if (s->gold < 0 && has_gold(n))
			s->gold = (ptrdiff_t)c;
		else if (is_one_of(n, label_names))
			label = (ptrdiff_t)c;
	}
	if (named_columns(s, err))
		return err->code;
	take_columns(s, pred_names);
	if (s->gold < 0 && s->n_pred && label >= 0 && s->pred[0] != (size_t)label)
		s->gold = label;
	take_columns(s, label_names);
	take_columns(s, NULL);
	return s->n_pred ? 0
			 : nli_fail(err, NLI_EDATA, "no column of predictions among %zu",
				    s->name.n);
}

static int add_name(struct sheet *s, struct nli_str name, struct nli_err *err)
{
	if (s->name.n == MAX_COLUMN)
		return nli_fail(err, NLI_EDATA, "more than %d columns", MAX_COLUMN);
	if (nli_intern_add(&s->name, name) + 1 != s->name.n)
		return nli_fail(err, NLI_EDATA, "two columns \"%.*s\"",
				(int)(name.len < 100 ? name.len : 100), name.s);
	return 0;
}

static bool next_line(struct sheet *s)
{
	const char *from = s->text.data + s->at;
	const size_t left = s->text.len - s->at;
	size_t len;

	if (!left)
		return false;
	if (s->json) {
		const char *lf = memchr(from, '\n', left);

		len = lf ? (size_t)(lf - from) : left;
	} else {
		len = nli_csv_row_end(&s->csv, from, left);
	}
	s->line_text = (struct nli_str){ from, len };
	if (len && from[len - 1] == '\r' && !s->json)
		s->line_text.len--;
	s->at += len < left ? len + 1 : len;
	return true;
}

/* The cells of a JSON line, in the order of the columns. */
static int read_object(struct sheet *s, bool first, struct nli_err *err)
{
	struct nli_object o;

	if (nli_json_object(s->parser, s->line_text, &o, err))
		return err->code;
	for (size_t i = 0; i < o.n && first; i++)
		if (add_name(s, o.m[i].key, err))
			return err->code;
	for (size_t c = 0; c < s->name.n; c++) {
		s->cell[c] = (struct nli_str){ NULL, 0 };
		for (size_t i = 0; i < o.n; i++)
			if (nli_str_eq(o.m[i].key, s->name.text[c]))
				s->cell[c] = nli_jstr(o.m[i].val);
	}
	return 0;
}

static int read_cells(struct sheet *s, struct nli_err *err)
{
	size_t open;

	if (nli_csv_row(&s->csv, s->line_text, &s->row, &open, err))
		return err->code;
	if (s->row.n != s->name.n)
		return nli_fail(err, NLI_EDATA,
				"%zu columns, wanted %zu as in the header", s->row.n,
				s->name.n);
	memcpy(s->cell, s->row.cell, s->row.n * sizeof(*s->cell));
	return 0;
}

static int read_header(struct sheet *s, struct nli_err *err)
{
	size_t open;

	s->line = 1;
	if (!next_line(s) || nli_csv_row(&s->csv, s->line_text, &s->row, &open, err))
		return nli_fail(err, NLI_EDATA, "no header");
	for (size_t c = 0; c < s->row.n; c++)
		if (add_name(s, s->row.cell[c], err))
			return err->code;
	return 0;
}

/* A spelling as what golds are numbered by; NO_LABEL, or NO_ANSWER if it says none. */
static int32_t label_of(const struct nli_preds *p, const struct item *i, struct nli_str s,
			struct nli_err *err)
{
	nli_label_set set = 0;
	int64_t v = 0;

	if (!s.s || !s.len)
		return NO_ANSWER;
	if (nli_is_integer(s)) {
		v = strtoll(s.s, NULL, 10);
		if (i->task == NLI_TASK_CHOICE)
			return v >= 0 && v < NLI_MAX_CHOICES ? (int32_t)v : NO_ANSWER;
		if (!p->n_order)
			nli_fail(err, NLI_EDATA,
				 "label %.*s is an integer: say what they stand for with "
				 "--label-order",
				 (int)s.len, s.s);
		if (!p->n_order || v < 0 || (uint64_t)v >= p->n_order)
			return NO_ANSWER;
		s = p->order[v];
	}
	if (i->task != NLI_TASK_CHOICE &&
	    nli_intern_find(&p->label, s) == NLI_INTERN_NONE &&
	    nli_alias((enum nli_task)i->task, s, &set))
		for (int l = 0; l < NLI_N_LABEL; l++)
			if (set == 1u << l)
				s = nli_str_of(nli_label_name((enum nli_label)l));
	if (i->task == NLI_TASK_CHOICE)
		return NO_ANSWER;
	v = nli_intern_find(&p->label, s);
	/* A label that no record has, but that is one, is a wrong prediction. */
	return v >= 0 ? (int32_t)v : set ? INT32_MAX : NO_ANSWER;
}

static int find_record(struct sheet *s, size_t *place, struct nli_err *err)
{
	const struct nli_str id =
		s->id < 0 ? (struct nli_str){ NULL, 0 } : s->cell[s->id];
	const uint64_t *at;

	if (s->id < 0) {
		*place = s->n_row++;
		return *place < s->p->n
			       ? 0
			       : nli_fail(err, NLI_ESTOP,
					  "more rows than the %zu records, and no column "
					  "says which they are of",
					  s->p->n);
	}
	s->n_row++;
	at = id.s ? nli_map64_get(&s->p->place, hash_of(id)) : NULL;
	if (!at || *at == TWO_RECORDS)
		return nli_fail(err, NLI_EDATA, "%s \"%.*s\"",
				at ? "more than one record is called" : "no record",
				(int)(id.len < 100 ? id.len : 100), id.s ? id.s : "");
	*place = *at - 1;
	if (s->seen[*place])
		return nli_fail(err, NLI_EDATA, "a second row for \"%.*s\"",
				(int)(id.len < 100 ? id.len : 100), id.s);
	return 0;
}

static int bad_label(struct sheet *s, size_t c, struct nli_err *err)
{
	const struct nli_str v = s->cell[c];

	if (err->code)
		return err->code;
	return nli_fail(err, NLI_EDATA, "\"%.*s\" is \"%.*s\", which is no label",
			(int)(s->name.text[c].len < 60 ? s->name.text[c].len : 60),
			s->name.text[c].s, (int)(v.len < 60 ? v.len : 60),
			v.s ? v.s : "");
}

/* Count a row, all of its columns or none. */
static int count_row(struct sheet *s, struct nli_err *err)
{
	int32_t label[MAX_COLUMN];
	const struct item *i;
	size_t place = 0;
	int rc = find_record(s, &place, err);

	if (rc)
		return rc;
	i = &s->p->item[place];
	s->seen[place] = true;
	err->code = 0;
	if (s->gold >= 0 && i->gold != NO_LABEL) {
		const int32_t gold = label_of(s->p, i, s->cell[s->gold], err);

		if (gold == NO_ANSWER)
			return bad_label(s, (size_t)s->gold, err);
		if (gold != i->gold)
			return nli_fail(
				err, NLI_EDATA,
				"gold label is \"%.*s\", and the record has another",
				(int)s->cell[s->gold].len, s->cell[s->gold].s);
	}
	for (size_t k = 0; k < s->n_pred; k++) {
		label[k] = label_of(s->p, i, s->cell[s->pred[k]], err);
		if (label[k] == NO_ANSWER)
			return bad_label(s, s->pred[k], err);
	}
	for (size_t k = 0; k < s->n_pred && i->gold != NO_LABEL; k++) {
		struct tally *t = &s->tally[k];
		const bool in[3] = { true, i->easy, i->hard };

		for (int part = 0; part < 3; part++) {
			t->n[part] += in[part];
			t->hit[part] += in[part] && label[k] == i->gold;
		}
	}
	return 0;
}

static void put_part(uint64_t hit, uint64_t n, struct nli_jw *w)
{
	const struct nli_interval ci = nli_wilson(hit, n, 0.95);

	nli_jw_key(w, "n");
	nli_jw_u64(w, n);
	nli_jw_key(w, "accuracy");
	if (!n) {
		nli_jw_null(w);
		return;
	}
	nli_jw_real(w, (double)hit / (double)n);
	nli_jw_key(w, "accuracy_lo");
	nli_jw_real(w, ci.lo);
	nli_jw_key(w, "accuracy_hi");
	nli_jw_real(w, ci.hi);
}

static void put_column(const struct sheet *s, size_t k, struct nli_buf *out)
{
	static const char *const part[] = { NULL, "easy", "hard" };
	const struct nli_str file = last_part(nli_str_of(s->path));
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "file");
	nli_jw_str(&w, file);
	nli_jw_key(&w, "model");
	nli_jw_str(&w, s->name.text[s->pred[k]]);
	put_part(s->tally[k].hit[0], s->tally[k].n[0], &w);
	for (int i = 1; i < 3; i++) {
		nli_jw_key(&w, part[i]);
		nli_jw_open(&w, '{');
		put_part(s->tally[k].hit[i], s->tally[k].n[i], &w);
		nli_jw_close(&w, '}');
	}
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}

static int read_rows(struct sheet *s, struct nli_err *err)
{
	bool first = s->json;
	size_t missing = 0;

	while (next_line(s)) {
		int rc;

		s->line++;
		if (!s->line_text.len)
			continue;
		rc = s->json ? read_object(s, first, err) : read_cells(s, err);
		if (!rc && first)
			rc = read_names(s, err);
		if (rc && first)
			return rc;
		first = false;
		if (!rc)
			rc = count_row(s, err);
		if (rc == NLI_ESTOP)
			return rc;
		if (rc)
			nli_run_reject(s->run, s->path, s->line, s->line_text, err);
	}
	for (size_t i = 0; i < s->p->n; i++)
		missing += !s->seen[i];
	if (missing)
		return nli_fail(err, NLI_EDATA,
				"no prediction for %zu of %zu records: the file is of "
				"others, or of a part",
				missing, s->p->n);
	return 0;
}

int nli_preds_file(struct nli_preds *p, struct nli_run *run, const char *path,
		   struct nli_buf *out, struct nli_err *err)
{
	struct sheet *s = nli_xcalloc(1, sizeof(*s));
	int rc = nli_input_all(path, SIZE_MAX, &s->text, err);

	s->p = p;
	s->run = run;
	s->path = path;
	s->seen = nli_xcalloc(p->n + 1, sizeof(*s->seen));
	s->parser = nli_json_new();
	if (!rc) {
		const struct nli_str all = nli_buf_str(&s->text);
		const char *lf = memchr(all.s, '\n', all.len);
		const size_t head = lf ? (size_t)(lf - all.s) : all.len;

		s->json = all.len && all.s[0] == '{';
		s->csv.delimiter = memchr(all.s, '\t', head) ? '\t' : ',';
		s->csv.quoted = nli_csv_looks_quoted(s->csv.delimiter, all);
		if (!s->json) {
			rc = read_header(s, err);
			rc = rc ? rc : read_names(s, err);
		}
	}
	rc = rc ? rc : read_rows(s, err);
	for (size_t k = 0; !rc && k < s->n_pred; k++)
		put_column(s, k, out);
	nli_buf_release(&s->text);
	nli_row_release(&s->row);
	nli_intern_release(&s->name);
	nli_json_free(s->parser);
	free(s->seen);
	free(s);
	return rc;
}
