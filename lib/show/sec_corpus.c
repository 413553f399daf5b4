/* sec_corpus.c - what the corpus is and what was done to it; and what the words mean. */
#include <math.h>
#include <stdlib.h>

#include "lib/io/share.h"
#include "lib/show/clean.h"
#include "lib/show/sections.h"

/* Rows: corpus and split; columns: labels. */
static void list_labels(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct nli_table *t = nli_doc_table(d, s, "labels", "Labels by split");
	size_t n_corpus, n_split, n_label;
	size_t *corpus = nli_tally_values(a->tally, NLI_DIM_CORPUS, &n_corpus);
	size_t *split = nli_tally_values(a->tally, NLI_DIM_SPLIT, &n_split);
	size_t *label = nli_tally_values(a->tally, NLI_DIM_LABEL, &n_label);
	const size_t last = nli_sec_labelled(a->tally, SIZE_MAX, SIZE_MAX, NLI_VALUE_NONE)
				    ? n_label
				    : n_label - 1;

	nli_table_column(t, "corpus", "corpus", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "split", "split", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "records", NLI_CELL_COUNT, NULL);
	for (size_t i = 0; i < last; i++) {
		const char *name = nli_sec_name(d, a->tally, NLI_DIM_LABEL, label[i]).s;

		nli_table_column(t, nli_doc_fmt(d, "label_%s", name).s, name,
				 NLI_CELL_COUNT, NULL);
	}
	t->brief = 12;
	for (size_t c = 0; c < n_corpus; c++)
		for (size_t k = 0; k < n_split; k++) {
			uint64_t n = 0;

			for (size_t i = 0; i < n_label; i++)
				n += nli_sec_labelled(a->tally, corpus[c], split[k],
						      label[i]);
			if (!n)
				continue;
			nli_table_text(
				t, nli_sec_name(d, a->tally, NLI_DIM_CORPUS, corpus[c]));
			nli_table_text(
				t, nli_sec_name(d, a->tally, NLI_DIM_SPLIT, split[k]));
			nli_table_number(t, (double)n);
			for (size_t i = 0; i < last; i++)
				nli_table_number(
					t, (double)nli_sec_labelled(a->tally, corpus[c],
								    split[k], label[i]));
		}
	free(corpus);
	free(split);
	free(label);
}

static void draw_labels(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	size_t n_split, n_label, rows = 0;
	size_t *split = nli_tally_values(a->tally, NLI_DIM_SPLIT, &n_split);
	size_t *label = nli_tally_values(a->tally, NLI_DIM_LABEL, &n_label);
	struct nli_str *row = nli_arena_alloc(&d->arena, n_split * sizeof(*row));
	struct nli_str *column = nli_arena_alloc(&d->arena, n_label * sizeof(*column));
	double *count = nli_arena_alloc(&d->arena, n_split * n_label * sizeof(*count));

	for (size_t i = 0; i + 1 < n_label; i++)
		column[i] = nli_sec_name(d, a->tally, NLI_DIM_LABEL, label[i]);
	for (size_t k = 0; k < n_split; k++) {
		double sum = 0;

		for (size_t i = 0; i + 1 < n_label; i++)
			sum += count[rows * (n_label - 1) + i] = (double)nli_sec_labelled(
				a->tally, SIZE_MAX, split[k], label[i]);
		if (sum > 0)
			row[rows++] = nli_sec_name(d, a->tally, NLI_DIM_SPLIT, split[k]);
	}
	if (rows && n_label > 2 && n_label < 10)
		nli_sec_heat(d, s, "labels", "Labels in each split",
			     "Shares of each row; a stronger colour is more.", row, rows,
			     column, n_label - 1, count, NULL);
	free(split);
	free(label);
}

static void list_languages(struct nli_dossier *a, struct nli_doc *d,
			   struct nli_section *s)
{
	size_t n_lang, n_label;
	size_t *lang = nli_tally_values(a->tally, NLI_DIM_LANG, &n_lang);
	size_t *label = nli_tally_values(a->tally, NLI_DIM_LABEL, &n_label);
	struct nli_table *t;

