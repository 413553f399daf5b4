/* sec_made.c - examples that were made from others, and rollouts of policies. */
#include <math.h>
#include <stdlib.h>

#include "lib/show/clean.h"
#include "lib/show/sections.h"

void nli_sec_adversarial(struct nli_dossier *a, struct nli_doc *d)
{
	static const char *const proof[] = { "to be annotated", "proved", "not said" };
	struct nli_examples *e;
	struct nli_section *s;
	struct nli_table *t;
	size_t n_rule, n_label;
	size_t *rule = nli_tally_values(a->tally, NLI_DIM_RULE, &n_rule);
	size_t *label = nli_tally_values(a->tally, NLI_DIM_LABEL, &n_label);
	double made = 0, proved = 0;

	if (a->tally->members & NLI_SEEN_ADVERSARIAL) {
		s = nli_doc_section(d, "adversarial", "Examples that were made");
		s->lead = NLI_STR("Rewritten so that a cue no longer tells the label. "
				  "What was taken "
				  "out is struck through, what came in is underlined.");
		t = nli_doc_table(d, s, "adversarial", "By method");
		nli_table_column(t, "method", "method", NLI_CELL_TEXT, NULL);
		nli_table_column(t, "label", "label", NLI_CELL_TEXT, NULL);
		nli_table_column(t, "proof", "label is", NLI_CELL_TEXT, NULL);
		nli_table_column(t, "n", "records", NLI_CELL_COUNT, NULL);
		t->brief = 12;
		e = nli_doc_examples_new(d, "Made examples", NULL);
		for (size_t i = 0; i < n_rule; i++) {
			const struct nli_samples *set = nli_tally_samples(
				a->tally, NLI_SAMPLE_ADVERSARIAL, rule[i]);

			for (size_t k = 0; k < n_label; k++)
				for (size_t p = 0; p < 3; p++) {
					const double n = (double)nli_tally_get(
						a->tally, NLI_COUNT_ADVERSARIAL, rule[i],
						label[k], p, 0);

					if (!(n > 0))
						continue;
					made += n;
					proved += p == 1 ? n : 0;
					nli_table_text(t, nli_sec_name(d, a->tally,
								       NLI_DIM_RULE,
								       rule[i]));
					nli_table_text(t, nli_sec_name(d, a->tally,
								       NLI_DIM_LABEL,
								       label[k]));
					nli_table_cstr(t, proof[p]);
					nli_table_number(t, n);
				}
			for (size_t k = 0; set && k < set->n && k < 3; k++)
				nli_sec_example(d, e, a->scratch,
						(struct nli_str){ set->s[k].line,
								  set->s[k].len });
		}
		if (e->n)
			nli_doc_examples(s, e, NULL);
		nli_doc_value(d, "adversarial.n", made, NAN, NAN, NAN);
		nli_doc_value(d, "adversarial.proved", proved / made, NAN, NAN, made);
	}
	free(rule);
	free(label);
}
