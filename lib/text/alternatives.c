/* alternatives.c - see alternatives.h. */
#include "lib/text/alternatives.h"

#include <stdlib.h>
#include <string.h>

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t char_len(const char *s)
{
	size_t len = 1;

	while ((s[len] & 0xc0) == 0x80)
		len++;
	return len;
}

static void add_char(const char *s, size_t len, struct nli_buf *out)
{
	if (len == 1 && strchr("\\^$.[]|()?*+{}#-", *s))
		nli_buf_addc(out, '\\');
	nli_buf_add(out, s, len);
}

/* How many of word[], which are sorted, go on with the character at from as the first does. */
static size_t alike(const char **word, size_t n, size_t from, size_t len)
{
	size_t i = 1;

	while (i < n && !strncmp(word[i] + from, word[0] + from, len))
		i++;
	return i;
}

/*
 * What comes behind the first from bytes, in which all are alike.  The word that
 * ends here is the first of them; it makes the rest optional.
 */
static void add_tails(const char **word, size_t n, size_t from, struct nli_buf *out)
{
	size_t ended = 0, len;
	bool grouped;

	while (ended < n && !word[ended][from])
		ended++;
	word += ended;
	n -= ended;
	if (!n)
		return;
	len = char_len(word[0] + from);
	grouped = ended || alike(word, n, from, len) < n;
	nli_buf_adds(out, grouped ? "(?:" : "");
	for (size_t i = 0, same; i < n; i += same) {
		len = char_len(word[i] + from);
		same = alike(word + i, n - i, from, len);
		nli_buf_adds(out, i ? "|" : "");
		add_char(word[i] + from, len, out);
		add_tails(word + i, same, from + len, out);
	}
	nli_buf_adds(out, !grouped ? "" : ended ? ")?" : ")");
}

void nli_alternatives(const char **word, size_t n, struct nli_buf *out)
{
	qsort(word, n, sizeof(*word), by_bytes);
	nli_buf_adds(out, "(?:");
	add_tails(word, n, 0, out);
	nli_buf_addc(out, ')');
}
