/* negation.c - see negation.h. */
#include "lib/model/negation.h"

#include <stdlib.h>

#include "lib/base/map.h"
#include "lib/base/mem.h"
#include "lib/text/norm.h"

enum { CUE = 1 << NLI_FAM_NEGATION };

/* A language met: its pack, and the families of the words met in it. */
struct known {
	struct nli_buf tag;
	const struct nli_langpack *pack; /* NULL: none */
	struct nli_map64 word;
};

struct nli_negation {
	struct nli_langs *langs;
	struct nli_tokenizer *tokenizer;
	struct nli_lang_scratch *scratch;
	struct nli_buf folded;
	struct known *known;
	size_t n_known, known_cap;
	uint64_t *hash;
	unsigned *of;
	size_t hash_cap, of_cap;
};

struct nli_negation *nli_negation_new(struct nli_langs *langs)
{
	struct nli_negation *n = nli_xcalloc(1, sizeof(*n));

	n->langs = langs;
	n->tokenizer = nli_tokenizer_new();
	n->scratch = nli_lang_scratch_new();
	return n;
}

void nli_negation_free(struct nli_negation *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->n_known; i++) {
		nli_buf_release(&n->known[i].tag);
		nli_map64_release(&n->known[i].word);
	}
	nli_tokenizer_free(n->tokenizer);
	nli_lang_scratch_free(n->scratch);
	nli_buf_release(&n->folded);
	free(n->known);
	free(n->hash);
	free(n->of);
	free(n);
}

static int find_lang(struct nli_negation *n, struct nli_str tag, struct known **out,
		     struct nli_err *err)
{
	struct known *k;

	for (size_t i = 0; i < n->n_known; i++)
		if (nli_str_eq(nli_buf_str(&n->known[i].tag), tag)) {
			*out = &n->known[i];
			return 0;
		}
	nli_grow(&n->known, &n->known_cap, n->n_known + 1, sizeof(*n->known));
	k = &n->known[n->n_known];
	*k = (struct known){ .pack = NULL };
	if (tag.len && nli_langs_get(n->langs, tag, &k->pack, err))
		return err->code;
	nli_buf_add(&k->tag, tag.s, tag.len);
	n->n_known++;
	*out = k;
	return 0;
}

static unsigned families_of(struct nli_negation *n, struct known *k, struct nli_str word,
			    uint64_t hash, enum nli_token_kind kind)
{
	bool fresh;
	uint64_t *of = nli_map64_put(&k->word, hash, &fresh);

	if (fresh)
		*of = nli_lang_token(k->pack, n->scratch, word, kind);
	return (unsigned)*of;
}

int nli_negation_find(struct nli_negation *n, struct nli_str lang, struct nli_str text,
		      int *found, struct nli_err *err)
{
	const struct nli_token *tok;
	unsigned families = 0, more = 0;
	struct nli_str folded;
	struct known *k = NULL;
	size_t len;

	*found = -1;
	if (find_lang(n, lang, &k, err))
		return err->code;
	if (!k->pack)
		return 0;
	nli_buf_clear(&n->folded);
	nli_text_fold(text, &n->folded);
	folded = nli_buf_str(&n->folded);
	tok = nli_tokenize(n->tokenizer, folded, &len);
	nli_grow(&n->hash, &n->hash_cap, len + 1, sizeof(*n->hash));
	nli_grow(&n->of, &n->of_cap, len + 1, sizeof(*n->of));
	for (size_t i = 0; i < len; i++) {
		const struct nli_str word = nli_token_str(folded, tok[i]);

		n->hash[i] = nli_lang_hash(word);
		n->of[i] = families_of(n, k, word, n->hash[i], tok[i].kind);
		families |= n->of[i];
	}
	if (!(families & CUE) &&
	    nli_lang_text(k->pack, n->scratch, folded, n->hash, n->of, len, &more, err))
		return err->code;
	*found = ((families | more) & CUE) != 0;
	return 0;
}
