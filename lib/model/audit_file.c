/*
 * audit_file.c - see audit.h: a model as a file.  nli-hyponly(1), FILES, says what
 * is in it; the numbers are little-endian on every machine.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"
#include "lib/model/audit_parts.h"

enum { VERSION = 1, SUM_BYTES = 16, MAX_FEAT = 1 << 30 };

static void put_u32(struct nli_buf *out, uint32_t v)
{
	for (int b = 0; b < 4; b++)
		nli_buf_addc(out, (char)(v >> 8 * b));
}

static void put_f32(struct nli_buf *out, float v)
{
	uint32_t bits;

	memcpy(&bits, &v, sizeof(bits));
	put_u32(out, bits);
}

static void put_f64(struct nli_buf *out, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	put_u32(out, (uint32_t)bits);
	put_u32(out, (uint32_t)(bits >> 32));
}

/*
 * A hash of the features of a record that is always the same: a build that makes
 * other features of texts finds that it cannot use the file.
 */
static uint64_t probe(const struct nli_audit *a)
{
	struct nli_partials *p = audit_partials(a);
	struct nli_record *r = nli_xcalloc(1, sizeof(*r));
	struct nli_feats f = { 0 };
	uint64_t h = 0;

	r->id = r->lang = NLI_STR("en");
	r->premise = NLI_STR("Two dogs aren't running, 35 of them; \xc3\x84pfel.");
	r->hypothesis =
		NLI_STR("No dog of the two is run\xc3\xb1ing. "
			"\xe7\x8a\xac\xe3\x81\x8c\xe8\xb5\xb0\xe3\x82\x8b\xe3\x80\x82");
	r->choice[0] = r->hypothesis;
	r->choice[1] = r->premise;
	r->n_choice = 2;
	for (size_t k = 0; k < 2 * a->o.n_input; k++) {
		r->task = k & 1 ? NLI_TASK_CHOICE : NLI_TASK_NLI;
		nli_feats_clear(&f);
		nli_partial_feats(p, r, a->o.input[k / 2], 0, &f);
		for (size_t i = 0; i < f.n; i++)
			h = nli_mix(h ^ f.v[i]);
	}
	nli_feats_release(&f);
	nli_partials_free(p);
	free(r);
	return h;
}

static void put_task(const struct nli_audit *a, const struct audit_set *s,
		     struct nli_jw *w)
{
	nli_jw_open(w, '{');
	nli_jw_key(w, "task");
	nli_jw_cstr(w, audit_task_name(s->task));
	nli_jw_key(w, "labels");
	nli_jw_open(w, '[');
	for (size_t c = 0; c < s->n_class && !audit_is_choice(s); c++)
		nli_jw_str(w, s->class_name[c]);
	nli_jw_close(w, ']');
	nli_jw_key(w, "features");
	nli_jw_open(w, '[');
	for (size_t k = 0; k < a->o.n_input; k++)
		nli_jw_u64(w, s->result[k].model[0].n_feat);
	nli_jw_close(w, ']');
	nli_jw_close(w, '}');
}

static void put_head(const struct nli_audit *a, struct nli_buf *out)
{
	struct nli_jw w = { .b = out };
	char hex[20];

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "format");
	nli_jw_cstr(&w, "nli-hyponly");
	nli_jw_key(&w, "version");
	nli_jw_u64(&w, VERSION);
	nli_jw_key(&w, "model");
	nli_jw_cstr(&w, a->o.bayes ? "nb" : "logit");
	nli_jw_key(&w, "words");
	nli_jw_u64(&w, (uint64_t)a->o.feat.word_n);
	nli_jw_key(&w, "chars");
	nli_jw_open(&w, '[');
	nli_jw_u64(&w, (uint64_t)a->o.feat.char_lo);
	nli_jw_u64(&w, (uint64_t)a->o.feat.char_hi);
	nli_jw_close(&w, ']');
	nli_jw_key(&w, "length");
	nli_jw_bool(&w, a->o.feat.length);
	nli_jw_key(&w, "probe");
	snprintf(hex, sizeof(hex), "%016llx", (unsigned long long)probe(a));
	nli_jw_cstr(&w, hex);
	nli_jw_key(&w, "inputs");
	nli_jw_open(&w, '[');
	for (size_t k = 0; k < a->o.n_input; k++)
		nli_jw_cstr(&w, nli_partial_name(a->o.input[k]));
	nli_jw_close(&w, ']');
	nli_jw_key(&w, "tasks");
	nli_jw_open(&w, '[');
	for (int t = 0; t < N_TASK; t++)
		if (a->set[t].result)
			put_task(a, &a->set[t], &w);
	nli_jw_close(&w, ']');
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}

