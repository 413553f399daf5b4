/* langpack.c - see langpack.h.  Loading is above, matching below. */
#include "lib/text/langpack.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/hash.h"
#include "lib/base/map.h"
#include "lib/base/mem.h"
#include "lib/text/norm.h"
#include "lib/text/packtree.h"
#include "lib/text/pattern.h"

enum { MAX_SEQUENCE = 12 };

static const char *const family_name[NLI_N_FAMILY] = {
	"negation", "quantifier", "number",   "comparative", "superlative",
	"purpose",  "modifier",   "function", "generic",     "gendered",
};

/* An item of two or more tokens, in the list of those with its first token. */
struct sequence {
	uint64_t hash[MAX_SEQUENCE];
	size_t n;
	unsigned families;
	size_t next; /* index + 1 of the next with the same first token; 0: none */
};

struct rule {
	enum nli_family family;
	struct nli_pattern *re;
};

/* What is known of a token by its hash. */
struct word {
	unsigned families;
	size_t first; /* index + 1 into sequence; 0: none */
};

struct nli_langpack {
	char *lang;
	size_t size[NLI_N_FAMILY];
	struct nli_map64 index; /* nli_lang_hash() to index into word */
	struct word *word;
	size_t n_word, word_cap;
	struct sequence *sequence;
	size_t n_sequence, sequence_cap;
	struct rule *on_token, *on_text;
	size_t n_on_token, on_token_cap, n_on_text, on_text_cap;
	struct nli_buf inside[NLI_N_FAMILY]; /* alternatives, while loading */
};

/* What loading needs besides. */
struct loader {
	struct nli_langpack *p;
	const char *path;
	struct nli_tokenizer *tokenizer;
	struct nli_buf item, folded;
	struct nli_err *err;
};

const char *nli_family_name(enum nli_family f)
{
	return family_name[f];
}

const char *nli_langpack_lang(const struct nli_langpack *p)
{
	return p->lang;
}

size_t nli_langpack_size(const struct nli_langpack *p, enum nli_family f)
{
	return p->size[f];
}

uint64_t nli_lang_hash(struct nli_str token)
{
	if (token.len == 3 && !memcmp(token.s, "\xe2\x80\x99", 3)) /* U+2019 */
		token = NLI_STR("'");
	return nli_hash(token.s, token.len, 0);
}

static struct word *word_of(struct nli_langpack *p, uint64_t hash)
{
	bool fresh;
	uint64_t *at = nli_map64_put(&p->index, hash, &fresh);

	if (fresh) {
		nli_grow(&p->word, &p->word_cap, p->n_word + 1, sizeof(*p->word));
		p->word[p->n_word] = (struct word){ 0 };
		*at = p->n_word++;
	}
	return &p->word[*at];
}

static void add_sequence(struct nli_langpack *p, const uint64_t *hash, size_t n,
			 unsigned families)
{
	struct word *first = word_of(p, hash[0]);
	struct sequence *s;

	nli_grow(&p->sequence, &p->sequence_cap, p->n_sequence + 1, sizeof(*s));
	s = &p->sequence[p->n_sequence++];
	*s = (struct sequence){ .n = n, .families = families, .next = first->first };
	memcpy(s->hash, hash, n * sizeof(*hash));
	first->first = p->n_sequence;
}

static int fail_at(const struct loader *l, const struct nli_packnode *at,
		   const char *what, struct nli_str item)
{
	return nli_fail(l->err, NLI_EDATA, "%s:%ld: %s: \"%.*s\"", l->path, at->line,
			what, (int)(item.len < 100 ? item.len : 100), item.s);
}

static int add_item(struct loader *l, const struct nli_packnode *at, enum nli_family f,
		    struct nli_str item)
{
	uint64_t hash[MAX_SEQUENCE];
	const struct nli_token *tok;
	struct nli_str text;
	size_t n;

