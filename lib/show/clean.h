/*
 * clean.h - texts of a corpus made safe to show, and numbers made readable.
 *
 * A corpus may hold anything: terminal escapes, bidirectional overrides that
 * reorder what stands around them, words of a megabyte.  nli_clean() makes all
 * of it visible instead of active, once, before any format's own escaping.
 */
#ifndef NLI_SHOW_CLEAN_H
#define NLI_SHOW_CLEAN_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"

enum { NLI_CLEAN_VALUE = 60, NLI_CLEAN_TEXT = 600 }; /* code points shown */

/*
 * Append s (valid UTF-8), at most max code points and then "…".  Controls become
 * their pictures (U+2400...), LF a return sign, embeddings, overrides and
 * isolates "[U+202E]", noncharacters U+FFFD.
 */
void nli_clean(struct nli_str s, size_t max, struct nli_buf *out);

/* Where code point n of s begins, or s.len. */
size_t nli_clean_offset(struct nli_str s, size_t n);

/* Columns that clean text takes in a terminal: wide characters two, marks none. */
size_t nli_show_width(struct nli_str s);

/* Append s cut to at most width columns, the last one "…" if it was cut. */
void nli_show_fit(struct nli_str s, size_t width, struct nli_buf *out);

/* Append s so that Markdown shows it as it is, in a paragraph or a table cell. */
void nli_show_markdown(struct nli_str s, struct nli_buf *out);

/* Numbers for people, at most 6 significant digits; all append. */
void nli_show_count(uint64_t n, struct nli_buf *out); /* 12,345 */
void nli_show_whole(double v, struct nli_buf *out);   /* the same; "?" if v is no count */
void nli_show_share(double v, struct nli_buf *out);   /* 0.1234 as 12.3% */
void nli_show_real(double v, struct nli_buf *out);    /* 0.0123, 12.3 */
void nli_show_p_value(double p, struct nli_buf *out); /* 0.012, <1e-12 */
/* v with n decimals and no zeros at the end; coordinates of a drawing. */
void nli_show_fixed(double v, int n, struct nli_buf *out);

#endif