static void put_model(const struct audit_set *s, const struct audit_result *r,
		      struct nli_buf *out)
{
	const struct nli_linear *m = &r->model[0];
	const float *w;
	uint32_t hash;

	for (size_t c = 0; c < s->n_class && !audit_is_choice(s); c++)
		put_f64(out, r->prior[0][c]);
	put_u32(out, 0);
	for (size_t at = 0; nli_linear_next(m, &at, &hash);)
		put_u32(out, hash);
	for (size_t c = 0; c < m->n_col; c++)
		put_f32(out, m->constant[c]);
	for (size_t at = 0; (w = nli_linear_next(m, &at, &hash));)
		for (size_t c = 0; c < m->n_col; c++)
			put_f32(out, w[c]);
}

void nli_audit_save(const struct nli_audit *a, struct nli_buf *out)
{
	const size_t from = out->len;
	struct nli_hash128 sum;

	put_head(a, out);
	for (int t = 0; t < N_TASK; t++)
		for (size_t k = 0; a->set[t].result && k < a->o.n_input; k++)
			put_model(&a->set[t], &a->set[t].result[k], out);
	sum = nli_hash128(out->data + from, out->len - from);
	put_u32(out, (uint32_t)sum.lo);
	put_u32(out, (uint32_t)(sum.lo >> 32));
	put_u32(out, (uint32_t)sum.hi);
	put_u32(out, (uint32_t)(sum.hi >> 32));
}

/* What is left to read. */
struct reading {
	const unsigned char *at, *end;
};

static bool has(const struct reading *r, uint64_t n, uint64_t size)
{
	return n <= (uint64_t)(r->end - r->at) / size;
}

static uint32_t get_u32(struct reading *r)
{
	const unsigned char *b = r->at;

	r->at += 4;
	return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
	       (uint32_t)b[3] << 24;
}

