/* seen.c - one record, with whatever the tools added to it, into a tally. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/show/seen.h"
#include "lib/text/norm.h"
#include "lib/text/token.h"

enum { MOST_WORDS = 99, SET_MAX = 4096 };

/* The words of a premise as a set of hashes, emptied by a new stamp. */
struct word_set {
	uint64_t *hash;
	uint32_t *stamp;
	uint32_t now;
	size_t cap;
};

struct nli_tally_scratch {
	struct nli_tokenizer *tokens;
	struct nli_buf fold;
	struct word_set words;
};

struct nli_tally_scratch *nli_seen_scratch_new(void)
{
	struct nli_tally_scratch *s = nli_xcalloc(1, sizeof(*s));

	s->tokens = nli_tokenizer_new();
	return s;
}

void nli_seen_scratch_free(struct nli_tally_scratch *s)
{
	nli_tokenizer_free(s->tokens);
	nli_buf_release(&s->fold);
	free(s->words.hash);
	free(s->words.stamp);
	free(s);
}

static void empty_set(struct word_set *w, size_t n)
{
	size_t cap = w->cap ? w->cap : 256;

	while (cap < 2 * n)
		cap *= 2;
	if (cap > w->cap || ++w->now == 0) {
		free(w->hash);
		free(w->stamp);
		w->hash = nli_xcalloc(cap, sizeof(*w->hash));
		w->stamp = nli_xcalloc(cap, sizeof(*w->stamp));
		w->now = 1;
		w->cap = cap;
	}
}

/* Whether h is in the set; it is from now on, if add. */
static bool in_set(struct word_set *w, uint64_t h, bool add)
{
	size_t at = h & (w->cap - 1);

	for (; w->stamp[at] == w->now; at = (at + 1) & (w->cap - 1))
		if (w->hash[at] == h)
			return true;
	if (add) {
		w->hash[at] = h;
		w->stamp[at] = w->now;
	}
	return false;
}

static const struct nli_token *words_of(struct nli_tally_scratch *s, struct nli_str text,
					size_t *n)
{
	nli_buf_clear(&s->fold);
	nli_text_fold(text, &s->fold);
	return nli_tokenize(s->tokens, nli_buf_str(&s->fold), n);
}

static void hold_premise(struct nli_tally_scratch *s, struct nli_str premise)
{
	const struct nli_token *k;
	size_t n;

	k = words_of(s, premise, &n);
	if (n > SET_MAX)
		n = SET_MAX; /* a premise this long holds nearly every word */
	empty_set(&s->words, n);
	for (size_t i = 0; i < n; i++)
		if (k[i].kind != NLI_TOKEN_PUNCT)
			in_set(&s->words, nli_hash(s->fold.data + k[i].off, k[i].len, 0),
			       true);
}

/* Words of a text, and how many of them the premise has: papers.md, "Definitions". */
static void measure(struct nli_tally *t, size_t side, struct nli_str text)
{
	struct nli_tally_scratch *s = t->scratch;
	size_t n, words = 0, found = 0;
	const struct nli_token *k = words_of(s, text, &n);

	for (size_t i = 0; i < n; i++) {
		if (k[i].kind == NLI_TOKEN_PUNCT)
			continue;
		words++;
		found += in_set(&s->words, nli_hash(s->fold.data + k[i].off, k[i].len, 0),
				false);
	}
	nli_tally_count(t, NLI_COUNT_LENGTH, side,
			words < MOST_WORDS ? words : MOST_WORDS, 0, 0, 1);
	if (words)
		nli_tally_count(t, NLI_COUNT_OVERLAP, side, found * 10 / words, 0, 0, 1);
}

static void measure_texts(struct nli_tally *t, const struct nli_record *r, size_t label)
{
	hold_premise(t->scratch, r->premise);
	if (r->task != NLI_TASK_CHOICE) {
		measure(t,
			label ? nli_tally_value(t, NLI_DIM_SIDE, r->label)
			      : NLI_VALUE_NONE,
			r->hypothesis);
		return;
	}
	for (size_t i = 0; i < r->n_choice && r->answer >= 0; i++)
		measure(t,
			nli_tally_value(t, NLI_DIM_SIDE,
					(int)i == r->answer ? NLI_STR("right answer")
							    : NLI_STR("wrong answer")),
			r->choice[i]);
}

