/* split.c - see split.h. */
#include "lib/nli/split.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/text/norm.h"

enum { MATCH = NLI_MATCH_CASE | NLI_MATCH_PUNCT | NLI_MATCH_WIDTH };

static uint64_t text_hash(struct nli_str s, struct nli_buf *tmp)
{
	nli_buf_clear(tmp);
	nli_text_match_form(s, MATCH, tmp);
	if (tmp->len)
		s = nli_buf_str(tmp);
	return nli_hash(s.s, s.len, 0);
}

int nli_split_group(const struct nli_record *r, const char *field, struct nli_buf *tmp,
		    uint64_t *hash, struct nli_err *err)
{
	struct nli_str v;

	if (!strcmp(field, "group") && r->group.s) {
		*hash = nli_hash(r->group.s, r->group.len, 0);
		return 0;
	}
	if (!strcmp(field, "group") || !strcmp(field, "premise"))
		v = r->premise.s ? r->premise : r->id;
	else
		v = nli_record_field(r, nli_str_of(field), tmp);
	if (!v.s)
		return nli_fail(err, NLI_EDATA, "no \"%s\", wanted for --group", field);
	if (v.s == r->premise.s || v.s == r->hypothesis.s)
		*hash = text_hash(v, tmp);
	else
		*hash = nli_hash(v.s, v.len, 0);
	return 0;
}

void nli_split_write(const struct nli_record *r, struct nli_str name, struct nli_buf *tmp,
		     struct nli_buf *out)
{
	const struct nli_member *old = nli_object_find(&r->obj, "split");
	const struct nli_member *source = nli_object_find(&r->obj, "source_split");
	struct nli_splice set[] = {
		{ "split", { NULL, 0 } },
		{ "source_split", source ? source->raw
				  : old  ? old->raw
					 : NLI_STR("null") },
	};

	nli_buf_clear(tmp);
	nli_json_quote(tmp, name);
	set[0].value = nli_buf_str(tmp);
	nli_object_splice_n(&r->obj, set, 2, out);
	nli_buf_addc(out, '\n');
}

int nli_split_record(const struct nli_split *s, const struct nli_record *r,
		     struct nli_buf *tmp, struct nli_buf *out, struct nli_err *err)
{
	uint64_t h;
	const int rc = nli_split_group(r, s->group, tmp, &h, err);

	if (rc)
		return rc;
	h = nli_mix(h ^ nli_mix(s->seed));
	if (s->kfold) {
		char num[24];

		/*
		 * Mixed again, or the folds of one part would be uneven.  Multiply and
		 * shift gives each fold its equal share of all hashes.
		 */
		h = nli_mix(h);
		snprintf(num, sizeof(num), "%d",
			 (int)((h >> 32) * (uint64_t)s->kfold >> 32));
		nli_record_write(r, "fold", nli_str_of(num), out);
		return 0;
	}
	nli_split_write(r, s->parts.part[nli_parts_at(&s->parts, nli_unit(h))].name, tmp,
			out);
	return 0;
}
