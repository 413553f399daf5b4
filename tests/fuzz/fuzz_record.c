/*
 * fuzz_record.c - any line: parsed as a record or refused with a message, and
 * what a splice puts in is found again with every other member as it was.
 */
#include <stdint.h>
#include <stdlib.h>

#include "lib/nli/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* The members of a and b are the same source text, but for the one called name. */
static void same_but(const struct nli_object *a, const struct nli_object *b,
		     const char *name)
{
	size_t j = 0;

	for (size_t i = 0; i < a->n; i++, j++) {
		must(j < b->n && nli_str_eq(a->m[i].key, b->m[j].key));
		if (!nli_str_is(a->m[i].key, name))
			must(nli_str_eq(a->m[i].raw, b->m[j].raw));
	}
	must(b->n - j <= 1);
}

static void check_splice(const struct nli_object *o, struct nli_json *again)
{
	struct nli_buf out = { 0 };
	struct nli_object back;
	struct nli_err err;

	nli_object_splice(o, "split", NLI_STR("{\"x\":[1,\"}\"]}"), &out);
	must(!nli_json_object(again, nli_buf_str(&out), &back, &err));
	same_but(o, &back, "split");
	must(nli_str_is(nli_object_find(&back, "split")->raw, "{\"x\":[1,\"}\"]}"));
	nli_buf_release(&out);
}

/* The fast way says the same: r is what the slow way read, if rc is 0. */
static void check_skim(struct nli_str line, const struct nli_record *r, int rc)
{
	struct nli_record_skimmer *k = nli_record_skimmer_new(false);
	struct nli_json *j = nli_json_new();
	struct nli_record fast;
	struct nli_err err = { 0 };

	for (int i = 0; i < 2; i++) {
		must(nli_record_texts(&fast, k, j, line, &err) == rc);
		if (rc)
			continue;
		must(nli_str_eq(fast.id, r->id) && nli_str_eq(fast.label, r->label));
		must(nli_str_eq(fast.hypothesis, r->hypothesis) && fast.task == r->task);
		must(nli_str_eq(fast.obj.line, r->obj.line) && fast.obj.n == r->obj.n);
		for (size_t m = 0; m < r->obj.n; m++)
			must(nli_str_eq(fast.obj.m[m].raw, r->obj.m[m].raw) &&
			     fast.obj.m[m].start == r->obj.m[m].start);
	}
	nli_json_free(j);
	nli_record_skimmer_free(k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct nli_str line = { (const char *)data, size };
	struct nli_json *j = nli_json_new(), *again = nli_json_new();
	struct nli_record r;
	struct nli_object o;
	struct nli_err err = { 0 };
	int rc;

	if (!nli_json_object(j, line, &o, &err)) {
		check_splice(&o, again);
		for (size_t i = 0; i < o.n; i++)
			must(nli_json_span(o.m[i].raw.s, o.m[i].raw.len) ==
			     o.m[i].raw.len);
	}
	rc = nli_record_parse(&r, j, line, &err);
	must(!rc || (err.msg[0] && err.code == NLI_EDATA));
	check_skim(line, &r, rc);
	nli_json_free(again);
	nli_json_free(j);
	return 0;
}
