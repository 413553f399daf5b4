/* fuzz_xml.c - any bytes as XML. */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const name[] = { "rte3",  "fracas",        "quail", "jsem",
					    "assin", "balanced_copa", "wsc273" };

	return fuzz_bytes(name, FUZZ_N(name), NULL, data, size);
}
