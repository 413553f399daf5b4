/* datasheet.c - see datasheet.h. */
#include "lib/show/datasheet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/io/json.h"
#include "lib/show/clean.h"
#include "lib/show/sections.h"

#define GAP "[More Information Needed]"

/* A string of JSON is one of YAML. */
static void item(struct nli_buf *out, struct nli_str s)
{
	nli_buf_adds(out, "- ");
	nli_json_quote(out, s);
	nli_buf_addc(out, '\n');
}

static void languages(const struct nli_dossier *a, struct nli_buf *out)
{
	size_t n;
	size_t *lang = nli_tally_values(a->tally, NLI_DIM_LANG, &n);
	struct nli_buf clean = { 0 };

	nli_buf_adds(out, n > 1 ? "language:\n" : "");
	for (size_t i = 0; i + 1 < n; i++) {
		nli_buf_clear(&clean);
		nli_clean(nli_tally_name(a->tally, NLI_DIM_LANG, lang[i]),
			  NLI_CLEAN_VALUE, &clean);
		item(out, nli_buf_str(&clean));
	}
	nli_buf_release(&clean);
	free(lang);
}

/* The hub's identifiers, as their names are spelt in profiles: "CC BY-SA 4.0". */
static const char *licence_id(struct nli_str name)
{
	static const char *const known[] = {
		"apache-2.0",      "mit",          "cc-by-2.0",       "cc-by-3.0",
		"cc-by-4.0",       "cc-by-sa-3.0", "cc-by-sa-4.0",    "cc-by-nc-4.0",
		"cc-by-nc-sa-4.0", "cc0-1.0",      "cc-by-nc-nd-4.0", "bsd-3-clause",
		"gpl-3.0",         "afl-3.0",      "odc-by",
	};
	char id[32];

	if (name.len >= sizeof(id))
		return NULL;
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.s[i];

		id[i] = c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	id[name.len] = '\0';
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(id, known[i]))
			return known[i];
	return NULL;
}

/* One licence for all corpora, or none is said. */
static void licence(const struct nli_dossier *a, struct nli_buf *out)
{
	for (size_t i = 1; i < a->n_card; i++)
		if (!nli_str_eq(a->card[i].licence, a->card[0].licence))
			return;
	if (!a->n_card || !a->card[0].licence.len)
		return;
	if (licence_id(a->card[0].licence)) {
		nli_buf_addf(out, "license: %s\n", licence_id(a->card[0].licence));
		return;
	}
	nli_buf_adds(out, "license: other\nlicense_name: ");
	nli_json_quote(out, a->card[0].licence);
	nli_buf_addc(out, '\n');
}

static const char *size_category(uint64_t n)
{
	static const struct {
		uint64_t below;
		const char *name;
	} list[] = {
		{ 1000, "n<1K" },         { 10000, "1K<n<10K" },
		{ 100000, "10K<n<100K" }, { 1000000, "100K<n<1M" },
		{ 10000000, "1M<n<10M" }, { 100000000, "10M<n<100M" },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (n < list[i].below)
			return list[i].name;
	return "100M<n<1B";
}

static void tasks(const struct nli_dossier *a, struct nli_buf *out)
{
	const struct nli_intern *task = &a->tally->field[NLI_DIM_TASK].values;
	const bool choice = nli_intern_find(task, NLI_STR("choice")) >= 0;
	const bool pair = nli_intern_find(task, NLI_STR("nli")) >= 0 ||
			  nli_intern_find(task, NLI_STR("nli2")) >= 0;

	if (!choice && !pair)
		return;
	nli_buf_adds(out, "task_categories:\n");
	nli_buf_adds(out, pair ? "- text-classification\n" : "");
	nli_buf_adds(out, choice ? "- multiple-choice\n" : "");
	if (pair)
		nli_buf_adds(out, "task_ids:\n- natural-language-inference\n");
}

static const struct nli_table *find_table(const struct nli_doc *d, const char *id)
{
	for (size_t i = 0; i < d->n_section; i++)
		for (size_t k = 0; k < d->section[i]->n; k++) {
			const struct nli_table *t = d->section[i]->block[k].table;

			if (t && !strcmp(t->id, id))
				return t;
		}
	return NULL;
}

static void findings(const struct nli_doc *d, struct nli_buf *out)
{
	for (size_t i = 0; i < d->n_finding; i++) {
		nli_buf_adds(out, "- ");
		nli_show_markdown(d->finding[i].headline, out);
		nli_buf_addc(out, ' ');
		nli_show_markdown(d->finding[i].evidence, out);
		nli_buf_addc(out, '\n');
	}
	nli_buf_adds(out, d->n_finding ? "\n" : GAP "\n\n");
}

static void citations(const struct nli_dossier *a, struct nli_buf *out)
{
	bool any = false;

	for (size_t i = 0; i < a->n_card; i++)
		if (a->card[i].citation.len) {
			nli_buf_adds(out, "- ");
			nli_show_markdown(a->card[i].citation, out);
			nli_buf_addc(out, '\n');
			any = true;
		}
	nli_buf_adds(out, any ? "\n" : GAP "\n\n");
}

static void table(const struct nli_doc *d, const char *id, struct nli_buf *out)
{
	const struct nli_table *t = find_table(d, id);

	if (t && nli_table_rows(t))
		nli_doc_markdown_table(t, out);
	else
		nli_buf_adds(out, GAP "\n\n");
}

static void gaps(struct nli_buf *out, const char *const *title)
{
	for (; *title; title++)
		nli_buf_addf(out, "%s\n\n" GAP "\n\n", *title);
}

void nli_datasheet(const struct nli_dossier *a, const struct nli_doc *d,
		   struct nli_buf *out)
{
	static const char *const uses[] = { "### Direct Use", "### Out-of-Scope Use",
					    NULL };
	static const char *const creation[] = { "### Curation Rationale",
						"#### Who are the source data producers?",
						"#### Annotation process",
						"#### Who are the annotators?",
						"#### Personal and Sensitive Information",
						NULL };

	nli_buf_adds(out, "---\n");
	languages(a, out);
	licence(a, out);
	tasks(a, out);
	if (a->tally->n)
		nli_buf_addf(out, "size_categories:\n- %s\n", size_category(a->tally->n));
	nli_buf_adds(out, "pretty_name: ");
	nli_json_quote(out, d->title);
	nli_buf_adds(out, "\n---\n\n# Dataset Card for ");
	nli_show_markdown(d->title, out);
	nli_buf_adds(out, "\n\n## Dataset Description\n\n");
	nli_show_markdown(d->subtitle, out);
	nli_buf_adds(out, ".\n\n## Uses\n\n");
	gaps(out, uses);
	nli_buf_adds(out, "## Dataset Structure\n\n");
	table(d, "labels", out);
	nli_buf_adds(out, "## Dataset Creation\n\n");
	gaps(out, creation);
	nli_buf_adds(out, "### Processing\n\n");
	table(d, "provenance", out);
	nli_buf_adds(out, "## Bias, Risks, and Limitations\n\nBy nli-report:\n\n");
	findings(d, out);
	nli_buf_adds(out, "## Citation\n\n");
	citations(a, out);
	nli_buf_adds(out, "## Dataset Card Authors\n\n" GAP "\n");
}
