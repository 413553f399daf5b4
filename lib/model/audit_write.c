/* audit_write.c - see audit.h: members, summary, words. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/mem.h"
#include "lib/model/audit_parts.h"
#include "lib/model/vmath.h"

/* Two digits of every number below 100. */
static const char pairs[] = "00010203040506070809101112131415161718192021222324"
			    "25262728293031323334353637383940414243444546474849"
			    "50515253545556575859606162636465666768697071727374"
			    "75767778798081828384858687888990919293949596979899";

/* v with at most 6 decimals, as printf's %.6f without its trailing zeros: it is called for
 * every probability of every record. */
static void add_decimal(struct nli_buf *b, double v)
{
	enum { ROOM = 32 }; /* a sign, 13 digits, a point, 6 digits */
	uint64_t n, whole;
	uint32_t part;
	char *to;

	if (!(fabs(v) < 1e12)) {
		nli_buf_addf(b, "%.6g", v);
		return;
	}
	n = (uint64_t)(fabs(v) * 1e6 + 0.5);
	whole = n / 1000000;
	part = (uint32_t)(n % 1000000);
	to = nli_buf_reserve(b, ROOM);
	if (v < 0 && n)
		*to++ = '-';
	if (whole > 9) {
		b->len = (size_t)(to - b->data);
		nli_buf_add_u64(b, whole);
		to = nli_buf_reserve(b, ROOM);
	} else {
		*to++ = (char)('0' + whole);
	}
	if (part) {
		*to = '.';
		memcpy(to + 1, pairs + 2 * (part / 10000), 2);
		memcpy(to + 3, pairs + 2 * (part / 100 % 100), 2);
		memcpy(to + 5, pairs + 2 * (part % 100), 2);
		for (to += 7; to[-1] == '0';)
			to--;
	}
	*to = '\0';
	b->len = (size_t)(to - b->data);
}

void audit_quote_labels(struct audit_set *s)
{
	size_t at = 0, end[NLI_MAX_CLASS];

	nli_buf_clear(&s->quotes);
	for (size_t c = 0; c < s->n_class; c++) {
		nli_json_quote(&s->quotes, s->class_name[c]);
		end[c] = s->quotes.len;
	}
	for (size_t c = 0; c < s->n_class; at = end[c++])
		s->quoted[c] = (struct nli_str){ s->quotes.data + at, end[c] - at };
}

static void add_label(const struct audit_seen *v, size_t c, struct nli_buf *out)
{
	const struct nli_str name = v->set->quoted[c];

	if (v->set->task == NLI_TASK_CHOICE)
		nli_buf_addf(out, "\"%zu\"", c);
	else
		nli_buf_add(out, name.s, name.len);
}

static void add_probs(const struct audit_seen *v, const float *p, struct nli_buf *out)
{
	for (size_t c = 0; c < v->n; c++) {
		nli_buf_addc(out, c ? ',' : '{');
		add_label(v, c, out);
		nli_buf_addc(out, ':');
		add_decimal(out, (double)p[c]);
	}
	nli_buf_addc(out, '}');
}

static inline void add_bool(struct nli_buf *out, const char *name, int v)
{
	nli_buf_adds(out, name);
	if (v < 0)
		nli_buf_add(out, "null", 4);
	else if (v)
		nli_buf_add(out, "true", 4);
	else
		nli_buf_add(out, "false", 5);
}

/* p(gold) less the largest other. */
static double margin_of(const float *p, size_t n, size_t y)
{
	float other = 0;

	for (size_t c = 0; c < n; c++)
		other = c != y && p[c] > other ? p[c] : other;
	return (double)p[y] - (double)other;
}

/* "pred":...,"p":...,"correct":...,"pvi":...,"margin":... */
static void add_view(const struct audit_seen *v, struct nli_buf *out)
{
	float p[NLI_MAX_CLASS];

	for (size_t c = 0; c < v->n; c++)
		p[c] = nli_expf(v->logp[c]);
	nli_buf_adds(out, "\"pred\":");
	add_label(v, v->pred, out);
	nli_buf_adds(out, ",\"p\":");
	add_probs(v, p, out);
	add_bool(out, ",\"correct\":", v->y < 0 ? -1 : (size_t)v->y == v->pred);
	if (v->y < 0) {
		nli_buf_adds(out, ",\"pvi\":null,\"margin\":null");
		return;
	}
	nli_buf_adds(out, ",\"pvi\":");
	add_decimal(out, (double)v->pvi);
	nli_buf_adds(out, ",\"margin\":");
	add_decimal(out, margin_of(p, v->n, (size_t)v->y));
}

/*
 * What a trainer needs to make a model blind to what this one saw: log p of each
 * label for a product of experts (C. Clark, M. Yatskar and L. Zettlemoyer, EMNLP
 * 2019), 1 - p(label) to reweight the loss with, and its power, the focal weight (R.
 * Karimi Mahabadi, Y. Belinkov and J. Henderson, ACL 2020).
 */
static void add_bias(const struct nli_audit *a, const struct audit_seen *v,
		     struct nli_buf *out)
{
	const double miss = v->y < 0 ? 0 : 1 - (double)v->p;

	nli_buf_adds(out, ",\"bias_logprobs\":[");
	for (size_t c = 0; c < v->n; c++) {
		if (c)
			nli_buf_addc(out, ',');
		add_decimal(out, (double)v->logp[c]);
	}
	nli_buf_adds(out, "],\"weight\":");
	if (v->y < 0) {
		nli_buf_adds(out, "null,\"focal_weight\":null");
		return;
	}
	add_decimal(out, (miss > 0 ? miss : 0) / v->weight_mean);
	nli_buf_adds(out, ",\"focal_weight\":");
	add_decimal(out, pow(miss > 0 ? miss : 0, a->o.gamma) / v->focal_mean);
}

