/* drawings.c - see drawings.h. */
#include "lib/show/drawings.h"

#include <errno.h>
#include <sys/stat.h>

#include "lib/io/out.h"

enum { WIDTH = 760 };

static int write_chart(const struct nli_chart *c, const char *dir, struct nli_err *err)
{
	struct nli_buf path = { 0 }, out = { 0 };
	struct nli_markup *x = nli_markup_new();
	int rc;

	nli_chart_svg(c, WIDTH, true, x);
	nli_markup_end(x, &out);
	nli_buf_addc(&out, '\n');
	nli_buf_addf(&path, "%s/%s.svg", dir, c->id);
	rc = nli_out_file(path.data, out.data, out.len, err);
	if (!rc) {
		nli_buf_clear(&path);
		nli_buf_clear(&out);
		nli_buf_addf(&path, "%s/%s.vl.json", dir, c->id);
		nli_chart_vega(c, &out);
		rc = nli_out_file(path.data, out.data, out.len, err);
	}
	nli_buf_release(&path);
	nli_buf_release(&out);
	return rc;
}

int nli_drawings_write(const struct nli_doc *d, const char *dir, struct nli_err *err)
{
	int rc = 0;

	if (mkdir(dir, 0777) && errno != EEXIST)
		return nli_fail_errno(err, "%s: cannot make the folder", dir);
	for (size_t i = 0; i < d->n_section && !rc; i++)
		for (size_t k = 0; k < d->section[i]->n && !rc; k++) {
			const struct nli_block *b = &d->section[i]->block[k];

			if (b->kind == NLI_BLOCK_CHART && b->chart->n)
				rc = write_chart(b->chart, dir, err);
		}
	return rc;
}
