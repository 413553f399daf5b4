/* dossier.c - see dossier.h: lines told apart and taken in. */
#include "lib/show/dossier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io/input.h"
#include "lib/io/share.h"
#include "lib/show/asset.h"
#include "lib/show/clean.h"

static bool has(const struct nli_object *o, const char *a, const char *b)
{
	return nli_object_find(o, a) && nli_object_find(o, b);
}

int nli_dossier_kind(struct nli_json *j, struct nli_str line, struct nli_record *r,
		     struct nli_err *err)
{
	struct nli_object o;
	struct nli_err other;

	if (!nli_record_parse(r, j, line, err) && has(&r->obj, "id", "task"))
		return NLI_KIND_RECORD;
	if (nli_json_object(j, line, &o, &other))
		return nli_fail(err, NLI_EDATA, "%s", other.msg);
	if (has(&o, "tool", "results"))
		return NLI_KIND_SUMMARY;
	if (has(&o, "feature", "n_w") || has(&o, "kind", "n") || has(&o, "kind", "label"))
		return NLI_KIND_CUE;
	if (has(&o, "worker", "n"))
		return NLI_KIND_WORKER;
	if (has(&o, "id", "keep"))
		return NLI_KIND_DECISION;
	if (has(&o, "report", "metrics"))
		return NLI_KIND_REPORT;
	if (has(&o, "id", "task"))
		return NLI_EDATA; /* a record that is wrong: said already */
	return nli_fail(err, NLI_EDATA,
			"neither a record nor a summary, a cue, a worker or a decision");
}

void nli_dossier_release(struct nli_dossier *a)
{
	for (size_t i = 0; i < a->n_given; i++)
		nli_json_free(a->given[i].json);
	free(a->given);
	free(a->cue);
	free(a->worker);
	free(a->reference);
	free(a->card);
	nli_intern_release(&a->watch);
	nli_intern_release(&a->class_);
	nli_arena_release(&a->arena);
	nli_json_free(a->scratch);
	memset(a, 0, sizeof(*a));
}

double nli_dossier_number(const nli_jval *obj, const char *key)
{
	double v;

	return nli_jreal(nli_jget(obj, key), &v) ? v : NAN;
}

double nli_dossier_end(const nli_jval *pair, size_t which)
{
	struct nli_jiter it = nli_jiter(pair);
	double v = NAN;

	for (size_t i = 0; i <= which && nli_jnext(&it); i++)
		if (!nli_jreal(it.val, &v))
			v = NAN;
	return nli_jlen(pair) == 2 ? v : NAN;
}

/* A clean copy for as long as the audit lives. */
static struct nli_str keep(struct nli_dossier *a, struct nli_str s, size_t max)
{
	struct nli_buf b = { 0 };
	struct nli_str out;

	nli_clean(s, max, &b);
	out = (struct nli_str){ nli_arena_strndup(&a->arena, b.data ? b.data : "", b.len),
				b.len };
	nli_buf_release(&b);
	return out;
}

static int add_given(struct nli_dossier *a, const char *what, struct nli_str line,
		     struct nli_err *err)
{
	struct nli_given g = { .json = nli_json_new(), .tool = nli_str_of(what) };

	g.root = nli_json_parse(g.json, line.s, line.len, err);
	if (!g.root) {
		nli_json_free(g.json);
		return NLI_EDATA;
	}
	if (!what)
		g.tool = nli_jstr(nli_jget(g.root, "tool"));
	nli_grow(&a->given, &a->given_cap, a->n_given + 1, sizeof(*a->given));
	a->given[a->n_given++] = g;
	return 0;
}

