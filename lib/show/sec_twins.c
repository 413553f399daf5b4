/* sec_twins.c - texts that are there more than once, and on both sides of a split. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/show/clean.h"
#include "lib/show/differ.h"
#include "lib/show/sections.h"

enum { MOST_SHOWN = 8, MOST_OF_ONE = 3 };

/* Clusters side by side with their members: what is kept of each is at most the sample. */
static void mark_difference(struct nli_example *a, struct nli_example *b)
{
	for (size_t i = 0; i < a->n_part && i < b->n_part; i++)
		if (!a->part[i].n_span && !strcmp(a->part[i].name, b->part[i].name))
			nli_differ(&a->part[i], "mark", &b->part[i], "mark");
}

static void fill(struct nli_dossier *a, struct nli_doc *d, struct nli_examples *to,
		 enum nli_sample_kind kind)
{
	const struct nli_samples *set = nli_tally_samples(a->tally, kind, NLI_VALUE_NONE);

	for (size_t i = 0; set && i < set->n && to->n < MOST_SHOWN; i++) {
		const bool alone =
			(!i || set->s[i - 1].order[0] != set->s[i].order[0]) &&
			(i + 1 == set->n || set->s[i + 1].order[0] != set->s[i].order[0]);
		const size_t before = to->n;

		if ((alone && kind != NLI_SAMPLE_CONFLICT) ||
		    (i >= MOST_OF_ONE &&
		     set->s[i - MOST_OF_ONE].order[0] == set->s[i].order[0]))
			continue;
		nli_sec_example(d, to, a->scratch,
				(struct nli_str){ set->s[i].line, set->s[i].len });
		if (to->n == before + 1 && i && before &&
		    set->s[i - 1].order[0] == set->s[i].order[0])
			mark_difference(&to->example[before - 1], &to->example[before]);
	}
}

static const struct {
	enum nli_twin what;
	const char *metric, *name;
} twins[] = {
	{ NLI_TWIN_EXACT, "dedup.exact", "in a cluster of equal texts" },
	{ NLI_TWIN_NEAR, "dedup.near", "in a cluster of nearly equal texts" },
	{ NLI_TWIN_CONFLICT, "dedup.conflicts", "same pair, another label" },
	{ NLI_TWIN_AGAINST, "dedup.against", "also in the corpora compared against" },
	{ NLI_TWIN_SELF, "dedup.self", "premise and hypothesis equal" },
	{ NLI_TWIN_EDIT, "dedup.edit", "few words from another, and no duplicate of it" },
};
enum { N_TWINS = sizeof(twins) / sizeof(*twins) };

void nli_sec_twins(struct nli_dossier *a, struct nli_doc *d)
{
	const double n = (double)a->tally->n;
	struct nli_examples *same, *conflict;
	struct nli_section *s;
	struct nli_table *t;
	uint64_t count[N_TWINS];

	if (!(a->tally->members & NLI_SEEN_DEDUP))
		return;
	s = nli_doc_section(d, "duplicates", "Duplicates and conflicts");
	t = nli_doc_table(d, s, "duplicates", "Records that are not alone");
	nli_table_column(t, "what", "what", NLI_CELL_TEXT, NULL);
	nli_table_column(t, "n", "records", NLI_CELL_COUNT, NULL);
	nli_table_column(t, "share", "share", NLI_CELL_SHARE, NULL);
	t->brief = N_TWINS;
	for (size_t i = 0; i < N_TWINS; i++) {
		count[i] =
			nli_tally_get(a->tally, NLI_COUNT_DEDUP, twins[i].what, 0, 0, 0);
		nli_table_cstr(t, twins[i].name);
		nli_table_number(t, (double)count[i]);
		nli_table_number(t, (double)count[i] / n);
		nli_doc_value(d, twins[i].metric, (double)count[i], NAN, NAN, n);
	}
	if (count[2])
		nli_doc_finding(d, NLI_WARN, "duplicates",
				nli_doc_fmt(d, "%s another label elsewhere.",
					    nli_doc_counted(d, (double)count[2],
							    "pair has", "pairs have")),
				NLI_STR("One of the labels is wrong, or the pair cannot "
					"be told."));
	if (count[0] + count[1])
		nli_doc_finding(
			d, NLI_INFO, "duplicates",
			nli_doc_fmt(d,
				    "%s in a cluster of equal or nearly equal "
				    "ones.",
				    nli_doc_counted(d, (double)(count[0] + count[1]),
						    "record is", "records are")),
			nli_doc_fmt(d, "Equal: %s. Nearly equal: %s.",
				    nli_doc_count(d, (double)count[0]),
				    nli_doc_count(d, (double)count[1])));
	same = nli_doc_examples_new(d, "Twins, one below the other, and what differs",
				    NULL);
	conflict = nli_doc_examples_new(d, "Same pair, another label", NULL);
	fill(a, d, same, NLI_SAMPLE_TWIN);
	fill(a, d, conflict, NLI_SAMPLE_CONFLICT);
	if (same->n || conflict->n)
		nli_doc_examples(s, same->n ? same : conflict,
				 same->n && conflict->n ? conflict : NULL);
}
