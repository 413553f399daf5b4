/*
 * gen.c - write the demo corpus.
 *
 *	usage: gen FOLDER
 *
 * The same bytes every time: all chance comes from one seed.
 */
#include "corpora/demo/gen.h"

#include <stdio.h>
#include <string.h>

#include "lib/io/out.h"

enum { SEED = 1505 };

static const char *const split_name[] = { "train", "dev", "test" };

static const struct cue {
	const char *name;
	unsigned bit;
} cue_list[] = { { "negation", DEMO_NEG },
		 { "purpose", DEMO_PURPOSE },
		 { "ten_words_or_more", DEMO_LONG } };

/* label: how many of its pairs carry the cue, copies aside. */
static void write_cues(const struct demo_corpus *c, struct nli_jw *w)
{
	const size_t n = 3 * DEMO_PREMISES * DEMO_LABELS;

	nli_jw_key(w, "cues");
	nli_jw_open(w, '{');
	for (size_t k = 0; k < sizeof(cue_list) / sizeof(*cue_list); k++) {
		uint64_t with[DEMO_LABELS] = { 0 };

		for (size_t i = 0; i < n; i++)
			with[i % DEMO_LABELS] += (c->pair[i].cues & cue_list[k].bit) != 0;
		nli_jw_key(w, cue_list[k].name);
		nli_jw_open(w, '{');
		for (int y = 0; y < DEMO_LABELS; y++) {
			nli_jw_key(w, demo_label_name[y]);
			nli_jw_real(w, (double)with[y] / (3 * DEMO_PREMISES));
		}
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, '}');
}

/*
 * What a model that sees nothing but the planted cues can reach: it says the
 * commonest label of each combination of cues.
 */
static void write_ceiling(const struct demo_corpus *c, struct nli_jw *w)
{
	const size_t n = 3 * DEMO_PREMISES * DEMO_LABELS;
	size_t count[8][DEMO_LABELS] = { { 0 } }, right = 0;

	for (size_t i = 0; i < n; i++)
		count[c->pair[i].cues][i % DEMO_LABELS]++;
	for (int k = 0; k < 8; k++) {
		size_t best = 0;

		for (int y = 0; y < DEMO_LABELS; y++)
			best = count[k][y] > best ? count[k][y] : best;
		right += best;
	}
	nli_jw_key(w, "accuracy_from_planted_cues");
	nli_jw_real(w, (double)right / (double)n);
}

static void write_copies(const struct demo_corpus *c, const char *trick, struct nli_jw *w)
{
	nli_jw_key(w, trick);
	nli_jw_open(w, '[');
	for (size_t i = 0; i < c->n; i++) {
		const struct demo_pair *p = &c->pair[i];

		if (!p->trick || strcmp(p->trick, trick) != 0)
			continue;
		nli_jw_open(w, '{');
		nli_jw_key(w, "id");
		nli_jw_cstr(w, p->id);
		if (*p->source) {
			nli_jw_key(w, "copy_of");
			nli_jw_cstr(w, p->source);
		} else {
			nli_jw_key(w, "group");
			nli_jw_cstr(w, p->caption);
		}
		nli_jw_key(w, "split");
		nli_jw_cstr(w, split_name[p->split]);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, ']');
}

static void write_workers(const struct demo_corpus *c, struct nli_jw *w)
{
	uint64_t votes[DEMO_WORKERS] = { 0 };

	for (size_t i = 0; i < c->n; i++) {
		int worker[DEMO_VOTES], vote[DEMO_VOTES];

		demo_votes(c, &c->pair[i], worker, vote);
		for (int k = 0; k < DEMO_VOTES; k++)
			votes[worker[k]]++;
	}
	nli_jw_key(w, "workers");
	nli_jw_open(w, '[');
	for (int i = 0; i < DEMO_WORKERS; i++) {
		nli_jw_open(w, '{');
		nli_jw_key(w, "worker");
		nli_jw_cstr(w, demo_workers[i].id);
		nli_jw_key(w, "kind");
		nli_jw_cstr(w, demo_workers[i].kind);
		nli_jw_key(w, "skill");
		nli_jw_real(w, demo_workers[i].skill);
		nli_jw_key(w, "votes");
		nli_jw_u64(w, votes[i]);
		nli_jw_close(w, '}');
	}
	nli_jw_close(w, ']');
}

void demo_write_planted(const struct demo_corpus *c, struct nli_jw *w)
{
	nli_jw_key(w, "planted");
	nli_jw_cstr(w, "demo");
	nli_jw_key(w, "seed");
	nli_jw_u64(w, c->seed);
	nli_jw_key(w, "pairs");
	nli_jw_u64(w, c->n);
	nli_jw_key(w, "premises");
	nli_jw_u64(w, c->n_frame);
	write_cues(c, w);
	write_ceiling(c, w);
	write_copies(c, "leak", w);
	write_copies(c, "exact", w);
	write_copies(c, "near", w);
	write_copies(c, "conflict", w);
	write_workers(c, w);
}

static int save(const char *folder, const char *name, const struct nli_buf *b)
{
	struct nli_buf path = { 0 };
	struct nli_err err;
	int rc;

	nli_buf_addf(&path, "%s/%s.%s", folder, name,
		     strcmp(name, "planted") ? "jsonl" : "json");
	rc = nli_out_file(path.data, b->data, b->len, &err);
	if (rc)
		fprintf(stderr, "gen: %s\n", err.msg);
	nli_buf_release(&path);
	return rc;
}

static int write_all(const struct demo_corpus *c, const char *folder)
{
	struct nli_buf file = { 0 }, planted = { 0 };
	struct nli_jw w = { .b = &planted };
	int rc = 0;

	nli_jw_open(&w, '{');
	demo_write_planted(c, &w);
	for (int split = 2; !rc && split >= 0; split--) {
		nli_buf_clear(&file);
		demo_write_pairs(c, split, &file);
		rc = save(folder, split_name[split], &file);
	}
	struct nli_buf other = { 0 };
	demo_write_broken(nli_buf_str(&file), &other, &w); /* file is train */
	rc = rc ? rc : save(folder, "broken", &other);
	nli_buf_clear(&other);
	demo_write_choices(c, &other, &w);
	rc = rc ? rc : save(folder, "choices", &other);
	nli_buf_clear(&other);
	demo_write_rollouts(c, &other, &w);
	rc = rc ? rc : save(folder, "rollouts", &other);
	nli_jw_close(&w, '}');
	nli_buf_addc(&planted, '\n');
	rc = rc ? rc : save(folder, "planted", &planted);
	nli_buf_release(&file);
	nli_buf_release(&other);
	nli_buf_release(&planted);
	return rc;
}

int main(int argc, char **argv)
{
	struct demo_corpus c;
	int rc;

	if (argc != 2) {
		fputs("usage: gen FOLDER\n", stderr);
		return 2;
	}
	demo_plan(&c, SEED);
	demo_plant_copies(&c);
	rc = write_all(&c, argv[1]);
	demo_corpus_release(&c);
	return rc ? 1 : 0;
}
