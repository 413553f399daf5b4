/*
 * dedup.h - records that say the same: exactly, nearly, or with another label.
 *
 * Each record has up to two texts, the premise and the hypothesis (or all
 * choices, sorted and joined), in their match form.  Different texts are kept
 * once.  An item is what one comparison compares: a text, or a pair of texts.
 * Items that are equal are exact duplicates; items that are near (near.h) are
 * joined, and the connected components of what is equal or near are clusters.
 *
 * Nothing here depends on the order of the records, unless "first" is asked for.
 */
#ifndef NLI_MODEL_DEDUP_H
#define NLI_MODEL_DEDUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/map.h"
#include "lib/io/tool.h"
#include "lib/model/set128.h"
#include "lib/model/texts.h"
#include "lib/nli/record.h"

enum nli_by { NLI_BY_PAIR, NLI_BY_PREMISE, NLI_BY_HYPOTHESIS, NLI_BY_CHOICES, NLI_N_BY };

const char *nli_by_name(enum nli_by by);

enum nli_keep { NLI_KEEP_ANNOTATED, NLI_KEEP_FIRST, NLI_KEEP_LONGEST };
enum nli_conflicts { NLI_CONFLICTS_MARK, NLI_CONFLICTS_DROP, NLI_CONFLICTS_MERGE };

struct nli_dedup_opts {
	enum nli_by by[NLI_N_BY]; /* (n_by,) the first is the main one */
	size_t n_by;
	bool exact;     /* no near duplicates */
	bool no_texts;  /* forget texts: with exact, and where no overlap is looked for */
	bool no_forms;  /* leave them out from what nli_dedup_read() writes, too */
	double jaccard; /* what is near */
	int64_t edits;  /* found as well: so many tokens are another, see edits.h */
	bool join_edits; /* and that makes clusters, too */
	bool pairs;      /* keep all pairs */
	unsigned match;  /* enum nli_match_flags; 0: texts as they are */
	enum nli_keep keep;
	bool drop; /* keep one a cluster */
	enum nli_conflicts conflicts;
	int64_t ngram; /* tokens in a row that count as overlap; 0: none */
	unsigned jobs;
	size_t memory; /* bytes, see store.h; 0: as many as it takes */
};

/* The records of an item.  Numbers may be NLI_NO_ITEM. */
struct nli_copies {
	uint32_t count;        /* records of the input */
	uint32_t best, second; /* of these, the record to keep, and the next */
	uint32_t side;         /* the first record of other corpora */
};

/* A text or a pair of texts, and what is near it.  Numbers may be NLI_NO_ITEM. */
struct nli_item {
	uint32_t a, b;       /* texts; b of pairs alone */
	uint32_t whose;      /* enum nli_whose, of its records */
	uint32_t near;       /* the most similar item of the input */
	uint32_t parts;      /* bit p: a record of part p, see nli_dedup_record */
	uint32_t near_parts; /* the parts of all near items that were found */
	uint32_t side_near;  /* the most similar item of other corpora */
	float similarity, side_similarity;
	uint32_t parent; /* union-find; once clustered, the root */
	/* Of a root, for its cluster: */
	uint32_t size, kept; /* records, and the one to keep */
	uint32_t least;      /* the item of the lowest hash, which names the cluster */
};

enum nli_whose { NLI_WHOSE_INPUT = 1, NLI_WHOSE_OTHER = 2 };

/* What one comparison compares. */
struct nli_items {
	struct nli_set128 set;
	struct nli_copies *copies; /* (set.n,) */
	/* (set.n,) NULL with no_texts: nothing is near, and each item is a cluster. */
	struct nli_item *item;
	size_t copies_cap, cap;
};

struct nli_dedup_record {
	uint32_t of[NLI_N_BY]; /* item, or NLI_NO_ITEM */
	uint64_t label;        /* of its hash, 0: none */
	uint32_t votes;        /* annotations */
	uint32_t length;       /* bytes of both forms */
	uint32_t flags;
	uint32_t part;   /* below 32; 0 where parts are of no interest */
	uint64_t id_end; /* in ids */
};

/* Two items of one comparison that are near. */
struct nli_dedup_pair {
	enum nli_by by;
	uint32_t i, j; /* i < j */
	float similarity;
};

struct nli_dedup {
	const struct nli_dedup_opts *opts; /* borrowed */
	struct nli_store *store;           /* owns; NULL: all in memory */
	bool wanted[NLI_N_BY];
	struct nli_texts text;
	struct nli_items items[NLI_N_BY];
	struct nli_dedup_record
		*record; /* (n,) the input's, then those of other corpora */
	size_t n, n_own, cap;
	bool twins;          /* there are records of an equal pair */
	uint64_t n_conflict; /* records with NLI_DEDUP_CONFLICT, once clustered */
	char *ids;
	size_t ids_cap;
	/* Once clustered: for records and items here and there. */
	struct {
		struct nli_view record, ids, item[NLI_N_BY], copies[NLI_N_BY],
			hash[NLI_N_BY];
	} view;
	/*
	 * With a store: what came in and is not numbered yet, by nli_dedup_cluster().  Of
	 * record i are sides 2 i and 2 i + 1.
	 */
	struct {
		struct nli_hash128 *hash; /* (2 n,) of the sides' texts; 0 if not there */
		uint64_t *end;            /* (2 n,) of the sides' texts, in bytes */
		char *bytes;
		size_t hash_cap, end_cap, bytes_cap;
	} late;
	uint64_t n_edge;             /* near pairs found, some more than once */
	struct nli_dedup_pair *pair; /* (n_pair,) the same, if they are to be kept */
	size_t n_pair, pair_cap;
};

