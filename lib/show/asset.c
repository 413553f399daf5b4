/* asset.c - see asset.h. */
#include "lib/show/asset.h"

struct nli_str nli_asset_find(const char *name)
{
	for (const struct nli_asset *a = nli_assets; a->name; a++)
		if (!strcmp(a->name, name))
			return a->bytes;
	return (struct nli_str){ NULL, 0 };
}