static int add_cue(struct nli_dossier *a, const nli_jval *o)
{
	const nli_jval *again = nli_jget(o, "replicated");
	struct nli_cue c;

	if (nli_jget(o,
		     "kind")) /* a table of the whole corpus, or a test across strata */
		return 0;
	c = (struct nli_cue){
		.feature = keep(a, nli_jstr(nli_jget(o, "feature")), NLI_CLEAN_VALUE),
		.family = keep(a, nli_jstr(nli_jget(o, "family")), NLI_CLEAN_VALUE),
		.label = keep(a, nli_jstr(nli_jget(o, "label")), NLI_CLEAN_VALUE),
		.n_w = nli_dossier_number(o, "n_w"),
		.n_wy = nli_dossier_number(o, "n_wy"),
		.share = nli_dossier_number(o, "share"),
		.p = nli_dossier_number(o, "p"),
		.pmi = nli_dossier_number(o, "pmi"),
		.lmi = nli_dossier_number(o, "lmi"),
		.z = nli_dossier_number(o, "z"),
		.log_odds_z = nli_dossier_number(o, "log_odds_z"),
		.p_value = nli_dossier_number(o, "p_value"),
		.q = nli_dossier_number(o, "q_bh"),
		.replicated = nli_jtype(again) == NLI_J_BOOL ? nli_jbool(again) : -1,
	};

	c.exact = nli_str_is(c.family, "word") || nli_str_is(c.family, "bigram");
	nli_grow(&a->cue, &a->cue_cap, a->n_cue + 1, sizeof(*a->cue));
	a->cue[a->n_cue++] = c;
	return 0;
}

/* Rows of a worker's matrix are shares of what it said of one class; n of it all as weight. */
static void add_confusion(struct nli_dossier *a, const nli_jval *matrix, double n)
{
	for (struct nli_jiter r = nli_jiter(matrix); nli_jnext(&r);)
		for (struct nli_jiter c = nli_jiter(r.val); nli_jnext(&c);) {
			const size_t is = nli_intern_add(&a->class_, r.key);
			const size_t said = nli_intern_add(&a->class_, c.key);
			double v;

			if (is < NLI_DOSSIER_CLASSES && said < NLI_DOSSIER_CLASSES &&
			    nli_jreal(c.val, &v) && v >= 0 && v <= 1 && n > 0)
				a->confusion[is][said] += v * n;
		}
}

static int add_worker(struct nli_dossier *a, const nli_jval *o)
{
	struct nli_buf flags = { 0 };
	struct nli_jiter it = nli_jiter(nli_jget(o, "flags"));
	struct nli_worker w = {
		.name = keep(a, nli_jstr(nli_jget(o, "worker")), NLI_CLEAN_VALUE),
		.n = nli_dossier_number(o, "n"),
		.accuracy = nli_dossier_number(o, "accuracy"),
		.lo = nli_dossier_end(nli_jget(o, "accuracy_ci"), 0),
		.hi = nli_dossier_end(nli_jget(o, "accuracy_ci"), 1),
		.skill = nli_dossier_number(o, "skill"),
		.entropy = nli_dossier_number(o, "entropy"),
		.step = nli_dossier_number(o, "median_step"),
		.spammer = nli_dossier_number(o, "spammer"),
		.agreement = nli_dossier_number(o, "agreement"),
	};

	while (nli_jnext(&it)) {
		nli_buf_adds(&flags, flags.len ? ", " : "");
		nli_buf_add(&flags, nli_jstr(it.val).s, nli_jstr(it.val).len);
	}
	w.flags = keep(a, nli_buf_str(&flags), NLI_CLEAN_VALUE);
	nli_buf_release(&flags);
	add_confusion(a, nli_jget(o, "confusion"), w.n);
	nli_grow(&a->worker, &a->worker_cap, a->n_worker + 1, sizeof(*a->worker));
	a->worker[a->n_worker++] = w;
	return 0;
}