static const nli_jval *member(const struct nli_record *r, const char *name)
{
	const struct nli_member *m = nli_object_find(&r->obj, name);

	return m && nli_jtype(m->val) == NLI_J_OBJECT ? m->val : NULL;
}

static void order_of(const struct nli_tally *t, struct nli_str what, struct nli_str id,
		     uint64_t order[2])
{
	order[0] = nli_mix(nli_hash(what.s, what.len, t->seed));
	order[1] = nli_mix(nli_hash(id.s, id.len, t->seed));
}

static void sample(struct nli_tally *t, enum nli_sample_kind kind, size_t value,
		   const struct nli_record *r, struct nli_str what)
{
	uint64_t order[2];

	order_of(t, what, r->id, order);
	nli_tally_sample(t, kind, value, order, r->obj.line);
}

static size_t twentieth(double v)
{
	return v <= 0 ? 0 : v >= 1 ? 19 : (size_t)(v * 20);
}

static void count_probabilities(struct nli_tally *t, const nli_jval *p,
				struct nli_str gold, size_t label, bool right)
{
	struct nli_jiter it = nli_jiter(p);
	double most = -1, v;
	size_t bin;

	while (nli_jnext(&it)) {
		if (!nli_jreal(it.val, &v) || v < 0 || v > 1)
			return;
		if (v > most)
			most = v;
		if (nli_str_eq(it.key, gold))
			nli_tally_count(t, NLI_COUNT_GOLD_P, label, twentieth(v), 0, 0,
					1);
	}
	if (most < 0)
		return;
	bin = twentieth(most);
	nli_tally_count(t, NLI_COUNT_BIN, bin, 0, 0, 0, 1);
	nli_tally_count(t, NLI_COUNT_BIN_RIGHT, bin, 0, 0, 0, right);
	nli_tally_count(t, NLI_COUNT_BIN_SUM, bin, 0, 0, 0,
			(uint64_t)llround(most * 1e9));
}

/* Beyond MOST a sum of squares could leave 64 bits: no weight of nli-hyponly's is there. */
static void count_weights(struct nli_tally *t, const nli_jval *h, size_t label)
{
	static const double MOST = 1000;
	double w, f;

	if (!nli_jreal(nli_jget(h, "weight"), &w) ||
	    !nli_jreal(nli_jget(h, "focal_weight"), &f) || !(w >= 0 && w < MOST) ||
	    !(f >= 0 && f < MOST))
		return;
	nli_tally_count(t, NLI_COUNT_WEIGHT, label, NLI_WEIGHT_N, 0, 0, 1);
	nli_tally_count(t, NLI_COUNT_WEIGHT, label, NLI_WEIGHT_SUM, 0, 0,
			(uint64_t)llround(w * 1e6));
	nli_tally_count(t, NLI_COUNT_WEIGHT, label, NLI_WEIGHT_SQUARES, 0, 0,
			(uint64_t)llround(w * w * 1e6));
	nli_tally_count(t, NLI_COUNT_WEIGHT, label, NLI_FOCAL_SUM, 0, 0,
			(uint64_t)llround(f * 1e6));
	nli_tally_count(t, NLI_COUNT_WEIGHT, label, NLI_FOCAL_SQUARES, 0, 0,
			(uint64_t)llround(f * f * 1e6));
}

static enum nli_blind count_hyponly(struct nli_tally *t, const struct nli_record *r,
				    struct nli_str gold, size_t label)
{
	const nli_jval *h = member(r, "hyponly");
	const struct nli_str pred = nli_jstr(nli_jget(h, "pred"));
	bool right;
	double pvi;

