/* table.c - see table.h. */
#include "lib/crowd/table.h"

#include <string.h>

#include "lib/text/norm.h"

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

static int missing(const struct nli_table_names *names, unsigned c, struct nli_str line,
		   struct nli_err *err)
{
	const char *want = names && names->name[c] ? names->name[c] : column_name[c];

	return nli_fail(err, NLI_EDATA, "no column \"%s\" in the header \"%.*s\"", want,
			(int)(line.len < 120 ? line.len : 120), line.s);
}

static struct nli_csv dialect(char sep)
{
	return (struct nli_csv){ .delimiter = sep, .quoted = sep == ',' };
}

static int read_names(struct nli_table_head *h, struct nli_str line, struct nli_err *err)
{
	const struct nli_csv csv = dialect(h->sep);
	size_t best[NLI_N_COL], rank, open_at;
	struct nli_row cells = { 0 };
	int rc = nli_csv_row(&csv, line, &cells, &open_at, err);

	for (size_t i = 0; !rc && i < cells.n && i <= NLI_MAX_COL; i++, h->n++)
		for (int c = 0; c < NLI_N_COL; c++)
			if (is_column(h->names, c, cells.cell[i], &rank) &&
			    (h->at[c] < 0 || rank < best[c])) {
				h->at[c] = h->n;
				best[c] = rank;
			}
	nli_row_release(&cells);
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

static int wrong_number(const struct nli_table_head *h, int n, struct nli_err *err)
{
	return nli_fail(err, NLI_EDATA, "%d field%s, wanted %d as in the header", n,
			n == 1 ? "" : "s", h->n);
}

static int quoted_row(const struct nli_table_head *h, struct nli_str line,
		      struct nli_row *cells, struct nli_str field[NLI_N_COL],
		      struct nli_err *err)
{
	const struct nli_csv csv = dialect(h->sep);
	size_t open_at;

	if (nli_csv_row(&csv, line, cells, &open_at, err))
		return NLI_EDATA;
	if (cells->n != (size_t)h->n)
		return wrong_number(h, (int)cells->n, err);
	for (size_t i = 0; i < cells->n; i++)
		if (h->is[i] >= 0)
			field[h->is[i]] = cells->cell[i];
	return 0;
}

static int plain_row(const struct nli_table_head *h, struct nli_str line,
		     struct nli_str field[NLI_N_COL], struct nli_err *err)
{
	const char *end = line.s + line.len;
	int n = 0;

	for (const char *at = line.s; at <= end; n++) {
		const char *p = at;

		while (p < end && *p != h->sep)
			p++;
		if (n < h->n && h->is[n] >= 0)
			field[h->is[n]] = (struct nli_str){ at, (size_t)(p - at) };
		at = p + 1;
	}
	return n == h->n ? 0 : wrong_number(h, n, err);
}

int nli_table_row(const struct nli_table_head *h, struct nli_str line, struct nli_json *j,
		  struct nli_row *cells, struct nli_str field[NLI_N_COL],
		  const nli_jval **object, struct nli_err *err)
{
	memset(field, 0, NLI_N_COL * sizeof(*field));
	*object = NULL;
	if (h->json)
		return json_row(h, line, j, field, object, err);
	line = trim_cr(line);
	if (nli_utf8_valid(line) != line.len)
		return nli_fail(err, NLI_EDATA, "byte %zu is not valid UTF-8",
				nli_utf8_valid(line) + 1);
	if (h->sep == ',' && memchr(line.s, '"', line.len))
		return quoted_row(h, line, cells, field, err);
	return plain_row(h, line, field, err);
}
