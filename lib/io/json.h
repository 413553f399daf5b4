/*
 * json.h - JSON in and out: a parser that remembers where each member stood in
 * the source line, a splicer that changes one member and nothing else, and a
 * small writer.
 *
 * Numbers are kept as the text they came as, so 2^53+1 and 1.10 survive.  The
 * parser is strict RFC 8259: one value, valid UTF-8, no trailing comma.
 * yyjson does the parsing and is known to json.c alone.
 */
#ifndef NLI_IO_JSON_H
#define NLI_IO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

enum { NLI_JSON_MAX_DEPTH = 64 };

enum nli_jtype {
	NLI_J_NONE, /* the value is not there: a NULL pointer */
	NLI_J_NULL,
	NLI_J_BOOL,
	NLI_J_NUMBER,
	NLI_J_STRING,
	NLI_J_ARRAY,
	NLI_J_OBJECT
};

struct nli_json;                  /* a parser and its memory; one a thread */
typedef struct nli_jval nli_jval; /* a value; opaque, borrowed from the parser */

struct nli_json *nli_json_new(void);
void nli_json_free(struct nli_json *j); /* NULL is fine */

/*
 * Parse text[0..len).  Returns the root, which with all below it is valid
 * until the next parse with j; text itself is copied and may go away.
 * NULL and NLI_EDATA in err ("byte 17: ...") for text that is not JSON or is
 * deeper than NLI_JSON_MAX_DEPTH.
 */
const nli_jval *nli_json_parse(struct nli_json *j, const char *text, size_t len,
			       struct nli_err *err);

/* All of these take NULL as "not there". */
enum nli_jtype nli_jtype(const nli_jval *v);
const char *nli_jtype_name(
	enum nli_jtype t);         /* "a string", "null", "nothing"... for messages */
bool nli_jbool(const nli_jval *v); /* true only for true */

/* The decoded text of a string, the source text of a number; {NULL, 0} for anything else. */
struct nli_str nli_jstr(const nli_jval *v);

/* A number without fraction or exponent that fits; false otherwise, *out untouched. */
bool nli_jint(const nli_jval *v, int64_t *out);
/* Any finite number; false otherwise. */
bool nli_jreal(const nli_jval *v, double *out);

/* Elements of an array or members of an object; 0 for anything else. */
size_t nli_jlen(const nli_jval *v);

/* The first member of that name, or NULL. O(members). */
const nli_jval *nli_jget(const nli_jval *obj, const char *key);

/* for (struct nli_jiter it = nli_jiter(v); nli_jnext(&it);) uses it.key (objects) and it.val. */
struct nli_jiter {
	struct nli_str key;
	const nli_jval *val;
	const nli_jval *next_; /* private */
	size_t left_;
	bool object_;
};
struct nli_jiter nli_jiter(const nli_jval *v);
bool nli_jnext(struct nli_jiter *it);

/* Append v as compact JSON; numbers keep their text, strings are escaped as nli_jw_str() does. */
void nli_json_write(struct nli_buf *b, const nli_jval *v);

/* A member of a line that is one object. raw borrows from the line, the rest from the parser. */
struct nli_member {
	struct nli_str key; /* decoded */
	const nli_jval *val;
	struct nli_str raw; /* the value's source text, blanks trimmed */
	size_t start;       /* where in the line the opening quote of the key stands */
};

/* A line that is one JSON object. */
struct nli_object {
	struct nli_str line;  /* from '{' to '}', blanks around trimmed */
	struct nli_member *m; /* (n,) in source order; borrowed from the parser */
	size_t n;
};

/* As nli_json_parse(), for a line that must be an object.  line must stay as long as *o is used. */
int nli_json_object(struct nli_json *j, struct nli_str line, struct nli_object *o,
		    struct nli_err *err);

/* The first member of that name, or NULL. */
const struct nli_member *nli_object_find(const struct nli_object *o, const char *key);

/*
 * Append the line of o, without LF, with member name set to value (JSON text):
 * in place of the old one where there is one, else as the last.  Every other
 * byte is as it was.
 */
void nli_object_splice(const struct nli_object *o, const char *name, struct nli_str value,
		       struct nli_buf *out);

/* As nli_object_splice() for n members at once, the new ones in the order given. */
struct nli_splice {
	const char *name;
	struct nli_str value; /* {NULL, 0} takes the member away */
};
void nli_object_splice_n(const struct nli_object *o, const struct nli_splice *set,
			 size_t n, struct nli_buf *out);

/*
 * The length of the JSON value that begins text, which is known to be valid
 * JSON: finds the source text of nested values.
 */
size_t nli_json_span(const char *text, size_t len);

/* A writer: commas and colons come by themselves. Start from { .b = buf }. */
struct nli_jw {
	struct nli_buf *b; /* borrows */
	bool comma;
};
void nli_jw_open(struct nli_jw *w, char bracket);  /* '{' or '[' */
void nli_jw_close(struct nli_jw *w, char bracket); /* '}' or ']' */
void nli_jw_key(struct nli_jw *w, const char *key);
void nli_jw_keyn(struct nli_jw *w, struct nli_str key);
void nli_jw_str(struct nli_jw *w,
		struct nli_str s); /* {NULL, 0} writes null; s must be UTF-8 */
void nli_jw_cstr(struct nli_jw *w, const char *s);
void nli_jw_u64(struct nli_jw *w, uint64_t v);
void nli_jw_i64(struct nli_jw *w, int64_t v);
void nli_jw_real(struct nli_jw *w, double v); /* 6 significant digits; v must be finite */
void nli_jw_bool(struct nli_jw *w, bool v);
void nli_jw_null(struct nli_jw *w);
void nli_jw_raw(struct nli_jw *w, struct nli_str json); /* JSON text as it is */

/* Append s with its quotes: ", \ and controls escaped, all else as it is. */
void nli_json_escape(struct nli_buf *b, struct nli_str s); /* without the quotes */
void nli_json_quote(struct nli_buf *b, struct nli_str s);

/* Bytes that nli_json_put() may write for a string of len. */
static inline size_t nli_json_room(size_t len)
{
	return 6 * len + 18;
}

/* The same with its quotes at to, where there is that room; returns where it ends. */
char *nli_json_put(char *to, struct nli_str s);

#endif
