/* maker.h - what the files of ingest.h share; for lib/nli/ingest*.c alone. */
#ifndef NLI_NLI_MAKER_H
#define NLI_NLI_MAKER_H

#include "lib/io/skim.h"
#include "lib/nli/ingest.h"
#include "lib/nli/item.h"

/*
 * A text that is ready: where it was found, if it was clean, else in
 * nli_maker.text, which may still grow.
 */
struct nli_span {
	const char *found; /* NULL: at */
	size_t at, len;
	bool plain; /* needs no escapes in JSON */
	bool ascii;
};

struct nli_vote {
	struct nli_str worker, time; /* raw values' texts; s is NULL if not known */
	bool time_is_number;
	nli_label_set set;
	int answer; /* of a choice, else -1 */
};

enum { NLI_MAX_SCRIPTS = 8, NLI_MAX_NESTED = 8 };

/* The scripts that a language is written in; n is 0 if that is not known. */
struct nli_script {
	char lang[32];
	int of[NLI_MAX_SCRIPTS]; /* (n,) ICU's numbers */
	int32_t n;
	bool latin; /* one of them is */
};

/* Members that hardly change from record to record, ready to be written. */
struct nli_common_members {
	const struct nli_feed *part; /* whose they are */
	bool fixed;                  /* for all of it: no field says language or split */
	struct nli_buf id;   /* from the bracket to where the item's own id begins */
	struct nli_buf text; /* from the key's closing quote to the premise's first */
};

/* A text that is to be written; plain: it needs no escapes in JSON. */
struct nli_ready {
	struct nli_str text;
	bool plain;
};

/* One thread's.  Owns all but o and what an item borrows. */
struct nli_maker {
	const struct nli_ingest_options *o;
	struct nli_counts counts;
	struct nli_json *json, *inner, *side; /* the item; a member; what is joined */
	struct nli_json
		*nested[NLI_MAX_NESTED]; /* arrays and objects of a skimmed line */
	size_t n_nested;
	struct nli_skimmer skim;
	const struct nli_layout *skimmed; /* what skim has learned is of this one */
	bool located;                     /* where the names are is known already */
	size_t n_located;     /* and for other lines of as many known members; 0: not */
	struct nli_buf plain; /* strings whose escapes were undone */
	struct nli_row row;
	const struct nli_feed *row_of; /* the last item was a row of this one, or NULL */
	struct nli_item item;
	struct nli_values values, more, times;
	const struct nli_feed *part; /* of the item */
	const struct nli_layout *layout;
	struct nli_buf whole;     /* an item that was repaired or put together */
	struct nli_buf key;       /* $key, decoded */
	struct nli_buf documents; /* $join of a folder */

	struct nli_buf text; /* premises and hypothesis, or choices, ready */
	struct nli_buf tmp[2], joined, id_text, group_text;
	struct nli_ready id, group; /* the item's own id; group.text.len is 0: none */
	struct nli_span premise[NLI_MAX_CHOICES], hypothesis, choice[NLI_MAX_CHOICES];
	size_t n_premise, n_choice;
	bool shuffled;
	unsigned char order[NLI_MAX_CHOICES]; /* place in the source of choice i */
	int answer;
	nli_label_set set;
	struct nli_vote *vote;
	size_t n_vote, vote_cap;

	struct nli_str split, lang, image;
	struct nli_script script;
	struct nli_common_members common;
	bool same; /* split and language are those of the last record */
	size_t split_number;
	size_t lang_seen; /* number of the language of the last record */
	enum nli_reason why;
};

static inline struct nli_str nli_span_str(const struct nli_maker *m, struct nli_span s)
{
	return (struct nli_str){ s.found ? s.found : m->text.data + s.at, s.len };
}

/* As nli_label_of(), by length first: most labels are the bus's own. */
static inline enum nli_label nli_label_exact(struct nli_str s)
{
	switch (s.len) {
	case 7:
		return memcmp(s.s, "neutral", 7) ? NLI_LABEL_NONE : NLI_NEUTRAL;
	case 10:
		return memcmp(s.s, "entailment", 10) ? NLI_LABEL_NONE : NLI_ENTAILMENT;
	case 13:
		return memcmp(s.s, "contradiction", 13) ? NLI_LABEL_NONE
							: NLI_CONTRADICTION;
	case 14:
		return memcmp(s.s, "not_entailment", 14) ? NLI_LABEL_NONE
							 : NLI_NOT_ENTAILMENT;
	default:
		return NLI_LABEL_NONE;
	}
}

static inline int nli_reject(struct nli_maker *m, enum nli_reason why, int rc)
{
	m->why = why;
	return rc;
}

/*
 * Append the text of a value, cleaned and repaired, to m->text: 1, or 0 if it
 * is not there.  joined: it must stand there whatever it is, since another
 * follows it.  *same is false if the record will not show the value in its
 * own words.  An array is words and numbers of objects (PMR, VCR).
 */
int nli_make_text(struct nli_maker *m, struct nli_value v, bool joined,
		  struct nli_span *to, bool *same, struct nli_err *err);

/* The fields of w->line, and what stands beside them. */
int nli_make_fields(struct nli_maker *m, struct nli_work *w, struct nli_err *err);

/* Append the record of what was made, and the note of its id. */
void nli_write_record(struct nli_maker *m, struct nli_buf *b, struct nli_buf *note);

/* Choices and answer of the item. */
int nli_make_choices(struct nli_maker *m, struct nli_err *err);

/* The votes of the item. */
int nli_make_votes(struct nli_maker *m, struct nli_err *err);

/* Which choice a value names: its index, or -1 if it names none. */
int nli_answer_of(struct nli_maker *m, struct nli_value v);

/*
 * Whether the letters of the texts are mostly of lang's script; also if nobody
 * knows what that is.  ascii: all of them are.  s remembers the language of the last call: start from {0}.
 */
bool nli_script_fits(struct nli_script *s, struct nli_str lang,
		     const struct nli_str *text, size_t n, bool ascii);

/* Append: nli_buf_add() where there is room, which there nearly always is. */
static inline void nli_put(struct nli_buf *b, const char *s, size_t n)
{
	if (b->cap - b->len > n) {
		memcpy(b->data + b->len, s, n);
		b->len += n;
	} else {
		nli_buf_add(b, s, n);
	}
}

#define NLI_PUT(b, literal) nli_put(b, "" literal, sizeof(literal) - 1)

static inline bool nli_is_ascii(struct nli_str s)
{
	unsigned char any = 0;

	for (size_t i = 0; i < s.len; i++)
		any |= (unsigned char)s.s[i];
	return any < 0x80;
}

#endif
