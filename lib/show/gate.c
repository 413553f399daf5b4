/* gate.c - see gate.h. */
#include "lib/show/gate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/show/clean.h"
#include "lib/show/markup.h"

const struct nli_gauge nli_gauges[] = {
	{ "adversarial.n", "records that were made from others", false },
	{ "adversarial.proved", "share of them whose label a rule proves", true },
	{ "cues.replicated",
	  "significant cues found again in the other half of the groups", false },
	{ "cues.significant",
	  "pairs of cue and label with a false discovery rate below --max-q", false },
	{ "cues.tested", "pairs of cue and label that were tested", false },
	{ "cues.z", "z of the surest cue", false },
	{ "dedup.against",
	  "records that also stand in what nli-dedup --against was given", false },
	{ "dedup.conflicts", "records whose pair carries another label elsewhere",
	  false },
	{ "dedup.edit", "records few words from another, in no cluster", false },
	{ "dedup.exact", "records in a cluster of equal texts", false },
	{ "dedup.near", "records in a cluster of nearly equal texts", false },
	{ "dedup.self", "records whose premise and hypothesis are equal", false },
	{ "filter.dropped", "records that the filter takes out", false },
	{ "filter.gain_after", "gain without the premise on what the filter keeps",
	  true },
	{ "filter.gain_before", "gain without the premise before the filter", true },
	{ "filter.kept", "share of records that the filter keeps", true },
	{ "hyponly.INPUT.accuracy", "accuracy of the model that sees INPUT", true },
	{ "hyponly.INPUT.bits", "V-information of INPUT about the label, in bits",
	  false },
	{ "hyponly.INPUT.ece", "expected calibration error of the model that sees INPUT",
	  true },
	{ "hyponly.INPUT.gain", "gain of the model that sees INPUT", true },
	{ "hyponly.INPUT.majority", "share of the commonest label (of choices: chance)",
	  true },
	{ "hyponly.INPUT.p", "p value of that gain, of its permutation or sign-flip test",
	  false },
	{ "hyponly.accuracy", "accuracy of the main partial-input model", true },
	{ "hyponly.bits", "V-information of its input about the label, in bits", false },
	{ "hyponly.ece", "its expected calibration error", true },
	{ "hyponly.gain", "its gain over the commonest label (of choices: over chance)",
	  true },
	{ "hyponly.majority", "share of the commonest label (of choices: chance)", true },
	{ "hyponly.p", "p value of its gain, of its permutation or sign-flip test",
	  false },
	{ "labels.majority", "share of the commonest label among labelled records",
	  true },
	{ "leaks.group", "groups on both sides of a split", false },
	{ "leaks.hypothesis", "hypotheses on both sides of a split", false },
	{ "leaks.pair", "pairs on both sides of a split", false },
	{ "leaks.premise", "premises on both sides of a split", false },
	{ "leaks.source_group", "groups on both sides of the source's own split", false },
	{ "leaks.source_hypothesis", "hypotheses on both sides of the source's own split",
	  false },
	{ "leaks.source_pair", "whole items on both sides of the source's own split",
	  false },
	{ "leaks.source_premise", "premises on both sides of the source's own split",
	  false },
	{ "preds.accuracy", "accuracy of the model of nli-hyponly --preds", true },
	{ "preds.easy", "its accuracy on records that are guessed right blind", true },
	{ "preds.hard", "its accuracy on records that are not", true },
	{ "records.languages", "languages", false },
	{ "records.n", "records", false },
	{ "records.unlabelled", "records without a label", false },
	{ "repair.cues", "cues of the last summary of nli-cues, of two or more", false },
	{ "repair.gain", "gain without the premise in the last audit, of two or more",
	  true },
	{ "rl.shortcut", "reward of the policy that sees only a part of the input",
	  true },
	{ "rl.solve_rate", "mean reward of the rollouts of the best model", true },
	{ "rl.useful", "chance that a group of rollouts has both solved and failed ones",
	  true },
	{ "rl.zero_variance", "records whose rollouts all earn the same", false },
	{ "truth.alpha", "Krippendorff's alpha", false },
	{ "truth.flagged", "annotators with a flag", false },
	{ "truth.kappa", "Fleiss' kappa", false },
	{ "truth.percent", "pairs of annotations that agree", true },
	{ "truth.workers", "annotators", false },
	{ NULL, NULL, false },
};

