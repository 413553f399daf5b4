/* cueread.c - the readers of cues.h: from a record to its digest. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/cuestore.h"
#include "lib/text/norm.h"

/*
 * The words of one language that this reader has met, by their 64-bit hash: of
 * a million words two are one with a chance of 3e-8.
 */
struct lexis {
	char tag[16];
	const struct nli_langpack *pack; /* NULL: no pack */
	uint32_t lang;                   /* its number */
	struct nli_map64 word;           /* hash to number in CUE_WORD << 32 | families */
};

struct nli_cues_reader {
	const struct nli_cues *store;
	uint32_t id;
	struct nli_tokenizer *tokenizer;
	struct nli_lang_scratch *scratch;
	struct lexis **lexis;
	size_t n_lexis, lexis_cap;
	uint32_t n_word;
	struct nli_intern known[CUE_N_TABLE]; /* numbers given out, but for words */
	/* of the record in hand */
	struct nli_buf define, items, folded, tmp, upper;
	uint32_t *tok;
	uint64_t *hash;
	unsigned *of;
	size_t tok_cap, hash_cap, of_cap;
	/* the words of the premise in hand, as a set of hashes */
	struct nli_buf premise;
	uint64_t *slot;
	size_t slot_cap; /* a power of two, or 0 */
	bool have_premise;
};

struct nli_cues_reader *nli_cues_reader_new(struct nli_cues *c)
{
	struct nli_cues_reader *r = nli_xcalloc(1, sizeof(*r));

	r->store = c;
	r->id = (uint32_t)c->n_from;
	nli_grow(&c->from, &c->from_cap, c->n_from + 1, sizeof(*c->from));
	c->from[c->n_from++] = (struct cue_numbering){ 0 };
	r->tokenizer = nli_tokenizer_new();
	r->scratch = nli_lang_scratch_new();
	return r;
}

void nli_cues_reader_free(struct nli_cues_reader *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n_lexis; i++) {
		nli_map64_release(&r->lexis[i]->word);
		free(r->lexis[i]);
	}
	for (int t = 0; t < CUE_N_TABLE; t++)
		nli_intern_release(&r->known[t]);
	nli_tokenizer_free(r->tokenizer);
	nli_lang_scratch_free(r->scratch);
	nli_buf_release(&r->define);
	nli_buf_release(&r->items);
	nli_buf_release(&r->folded);
	nli_buf_release(&r->tmp);
	nli_buf_release(&r->upper);
	nli_buf_release(&r->premise);
	free(r->lexis);
	free(r->tok);
	free(r->hash);
	free(r->of);
	free(r->slot);
	free(r);
}

/* The number of a text in a table; the definition is written where it is new. */
static uint32_t number(struct nli_cues_reader *r, enum cue_table t, struct nli_str text)
{
	const size_t had = r->known[t].n;
	const size_t id = nli_intern_add(&r->known[t], text);

	if (id == had)
		cue_define(&r->define, t, 0, text);
	return (uint32_t)id;
}

const nli_jval *cue_field(const struct nli_record *r, const char *name)
{
	char first[256];
	const char *dot = strchr(name, '.');
	const size_t len = dot ? (size_t)(dot - name) : strlen(name);
	const struct nli_member *m;
	const nli_jval *v;

	if (len >= sizeof(first))
		return NULL;
	memcpy(first, name, len);
	first[len] = '\0';
	m = nli_object_find(&r->obj, first);
	v = m ? m->val : NULL;
	while (v && dot) {
		name = dot + 1;
		dot = strchr(name, '.');
		if (!dot)
			return nli_jget(v, name);
		if ((size_t)(dot - name) >= sizeof(first))
			return NULL;
		memcpy(first, name, (size_t)(dot - name));
		first[dot - name] = '\0';
		v = nli_jget(v, first);
	}
	return v;
}

