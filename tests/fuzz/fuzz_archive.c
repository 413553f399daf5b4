/* fuzz_archive.c - any bytes as a file that is compressed, or an archive of others. */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const name[] = { "snli", "breaking_nli", "rte3" };

	return fuzz_bytes(name, FUZZ_N(name), NULL, data, size);
}
