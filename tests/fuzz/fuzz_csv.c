/* fuzz_csv.c - any bytes as a table with quotes. */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const name[] = { "inferes", "esnli", "codah", "add_one_rte",
					    "watson" };

	return fuzz_bytes(name, FUZZ_N(name), NULL, data, size);
}
