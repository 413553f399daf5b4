/* ingest_votes.c - the votes of annotators, in the ways that corpora write them. */
#include <stdlib.h>

#include "lib/base/mem.h"
#include "lib/nli/alias.h"
#include "lib/nli/maker.h"

enum { MAX_VOTES = 100000 };

static int add_vote(struct nli_maker *m, struct nli_vote v, struct nli_err *err)
{
	if (m->n_vote == MAX_VOTES)
		return nli_reject(
			m, NLI_BAD_LABEL,
			nli_fail(err, NLI_EDATA, "more than %d votes", MAX_VOTES));
	if (m->n_vote == m->vote_cap)
		nli_grow(&m->vote, &m->vote_cap, m->n_vote + 1, sizeof(*m->vote));
	m->vote[m->n_vote++] = v;
	return 0;
}

/* An empty field, "-" or null is nobody's vote. */
static bool is_vote(struct nli_value v)
{
	struct nli_str s;

	return !nli_value_is_null(v) && nli_value_text(v, &s) && s.len &&
	       !nli_str_is(s, "-");
}

static int read_vote(struct nli_maker *m, struct nli_value v, struct nli_vote *vote,
		     struct nli_err *err)
{
	struct nli_str s;

	nli_value_text(v, &s);
	vote->answer = -1;
	if (m->layout->task == NLI_TASK_CHOICE) {
		vote->answer = nli_answer_of(m, v);
		if (vote->answer >= 0)
			return 0;
	} else if (nli_label_exact(s) != NLI_LABEL_NONE &&
		   !m->layout->labels.n_spelling && m->layout->task == NLI_TASK_NLI) {
		vote->set = 1u << nli_label_exact(s);
		return 0;
	} else if (nli_label_read(&m->layout->labels, m->layout->task, s, &vote->set)) {
		return 0;
	}
	return nli_reject(m, NLI_BAD_LABEL,
			  nli_fail(err, NLI_EDATA,
				   "a vote is \"%.*s\", which is no label",
				   (int)(s.len < 60 ? s.len : 60), s.s));
}

static void all_of(struct nli_maker *m, const struct nli_paths *p, struct nli_values *out)
{
	out->n = 0;
	for (size_t i = 0; i < p->n; i++)
		nli_item_all(&m->item, &p->v[i], out);
}

/* The record shows these votes' labels as they were written: each is its own name. */
static bool shows(const struct nli_maker *m, const struct nli_values *v)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->v[i].type != NLI_J_STRING || m->layout->task == NLI_TASK_CHOICE ||
		    nli_label_exact(v->v[i].text) == NLI_LABEL_NONE)
			return false;
	return v->n > 0;
}

/* Labels, workers and times side by side. */
static int side_by_side(struct nli_maker *m, const struct nli_votes *v,
			struct nli_err *err)
{
	int rc = 0;

	all_of(m, &v->label, &m->values);
	all_of(m, &v->worker, &m->more);
	all_of(m, &v->time, &m->times);
	for (size_t i = 0; !rc && i < m->values.n; i++) {
		struct nli_vote vote = { .answer = -1 };

		if (!is_vote(m->values.v[i]))
			continue;
		if (i < m->more.n)
			nli_value_text(m->more.v[i], &vote.worker);
		if (i < m->times.n) {
			nli_value_text(m->times.v[i], &vote.time);
			vote.time_is_number = m->times.v[i].type == NLI_J_NUMBER;
		}
		rc = read_vote(m, m->values.v[i], &vote, err);
		if (!rc)
			rc = add_vote(m, vote, err);
	}
	for (size_t i = 0; !rc && shows(m, &m->values) && i < v->label.n; i++)
		nli_item_show(&m->item, &v->label.v[i]);
	return rc;
}

/* n votes for each label, of workers unknown; a label that is not there has none. */
static int counted(struct nli_maker *m, const struct nli_votes *v, struct nli_err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < v->n_count; i++) {
		const struct nli_value n = nli_item_get(&m->item, &v->count[i].path);
		struct nli_vote vote = { .set = v->count[i].set, .answer = -1 };
		struct nli_str s;
		long k;

		if (!nli_value_text(n, &s) || !nli_is_integer(s))
			continue;
		if (m->layout->task == NLI_TASK_CHOICE)
			vote.answer = (int)strtol(v->count[i].name.s, NULL, 10);
		for (k = strtol(s.s, NULL, 10); !rc && k > 0; k--)
			rc = add_vote(m, vote, err);
	}
	return rc;
}

static int by_label(struct nli_maker *m, const struct nli_votes *v, struct nli_err *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < v->n_by_label; i++) {
		m->more.n = 0;
		nli_item_all(&m->item, &v->by_label[i].path, &m->more);
		for (size_t k = 0; !rc && k < m->more.n; k++) {
			struct nli_vote vote = { .set = v->by_label[i].set,
						 .answer = -1 };

			nli_value_text(m->more.v[k], &vote.worker);
			rc = add_vote(m, vote, err);
		}
	}
	return rc;
}

/* "['neutral', 'entailment']": what stands between quotes of either kind. */
static int python_list(struct nli_maker *m, const struct nli_votes *v,
		       struct nli_err *err)
{
	int rc = 0;

	all_of(m, &v->label, &m->values);
	for (size_t i = 0; !rc && i < m->values.n; i++) {
		struct nli_str s;

		if (!nli_value_text(m->values.v[i], &s))
			continue;
		for (size_t at = 0; !rc && at < s.len; at++) {
			struct nli_vote vote = { .answer = -1 };
			const char quote = s.s[at];
			const char *end;

			if (quote != '\'' && quote != '"')
				continue;
			end = memchr(s.s + at + 1, quote, s.len - at - 1);
			if (!end)
				break;
			rc = read_vote(
				m,
				nli_value_text_of((struct nli_str){
					s.s + at + 1, (size_t)(end - s.s) - at - 1 }),
				&vote, err);
			if (!rc)
				rc = add_vote(m, vote, err);
			at = (size_t)(end - s.s);
		}
	}
	return rc;
}

int nli_make_votes(struct nli_maker *m, struct nli_err *err)
{
	int rc = 0;

	m->n_vote = 0;
	for (size_t i = 0; !rc && i < m->layout->n_votes; i++) {
		const struct nli_votes *v = &m->layout->votes[i];

		if (v->n_count)
			rc = counted(m, v, err);
		else if (v->n_by_label)
			rc = by_label(m, v, err);
		else if (v->python_list)
			rc = python_list(m, v, err);
		else
			rc = side_by_side(m, v, err);
	}
	return rc;
}
