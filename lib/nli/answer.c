/* answer.c - see answers.h: one result of a batch service, and what it answers. */
#include <string.h>

#include "lib/nli/answers.h"
#include "lib/text/norm.h"

bool nli_answers_service(const char *name)
{
	static const char *const known[] = { "openai-batch", "anthropic-batch",
					     "gemini-batch", "vllm-batch" };

	for (size_t i = 0; name && i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(name, known[i]))
			return true;
	return false;
}

static struct nli_str text_at(const nli_jval *v, const char *a, const char *b)
{
	v = nli_jget(v, a);
	return nli_jtype(b ? nli_jget(v, b) : v) == NLI_J_STRING
		       ? nli_jstr(b ? nli_jget(v, b) : v)
		       : (struct nli_str){ NULL, 0 };
}

static const nli_jval *first_of(const nli_jval *array)
{
	struct nli_jiter it = nli_jiter(array);

	return nli_jtype(array) == NLI_J_ARRAY && nli_jnext(&it) ? it.val : NULL;
}

/* The texts of parts, joined. */
static struct nli_str join_parts(const nli_jval *parts, struct nli_buf *text)
{
	struct nli_jiter it = nli_jiter(parts);

	nli_buf_clear(text);
	while (nli_jnext(&it)) {
		const struct nli_str s = text_at(it.val, "text", NULL);

		if (s.s)
			nli_buf_add(text, s.s, s.len);
	}
	return nli_buf_str(text);
}

/* The first reason that is there. */
static struct nli_str reason_of(const nli_jval *error, struct nli_str otherwise)
{
	struct nli_str s = nli_jtype(error) == NLI_J_STRING
				   ? nli_jstr(error)
				   : text_at(error, "message", NULL);

	if (!s.s)
		s = text_at(error, "error", "message");
	if (!s.s)
		s = text_at(error, "code", NULL);
	return s.s ? s : otherwise;
}

/* {"custom_id","response":{"status_code","body":{...}},"error"} */
static void read_openai(const nli_jval *root, struct nli_answer *a)
{
	const nli_jval *response = nli_jget(root, "response");
	const nli_jval *body = nli_jget(response, "body");
	const nli_jval *choice = first_of(nli_jget(body, "choices"));
	const nli_jval *error = nli_jget(root, "error");
	int64_t status = 200;

	nli_jint(nli_jget(response, "status_code"), &status);
	a->model = text_at(body, "model", NULL);
	a->text = text_at(choice, "message", "content");
	a->cut = nli_str_is(text_at(choice, "finish_reason", NULL), "length");
	if (error && nli_jtype(error) != NLI_J_NULL)
		a->failure = reason_of(error, NLI_STR("error"));
	else if (status != 200)
		a->failure = reason_of(nli_jget(body, "error"), NLI_STR("error"));
	else if (!a->text.s)
		a->failure = text_at(choice, "message", "refusal");
}

/* {"custom_id","result":{"type":"succeeded","message":{...}}} */
static void read_anthropic(const nli_jval *root, struct nli_buf *text,
			   struct nli_answer *a)
{
	const nli_jval *result = nli_jget(root, "result");
	const nli_jval *message = nli_jget(result, "message");
	const struct nli_str type = text_at(result, "type", NULL);

	a->model = text_at(message, "model", NULL);
	a->cut = nli_str_is(text_at(message, "stop_reason", NULL), "max_tokens");
	if (nli_str_is(type, "succeeded"))
		a->text = join_parts(nli_jget(message, "content"), text);
	else
		a->failure = reason_of(nli_jget(result, "error"),
				       type.s ? type : NLI_STR("error"));
}

/* {"key","response":{"candidates":[{"content":{"parts":[...]}}],"modelVersion"}} */
static void read_gemini(const nli_jval *root, struct nli_buf *text, struct nli_answer *a)
{
	const nli_jval *response = nli_jget(root, "response");
	const nli_jval *first = first_of(nli_jget(response, "candidates"));
	const nli_jval *parts = nli_jget(nli_jget(first, "content"), "parts");
	const struct nli_str end = text_at(first, "finishReason", NULL);

	a->model = text_at(response, "modelVersion", NULL);
	a->cut = nli_str_is(end, "MAX_TOKENS");
	if (nli_jlen(parts))
		a->text = join_parts(parts, text);
	else
		a->failure = reason_of(nli_jget(root, "error"),
				       end.s ? end : NLI_STR("no candidates"));
}

