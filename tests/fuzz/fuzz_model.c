/*
 * fuzz_model.c - a saved model that is damaged, with a checksum that holds: it must be
 * refused, or be a model that can be saved again.
 */
#include <stdint.h>
#include <stdlib.h>

#include "lib/base/hash.h"
#include "lib/model/audit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nli_audit_opts o = nli_audit_usual;
	struct nli_audit *a = nli_audit_new(&o);
	struct nli_buf saved = { 0 }, again = { 0 };
	const struct nli_hash128 sum = nli_hash128(data, size);
	struct nli_err err;

	nli_buf_add(&saved, data, size);
	for (int b = 0; b < 16; b++)
		nli_buf_addc(&saved, (char)((b < 8 ? sum.lo : sum.hi) >> 8 * (b & 7)));
	if (!nli_audit_load(a, nli_buf_str(&saved), &err)) {
		nli_audit_save(a, &again);
		if (!again.len)
			abort();
	}
	nli_audit_free(a);
	nli_buf_release(&saved);
	nli_buf_release(&again);
	return 0;
}