	if (!h || !pred.s || !gold.s)
		return NLI_BLIND_UNSCORED;
	t->members |= NLI_SEEN_HYPONLY;
	t->scored++;
	right = nli_str_eq(pred, gold);
	nli_tally_count(t, NLI_COUNT_CONFUSION, label,
			nli_tally_value(t, NLI_DIM_PRED, pred), 0, 0, 1);
	count_probabilities(t, nli_jget(h, "p"), gold, label, right);
	count_weights(t, h, label);
	if (nli_jreal(nli_jget(h, "pvi"), &pvi) && fabs(pvi) < 1e6) {
		t->pvi_n++;
		t->pvi_sum += llround(pvi * 1e6);
	}
	nli_tally_count(t, NLI_COUNT_LEVEL, label, right ? NLI_EASY : NLI_HARD, 0, 0, 1);
	sample(t, right ? NLI_SAMPLE_EASY : NLI_SAMPLE_HARD, label, r,
	       r->key.s ? r->key : r->id);
	return right ? NLI_BLIND_RIGHT : NLI_BLIND_WRONG;
}

static void count_stratum(struct nli_tally *t, size_t dim, struct nli_str value,
			  size_t label, enum nli_blind state)
{
	if (dim < NLI_DIM_MAX && value.s)
		nli_tally_count(t, NLI_COUNT_STRATUM, dim, nli_tally_value(t, dim, value),
				label, state, 1);
}

static void count_meta(struct nli_tally *t, const nli_jval *meta, size_t label,
		       enum nli_blind state)
{
	struct nli_jiter it = nli_jiter(meta);

	while (nli_jnext(&it)) {
		const enum nli_jtype type = nli_jtype(it.val);
		const size_t dim = nli_tally_dim(t, it.key);
		struct nli_jiter each;

		if (type == NLI_J_STRING || type == NLI_J_NUMBER)
			count_stratum(t, dim, nli_jstr(it.val), label, state);
		else if (type == NLI_J_BOOL)
			count_stratum(t, dim,
				      nli_jbool(it.val) ? NLI_STR("true")
							: NLI_STR("false"),
				      label, state);
		else if (type == NLI_J_ARRAY)
			for (each = nli_jiter(it.val); nli_jnext(&each);)
				count_stratum(t, dim, nli_jstr(each.val), label, state);
	}
}

static void count_rollouts(struct nli_tally *t, const nli_jval *v)
{
	int64_t n, solved;

	if (!nli_jint(nli_jget(v, "n"), &n) ||
	    !nli_jint(nli_jget(v, "solved"), &solved) || n < 1 || solved < 0 ||
	    solved > n)
		return;
	if (n > NLI_ROLLED_MAX) {
		const double rate = (double)solved / (double)n;
		const int64_t near = llround(rate * NLI_ROLLED_MAX);

		/* None and all are told from nearly none and nearly all. */
		solved =
			near + (!near && solved) - (near == NLI_ROLLED_MAX && solved < n);
		n = NLI_ROLLED_MAX;
	}
	t->members |= NLI_SEEN_ROLLOUTS;
	nli_tally_count(t, NLI_COUNT_ROLLED, (size_t)n, (size_t)solved, 0, 0, 1);
}

static void count_filter(struct nli_tally *t, const struct nli_record *r, size_t label)
{
	const nli_jval *f = member(r, "filter");
	const bool keep = nli_jbool(nli_jget(f, "keep"));
	struct nli_jiter it = nli_jiter(nli_jget(f, "reasons"));
	size_t n = 0;

	if (!f)
		return;
	t->members |= NLI_SEEN_FILTER;
	for (; nli_jnext(&it); n++) {
		const struct nli_str why = nli_jstr(it.val);
		const size_t reason = nli_tally_value(t, NLI_DIM_REASON, why);

		nli_tally_count(t, NLI_COUNT_FILTER, reason, label, keep, 0, 1);
		if (!keep)
			sample(t, NLI_SAMPLE_DROPPED, reason, r, r->id);
	}
	count_rollouts(t, nli_jget(nli_jget(f, "scores"), "rollouts"));
	nli_tally_count(t, NLI_COUNT_FILTER_N, n < 9 ? n : 9, keep, 0, 0, 1);
}

static void count_truth(struct nli_tally *t, const struct nli_record *r,
			struct nli_str gold, size_t label)
{
	const nli_jval *f = member(r, "truth");
	const struct nli_str inferred = nli_jstr(nli_jget(f, "label"));
	const size_t votes = nli_jlen(r->annotations);
	double agreement, margin, p;

