/*
 * asset.h - the files under reports/ that are built into the library by
 * reports/embed.sh, so that a tool stands alone.
 */
#ifndef NLI_SHOW_ASSET_H
#define NLI_SHOW_ASSET_H

#include "lib/base/buf.h"

struct nli_asset {
	const char *name; /* "style.css", "reference/snli.json" */
	struct nli_str bytes;
};

/* Ends with a NULL name; in the order of the names. */
extern const struct nli_asset nli_assets[];

/* base64 of the SHA-256 of script.js, by which the page allows that script and no other. */
extern const char nli_asset_script_sha256[];

/* The bytes of an asset; {NULL, 0} if there is none of that name. */
struct nli_str nli_asset_find(const char *name);

#endif
