/* ingest_choice.c - the choices of an item, and which of them is right. */
#include "lib/base/hash.h"
#include "lib/nli/maker.h"
#include "lib/text/norm.h"

static int gather(struct nli_maker *m, struct nli_err *err)
{
	const struct nli_paths *p = &m->layout->choices;

	m->values.n = 0;
	for (size_t i = 0; i < p->n; i++)
		nli_item_all(&m->item, &p->v[i], &m->values);
	/* One array of choices is as many; but of words, one. */
	if (p->n == 1 && m->values.n == 1 && m->values.v[0].type == NLI_J_ARRAY) {
		struct nli_jiter it = nli_jiter(m->values.v[0].json);

		m->values.n = 0;
		while (nli_jnext(&it)) {
			nli_grow(&m->values.v, &m->values.cap, m->values.n + 1,
				 sizeof(*m->values.v));
			m->values.v[m->values.n++] = nli_value_json_of(it.val);
		}
	}
	if (m->values.n > NLI_MAX_CHOICES)
		return nli_fail(err, NLI_EDATA, "%zu choices, wanted at most %d",
				m->values.n, NLI_MAX_CHOICES);
	return 0;
}

/* How long "A." is before choice number i, with a stop of any script; 0: it is not there. */
static size_t letter_before(struct nli_value v, size_t i)
{
	size_t at = 0;
	uint32_t letter, stop;

	if (v.type != NLI_J_STRING || v.text.len < 2)
		return 0;
	letter = nli_utf8_next(v.text, &at);
	/* Full-width letters are the ASCII ones, 0xfee0 further. */
	letter -= letter >= 0xff21 && letter <= 0xff5a ? 0xfee0 : 0;
	if ((letter | 0x20) != 'a' + (uint32_t)i || at == v.text.len)
		return 0;
	stop = nli_utf8_next(v.text, &at);
	return stop == '.' || stop == ')' || stop == ':' || stop == 0x3001 ||
			       stop == 0xff0e || stop == 0xff09 || stop == 0xff1a
		       ? at
		       : 0;
}

/* Only where every choice has its own letter is it no part of the text. */
static bool drop_letters(struct nli_maker *m)
{
	if (!((m->o->repair | m->layout->repair) & NLI_REPAIR_LETTERS))
		return false;
	for (size_t i = 0; i < m->values.n; i++)
		if (!letter_before(m->values.v[i], i))
			return false;
	for (size_t i = 0; i < m->values.n; i++) {
		const size_t n = letter_before(m->values.v[i], i);

		m->values.v[i].text.s += n;
		m->values.v[i].text.len -= n;
	}
	m->counts.repair[4] += m->values.n;
	return m->values.n > 0;
}

/* An integer that is written as a number or as text, also in the digits of another script. */
static bool integer_of(struct nli_str s, int64_t *out)
{
	int64_t v = 0;
	size_t at = 0;

	if (!s.len || s.len > 40)
		return false;
	while (at < s.len) {
		const uint32_t c = nli_utf8_next(s, &at);
		const uint32_t zero = c >= '0' && c <= '9'       ? '0'
				      : c >= 0x660 && c <= 0x669 ? 0x660
				      : c >= 0x6f0 && c <= 0x6f9 ? 0x6f0
				      : c >= 0x966 && c <= 0x96f ? 0x966
								 : 0;

		if (!zero || v > 1000000)
			return false;
		v = v * 10 + (int64_t)(c - zero);
	}
	*out = v;
	return true;
}

static struct nli_str trimmed(struct nli_str s)
{
	while (s.len && (s.s[0] == ' ' || s.s[0] == '\t'))
		s.s++, s.len--;
	while (s.len && (s.s[s.len - 1] == ' ' || s.s[s.len - 1] == '\t'))
		s.len--;
	return s;
}

static int by_text(struct nli_maker *m, struct nli_str s)
{
	int found = -1;

	nli_buf_clear(&m->joined);
	nli_text_clean(s, &m->joined);
	for (size_t i = m->n_choice; i-- > 0;)
		if (nli_str_eq(nli_buf_str(&m->joined), nli_span_str(m, m->choice[i])))
			found = (int)i;
	return found;
}

static int by_key(struct nli_maker *m, struct nli_str s)
{
	m->more.n = 0;
	nli_item_all(&m->item, &m->layout->choice_keys, &m->more);
	for (size_t i = 0; i < m->more.n; i++) {
		struct nli_str key;

		if (nli_value_text(m->more.v[i], &key) && nli_str_eq(key, s))
			return (int)i;
	}
	return -1;
}

static int by_flag(struct nli_maker *m)
{
	m->more.n = 0;
	m->more.holes = true;
	nli_item_all(&m->item, &m->layout->answer, &m->more);
	m->more.holes = false;
	for (size_t i = 0; i < m->more.n; i++) {
		struct nli_str s;

		if (nli_value_text(m->more.v[i], &s) && s.len &&
		    (s.s[0] == 't' || s.s[0] == 'T' || s.s[0] == '1'))
			return (int)i;
	}
	return -1;
}