static void fail_later(struct nli_cues_reader *r, const char *why)
{
	nli_buf_addc(&r->define, 'E');
	cue_put_text(&r->define, nli_str_of(why));
}

static struct lexis *lexis_new(struct nli_cues_reader *r, struct nli_str tag)
{
	struct lexis *x = nli_xcalloc(1, sizeof(*x));
	struct nli_err err;

	memcpy(x->tag, tag.s ? tag.s : "", tag.len);
	x->lang = number(r, CUE_LANG, tag.len ? tag : NLI_STR("und"));
	if (r->store->in.langs && nli_langs_get(r->store->in.langs, tag, &x->pack, &err))
		fail_later(r, err.msg);
	nli_grow(&r->lexis, &r->lexis_cap, r->n_lexis + 1, sizeof(struct lexis *));
	return r->lexis[r->n_lexis++] = x;
}

static struct lexis *lexis_of(struct nli_cues_reader *r, struct nli_str tag)
{
	if (tag.len >= sizeof(r->lexis[0]->tag))
		tag.len = sizeof(r->lexis[0]->tag) - 1;
	for (size_t i = 0; i < r->n_lexis; i++)
		if (nli_str_eq(tag, nli_str_of(r->lexis[i]->tag)))
			return r->lexis[i];
	return lexis_new(r, tag);
}

/* 0 marks a free slot of the premise's set. */
static uint64_t word_hash(struct nli_str word)
{
	const uint64_t h = nli_hash(word.s, word.len, 0);

	return h ? h : 1;
}

/* A word's number << 32 | families; the first time, it is looked up and defined. */
static uint64_t word_of(struct nli_cues_reader *r, struct lexis *x, struct nli_str text,
			uint64_t hash, enum nli_token_kind kind)
{
	bool fresh;
	uint64_t *known = nli_map64_put(&x->word, hash, &fresh);
	unsigned families = 0;

	if (!fresh)
		return *known;
	if (x->pack)
		families = nli_lang_token(x->pack, r->scratch, text, kind);
	else if (kind == NLI_TOKEN_NUMBER)
		families = 1u << NLI_FAM_NUMBER;
	cue_define(&r->define, CUE_WORD, families & ~(unsigned)NLI_LANG_BEGINS, text);
	return *known = (uint64_t)r->n_word++ << 32 | families;
}

static bool in_premise(const struct nli_cues_reader *r, uint64_t h)
{
	size_t i = h & (r->slot_cap - 1);

	for (; r->slot[i]; i = (i + 1) & (r->slot_cap - 1))
		if (r->slot[i] == h)
			return true;
	return false;
}

/* Fill the set of the premise's words; kept while the premise stays the same. */
static void take_premise(struct nli_cues_reader *r, struct nli_str premise)
{
	const struct nli_token *tok;
	struct nli_str text;
	size_t n;

	if (r->have_premise && nli_str_eq(premise, nli_buf_str(&r->premise)))
		return;
	r->have_premise = true;
	nli_buf_clear(&r->premise);
	nli_buf_add(&r->premise, premise.s, premise.len);
	nli_buf_clear(&r->folded);
	nli_text_fold(premise, &r->folded);
	text = nli_buf_str(&r->folded);
	tok = nli_tokenize(r->tokenizer, text, &n);
	if (!r->slot_cap || r->slot_cap < 2 * n) {
		for (r->slot_cap = 64; r->slot_cap < 2 * n;)
			r->slot_cap *= 2;
		r->slot = nli_xrealloc(r->slot, r->slot_cap, sizeof(*r->slot));
	}
	memset(r->slot, 0, r->slot_cap * sizeof(*r->slot));
	for (size_t i = 0; i < n; i++) {
		const uint64_t h = word_hash(nli_token_str(text, tok[i]));
		size_t at = h & (r->slot_cap - 1);

		while (r->slot[at] && r->slot[at] != h)
			at = (at + 1) & (r->slot_cap - 1);
		r->slot[at] = h;
	}
}

