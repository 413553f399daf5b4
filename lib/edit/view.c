/* view.c - see view.h. */
#include "lib/edit/view.h"

#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/text/langpack.h"
#include "lib/text/norm.h"

void nli_view_set(struct nli_view *v, struct nli_tokenizer *t, struct nli_str text,
		  struct nli_buf *fold)
{
	const struct nli_token *token = nli_tokenize(t, text, &v->n);

	v->text = text;
	nli_grow(&v->token, &v->token_cap, v->n + 1, sizeof(*v->token));
	nli_grow(&v->hash, &v->hash_cap, v->n + 1, sizeof(*v->hash));
	for (size_t i = 0; i < v->n; i++) {
		v->token[i] = token[i];
		nli_buf_clear(fold);
		nli_text_fold(nli_token_str(text, token[i]), fold);
		v->hash[i] = nli_lang_hash(nli_buf_str(fold));
	}
}

void nli_view_release(struct nli_view *v)
{
	free(v->token);
	free(v->hash);
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
