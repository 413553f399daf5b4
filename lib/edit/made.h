/*
 * made.h - a record that was made from another: what is the same, what was
 * changed, and whether its label is proved.
 *
 * A made record keeps the source's task, lang, corpus, split, source_split,
 * group, image and meta.  Its group is the source's (or the source's premise,
 * where it names none), so that no split parts the two.  What is said of the
 * source's own texts or by its annotators (key, src, annotations, label_set,
 * what other tools added) is not carried over.
 */
#ifndef NLI_EDIT_MADE_H
#define NLI_EDIT_MADE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/nli/record.h"

/* One change of a text: new[at, at + to.len) of the made text, in bytes, was from. */
struct nli_made_edit {
	const char *in; /* "premise", "hypothesis", or "choices" */
	size_t choice;  /* which, for "choices" */
	size_t at;
	struct nli_str from, to;
};

/* Borrows all. */
struct nli_made {
	const struct nli_record *source; /* NULL: made from nothing (templates) */
	struct nli_str lang;             /* for those; else the source's */
	const char *method;              /* "negate" */
	struct nli_str rule;  /* which rule of it; {NULL, 0} if it has one only */
	const char *part;     /* "premise", "hypothesis", "both", "choices", "task" */
	const char *relation; /* of what was rewritten to what it was, or NULL */
	enum nli_task task;
	struct nli_str premise, hypothesis;
	const struct nli_str *choice, *choice_type; /* (n_choice,); types if typed */
	bool typed;
	size_t n_choice;
	int answer;           /* of a choice; -1: null */
	struct nli_str label; /* {NULL, 0} where it is not proved */
	bool proved;
	/*
	 * Not proved and yet given: right by how it was made, but for the share of
	 * errors that its method is known for.  Neither: the label is null and has to
	 * be given by people (need_label).
	 */
	bool assumed;
	const struct nli_made_edit *edit;
	size_t n_edit;
	struct nli_str
		also; /* more members of "adversarial", JSON without braces, or {NULL, 0} */
	size_t number; /* tells made records of one source, method and rule apart: 0, 1... */
};

/*
 * What all that is made of one source has in common, as JSON: written once.  Start from
 * {0}; clear source for each new one.
 */
struct nli_made_frame {
	const struct nli_record *source; /* borrowed; NULL: nothing is kept */
	enum nli_task task;              /* of common */
	struct nli_buf id;               /* within a string that is open */
	struct nli_buf common;           /* from behind the key to the premise */
	struct nli_buf premise, hypothesis;
	const struct nli_member *image;
};
void nli_made_frame_release(struct nli_made_frame *f); /* safe twice */

/*
 * Append m as a line of the bus, LF included.  Its id is
 * source~method.rule.premise.number without the parts that are not there, not
 * so or 0; its key is that of its own texts.  f is of m's source, or has none yet;
 * NULL: nothing is to be kept.
 */
void nli_made_write(const struct nli_made *m, struct nli_made_frame *f,
		    struct nli_buf *out);

#endif