int nli_dossier_plant(struct nli_dossier *a, const char *path, struct nli_err *err)
{
	struct nli_buf text = { 0 };
	int rc = nli_input_all(path, 16 << 20, &text, err);

	if (!rc && add_given(a, "planted", nli_buf_str(&text), err))
		rc = nli_err_prefix(err, "%s", path);
	nli_buf_release(&text);
	if (rc)
		return rc;
	for (struct nli_jiter it = nli_jiter(nli_dossier_find(a, "planted", 0));
	     nli_jnext(&it);)
		for (struct nli_jiter e = nli_jiter(it.val); nli_jnext(&e);)
			if (nli_jstr(nli_jget(e.val, "id")).s)
				nli_intern_add(&a->watch,
					       nli_jstr(nli_jget(e.val, "id")));
	return 0;
}

static void add_references(struct nli_dossier *a, const nli_jval *file)
{
	struct nli_jiter it = nli_jiter(nli_jget(file, "figures"));

	while (nli_jnext(&it)) {
		const struct nli_reference r = {
			.corpus = keep(a, nli_jstr(nli_jget(file, "corpus")),
				       NLI_CLEAN_VALUE),
			.split = keep(a, nli_jstr(nli_jget(it.val, "split")),
				      NLI_CLEAN_VALUE),
			.input = keep(a, nli_jstr(nli_jget(it.val, "input")),
				      NLI_CLEAN_VALUE),
			.model = keep(a, nli_jstr(nli_jget(it.val, "model")),
				      NLI_CLEAN_VALUE),
			.source = keep(a, nli_jstr(nli_jget(it.val, "source")),
				       NLI_CLEAN_TEXT),
			.accuracy = nli_dossier_number(it.val, "accuracy"),
			.verified = nli_jbool(nli_jget(it.val, "verified")),
		};

		nli_grow(&a->reference, &a->reference_cap, a->n_reference + 1,
			 sizeof(*a->reference));
		a->reference[a->n_reference++] = r;
	}
}

void nli_dossier_init(struct nli_dossier *a)
{
	memset(a, 0, sizeof(*a));
	a->q = 0.05;
	a->scratch = nli_json_new();
	for (const struct nli_asset *f = nli_assets; f->name; f++)
		if (!strncmp(f->name, "reference/", 10))
			add_references(a, nli_json_parse(a->scratch, f->bytes.s,
							 f->bytes.len, NULL));
}

/* A name that can be nothing but a file's name. */
static bool is_plain(struct nli_str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_", name.s[i]))
			return false;
	return name.len > 0 && name.len < 64;
}

/* What follows the last "/" of a URL. */
static struct nli_str base_name(struct nli_str url)
{
	for (size_t i = url.len; i-- > 0;)
		if (url.s[i] == '/')
			return (struct nli_str){ url.s + i + 1, url.len - i - 1 };
	return url;
}

static void add_card(struct nli_dossier *a, struct nli_str corpus, const nli_jval *v)
{
	struct nli_card c = {
		.corpus = keep(a, corpus, NLI_CLEAN_VALUE),
		.title = keep(a, nli_jstr(nli_jget(v, "title")), NLI_CLEAN_VALUE),
		.licence = keep(a, nli_jstr(nli_jget(v, "licence")), NLI_CLEAN_VALUE),
		.citation = keep(a, nli_jstr(nli_jget(v, "citation")), NLI_CLEAN_TEXT),
	};

	for (struct nli_jiter it = nli_jiter(nli_jget(v, "files"));
	     nli_jnext(&it) && c.n_file < 16;)
		c.file[c.n_file++] = (struct nli_card_file){
			keep(a, base_name(nli_jstr(nli_jget(it.val, "url"))),
			     NLI_CLEAN_VALUE),
			keep(a, nli_jstr(nli_jget(it.val, "sha256")), 64),
			nli_dossier_number(it.val, "bytes"),
		};
	nli_grow(&a->card, &a->card_cap, a->n_card + 1, sizeof(*a->card));
	a->card[a->n_card++] = c;
}

