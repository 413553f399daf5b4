/* cuebalance.c - see cuebalance.h. */
#include "lib/model/cuebalance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/balance.h"
#include "lib/model/cueresult.h"

/* Families of nli-cues that are no family of words; tags are named by their field. */
static const char *const other_families[] = { "word",        "bigram",  "length",
					      "containment", "capital", "punctuation" };

static bool is_family(struct nli_str name)
{
	bool is = nli_str_is(name, "all");

	for (size_t i = 0; i < sizeof(other_families) / sizeof(*other_families); i++)
		is |= nli_str_is(name, other_families[i]);
	for (int f = 0; f < NLI_N_FAMILY; f++)
		is |= nli_str_is(name, nli_family_name((enum nli_family)f));
	return is;
}

const char *nli_cue_families_check(const char *families)
{
	for (const char *at = families;; at++) {
		const struct nli_str name = { at, strcspn(at, ",") };

		if (!is_family(name))
			return "all, or families as nli-cues names them: word, bigram, "
			       "length, containment, capital, punctuation, negation, "
			       "quantifier, number...";
		at += name.len;
		if (!*at)
			return NULL;
	}
}

/* Slack of a cue that is listed again, to what it was; that of the labels' own shares. */
static const double TIGHTER = 0.8, LABELS = 1;

/* A feature that is held, in the order of being found. */
struct held {
	const struct nli_cues *c;
	const struct nli_cue_balance_args *a;
	struct nli_map64 at[CUE_N_SPACE]; /* its words or trait, to its number + 1 */
	size_t n;
	double *price; /* (n, n_label) */
	double *slack; /* (n,) */
	size_t price_cap, slack_cap;
	size_t n_label;
	/*
	 * Items in an order drawn from their keys: the sums, to their last digit, then
	 * do not depend on the order of the input.  (n_item,) each, in that order.
	 */
	uint32_t *item;
	uint8_t *label; /* by text */
	bool *own;
	uint64_t *chance;
	double share[NLI_CUES_MAX_LABEL];
};

static bool chosen(const struct held *h, struct nli_str family)
{
	for (const char *at = h->a->families;; at++) {
		const struct nli_str name = { at, strcspn(at, ",") };

		if (nli_str_is(name, "all") || nli_str_eq(name, family))
			return true;
		at += name.len;
		if (!*at)
			return false;
	}
}

/* A cue that was held and is listed all the same is held tighter. */
static void hold(struct held *h, const struct cue_row *row, bool listed)
{
	bool fresh;
	uint64_t *at = nli_map64_put(&h->at[row->space], (uint64_t)row->a << 32 | row->b,
				     &fresh);

	if (!fresh) {
		if (listed)
			h->slack[*at - 1] *= TIGHTER;
		return;
	}
	*at = ++h->n;
	nli_grow(&h->slack, &h->slack_cap, h->n + 1, sizeof(*h->slack));
	h->slack[h->n - 1] = h->a->slack;
	nli_grow(&h->price, &h->price_cap, h->n * h->n_label, sizeof(*h->price));
	for (size_t y = 0; y < h->n_label; y++)
		h->price[(h->n - 1) * h->n_label + y] = 0;
}

/* Hold what is a cue in r, or nearly; returns how many cues are listed. */
static uint64_t hold_cues(struct held *h, const struct nli_cues_result *r)
{
	uint64_t listed = 0;

	/* In the order of the report, which is that of names: not of the input. */
	for (size_t i = 0; i < r->n_row; i++) {
		const struct cue_row *row = r->sorted[i];
		const bool is = row->q[NLI_BENJAMINI_HOCHBERG] <= h->a->q;

		if ((!is && fabs(row->z) < h->a->from) || !chosen(h, cue_family(r, row)))
			continue;
		listed += is;
		hold(h, row, is);
	}
	return listed;
}

/* The features that are held of item i, each once; last is (n,) the item that had it last + 1. */
static size_t held_of(const struct held *h, size_t i, uint32_t *last, uint32_t **to,
		      size_t *cap)
{
	const struct nli_cues *c = h->c;
	const uint64_t from = i ? c->item[i - 1].tok_end : 0, end = c->item[i].tok_end;
	uint32_t trait[CUE_N_TRAIT];
	const size_t n_trait = cue_traits(&c->item[i], trait);
	size_t n = 0;

	nli_grow(to, cap, 2 * (size_t)(end - from) + n_trait, sizeof(**to));
	for (uint64_t k = from; k < end + n_trait; k++) {
		const bool is_trait = k >= end;
		const uint64_t first = is_trait ? trait[k - end] : c->tok[k];
		const uint64_t *at[2] = {
			nli_map64_get(&h->at[is_trait ? CUE_TRAITS : CUE_WORDS],
				      first << 32),
			k + 1 < end ? nli_map64_get(&h->at[CUE_PAIRS],
						    first << 32 | c->tok[k + 1])
				    : NULL
		};

		for (size_t t = 0; t < 2; t++)
			if (at[t] && last[*at[t] - 1] != i + 1) {
				last[*at[t] - 1] = (uint32_t)(i + 1);
				(*to)[n++] = (uint32_t)*at[t] - 1;
			}
	}
	return n;
}