static float get_f32(struct reading *r)
{
	const uint32_t bits = get_u32(r);
	float v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

static double get_f64(struct reading *r)
{
	uint64_t bits = get_u32(r);
	double v;

	bits |= (uint64_t)get_u32(r) << 32;
	memcpy(&v, &bits, sizeof(v));
	return v;
}

static int damaged(struct nli_err *err, const char *what)
{
	return nli_fail(err, NLI_EDATA, "not a whole model: %s", what);
}

/* The checksum first: nothing of a file that was cut or changed is believed. */
static int open_saved(struct nli_str saved, struct nli_str *head, struct reading *r,
		      struct nli_err *err)
{
	static const char begin[] = "{\"format\":\"nli-hyponly\",\"version\":";
	const size_t len = saved.len - SUM_BYTES;
	const char *lf;
	struct nli_hash128 sum;
	struct reading tail;
	uint64_t v;

	if (saved.len < sizeof(begin) + SUM_BYTES ||
	    memcmp(saved.s, begin, sizeof(begin) - 1) != 0)
		return nli_fail(err, NLI_EDATA,
				"not a model, wanted what nli-hyponly --model-out wrote");
	v = strtoull(saved.s + sizeof(begin) - 1, NULL, 10);
	if (v > VERSION)
		return nli_fail(err, NLI_EDATA,
				"a model of version %llu, wanted at most %d: it was made "
				"by a newer nli-hyponly",
				(unsigned long long)v, VERSION);
	lf = memchr(saved.s, '\n', len);
	tail = (struct reading){ (const unsigned char *)saved.s + len,
				 (const unsigned char *)saved.s + saved.len };
	sum = nli_hash128(saved.s, len);
	for (int k = 0; k < 4; k++)
		if (get_u32(&tail) !=
		    (uint32_t)((k < 2 ? sum.lo : sum.hi) >> 32 * (k & 1)))
			return damaged(err, "its checksum does not hold");
	if (!lf)
		return damaged(err, "its first line has no end");
	*head = (struct nli_str){ saved.s, (size_t)(lf - saved.s) };
	*r = (struct reading){ (const unsigned char *)lf + 1,
			       (const unsigned char *)saved.s + len };
	return 0;
}

static bool get_small(const nli_jval *v, int max, int *out)
{
	int64_t i;

	if (!nli_jint(v, &i) || i < 0 || i > max)
		return false;
	*out = (int)i;
	return true;
}

static int read_options(struct nli_audit *a, const nli_jval *head, struct nli_err *err)
{
	struct nli_jiter chars = nli_jiter(nli_jget(head, "chars"));
	struct nli_jiter in = nli_jiter(nli_jget(head, "inputs"));
	const struct nli_str model = nli_jstr(nli_jget(head, "model"));

	a->o.bayes = nli_str_is(model, "nb");
	if (!a->o.bayes && !nli_str_is(model, "logit"))
		return damaged(err, "\"model\" is neither logit nor nb");
	a->o.feat.length = nli_jbool(nli_jget(head, "length"));
	if (!get_small(nli_jget(head, "words"), 3, &a->o.feat.word_n) ||
	    !nli_jnext(&chars) || !get_small(chars.val, 9, &a->o.feat.char_lo) ||
	    !nli_jnext(&chars) || !get_small(chars.val, 9, &a->o.feat.char_hi) ||
	    (a->o.feat.char_hi && !a->o.feat.char_lo) ||
	    a->o.feat.char_lo > a->o.feat.char_hi)
		return damaged(err, "the lengths of its features");
	a->o.n_input = 0;
	while (nli_jnext(&in)) {
		const struct nli_str s = nli_jstr(in.val);
		const int k =
			s.s && a->o.n_input < NLI_N_PARTIAL ? nli_partial_of(s.s) : -1;

		if (k < 0)
			return damaged(err, "its inputs");
		a->o.input[a->o.n_input++] = (enum nli_partial)k;
	}
	return a->o.n_input ? 0 : damaged(err, "it has no inputs");
}

static int read_labels(struct audit_set *s, const nli_jval *labels, struct nli_err *err)
{
	struct nli_jiter it = nli_jiter(labels);

	while (nli_jnext(&it)) {
		const struct nli_str l = nli_jstr(it.val);

		if (!l.s || s->label.n == NLI_MAX_CLASS ||
		    nli_intern_add(&s->label, l) + 1 != s->label.n ||
		    s->label.n != s->n_class + 1)
			return damaged(err, "its labels");
		s->n_class++;
	}
	for (size_t c = 0; c < s->n_class; c++)
		s->class_name[c] = s->label.text[c];
	audit_quote_labels(s);
	if (audit_is_choice(s)) {
		if (s->n_class)
			return damaged(err, "labels of choices");
		s->n_class = NLI_MAX_CHOICES;
	}
	return s->n_class > 1 ? 0 : damaged(err, "fewer than two labels");
}

static int read_model(struct audit_set *s, struct audit_result *r, uint64_t n,
		      struct reading *in, struct nli_err *err)
{
	const size_t n_prior = audit_is_choice(s) ? 0 : s->n_class;
	const size_t n_col = audit_is_choice(s) ? 1 : s->n_class;
	struct reading hash;

	if (!n || n > MAX_FEAT || !has(in, n, 4 + 4 * n_col) || !has(in, n_prior, 8))
		return damaged(err, "it is shorter than it says");
	r->prior = nli_xcalloc(1, sizeof(*r->prior));
	for (size_t c = 0; c < n_prior; c++)
		r->prior[0][c] = get_f64(in);
	if (!has(in, n, 4 + 4 * n_col))
		return damaged(err, "it is shorter than it says");
	hash = *in;
	in->at += 4 * n;
	r->n_model = 1;
	r->model = nli_xcalloc(1, sizeof(*r->model));
	nli_linear_init(r->model, n_col, n);
	for (uint64_t j = 0; j < n; j++) {
		const uint32_t h = get_u32(&hash);
		float w[NLI_MAX_CLASS];

		for (size_t c = 0; c < n_col; c++) {
			w[c] = get_f32(in);
			if (!isfinite(w[c]))
				return damaged(err, "a weight is no number");
		}
		if (j)
			nli_linear_put(r->model, h, w);
		else
			nli_linear_constant(r->model, w);
	}
	for (size_t c = 0; c < n_prior; c++)
		if (!isfinite(r->prior[0][c]))
			return damaged(err, "a prior is no number");
	return 0;
}

static int read_task(struct nli_audit *a, const nli_jval *task, struct reading *in,
		     struct nli_err *err)
{
	struct nli_jiter n = nli_jiter(nli_jget(task, "features"));
	const struct nli_str name = nli_jstr(nli_jget(task, "task"));
	struct audit_set *s = NULL;

	for (int t = 0; t < N_TASK && name.s; t++)
		if (nli_str_is(name, audit_task_name((enum nli_task)t)))
			s = &a->set[t];
	if (!s || s->result)
		return damaged(err, "its tasks");
	s->result = nli_xcalloc(a->o.n_input, sizeof(*s->result));
	if (read_labels(s, nli_jget(task, "labels"), err))
		return err->code;
	for (size_t k = 0; k < a->o.n_input; k++) {
		int64_t n_feat;

		s->result[k].input = a->o.input[k];
		if (!nli_jnext(&n) || !nli_jint(n.val, &n_feat) || n_feat < 1)
			return damaged(err, "its numbers of features");
		if (read_model(s, &s->result[k], (uint64_t)n_feat, in, err))
			return err->code;
		a->any_dear =
			a->any_dear || nli_linear_has(s->result[k].model, NLI_FEAT_DEAR);
	}
	return 0;
}

static int check_probe(const struct nli_audit *a, const nli_jval *head,
		       struct nli_err *err)
{
	char hex[20];

	snprintf(hex, sizeof(hex), "%016llx", (unsigned long long)probe(a));
	if (nli_str_is(nli_jstr(nli_jget(head, "probe")), hex))
		return 0;
	return nli_fail(err, NLI_EDATA,
			"a model of features that this nli-hyponly does not make: train "
			"it again");
}

int nli_audit_load(struct nli_audit *a, struct nli_str saved, struct nli_err *err)
{
	struct nli_json *json = nli_json_new();
	struct nli_str head = { NULL, 0 };
	struct reading in = { NULL, NULL };
	const nli_jval *root = NULL;
	int rc = open_saved(saved, &head, &in, err);

	if (!rc) {
		root = nli_json_parse(json, head.s, head.len, err);
		rc = root ? read_options(a, root, err) : err->code;
	}
	for (struct nli_jiter it = nli_jiter(nli_jget(root, "tasks"));
	     !rc && nli_jnext(&it);)
		rc = read_task(a, it.val, &in, err);
	if (!rc && in.at != in.end)
		rc = damaged(err, "it is longer than it says");
	if (!rc)
		rc = check_probe(a, root, err);
	nli_json_free(json);
	a->test = true;
	return rc;
}
