/* profiles.c - see profile.h: the files that profiles are in, and names against globs. */
#include "lib/nli/profile.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io/input.h"
#include "lib/io/share.h"

enum { PROFILE_MAX = 4 << 20, STEP = 8192 };

static int read_file(const char *path, struct nli_buf *out, struct nli_err *err)
{
	struct nli_input *in;
	int rc = nli_input_open(&in, path, err);

	while (!rc && out->len <= PROFILE_MAX) {
		const ptrdiff_t n =
			nli_input_read(in, nli_buf_reserve(out, STEP), STEP, err);

		if (n <= 0) {
			rc = (int)n;
			break;
		}
		out->len += (size_t)n;
	}
	nli_input_close(in);
	if (!rc && out->len > PROFILE_MAX)
		rc = nli_fail(err, NLI_EDATA, "too large for a profile");
	return rc;
}

static int load_path(struct nli_profile **p, const char *path, struct nli_err *err)
{
	struct nli_buf text = { 0 };
	int rc = read_file(path, &text, err);

	*p = NULL;
	if (!rc)
		rc = nli_profile_parse(p, nli_buf_str(&text), err);
	nli_buf_release(&text);
	if (rc)
		nli_err_prefix(err, "%s", path);
	return rc;
}

int nli_profile_load(struct nli_profile **p, const char *name, struct nli_err *err)
{
	struct nli_buf path = { 0 };
	int rc;

	if (strpbrk(name, "/."))
		return load_path(p, name, err);
	*p = NULL;
	rc = nli_share_dir("corpora", &path, err);
	if (!rc) {
		nli_buf_addf(&path, "/%s.json", name);
		rc = load_path(p, path.data, err);
		if (rc == NLI_EIO && errno == ENOENT)
			rc = nli_fail(err, NLI_EINVAL,
				      "no profile is called \"%s\" (nli-ingest --list "
				      "names them)",
				      name);
	}
	nli_buf_release(&path);
	return rc;
}

static bool is_profile(const char *name)
{
	const size_t n = strlen(name);

	return n > 5 && !strcmp(name + n - 5, ".json") && !strstr(name, ".schema.");
}

static int by_name(const void *a, const void *b)
{
	const struct nli_profile *const *x = a, *const *y = b;

	return nli_str_cmp((*x)->name, (*y)->name);
}

int nli_profiles_load(struct nli_profiles *all, struct nli_err *err)
{
	struct nli_buf path = { 0 };
	size_t folder;
	DIR *dir;
	int rc = nli_share_dir("corpora", &path, err);

	memset(all, 0, sizeof(*all));
	if (rc)
		return rc;
	folder = path.len;
	dir = opendir(path.data);
	if (!dir)
		rc = nli_fail_errno(err, "cannot open %s", path.data);
	for (struct dirent *e; !rc && (e = readdir(dir));) {
		if (!is_profile(e->d_name))
			continue;
		path.len = folder;
		nli_buf_addf(&path, "/%s", e->d_name);
		nli_grow(&all->v, &all->cap, all->n + 1, sizeof(*all->v));
		rc = load_path(&all->v[all->n], path.data, err);
		all->n += !rc;
	}
	if (dir)
		closedir(dir);
	nli_buf_release(&path);
	if (all->n)
		qsort(all->v, all->n, sizeof(*all->v), by_name);
	return rc;
}

void nli_profiles_release(struct nli_profiles *all)
{
	for (size_t i = 0; i < all->n; i++)
		nli_profile_free(all->v[i]);
	free(all->v);
	memset(all, 0, sizeof(*all));
}

/* The last parts of path, as many as glob has. */
static const char *tail(struct nli_str glob, const char *path)
{
	const char *at = path + strlen(path);
	size_t parts = 1;

	for (size_t i = 0; i < glob.len; i++)
		parts += glob.s[i] == '/';
	while (at > path && (at[-1] != '/' || --parts))
		at--;
	return at;
}

bool nli_glob_fits(struct nli_str glob, const char *path)
{
	char pattern[512];

	if (glob.len >= sizeof(pattern))
		return false;
	memcpy(pattern, glob.s, glob.len);
	pattern[glob.len] = '\0';
	return !fnmatch(pattern, tail(glob, path), FNM_PATHNAME);
}

int nli_repairs_of(const char *list, unsigned *bits, struct nli_err *err)
{
	for (const char *at = list; *at;) {
		const size_t n = strcspn(at, ",");
		unsigned i = 0;

		while (i < NLI_N_REPAIR && (strlen(nli_repair_name[i]) != n ||
					    memcmp(nli_repair_name[i], at, n)))
			i++;
		if (i == NLI_N_REPAIR)
			return nli_fail(err, NLI_EINVAL,
					"no repair is called \"%.*s\" (entities, "
					"invisible, width, brackets, letters)",
					(int)n, at);
		*bits |= 1u << i;
		at += n + (at[n] == ',');
	}
	return 0;
}
