/* fuzz_jsonl.c - any bytes as JSON Lines. */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const name[] = { "snli",    "indonli",  "logiqa", "pmr",
					    "ambient", "chaosnli", "xcopa" };

	return fuzz_bytes(name, FUZZ_N(name), NULL, data, size);
}
