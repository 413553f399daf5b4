/*
 * cut_words.c - the words of each line of standard input by ICU's boundaries, with
 * U+001F between: what tests/real plants edits in and counts them by, without the
 * tools' own tokenizer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/ubrk.h>
#include <unicode/utext.h>

static int cut(UBreakIterator *words, UText **text, const char *s, size_t n)
{
	UErrorCode e = U_ZERO_ERROR;
	int32_t from = 0, to;

	*text = utext_openUTF8(*text, s, (int64_t)n, &e);
	ubrk_setUText(words, *text, &e);
	if (U_FAILURE(e))
		return -1;
	while ((to = ubrk_next(words)) != UBRK_DONE) {
		if (from)
			putchar('\x1f');
		fwrite(s + from, 1, (size_t)(to - from), stdout);
		from = to;
	}
	return putchar('\n');
}

int main(void)
{
	UErrorCode e = U_ZERO_ERROR;
	UBreakIterator *words = ubrk_open(UBRK_WORD, "", NULL, 0, &e);
	UText *text = NULL;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int rc = U_FAILURE(e) ? -1 : 0;

	while (rc >= 0 && (n = getline(&line, &cap, stdin)) > 0) {
		n -= line[n - 1] == '\n';
		rc = cut(words, &text, line, (size_t)n);
	}
	free(line);
	utext_close(text);
	ubrk_close(words);
	if (rc < 0)
		fputs("cut_words: ICU has no word boundaries\n", stderr);
	return rc < 0 || fclose(stdout) ? 1 : 0;
}