	if (n_lang > 2) {
		t = nli_doc_table(d, s, "languages", "Languages");
		nli_table_column(t, "lang", "language", NLI_CELL_TEXT, "BCP 47");
		nli_table_column(t, "n", "records", NLI_CELL_COUNT, NULL);
		nli_table_column(t, "share", "share", NLI_CELL_SHARE, NULL);
		for (size_t k = 0; k < n_lang; k++) {
			uint64_t n = 0;

			for (size_t i = 0; i < n_label; i++)
				n += nli_tally_get(a->tally, NLI_COUNT_LANG, lang[k],
						   label[i], 0, 0);
			if (!n)
				continue;
			nli_table_text(t,
				       nli_sec_name(d, a->tally, NLI_DIM_LANG, lang[k]));
			nli_table_number(t, (double)n);
			nli_table_number(t, (double)n / (double)a->tally->n);
		}
		nli_doc_value(d, "records.languages", (double)(n_lang - 1), NAN, NAN,
			      NAN);
	}
	free(lang);
	free(label);
}

/* What the profile of the corpus knows: name, licence, citation. */
static void list_cards(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct nli_table *t = nli_doc_table(d, s, "cards", "Where the corpora come from");

	nli_table_column(t, "corpus", "corpus", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "title", "title", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "licence", "licence", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "citation", "citation", NLI_CELL_TEXT, NULL);
	for (size_t i = 0; i < a->n_card; i++) {
		nli_table_text(t, a->card[i].corpus);
		nli_table_text(t, a->card[i].title);
		nli_table_text(t, a->card[i].licence);
		nli_table_text(t, a->card[i].citation);
	}
}

static void list_files(struct nli_dossier *a, struct nli_doc *d, struct nli_section *s)
{
	struct nli_table *t = nli_doc_table(d, s, "files", "Files as published");

	nli_table_column(t, "corpus", "corpus", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "file", "file", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "bytes", "bytes", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "sha256", "SHA-256", NLI_CELL_TEXT, NULL);
	for (size_t i = 0; i < a->n_card; i++)
		for (size_t k = 0; k < a->card[i].n_file; k++) {
			const struct nli_card_file *f = &a->card[i].file[k];

			nli_table_text(t, a->card[i].corpus);
			nli_table_text(t, f->name);
			nli_table_number(t, f->bytes);
			nli_table_text(t, f->sha256);
		}
	t->note = "As the profile of the corpus says; \"make corpora/NAME\" fetches and "
		  "checks them.";
	t->folded = true;
}

static void set_values(struct nli_dossier *a, struct nli_doc *d)
{
	size_t n_label;
	size_t *label = nli_tally_values(a->tally, NLI_DIM_LABEL, &n_label);
	uint64_t sum = 0, most = 0;

	for (size_t i = 0; i + 1 < n_label; i++) {
		const uint64_t n =
			nli_sec_labelled(a->tally, SIZE_MAX, SIZE_MAX, label[i]);

		sum += n;
		most = n > most ? n : most;
	}
	free(label);
	nli_doc_figure(d, "records", nli_str_of(nli_doc_count(d, (double)a->tally->n)),
		       nli_doc_fmt(d, "%s without a label",
				   nli_doc_count(d, (double)(a->tally->n - sum))));
	nli_doc_value(d, "records.n", (double)a->tally->n, NAN, NAN, NAN);
	nli_doc_value(d, "records.unlabelled", (double)(a->tally->n - sum), NAN, NAN,
		      NAN);
	if (sum)
		nli_doc_value(d, "labels.majority", (double)most / (double)sum, NAN, NAN,
			      (double)sum);
}

void nli_sec_corpus(struct nli_dossier *a, struct nli_doc *d)
{
	struct nli_section *s;

	if (!a->tally->n)
		return;
	s = nli_doc_section(d, "corpus", "The corpus");
	draw_labels(a, d, s);
	list_labels(a, d, s);
	list_languages(a, d, s);
	list_cards(a, d, s);
	list_files(a, d, s);
	set_values(a, d);
}

