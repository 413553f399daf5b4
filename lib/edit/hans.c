/*
 * hans.c - pairs that are true or not although each word of the hypothesis stands
 * in the premise (T. McCoy, E. Pavlick, T. Linzen: "Right for the wrong reasons:
 * diagnosing syntactic heuristics in natural language inference", ACL 2019).
 *
 * Templates and words are of a language pack.  Of each heuristic as many pairs
 * are entailed as not, and that the heuristic would call every one entailed is
 * checked of each pair, not trusted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/edit/sets.h"
#include "lib/io/input.h"
#include "lib/io/xml.h"
#include "lib/text/norm.h"
#include "lib/text/token.h"

static const char METHOD[] = "hans";
enum { MAX_FORMS = 16, MAX_SLOTS = 16, TRIES = 100, MAX_LIST = 4096 };

struct lexeme {
	struct nli_str lemma, pos, features;
	struct nli_str form[MAX_FORMS], text[MAX_FORMS];
	size_t n_form;
};

struct template
{
	struct nli_str id, heuristic, premise, hypothesis;
	bool entails;
};

/* A pack's own.  Owns all. */
struct lexicon {
	struct lexeme *lexeme;
	struct template *template;
	size_t n_lexeme, lexeme_cap, n_template, template_cap;
	struct nli_arena arena;
};

/* {verb+transitive.1:past} */
struct slot {
	struct nli_str name, pos, feature, form; /* name: what stands before the colon */
	size_t len;                              /* with its braces */
};

static struct nli_str keep(struct lexicon *x, struct nli_str s)
{
	return (struct nli_str){ nli_arena_strndup(&x->arena, s.s ? s.s : "", s.len),
				 s.len };
}

static void add_form(struct lexicon *x, struct lexeme *l, const nli_jval *form)
{
	if (l->n_form == MAX_FORMS)
		return;
	l->form[l->n_form] = keep(x, nli_jstr(nli_jget(form, "@is")));
	l->text[l->n_form++] = keep(x, nli_jstr(nli_jget(form, "$text")));
}

static void add_lexeme(struct lexicon *x, const nli_jval *v)
{
	struct lexeme l = { .lemma = keep(x, nli_jstr(nli_jget(v, "@lemma"))),
			    .pos = keep(x, nli_jstr(nli_jget(v, "@pos"))),
			    .features = keep(x, nli_jstr(nli_jget(v, "@features"))) };
	const nli_jval *forms = nli_jget(v, "form");
	struct nli_jiter it = nli_jiter(forms);

	if (nli_jtype(forms) == NLI_J_OBJECT)
		add_form(x, &l, forms);
	while (nli_jtype(forms) == NLI_J_ARRAY && nli_jnext(&it))
		add_form(x, &l, it.val);
	nli_grow(&x->lexeme, &x->lexeme_cap, x->n_lexeme + 1, sizeof(*x->lexeme));
	x->lexeme[x->n_lexeme++] = l;
}

static void add_template(struct lexicon *x, const nli_jval *v)
{
	nli_grow(&x->template, &x->template_cap, x->n_template + 1, sizeof(*x->template));
	x->template[x->n_template++] = (struct template){
		.id = keep(x, nli_jstr(nli_jget(v, "@id"))),
		.heuristic = keep(x, nli_jstr(nli_jget(v, "@heuristic"))),
		.premise = keep(x, nli_jstr(nli_jget(v, "premise"))),
		.hypothesis = keep(x, nli_jstr(nli_jget(v, "hypothesis"))),
		.entails = nli_str_is(nli_jstr(nli_jget(v, "@label")), "entailment"),
	};
}

static ptrdiff_t read_input(void *ctx, void *to, size_t n, struct nli_err *err)
{
	return nli_input_read(ctx, to, n, err);
}

/* Each element of a name in the pack, which the schema has been held against. */
static int read_elements(struct lexicon *x, const char *path, struct nli_str name,
			 void (*add)(struct lexicon *, const nli_jval *),
			 struct nli_err *err)
{
	const struct nli_xml_shape shape = { .item = name };
	struct nli_json *json = nli_json_new();
	struct nli_block block = { 0 };
	struct nli_xml *xml = NULL;
	struct nli_input *in;
	int rc = nli_input_open(&in, path, err);