void nli_dedup_init(struct nli_dedup *d, const struct nli_dedup_opts *opts);
void nli_dedup_release(struct nli_dedup *d);

/*
 * What is to be known of a record, appended to out as bytes; tmp is scratch.
 * Any thread.
 */
struct nli_dedup_scratch {
	struct nli_buf form[2], part;
	struct nli_buf
		last; /* the premise that form[0] is of: the next may have the same */
	struct nli_hash128 hash; /* of form[0] */
};
void nli_dedup_scratch_release(struct nli_dedup_scratch *s);
void nli_dedup_read(const struct nli_dedup *d, const struct nli_record *r,
		    struct nli_dedup_scratch *s, struct nli_buf *out);

/*
 * What must not differ between equal pairs: the label, or the form of the right
 * choice, whose place may differ, in tmp.  {NULL, 0}: none.
 */
struct nli_str nli_dedup_label(const struct nli_dedup *d, const struct nli_record *r,
			       struct nli_buf *tmp);

/* The form of choice i, in tmp; {NULL, 0} if there is no such. */
struct nli_str nli_dedup_choice(const struct nli_dedup *d, const struct nli_record *r,
				int64_t i, struct nli_buf *tmp);

/*
 * Take in what nli_dedup_read() wrote, record after record; own: of the input.
 * NLI_EDATA if the bytes are not such (they may come from a file).
 */
int nli_dedup_add(struct nli_dedup *d, struct nli_str read, bool own,
		  struct nli_err *err);
/* So many records are expected in all, if those to come are as those that came. */
void nli_dedup_reserve(struct nli_dedup *d, uint64_t n);
/* (nli_dedup_add() leaves a record's part 0: set it before nli_dedup_cluster().) */

/* Find near items and build the clusters. */
void nli_dedup_cluster(struct nli_dedup *d);

/* The cluster of an item, once they are built. */
struct nli_cluster {
	uint32_t root, size, kept; /* size: records of the input; kept: one of them */
	uint32_t least;            /* the item that names it */
};
struct nli_cluster nli_dedup_cluster_of(const struct nli_dedup *d, enum nli_by by,
					uint32_t item);

/* What an item that is not the next one is; here: the one that is at hand. */
struct nli_item nli_dedup_item(const struct nli_dedup *d, enum nli_by by, uint32_t i,
			       uint32_t here);
struct nli_copies nli_dedup_copies(const struct nli_dedup *d, enum nli_by by, uint32_t i,
				   uint32_t here);
struct nli_hash128 nli_dedup_hash(const struct nli_dedup *d, enum nli_by by, uint32_t i,
				  uint32_t here);

/* With a store, and once: number texts and items.  nli_dedup_cluster() does. */
void nli_dedup_number(struct nli_dedup *d);

/* In how many tokens two items differ, both texts of a pair together; at most max + 1. */
unsigned nli_dedup_edits(const struct nli_dedup *d, const struct nli_item *x,
			 const struct nli_item *y, unsigned max);

/* Is it the Jaccard similarity by which they are near, or an edit alone? */
bool nli_dedup_is_alike(const struct nli_dedup *d, float similarity);

/*
 * Record ids, for one after the other; and in tmp, for any, once clustered, while
 * record here is at hand.
 */
struct nli_str nli_dedup_id(const struct nli_dedup *d, uint32_t record);
struct nli_str nli_dedup_any_id(const struct nli_dedup *d, uint32_t record, uint32_t here,
				struct nli_buf *tmp);

/* Flags of a record. */
enum {
	NLI_DEDUP_SELF = 1,     /* premise and hypothesis are equal */
	NLI_DEDUP_HAS = 2,      /* its line has a member "dedup" */
	NLI_DEDUP_CHOICE = 4,   /* of several choices */
	NLI_DEDUP_CONFLICT = 8, /* the same pair has another label elsewhere */
	NLI_DEDUP_GONE = 16,    /* dropped for its conflict, or merged into another */
};

/*
 * Are items counted by nli_dedup_add()?  Where texts are looked at again, later: a
 * record's part is not known yet.
 */
bool nli_dedup_counts_at_once(const struct nli_dedup *d);

/* Let its item of that comparison know a record; own: of the input. */
void nli_dedup_count(struct nli_dedup *d, enum nli_by by, uint32_t record, bool own);

/* Is record a to be kept rather than b?  A total order over records of unequal ids. */
bool nli_dedup_better(const struct nli_dedup *d, uint32_t a, uint32_t b);

#endif
