/*
 * Unit tests of lib/text/needles and finder: which texts a pattern need not be asked of,
 * and that it matches in none of those.
 */
#include "tests/unit/rows.h"

#include <stdio.h>

#include "lib/text/finder.h"
#include "lib/text/needles.h"
#include "lib/text/pattern.h"

static const struct row {
	const char *name, *pattern, *text;
	bool may; /* be there, as far as needles tell */
} rows[] = {
	{ "a word", "\\bnot\\b", "He is not here.", true },
	{ "a word lacks", "\\bnot\\b", "He is here.", false },
	{ "part of a word", "\\bnot\\b", "A knot, nothing else.", false },
	{ "other case", "\\bnot\\b", "NOT here.", true },
	{ "a letter that is no ASCII beside it", "\\bnot\\b", "\xc3\xa9not", true },
	{ "the sign of Kelvin is a k", "\\bkilo\\b", "a \xe2\x84\xaailo", true },
	{ "the long s is an s", "\\bis\\b", "i\xc5\xbf", true },
	{ "alternatives", "c(?:an(?:'t|not)|ouldn't)", "He couldn't.", true },
	{ "no alternative", "c(?:an(?:'t|not)|ouldn't)", "He can.", false },
	{ "optional tails", "is(?:n't)? it", "is it", true },
	{ "a class of few", "n['\xe2\x80\x99]t", "isn\xe2\x80\x99t", true },
	{ "a class of few lacks", "n['\xe2\x80\x99]t", "isnt", false },
	{ "a class that excludes", "[^a]b", "cb", true },
	{ "the longer part counts", "\\w+ of (?:the|these)", "some of", false },
	{ "at the start", "^there\\b", "there it is", true },
	{ "not at the start", "^there\\b", "is there", false },
	{ "a mark at the start", "^\"no", "\"no", true },
	{ "start, optional", "(?:^)?there", "is there", true },
	{ "what is looked for is not needed", "a(?=b)|ab", "xab", true },
	{ "what is looked for negatively", "(?!no)\\w+ one", "a one", true },
	{ "repeated none or more", "(?:very )*big", "big", true },
	{ "repeated once or more", "(?:very )+big", "big", false },
	{ "{0,2}", "(?:very ){0,2}big", "big", true },
	{ "{2}", "(?:very ){2}big", "very very big", true },
	{ "twice", "\\bno\\b.*\\bno\\b", "no man, no dog", true },
	{ "but once", "\\bno\\b.*\\bno\\b", "no man", false },
	{ "twice, one in the other", "n't|\\bisn't\\b", "isn't", true },
	{ "named group", "(?<s>he|she) goes", "she goes", true },
	{ "named group lacks", "(?<s>he|she) goes", "it goes", false },
	{ "letters that have cases are not told", "\xc3\xa9t\xc3\xa9",
	  "\xc3\x89T\xc3\x89", true },
	{ "letters that have none", "\xe6\xb2\xa1\xe6\x9c\x89", "\xe6\xb2\xa1", false },
	{ "options", "(?i:x)y", "Xy", true },
	{ "a verb", "a(*ACCEPT)zzz", "a", true },
	{ "a back reference", "(no|yes) \\1", "no no", true },
	{ "a brace", "a{b}", "a{b}", true },
	{ "parentheses in a class and escaped", "(?:[)(]|\\)) x", ") x", true },
};
enum { NROWS = sizeof(rows) / sizeof(*rows) };

static bool may(const char *pattern, const char *text)
{
	struct nli_arena arena = { 0 };
	struct nli_finder *f = nli_finder_new(1);
	struct nli_needles k;
	uint64_t found[2];

	if (!nli_needles(&k, nli_str_of(pattern), &arena))
		nli_finder_always(f, 0);
	else if (k.twice)
		nli_finder_twice(f, 0);
	for (size_t i = 0; i < k.n; i++)
		nli_finder_add(f, 0, k.needle[i]);
	nli_finder_build(f);
	nli_finder_scan(f, nli_str_of(text), found);
	nli_finder_free(f);
	nli_arena_release(&arena);
	return found[0] & 1;
}

static bool matches(const char *pattern, const char *text)
{
	struct nli_match *m = nli_match_new();
	struct nli_pattern *p;
	struct nli_err err;
	bool found;

	if (nli_pattern_new(&p, nli_str_of(pattern), NLI_PATTERN_CASELESS, &err))
		fail_msg("%s", err.msg);
	found = nli_pattern_find(p, m, nli_str_of(text), 0, &err) == 1;
	nli_pattern_free(p);
	nli_match_free(m);
	return found;
}

static void check_row(void **state)
{
	const struct row *r = *state;

	if (may(r->pattern, r->text) != r->may)
		fail_msg("\"%s\" in \"%s\": not %d", r->pattern, r->text, r->may);
}

/* Whatever matches anywhere is found there: each pattern on each text. */
static void never_misses(void **state)
{
	(void)state;
	for (size_t i = 0; i < NROWS; i++)
		for (size_t k = 0; k < NROWS; k++)
			if (matches(rows[i].pattern, rows[k].text) &&
			    !may(rows[i].pattern, rows[k].text))
				fail_msg("\"%s\" is in \"%s\"", rows[i].pattern,
					 rows[k].text);
}

/* Sets in one finder are told apart, and what is added past its bound is always found. */
static void many_sets(void **state)
{
	enum { N = 70 };
	struct nli_finder *f = nli_finder_new(N);
	uint64_t found[4];
	char word[8];

	(void)state;
	for (size_t i = 0; i < N; i++) {
		snprintf(word, sizeof(word), "\1w%zu\1", i);
		nli_finder_add(f, i, nli_str_of(word));
	}
	nli_finder_build(f);
	nli_finder_scan(f, nli_str_of("W3, w6 and w69 but not ww1"), found);
	assert_true(found[0] == (UINT64_C(1) << 3 | UINT64_C(1) << 6));
	assert_true(found[1] == UINT64_C(1) << 5);
	nli_finder_free(f);
	f = nli_finder_new(1);
	for (size_t i = 0; i < 20000; i++)
		nli_finder_add(f, 0, NLI_STR("word"));
	nli_finder_build(f);
	nli_finder_scan(f, NLI_STR("none"), found);
	assert_true(found[0] & 1);
	nli_finder_free(f);
}

int main(void)
{
	struct CMUnitTest rest[] = { cmocka_unit_test(never_misses),
				     cmocka_unit_test(many_sets) };
	struct CMUnitTest row[NROWS];
	int failed;

	ROW_TESTS(row, rows, check_row);
	failed = cmocka_run_group_tests_name("needles", row, NULL, NULL);
	return failed + cmocka_run_group_tests_name("finder", rest, NULL, NULL);
}
