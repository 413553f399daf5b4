/* json.c - see json.h.  The only file that knows yyjson. */
#include "lib/io/json.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include <yyjson.h>

#include "lib/base/mem.h"
#include "lib/io/plain.h"

enum { POOL_MAX = 4 << 20 }; /* longer texts take their memory from malloc */

static const yyjson_read_flag FLAGS = YYJSON_READ_INSITU | YYJSON_READ_NUMBER_AS_RAW;

struct nli_json {
	struct nli_buf text; /* what is parsed, in place */
	char *pool;          /* (pool_cap,) memory of doc, unless that came from malloc */
	size_t pool_cap;
	yyjson_doc *big; /* a doc that must be freed, or NULL */
	struct nli_member *m;
	size_t m_cap;
};

struct nli_json *nli_json_new(void)
{
	return nli_xcalloc(1, sizeof(struct nli_json));
}

void nli_json_free(struct nli_json *j)
{
	if (!j)
		return;
	yyjson_doc_free(j->big);
	nli_buf_release(&j->text);
	free(j->pool);
	free(j->m);
	free(j);
}

static const yyjson_val *val(const nli_jval *v)
{
	return (const yyjson_val *)(const void *)v;
}

static yyjson_val *mut(const nli_jval *v)
{
	return (yyjson_val *)(uintptr_t)v; /* yyjson's getters take no const */
}

static const nli_jval *wrap(const yyjson_val *v)
{
	return (const nli_jval *)(const void *)v;
}

/* Recursion is bounded by the depth that is asked for. */
static bool deeper_than(const nli_jval *v, int depth)
{
	const enum nli_jtype t = nli_jtype(v);
	struct nli_jiter it = nli_jiter(v);

	if (t != NLI_J_ARRAY && t != NLI_J_OBJECT)
		return false;
	if (!depth)
		return true;
	while (nli_jnext(&it))
		if (deeper_than(it.val, depth - 1))
			return true;
	return false;
}

static yyjson_doc *read_text(struct nli_json *j, yyjson_read_err *why)
{
	const size_t len = j->text.len;
	const size_t need = yyjson_read_max_memory_usage(len, FLAGS);
	yyjson_alc alc;

	yyjson_doc_free(j->big);
	j->big = NULL;
	if (need > POOL_MAX)
		return j->big = yyjson_read_opts(j->text.data, len, FLAGS, NULL, why);
	if (need > j->pool_cap) {
		free(j->pool);
		j->pool = nli_xmalloc(need, 1);
		j->pool_cap = need;
	}
	yyjson_alc_pool_init(&alc, j->pool, j->pool_cap);
	return yyjson_read_opts(j->text.data, len, FLAGS, &alc, why);
}

const nli_jval *nli_json_parse(struct nli_json *j, const char *text, size_t len,
			       struct nli_err *err)
{
	yyjson_read_err why;
	yyjson_doc *doc;

	nli_buf_clear(&j->text);
	nli_buf_reserve(&j->text, len + YYJSON_PADDING_SIZE);
	nli_buf_add(&j->text, text, len);
	memset(j->text.data + len, 0, YYJSON_PADDING_SIZE);
	if (!len) {
		nli_fail(err, NLI_EDATA, "nothing, wanted JSON");
		return NULL;
	}
	doc = read_text(j, &why);
	if (!doc) {
		nli_fail(err, NLI_EDATA, "byte %zu: not JSON: %s", why.pos + 1, why.msg);
		return NULL;
	}
	/* A document of n values is at most n deep: most lines need no walk. */
	if (yyjson_doc_get_val_count(doc) > NLI_JSON_MAX_DEPTH &&
	    deeper_than(wrap(yyjson_doc_get_root(doc)), NLI_JSON_MAX_DEPTH)) {
		nli_fail(err, NLI_EDATA, "JSON is nested deeper than %d",
			 NLI_JSON_MAX_DEPTH);
		return NULL;
	}
	return wrap(yyjson_doc_get_root(doc));
}