	if (!rc)
		rc = nli_xml_new(&xml, &shape, read_input, in, err);
	while (!rc && (rc = nli_xml_next(xml, &block, 1 << 16, err)) > 0) {
		size_t at = 0;

		for (size_t i = 0; rc > 0 && i < block.n; i++) {
			const nli_jval *v = nli_json_parse(json, block.text + at,
							   block.end[i] - at, err);

			if (v)
				add(x, v);
			rc = v ? 1 : NLI_EDATA;
			at = block.end[i] + 1;
		}
		rc = rc > 0 ? 0 : rc;
	}
	nli_xml_free(xml);
	nli_block_release(&block);
	nli_json_free(json);
	if (in)
		nli_input_close(in);
	return rc;
}

static bool has_word(struct nli_str list, struct nli_str word)
{
	for (size_t at = 0; at + word.len <= list.len; at++)
		if (!memcmp(list.s + at, word.s, word.len) &&
		    (!at || list.s[at - 1] == ' ') &&
		    (at + word.len == list.len || list.s[at + word.len] == ' '))
			return true;
	return false;
}

/* The slot that begins at s; len is 0 if none does. */
static struct slot slot_at(struct nli_str s)
{
	const char *end = s.len && *s.s == '{' ? memchr(s.s, '}', s.len) : NULL;
	const char *colon, *dot, *plus;
	struct slot to = { .len = end ? (size_t)(end + 1 - s.s) : 0 };

	if (!end)
		return to;
	s = (struct nli_str){ s.s + 1, to.len - 2 };
	colon = memchr(s.s, ':', s.len);
	to.name = (struct nli_str){ s.s, colon ? (size_t)(colon - s.s) : s.len };
	if (colon)
		to.form = (struct nli_str){ colon + 1, s.len - to.name.len - 1 };
	dot = memchr(s.s, '.', to.name.len);
	to.pos = (struct nli_str){ s.s, dot ? (size_t)(dot - s.s) : to.name.len };
	plus = memchr(to.pos.s, '+', to.pos.len);
	if (plus) {
		to.feature =
			(struct nli_str){ plus + 1,
					  to.pos.len - (size_t)(plus + 1 - to.pos.s) };
		to.pos.len = (size_t)(plus - to.pos.s);
	}
	return to;
}

static struct nli_str form_of(const struct lexeme *l, struct nli_str form)
{
	if (!form.len)
		return l->lemma;
	for (size_t i = 0; i < l->n_form; i++)
		if (has_word(l->form[i], form))
			return l->text[i];
	return (struct nli_str){ NULL, 0 };
}

/* The words that were drawn for the slots of a pair. */
struct drawn {
	struct nli_str name[MAX_SLOTS];
	const struct lexeme *lexeme[MAX_SLOTS];
	size_t n;
	uint64_t chance;
};

static bool can_stand(const struct lexeme *l, struct slot s, const struct drawn *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->lexeme[i] == l)
			return false;
	return nli_str_eq(l->pos, s.pos) && form_of(l, s.form).s &&
	       (!s.feature.len || has_word(l->features, s.feature));
}

/* A word for a slot, each as likely: not one that another slot has; NULL if there is none. */
static const struct lexeme *draw(const struct lexicon *x, struct drawn *d, struct slot s)
{
	const double u = nli_unit(nli_mix(d->chance + d->n));
	size_t n = 0, at;

	for (size_t i = 0; i < d->n; i++)
		if (nli_str_eq(d->name[i], s.name))
			return d->lexeme[i];
	for (size_t i = 0; i < x->n_lexeme; i++)
		n += can_stand(&x->lexeme[i], s, d);
	if (!n || d->n == MAX_SLOTS)
		return NULL;
	at = (size_t)(u * (double)n);
	for (size_t i = 0;; i++)
		if (can_stand(&x->lexeme[i], s, d) && !at--) {
			d->name[d->n] = s.name;
			return d->lexeme[d->n++] = &x->lexeme[i];
		}
}

