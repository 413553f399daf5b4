/* reject.c - see reject.h. */
#include "lib/io/reject.h"

#include <stdbool.h>

#include "lib/io/json.h"

/* Well-formed UTF-8 (RFC 3629): no surrogates, no overlong forms, at most U+10FFFF. */
static bool is_utf8(struct nli_str s)
{
	const unsigned char *p = (const unsigned char *)s.s, *end = p + s.len;

	while (p < end) {
		const unsigned c = *p;
		const int more = c < 0x80   ? 0
				 : c < 0xc2 ? -1
				 : c < 0xe0 ? 1
				 : c < 0xf0 ? 2
				 : c < 0xf5 ? 3
					    : -1;

		if (more < 0 || end - p <= more)
			return false;
		if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f) ||
		    (c == 0xf0 && p[1] < 0x90) || (c == 0xf4 && p[1] > 0x8f))
			return false;
		for (int i = 1; i <= more; i++)
			if ((p[i] & 0xc0) != 0x80)
				return false;
		p += more + 1;
	}
	return true;
}

static void add_base64(struct nli_buf *b, struct nli_str s)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)s.s;

	for (size_t i = 0; i < s.len; i += 3) {
		const size_t n = s.len - i < 3 ? s.len - i : 3;
		const unsigned v = (unsigned)p[i] << 16 |
				   (n > 1 ? (unsigned)p[i + 1] << 8 : 0) |
				   (n > 2 ? p[i + 2] : 0);

		nli_buf_addc(b, digit[v >> 18]);
		nli_buf_addc(b, digit[v >> 12 & 63]);
		nli_buf_addc(b, n > 1 ? digit[v >> 6 & 63] : '=');
		nli_buf_addc(b, n > 2 ? digit[v & 63] : '=');
	}
}

void nli_reject_line(const char *path, uint64_t lineno, const char *reason,
		     struct nli_str record, struct nli_buf *out)
{
	struct nli_jw w = { .b = out };

	nli_jw_open(&w, '{');
	nli_jw_key(&w, "file");
	nli_jw_cstr(&w, path);
	nli_jw_key(&w, "line");
	nli_jw_u64(&w, lineno);
	nli_jw_key(&w, "reason");
	nli_jw_cstr(&w, reason);
	if (is_utf8(record)) {
		nli_jw_key(&w, "text");
		nli_jw_str(&w, record.s ? record : NLI_STR(""));
	} else {
		nli_jw_key(&w, "base64");
		nli_buf_addc(out, '"');
		add_base64(out, record);
		nli_buf_addc(out, '"');
	}
	nli_jw_close(&w, '}');
	nli_buf_addc(out, '\n');
}
