/* write.c - the files of the demo corpus, in the members that SNLI uses; see gen.h. */
#include "corpora/demo/gen.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/hash.h"

enum { VOTES = 11, CHOICES, ROLLOUTS };

const struct demo_worker demo_workers[DEMO_WORKERS] = {
	{ "w01", "careful", .96 },      { "w02", "careful", .95 },
	{ "w03", "careful", .94 },      { "w04", "careful", .93 },
	{ "w05", "careful", .92 },      { "w06", "careful", .91 },
	{ "w07", "careful", .90 },      { "w08", "careful", .89 },
	{ "w09", "careful", .88 },      { "w10", "hasty", .75 },
	{ "w11", "hasty", .70 },        { "w12", "hasty", .65 },
	{ "w13", "spammer", 1. / 3 },   { "w14", "spammer", 1. / 3 },
	{ "w15", "always neutral", 0 },
};

static uint64_t hash_id(const char *id)
{
	return nli_hash(id, strlen(id), 0);
}

/* What the pair is by construction: a planted conflict has another label on it. */
static int truth_of(const struct demo_pair *p)
{
	const bool turned = p->trick && !strcmp(p->trick, "conflict");

	return ((int)p->label + (turned ? DEMO_LABELS - 1 : 0)) % DEMO_LABELS;
}

void demo_votes(const struct demo_corpus *c, const struct demo_pair *p,
		int worker[DEMO_VOTES], int vote[DEMO_VOTES])
{
	struct demo_chance ch = demo_chance(c->seed, VOTES, hash_id(p->id), 0);
	const int truth = truth_of(p);
	bool asked[DEMO_WORKERS] = { false };

	for (int i = 0; i < DEMO_VOTES; i++) {
		int w;

		do
			w = demo_below(&ch, DEMO_WORKERS);
		while (asked[w]);
		asked[w] = true;
		worker[i] = w;
		if (w == DEMO_WORKERS - 1)
			vote[i] = DEMO_N;
		else if (demo_below(&ch, 10000) < demo_workers[w].skill * 10000)
			vote[i] = truth;
		else
			vote[i] = (truth + 1 + demo_below(&ch, 2)) % DEMO_LABELS;
	}
}

static void member(struct nli_jw *w, const char *key, const char *value)
{
	nli_jw_key(w, key);
	nli_jw_cstr(w, value);
}

static void text_member(struct nli_jw *w, const char *key, const struct nli_buf *value)
{
	nli_jw_key(w, key);
	nli_jw_str(w, nli_buf_str(value));
}

static void write_pair(const struct demo_corpus *c, const struct demo_pair *p,
		       struct nli_buf *out)
{
	struct nli_jw w = { .b = out };
	int worker[DEMO_VOTES], vote[DEMO_VOTES];

	demo_votes(c, p, worker, vote);
	nli_jw_open(&w, '{');
	member(&w, "pairID", p->id);
	member(&w, "captionID", p->caption);
	member(&w, "language", p->lang->code);
	member(&w, "genre", p->genre);
	text_member(&w, "sentence1", &p->premise);
	text_member(&w, "sentence2", &p->hypothesis);
	member(&w, "gold_label", demo_label_name[p->label]);
	nli_jw_key(&w, "annotator_ids");
	nli_jw_open(&w, '[');
	for (int i = 0; i < DEMO_VOTES; i++)
		nli_jw_cstr(&w, demo_workers[worker[i]].id);
	nli_jw_close(&w, ']');
	nli_jw_key(&w, "annotator_labels");
	nli_jw_open(&w, '[');
	for (int i = 0; i < DEMO_VOTES; i++)
		nli_jw_cstr(&w, demo_label_name[vote[i]]);
	nli_jw_close(&w, ']');
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}

void demo_write_pairs(const struct demo_corpus *c, int split, struct nli_buf *out)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->pair[i].split == split)
			write_pair(c, &c->pair[i], out);
}

enum { ITEMS = 100, OPTIONS = 4 }; /* multiple-choice items a language */

static const char *const option_type[OPTIONS] = { "action-true", "action-false",
						  "distractor1", "distractor2" };

struct item {
	char id[16];
	const struct demo_pair *option[OPTIONS]; /* in order of option_type */
	int order[OPTIONS];                      /* which of them stands where */
};

static size_t frame_index(int lang, int i)
{
	return (size_t)lang * DEMO_PREMISES + (size_t)i;
}