	nli_buf_clear(&l->item);
	nli_buf_clear(&l->folded);
	nli_text_nfc(item, &l->item);
	nli_text_fold(nli_buf_str(&l->item), &l->folded);
	text = nli_buf_str(&l->folded);
	tok = nli_tokenize(l->tokenizer, text, &n);
	if (n < 1 || n > MAX_SEQUENCE)
		return fail_at(l, at, "wanted 1 to 12 tokens", item);
	for (size_t i = 0; i < n; i++)
		hash[i] = nli_lang_hash(nli_token_str(text, tok[i]));
	if (n == 1)
		word_of(l->p, hash[0])->families |= 1u << f;
	else
		add_sequence(l->p, hash, n, 1u << f);
	l->p->size[f]++;
	return 0;
}

/* An item that is looked for anywhere becomes an alternative of its family's pattern. */
static void add_inside(struct loader *l, enum nli_family f, struct nli_str item)
{
	struct nli_buf *b = &l->p->inside[f];

	nli_buf_clear(&l->item);
	nli_text_nfc(item, &l->item);
	nli_buf_adds(b, b->len ? "|\\Q" : "\\Q");
	nli_text_fold(nli_buf_str(&l->item), b);
	nli_buf_adds(b, "\\E");
	l->p->size[f]++;
}

static bool says_yes(const struct nli_packnode *at, const char *name)
{
	const char *v = nli_packnode_attr(at, name);

	return v && !strcmp(v, "yes");
}

/* The blank-separated items of an element; "_" is a blank inside one. */
static int add_items(struct loader *l, const struct nli_packnode *at, enum nli_family f)
{
	char *text = nli_xstrdup(at->text), *s = text;
	const bool inside = says_yes(at, "inside");
	int rc = 0;

	while (!rc && *(s += strspn(s, " \t\r\n"))) {
		const size_t len = strcspn(s, " \t\r\n");
		const struct nli_str item = { s, len };

		for (size_t i = 0; i < len; i++)
			if (s[i] == '_')
				s[i] = ' ';
		if (inside)
			add_inside(l, f, item);
		else
			rc = add_item(l, at, f, item);
		s += len;
	}
	free(text);
	return rc;
}

static void push_rule(struct rule **rules, size_t *n, size_t *cap, struct rule r)
{
	nli_grow(rules, cap, *n + 1, sizeof(r));
	(*rules)[(*n)++] = r;
}

static int add_pattern(struct loader *l, const struct nli_packnode *at, enum nli_family f,
		       struct nli_str text, bool on_token)
{
	struct nli_langpack *p = l->p;
	struct rule r = { .family = f };
	const int rc =
		nli_pattern_new(&r.re, text, on_token ? NLI_PATTERN_WHOLE : 0, l->err);

	if (rc) {
		nli_err_prefix(l->err, "%s:%ld", l->path, at->line);
		return l->err->code = NLI_EDATA;
	}
	if (on_token)
		push_rule(&p->on_token, &p->n_on_token, &p->on_token_cap, r);
	else
		push_rule(&p->on_text, &p->n_on_text, &p->on_text_cap, r);
	p->size[f]++;
	return 0;
}

static int add_pattern_element(struct loader *l, const struct nli_packnode *at,
			       enum nli_family f)
{
	const bool on_token = !strcmp(nli_packnode_attr(at, "on"), "token");

	return add_pattern(l, at, f, nli_str_of(at->text), on_token);
}

/* All the lists and patterns below an element, as one family. */
static int add_family(struct loader *l, const struct nli_packnode *part,
		      enum nli_family f)
{
	int rc = 0;

	for (const struct nli_packnode *n = part->child; n && !rc; n = n->next)
		if (nli_packnode_is(n, "pattern"))
			rc = add_pattern_element(l, n, f);
		else
			rc = add_items(l, n, f);
	return rc;
}

static const struct part {
	const char *within, *name; /* within NULL: below the root */
	enum nli_family family;
} parts[] = {
	{ NULL, "negation", NLI_FAM_NEGATION },
	{ NULL, "quantifiers", NLI_FAM_QUANTIFIER },
	{ NULL, "numbers", NLI_FAM_NUMBER },
	{ "degree", "comparative", NLI_FAM_COMPARATIVE },
	{ "degree", "superlative", NLI_FAM_SUPERLATIVE },
	{ NULL, "purpose", NLI_FAM_PURPOSE },
	{ NULL, "modifiers", NLI_FAM_MODIFIER },
	{ NULL, "function", NLI_FAM_FUNCTION },
	{ "nouns", "generic", NLI_FAM_GENERIC },
	{ "nouns", "gendered", NLI_FAM_GENDERED },
};

