/* filter_text.c - rules that read the texts: length, overlap, cues. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/map.h"
#include "lib/base/mem.h"
#include "lib/io/lines.h"
#include "lib/model/filter_rules.h"

static bool is_word(struct nli_token t)
{
	return t.kind != NLI_TOKEN_PUNCT;
}

static uint64_t count_words(struct nli_judge *j, struct nli_str text)
{
	size_t n;
	const struct nli_token *t = nli_tokenize(nli_judge_tokenizer(j), text, &n);
	uint64_t words = 0;

	for (size_t i = 0; i < n; i++)
		words += is_word(t[i]);
	return words;
}

static int judge_words(const struct nli_rule *u, struct nli_judge *j,
		       const struct nli_str *text, size_t n, const char *score)
{
	int ruling = NLI_RULE_PASS;

	if (!n || !text[0].s)
		return NLI_RULE_UNKNOWN;
	for (size_t i = 0; i < n; i++) {
		const uint64_t words = count_words(j, text[i]);

		if ((double)words < u->p[0].lo || (double)words > u->p[0].hi)
			ruling = NLI_RULE_HIT;
		if (n == 1) {
			nli_jw_key(&j->scores, score);
			nli_jw_u64(&j->scores, words);
		}
	}
	return ruling;
}

/* Of choices, each counts. */
static int judge_length(const struct nli_rule *u, struct nli_judge *j,
			struct nli_err *err)
{
	(void)err;
	if (j->r->task == NLI_TASK_CHOICE)
		return judge_words(u, j, j->r->choice, j->r->n_choice, "length");
	return judge_words(u, j, &j->r->hypothesis, 1, "length");
}

static int judge_premise_length(const struct nli_rule *u, struct nli_judge *j,
				struct nli_err *err)
{
	(void)err;
	return judge_words(u, j, &j->r->premise, 1, "premise_length");
}

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* The distinct words of a text as sorted hashes in a slot; returns how many. */
static size_t word_set(struct nli_judge *j, int slot, struct nli_str text, uint64_t **set)
{
	const struct nli_str folded = nli_judge_fold(j, slot, text);
	size_t n, m = 0, distinct = 0;
	const struct nli_token *t = nli_tokenize(nli_judge_tokenizer(j), folded, &n);
	uint64_t *h = nli_judge_hashes(j, slot, n + 1);

	for (size_t i = 0; i < n; i++)
		if (is_word(t[i]))
			h[m++] = nli_hash(folded.s + t[i].off, t[i].len, 0);
	qsort(h, m, sizeof(*h), by_value);
	for (size_t i = 0; i < m; i++)
		if (!i || h[i] != h[i - 1])
			h[distinct++] = h[i];
	*set = h;
	return distinct;
}

/* Share of the distinct words of the hypothesis that stand in the premise. */
static int judge_overlap(const struct nli_rule *u, struct nli_judge *j,
			 struct nli_err *err)
{
	uint64_t *a, *b;
	size_t n_a, n_b, both = 0;
	double share;

	(void)err;
	if (!j->r->premise.s || !j->r->hypothesis.s)
		return NLI_RULE_UNKNOWN;
	n_a = word_set(j, 0, j->r->hypothesis, &a);
	n_b = word_set(j, 1, j->r->premise, &b);
	if (!n_a)
		return NLI_RULE_UNKNOWN;
	for (size_t i = 0, k = 0; i < n_a && k < n_b;) {
		both += a[i] == b[k];
		if (a[i] <= b[k])
			i++;
		else
			k++;
	}
	share = (double)both / (double)n_a;
	nli_jw_key(&j->scores, "overlap");
	nli_jw_real(&j->scores, share);
	return share < u->p[0].lo || share > u->p[0].hi ? NLI_RULE_HIT : NLI_RULE_PASS;
}