/* Lists of items by feature.  The last feature is that of all items: it keeps the labels' shares. */
static void list_items(const struct held *h, size_t **start, uint32_t **rec)
{
	const size_t n_item = h->c->n_item;
	uint32_t *last = nli_xcalloc(h->n + 1, sizeof(*last));
	uint32_t *of = NULL;
	size_t cap = 0, *at;

	*start = nli_xcalloc(h->n + 3, sizeof(**start));
	at = *start + 1; /* one further: filling moves it to where it belongs */
	for (size_t i = 0; i < n_item; i++)
		for (size_t n = held_of(h, h->item[i], last, &of, &cap); n--;)
			at[of[n] + 1]++;
	at[h->n + 1] = n_item;
	for (size_t f = 0; f <= h->n; f++)
		at[f + 1] += at[f];
	*rec = nli_xmalloc(at[h->n + 1], sizeof(**rec));
	memset(last, 0, (h->n + 1) * sizeof(*last));
	for (size_t i = 0; i < n_item; i++) {
		for (size_t n = held_of(h, h->item[i], last, &of, &cap); n--;)
			(*rec)[at[of[n]]++] = (uint32_t)i;
		(*rec)[at[h->n]++] = (uint32_t)i;
	}
	free(last);
	free(of);
}

static void solve(struct held *h, bool *keep, double *bound)
{
	size_t *start;
	uint32_t *rec;
	struct nli_balanced r = { 0 };

	list_items(h, &start, &rec);
	nli_grow(&h->slack, &h->slack_cap, h->n + 1, sizeof(*h->slack));
	h->slack[h->n] = LABELS;
	r.price = nli_xcalloc((h->n + 1) * h->n_label, sizeof(*r.price));
	if (h->n)
		memcpy(r.price, h->price, h->n * h->n_label * sizeof(*r.price));
	nli_balance_solve(&(struct nli_balance){ .n = h->c->n_item,
						 .n_label = h->n_label,
						 .n_feat = h->n + 1,
						 .label = h->label,
						 .own = h->own,
						 .chance = h->chance,
						 .share = h->share,
						 .start = start,
						 .rec = rec,
						 .slack = h->slack },
			  &r);
	if (h->n)
		memcpy(h->price, r.price, h->n * h->n_label * sizeof(*r.price));
	for (size_t i = 0; i < h->c->n_item; i++)
		keep[h->item[i]] = r.keep[i];
	*bound = r.bound;
	nli_balanced_release(&r);
	free(start);
	free(rec);
}

/* A store of the items that stay; borrows all else from c. */
struct subset {
	struct nli_cues c;
	size_t n_tag;
};

static void subset_open(struct subset *s, const struct nli_cues *c, const bool *keep)
{
	uint64_t from = 0;
	size_t tag = 0;

	s->c = *c;
	s->c.item = nli_xmalloc(c->n_item, sizeof(*s->c.item));
	s->c.tok = nli_xmalloc(c->n_tok, sizeof(*s->c.tok));
	s->c.tag = nli_xmalloc(c->n_tag, sizeof(*s->c.tag));
	s->c.n_item = s->c.n_tok = s->c.n_tag = 0;
	for (size_t i = 0; i < c->n_item; i++) {
		const size_t n = (size_t)(c->item[i].tok_end - from);

		if (keep[i]) {
			memcpy(s->c.tok + s->c.n_tok, c->tok + from, n * sizeof(*c->tok));
			s->c.n_tok += n;
			if (c->item[i].n_tag)
				memcpy(s->c.tag + s->c.n_tag, c->tag + tag,
				       c->item[i].n_tag * sizeof(*c->tag));
			s->c.n_tag += c->item[i].n_tag;
			s->c.item[s->c.n_item] = c->item[i];
			s->c.item[s->c.n_item++].tok_end = s->c.n_tok;
		}
		from = c->item[i].tok_end;
		tag += c->item[i].n_tag;
	}
}

