/* table.c - see table.h. */
#include "lib/crowd/table.h"

#include <string.h>

/* As the survey's files, NetEaseCrowd, crowd-kit and Snow et al. call them. */
static const char *const usual[NLI_N_COL][10] = {
	{ "item", "question", "task", "taskId", "task_id", "orig_id", "item_id", "id" },
	{ "worker", "workerId", "worker_id", "performer", "annotator", "annotator_id",
	  "!amt_worker_ids" },
	{ "label", "answer", "response", "annotation" },
	{ "time", "completeTime", "timestamp" },
	{ "truth", "gold", "gold_label", "true_label" },
	{ "capability", "group" },
};

static const char *const column_name[NLI_N_COL] = { "item", "worker", "label",
						    "time", "truth",  "group" };

const char *nli_column_name(enum nli_column c)
{
	return column_name[c];
}

static bool is_column(const struct nli_table_names *names, int c, struct nli_str name,
		      size_t *rank)
{
	if (names && names->name[c]) {
		*rank = 0;
		return nli_str_is(name, names->name[c]);
	}
	for (*rank = 0; usual[c][*rank]; ++*rank)
		if (nli_str_is(name, usual[c][*rank]))
			return true;
	return false;
}

static struct nli_str trim_cr(struct nli_str s)
{
	if (s.len && s.s[s.len - 1] == '\r')
		s.len--;
	return s;
}

/*
 * Decode the quoted field that begins at s into tmp; *next is set behind its
 * separator, or beyond the end.
 */
static int take_quoted(const char *s, const char *end, char sep, const char **next,
		       struct nli_buf *tmp, struct nli_str *field, struct nli_err *err)
{
	const size_t from = tmp->len;
	const char *p;

	for (p = s + 1; p < end && !(*p == '"' && (p + 1 == end || p[1] != '"')); p++)
		nli_buf_addc(tmp, *(*p == '"' ? ++p : p));
	if (p == end)
		return nli_fail(err, NLI_EDATA,
				"a quoted field that does not end on its line");
	if (p + 1 < end && p[1] != sep)
		return nli_fail(err, NLI_EDATA, "text behind a quoted field, wanted '%c'",
				sep);
	*field = (struct nli_str){ tmp->data ? tmp->data + from : "", tmp->len - from };
	*next = p + 2;
	return 0;
}

/* Take the field that begins at *at; *at goes behind its separator, or beyond the end. */
static inline int take_field(const char **at, const char *end, char sep,
			     struct nli_buf *tmp, struct nli_str *field,
			     struct nli_err *err)
{
	const char *s = *at, *p;

	if (sep == ',' && s < end && *s == '"')
		return take_quoted(s, end, sep, at, tmp, field, err);
	for (p = s; p < end && *p != sep; p++)
		;
	*field = (struct nli_str){ s, (size_t)(p - s) };
	*at = p + 1;
	return 0;
}

static int missing(const struct nli_table_names *names, unsigned c, struct nli_str line,
		   struct nli_err *err)
{
	const char *want = names && names->name[c] ? names->name[c] : column_name[c];

	return nli_fail(err, NLI_EDATA, "no column \"%s\" in the header \"%.*s\"", want,
			(int)(line.len < 120 ? line.len : 120), line.s);
}

static int read_names(struct nli_table_head *h, struct nli_str line, struct nli_err *err)
{
	size_t best[NLI_N_COL], rank;
	struct nli_buf tmp = { 0 };
	struct nli_str name;
	int rc = 0;

	nli_buf_reserve(&tmp, line.len); /* so that names stay where they are */
	for (const char *at = line.s, *end = at + line.len; !rc && at <= end; h->n++) {
		rc = take_field(&at, end, h->sep, &tmp, &name, err);
		for (int c = 0; !rc && c < NLI_N_COL; c++)
			if (is_column(h->names, c, name, &rank) &&
			    (h->at[c] < 0 || rank < best[c])) {
				h->at[c] = h->n;
				best[c] = rank;
			}
	}
	nli_buf_release(&tmp);
	return rc;
}

int nli_table_head(struct nli_table_head *h, const struct nli_table_names *names,
		   struct nli_str line, unsigned need, struct nli_err *err)
{
	int rc;

	*h = (struct nli_table_head){ .names = names };
	line = trim_cr(line);
	if (line.len && *line.s == '{') {
		h->json = true;
		return 0;
	}
	h->sep = memchr(line.s, '\t', line.len) ? '\t' : ',';
	for (int c = 0; c < NLI_N_COL; c++)
		h->at[c] = -1;
	rc = read_names(h, line, err);
	if (!rc && h->n > NLI_MAX_COL)
		return nli_fail(err, NLI_EDATA, "%d columns, wanted up to %d", h->n,
				NLI_MAX_COL);
	memset(h->is, -1, sizeof(h->is));
	for (unsigned c = 0; !rc && c < NLI_N_COL; c++) {
		if (need & 1u << c && h->at[c] < 0)
			return missing(names, c, line, err);
		if (h->at[c] >= 0)
			h->is[h->at[c]] = (signed char)c;
	}
	return rc;
}

static int json_row(const struct nli_table_head *h, struct nli_str line,
		    struct nli_json *j, struct nli_str field[NLI_N_COL],
		    const nli_jval **object, struct nli_err *err)
{
	const nli_jval *v = nli_json_parse(j, line.s, line.len, err);
	size_t best[NLI_N_COL], rank;

	if (!v)
		return NLI_EDATA;
	if (nli_jtype(v) != NLI_J_OBJECT)
		return nli_fail(err, NLI_EDATA, "%s, wanted an object",
				nli_jtype_name(nli_jtype(v)));
	*object = v;
	for (struct nli_jiter it = nli_jiter(v); nli_jnext(&it);)
		for (int c = 0; c < NLI_N_COL; c++)
			if (is_column(h->names, c, it.key, &rank) &&
			    (!field[c].s || rank < best[c])) {
				field[c] = nli_jstr(it.val);
				best[c] = rank;
			}
	return 0;
}

int nli_table_row(const struct nli_table_head *h, struct nli_str line, struct nli_json *j,
		  struct nli_buf *tmp, struct nli_str field[NLI_N_COL],
		  const nli_jval **object, struct nli_err *err)
{
	struct nli_str value = { 0 };
	int n = 0, rc = 0;

	memset(field, 0, NLI_N_COL * sizeof(*field));
	*object = NULL;
	if (h->json)
		return json_row(h, line, j, field, object, err);
	line = trim_cr(line);
	nli_buf_clear(tmp);
	if (tmp->cap <= line.len)
		nli_buf_reserve(tmp, line.len); /* so that fields stay where they are */
	for (const char *at = line.s, *end = at + line.len; at <= end; n++) {
		rc = take_field(&at, end, h->sep, tmp, &value, err);
		if (rc)
			return rc;
		if (n < h->n && h->is[n] >= 0)
			field[h->is[n]] = value;
	}
	if (n != h->n)
		return nli_fail(err, NLI_EDATA, "%d field%s, wanted %d as in the header",
				n, n == 1 ? "" : "s", h->n);
	return 0;
}
