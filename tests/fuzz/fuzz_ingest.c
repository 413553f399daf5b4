/*
 * fuzz_ingest.c - any bytes as a corpus file: what it is, its items, its records.
 * The first byte says which profile is tried, or none.
 */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const name[] = { "snli",   "indonli", "inferes", "snli_cad",
					    "rte3",   "fracas",  "quail",   "adv_glue",
					    "nli4ct", "logiqa",  "pmr",     "c3",
					    "dream",  "jsem",    "mpe",     "xcopa",
					    NULL,     NULL,      NULL,      NULL };

	return fuzz_bytes(name, FUZZ_N(name), NULL, data, size);
}