static const char *const inputs[] = { "hypothesis", "premise",  "choices",  "length",
				      "overlap",    "position", "shuffled", "both" };

/* Whether name is pattern with an input in the place of "INPUT". */
static bool matches(const char *pattern, struct nli_str name)
{
	const char *hole = strstr(pattern, "INPUT");
	const size_t before = hole ? (size_t)(hole - pattern) : 0;

	if (!hole)
		return nli_str_is(name, pattern);
	for (size_t i = 0; i < sizeof(inputs) / sizeof(*inputs); i++) {
		const size_t len = strlen(inputs[i]);

		if (name.len == before + len + strlen(hole + 5) &&
		    !memcmp(name.s, pattern, before) &&
		    !memcmp(name.s + before, inputs[i], len) &&
		    !memcmp(name.s + before + len, hole + 5, strlen(hole + 5)))
			return true;
	}
	return false;
}

const struct nli_gauge *nli_gauge_find(struct nli_str name)
{
	for (const struct nli_gauge *m = nli_gauges; m->name; m++)
		if (matches(m->name, name))
			return m;
	return NULL;
}

void nli_gauge_list(struct nli_buf *out)
{
	for (const struct nli_gauge *m = nli_gauges; m->name; m++)
		nli_buf_addf(out, "%-24s %s\n", m->name, m->meaning);
	nli_buf_adds(out, "\nINPUT is ");
	for (size_t i = 0; i < sizeof(inputs) / sizeof(*inputs); i++)
		nli_buf_addf(out, "%s%s", inputs[i],
			     i + 2 < sizeof(inputs) / sizeof(*inputs)    ? ", "
			     : i + 2 == sizeof(inputs) / sizeof(*inputs) ? " or "
									 : ".\n");
	nli_buf_adds(
		out,
		"NAME.lo and NAME.hi are the ends of its 95% interval, NAME.n what it "
		"rests on.\n");
}

/* Take a facet off the end of a name. */
static enum nli_facet take_facet(struct nli_str *name)
{
	static const char *const end[] = {
		[NLI_FACET_LO] = ".lo", [NLI_FACET_HI] = ".hi", [NLI_FACET_N] = ".n"
	};

	if (nli_gauge_find(*name)) /* "records.n" is a metric itself */
		return NLI_FACET_VALUE;
	for (int f = NLI_FACET_LO; f <= NLI_FACET_N; f++) {
		const size_t len = strlen(end[f]);

		if (name->len > len && !memcmp(name->s + name->len - len, end[f], len)) {
			name->len -= len;
			return (enum nli_facet)f;
		}
	}
	return NLI_FACET_VALUE;
}

static const char *take_relation(const char *at, enum nli_relation *r)
{
	static const char *const word[] = {
		[NLI_LT] = "<",  [NLI_LE] = "<=", [NLI_EQ] = "==",
		[NLI_NE] = "!=", [NLI_GE] = ">=", [NLI_GT] = ">"
	};
	static const enum nli_relation order[] = { NLI_LE, NLI_GE, NLI_EQ,
						   NLI_NE, NLI_LT, NLI_GT };

	for (size_t i = 0; i < 6; i++) {
		const size_t len = strlen(word[order[i]]);

		if (!strncmp(at, word[order[i]], len)) {
			*r = order[i];
			return at + len;
		}
	}
	return NULL;
}