	if (votes) {
		t->with_votes++;
		nli_tally_count(t, NLI_COUNT_VOTES, votes < 99 ? votes : 99, 0, 0, 0, 1);
	}
	if (!f || !inferred.s)
		return;
	t->members |= NLI_SEEN_TRUTH;
	t->with_truth++;
	if (nli_jreal(nli_jget(f, "agreement"), &agreement) && agreement >= 0 &&
	    agreement <= 1)
		nli_tally_count(t, NLI_COUNT_AGREEMENT, label, (size_t)(agreement * 10),
				0, 0, 1);
	for (struct nli_jiter it = nli_jiter(nli_jget(f, "p")); nli_jnext(&it);)
		if (nli_str_eq(it.key, inferred) && nli_jreal(it.val, &p))
			nli_tally_count(t, NLI_COUNT_POSTERIOR, twentieth(p), 0, 0, 0, 1);
	if (gold.s)
		nli_tally_count(t, NLI_COUNT_TRUTH, label,
				nli_tally_value(t, NLI_DIM_PRED, inferred), 0, 0, 1);
	if (nli_jreal(nli_jget(f, "margin"), &margin) && margin < 0.5)
		sample(t, NLI_SAMPLE_DISPUTED, NLI_VALUE_NONE, r, r->id);
}

static enum nli_proof proof_of(const nli_jval *a, size_t label)
{
	const nli_jval *proved = nli_jget(a, "proved");

	if (nli_jbool(nli_jget(a, "need_label")))
		return NLI_PROOF_OPEN;
	if (nli_jtype(proved) != NLI_J_BOOL)
		return NLI_PROOF_UNSAID;
	return nli_jbool(proved)         ? NLI_PROOF_PROVED
	       : label == NLI_VALUE_NONE ? NLI_PROOF_OPEN
					 : NLI_PROOF_ASSUMED;
}

static void count_adversarial(struct nli_tally *t, const struct nli_record *r,
			      size_t label, enum nli_blind state)
{
	const nli_jval *a = member(r, "adversarial");
	const struct nli_str method = nli_jstr(nli_jget(a, "method")),
			     rule = nli_jstr(nli_jget(a, "rule"));
	const enum nli_proof proof = proof_of(a, label);
	size_t value;

	if (!a)
		return;
	t->members |= NLI_SEEN_ADVERSARIAL;
	value = nli_tally_value(t, NLI_DIM_METHOD, method);
	nli_tally_count(t, NLI_COUNT_ADVERSARIAL, value, label, proof, 0, 1);
	nli_tally_count(t, NLI_COUNT_STRATUM, NLI_DIM_METHOD, value, label, state, 1);
	if (rule.s)
		nli_tally_count(t, NLI_COUNT_MADE_RULE,
				nli_tally_value(t, NLI_DIM_RULE, rule), label, proof,
				value, 1);
	sample(t, NLI_SAMPLE_ADVERSARIAL, value, r, r->id);
}

/* The native id stands behind the last "/" (DESIGN.md, section 1). */
static void watch(struct nli_tally *t, const struct nli_record *r, enum nli_twin twin)
{
	struct nli_str id = r->id;
	ptrdiff_t at;

	for (size_t i = id.len; i-- > 0;)
		if (id.s[i] == '/') {
			id = (struct nli_str){ id.s + i + 1, id.len - i - 1 };
			break;
		}
	at = t->watch ? nli_intern_find(t->watch, id) : NLI_INTERN_NONE;
	if (at >= 0)
		nli_tally_count(t, NLI_COUNT_WATCHED, (size_t)at, twin, 0, 0, 1);
}

static void count_twin(struct nli_tally *t, const struct nli_record *r,
		       enum nli_twin twin)
{
	nli_tally_count(t, NLI_COUNT_DEDUP, twin, 0, 0, 0, 1);
	watch(t, r, twin);
}

/* Not null, false or empty. */
static bool is_said(const nli_jval *v)
{
	switch (nli_jtype(v)) {
	case NLI_J_BOOL:
		return nli_jbool(v);
	case NLI_J_ARRAY:
	case NLI_J_OBJECT:
		return nli_jlen(v) > 0;
	default:
		return nli_jtype(v) > NLI_J_NULL;
	}
}

