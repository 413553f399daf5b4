/*
 * fuzz_encoding.c - any bytes as text of an encoding that the first byte names; what
 * comes out is UTF-8 whatever went in.
 */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const encoding[] = {
		"UTF-8",  "UTF-16",  "UTF-16LE",     "UTF-16BE",   "Shift_JIS",
		"EUC-JP", "GB18030", "windows-1252", "ISO-8859-1", "Big5",
		"EUC-KR", "UTF-32",  "ISO-2022-JP",  NULL
	};
	static const char *const name[] = { "jsem", "snli" };

	if (!size)
		return 0;
	return fuzz_bytes(name, FUZZ_N(name), encoding[data[0] / 2 % FUZZ_N(encoding)],
			  data, size);
}