static void subset_close(struct subset *s)
{
	free(s->c.item);
	free(s->c.tok);
	free(s->c.tag);
}

/* The cues of what stays, counted and held. */
static int look(struct held *h, const bool *keep, struct nli_cue_balance_round *round,
		struct nli_err *err)
{
	struct nli_cues_result *r;
	struct subset s;
	int rc;

	subset_open(&s, h->c, keep);
	rc = nli_cues_compute(&s.c, &h->a->params, &r, err);
	if (!rc) {
		round->listed = hold_cues(h, r);
		round->held = h->n;
		nli_cues_result_free(r);
	}
	subset_close(&s);
	for (size_t i = 0; i < h->c->n_item; i++) {
		round->kept += keep[i] && h->a->own[i];
		round->added += keep[i] && !h->a->own[i];
	}
	return rc;
}

struct drawn {
	uint64_t chance;
	uint32_t item;
	uint8_t label;
};

static int by_chance(const void *a, const void *b)
{
	const struct drawn *x = a, *y = b;

	if (x->chance != y->chance)
		return x->chance < y->chance ? -1 : 1;
	if (x->label != y->label)
		return x->label < y->label ? -1 : 1;
	return x->item < y->item ? -1 : x->item > y->item;
}

static void order_items(struct held *h)
{
	const size_t n = h->c->n_item;
	struct drawn *d = nli_xmalloc(n, sizeof(*d));
	struct cue_name *names = cue_names(&h->c->table[CUE_LABEL]);
	uint8_t rank[NLI_CUES_MAX_LABEL] = { 0 };

	h->n_label = h->c->table[CUE_LABEL].n;
	for (size_t y = 0; y < h->n_label; y++)
		rank[names[y].id] = (uint8_t)y;
	for (uint32_t i = 0; i < n; i++)
		d[i] = (struct drawn){ h->a->chance[i], i, rank[h->c->item[i].label] };
	if (n)
		qsort(d, n, sizeof(*d), by_chance);
	h->item = nli_xmalloc(n, sizeof(*h->item));
	h->label = nli_xmalloc(n, sizeof(*h->label));
	h->own = nli_xmalloc(n, sizeof(*h->own));
	h->chance = nli_xmalloc(n, sizeof(*h->chance));
	for (size_t i = 0; i < n; i++) {
		h->item[i] = d[i].item;
		h->label[i] = d[i].label;
		h->own[i] = h->a->own[d[i].item];
		h->chance[i] = d[i].chance;
	}
	free(names);
	free(d);
}

/* The labels' shares among the records that are there. */
static int share_labels(struct held *h, struct nli_err *err)
{
	uint64_t n = 0, of[NLI_CUES_MAX_LABEL] = { 0 };
	size_t labels = 0;

	for (size_t i = 0; i < h->c->n_item; i++) {
		of[h->label[i]] += h->own[i];
		n += h->own[i];
	}
	for (size_t y = 0; y < h->n_label; y++) {
		h->share[y] = n ? (double)of[y] / (double)n : 0;
		labels += of[y] > 0;
	}
	return labels > 1 ? 0
			  : nli_fail(err, NLI_EDATA,
				     "%zu different labels, wanted at least two", labels);
}

int nli_cue_balance(const struct nli_cues *c, const struct nli_cue_balance_args *a,
		    struct nli_cue_balance *out, struct nli_err *err)
{
	struct held h = { .c = c, .a = a };
	int rc;

	memset(out, 0, sizeof(*out));
	out->keep = nli_xcalloc(c->n_item, sizeof(*out->keep));
	if (c->n_item)
		memcpy(out->keep, a->own, c->n_item * sizeof(*out->keep));
	order_items(&h);
	rc = share_labels(&h, err);
	if (!rc)
		rc = look(&h, out->keep, &out->round[out->n_round++], err);
	out->round[0].bound = (double)out->round[0].kept;
	while (!rc && out->round[out->n_round - 1].held &&
	       out->n_round < NLI_CUE_BALANCE_ROUNDS) {
		struct nli_cue_balance_round *round = &out->round[out->n_round++];

		solve(&h, out->keep, &round->bound);
		rc = look(&h, out->keep, round, err);
		if (!round->listed)
			break;
	}
	for (size_t s = 0; s < CUE_N_SPACE; s++)
		nli_map64_release(&h.at[s]);
	free(h.price);
	free(h.slack);
	free(h.item);
	free(h.label);
	free(h.own);
	free(h.chance);
	return rc;
}

void nli_cue_balance_release(struct nli_cue_balance *b)
{
	free(b->keep);
	memset(b, 0, sizeof(*b));
}
