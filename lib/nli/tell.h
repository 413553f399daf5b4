/* tell.h - what nli-ingest tells of profiles and of files, as text. */
#ifndef NLI_NLI_TELL_H
#define NLI_NLI_TELL_H

#include "lib/nli/feed.h"

/* Append a table of the profiles: name, task, languages, access, title. */
void nli_tell_profiles(const struct nli_profiles *all, struct nli_buf *out);

/* Append what a file was taken for: a JSON object and LF. */
void nli_tell_feed(const struct nli_feed *f, struct nli_buf *out);

/* The same for one that is nothing known: {"file": ..., "error": ...}. */
void nli_tell_unknown(const char *path, const char *why, struct nli_buf *out);

#endif
