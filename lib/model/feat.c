/* feat.c - see feat.h. */
#include "lib/model/feat.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/rows.h"
#include "lib/text/norm.h"
#include "lib/text/token.h"

/* Salts keep the families apart inside a block. */
enum { SALT_WORD = 1, SALT_PAIR, SALT_TRIPLE, SALT_CHAR, SALT_LENGTH, SALT_SKIP };

enum {
	FIRST_SLOTS = 128, /* of a set of features */
	MAX_RUN_CP = 64,   /* longer words give the n-grams of their first part */
	LENGTH_TOP = 40,   /* more words than that are one bin */
	FIRST_CJK =
		0x2e80 /* Han, Kana and Hangul begin here: a code point is a syllable */
};

struct nli_featurizer {
	struct nli_feat_opts o;
	struct nli_feat_names *names; /* NULL: not wanted */
	bool skip_dear;
	struct nli_tokenizer *tok;
	struct nli_buf folded;
	uint64_t *word; /* (word_cap,) hashes of the tokens of the text */
	size_t word_cap;
};

/* Rounds spare emptying the table: a slot of an older round is free. */
void nli_feats_clear(struct nli_feats *f)
{
	f->n = 0;
	if (!++f->round) {
		memset(f->slot, 0, f->n_slot * sizeof(*f->slot));
		f->round = 1;
	}
}

/* Where hash stands, or the free slot where it belongs. */
static struct nli_feats_slot *find_slot(const struct nli_feats *f, uint32_t hash)
{
	size_t at = nli_feat_home(hash, f->n_slot);

	while (f->slot[at].round == f->round && f->slot[at].hash != hash)
		at = (at + 1) & (f->n_slot - 1);
	return &f->slot[at];
}

static void widen(struct nli_feats *f)
{
	f->n_slot = f->n_slot ? 2 * f->n_slot : FIRST_SLOTS;
	free(f->slot);
	f->slot = nli_xcalloc(f->n_slot, sizeof(*f->slot));
	f->round = f->round ? f->round : 1;
	for (size_t i = 0; i < f->n; i++)
		*find_slot(f, f->v[i]) = (struct nli_feats_slot){ f->v[i], f->round };
}

void nli_feat_names_clear(struct nli_feat_names *n)
{
	nli_buf_clear(&n->text);
	nli_buf_clear(&n->word_text);
	nli_map64_release(&n->word);
	n->n = 0;
}

struct nli_str nli_feat_name(const struct nli_feat_names *n, size_t i)
{
	const size_t from = i ? n->end[i - 1] : 0;

	return (struct nli_str){ n->text.data + from, n->end[i] - from };
}

const char *nli_feat_word(const struct nli_feat_names *n, uint64_t hash)
{
	const uint64_t *at = nli_map64_get(&n->word, hash);

	return at ? n->word_text.data + *at : "";
}

void nli_feat_names_release(struct nli_feat_names *n)
{
	nli_buf_release(&n->text);
	nli_buf_release(&n->next);
	nli_buf_release(&n->word_text);
	nli_map64_release(&n->word);
	free(n->end);
	memset(n, 0, sizeof(*n));
}

static void take_name(struct nli_feat_names *n)
{
	nli_buf_add(&n->text, n->next.data, n->next.len);
	nli_grow(&n->end, &n->cap, n->n + 1, sizeof(*n->end));
	n->end[n->n++] = n->text.len;
}

/* Set the name of the feature that is added next: words with a blank between. */
static void name_words(struct nli_feat_names *names, const char *kind, uint64_t a,
		       uint64_t b, const uint64_t *c)
{
	nli_buf_clear(&names->next);
	nli_buf_addf(&names->next, "%s\t%s", kind, a ? nli_feat_word(names, a) : "^");
	if (b || strcmp(kind, "word"))
		nli_buf_addf(&names->next, " %s", b ? nli_feat_word(names, b) : "$");
	if (c)
		nli_buf_addf(&names->next, " %s", nli_feat_word(names, *c));
}

static void name_gap(struct nli_feat_names *names, uint64_t a, uint64_t b)
{
	nli_buf_clear(&names->next);
	nli_buf_addf(&names->next, "words\t%s _ %s", a ? nli_feat_word(names, a) : "^",
		     b ? nli_feat_word(names, b) : "$");
}