/* Is the letter that begins s a capital?  Then folding changes it. */
static bool is_capital(struct nli_cues_reader *r, struct nli_str s)
{
	size_t len = 0;

	if (!s.len)
		return false;
	if (!(*s.s & 0x80))
		return *s.s >= 'A' && *s.s <= 'Z';
	nli_utf8_next(s, &len);
	nli_buf_clear(&r->upper);
	nli_text_fold((struct nli_str){ s.s, len }, &r->upper);
	return !nli_str_eq(nli_buf_str(&r->upper), (struct nli_str){ s.s, len });
}

/* Capitals at the beginning and after blanks, in the text as it was written. */
static uint32_t case_bits(struct nli_cues_reader *r, struct nli_str s)
{
	uint32_t bits = 0;

	if (s.len && *s.s >= 'a' && *s.s <= 'z')
		bits |= 1u << CUE_LOWER;
	for (size_t i = 1; i + 1 < s.len; i++)
		if (s.s[i] == ' ' &&
		    is_capital(r, (struct nli_str){ s.s + i + 1, s.len - i - 1 }))
			return bits | 1u << CUE_CAPITAL;
	return bits;
}

static const struct mark {
	const char *text;
	unsigned bit;
} marks[] = {
	{ ",", CUE_COMMA },   { "、", CUE_COMMA },   { "，", CUE_COMMA },
	{ "،", CUE_COMMA },   { "\"", CUE_QUOTE },   { "“", CUE_QUOTE },
	{ "”", CUE_QUOTE },   { "«", CUE_QUOTE },    { "»", CUE_QUOTE },
	{ "「", CUE_QUOTE },  { "」", CUE_QUOTE },   { "(", CUE_BRACKET },
	{ ")", CUE_BRACKET }, { "（", CUE_BRACKET }, { "）", CUE_BRACKET },
	{ ":", CUE_COLON },   { ";", CUE_COLON },    { "：", CUE_COLON },
	{ "；", CUE_COLON },  { "-", CUE_DASH },     { "–", CUE_DASH },
	{ "—", CUE_DASH },
};

static uint32_t mark_bit(struct nli_str s)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (nli_str_is(s, marks[i].text))
			return 1u << marks[i].bit;
	return 0;
}

static uint32_t end_bit(struct nli_str s, enum nli_token_kind kind)
{
	if (nli_str_is(s, "?") || nli_str_is(s, "？") || nli_str_is(s, "؟"))
		return 1u << CUE_QUESTION;
	if (nli_str_is(s, "!") || nli_str_is(s, "！"))
		return 1u << CUE_EXCLAMATION;
	return kind == NLI_TOKEN_PUNCT ? 0 : 1u << CUE_NO_END;
}

/* What is counted of a text, but for its label. */
struct facts {
	size_t n; /* tokens, in r->tok */
	uint32_t bits;
	uint16_t words, shared;
};

static uint16_t one_more(uint16_t v)
{
	return v < UINT16_MAX ? (uint16_t)(v + 1) : v;
}

static void need_tokens(struct nli_cues_reader *r, size_t n)
{
	nli_grow(&r->tok, &r->tok_cap, n, sizeof(*r->tok));
	nli_grow(&r->hash, &r->hash_cap, n, sizeof(*r->hash));
	nli_grow(&r->of, &r->of_cap, n, sizeof(*r->of));
}

