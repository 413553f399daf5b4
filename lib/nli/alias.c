/* alias.c - see alias.h. */
#include "lib/nli/alias.h"

#include <stdlib.h>

enum { LONGEST = 24 };

enum {
	E = 1 << NLI_ENTAILMENT,
	N = 1 << NLI_NEUTRAL,
	C = 1 << NLI_CONTRADICTION,
	X = 1 << NLI_NOT_ENTAILMENT,
	NULL_LABEL = 0,
	NO_MEANING = -1
};

/* Sorted by spelling, in lower case. */
static const struct alias {
	const char *text;
	int nli, nli2;
} aliases[] = {
	{ "", NULL_LABEL, NULL_LABEL },
	{ "-", NULL_LABEL, NULL_LABEL },
	{ "-1", NULL_LABEL, NULL_LABEL },
	{ "c", C, NO_MEANING },
	{ "cnt", C, NO_MEANING },
	{ "contraddizione", C, NO_MEANING },
	{ "contradicción", C, NO_MEANING },
	{ "contradict", C, NO_MEANING },
	{ "contradiction", C, NO_MEANING },
	{ "contradictory", C, NO_MEANING },
	{ "contradicts", C, NO_MEANING },
	{ "contradição", C, NO_MEANING },
	{ "e", E, E },
	{ "ent", E, E },
	{ "entail", E, E },
	{ "entail_or_paraphrase", E, E },
	{ "entailed", E, E },
	{ "entailment", E, E },
	{ "entails", E, E },
	{ "false", C, X },
	{ "folgerung", E, E },
	{ "implicación", E, E },
	{ "implication", E, E },
	{ "implicazione", E, E },
	{ "implicação", E, E },
	{ "kontradiksi", C, NO_MEANING },
	{ "n", N, NO_MEANING },
	{ "netral", N, NO_MEANING },
	{ "neutra", N, NO_MEANING },
	{ "neutral", N, NO_MEANING },
	{ "neutrale", N, NO_MEANING },
	{ "neutre", N, NO_MEANING },
	{ "neutro", N, NO_MEANING },
	{ "no", C, X },
	{ "non-entailment", NO_MEANING, X },
	{ "non_entailment", NO_MEANING, X },
	{ "none", NO_MEANING, X },
	{ "nonentailment", NO_MEANING, X },
	{ "not enough info", N, NO_MEANING },
	{ "not entailed", NO_MEANING, X },
	{ "not-entailed", NO_MEANING, X },
	{ "not-entailment", NO_MEANING, X },
	{ "not_entailed", NO_MEANING, X },
	{ "not_entailment", NO_MEANING, X },
	{ "notentail", NO_MEANING, X },
	{ "null", NULL_LABEL, NULL_LABEL },
	{ "refuted", C, X },
	{ "refutes", C, NO_MEANING },
	{ "supports", E, NO_MEANING },
	{ "true", E, E },
	{ "undef", NULL_LABEL, NULL_LABEL },
	{ "unknown", N, NO_MEANING },
	{ "widerspruch", C, NO_MEANING },
	{ "yes", E, E },
	{ "нейтрально", N, NO_MEANING },
	{ "противоречие", C, NO_MEANING },
	{ "следование", E, E },
	{ "中性", N, NO_MEANING },
	{ "中立", N, NO_MEANING },
	{ "含意", E, E },
	{ "矛盾", C, NO_MEANING },
	{ "蕴含", E, E },
	{ "蕴涵", E, E },
	{ "蘊含", E, E },
	{ "모순", C, NO_MEANING },
	{ "중립", N, NO_MEANING },
	{ "함의", E, E },
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct nli_str trim(struct nli_str s, struct nli_str more)
{
	while (s.len &&
	       (is_blank(s.s[0]) || (more.len && memchr(more.s, s.s[0], more.len))))
		s.s++, s.len--;
	while (s.len && (is_blank(s.s[s.len - 1]) ||
			 (more.len && memchr(more.s, s.s[s.len - 1], more.len))))
		s.len--;
	return s;
}

static int by_text(const void *key, const void *entry)
{
	return strcmp(key, ((const struct alias *)entry)->text);
}

bool nli_alias(enum nli_task task, struct nli_str text, nli_label_set *set)
{
	char lower[LONGEST + 1];
	const struct alias *a;
	int meaning;

	text = trim(text, (struct nli_str){ NULL, 0 });
	if (text.len > LONGEST)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.s[i];

		lower[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	lower[text.len] = '\0';
	if (strlen(lower) != text.len)
		return false;
	a = bsearch(lower, aliases, sizeof(aliases) / sizeof(*aliases), sizeof(*aliases),
		    by_text);
	if (!a)
		return false;
	meaning = task == NLI_TASK_NLI2 ? a->nli2 : a->nli;
	*set = meaning > 0 ? (nli_label_set)meaning : 0;
	return meaning != NO_MEANING;
}

/* pandas writes 2 as 2.0 where a label of the column is missing. */
static struct nli_str without_fraction(struct nli_str s)
{
	size_t n = s.len;

	while (n && s.s[n - 1] == '0')
		n--;
	return n > 1 && n < s.len && s.s[n - 1] == '.' ? (struct nli_str){ s.s, n - 1 }
						       : s;
}

bool nli_is_integer(struct nli_str s)
{
	const struct nli_str v = without_fraction(s);
	const size_t from = v.len > 1 && v.s[0] == '-';

	if (v.len == from || v.len > 18)
		return false;
	for (size_t i = from; i < v.len; i++)
		if (v.s[i] < '0' || v.s[i] > '9')
			return false;
	return true;
}

static bool read_integer(const struct nli_labels *l, struct nli_str s, nli_label_set *set)
{
	int64_t v = 0;

	s = without_fraction(s);
	for (size_t i = s.s[0] == '-'; i < s.len; i++)
		v = v * 10 + (s.s[i] - '0');
	v = s.s[0] == '-' ? -v : v;
	*set = 0;
	/* -1 is what everyone writes for a label that is withheld. */
	if (v == -1 && l->first > -1)
		return true;
	if (v < l->first || (uint64_t)(v - l->first) >= l->n_integer)
		return false;
	*set = l->integer[v - l->first];
	return true;
}

static bool read_spelling(const struct nli_labels *l, struct nli_str s,
			  nli_label_set *set)
{
	for (size_t i = 0; i < l->n_spelling; i++)
		if (nli_str_eq(s, l->spelling[i].text)) {
			*set = l->spelling[i].set;
			return true;
		}
	return false;
}

static bool read_one(const struct nli_labels *l, enum nli_task task, struct nli_str s,
		     nli_label_set *set)
{
	if (read_spelling(l, s, set))
		return true;
	if (nli_is_integer(s))
		return read_spelling(l, without_fraction(s), set) ||
		       read_integer(l, s, set);
	return nli_alias(task, s, set);
}

/* The parts between sep, or the letters one by one, each a label. */
static bool read_set(const struct nli_labels *l, enum nli_task task, struct nli_str s,
		     nli_label_set *set)
{
	*set = 0;
	while (s.len) {
		size_t n = 1, skip = 1;
		nli_label_set one;

		if (!l->letters) {
			n = 0;
			while (n + l->set.len <= s.len &&
			       memcmp(s.s + n, l->set.s, l->set.len))
				n++;
			skip = n + l->set.len;
			if (n + l->set.len > s.len)
				n = skip = s.len;
		}
		if (!read_one(l, task, trim((struct nli_str){ s.s, n }, l->trim), &one))
			return false;
		*set |= one;
		s.s += skip;
		s.len -= skip;
	}
	return true;
}

bool nli_label_read(const struct nli_labels *l, enum nli_task task, struct nli_str text,
		    nli_label_set *set)
{
	const struct nli_str s = trim(text, l->trim);

	return read_one(l, task, s, set) || (l->set.len && read_set(l, task, s, set));
}
