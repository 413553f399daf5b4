/* audit_write.c - see audit.h: members, summary, words. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/audit_parts.h"
#include "lib/model/vmath.h"

/* v with at most 6 decimals, as printf's %.6f without its trailing zeros: it is called for
 * every probability of every record. */
static void add_decimal(struct nli_buf *b, double v)
{
	char text[32], *end = text + sizeof(text), *at = end;
	uint64_t n = (uint64_t)(fabs(v) * 1e6 + 0.5), whole = n / 1000000;
	uint32_t part = (uint32_t)(n % 1000000);
	int digits = 6;

	if (!(fabs(v) < 1e12)) {
		nli_buf_addf(b, "%.6g", v);
		return;
	}
	for (; digits && part % 10 == 0; digits--)
		part /= 10;
	for (int i = 0; i < digits; i++, part /= 10)
		*--at = (char)('0' + part % 10);
	if (digits)
		*--at = '.';
	do
		*--at = (char)('0' + whole % 10);
	while (whole /= 10);
	if (v < 0 && n)
		*--at = '-';
	nli_buf_add(b, at, (size_t)(end - at));
}

static void add_label(const struct audit_set *s, size_t c, struct nli_buf *out)
{
	if (audit_is_choice(s))
		nli_buf_addf(out, "\"%zu\"", c);
	else
		nli_json_quote(out, s->class_name[c]);
}

static void add_probs(const struct audit_set *s, const float *logp, size_t n,
		      struct nli_buf *out)
{
	nli_buf_adds(out, ",\"p\":{");
	for (size_t c = 0; c < n; c++) {
		if (c)
			nli_buf_addc(out, ',');
		add_label(s, c, out);
		nli_buf_addc(out, ':');
		add_decimal(out, (double)nli_expf(logp[c]));
	}
	nli_buf_addc(out, '}');
}

static void add_bool(struct nli_buf *out, const char *name, int v)
{
	nli_buf_adds(out, name);
	nli_buf_adds(out, v < 0 ? "null" : v ? "true" : "false");
}

/* p(gold) less the largest other. */
static double margin_of(const float *logp, size_t n, size_t y)
{
	double other = 0;

	for (size_t c = 0; c < n; c++)
		if (c != y && (double)nli_expf(logp[c]) > other)
			other = (double)nli_expf(logp[c]);
	return (double)nli_expf(logp[y]) - other;
}

/* "pred":...,"p":...,"correct":...,"pvi":...,"margin":... */
static void add_view(const struct nli_audit *a, const struct audit_set *s,
		     const struct audit_result *r, size_t item, struct nli_buf *out)
{
	const struct nli_scored sc = audit_scored(a, s, r, item);
	const float *logp = r->logp + item * s->n_class;

	nli_buf_adds(out, "\"pred\":");
	add_label(s, (size_t)sc.pred, out);
	add_probs(s, logp, sc.n_opt, out);
	add_bool(out, ",\"correct\":", sc.y < 0 ? -1 : sc.y == sc.pred);
	if (sc.y < 0) {
		nli_buf_adds(out, ",\"pvi\":null,\"margin\":null");
		return;
	}
	nli_buf_adds(out, ",\"pvi\":");
	add_decimal(out, (double)sc.pvi);
	nli_buf_adds(out, ",\"margin\":");
	add_decimal(out, margin_of(logp, sc.n_opt, (size_t)sc.y));
}

void audit_member(const struct nli_audit *a, const struct audit_set *s, size_t item,
		  struct nli_buf *out)
{
	const struct audit_item *i = &s->item[item];
	const struct nli_scored sc = audit_scored(a, s, &s->result[0], item);
	const double easy = a->o.easy, hard = a->o.hard, p = (double)sc.p;

	nli_buf_adds(out, "{\"fold\":");
	if (a->test)
		nli_buf_adds(out, "null");
	else
		nli_buf_add_u64(out, i->fold);
	nli_buf_addc(out, ',');
	add_view(a, s, &s->result[0], item, out);
	nli_buf_adds(out, ",\"rank\":");
	if (sc.y < 0)
		nli_buf_adds(out, "null");
	else
		nli_buf_add_u64(out, s->rank[item]);
	add_bool(out, ",\"easy\":",
		 sc.y < 0    ? -1
		 : easy >= 0 ? p >= easy
			     : sc.y == sc.pred);
	add_bool(out, ",\"hard\":",
		 sc.y < 0    ? -1
		 : hard >= 0 ? p <= hard
			     : sc.y != sc.pred);
	if (a->o.n_input > 1)
		nli_buf_adds(out, ",\"inputs\":{");
	for (size_t k = 1; k < a->o.n_input; k++) {
		nli_buf_addf(out, "%s\"%s\":{", k > 1 ? "," : "",
			     nli_partial_name(s->result[k].input));
		add_view(a, s, &s->result[k], item, out);
		nli_buf_addc(out, '}');
	}
	nli_buf_adds(out, a->o.n_input > 1 ? "}}" : "}");
}

struct writer {
	struct nli_buf member;
	struct nli_json *json;
};

static void *writer_new(void *ctx)
{
	struct writer *w = nli_xcalloc(1, sizeof(*w));

	(void)ctx;
	w->json = nli_json_new();
	return w;
}

static void writer_free(void *ctx, void *arg)
{
	struct writer *w = arg;

	(void)ctx;
	nli_buf_release(&w->member);
	nli_json_free(w->json);
	free(w);
}

static bool has_member(struct nli_str line)
{
	static const char name[] = "\"hyponly\"";
	const char *at = line.s, *end = line.s + line.len;

	while ((at = memchr(at, '"', (size_t)(end - at))) &&
	       (size_t)(end - at) >= sizeof(name) - 1) {
		if (!memcmp(at, name, sizeof(name) - 1))
			return true;
		at++;
	}
	return false;
}

/*
 * The line was parsed when it was read: it is an object with an "id".  Where the
 * name of the member does not even occur, it goes before the last brace.
 */
static int splice(struct writer *w, struct nli_str line, struct nli_buf *out,
		  struct nli_err *err)
{
	struct nli_object o;
	int rc;

	if (!has_member(line)) {
		while (line.len && line.s[line.len - 1] != '}')
			line.len--;
		nli_buf_add(out, line.s, line.len - 1);
		nli_buf_adds(out, ",\"hyponly\":");
		nli_buf_add(out, w->member.data, w->member.len);
		nli_buf_adds(out, "}\n");
		return 0;
	}
	rc = nli_json_object(w->json, line, &o, err);
	if (rc)
		return rc;
	nli_object_splice(&o, "hyponly", nli_buf_str(&w->member), out);
	nli_buf_addc(out, '\n');
	return 0;
}

static int on_line(void *ctx, struct nli_work *work, struct nli_err *err)
{
	const struct nli_audit *a = ctx;
	const uint64_t where = a->where[work->index];
	struct writer *w = work->scratch;

	nli_buf_clear(&w->member);
	audit_member(a, &a->set[where % N_TASK], where / N_TASK, &w->member);
	return splice(w, work->line, work->out, err) ? NLI_EDATA : NLI_KEEP;
}

void nli_audit_writer(struct nli_audit *a, struct nli_pass *p)
{
	*p = (struct nli_pass){
		.ctx = a,
		.line = on_line,
		.scratch_new = writer_new,
		.scratch_free = writer_free,
	};
}