static int read_text(struct nli_cues_reader *r, struct lexis *x, struct nli_str original,
		     bool premise, struct facts *f, struct nli_err *err)
{
	const struct nli_token *tok;
	struct nli_str text;
	unsigned families = 0;
	int rc = 0;

	nli_buf_clear(&r->folded);
	nli_text_fold(original, &r->folded);
	text = nli_buf_str(&r->folded);
	tok = nli_tokenize(r->tokenizer, text, &f->n);
	need_tokens(r, f->n + 1);
	f->bits = case_bits(r, original) | (uint32_t)premise << CUE_PREMISE;
	f->words = f->shared = 0;
	/* The lexis is larger than the cache: ask for all words before one is needed. */
	for (size_t i = 0; i < f->n; i++) {
		r->hash[i] = word_hash(nli_token_str(text, tok[i]));
		nli_map64_prefetch(&x->word, r->hash[i]);
	}
	for (size_t i = 0; i < f->n; i++) {
		const struct nli_str s = nli_token_str(text, tok[i]);
		const uint64_t h = r->hash[i];
		const uint64_t known = word_of(r, x, s, h, tok[i].kind);

		r->tok[i] = (uint32_t)(known >> 32);
		r->of[i] = (unsigned)known;
		r->hash[i] = s.len == 3 ? nli_lang_hash(s) : h;
		families |= r->of[i];
		if (tok[i].kind == NLI_TOKEN_PUNCT) {
			f->bits |= mark_bit(s);
			continue;
		}
		if (premise && in_premise(r, h))
			f->shared =
				f->words < UINT16_MAX ? one_more(f->shared) : f->shared;
		f->words = one_more(f->words);
	}
	if (f->n)
		f->bits |=
			end_bit(nli_token_str(text, tok[f->n - 1]), tok[f->n - 1].kind);
	f->bits |= families & ((1u << NLI_N_FAMILY) - 1);
	if (x->pack) {
		rc = nli_lang_text(x->pack, r->scratch, text, r->hash, r->of, f->n,
				   &families, err);
		f->bits |= families;
	}
	return rc;
}

/* The values of the tag fields: a string, or an array of them. */
static size_t put_tags(struct nli_cues_reader *r, const struct nli_record *rec,
		       struct nli_buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < r->store->in.n_tag; i++) {
		const char *field = r->store->in.tag[i];
		const nli_jval *v = cue_field(rec, field);
		struct nli_jiter it = nli_jiter(v);
		const bool many = nli_jtype(v) == NLI_J_ARRAY;

		while (n < NLI_CUES_MAX_TAG * 64 && (many ? nli_jnext(&it) : v != NULL)) {
			const nli_jval *one = many ? it.val : v;

			v = many ? v : NULL;
			if (nli_jtype(one) == NLI_J_NULL)
				continue;
			nli_buf_clear(&r->tmp);
			nli_buf_addf(&r->tmp, "%s\t", field);
			if (nli_jtype(one) == NLI_J_STRING)
				nli_buf_add(&r->tmp, nli_jstr(one).s, nli_jstr(one).len);
			else
				nli_json_write(&r->tmp, one);
			cue_put(out, number(r, CUE_TAG, nli_buf_str(&r->tmp)));
			n++;
		}
	}
	return n;
}

static uint32_t stratum_of(struct nli_cues_reader *r, const struct nli_record *rec)
{
	struct nli_str v = { NULL, 0 };

	nli_buf_clear(&r->tmp);
	if (r->store->in.by)
		v = nli_record_field(rec, nli_str_of(r->store->in.by), &r->tmp);
	return v.s ? number(r, CUE_STRATUM, v) + 1 : 0;
}

static int put_item(struct nli_cues_reader *r, const struct nli_record *rec,
		    struct nli_str text, struct nli_str label, struct nli_err *err)
{
	const bool premise =
		rec->premise.s && nli_str_is(nli_str_of(r->store->in.text), "hypothesis");
	struct lexis *x = lexis_of(r, rec->lang);
	const uint64_t group = nli_record_group_hash(rec);
	const uint32_t stratum = stratum_of(r, rec), name = number(r, CUE_LABEL, label);
	struct nli_buf tags = { 0 };
	struct facts f;
	size_t n_tag;
	int rc;

