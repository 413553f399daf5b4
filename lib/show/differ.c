/* differ.c - see differ.h. */
#include "lib/show/differ.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/text/token.h"

enum { MOST = 200 };

struct words {
	struct nli_token k[MOST];
	bool common[MOST];
	size_t n;
};

static bool cut(struct nli_tokenizer *t, struct nli_str text, struct words *w)
{
	const struct nli_token *k = nli_tokenize(t, text, &w->n);

	if (w->n > MOST)
		return false;
	if (w->n)
		memcpy(w->k, k, w->n * sizeof(*k));
	memset(w->common, 0, sizeof(w->common));
	return true;
}

/* Longest common subsequence by dynamic programming: len[i][j] of what follows i and j. */
static void align(struct nli_str x, struct words *a, struct nli_str y, struct words *b)
{
	uint8_t(*len)[MOST + 1] = nli_xcalloc(a->n + 1, sizeof(*len));
	size_t i, j;

	for (i = a->n; i-- > 0;)
		for (j = b->n; j-- > 0;) {
			const bool same = nli_str_eq(nli_token_str(x, a->k[i]),
						     nli_token_str(y, b->k[j]));
			const uint8_t down = len[i + 1][j], right = len[i][j + 1];

			len[i][j] = same           ? (uint8_t)(len[i + 1][j + 1] + 1)
				    : down > right ? down
						   : right;
		}
	for (i = j = 0; i < a->n && j < b->n;)
		if (nli_str_eq(nli_token_str(x, a->k[i]), nli_token_str(y, b->k[j])))
			a->common[i++] = b->common[j++] = true;
		else if (len[i + 1][j] >= len[i][j + 1])
			i++;
		else
			j++;
	free(len);
}

/* Words that follow each other are one span. */
static void mark(const struct words *w, struct nli_part *p, const char *kind)
{
	for (size_t i = 0; i < w->n; i++) {
		if (w->common[i])
			continue;
		if (i && !w->common[i - 1] && p->n_span) {
			struct nli_span *s = &p->span[p->n_span - 1];

			s->len = w->k[i].off + w->k[i].len - s->off;
		} else if (p->n_span < NLI_PART_SPANS) {
			p->span[p->n_span++] =
				(struct nli_span){ w->k[i].off, w->k[i].len, kind };
		} else {
			return;
		}
	}
}

void nli_differ(struct nli_part *a, const char *kind_a, struct nli_part *b,
		const char *kind_b)
{
	struct nli_tokenizer *t = nli_tokenizer_new();
	struct words x, y;

	if (cut(t, a->text, &x) && cut(t, b->text, &y)) {
		align(a->text, &x, b->text, &y);
		mark(&x, a, kind_a);
		mark(&y, b, kind_b);
	}
	nli_tokenizer_free(t);
}