int nli_answer_read(const nli_jval *root, struct nli_buf *text, struct nli_answer *a,
		    struct nli_err *err)
{
	memset(a, 0, sizeof(*a));
	a->id = text_at(root, "custom_id", NULL);
	if (!a->id.s)
		a->id = text_at(root, "key", NULL);
	if (!a->id.s)
		return nli_fail(err, NLI_EDATA,
				"no custom_id or key: no result of a batch");
	if (nli_jget(root, "result"))
		read_anthropic(root, text, a);
	else if (nli_jget(root, "custom_id"))
		read_openai(root, a);
	else
		read_gemini(root, text, a);
	if (!a->text.s && !a->failure.s)
		return nli_fail(err, NLI_EDATA,
				"neither a reply nor an error: no result of a batch");
	return 0;
}

static bool is_wrapping(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '"' || c == '\'' ||
	       c == '*' || c == '`' || c == '.' || c == '(' || c == ')' || c == '[' ||
	       c == ']' || c == '<' || c == '>' || c == '_';
}

/* Punctuation of other scripts that wraps or ends an answer. */
static size_t wide_wrapping(struct nli_str s, bool at_end)
{
	static const char *const mark[] = { "。", "「", "」", "“",  "”", "«",
					    "»",  "।",  "：", "，", "　" };

	for (size_t i = 0; i < sizeof(mark) / sizeof(*mark); i++) {
		const size_t n = strlen(mark[i]);

		if (s.len >= n && !memcmp(at_end ? s.s + s.len - n : s.s, mark[i], n))
			return n;
	}
	return 0;
}

static struct nli_str unwrap(struct nli_str s)
{
	size_t n;

	for (;;) {
		if (s.len && is_wrapping(s.s[0]))
			n = 1;
		else
			n = wide_wrapping(s, false);
		s.s += n;
		s.len -= n;
		if (n)
			continue;
		if (s.len && is_wrapping(s.s[s.len - 1]))
			n = 1;
		else
			n = wide_wrapping(s, true);
		s.len -= n;
		if (!n)
			return s;
	}
}

struct nli_str nli_answer_end(struct nli_str reply)
{
	struct nli_str s = unwrap(reply);
	size_t from = s.len;

	while (from && s.s[from - 1] != '\n')
		from--;
	s.s += from;
	s.len -= from;
	for (from = s.len; from && s.s[from - 1] != ':'; from--)
		if (from >= 3 && !memcmp(s.s + from - 3, "：", 3))
			break;
	return unwrap((struct nli_str){ s.s + from, s.len - from });
}

static bool same_folded(struct nli_str a, struct nli_str b)
{
	struct nli_buf x = { 0 }, y = { 0 };
	bool same;

	nli_text_fold(a, &x);
	nli_text_fold(b, &y);
	same = nli_str_eq(nli_buf_str(&x), nli_buf_str(&y));
	nli_buf_release(&x);
	nli_buf_release(&y);
	return same;
}

ptrdiff_t nli_answer_option(const struct nli_question *q, const struct nli_record *r,
			    struct nli_str end)
{
	size_t n;
	const enum nli_label *label = nli_task_labels(r->task, &n);

	for (size_t k = 0; k < q->n_option; k++) {
		const bool choice = r->task == NLI_TASK_CHOICE;
		const char *name = choice ? NULL : nli_label_name(label[q->of[k]]);

		if (same_folded(end, q->option[k]) ||
		    (name && same_folded(end, nli_str_of(name))) ||
		    (choice && same_folded(end, r->choice[q->of[k]])))
			return (ptrdiff_t)k;
	}
	/* "B. The man sleeps": a letter and what it stands for. */
	if (end.len > 2 && (end.s[1] == '.' || end.s[1] == ')' || end.s[1] == ' '))
		return nli_answer_option(q, r, (struct nli_str){ end.s, 1 });
	return -1;
}