enum nli_jtype nli_jtype(const nli_jval *v)
{
	switch (yyjson_get_type(mut(v))) {
	case YYJSON_TYPE_NULL:
		return NLI_J_NULL;
	case YYJSON_TYPE_BOOL:
		return NLI_J_BOOL;
	case YYJSON_TYPE_RAW:
		return NLI_J_NUMBER;
	case YYJSON_TYPE_STR:
		return NLI_J_STRING;
	case YYJSON_TYPE_ARR:
		return NLI_J_ARRAY;
	case YYJSON_TYPE_OBJ:
		return NLI_J_OBJECT;
	default:
		return NLI_J_NONE;
	}
}

const char *nli_jtype_name(enum nli_jtype t)
{
	static const char *const name[] = {
		[NLI_J_NONE] = "nothing",     [NLI_J_NULL] = "null",
		[NLI_J_BOOL] = "a boolean",   [NLI_J_NUMBER] = "a number",
		[NLI_J_STRING] = "a string",  [NLI_J_ARRAY] = "an array",
		[NLI_J_OBJECT] = "an object",
	};

	return name[t];
}

bool nli_jbool(const nli_jval *v)
{
	return yyjson_is_true(mut(v));
}

struct nli_str nli_jstr(const nli_jval *v)
{
	if (!yyjson_is_str(mut(v)) && !yyjson_is_raw(mut(v)))
		return (struct nli_str){ NULL, 0 };
	return (struct nli_str){ val(v)->uni.str, yyjson_get_len(mut(v)) };
}

bool nli_jint(const nli_jval *v, int64_t *out)
{
	const struct nli_str s = nli_jstr(v);
	const bool minus = s.len && s.s[0] == '-';
	uint64_t n = 0;

	if (nli_jtype(v) != NLI_J_NUMBER)
		return false;
	for (size_t i = minus; i < s.len; i++) {
		if (s.s[i] < '0' || s.s[i] > '9' || n > (INT64_MAX - 9) / 10)
			return false;
		n = n * 10 + (uint64_t)(s.s[i] - '0');
	}
	*out = minus ? -(int64_t)n : (int64_t)n;
	return true;
}

/*
 * A plain decimal of up to 15 digits is a whole number over a power of ten, both of
 * which are exact in a double: one division rounds it right (Clinger, PLDI 1990).
 * False: leave it to strtod().
 */
