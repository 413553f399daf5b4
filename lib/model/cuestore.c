/* cuestore.c - the store of cues.h: taking digests in, saving, loading. */
#include "lib/model/cuestore.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/io/json.h"
#include "lib/text/norm.h"

static const size_t max_number[CUE_N_TABLE] = {
	UINT32_MAX, NLI_CUES_MAX_LABEL, NLI_CUES_MAX_STRATUM,
	UINT32_MAX, UINT32_MAX,         4096,
};
static const char *const table_name[CUE_N_TABLE] = {
	"words", "labels", "values of --by", "tags", "annotators", "languages",
};

void cue_put(struct nli_buf *b, uint64_t v)
{
	char *to = nli_buf_reserve(b, 10);
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		to[n++] = (char)(v | 0x80);
	to[n++] = (char)v;
	b->len += n;
}

void cue_put_text(struct nli_buf *b, struct nli_str s)
{
	cue_put(b, s.len);
	nli_buf_add(b, s.s, s.len);
}

void cue_define(struct nli_buf *b, enum cue_table table, unsigned families,
		struct nli_str text)
{
	nli_buf_addc(b, 'D');
	cue_put(b, table);
	cue_put(b, families);
	cue_put_text(b, text);
}

/* What a saved store must have been made with to be added to this one. */
static void write_head(const struct nli_cues_input *in, struct nli_buf *out)
{
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "format");
	nli_jw_cstr(&w, "nli-cues");
	nli_jw_key(&w, "version");
	nli_jw_u64(&w, 1);
	nli_jw_key(&w, "text");
	nli_jw_cstr(&w, in->text);
	nli_jw_key(&w, "by");
	nli_jw_cstr(&w, in->by);
	nli_jw_key(&w, "annotator");
	nli_jw_cstr(&w, in->annotator);
	nli_jw_key(&w, "tag");
	nli_jw_open(&w, '[');
	for (size_t i = 0; i < in->n_tag; i++)
		nli_jw_cstr(&w, in->tag[i]);
	nli_jw_close(&w, ']');
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}

struct nli_cues *nli_cues_new(const struct nli_cues_input *in)
{
	struct nli_cues *c = nli_xcalloc(1, sizeof(*c));

	c->in = *in;
	write_head(in, &c->head);
	return c;
}

static void free_numbering(struct cue_numbering *n)
{
	for (int t = 0; t < CUE_N_TABLE; t++)
		free(n->table[t].to);
}

void nli_cues_free(struct nli_cues *c)
{
	if (!c)
		return;
	for (int t = 0; t < CUE_N_TABLE; t++)
		nli_intern_release(&c->table[t]);
	for (size_t i = 0; i < c->n_from; i++)
		free_numbering(&c->from[i]);
	nli_map64_release(&c->vote);
	nli_map64_release(&c->lang);
	nli_buf_release(&c->head);
	free(c->families);
	free(c->item);
	free(c->tok);
	free(c->tag);
	free(c->from);
	free(c);
}

uint64_t nli_cues_items(const struct nli_cues *c)
{
	return c->n_item;
}

uint64_t nli_cues_unlabelled(const struct nli_cues *c)
{
	return c->unlabelled;
}

/* A walk over digests, which may be damaged. */
struct walk {
	const unsigned char *at, *end;
	struct nli_cues *c;
	struct cue_numbering *from;
	struct nli_err *err;
};

static int damaged(const struct walk *w, const char *what)
{
	return nli_fail(w->err, NLI_EDATA, "saved counts are damaged: %s", what);
}

static bool get(struct walk *w, uint64_t *v)
{
	uint64_t sum = 0;

	for (unsigned shift = 0; shift < 64 && w->at < w->end; shift += 7) {
		const unsigned char byte = *w->at++;

		sum |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			*v = sum;
			return true;
		}
	}
	return false;
}

static bool get_text(struct walk *w, struct nli_str *s)
{
	uint64_t len;

	if (!get(w, &len) || len > (uint64_t)(w->end - w->at))
		return false;
	*s = (struct nli_str){ (const char *)w->at, (size_t)len };
	w->at += len;
	return true;
}

/* A number of the reader's as the store's. */
static bool get_id(struct walk *w, enum cue_table t, uint32_t *id)
{
	uint64_t v;

	if (!get(w, &v) || !w->from || v >= w->from->table[t].n)
		return false;
	*id = v < w->from->table[t].same ? (uint32_t)v : w->from->table[t].to[v];
	return true;
}