/* A part is a list of lists; gendered nouns are lists themselves. */
static int add_part(struct loader *l, const struct nli_packnode *root,
		    const struct part *part)
{
	int rc = 0;

	for (const struct nli_packnode *n = root->child; n && !rc; n = n->next)
		if (part->within && nli_packnode_is(n, part->within)) {
			const struct part inner = { NULL, part->name, part->family };

			rc = add_part(l, n, &inner);
		} else if (!part->within && nli_packnode_is(n, part->name)) {
			rc = part->family == NLI_FAM_GENDERED
				     ? add_items(l, n, part->family)
				     : add_family(l, n, part->family);
		}
	return rc;
}

static int read_pack(struct loader *l, const struct nli_packnode *root)
{
	struct nli_langpack *p = l->p;
	int rc = 0;

	p->lang = nli_xstrdup(nli_packnode_attr(root, "lang"));
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts) && !rc; i++)
		rc = add_part(l, root, &parts[i]);
	for (int f = 0; f < NLI_N_FAMILY && !rc; f++)
		if (p->inside[f].len) {
			rc = add_pattern(l, root, (enum nli_family)f,
					 nli_buf_str(&p->inside[f]), false);
			p->size[f]--; /* its items were counted */
		}
	return rc;
}

int nli_langpack_load(struct nli_langpack **p, const char *path, const char *rng,
		      struct nli_err *err)
{
	struct loader l = { .path = path, .err = err };
	struct nli_packtree *tree;
	int rc = nli_packtree_read(&tree, path, rng, err);

	*p = NULL;
	if (!rc) {
		l.p = nli_xcalloc(1, sizeof(*l.p));
		l.tokenizer = nli_tokenizer_new();
		rc = read_pack(&l, nli_packtree_root(tree));
	}
	nli_packtree_free(tree);
	nli_tokenizer_free(l.tokenizer);
	nli_buf_release(&l.item);
	nli_buf_release(&l.folded);
	if (rc)
		nli_langpack_free(l.p);
	else
		*p = l.p;
	return rc;
}

static void free_rules(struct rule *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		nli_pattern_free(r[i].re);
	free(r);
}

void nli_langpack_free(struct nli_langpack *p)
{
	if (!p)
		return;
	for (int f = 0; f < NLI_N_FAMILY; f++)
		nli_buf_release(&p->inside[f]);
	free_rules(p->on_token, p->n_on_token);
	free_rules(p->on_text, p->n_on_text);
	nli_map64_release(&p->index);
	free(p->word);
	free(p->sequence);
	free(p->lang);
	free(p);
}

struct nli_lang_scratch {
	struct nli_match *match;
};

struct nli_lang_scratch *nli_lang_scratch_new(void)
{
	struct nli_lang_scratch *s = nli_xmalloc(1, sizeof(*s));

	s->match = nli_match_new();
	return s;
}

void nli_lang_scratch_free(struct nli_lang_scratch *s)
{
	if (s)
		nli_match_free(s->match);
	free(s);
}

unsigned nli_lang_token(const struct nli_langpack *p, struct nli_lang_scratch *s,
			struct nli_str token, enum nli_token_kind kind)
{
	const uint64_t *at = nli_map64_get(&p->index, nli_lang_hash(token));
	unsigned of = kind == NLI_TOKEN_NUMBER ? 1u << NLI_FAM_NUMBER : 0;

	if (at) {
		of |= p->word[*at].families;
		of |= p->word[*at].first ? NLI_LANG_BEGINS : 0;
	}
	for (size_t i = 0; i < p->n_on_token; i++)
		if (nli_pattern_find(p->on_token[i].re, s->match, token, 0, NULL) == 1)
			of |= 1u << p->on_token[i].family;
	return of;
}

static unsigned sequences_at(const struct nli_langpack *p, const uint64_t *hash,
			     size_t left)
{
	const uint64_t *at = nli_map64_get(&p->index, hash[0]);
	unsigned of = 0;

	for (size_t i = at ? p->word[*at].first : 0; i; i = p->sequence[i - 1].next) {
		const struct sequence *q = &p->sequence[i - 1];

		if (q->n <= left && !memcmp(q->hash, hash, q->n * sizeof(*hash)))
			of |= q->families;
	}
	return of;
}

