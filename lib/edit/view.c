/* view.c - see view.h. */
#include "lib/edit/view.h"

#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/text/langpack.h"
#include "lib/text/norm.h"

static bool is_ascii(struct nli_str s)
{
	unsigned char all = 0;

	for (size_t i = 0; i < s.len; i++)
		all |= (unsigned char)s.s[i];
	return all < 0x80;
}

/* ASCII folds byte by byte: all tokens at once. */
static void hash_ascii(struct nli_view *v, struct nli_buf *fold)
{
	nli_buf_clear(fold);
	nli_text_fold(v->text, fold);
	for (size_t i = 0; i < v->n; i++)
		v->hash[i] = nli_lang_hash(nli_token_str(nli_buf_str(fold), v->token[i]));
}

static void hash_each(struct nli_view *v, struct nli_buf *fold)
{
	for (size_t i = 0; i < v->n; i++) {
		nli_buf_clear(fold);
		nli_text_fold(nli_token_str(v->text, v->token[i]), fold);
		v->hash[i] = nli_lang_hash(nli_buf_str(fold));
	}
}

void nli_view_set(struct nli_view *v, struct nli_tokenizer *t, struct nli_str text,
		  struct nli_buf *fold)
{
	const struct nli_token *token = nli_tokenize(t, text, &v->n);

	v->text = text;
	v->cut = true;
	v->looked = false;
	nli_grow(&v->token, &v->token_cap, v->n + 1, sizeof(*v->token));
	nli_grow(&v->hash, &v->hash_cap, v->n + 1, sizeof(*v->hash));
	if (v->n)
		memcpy(v->token, token, v->n * sizeof(*token));
	if (is_ascii(text))
		hash_ascii(v, fold);
	else
		hash_each(v, fold);
}

void nli_view_release(struct nli_view *v)
{
	free(v->token);
	free(v->hash);
	free(v->word);
	free(v->phrase);
	*v = (struct nli_view){ .n = 0 };
}

struct nli_str nli_view_span(const struct nli_view *v, size_t from, size_t to)
{
	if (from >= to)
		return (struct nli_str){ v->text.s, 0 };
	return (struct nli_str){ v->text.s + v->token[from].off,
				 v->token[to - 1].off + v->token[to - 1].len -
					 v->token[from].off };
}