int nli_condition_parse(struct nli_condition *c, const char *text, struct nli_err *err)
{
	const char *at = text + strspn(text, " \t");
	struct nli_str name = { at, strcspn(at, " \t<>=!") };
	char *end;

	*c = (struct nli_condition){ .text = text };
	at += name.len;
	at = take_relation(at + strspn(at, " \t"), &c->relation);
	if (!name.len || !at)
		return nli_fail(err, NLI_EINVAL,
				"\"%s\" is no condition, wanted one such as "
				"\"hyponly.gain > 0.05\"",
				text);
	c->facet = take_facet(&name);
	if (!nli_gauge_find(name) || name.len >= sizeof(c->name))
		return nli_fail(err, NLI_EINVAL, "no metric \"%.*s\", see --metrics",
				(int)(name.len < 60 ? name.len : 60), name.s);
	memcpy(c->name, name.s, name.len);
	c->limit = strtod(at, &end);
	if (*end == '%' && end > at) {
		c->limit /= 100;
		end++;
	}
	if (end == at || end[strspn(end, " \t")] || !isfinite(c->limit))
		return nli_fail(err, NLI_EINVAL, "\"%s\": \"%s\" is no number", text, at);
	return 0;
}

static bool holds(double v, enum nli_relation r, double limit)
{
	switch (r) {
	case NLI_LT:
		return v < limit;
	case NLI_LE:
		return v <= limit;
	case NLI_EQ:
		return v == limit;
	case NLI_NE:
		return v != limit;
	case NLI_GE:
		return v >= limit;
	default:
		return v > limit;
	}
}

static void say(const struct nli_value *v, struct nli_buf *out)
{
	nli_buf_addf(out, "%s is %.6g", v->name, v->v);
	if (isfinite(v->lo) && isfinite(v->hi))
		nli_buf_addf(out, " [%.6g, %.6g]", v->lo, v->hi);
	if (isfinite(v->n))
		nli_buf_addf(out, ", n = %.15g", v->n);
}

enum nli_outcome nli_condition_try(const struct nli_condition *c, const struct nli_doc *d,
				   struct nli_buf *says)
{
	const struct nli_value *v = nli_doc_find(d, c->name);
	const double of[] = { v ? v->v : NAN, v ? v->lo : NAN, v ? v->hi : NAN,
			      v ? v->n : NAN };

	if (!isfinite(of[c->facet])) {
		if (says)
			nli_buf_addf(says, "nothing that was given says what %s%s is",
				     c->name,
				     c->facet == NLI_FACET_VALUE ? ""
				     : c->facet == NLI_FACET_N   ? ".n"
				     : c->facet == NLI_FACET_LO  ? ".lo"
								 : ".hi");
		return NLI_OUTCOME_UNKNOWN;
	}
	if (says)
		say(v, says);
	return holds(of[c->facet], c->relation, c->limit) ? NLI_OUTCOME_YES
							  : NLI_OUTCOME_NO;
}

static void write_case(struct nli_markup *x, const struct nli_condition *c,
		       const struct nli_doc *d)
{
	struct nli_buf says = { 0 };
	const enum nli_outcome is = nli_condition_try(c, d, &says);

	nli_markup_open(x, "testcase");
	nli_markup_attr(x, "classname", "nli-report");
	nli_markup_attrf(x, "name", "not %s", c->text);
	if (is != NLI_OUTCOME_NO) {
		nli_markup_open(x, is == NLI_OUTCOME_YES ? "failure" : "error");
		nli_markup_attrs(x, "message", nli_buf_str(&says));
		nli_markup_close(x);
	}
	nli_markup_close(x);
	nli_buf_release(&says);
}

void nli_condition_junit(const struct nli_condition *c, size_t n, const struct nli_doc *d,
			 struct nli_buf *out)
{
	struct nli_markup *x = nli_markup_new();
	size_t count[3] = { 0 };

	for (size_t i = 0; i < n; i++)
		count[nli_condition_try(&c[i], d, NULL)]++;
	nli_buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	nli_markup_open(x, "testsuites");
	nli_markup_open(x, "testsuite");
	nli_markup_attr(x, "name", "nli-report");
	nli_markup_attrf(x, "tests", "%zu", n);
	nli_markup_attrf(x, "failures", "%zu", count[NLI_OUTCOME_YES]);
	nli_markup_attrf(x, "errors", "%zu", count[NLI_OUTCOME_UNKNOWN]);
	for (size_t i = 0; i < n; i++)
		write_case(x, &c[i], d);
	nli_markup_end(x, out);
	nli_buf_addc(out, '\n');
}