static int take_definition(struct walk *w)
{
	uint64_t t, families;
	struct nli_str text;
	size_t id;

	if (!get(w, &t) || !get(w, &families) || !get_text(w, &text) ||
	    t >= CUE_N_TABLE || !w->from || nli_utf8_valid(text) < text.len ||
	    (t == CUE_TAG && !memchr(text.s, '\t', text.len)))
		return damaged(w, "a definition");
	id = nli_intern_add(&w->c->table[t], text);
	if (id >= max_number[t])
		return nli_fail(w->err, NLI_EDATA, "more than %zu %s", max_number[t],
				table_name[t]);
	if (t == CUE_WORD) {
		const size_t had = w->c->families_cap;

		nli_grow(&w->c->families, &w->c->families_cap, id + 1,
			 sizeof(*w->c->families));
		memset(w->c->families + had, 0,
		       (w->c->families_cap - had) * sizeof(*w->c->families));
		w->c->families[id] |= (unsigned)families;
	}
	nli_grow(&w->from->table[t].to, &w->from->table[t].cap, w->from->table[t].n + 1,
		 sizeof(uint32_t));
	w->from->table[t].same += w->from->table[t].same == w->from->table[t].n &&
				  w->from->table[t].n == id;
	w->from->table[t].to[w->from->table[t].n++] = (uint32_t)id;
	return 0;
}

/* A list of n numbers of a table. */
static bool take_list(struct walk *w, enum cue_table t, uint64_t n, uint32_t **to,
		      size_t *have, size_t *cap)
{
	if (n > (uint64_t)(w->end - w->at)) /* each is a byte or more */
		return false;
	nli_grow(to, cap, *have + (size_t)n, sizeof(**to));
	for (uint64_t i = 0; i < n; i++)
		if (!get_id(w, t, &(*to)[(*have)++]))
			return false;
	return true;
}

static int take_item(struct walk *w)
{
	struct nli_cues *c = w->c;
	struct cue_item it = { 0 };
	uint64_t stratum, bits, words, shared, n_tag, n_tok;
	uint32_t label;

	if (w->end - w->at < 8)
		return damaged(w, "a hypothesis");
	for (int i = 0; i < 8; i++)
		it.group |= (uint64_t)*w->at++ << 8 * i;
	if (!get_id(w, CUE_LABEL, &label) || !get(w, &stratum) || !get(w, &bits) ||
	    !get(w, &words) || !get(w, &shared) || !get(w, &n_tag) ||
	    n_tag > UINT16_MAX || words > UINT16_MAX || shared > words ||
	    bits >> CUE_N_BIT || stratum > w->from->table[CUE_STRATUM].n)
		return damaged(w, "a hypothesis");
	it.label = (uint16_t)label;
	it.stratum = stratum ? w->from->table[CUE_STRATUM].to[stratum - 1] + 1 : 0;
	it.bits = (uint32_t)bits;
	it.words = (uint16_t)words;
	it.shared = (uint16_t)shared;
	it.n_tag = (uint16_t)n_tag;
	if (!take_list(w, CUE_TAG, n_tag, &c->tag, &c->n_tag, &c->tag_cap) ||
	    !get(w, &n_tok) ||
	    !take_list(w, CUE_WORD, n_tok, &c->tok, &c->n_tok, &c->tok_cap))
		return damaged(w, "the words of a hypothesis");
	it.tok_end = c->n_tok;
	nli_grow(&c->item, &c->item_cap, c->n_item + 1, sizeof(*c->item));
	c->item[c->n_item++] = it;
	return 0;
}

static int take_count(struct walk *w, char what)
{
	uint32_t a = 0, label = 0;
	uint64_t pack = 0, n;
	const bool ok =
		what == 'U'   ? true
		: what == 'V' ? get_id(w, CUE_WORKER, &a) && get_id(w, CUE_LABEL, &label)
			      : get_id(w, CUE_LANG, &a) && get(w, &pack) && pack < 2;

	if (!ok || !get(w, &n))
		return damaged(w, "a count");
	if (what == 'U')
		w->c->unlabelled += n;
	else if (what == 'V')
		*nli_map64_put(&w->c->vote, (uint64_t)a << 32 | label, NULL) += n;
	else
		*nli_map64_put(&w->c->lang, (uint64_t)a << 1 | pack, NULL) += n;
	return 0;
}

static int take_reader(struct walk *w)
{
	uint64_t r;

	if (!get(w, &r) || r >= w->c->n_from)
		return damaged(w, "a reader");
	w->from = &w->c->from[r];
	return 0;
}

static int take_failure(struct walk *w)
{
	struct nli_str why;

	if (!get_text(w, &why))
		return damaged(w, "a message");
	return nli_fail(w->err, NLI_EIO, "%.*s", (int)(why.len < 400 ? why.len : 400),
			why.s);
}