/* Members of one cluster are shown together, so they are chosen by the cluster's hash. */
static void count_dedup(struct nli_tally *t, const struct nli_record *r)
{
	const nli_jval *f = member(r, "dedup");
	const struct nli_str cluster = nli_jstr(nli_jget(f, "cluster"));
	const struct nli_str what = cluster.s ? cluster : r->key;
	int64_t size = 1;

	if (!f)
		return;
	t->members |= NLI_SEEN_DEDUP;
	nli_jint(nli_jget(f, "size"), &size);
	if (size > 1) {
		count_twin(t, r,
			   nli_str_is(nli_jstr(nli_jget(f, "kind")), "near")
				   ? NLI_TWIN_NEAR
				   : NLI_TWIN_EXACT);
		sample(t, NLI_SAMPLE_TWIN, NLI_VALUE_NONE, r, what);
	}
	if (nli_str_is(nli_jstr(nli_jget(f, "kind")), "edit"))
		count_twin(t, r, NLI_TWIN_EDIT);
	if (is_said(nli_jget(f, "conflict"))) {
		count_twin(t, r, NLI_TWIN_CONFLICT);
		sample(t, NLI_SAMPLE_CONFLICT, NLI_VALUE_NONE, r, what);
	}
	if (is_said(nli_jget(f, "overlap")))
		count_twin(t, r, NLI_TWIN_AGAINST);
	if (is_said(nli_jget(f, "self_pair")))
		count_twin(t, r, NLI_TWIN_SELF);
}

static void share_text(struct nli_tally *t, enum nli_share_kind kind, struct nli_str s,
		       uint32_t parts)
{
	if (s.len)
		nli_shared_add(&t->shared[kind], nli_tally_shared_hash(kind, s), parts);
}

static void share_texts(struct nli_tally *t, const struct nli_record *r, uint32_t parts)
{
	if (!parts)
		return;
	share_text(t, NLI_SHARE_PREMISE, r->premise, parts);
	share_text(t, NLI_SHARE_HYPOTHESIS, r->hypothesis, parts);
	share_text(t, NLI_SHARE_PAIR, r->key, parts);
	share_text(t, NLI_SHARE_GROUP, r->group, parts);
}

void nli_tally_add(struct nli_tally *t, const struct nli_record *r)
{
	const struct nli_member *from = nli_object_find(&r->obj, "source_split");
	static const char *const task[] = { "nli", "nli2", "choice" };
	const struct nli_str tasks = nli_str_of(task[r->task]);
	char num[12];
	const struct nli_str gold = nli_record_gold(r, num);
	const size_t label = nli_tally_value(t, NLI_DIM_LABEL, gold);
	const size_t split = nli_tally_value(t, NLI_DIM_SPLIT, r->split);
	size_t source = NLI_VALUE_NONE;
	enum nli_blind state;

	t->n++;
	if (t->keep_keys)
		nli_tally_key(t,
			      nli_hash(r->key.s ? r->key.s : r->id.s,
				       r->key.s ? r->key.len : r->id.len, 0),
			      nli_hash(gold.s, gold.len, 0));
	nli_tally_count(t, NLI_COUNT_RECORDS,
			nli_tally_value(t, NLI_DIM_CORPUS, r->corpus), split, label,
			nli_tally_value(t, NLI_DIM_TASK, tasks), 1);
	nli_tally_count(t, NLI_COUNT_LANG, nli_tally_value(t, NLI_DIM_LANG, r->lang),
			label, 0, 0, 1);
	if (from) {
		source = nli_tally_value(t, NLI_DIM_SOURCE_SPLIT, nli_jstr(from->val));
		nli_tally_count(t, NLI_COUNT_MOVED, source, split, 0, 0, 1);
	}
	share_texts(t, r, nli_tally_part(split, false) | nli_tally_part(source, true));
	state = count_hyponly(t, r, gold, label);
	count_stratum(t, NLI_DIM_LANG, r->lang, label, state);
	count_stratum(t, NLI_DIM_CORPUS, r->corpus, label, state);
	count_stratum(t, NLI_DIM_SPLIT, r->split, label, state);
	count_meta(t, r->meta, label, state);
	count_filter(t, r, label);
	count_truth(t, r, gold, label);
	count_adversarial(t, r, label, state);
	count_dedup(t, r);
	measure_texts(t, r, label);
}