static bool plain_real(struct nli_str s, double *out)
{
	static const double power[] = { 1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
					1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	const bool minus = s.len && s.s[0] == '-';
	uint64_t digits = 0;
	size_t point = s.len, n = 0;

	if (s.len > 16)
		return false;
	for (size_t i = minus; i < s.len; i++) {
		if (s.s[i] == '.') {
			point = i;
			continue;
		}
		if (s.s[i] < '0' || s.s[i] > '9' || ++n > 15)
			return false;
		digits = digits * 10 + (uint64_t)(s.s[i] - '0');
	}
	*out = (double)digits / power[point < s.len ? s.len - point - 1 : 0];
	*out = minus ? -*out : *out;
	return true;
}

bool nli_jreal(const nli_jval *v, double *out)
{
	const struct nli_str s = nli_jstr(v);
	char digits[64];
	double d;

	if (nli_jtype(v) != NLI_J_NUMBER || s.len >= sizeof(digits))
		return false;
	if (plain_real(s, out))
		return true;
	memcpy(digits, s.s, s.len);
	digits[s.len] = '\0';
	d = strtod(digits, NULL);
	if (!isfinite(d))
		return false;
	*out = d;
	return true;
}

size_t nli_jlen(const nli_jval *v)
{
	return yyjson_is_ctn(mut(v)) ? yyjson_get_len(mut(v)) : 0;
}

const nli_jval *nli_jget(const nli_jval *obj, const char *key)
{
	return wrap(yyjson_obj_get(mut(obj), key));
}

struct nli_jiter nli_jiter(const nli_jval *v)
{
	struct nli_jiter it = { .left_ = nli_jlen(v) };

	it.object_ = yyjson_is_obj(mut(v));
	if (it.left_)
		it.next_ = wrap(unsafe_yyjson_get_first(mut(v)));
	return it;
}

bool nli_jnext(struct nli_jiter *it)
{
	if (!it->left_)
		return false;
	it->left_--;
	it->val = it->next_;
	if (it->object_) {
		it->key = nli_jstr(it->val);
		it->val =
			wrap(val(it->val) + 1); /* a value stands right behind its key */
	}
	if (it->left_)
		it->next_ = wrap(unsafe_yyjson_get_next(mut(it->val)));
	return true;
}

void nli_json_write(struct nli_buf *b, const nli_jval *v)
{
	struct nli_jw w = { .b = b };
	struct nli_jiter it = nli_jiter(v);

	switch (nli_jtype(v)) {
	case NLI_J_BOOL:
		nli_jw_bool(&w, nli_jbool(v));
		break;
	case NLI_J_NUMBER:
		nli_jw_raw(&w, nli_jstr(v));
		break;
	case NLI_J_STRING:
		nli_jw_str(&w, nli_jstr(v));
		break;
	case NLI_J_ARRAY:
	case NLI_J_OBJECT:
		nli_jw_open(&w, it.object_ ? '{' : '[');
		while (nli_jnext(&it)) {
			if (it.object_)
				nli_jw_keyn(&w, it.key);
			else if (w.comma)
				nli_buf_addc(b, ',');
			nli_json_write(b, it.val);
			w.comma = true;
		}
		nli_jw_close(&w, it.object_ ? '}' : ']');
		break;
	default:
		nli_jw_null(&w);
	}
}

static bool is_blank(char c)
{
	return c <= ' ' && (c == ' ' || c == '\t' || c == '\n' || c == '\r');
}

static struct nli_str trim(struct nli_str s)
{
	while (s.len && is_blank(s.s[0]))
		s.s++, s.len--;
	while (s.len && is_blank(s.s[s.len - 1]))
		s.len--;
	return s;
}

/* The place behind the string whose opening quote stands at s[at]. */
static size_t skip_string(const char *s, size_t at)
{
	for (at++; s[at] != '"'; at++)
		if (s[at] == '\\')
			at++;
	return at + 1;
}

/*
 * The place behind the key's colon.  A key whose source text is its decoded text
 * up to a quote has no escapes: at a first escape the two could only agree on a
 * backslash, and then the source would still be in backslashes where the other ends.
 */
static size_t skip_key(const struct nli_member *m, const char *line)
{
	size_t at = m->start + 1 + m->key.len;

	if (line[at] == '"' && !memcmp(line + m->start + 1, m->key.s, m->key.len))
		at++;
	else
		at = skip_string(line, m->start);
	while (line[at] != ':')
		at++;
	return at + 1;
}

/* The value stands between its key's colon and end, which is where the next thing begins. */
static void set_raw(struct nli_member *m, const char *line, size_t end)
{
	size_t from = skip_key(m, line);

	while (is_blank(line[from]))
		from++;
	while (is_blank(line[end - 1]))
		end--;
	m->raw = (struct nli_str){ line + from, end - from };
}

int nli_json_object(struct nli_json *j, struct nli_str line, struct nli_object *o,
		    struct nli_err *err)
{
	const nli_jval *root;
	struct nli_jiter it;

	o->line = line = trim(line);
	root = nli_json_parse(j, line.s, line.len, err);
	if (!root)
		return NLI_EDATA;
	if (nli_jtype(root) != NLI_J_OBJECT)
		return nli_fail(err, NLI_EDATA, "the line is %s, wanted a JSON object",
				nli_jtype_name(nli_jtype(root)));
	it = nli_jiter(root);
	o->n = nli_jlen(root);
	nli_grow(&j->m, &j->m_cap, o->n, sizeof(*j->m));
	o->m = j->m;
	for (size_t i = 0; nli_jnext(&it); i++) {
		/* Parsed in place: a decoded key begins where its source text began. */
		const size_t start = (size_t)(it.key.s - j->text.data) - 1;

		o->m[i] = (struct nli_member){ .key = it.key,
					       .val = it.val,
					       .start = start };
		if (i) {
			size_t comma = start - 1;

			while (line.s[comma] != ',')
				comma--;
			set_raw(&o->m[i - 1], line.s, comma);
		}
	}
	if (o->n)
		set_raw(&o->m[o->n - 1], line.s, line.len - 1);
	return 0;
}

const struct nli_member *nli_object_find(const struct nli_object *o, const char *key)
{
	const struct nli_str want = nli_str_of(key);

	for (size_t i = 0; i < o->n; i++)
		if (nli_str_eq(o->m[i].key, want))
			return &o->m[i];
	return NULL;
}

void nli_object_splice(const struct nli_object *o, const char *name, struct nli_str value,
		       struct nli_buf *out)
{
	nli_object_splice_n(o, &(struct nli_splice){ name, value }, 1, out);
}

static ptrdiff_t splice_of(const struct nli_splice *set, size_t n, struct nli_str key)
{
	for (size_t i = 0; i < n; i++)
		if (key.len && key.s[0] == set[i].name[0] && nli_str_is(key, set[i].name))
			return (ptrdiff_t)i;
	return -1;
}

/*
 * Copy the members with those of set changed.  A kept member is copied with
 * what stands before it (a comma, blanks), so that untouched bytes stay; only a
 * member that becomes the first loses its comma.  Returns whether any is left.
 */
static bool copy_changed(const struct nli_object *o, const struct nli_splice *set,
			 size_t n, struct nli_buf *out)
{
	const char *line = o->line.s;
	size_t at = o->m[0].start;
	bool any = false;

	nli_buf_add(out, line, at);
	for (size_t i = 0; i < o->n; i++) {
		const struct nli_member *m = &o->m[i];
		const ptrdiff_t k = splice_of(set, n, m->key);
		const struct nli_str value = k < 0 ? m->raw : set[k].value;
		const size_t before = any ? at : m->start;

		at = (size_t)(m->raw.s - line) + m->raw.len;
		if (!value.s)
			continue;
		nli_buf_add(out, line + before, (size_t)(m->raw.s - line) - before);
		nli_buf_add(out, value.s, value.len);
		any = true;
	}
	nli_buf_add(out, line + at, o->line.len - 1 - at);
	return any;
}

void nli_object_splice_n(const struct nli_object *o, const struct nli_splice *set,
			 size_t n, struct nli_buf *out)
{
	bool any = o->n > 0, old = false;

	nli_buf_reserve(out, o->line.len + 64);
	for (size_t k = 0; k < n && !old; k++)
		old = nli_object_find(o, set[k].name);
	if (old)
		any = copy_changed(o, set, n, out);
	else
		nli_buf_add(out, o->line.s, o->line.len - 1);
	for (size_t k = 0; k < n; k++) {
		if (!set[k].value.s || (old && nli_object_find(o, set[k].name)))
			continue;
		if (any)
			nli_buf_addc(out, ',');
		nli_json_quote(out, nli_str_of(set[k].name));
		nli_buf_addc(out, ':');
		nli_buf_add(out, set[k].value.s, set[k].value.len);
		any = true;
	}
	nli_buf_addc(out, '}');
}

size_t nli_json_span(const char *text, size_t len)
{
	size_t at = 0;
	int depth = 0;

	while (at < len && is_blank(text[at]))
		at++;
	for (; at < len; at++) {
		const char c = text[at];

		if (c == '"') {
			at = skip_string(text, at) - 1;
			if (!depth)
				return at + 1;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if (c == '}' || c == ']') {
			if (--depth <= 0)
				return depth ? at : at + 1;
		} else if (!depth && (c == ',' || is_blank(c))) {
			return at;
		}
	}
	return at;
}

/* The letter behind the backslash, 1 for \u00XX, or 0: as it is. */
static char escape_of(unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		return (char)c;
	case '\b':
		return 'b';
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\f':
		return 'f';
	case '\r':
		return 'r';
	default:
		return c < 0x20;
	}
}

static bool needs_escape(char c)
{
	return (unsigned char)c < 0x20 || c == '"' || c == '\\';
}

/*
 * Whether one of eight bytes needs an escape: a byte b does if b - 0x20, or
 * (b ^ c) - 1, borrows into its upper bit and b has none there (Mycroft's test
 * for a zero byte).
 */
static bool eight_need_escape(uint64_t v)
{
	const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;

	return ((v - ones * 0x20) | ((v ^ ones * '"') - ones) |
		((v ^ ones * '\\') - ones)) &
	       ~v & high;
}

/*
 * Copy what needs no escape from from on, up to end; up to 16 bytes more may be
 * written at to.  Returns how many.  The last word of a text overlaps the one
 * before it, as what is copied twice is the same.
 */
static size_t copy_plain(char *to, const char *from, const char *end)
{
	const char *s = from;

#ifdef __SSE2__
	while (end - from >= 16 && s < end) {
		const char *at = end - s < 16 ? end - 16 : s;
		const __m128i x = _mm_loadu_si128((const __m128i *)(const void *)at);
		const unsigned where = nli_plain_stops(x);

		_mm_storeu_si128((__m128i *)(void *)(to + (at - from)), x);
		if (where)
			return (size_t)(at - from) + (size_t)__builtin_ctz(where);
		s = at + 16;
	}
#endif
	while (end - from >= 8 && s < end) {
		const char *at = end - s < 8 ? end - 8 : s;
		uint64_t v;

		memcpy(&v, at, 8);
		memcpy(to + (at - from), &v, 8);
		if (eight_need_escape(v)) {
			s = at;
			break;
		}
		s = at + 8;
	}
	for (to += s - from; s < end && !needs_escape(*s); s++)
		*to++ = *s;
	return (size_t)(s - from);
}

/* The escape of c at to; returns where it ends. */
static char *put_escape(char *to, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	const char e = escape_of(c);

	*to++ = '\\';
	if (e != 1) {
		*to++ = e;
		return to;
	}
	memcpy(to, "u00", 3);
	to[3] = hex[c >> 4];
	to[4] = hex[c & 15];
	return to + 5;
}

/* Strings of four to sixteen bytes, as words of which two overlap; false if one needs an escape. */
static inline bool put_short(char *to, struct nli_str s)
{
	uint64_t first = 0, last = 0;

	if (s.len >= 8) {
		memcpy(&first, s.s, 8);
		memcpy(&last, s.s + s.len - 8, 8);
		memcpy(to, &first, 8);
		memcpy(to + s.len - 8, &last, 8);
		return !eight_need_escape(first) && !eight_need_escape(last);
	}
	memcpy(&first, s.s, 4);
	memcpy((char *)&first + 4, s.s + s.len - 4, 4);
	memcpy(to, &first, 4);
	memcpy(to + s.len - 4, (const char *)&first + 4, 4);
	return !eight_need_escape(first);
}

static char *put_long(char *to, struct nli_str s)
{
	const char *from = s.s, *end = s.s + s.len;

	while (from < end) {
		const size_t run = copy_plain(to, from, end);

		to += run;
		from += run;
		if (from < end)
			to = put_escape(to, (unsigned char)*from++);
	}
	return to;
}

static inline char *put(char *to, struct nli_str s)
{
	if (s.len >= 4 && s.len <= 16 && put_short(to, s))
		return to + s.len;
	return put_long(to, s);
}

void nli_json_escape(struct nli_buf *b, struct nli_str s)
{
	enum { ROOM = 24 }; /* an escape, a quote, what copy_plain() writes past */
	const char *from = s.s, *end = s.s + s.len;

	nli_buf_reserve(b, s.len + ROOM);
	while (from < end) {
		const size_t run = copy_plain(b->data + b->len, from, end);

		b->len += run;
		from += run;
		if (from == end)
			break;
		nli_buf_reserve(b, (size_t)(end - from) + ROOM);
		b->len = (size_t)(put_escape(b->data + b->len, (unsigned char)*from) -
				  b->data);
		from++;
		nli_buf_reserve(b, (size_t)(end - from) + ROOM);
	}
}

void nli_json_quote(struct nli_buf *b, struct nli_str s)
{
	nli_buf_addc(b, '"');
	nli_json_escape(b, s);
	nli_buf_addc(b, '"');
}

char *nli_json_put(char *to, struct nli_str s)
{
	*to++ = '"';
	to = put(to, s);
	*to++ = '"';
	return to;
}

static void before_value(struct nli_jw *w)
{
	if (w->comma)
		nli_buf_addc(w->b, ',');
	w->comma = true;
}

void nli_jw_open(struct nli_jw *w, char bracket)
{
	before_value(w);
	nli_buf_addc(w->b, bracket);
	w->comma = false;
}

void nli_jw_close(struct nli_jw *w, char bracket)
{
	nli_buf_addc(w->b, bracket);
	w->comma = true;
}

void nli_jw_keyn(struct nli_jw *w, struct nli_str key)
{
	before_value(w);
	nli_json_quote(w->b, key);
	nli_buf_addc(w->b, ':');
	w->comma = false;
}

void nli_jw_key(struct nli_jw *w, const char *key)
{
	nli_jw_keyn(w, nli_str_of(key));
}

void nli_jw_str(struct nli_jw *w, struct nli_str s)
{
	before_value(w);
	if (s.s)
		nli_json_quote(w->b, s);
	else
		nli_buf_adds(w->b, "null");
}

void nli_jw_cstr(struct nli_jw *w, const char *s)
{
	nli_jw_str(w, nli_str_of(s));
}

void nli_jw_u64(struct nli_jw *w, uint64_t v)
{
	before_value(w);
	nli_buf_add_u64(w->b, v);
}

void nli_jw_i64(struct nli_jw *w, int64_t v)
{
	before_value(w);
	if (v < 0)
		nli_buf_addc(w->b, '-');
	nli_buf_add_u64(w->b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

/*
 * printf's %.6g for a in [1e-4, 1e6), four times as fast: tables are made of
 * reals.  Returns 0 where the sixth digit is too near a half to be sure of it.
 */
static size_t short_real(double a, char to[16])
{
	static const double power[] = { 1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 10, 1 };
	static const double least[] = { 1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4, 1e5 };
	int ten = -4, last = 5;
	size_t n = 0;
	double x;
	uint32_t v;
	char digit[6];

	for (size_t i = 0; i < sizeof(least) / sizeof(*least) && a >= least[i]; i++)
		ten++;
	x = a * power[ten + 4];
	v = (uint32_t)x;
	if (fabs(x - (double)v - 0.5) < 1e-6)
		return 0;
	v += x - (double)v > 0.5;
	if (v == 1000000) {
		v = 100000;
		ten++;
	}
	if (ten > 5)
		return 0;
	for (int i = 5; i >= 0; i--, v /= 10)
		digit[i] = (char)('0' + v % 10);
	while (last > 0 && last > ten && digit[last] == '0')
		last--;
	for (int i = ten < 0 ? ten : 0; i <= last; i++) {
		to[n++] = i < 0 ? '0' : digit[i];
		if (i == ten && i < last)
			to[n++] = '.';
	}
	return n;
}

void nli_jw_real(struct nli_jw *w, double v)
{
	char text[17] = "-";
	size_t n = 0;

	assert(isfinite(v));
	before_value(w);
	if (fabs(v) >= 1e-4 && fabs(v) < 1e6)
		n = short_real(fabs(v), text + 1);
	if (n)
		nli_buf_add(w->b, text + (v > 0), n + (v < 0));
	else
		nli_buf_addf(w->b, "%.6g", v == 0 ? 0.0 : v); /* no "-0" */
}

void nli_jw_bool(struct nli_jw *w, bool v)
{
	before_value(w);
	nli_buf_adds(w->b, v ? "true" : "false");
}

void nli_jw_null(struct nli_jw *w)
{
	before_value(w);
	nli_buf_adds(w->b, "null");
}

void nli_jw_raw(struct nli_jw *w, struct nli_str json)
{
	before_value(w);
	nli_buf_add(w->b, json.s, json.len);
}
