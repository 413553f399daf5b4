/*
 * fuzz_companion.c - any bytes as a file and what belongs to it: labels beside it, a
 * table or a folder to join.  The first byte chooses which, a NUL parts the two.
 */
#include <sys/stat.h>

#include "tests/fuzz/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const name[] = { "alphanli", "snow2008", "nli4ct", "dnc" };
	static const char *const file[][2] = {
		{ "train.jsonl", "train-labels.lst" },
		{ "annotated_test.xml", "rte.standardized.tsv" },
		{ "dev.json", "CT json/NCT1.json" },
		{ "recast_x_data.json", "recast_x_metadata.json" },
	};
	char dir[] = "/tmp/nli-fuzz-XXXXXX", path[2][96], folder[64];
	struct nli_source_options from = { .run = NULL };
	const uint8_t *nul;
	size_t which, n;

	if (!size || !mkdtemp(dir))
		return 0;
	which = data[0] % FUZZ_N(name);
	nul = memchr(data + 1, 0, size - 1);
	n = nul ? (size_t)(nul - data) - 1 : size - 1;
	snprintf(folder, sizeof(folder), "%s/CT json", dir);
	mkdir(folder, 0700);
	for (int i = 0; i < 2; i++)
		snprintf(path[i], sizeof(path[i]), "%s/%s", dir, file[which][i]);
	fuzz_write(path[0], data + 1, n);
	if (nul)
		fuzz_write(path[1], nul + 1, size - n - 2);
	from.profile = fuzz_profile(name, FUZZ_N(name), which);
	fuzz_file(path[0], &from);
	unlink(path[0]);
	unlink(path[1]);
	rmdir(folder);
	rmdir(dir);
	return 0;
}