static int take_all(struct walk *w)
{
	int rc = 0;

	while (!rc && w->at < w->end) {
		const char what = (char)*w->at++;

		if (what == 'I')
			rc = take_item(w);
		else if (what == 'D')
			rc = take_definition(w);
		else if (what == 'R')
			rc = take_reader(w);
		else if (what == 'V' || what == 'L' || what == 'U')
			rc = take_count(w, what);
		else if (what == 'E')
			rc = take_failure(w);
		else
			rc = damaged(w, "an unknown entry");
	}
	return rc;
}

int nli_cues_take(struct nli_cues *c, struct nli_str digests, struct nli_err *err)
{
	struct walk w = { .c = c, .err = err };

	w.at = (const unsigned char *)digests.s;
	w.end = w.at + digests.len;
	return digests.len ? take_all(&w) : 0;
}

static void save_counts(const struct nli_cues *c, struct nli_buf *out)
{
	for (size_t i = 0; i < c->vote.cap; i++)
		if (c->vote.slot[i].used) {
			nli_buf_addc(out, 'V');
			cue_put(out, c->vote.slot[i].key >> 32);
			cue_put(out, c->vote.slot[i].key & UINT32_MAX);
			cue_put(out, c->vote.slot[i].value);
		}
	for (size_t i = 0; i < c->lang.cap; i++)
		if (c->lang.slot[i].used) {
			nli_buf_addc(out, 'L');
			cue_put(out, c->lang.slot[i].key >> 1);
			cue_put(out, c->lang.slot[i].key & 1);
			cue_put(out, c->lang.slot[i].value);
		}
	nli_buf_addc(out, 'U');
	cue_put(out, c->unlabelled);
}

void nli_cues_save(const struct nli_cues *c, struct nli_buf *out)
{
	const size_t start = out->len;
	size_t tok = 0, tag = 0;
	struct nli_hash128 sum;

	nli_buf_add(out, c->head.data, c->head.len);
	for (int t = 0; t < CUE_N_TABLE; t++)
		for (size_t i = 0; i < c->table[t].n; i++)
			cue_define(out, (enum cue_table)t,
				   t == CUE_WORD ? c->families[i] : 0,
				   c->table[t].text[i]);
	for (size_t i = 0; i < c->n_item; i++) {
		const struct cue_item *it = &c->item[i];

		nli_buf_addc(out, 'I');
		for (int b = 0; b < 8; b++)
			nli_buf_addc(out, (char)(it->group >> 8 * b));
		cue_put(out, it->label);
		cue_put(out, it->stratum);
		cue_put(out, it->bits);
		cue_put(out, it->words);
		cue_put(out, it->shared);
		cue_put(out, it->n_tag);
		for (size_t k = 0; k < it->n_tag; k++)
			cue_put(out, c->tag[tag++]);
		cue_put(out, it->tok_end - tok);
		for (; tok < it->tok_end; tok++)
			cue_put(out, c->tok[tok]);
	}
	save_counts(c, out);
	sum = nli_hash128(out->data + start, out->len - start);
	for (int b = 0; b < 16; b++)
		nli_buf_addc(out, (char)((b < 8 ? sum.lo : sum.hi) >> 8 * (b & 7)));
}

/* The line that begins a saved store, if its checksum holds. */
static int open_saved(struct nli_str saved, struct nli_str *head, struct nli_err *err)
{
	const char *lf = saved.len > 16 ? memchr(saved.s, '\n', saved.len - 16) : NULL;
	struct nli_hash128 sum;
	const char *end;

	if (!lf || memcmp(saved.s, "{\"format\":\"nli-cues\"", 20))
		return nli_fail(
			err, NLI_EDATA,
			"not counts saved by nli-cues --partial, wanted such a file");
	*head = (struct nli_str){ saved.s, (size_t)(lf - saved.s) + 1 };
	end = saved.s + saved.len - 16;
	sum = nli_hash128(saved.s, saved.len - 16);
	for (int b = 0; b < 16; b++)
		if (end[b] != (char)((b < 8 ? sum.lo : sum.hi) >> 8 * (b & 7)))
			return nli_fail(err, NLI_EDATA,
					"saved counts are damaged: the checksum differs");
	return 0;
}

int nli_cues_load(struct nli_cues *c, struct nli_str saved, struct nli_err *err)
{
	struct cue_numbering from = { 0 };
	struct walk w = { .c = c, .from = &from, .err = err };
	struct nli_str head = { NULL, 0 };
	int rc = open_saved(saved, &head, err);

	if (rc)
		return rc;
	if (!nli_str_eq(head, nli_buf_str(&c->head)))
		return nli_fail(err, NLI_EDATA,
				"counts of %.*s, wanted those of %.*s: "
				"give --merge the options that --partial had",
				(int)head.len - 1, head.s, (int)c->head.len - 1,
				c->head.data);
	w.at = (const unsigned char *)saved.s + head.len;
	w.end = (const unsigned char *)saved.s + saved.len - 16;
	rc = take_all(&w);
	free_numbering(&from);
	return rc;
}