void nli_feats_add(struct nli_feats *f, uint32_t hash)
{
	struct nli_feats_slot *slot;

	if (2 * f->n >= f->n_slot)
		widen(f);
	slot = find_slot(f, hash);
	if (slot->round == f->round)
		return;
	*slot = (struct nli_feats_slot){ hash, f->round };
	if (f->n == f->cap)
		nli_grow(&f->v, &f->cap, f->n + 1, sizeof(*f->v));
	f->v[f->n++] = hash;
	if (f->names)
		take_name(f->names);
}

void nli_feats_release(struct nli_feats *f)
{
	free(f->v);
	free(f->slot);
	memset(f, 0, sizeof(*f));
}

struct nli_featurizer *nli_featurizer_new(const struct nli_feat_opts *o)
{
	struct nli_featurizer *z = nli_xcalloc(1, sizeof(*z));

	z->o = *o;
	z->tok = nli_tokenizer_new();
	return z;
}

void nli_featurizer_names(struct nli_featurizer *z, struct nli_feat_names *names)
{
	z->names = names;
}

void nli_featurizer_skip_dear(struct nli_featurizer *z, bool skip)
{
	z->skip_dear = skip;
}

void nli_featurizer_free(struct nli_featurizer *z)
{
	if (!z)
		return;
	nli_tokenizer_free(z->tok);
	nli_buf_release(&z->folded);
	free(z->word);
	free(z);
}

static uint64_t mix2(uint64_t a, uint64_t b)
{
	return nli_mix(a * 3 + b);
}

/* Word n-grams and skips; beyond the ends of the text stand words of hash 0. */
static void add_words(const struct nli_featurizer *z, size_t n, struct nli_feats *out)
{
	for (size_t i = 0; i < n && z->o.word_n > 0; i++) {
		if (out->names)
			name_words(out->names, "word", z->word[i], 0, NULL);
		nli_feats_add(out, nli_feat_hash(nli_mix(z->word[i] + SALT_WORD),
						 NLI_FEAT_WORD));
	}
	for (size_t i = 0; i <= n && z->o.word_n > 1; i++) {
		const uint64_t a = i ? z->word[i - 1] : 0, b = i < n ? z->word[i] : 0;

		if (out->names)
			name_words(out->names, "words", a, b, NULL);
		nli_feats_add(out, nli_feat_hash(mix2(a, b) + SALT_PAIR, NLI_FEAT_NGRAM));
	}
	for (size_t i = 0; n && i <= n + 1 && z->o.word_n > 1 && !z->skip_dear; i++) {
		const uint64_t a = i > 1 ? z->word[i - 2] : 0, b = i < n ? z->word[i] : 0;

		if (out->names)
			name_gap(out->names, a, b);
		nli_feats_add(out, nli_feat_hash(mix2(a, b) + SALT_SKIP, NLI_FEAT_SKIP));
	}
	for (size_t i = 0; i + 1 < n && z->o.word_n > 2; i++) {
		const uint64_t a = i ? z->word[i - 1] : 0;

		if (out->names)
			name_words(out->names, "words", a, z->word[i], &z->word[i + 1]);
		nli_feats_add(out,
			      nli_feat_hash(mix2(mix2(a, z->word[i]), z->word[i + 1]) +
						    SALT_TRIPLE,
					    NLI_FEAT_NGRAM));
	}
}

/* n-grams of "^run$", where run begins with a Han, Kana or Hangul one if cjk. */
static void add_chars(const struct nli_featurizer *z, struct nli_str run, bool cjk,
		      struct nli_feats *out)
{
	char text[4 * MAX_RUN_CP + 2];
	uint16_t at[MAX_RUN_CP + 3]; /* where each code point begins */
	const size_t lo = cjk ? 1 : (size_t)z->o.char_lo;
	const size_t hi = cjk ? 3 : (size_t)z->o.char_hi;
	size_t len = 0, n = 0;