/* "contradiction:nobody", "neutral:in order": a label, and a word or two tokens in a row. */
struct cues {
	struct nli_map64 known; /* hash of (label, feature) */
	bool pairs;
};

static uint64_t cue_hash(struct nli_str label, struct nli_str feature)
{
	return nli_hash(feature.s, feature.len, nli_hash(label.s, label.len, 0));
}

static int ready_cue(struct nli_rule *u, struct nli_err *err)
{
	struct cues *c = nli_xcalloc(1, sizeof(*c));

	u->state = c;
	for (size_t i = 0; i < u->p[0].n; i++) {
		const struct nli_str s = u->p[0].text[i];
		const char *colon = memchr(s.s, ':', s.len);
		struct nli_str label, feature;

		if (!colon || colon == s.s || colon + 1 == s.s + s.len)
			return nli_fail(
				err, NLI_EINVAL,
				"cue: \"%.*s\", wanted a label, a colon and a word",
				(int)(s.len < 80 ? s.len : 80), s.s);
		label = (struct nli_str){ s.s, (size_t)(colon - s.s) };
		feature = (struct nli_str){ colon + 1, s.len - label.len - 1 };
		nli_map64_put(&c->known, cue_hash(label, feature), NULL);
		c->pairs |= memchr(feature.s, ' ', feature.len) != NULL;
	}
	return 0;
}

static void release_cue(struct nli_rule *u)
{
	struct cues *c = u->state;

	if (c)
		nli_map64_release(&c->known);
	free(c);
	u->state = NULL;
}

static bool is_cue(const struct cues *c, struct nli_str label, struct nli_str feature)
{
	return nli_map64_get(&c->known, cue_hash(label, feature)) != NULL;
}

static struct nli_str pair_of(struct nli_judge *j, struct nli_str a, struct nli_str b)
{
	nli_buf_clear(&j->tmp);
	nli_buf_add(&j->tmp, a.s, a.len);
	nli_buf_addc(&j->tmp, ' ');
	nli_buf_add(&j->tmp, b.s, b.len);
	return nli_buf_str(&j->tmp);
}

/* The first cue of the label in folded text, or {NULL, 0}. */
static struct nli_str find_cue(const struct cues *c, struct nli_judge *j,
			       struct nli_str text)
{
	size_t n;
	const struct nli_token *t = nli_tokenize(nli_judge_tokenizer(j), text, &n);

	for (size_t i = 0; i < n; i++) {
		const struct nli_str one = nli_token_str(text, t[i]);
		struct nli_str two;

		if (is_cue(c, j->gold, one))
			return one;
		if (!c->pairs || i + 1 == n)
			continue;
		two = pair_of(j, one, nli_token_str(text, t[i + 1]));
		if (is_cue(c, j->gold, two))
			return two;
	}
	return (struct nli_str){ NULL, 0 };
}

static int judge_cue(const struct nli_rule *u, struct nli_judge *j, struct nli_err *err)
{
	struct nli_str found;

	(void)err;
	if (!j->gold.s || !j->r->hypothesis.s)
		return NLI_RULE_UNKNOWN;
	found = find_cue(u->state, j, nli_judge_fold(j, 0, j->r->hypothesis));
	if (!found.s)
		return NLI_RULE_PASS;
	nli_jw_key(&j->scores, "cue");
	nli_jw_str(&j->scores, found);
	return NLI_RULE_HIT;
}