void audit_member(const struct nli_audit *a, const struct audit_seen *v, ptrdiff_t fold,
		  uint32_t rank, struct nli_str explained, struct nli_buf *out)
{
	const double easy = a->o.easy, hard = a->o.hard, p = (double)v->p;

	nli_buf_reserve(out, 512);
	nli_buf_adds(out, "{\"fold\":");
	if (fold < 0)
		nli_buf_adds(out, "null");
	else
		nli_buf_add_u64(out, (uint64_t)fold);
	nli_buf_addc(out, ',');
	add_view(v, out);
	nli_buf_adds(out, ",\"rank\":");
	if (!rank)
		nli_buf_adds(out, "null");
	else
		nli_buf_add_u64(out, rank);
	add_bool(out, ",\"easy\":",
		 v->y < 0    ? -1
		 : easy >= 0 ? p >= easy
			     : (size_t)v->y == v->pred);
	add_bool(out, ",\"hard\":",
		 v->y < 0    ? -1
		 : hard >= 0 ? p <= hard
			     : (size_t)v->y != v->pred);
	if (a->o.bias)
		add_bias(a, v, out);
	if (explained.s) {
		nli_buf_adds(out, ",\"explain\":");
		nli_buf_add(out, explained.s, explained.len);
	}
	if (a->o.n_input > 1)
		nli_buf_adds(out, ",\"inputs\":{");
	for (size_t k = 1; k < a->o.n_input; k++) {
		nli_buf_addf(out, "%s\"%s\":{", k > 1 ? "," : "",
			     nli_partial_name(a->o.input[k]));
		add_view(&v[k], out);
		nli_buf_addc(out, '}');
	}
	nli_buf_adds(out, a->o.n_input > 1 ? "}}" : "}");
}

/* What the models of the inputs saw of an item of a set. */
static void see_item(const struct nli_audit *a, const struct audit_set *s, size_t item,
		     struct audit_seen *v)
{
	for (size_t k = 0; k < a->o.n_input; k++) {
		const struct nli_scored sc = audit_scored(a, s, &s->result[k], item);

		v[k] = (struct audit_seen){
			.set = s,
			.logp = s->result[k].logp + item * s->n_class,
			.n = sc.n_opt,
			.pred = (size_t)sc.pred,
			.y = sc.y,
			.p = sc.p,
			.pvi = sc.pvi,
			.weight_mean = a->o.normalise ? s->weight_mean : 1,
			.focal_mean = a->o.normalise ? s->focal_mean : 1,
		};
	}
}

struct writer {
	struct nli_buf member;
	struct nli_json *json;
	struct audit_seen seen[NLI_N_PARTIAL];
	struct audit_explainer *explainer; /* NULL: not asked for */
};

static void *writer_new(void *ctx)
{
	struct writer *w = nli_xcalloc(1, sizeof(*w));

	w->json = nli_json_new();
	w->explainer = ((const struct nli_audit *)ctx)->o.explain
			       ? audit_explainer_new(ctx)
			       : NULL;
	return w;
}

static void writer_free(void *ctx, void *arg)
{
	struct writer *w = arg;

	(void)ctx;
	nli_buf_release(&w->member);
	nli_json_free(w->json);
	audit_explainer_free(w->explainer);
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

/* The model that scored an item. */
static const struct nli_linear *model_of(const struct nli_audit *a,
					 const struct audit_set *s,
					 const struct audit_item *i)
{
	return &s->result[0].model[a->test ? 0 : i->fold];
}

static int on_record(void *ctx, const struct nli_record *r, struct nli_work *work,
		     struct nli_err *err)
{
	const struct nli_audit *a = ctx;
	const uint64_t where = a->where[work->index];
	const struct audit_set *s = &a->set[where % N_TASK];
	const struct audit_item *i = &s->item[where / N_TASK];
	struct writer *w = work->scratch;

	(void)err;
	nli_buf_clear(&w->member);
	see_item(a, s, where / N_TASK, w->seen);
	audit_member(a, w->seen, a->test ? -1 : i->fold, s->rank[where / N_TASK],
		     audit_explain(w->explainer, r, model_of(a, s, i), w->seen[0].pred),
		     &w->member);
	nli_record_write(r, "hyponly", nli_buf_str(&w->member), work->out);
	return NLI_KEEP;
}

static int on_line(void *ctx, struct nli_work *work, struct nli_err *err)
{
	const struct nli_audit *a = ctx;
	const uint64_t where = a->where[work->index];
	struct writer *w = work->scratch;

	const struct audit_set *s = &a->set[where % N_TASK];
	const struct audit_item *i = &s->item[where / N_TASK];

	nli_buf_clear(&w->member);
	see_item(a, s, where / N_TASK, w->seen);
	audit_member(a, w->seen, a->test ? -1 : i->fold, s->rank[where / N_TASK],
		     (struct nli_str){ NULL, 0 }, &w->member);
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

void nli_audit_explaining_writer(struct nli_audit *a, struct nli_record_pass *p)
{
	*p = (struct nli_record_pass){
		.ctx = a,
		.record = on_record,
		.scratch_new = writer_new,
		.scratch_free = writer_free,
	};
}