int nli_lang_text(const struct nli_langpack *p, struct nli_lang_scratch *s,
		  struct nli_str text, const uint64_t *hash, const unsigned *of, size_t n,
		  unsigned *families, struct nli_err *err)
{
	*families = 0;
	for (size_t i = 0; i < n; i++)
		if (of[i] & NLI_LANG_BEGINS)
			*families |= sequences_at(p, hash + i, n - i);
	for (size_t i = 0; i < p->n_on_text; i++) {
		const struct rule *r = &p->on_text[i];
		int rc;

		if (*families & 1u << r->family)
			continue;
		rc = nli_pattern_find(r->re, s->match, text, 0, err);
		if (rc < 0)
			return nli_err_prefix(err, "%s: %s", p->lang,
					      family_name[r->family]);
		*families |= (unsigned)rc << r->family;
	}
	return 0;
}

/* A tag that was asked for, and its pack or NULL. */
struct entry {
	char tag[9];
	struct nli_langpack *pack;
};

struct nli_langs {
	char *dir;
	pthread_mutex_t lock;
	struct entry *entry;
	size_t n, cap;
};

int nli_langs_new(struct nli_langs **out, const char *dir, struct nli_err *err)
{
	struct nli_langs *l = nli_xcalloc(1, sizeof(*l));
	struct nli_buf rng = { 0 };
	int rc = 0;

	nli_packtree_init();
	l->dir = nli_xstrdup(dir);
	pthread_mutex_init(&l->lock, NULL);
	nli_buf_addf(&rng, "%s/langpack.rng", dir);
	if (access(rng.data, R_OK))
		rc = nli_fail_errno(err, "%s", rng.data);
	nli_buf_release(&rng);
	if (rc)
		nli_langs_free(l);
	*out = rc ? NULL : l;
	return rc;
}

void nli_langs_free(struct nli_langs *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n; i++)
		nli_langpack_free(l->entry[i].pack);
	pthread_mutex_destroy(&l->lock);
	free(l->entry);
	free(l->dir);
	free(l);
}

bool nli_lang_primary(struct nli_str tag, char out[9])
{
	size_t n = 0;

	for (; n < tag.len && tag.s[n] != '-' && tag.s[n] != '_'; n++) {
		const char c = (char)(tag.s[n] | 0x20);

		if (n >= 8 || c < 'a' || c > 'z')
			return false;
		out[n] = c;
	}
	out[n] = '\0';
	return n >= 2;
}

static int load_entry(struct nli_langs *l, struct entry *e, struct nli_err *err)
{
	struct nli_buf path = { 0 }, rng = { 0 };
	int rc = 0;

	nli_buf_addf(&path, "%s/%s.xml", l->dir, e->tag);
	nli_buf_addf(&rng, "%s/langpack.rng", l->dir);
	if (!access(path.data, F_OK))
		rc = nli_langpack_load(&e->pack, path.data, rng.data, err);
	else if (errno != ENOENT)
		rc = nli_fail_errno(err, "%s", path.data);
	nli_buf_release(&path);
	nli_buf_release(&rng);
	return rc;
}

static int get_locked(struct nli_langs *l, const char *tag, const struct nli_langpack **p,
		      struct nli_err *err)
{
	struct entry e = { .tag = "" };
	int rc;

	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->entry[i].tag, tag)) {
			*p = l->entry[i].pack;
			return 0;
		}
	memcpy(e.tag, tag, strlen(tag) + 1);
	rc = load_entry(l, &e, err);
	if (rc)
		return rc;
	nli_grow(&l->entry, &l->cap, l->n + 1, sizeof(*l->entry));
	l->entry[l->n++] = e;
	*p = e.pack;
	return 0;
}

int nli_langs_get(struct nli_langs *l, struct nli_str tag, const struct nli_langpack **p,
		  struct nli_err *err)
{
	char name[9];
	int rc;

	*p = NULL;
	if (!nli_lang_primary(tag, name))
		return 0;
	pthread_mutex_lock(&l->lock);
	rc = get_locked(l, name, p, err);
	pthread_mutex_unlock(&l->lock);
	return rc;
}
