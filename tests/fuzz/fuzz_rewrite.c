/*
 * fuzz_rewrite.c - two hostile texts through every rule, the lexicon and the judge of the
 * English pack: nothing may crash or hang, and what is made is valid UTF-8.
 */
#include <stdint.h>
#include <stdlib.h>

#include "lib/edit/judge.h"
#include "lib/edit/relation.h"
#include "lib/edit/rewriter.h"
#include "lib/io/share.h"
#include "lib/text/norm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct nli_rewriter *english(void)
{
	static struct nli_rewriter *en;
	struct nli_buf dir = { 0 }, path = { 0 }, rng = { 0 };
	struct nli_err err;

	if (en)
		return en;
	if (nli_share_dir("langs", &dir, &err))
		abort();
	nli_buf_addf(&path, "%s/en.xml", dir.data);
	nli_buf_addf(&rng, "%s/langpack.rng", dir.data);
	if (nli_rewriter_load(&en, path.data, rng.data, &err))
		abort();
	nli_buf_release(&dir);
	nli_buf_release(&path);
	nli_buf_release(&rng);
	return en;
}

static void rewrite(const struct nli_rewriter *en, struct nli_judge_scratch *s,
		    struct nli_str text)
{
	struct nli_buf out = { 0 };
	struct nli_err err;

	for (size_t i = 0; i < en->pack->n_rule; i++) {
		nli_buf_clear(&out);
		if (nli_rule_apply_checked(en->rules, i, &s->rule, text, &out, &err) ==
			    1 &&
		    nli_utf8_valid(nli_buf_str(&out)) != out.len)
			abort();
	}
	nli_buf_release(&out);
}

/* The two halves of data, as clean texts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nli_str all = { (const char *)data, size < 4000 ? size : 4000 };
	const struct nli_rewriter *en = english();
	struct nli_judge_scratch s;
	struct nli_judgement j;
	struct nli_buf a = { 0 }, b = { 0 };
	struct nli_err err;
	const size_t valid = nli_utf8_valid(all);
	size_t half = 0;

	while (half < valid / 2)
		nli_utf8_next((struct nli_str){ all.s, valid }, &half);
	nli_text_clean((struct nli_str){ all.s, half }, &a);
	nli_text_clean((struct nli_str){ all.s + half, valid - half }, &b);
	nli_judge_scratch_init(&s);
	rewrite(en, &s, nli_buf_str(&a));
	if (!nli_judge(en->lexicon, en->rules, &s, nli_buf_str(&a), nli_buf_str(&b), &j,
		       &err) &&
	    (!j.relation || j.relation & ~(unsigned)NLI_REL_ANY))
		abort();
	nli_judge_scratch_release(&s);
	nli_buf_release(&a);
	nli_buf_release(&b);
	return 0;
}