/* Append the text of a template; false if a slot finds no word. */
static bool fill(const struct lexicon *x, struct drawn *d, struct nli_str text,
		 struct nli_buf *out)
{
	while (text.len) {
		const struct slot s = slot_at(text);
		const struct lexeme *l = s.len ? draw(x, d, s) : NULL;
		const struct nli_str word =
			l ? form_of(l, s.form) : (struct nli_str){ text.s, 1 };

		if ((s.len && !l) || !word.s)
			return false;
		nli_buf_add(out, word.s, word.len);
		text.s += s.len ? s.len : 1;
		text.len -= s.len ? s.len : 1;
	}
	return true;
}

/* The folded words of a text as hashes, without marks; returns how many. */
static size_t words_of(struct nli_tokenizer *tok, struct nli_str text, uint64_t *to)
{
	struct nli_buf folded = { 0 };
	const struct nli_token *k;
	size_t n, n_word = 0;

	nli_text_fold(text, &folded);
	k = nli_tokenize(tok, nli_buf_str(&folded), &n);
	for (size_t i = 0; i < n && n_word < MAX_LIST; i++) {
		const struct nli_str s = nli_token_str(nli_buf_str(&folded), k[i]);

		if (k[i].kind != NLI_TOKEN_PUNCT)
			to[n_word++] = nli_hash(s.s, s.len, 0);
	}
	nli_buf_release(&folded);
	return n_word;
}

/*
 * Would the heuristic say "entailed"?  For lexical overlap every word of the
 * hypothesis is in the premise; the others want them in a row there, of which
 * a constituent is a special case that the template answers for.
 */
static bool heuristic_holds(struct nli_tokenizer *tok, bool overlap,
			    struct nli_str premise, struct nli_str hypothesis)
{
	static const size_t most = MAX_LIST;
	uint64_t *word = nli_xmalloc(2 * most, sizeof(*word));
	const size_t p = words_of(tok, premise, word);
	const size_t h = words_of(tok, hypothesis, word + most);
	bool holds = false, all = true;

	for (size_t at = 0; !overlap && at + h <= p; at++)
		holds |= !memcmp(word + at, word + most, h * sizeof(*word));
	for (size_t i = 0; i < h; i++) {
		bool in = false;

		for (size_t k = 0; k < p; k++)
			in |= word[k] == word[most + i];
		all &= in;
	}
	free(word);
	return h && (overlap ? all : holds);
}

struct making {
	struct nli_run *run;
	const struct nli_edit *e;
	struct nli_edit_tally *tally;
	struct lexicon x;
	struct nli_str lang;
	struct nli_tokenizer *tok;
	struct nli_intern seen;
	struct nli_buf premise, hypothesis, out;
};

/* Fill a template anew until the pair is new.  False: no new pair was found. */
static bool find_pair(struct making *g, const struct template *t, uint64_t number)
{
	const uint64_t key = nli_hash(t->id.s, t->id.len, nli_mix(g->e->args->seed));

	for (uint64_t k = 0; k < TRIES; k++) {
		struct drawn d = { .chance = nli_mix(key ^ nli_mix(number * TRIES + k)) };
		const size_t n = g->seen.n;

		nli_buf_clear(&g->premise);
		nli_buf_clear(&g->hypothesis);
		if (!fill(&g->x, &d, t->premise, &g->premise) ||
		    !fill(&g->x, &d, t->hypothesis, &g->hypothesis))
			nli_die("template %.*s: the lexicon has no word for a slot",
				(int)t->id.len, t->id.s);
		nli_buf_clear(&g->out);
		nli_buf_addf(&g->out, "%s\n%s", g->premise.data, g->hypothesis.data);
		nli_intern_add(&g->seen, nli_buf_str(&g->out));
		if (g->seen.n > n)
			return true;
	}
	return false;
}