int nli_answer_of(struct nli_maker *m, struct nli_value v)
{
	struct nli_str s;
	int64_t k;

	if (!nli_value_text(v, &s))
		return -1;
	switch (m->layout->answer_is) {
	case NLI_ANSWER_INDEX:
		return integer_of(trimmed(s), &k) && k < (int64_t)m->n_choice ? (int)k
									      : -1;
	case NLI_ANSWER_NUMBER:
		return integer_of(trimmed(s), &k) && k > 0 && k <= (int64_t)m->n_choice
			       ? (int)k - 1
			       : -1;
	case NLI_ANSWER_LETTER:
		s = trimmed(s);
		/* "B." is B. */
		if (!s.len || s.len > 2 || (s.len == 2 && s.s[1] != '.' && s.s[1] != ')'))
			return -1;
		k = (s.s[0] | 0x20) - 'a';
		return k >= 0 && k < (int64_t)m->n_choice ? (int)k : -1;
	case NLI_ANSWER_TEXT:
		return by_text(m, s);
	case NLI_ANSWER_KEY:
		return by_key(m, s);
	case NLI_ANSWER_FLAG:
	case NLI_ANSWER_FIRST:
		break;
	}
	return -1;
}

/* "", "-", -1 and null are answers that are withheld. */
static bool is_withheld(struct nli_value v)
{
	struct nli_str s;

	if (nli_value_is_null(v))
		return true;
	return nli_value_text(v, &s) &&
	       (!s.len || nli_str_is(s, "-") || nli_str_is(s, "-1"));
}

/* The right one is first in the source: an order that depends on texts and seed alone. */
static void shuffle(struct nli_maker *m)
{
	uint64_t h = nli_hash(m->text.data, m->text.len, m->o->seed);

	for (size_t i = m->n_choice; i-- > 1;) {
		const size_t k = (size_t)(nli_unit(h = nli_mix(h)) * (double)(i + 1));
		const unsigned char o = m->order[i];
		const struct nli_span s = m->choice[i];

		m->order[i] = m->order[k];
		m->choice[i] = m->choice[k];
		m->order[k] = o;
		m->choice[k] = s;
	}
	for (size_t i = 0; i < m->n_choice; i++)
		if (!m->order[i])
			m->answer = (int)i;
	m->shuffled = true;
}

static int find_answer(struct nli_maker *m, struct nli_err *err)
{
	const struct nli_path *p = &m->layout->answer;
	const struct nli_value v = nli_item_get(&m->item, p);
	const struct nli_field *f = nli_item_field(&m->item, p);
	struct nli_str s = { NULL, 0 };

	m->answer = -1;
	if (m->layout->answer_is == NLI_ANSWER_FIRST) {
		shuffle(m);
		return 0;
	}
	if (m->layout->answer_is == NLI_ANSWER_FLAG) {
		m->answer = by_flag(m);
		return 0;
	}
	if (is_withheld(v))
		return 0;
	m->answer = nli_answer_of(m, v);
	if (m->answer >= 0) {
		if (f && f->value.type == NLI_J_NUMBER &&
		    m->layout->answer_is == NLI_ANSWER_INDEX)
			nli_item_show(&m->item, p);
		return 0;
	}
	nli_value_text(v, &s);
	return nli_reject(m, NLI_BAD_LABEL,
			  nli_fail(err, NLI_EDATA,
				   "the answer is \"%.*s\", which is none of %zu choices",
				   (int)(s.len < 60 ? s.len : 60), s.s ? s.s : "",
				   m->n_choice));
}

int nli_make_choices(struct nli_maker *m, struct nli_err *err)
{
	const struct nli_paths *p = &m->layout->choices;
	bool all_same;
	int rc = gather(m, err);

	m->n_choice = 0;
	m->shuffled = false;
	all_same = rc || !drop_letters(m);
	for (size_t i = 0; !rc && i < m->values.n; i++) {
		bool same = true;

		rc = nli_make_text(m, m->values.v[i], true, &m->choice[m->n_choice],
				   &same, err);
		m->order[m->n_choice] = (unsigned char)m->n_choice;
		m->n_choice += rc > 0;
		all_same = all_same && same && rc == 1;
		rc = rc < 0 ? rc : 0;
	}
	if (rc)
		return nli_reject(m, NLI_BAD_TEXT, rc);
	if (m->n_choice < 2)
		return nli_reject(m, NLI_BAD_TEXT,
				  nli_fail(err, NLI_EDATA,
					   "%zu choices in \"%.*s\", wanted 2 or more",
					   m->n_choice, (int)p->v[0].text.len,
					   p->v[0].text.s));
	rc = find_answer(m, err);
	/* Shuffled choices are still each there, but not which was first. */
	for (size_t i = 0; !rc && all_same && !m->shuffled && i < p->n; i++)
		if (nli_item_field(&m->item, &p->v[i]))
			nli_item_show(&m->item, &p->v[i]);
	return rc;
}