void nli_dossier_cards(struct nli_dossier *a)
{
	struct nli_buf dir = { 0 }, path = { 0 }, text = { 0 };
	size_t n;
	size_t *corpus = nli_tally_values(a->tally, NLI_DIM_CORPUS, &n);
	const nli_jval *v;

	if (nli_share_dir("corpora", &dir, NULL))
		n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct nli_str name =
			nli_tally_name(a->tally, NLI_DIM_CORPUS, corpus[i]);

		if (!is_plain(name))
			continue;
		nli_buf_clear(&path);
		nli_buf_clear(&text);
		nli_buf_addf(&path, "%s/%.*s.json", dir.data, (int)name.len, name.s);
		if (access(path.data, F_OK))
			continue; /* no profile: a user's own corpus */
		if (nli_input_all(path.data, 1 << 20, &text, &a->trouble))
			break;
		v = nli_json_parse(a->scratch, text.data, text.len, &a->trouble);
		if (!v)
			break;
		add_card(a, name, v);
	}
	nli_buf_release(&dir);
	nli_buf_release(&path);
	nli_buf_release(&text);
	free(corpus);
}

/* The audit of records alone does not say which part of them was shown. */
const struct nli_reference *nli_dossier_published(const struct nli_dossier *a,
						  struct nli_str input, size_t *at)
{
	const struct nli_intern *corpora = &a->tally->field[NLI_DIM_CORPUS].values;

	while (*at < a->n_reference) {
		const struct nli_reference *r = &a->reference[(*at)++];

		if (nli_intern_find(corpora, r->corpus) >= 0 &&
		    nli_str_eq(r->input, input))
			return r;
	}
	return NULL;
}

int nli_dossier_add(struct nli_dossier *a, enum nli_kind kind, struct nli_str line,
		    struct nli_err *err)
{
	const nli_jval *o;

	if (kind == NLI_KIND_SUMMARY)
		return add_given(a, NULL, line, err);
	if (kind == NLI_KIND_REPORT)
		return add_given(a, "report", line, err);
	o = nli_json_parse(a->scratch, line.s, line.len, err);
	if (!o)
		return NLI_EDATA;
	if (kind == NLI_KIND_CUE)
		return add_cue(a, o);
	if (kind == NLI_KIND_WORKER)
		return add_worker(a, o);
	a->n_ledger++;
	a->n_ledger_kept += nli_jbool(nli_jget(o, "keep"));
	return 0;
}

const nli_jval *nli_dossier_find(const struct nli_dossier *a, const char *tool, size_t k)
{
	for (size_t i = 0; i < a->n_given; i++)
		if (nli_str_is(a->given[i].tool, tool) && !k--)
			return a->given[i].root;
	return NULL;
}

const nli_jval *nli_dossier_results(const struct nli_dossier *a, const char *tool,
				    size_t k)
{
	return nli_jget(nli_dossier_find(a, tool, k), "results");
}

const nli_jval *nli_dossier_audit(const struct nli_dossier *a, size_t k)
{
	const nli_jval *results;

	for (size_t i = 0; (results = nli_dossier_results(a, "nli-hyponly", i)); i++)
		if (nli_jtype(nli_jget(results, "inputs")) == NLI_J_OBJECT && !k--)
			return results;
	return NULL;
}

const nli_jval *nli_dossier_maker(const struct nli_dossier *a, const nli_jval *summary)
{
	struct nli_jiter input = nli_jiter(nli_jget(summary, "inputs"));
	struct nli_str want = { NULL, 0 };

	if (nli_jlen(nli_jget(summary, "inputs")) == 1 && nli_jnext(&input))
		want = nli_jstr(nli_jget(input.val, "xxh3"));
	for (size_t i = 0; want.s && i < a->n_given; i++) {
		const nli_jval *v = a->given[i].root;
		const struct nli_str made =
			nli_jstr(nli_jget(nli_jget(v, "output"), "xxh3"));

		if (made.s && nli_str_eq(made, want))
			return v;
	}
	return NULL;
}
