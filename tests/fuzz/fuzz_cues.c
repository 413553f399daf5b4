/*
 * fuzz_cues.c - saved counts that are damaged, with a checksum that holds: they must
 * be refused or reported, never followed out of bounds.
 */
#include <stdint.h>
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/model/cues.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct nli_cues_input input = { .text = "hypothesis" };
static const struct nli_cues_params params = {
	.smooth = 100, .min_count = 2, .pairs = true, .alpha = .05, .memory = 1 << 20
};

static int count(void *ctx, struct nli_str lines, struct nli_err *err)
{
	(void)err;
	*(size_t *)ctx += lines.len;
	return 0;
}

/* What --merge does, behind the head and with the checksum made to fit. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nli_cues *c = nli_cues_new(&input);
	struct nli_buf saved = { 0 };
	struct nli_cues_result *r;
	struct nli_hash128 sum;
	struct nli_err err;
	size_t bytes = 0;

	nli_cues_save(c, &saved);
	saved.len -= 18; /* the count of what is unlabelled and the checksum */
	nli_buf_add(&saved, data, size);
	sum = nli_hash128(saved.data, saved.len);
	for (int b = 0; b < 16; b++)
		nli_buf_addc(&saved, (char)((b < 8 ? sum.lo : sum.hi) >> 8 * (b & 7)));
	if (!nli_cues_load(c, nli_buf_str(&saved), &err) &&
	    !nli_cues_compute(c, &params, &r, &err)) {
		if (nli_cues_rows(r, 1, count, &bytes, &err) < 0 || !bytes)
			abort();
		nli_cues_result_free(r);
	}
	nli_cues_free(c);
	nli_buf_release(&saved);
	return 0;
}