/* Append one row of nli-cues: what holds in both halves and is commoner than by chance. */
static int take_cue(struct nli_filter *f, struct nli_rule *u, const nli_jval *row,
		    uint64_t *left_out, struct nli_err *err)
{
	const struct nli_str feature = nli_jstr(nli_jget(row, "feature"));
	const struct nli_str family = nli_jstr(nli_jget(row, "family"));
	const struct nli_str label = nli_jstr(nli_jget(row, "label"));
	const nli_jval *replicated = nli_jget(row, "replicated");
	struct nli_buf b = { 0 };
	double z = 1;
	int rc;

	if (nli_jget(row, "kind"))
		return 0;
	if (!feature.s || !label.s)
		return nli_fail(err, NLI_EDATA,
				"no row of nli-cues: no feature or label");
	nli_jreal(nli_jget(row, "z"), &z);
	if (z <= 0 || (replicated && !nli_jbool(replicated)))
		return 0;
	if (family.s && !nli_str_is(family, "word") && !nli_str_is(family, "bigram")) {
		++*left_out;
		return 0;
	}
	nli_buf_add(&b, label.s, label.len);
	nli_buf_addc(&b, ':');
	nli_buf_add(&b, feature.s, feature.len);
	rc = nli_rule_add_text(f, u, 0, nli_buf_str(&b), err);
	nli_buf_release(&b);
	return rc;
}

/* Annotators below a skill, from the lines of "nli-truth --workers". */
static int take_worker(struct nli_filter *f, struct nli_rule *u, const nli_jval *row,
		       double below, struct nli_err *err)
{
	const struct nli_str worker = nli_jstr(nli_jget(row, "worker"));
	double skill;

	if (!nli_jreal(nli_jget(row, "skill"), &skill) &&
	    !nli_jreal(nli_jget(row, "accuracy"), &skill))
		return nli_fail(err, NLI_EDATA, "no worker with a skill or an accuracy");
	if (!worker.s || skill >= below)
		return 0;
	return nli_rule_add_text(f, u, 0, worker, err);
}

static int take_rows(struct nli_filter *f, struct nli_rule *u, const char *path,
		     double below, uint64_t *left_out, struct nli_err *err)
{
	struct nli_json *json = nli_json_new();
	struct nli_lines in = { 0 };
	struct nli_str line;
	int rc = nli_lines_open(&in, path, false, err);

	while (!rc && (rc = nli_lines_next(&in, &line, err)) > 0) {
		const nli_jval *row = nli_json_parse(json, line.s, line.len, err);

		rc = NLI_EDATA;
		if (row)
			rc = left_out ? take_cue(f, u, row, left_out, err)
				      : take_worker(f, u, row, below, err);
	}
	if (rc < 0)
		nli_err_prefix(err, "%s:%llu", path, (unsigned long long)in.lineno);
	nli_lines_close(&in);
	nli_json_free(json);
	return rc;
}

int nli_rule_load_cues(struct nli_filter *f, struct nli_rule *u, const char *path,
		       uint64_t *left_out, struct nli_err *err)
{
	*left_out = 0;
	return take_rows(f, u, path, 0, left_out, err);
}

int nli_rule_load_workers(struct nli_filter *f, struct nli_rule *u, const char *path,
			  double below, struct nli_err *err)
{
	return take_rows(f, u, path, below, NULL, err);
}

const struct nli_rule_type nli_text_rules[] = {
	{ .name = "length",
	  .help = "the hypothesis, or some choice, has a number of words beyond the "
		  "range",
	  .param = { { "words", NLI_PARAM_RANGE, 0, 1e9, NULL, NULL } },
	  .judge = judge_length },
	{ .name = "premise-length",
	  .help = "the premise has a number of words beyond the range",
	  .param = { { "words", NLI_PARAM_RANGE, 0, 1e9, NULL, NULL } },
	  .judge = judge_premise_length },
	{ .name = "overlap",
	  .help = "the share of the hypothesis' words that stand in the premise is "
		  "beyond "
		  "the range",
	  .param = { { "share", NLI_PARAM_RANGE, 0, 1, NULL, NULL } },
	  .judge = judge_overlap },
	{ .name = "cue",
	  .help = "the hypothesis has a cue that is listed for its label",
	  .param = { { "cues", NLI_PARAM_TEXTS, 0, 0, NULL, NULL } },
	  .judge = judge_cue,
	  .ready = ready_cue,
	  .release = release_cue },
	{ .name = NULL },
};
