/* cuestore.h - what the files of cues.h share: the store and the shape of digests. */
#ifndef NLI_MODEL_CUESTORE_H
#define NLI_MODEL_CUESTORE_H

#include "lib/base/map.h"
#include "lib/model/cues.h"

/* Texts that are numbered. */
enum cue_table {
	CUE_WORD,
	CUE_LABEL,
	CUE_STRATUM,
	CUE_TAG, /* field, tab, value */
	CUE_WORKER,
	CUE_LANG,
	CUE_N_TABLE
};

/* Bits of struct cue_item beyond those of enum nli_family. */
enum {
	CUE_CAPITAL = NLI_N_FAMILY, /* a capital after the first word */
	CUE_LOWER,                  /* begins with a lower-case letter */
	CUE_NO_END,                 /* no mark at the end */
	CUE_QUESTION,
	CUE_EXCLAMATION,
	CUE_COMMA,
	CUE_QUOTE,
	CUE_BRACKET,
	CUE_COLON,
	CUE_DASH,
	CUE_PREMISE, /* there is a premise to share words with: not a feature */
	CUE_N_BIT
};

/* A labelled hypothesis (or choice). */
struct cue_item {
	uint64_t group;
	uint64_t
		tok_end; /* its tokens end here, those of the one before end where they begin */
	uint32_t stratum; /* 0: none */
	uint32_t bits;
	uint16_t label;
	uint16_t n_tag;
	uint16_t words,
		shared; /* words, and those that are in the premise; 65535 is more */
};

/* How a reader (or a saved store) numbers texts: its number to the store's. */
struct cue_numbering {
	struct {
		uint32_t *to;
		size_t n, cap;
		size_t same; /* numbers before this one are the store's: nothing to look up */
	} table[CUE_N_TABLE];
};

struct nli_cues {
	struct nli_cues_input in;
	struct nli_buf head; /* the inputs as a line of JSON, for saved stores */
	struct nli_intern table[CUE_N_TABLE];
	unsigned *families; /* (words,) in any language that it was met in */
	size_t families_cap;
	struct cue_item *item;
	size_t n_item, item_cap;
	uint32_t *tok, *tag;
	size_t n_tok, tok_cap, n_tag, tag_cap;
	struct nli_map64 vote; /* worker << 32 | label to how often */
	struct nli_map64 lang; /* language << 1 | has a pack to hypotheses */
	uint64_t unlabelled;
	struct cue_numbering
		*from; /* (n_from,) by reader; the last is a loading store's */
	size_t n_from, from_cap;
};

/*
 * Digests are a sequence of
 *	R reader                          whose numbers follow
 *	D table families length text      its next number in the table
 *	I group(8) label stratum bits words shared n_tag tag... n_tok tok...
 *	V worker label count   L language pack(0/1) count   U count
 *	E length text                     what ends the run
 * with numbers as LEB128 and the group little-endian.
 */
void cue_put(struct nli_buf *b, uint64_t v);
void cue_put_text(struct nli_buf *b, struct nli_str s);
void cue_define(struct nli_buf *b, enum cue_table table, unsigned families,
		struct nli_str text);

/* Where a field stands: dots go down into objects.  NULL if it is not there. */
const nli_jval *cue_field(const struct nli_record *r, const char *name);

#endif
