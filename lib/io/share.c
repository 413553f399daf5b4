/* share.c - see share.h. */
#include "lib/io/share.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef NLI_SHARE
#define NLI_SHARE "/usr/local/share/nli-tools"
#endif

static bool try_dir(const char *base, const char *folder, struct nli_buf *out)
{
	const size_t before = out->len;

	nli_buf_addf(out, "%s/%s", base, folder);
	if (!access(out->data + before, R_OK | X_OK))
		return true;
	out->len = before;
	return false;
}

/* build/bin/nli-x, or build/sanitizer/bin/nli-x, stands in the tree it was built in. */
static bool try_tree(const char *folder, struct nli_buf *out)
{
	char exe[4096];
	const ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n <= 0)
		return false;
	for (exe[n] = '\0';;) {
		char *slash = strrchr(exe, '/');

		if (!slash || slash == exe)
			return false;
		*slash = '\0';
		slash = strrchr(exe, '/');
		if (slash && !strcmp(slash, "/build")) {
			*slash = '\0';
			return try_dir(exe, folder, out);
		}
	}
}

int nli_share_dir(const char *folder, struct nli_buf *out, struct nli_err *err)
{
	const char *set = getenv("NLI_SHARE");

	if (set ? try_dir(set, folder, out)
		: try_tree(folder, out) || try_dir(NLI_SHARE, folder, out))
		return 0;
	return nli_fail(err, NLI_EIO, "no folder %s in %s", folder,
			set ? set : NLI_SHARE);
}
