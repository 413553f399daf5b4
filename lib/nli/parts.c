/* parts.c - see parts.h. */
#include "lib/nli/parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* What stands behind "=": a share, a count or "rest". */
static int parse_size(struct nli_part *p, struct nli_str text, bool *rest,
		      struct nli_err *err)
{
	char num[32], *end;

	*rest = nli_str_is(text, "rest");
	if (*rest)
		return 0;
	if (text.len && text.len < sizeof(num) && is_digit(*text.s)) {
		memcpy(num, text.s, text.len);
		num[text.len] = '\0';
		errno = 0;
		p->count = strtoull(num, &end, 10);
		p->counted = !*end && !errno;
		if (p->counted)
			return 0;
		p->share = strtod(num, &end) / 100;
		if (*end == '%' && !end[1] && p->share >= 0 && p->share <= 1)
			return 0;
	}
	return nli_fail(
		err, NLI_EINVAL,
		"the size of part \"%.*s\" is \"%.*s\", wanted such as 10%%, 500 or rest",
		(int)p->name.len, p->name.s, (int)text.len, text.s);
}

static int add_part(struct nli_parts *p, struct nli_str item, struct nli_err *err)
{
	const char *eq = item.len ? memchr(item.s, '=', item.len) : NULL;
	struct nli_part *part = &p->part[p->n];
	bool rest;
	int rc;

	if (!eq || eq == item.s)
		return nli_fail(err, NLI_EINVAL, "\"%.*s\" is no part, wanted NAME=SIZE",
				(int)item.len, item.s);
	if (p->n == NLI_MAX_PARTS)
		return nli_fail(err, NLI_EINVAL, "more than %d parts", NLI_MAX_PARTS);
	*part = (struct nli_part){ .name = { item.s, (size_t)(eq - item.s) } };
	for (size_t i = 0; i < p->n; i++)
		if (nli_str_eq(p->part[i].name, part->name))
			return nli_fail(err, NLI_EINVAL, "part \"%.*s\" is given twice",
					(int)part->name.len, part->name.s);
	rc = parse_size(part,
			(struct nli_str){ eq + 1, (size_t)(item.s + item.len - eq) - 1 },
			&rest, err);
	if (rc)
		return rc;
	if (rest && p->rest >= 0)
		return nli_fail(err, NLI_EINVAL, "two parts are \"rest\", wanted one");
	if (rest)
		p->rest = (int)p->n;
	p->counted |= part->counted;
	p->n++;
	return 0;
}

static int settle(struct nli_parts *p, struct nli_err *err)
{
	double sum = 0;

	for (size_t i = 0; i < p->n; i++)
		sum += p->part[i].share;
	if (sum > 1 + 1e-9)
		return nli_fail(err, NLI_EINVAL, "the parts make up %g%%, wanted 100%%",
				100 * sum);
	if (p->rest >= 0) {
		p->part[p->rest].share = fmax(0, 1 - sum);
		return 0;
	}
	if (p->counted)
		return nli_fail(err, NLI_EINVAL,
				"a part has a count, so one must be \"rest\"");
	if (sum < 1 - 1e-9)
		return nli_fail(err, NLI_EINVAL, "the parts make up %g%%, wanted 100%%",
				100 * sum);
	return 0;
}

int nli_parts_parse(struct nli_parts *p, const char *text, struct nli_err *err)
{
	*p = (struct nli_parts){ .rest = -1 };
	for (;;) {
		const size_t len = strcspn(text, ",");
		const int rc = add_part(p, (struct nli_str){ text, len }, err);

		if (rc)
			return rc;
		if (!text[len])
			return settle(p, err);
		text += len + 1;
	}
}

size_t nli_parts_at(const struct nli_parts *p, double u)
{
	double below = 0;

	for (size_t i = 0; i + 1 < p->n; i++) {
		below += p->part[i].share;
		if (u < below)
			return i;
	}
	return p->n - 1;
}