	at[n++] = 0;
	text[len++] = '^';
	for (size_t i = 0; i < run.len && n <= MAX_RUN_CP; n++) {
		at[n] = (uint16_t)len;
		do
			text[len++] = run.s[i++];
		while (i < run.len && ((unsigned char)run.s[i] & 0xc0) == 0x80);
	}
	at[n++] = (uint16_t)len;
	text[len++] = '$';
	at[n] = (uint16_t)len;
	for (size_t k = lo; k <= hi; k++)
		for (size_t i = 0; i + k <= n; i++) {
			if (out->names) {
				nli_buf_clear(&out->names->next);
				nli_buf_addf(&out->names->next, "characters\t%.*s",
					     at[i + k] - at[i], text + at[i]);
			}
			nli_feats_add(out,
				      nli_feat_hash(nli_hash(text + at[i],
							     (size_t)(at[i + k] - at[i]),
							     SALT_CHAR),
						    NLI_FEAT_CHAR));
		}
}

static void add_runs(const struct nli_featurizer *z, struct nli_str text,
		     const struct nli_token *t, size_t n, struct nli_feats *out)
{
	for (size_t i = 0; i < n;) {
		size_t from = t[i].off, end = from + t[i].len;
		size_t at = from;

		if (t[i].kind == NLI_TOKEN_PUNCT) {
			i++;
			continue;
		}
		for (i++; i < n && t[i].kind != NLI_TOKEN_PUNCT && t[i].off == end; i++)
			end += t[i].len;
		add_chars(z, (struct nli_str){ text.s + from, end - from },
			  nli_utf8_next(text, &at) >= FIRST_CJK, out);
	}
}

static void keep_word(struct nli_feat_names *names, uint64_t hash, struct nli_str word)
{
	bool fresh;
	uint64_t *at = nli_map64_put(&names->word, hash, &fresh);

	if (!fresh)
		return;
	*at = names->word_text.len;
	nli_buf_add(&names->word_text, word.s, word.len);
	nli_buf_addc(&names->word_text, '\0');
}

/* Fold and cut text; hashes of all tokens go to z->word. */
static const struct nli_token *cut(struct nli_featurizer *z, struct nli_str text,
				   struct nli_str *folded, size_t *n)
{
	const struct nli_token *t;

	nli_buf_clear(&z->folded);
	nli_text_fold(text, &z->folded);
	*folded = nli_buf_str(&z->folded);
	t = nli_tokenize(z->tok, *folded, n);
	if (*n > z->word_cap)
		nli_grow(&z->word, &z->word_cap, *n, sizeof(*z->word));
	for (size_t i = 0; i < *n; i++)
		z->word[i] = nli_hash(folded->s + t[i].off, t[i].len, 0);
	for (size_t i = 0; i < *n && z->names; i++)
		keep_word(z->names, z->word[i], nli_token_str(*folded, t[i]));
	return t;
}

uint32_t nli_feat_length(size_t n_word)
{
	const uint64_t bin = n_word < LENGTH_TOP ? n_word : LENGTH_TOP;

	return nli_feat_hash(nli_mix(bin * 8 + SALT_LENGTH), NLI_FEAT_OTHER);
}

void nli_feats_add_length(struct nli_feats *out, size_t n_word)
{
	if (out->names) {
		nli_buf_clear(&out->names->next);
		nli_buf_addf(&out->names->next, "length\t%s%zu words",
			     n_word < LENGTH_TOP ? "" : ">= ",
			     n_word < LENGTH_TOP ? n_word : (size_t)LENGTH_TOP);
	}
	nli_feats_add(out, nli_feat_length(n_word));
}

void nli_feat_text(struct nli_featurizer *z, struct nli_str text, struct nli_feats *out)
{
	const struct nli_token *t;
	struct nli_str s;
	size_t n, n_word = 0;

	t = cut(z, text, &s, &n);
	add_words(z, n, out);
	if (z->o.char_hi > 0 && !z->skip_dear)
		add_runs(z, s, t, n, out);
	for (size_t i = 0; i < n; i++)
		n_word += t[i].kind != NLI_TOKEN_PUNCT;
	if (z->o.length)
		nli_feats_add_length(out, n_word);
}

const uint64_t *nli_feat_words(struct nli_featurizer *z, struct nli_str text, size_t *n)
{
	const struct nli_token *t;
	struct nli_str s;
	size_t all, k = 0;

	t = cut(z, text, &s, &all);
	for (size_t i = 0; i < all; i++)
		if (t[i].kind != NLI_TOKEN_PUNCT)
			z->word[k++] = z->word[i];
	*n = k;
	return z->word;
}