static const struct demo_pair *pair_of(const struct demo_corpus *c, size_t frame,
				       enum demo_label label)
{
	return &c->pair[frame * DEMO_LABELS + label];
}

/*
 * Item i: what is true of premise i, what is false of it, and what is true of
 * two premises with other people at other places, as PMR makes its options.
 */
static struct item make_item(const struct demo_corpus *c, int lang, int i)
{
	struct demo_chance ch =
		demo_chance(c->seed, CHOICES, (uint64_t)lang, (uint64_t)i);
	const size_t mine = frame_index(lang, i);
	struct item it;
	int found = 0;

	snprintf(it.id, sizeof(it.id), "%s-q%03d", demo_langs[lang]->code, i + 1);
	it.option[0] = pair_of(c, mine, DEMO_E);
	it.option[1] = pair_of(c, mine, DEMO_C);
	while (found < 2) {
		const size_t other = frame_index(lang, demo_below(&ch, DEMO_PREMISES));
		const struct demo_pair *p = pair_of(c, other, DEMO_E);

		if (c->frame[other].scene == c->frame[mine].scene ||
		    c->frame[other].agent == c->frame[mine].agent || p->claim.person ||
		    (found && p == it.option[2]))
			continue;
		it.option[2 + found++] = p;
	}
	for (int k = 0; k < OPTIONS; k++) {
		const int j = demo_below(&ch, k + 1);

		it.order[k] = it.order[j];
		it.order[j] = k;
	}
	return it;
}

static void write_item(const struct item *it, struct nli_buf *out)
{
	static const char *const split[] = { "train", "dev", "test" };
	const struct demo_pair *p = it->option[0];
	struct nli_jw w = { .b = out };
	int answer = 0;

	nli_jw_open(&w, '{');
	member(&w, "id", it->id);
	member(&w, "language", p->lang->code);
	member(&w, "split", split[p->split]);
	member(&w, "genre", p->genre);
	text_member(&w, "premise", &p->premise);
	nli_jw_key(&w, "answer_choices");
	nli_jw_open(&w, '[');
	for (int k = 0; k < OPTIONS; k++)
		nli_jw_str(&w, nli_buf_str(&it->option[it->order[k]]->hypothesis));
	nli_jw_close(&w, ']');
	nli_jw_key(&w, "answer_types");
	nli_jw_open(&w, '[');
	for (int k = 0; k < OPTIONS; k++) {
		nli_jw_cstr(&w, option_type[it->order[k]]);
		answer = it->order[k] ? answer : k;
	}
	nli_jw_close(&w, ']');
	nli_jw_key(&w, "answer_label");
	nli_jw_i64(&w, answer);
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}

void demo_write_choices(const struct demo_corpus *c, struct nli_buf *out,
			struct nli_jw *planted)
{
	uint64_t negated[OPTIONS] = { 0 };

	for (int lang = 0; lang < 3; lang++)
		for (int i = 0; i < ITEMS; i++) {
			const struct item it = make_item(c, lang, i);

			write_item(&it, out);
			for (int k = 0; k < OPTIONS; k++)
				negated[k] += (it.option[k]->cues & DEMO_NEG) != 0;
		}
	nli_jw_key(planted, "choices");
	nli_jw_open(planted, '{');
	nli_jw_key(planted, "items");
	nli_jw_u64(planted, 3 * ITEMS);
	nli_jw_key(planted, "negated");
	nli_jw_open(planted, '{');
	for (int k = 0; k < OPTIONS; k++) {
		nli_jw_key(planted, option_type[k]);
		nli_jw_u64(planted, negated[k]);
	}
	nli_jw_close(planted, '}');
	nli_jw_close(planted, '}');
}

/*
 * Eight rollouts an item of a policy that reads, four of one that guesses: every
 * fifth item nobody solves, every fifth all do, the rest lie between.
 */
static double solve_rate(int i, struct demo_chance *ch)
{
	const int spread = demo_below(ch, 60);

	return i % 5 == 0 ? 0 : i % 5 == 1 ? 1 : .2 + .01 * spread;
}

static uint64_t roll(const char *id, const char *model, int n, double rate,
		     struct demo_chance *ch, struct nli_buf *out)
{
	uint64_t solved = 0;

	for (int k = 0; k < n; k++) {
		const bool right = demo_below(ch, 10000) < rate * 10000;

		nli_buf_addf(out, "{\"id\":\"%s\",\"model\":\"%s\",\"reward\":%d}\n", id,
			     model, right);
		solved += right;
	}
	return solved;
}

