/* export_file.c - see export_file.h. */
#include "lib/nli/export_file.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/map.h"
#include "lib/base/mem.h"

struct nli_export_file {
	struct nli_run *run;
	const struct nli_export_format *f;
	uint64_t max_rows, max_bytes; /* 0: any */
	uint64_t index;               /* rows so far */
	uint64_t rows, bytes;         /* in the file that is open */
	uint64_t files, repeated;
	struct nli_out *part; /* NULL: the run's own output, which is the first */
	struct nli_map64 asked;
	struct nli_buf row;
};

struct nli_export_file *nli_export_file_new(struct nli_run *run,
					    const struct nli_export_format *f,
					    uint64_t max_rows, uint64_t max_bytes)
{
	struct nli_export_file *x = nli_xcalloc(1, sizeof(*x));

	x->run = run;
	x->f = f;
	x->max_rows = max_rows ? max_rows : f->max_rows;
	x->max_bytes = max_bytes ? max_bytes : f->max_bytes;
	return x;
}

void nli_export_file_free(struct nli_export_file *x)
{
	if (!x)
		return;
	nli_map64_release(&x->asked);
	nli_buf_release(&x->row);
	free(x);
}

static int put(struct nli_export_file *x, struct nli_str s, struct nli_err *err)
{
	x->bytes += s.len;
	return x->part ? nli_out_write(x->part, s.s, s.len, err)
		       : nli_run_put(x->run, s, err);
}

static int put_text(struct nli_export_file *x, const char *s, struct nli_err *err)
{
	return s ? put(x, nli_str_of(s), err) : 0;
}

static int begin(struct nli_export_file *x, struct nli_err *err)
{
	x->files++;
	x->rows = x->bytes = 0;
	return put_text(x, x->f->head, err);
}

static int end(struct nli_export_file *x, struct nli_err *err)
{
	struct nli_out *part = x->part;
	const int rc = put_text(x, x->f->tail, err);

	x->part = NULL;
	return rc ? rc : nli_run_side_commit(x->run, part, err);
}

/* requests.jsonl.gz, 2: requests-2.jsonl.gz */
static void part_name(struct nli_buf *b, const char *path, uint64_t n)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const size_t stem = (size_t)(name - path) + strcspn(name, ".");

	nli_buf_add(b, path, stem);
	nli_buf_addf(b, "-%llu%s", (unsigned long long)n, path + stem);
}

static int next_file(struct nli_export_file *x, struct nli_err *err)
{
	struct nli_buf name = { 0 };
	int rc;

	if (!nli_common.output || !strcmp(nli_common.output, "-"))
		return nli_fail(
			err, NLI_EINVAL,
			"more than a file for %s holds (%llu requests, %llu bytes): "
			"give -o FILE, which is cut into several",
			x->f->name, (unsigned long long)x->max_rows,
			(unsigned long long)x->max_bytes);
	rc = end(x, err);
	if (rc)
		return rc;
	part_name(&name, nli_common.output, x->files + 1);
	x->part = nli_run_side_open(x->run, name.data);
	nli_buf_release(&name);
	return begin(x, err);
}

/* The row with its number in place. */
static struct nli_str numbered(struct nli_export_file *x, struct nli_str row)
{
	const char *mark;

	nli_buf_clear(&x->row);
	while ((mark = memchr(row.s, NLI_EXPORT_INDEX, row.len))) {
		const size_t n = (size_t)(mark - row.s);

		nli_buf_add(&x->row, row.s, n);
		nli_buf_add_u64(&x->row, x->index);
		row.s += n + 1;
		row.len -= n + 1;
	}
	nli_buf_add(&x->row, row.s, row.len);
	return nli_buf_str(&x->row);
}

/*
 * A request with the same id would be refused: it is the same question.  The id
 * is the value of the row's first member.
 */
static bool asked_before(struct nli_export_file *x, struct nli_str row)
{
	const char *colon = memchr(row.s, ':', row.len);
	bool fresh;

	nli_map64_put(&x->asked, nli_hash(colon + 2, NLI_KEY_LEN, 0), &fresh);
	return !fresh;
}

static bool is_full(const struct nli_export_file *x, size_t len)
{
	const size_t between = x->f->between ? strlen(x->f->between) : 1;
	const size_t tail = x->f->tail ? strlen(x->f->tail) : 0;

	return x->rows &&
	       ((x->max_rows && x->rows == x->max_rows) ||
		(x->max_bytes && x->bytes + len + between + tail > x->max_bytes));
}

/* Rows of a format with something between them stand there without their LF. */
static int put_row(struct nli_export_file *x, struct nli_str row, struct nli_err *err)
{
	int rc = 0;

	if (x->f->flags & NLI_EXPORT_BATCH && asked_before(x, row)) {
		x->repeated++;
		x->run->kept--;
		x->run->dropped++;
		return 0;
	}
	if (x->f->flags & NLI_EXPORT_INDEXED)
		row = numbered(x, row);
	if (x->f->between)
		row.len--;
	if (is_full(x, row.len))
		rc = next_file(x, err);
	if (!rc && x->rows)
		rc = put_text(x, x->f->between, err);
	x->index++;
	x->rows++;
	return rc ? rc : put(x, row, err);
}

int nli_export_file_put(struct nli_export_file *x, struct nli_str rows,
			struct nli_err *err)
{
	const bool as_it_is = !(x->f->flags & (NLI_EXPORT_BATCH | NLI_EXPORT_INDEXED)) &&
			      !x->f->between && !x->max_rows && !x->max_bytes;
	int rc = x->files ? 0 : begin(x, err);

	if (as_it_is && !rc)
		return put(x, rows, err);
	while (!rc && rows.len) {
		const char *lf = memchr(rows.s, '\n', rows.len);
		const size_t n = (size_t)(lf - rows.s) + 1;

		rc = put_row(x, (struct nli_str){ rows.s, n }, err);
		rows.s += n;
		rows.len -= n;
	}
	return rc;
}

int nli_export_file_end(struct nli_export_file *x, uint64_t *files, uint64_t *repeated,
			struct nli_err *err)
{
	int rc = x->files ? 0 : begin(x, err);

	if (!rc)
		rc = end(x, err);
	*files = x->files;
	*repeated = x->repeated;
	return rc;
}