	if (premise)
		take_premise(r, rec->premise);
	rc = read_text(r, x, text, premise, &f, err);
	if (rc)
		return rc;
	n_tag = put_tags(r, rec, &tags);
	nli_buf_addc(&r->items, 'I');
	for (int i = 0; i < 8; i++)
		nli_buf_addc(&r->items, (char)(group >> 8 * i));
	cue_put(&r->items, name);
	cue_put(&r->items, stratum);
	cue_put(&r->items, f.bits);
	cue_put(&r->items, f.words);
	cue_put(&r->items, f.shared);
	cue_put(&r->items, n_tag);
	nli_buf_add(&r->items, tags.data, tags.len);
	cue_put(&r->items, f.n);
	for (size_t i = 0; i < f.n; i++)
		cue_put(&r->items, r->tok[i]);
	nli_buf_addc(&r->items, 'L');
	cue_put(&r->items, x->lang);
	cue_put(&r->items, x->pack != NULL);
	cue_put(&r->items, 1);
	nli_buf_release(&tags);
	return 0;
}

static void put_vote(struct nli_cues_reader *r, struct nli_str worker,
		     struct nli_str label)
{
	if (!worker.s || !label.s)
		return;
	nli_buf_addc(&r->items, 'V');
	cue_put(&r->items, number(r, CUE_WORKER, worker));
	cue_put(&r->items, number(r, CUE_LABEL, label));
	cue_put(&r->items, 1);
}

/* Who gave which label: the field that --annotator names, else "annotations". */
static void put_votes(struct nli_cues_reader *r, const struct nli_record *rec,
		      struct nli_str gold)
{
	struct nli_jiter it = nli_jiter(rec->annotations);

	if (r->store->in.annotator) {
		nli_buf_clear(&r->tmp);
		put_vote(r,
			 nli_record_field(rec, nli_str_of(r->store->in.annotator),
					  &r->tmp),
			 gold);
		return;
	}
	while (nli_jtype(rec->annotations) == NLI_J_ARRAY && nli_jnext(&it)) {
		const nli_jval *worker = nli_jget(it.val, "worker");

		nli_buf_clear(&r->tmp);
		if (nli_jtype(worker) == NLI_J_NUMBER)
			nli_json_write(&r->tmp, worker);
		put_vote(r, r->tmp.len ? nli_buf_str(&r->tmp) : nli_jstr(worker),
			 nli_jstr(nli_jget(it.val, "label")));
	}
}

static int put_record(struct nli_cues_reader *r, const struct nli_record *rec,
		      struct nli_err *err)
{
	const bool premise = nli_str_is(nli_str_of(r->store->in.text), "premise");
	char num[12];
	const struct nli_str gold = nli_record_gold(rec, num);
	const struct nli_str text = premise ? rec->premise : rec->hypothesis;
	int rc = 0;

	if (!gold.s) {
		nli_buf_addc(&r->items, 'U');
		cue_put(&r->items, 1);
	} else if (rec->task == NLI_TASK_CHOICE && !premise) {
		for (size_t i = 0; i < rec->n_choice && !rc; i++)
			rc = put_item(r, rec, rec->choice[i],
				      (int)i == rec->answer ? NLI_STR("answer")
							    : NLI_STR("distractor"),
				      err);
	} else {
		rc = put_item(r, rec, text, gold, err);
	}
	put_votes(r, rec, gold);
	return rc;
}

/*
 * Definitions go before what refers to them.  Where a record fails, those that
 * it made stay in r->define for the next one, so that no number is lost.
 */
int nli_cues_read(struct nli_cues_reader *r, const struct nli_record *record,
		  struct nli_buf *out, struct nli_err *err)
{
	int rc;

	nli_buf_clear(&r->items);
	rc = put_record(r, record, err);
	if (rc)
		return rc;
	nli_buf_addc(out, 'R');
	cue_put(out, r->id);
	nli_buf_add(out, r->define.data, r->define.len);
	nli_buf_add(out, r->items.data, r->items.len);
	nli_buf_clear(&r->define);
	return 0;
}
