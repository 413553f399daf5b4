/* judge_tools.c - what rules need of their own while they judge; made when first needed. */
#include <stdlib.h>

#include "lib/base/map.h"
#include "lib/base/mem.h"
#include "lib/model/filter_rules.h"
#include "lib/nli/where.h"
#include "lib/text/norm.h"

struct memo {
	struct nli_map64 place; /* of n << 32 | c: index + 1 */
	double (*v)[3];
	size_t n, cap;
};

struct nli_judge_tools {
	struct nli_tokenizer *tokenizer;
	struct nli_buf fold[2];
	uint64_t *hashes[2];
	size_t hashes_cap[2];
	struct nli_where *where[NLI_MAX_RULES];
	struct memo memo[NLI_MAX_RULES];
};

static struct nli_judge_tools *tools(struct nli_judge *j)
{
	if (!j->tools)
		j->tools = nli_xcalloc(1, sizeof(*j->tools));
	return j->tools;
}

void nli_judge_tools_free(struct nli_judge_tools *t)
{
	if (!t)
		return;
	nli_tokenizer_free(t->tokenizer);
	for (int i = 0; i < 2; i++) {
		nli_buf_release(&t->fold[i]);
		free(t->hashes[i]);
	}
	for (size_t k = 0; k < NLI_MAX_RULES; k++) {
		nli_where_free(t->where[k]);
		nli_map64_release(&t->memo[k].place);
		free(t->memo[k].v);
	}
	free(t);
}

static size_t rule_index(const struct nli_judge *j, const struct nli_rule *u)
{
	return (size_t)(u - j->filter->rule);
}

double *nli_judge_memo(struct nli_judge *j, const struct nli_rule *u, uint64_t c,
		       uint64_t n, bool *fresh)
{
	struct memo *m = &tools(j)->memo[rule_index(j, u)];
	uint64_t *place = nli_map64_put(&m->place, n << 32 | c, fresh);

	if (*fresh) {
		nli_grow(&m->v, &m->cap, m->n + 1, sizeof(*m->v));
		*place = ++m->n;
	}
	return m->v[*place - 1];
}

struct nli_str nli_judge_fold(struct nli_judge *j, int slot, struct nli_str text)
{
	struct nli_buf *b = &tools(j)->fold[slot];

	nli_buf_clear(b);
	nli_text_fold(text, b);
	return nli_buf_str(b);
}

struct nli_tokenizer *nli_judge_tokenizer(struct nli_judge *j)
{
	struct nli_judge_tools *t = tools(j);

	if (!t->tokenizer)
		t->tokenizer = nli_tokenizer_new();
	return t->tokenizer;
}

struct nli_where *nli_judge_where(struct nli_judge *j, const struct nli_rule *u)
{
	struct nli_where **w = &tools(j)->where[rule_index(j, u)];

	if (!*w)
		nli_where_new(w, u->p[0].text[0].s, NULL);
	return *w;
}

uint64_t *nli_judge_hashes(struct nli_judge *j, int slot, size_t n)
{
	struct nli_judge_tools *t = tools(j);

	nli_grow(&t->hashes[slot], &t->hashes_cap[slot], n, sizeof(**t->hashes));
	return t->hashes[slot];
}