static struct nli_str arguments(struct nli_doc *d, const nli_jval *args)
{
	struct nli_buf b = { 0 };
	struct nli_str s;

	for (struct nli_jiter it = nli_jiter(args); nli_jnext(&it);) {
		if (nli_jtype(it.val) == NLI_J_NULL ||
		    (nli_jtype(it.val) == NLI_J_BOOL && !nli_jbool(it.val)) ||
		    (nli_jtype(it.val) == NLI_J_ARRAY && !nli_jlen(it.val)))
			continue;
		nli_buf_adds(&b, b.len ? " --" : "--");
		nli_buf_add(&b, it.key.s, it.key.len);
		if (nli_jtype(it.val) != NLI_J_BOOL) {
			nli_buf_addc(&b, ' ');
			if (nli_jtype(it.val) == NLI_J_STRING)
				nli_buf_add(&b, nli_jstr(it.val).s, nli_jstr(it.val).len);
			else
				nli_json_write(&b, it.val);
		}
	}
	s = nli_doc_clean(d, nli_buf_str(&b), 200);
	nli_buf_release(&b);
	return s;
}

static struct nli_str input_hashes(struct nli_doc *d, const nli_jval *inputs)
{
	struct nli_buf b = { 0 };
	struct nli_str s;

	for (struct nli_jiter it = nli_jiter(inputs); nli_jnext(&it) && b.len < 200;) {
		const struct nli_str h = nli_jstr(nli_jget(it.val, "xxh3"));

		nli_buf_adds(&b, b.len ? " " : "");
		nli_buf_add(&b, h.s, h.len < 8 ? h.len : 8);
	}
	s = nli_doc_clean(d, nli_buf_str(&b), 90);
	nli_buf_release(&b);
	return s;
}

/* A tool's output that is the next one's input has the same hash: the chain can be checked. */
void nli_sec_provenance(struct nli_dossier *a, struct nli_doc *d)
{
	struct nli_section *s = NULL;
	struct nli_table *t = NULL;

	for (size_t i = 0; i < a->n_given; i++) {
		const nli_jval *v = a->given[i].root, *out = nli_jget(v, "output");
		const struct nli_str h = nli_jstr(nli_jget(out, "xxh3"));

		if (!nli_jget(v, "tool"))
			continue;
		if (!t) {
			s = nli_doc_section(d, "provenance", "What was run");
			t = nli_doc_table(
				d, s, "provenance",
				"Tools in order, with what went in and came out");
			nli_table_column(t, "tool", "tool", NLI_CELL_TEXT, NULL);
			nli_table_column(t, "version", "version", NLI_CELL_TEXT, NULL);
			nli_table_column(t, "in", "in", NLI_CELL_COUNT, NULL);
			nli_table_column(t, "out", "out", NLI_CELL_COUNT, NULL);
			nli_table_column(t, "dropped", "dropped", NLI_CELL_COUNT, NULL);
			nli_table_column(t, "rejected", "rejected", NLI_CELL_COUNT, NULL);
			nli_table_column(t, "seed", "seed", NLI_CELL_COUNT, NULL);
			nli_table_column(t, "args", "options", NLI_CELL_TEXT, NULL);
			nli_table_column(t, "inputs", "inputs", NLI_CELL_TEXT,
					 "XXH3 of each input, first letters");
			nli_table_column(t, "output", "output", NLI_CELL_TEXT,
					 "XXH3 of the output, first letters");
		}
		nli_table_text(t, nli_sec_text(d, nli_jget(v, "tool")));
		nli_table_text(t, nli_sec_text(d, nli_jget(v, "version")));
		nli_table_number(t, nli_dossier_number(v, "in"));
		nli_table_number(t, nli_dossier_number(v, "out"));
		nli_table_number(t, nli_dossier_number(v, "dropped"));
		nli_table_number(t, nli_dossier_number(v, "rejected"));
		nli_table_number(t, nli_dossier_number(v, "seed"));
		nli_table_text(t, arguments(d, nli_jget(v, "args")));
		nli_table_text(t, input_hashes(d, nli_jget(v, "inputs")));
		nli_table_text(
			t, nli_doc_clean(
				   d, (struct nli_str){ h.s, h.len < 8 ? h.len : 8 }, 8));
	}
	if (t)
		t->note = "Where an output's hash is the next input's, nothing stood "
			  "between the two.";
}