void demo_write_rollouts(const struct demo_corpus *c, struct nli_buf *out,
			 struct nli_jw *planted)
{
	static const char *const split[] = { "train", "dev", "test" };
	enum { ROLLED = 30, READER = 8, GUESSER = 4 };
	uint64_t reader = 0, guesser = 0;

	for (int lang = 0; lang < 3; lang++)
		for (int i = 0; i < ROLLED; i++) {
			const struct item it = make_item(c, lang, i);
			struct demo_chance ch = demo_chance(c->seed, ROLLOUTS,
							    (uint64_t)lang, (uint64_t)i);
			const double rate = solve_rate(i, &ch);
			char id[40];

			snprintf(id, sizeof(id), "demo/%s/%s", split[it.option[0]->split],
				 it.id);
			reader += roll(id, "reader", READER, rate, &ch, out);
			guesser += roll(id, "guesser", GUESSER, .25, &ch, out);
		}
	nli_jw_key(planted, "rollouts");
	nli_jw_open(planted, '{');
	nli_jw_key(planted, "items");
	nli_jw_u64(planted, 3 * ROLLED);
	nli_jw_key(planted, "never_solved");
	nli_jw_u64(planted, 3 * ROLLED / 5);
	nli_jw_key(planted, "always_solved");
	nli_jw_u64(planted, 3 * ROLLED / 5);
	nli_jw_key(planted, "reader_rewards");
	nli_jw_u64(planted, reader);
	nli_jw_key(planted, "guesser_rewards");
	nli_jw_u64(planted, guesser);
	nli_jw_close(planted, '}');
}

/* What stands in place of line i of the broken copy, and why it is bad. */
static const struct broken {
	int line;
	const char *text, *why;
	size_t len;
} broken[] = {
#define BAD(line, text, why)                      \
	{                                         \
		line, text, why, sizeof(text) - 1 \
	}
	BAD(3, "{\"pairID\":\"bad-1\",\"sentence1\":\"A cut",
	    "not JSON: cut in a string"),
	BAD(7, "[\"bad-2\",\"a premise\",\"a hypothesis\",\"neutral\"]", "no object"),
	BAD(11,
	    "{\"pairID\":\"bad-3\",\"captionID\":\"x\",\"language\":\"en\",\"genre\":"
	    "\"x\","
	    "\"sentence1\":\"A premise.\",\"gold_label\":\"neutral\"}",
	    "no hypothesis"),
	BAD(15,
	    "{\"pairID\":\"bad-4\",\"captionID\":\"x\",\"language\":\"en\",\"genre\":"
	    "\"x\","
	    "\"sentence1\":\"A premise.\",\"sentence2\":\"A "
	    "claim.\",\"gold_label\":\"perhaps\"}",
	    "unknown label"),
	BAD(19,
	    "{\"pairID\":\"bad-5\",\"captionID\":\"x\",\"language\":\"en\",\"genre\":"
	    "\"x\","
	    "\"sentence1\":\"A pr\xff\xfemise.\",\"sentence2\":\"A "
	    "claim.\",\"gold_label\":\"neutral\"}",
	    "invalid UTF-8"),
	BAD(23,
	    "{\"pairID\":\"bad-6\",\"captionID\":\"x\",\"language\":\"en\",\"genre\":"
	    "\"x\","
	    "\"sentence1\":7,\"sentence2\":\"A claim.\",\"gold_label\":1}",
	    "numbers for a text and for a label whose order is not known"),
#undef BAD
};

/* The first 30 lines of pairs, six of them replaced. */
void demo_write_broken(struct nli_str pairs, struct nli_buf *out, struct nli_jw *planted)
{
	const char *at = pairs.s;
	size_t b = 0;

	nli_jw_key(planted, "broken");
	nli_jw_open(planted, '[');
	for (int line = 1; line <= 30; line++) {
		const char *end = memchr(at, '\n', pairs.len - (size_t)(at - pairs.s));

		if (b < sizeof(broken) / sizeof(*broken) && broken[b].line == line) {
			nli_buf_add(out, broken[b].text, broken[b].len);
			nli_buf_addc(out, '\n');
			nli_jw_open(planted, '{');
			nli_jw_key(planted, "line");
			nli_jw_i64(planted, line);
			member(planted, "why", broken[b++].why);
			nli_jw_close(planted, '}');
		} else {
			nli_buf_add(out, at, (size_t)(end + 1 - at));
		}
		at = end + 1;
	}
	nli_jw_close(planted, ']');
}
