/* fuzz_json.c - any bytes as one JSON document: an array, arrays, an object by id. */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const name[] = { "dream", "c3", "nli4ct", "fever", "dnc" };

	return fuzz_bytes(name, FUZZ_N(name), NULL, data, size);
}
