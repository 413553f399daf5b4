/*
 * fuzz_profile.c - any bytes as a profile: loaded, or refused with a message that
 * says what is wrong.
 */
#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[] = "/tmp/nli-fuzz-XXXXXX";
	const int fd = mkstemp(path);
	struct nli_profile *p = NULL;
	struct nli_err err = { 0 };

	fuzz_must(fd >= 0 && !close(fd));
	fuzz_write(path, data, size);
	if (nli_profile_load(&p, path, &err))
		fuzz_must(err.msg[0]);
	nli_profile_free(p);
	unlink(path);
	return 0;
}