static void make_pair(struct making *g, const struct template *t, uint64_t number)
{
	struct nli_edit_sink sink = { .tally = g->tally,
				      .out = &g->out,
				      .method = METHOD };
	struct nli_buf also = { 0 };
	struct nli_jw w = { .b = &also };
	struct nli_made m = { .lang = g->lang,
			      .method = METHOD,
			      .rule = t->id,
			      .part = "both",
			      .task = NLI_TASK_NLI2,
			      .label = t->entails ? NLI_STR("entailment")
						  : NLI_STR("not_entailment"),
			      .proved = true,
			      .number = (size_t)number };

	if (!find_pair(g, t, number)) {
		nli_edit_skip(&sink, "a template has no more pairs");
		return;
	}
	m.premise = nli_buf_str(&g->premise);
	m.hypothesis = nli_buf_str(&g->hypothesis);
	if (!heuristic_holds(g->tok, nli_str_is(t->heuristic, "lexical-overlap"),
			     m.premise, m.hypothesis))
		nli_die("template %.*s: \"%s\" is no case of %.*s in \"%s\"",
			(int)t->id.len, t->id.s, g->hypothesis.data,
			(int)t->heuristic.len, t->heuristic.s, g->premise.data);
	nli_jw_key(&w, "heuristic");
	nli_jw_str(&w, t->heuristic);
	m.also = nli_buf_str(&also);
	nli_buf_clear(&g->out);
	nli_edit_make(&sink, &m);
	nli_run_write(g->run, nli_buf_str(&g->out));
	g->run->kept++;
	g->run->in++;
	nli_buf_release(&also);
}

/* Pairs of a heuristic and an answer, in turns of its templates. */
static void make_pairs(struct making *g, const char *heuristic, bool entails)
{
	const struct template *of[MAX_LIST];
	size_t n = 0;

	for (size_t i = 0; i < g->x.n_template && n < MAX_LIST; i++)
		if (nli_str_is(g->x.template[i].heuristic, heuristic) &&
		    g->x.template[i].entails == entails)
			of[n++] = &g->x.template[i];
	for (uint64_t k = 0; n && k < (uint64_t)g->e->args->count; k++)
		make_pair(g, of[k % n], k);
	if (!n)
		nli_edit_count_not(g->tally, METHOD,
				   "no template of a heuristic and label",
				   (uint64_t)g->e->args->count);
}

static void make_lang(struct making *g, const char *lang)
{
	static const char *const heuristic[] = { "lexical-overlap", "subsequence",
						 "constituent" };
	const struct nli_langpack *pack;
	struct nli_buf path = { 0 };
	struct nli_err err;

	g->lang = nli_str_of(lang);
	if (nli_langs_get(g->e->langs, g->lang, &pack, &err))
		nli_die("%s", err.msg);
	if (!pack)
		nli_die("--lang is \"%s\", wanted one of which there is a pack", lang);
	nli_buf_addf(&path, "%s/%s.xml", g->e->args->langs, nli_langpack_lang(pack));
	if (read_elements(&g->x, path.data, NLI_STR("lexeme"), add_lexeme, &err) ||
	    read_elements(&g->x, path.data, NLI_STR("template"), add_template, &err))
		nli_die("%s: %s", path.data, err.msg);
	if (!g->x.n_template)
		nli_die("%s: no templates", path.data);
	for (size_t h = 0; h < sizeof(heuristic) / sizeof(*heuristic); h++)
		for (int entails = 0; entails < 2; entails++)
			make_pairs(g, heuristic[h], entails);
	free(g->x.lexeme);
	free(g->x.template);
	nli_arena_release(&g->x.arena);
	memset(&g->x, 0, sizeof(g->x));
	nli_buf_release(&path);
}

void nli_hans_run(struct nli_run *run, const struct nli_edit *e,
		  struct nli_edit_tally *tally)
{
	struct making g = { .run = run, .e = e, .tally = tally };

	g.tok = nli_tokenizer_new();
	for (size_t i = 0; i < e->args->lang.n; i++)
		make_lang(&g, e->args->lang.v[i]);
	if (!e->args->lang.n)
		make_lang(&g, "en");
	nli_tokenizer_free(g.tok);
	nli_intern_release(&g.seen);
	nli_buf_release(&g.premise);
	nli_buf_release(&g.hypothesis);
	nli_buf_release(&g.out);
}