void nli_sec_glossary(struct nli_dossier *a, struct nli_doc *d)
{
	static const struct {
		const char *word, *meaning;
	} list[] = {
		{ "accuracy",
		  "Share of records whose label a model guesses. Cross-fitted, every "
		  "record is scored by a model that never saw it nor another record of "
		  "its group; else by a model of other files." },
		{ "commonest label (majority)",
		  "What always saying the same label would get. An "
		  "accuracy means something only against it." },
		{ "gain", "Accuracy less majority. A gain of a model that cannot read "
			  "the premise is "
			  "an artifact; how much of a full model's score rests on it, it "
			  "does not say." },
		{ "interval", "95%: of a hundred such intervals from such data about 95 "
			      "hold the true "
			      "value. Records are taken as independent unless a table "
			      "says otherwise." },
		{ "p",
		  "Chance of a gain as large if the input told nothing of the "
		  "label: over trainings on shuffled labels (permutation; there also "
		  "of a word or pair that goes with the label as much), or, for a "
		  "model of other files, over signs drawn for the groups' gains." },
		{ "no evidence",
		  "This model found nothing. A stronger one may: a failing "
		  "partial-input model proves nothing (Feng et al. 2019)." },
		{ "V-information (bits)",
		  "How many bits about the label this family of models can "
		  "use (Ethayarajh et al. 2022). Zero: none that it can." },
		{ "easy, hard",
		  "Guessed right, or wrong, without the premise (Gururangan et al. "
		  "2018). Hard is not better: a wrong label is hard too." },
		{ "cue", "A word or trait that goes with a label more often than chance "
			 "(Gardner et "
			 "al. 2021). Some cues belong to the language; the question is "
			 "how many." },
		{ "z", "Standard deviations between p(label | word) and the label's "
		       "share. It grows "
		       "with n: a large z is sure, not necessarily strong." },
		{ "q", "The false discovery rate at which a cue is listed (Benjamini and "
		       "Hochberg "
		       "1995): at q = .05 about one in twenty listed cues is none." },
		{ "replicated",
		  "Found in one half of the groups and again in the other." },
		{ "leak", "The same text, pair or group on both sides of a split. What "
			  "is trained on "
			  "is then tested on." },
		{ "conflict",
		  "The same pair with two labels. One of them is wrong, or the pair "
		  "cannot be told." },
		{ "proved, assumed",
		  "A made record's label is proved if the rule that made it cannot but "
		  "give it, where its source's label is right. It is assumed where the "
		  "method is known to err now and then." },
		{ "agreement (alpha)",
		  "Krippendorff's alpha: 1 is full agreement, 0 what chance "
		  "gives. High agreement may still be agreement on an artifact." },
		{ "calibration",
		  "Whether of what a model holds 70% sure 70% is right. ECE is the "
		  "mean distance from that." },
		{ "pass rate",
		  "Share of rollouts of a policy that earn the reward. What always or "
		  "never passes teaches nothing." },
	};
	struct nli_section *s = nli_doc_section(d, "glossary", "What the numbers mean");
	struct nli_table *t = nli_doc_table(d, s, "glossary", "Words of this report");

	(void)a;
	nli_table_column(t, "word", "word", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "meaning", "what it means, and does not", NLI_CELL_TEXT,
			 NULL);
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		nli_table_cstr(t, list[i].word);
		nli_table_cstr(t, list[i].meaning);
	}
}
