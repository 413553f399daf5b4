/* fuzz_tsv.c - any bytes as a table of raw lines, or as blocks of lines. */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const name[] = { "snli_cad", "xnli", "adv_glue", "mpe",
					    "sick" };

	return fuzz_bytes(name, FUZZ_N(name), NULL, data, size);
}
