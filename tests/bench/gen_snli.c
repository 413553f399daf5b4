/*
 * gen_snli.c - a file as large as SNLI, in its layout, for benchmarks.
 *
 *	usage: gen_snli LINES [full|lean|tsv|csv|xml [SEED]]
 *
 * tsv is SNLI's own table, csv that of e-SNLI with all cells quoted, xml the
 * pairs of RTE.
 *
 * Words are made up and drawn by Zipf's law; one hypothesis word in four is
 * drawn from a list that leans towards the label, so that a hypothesis-only
 * model has something to find.  570,152 lines are 470 MB with the
 * parses that SNLI carries, 100 MB with "lean".  Accuracy on it says nothing
 * but which of two programs does better on equal input.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/hash.h"

enum { VOCABULARY = 20000, LABELS = 3, MAX_WORDS = 64 };

static const char *const label_name[LABELS] = { "entailment", "neutral",
						"contradiction" };
static uint64_t state;

static double uniform(void)
{
	state = nli_mix(state);
	return nli_unit(state);
}

static uint32_t below(uint32_t n)
{
	return (uint32_t)(uniform() * n);
}

/* Rank r of 1..n with chance about 1/r. */
static uint32_t zipf(uint32_t n)
{
	const uint32_t r = (uint32_t)exp(uniform() * log(n + 1.0));

	return r < 1 ? 0 : r > n ? n - 1 : r - 1;
}

/* Word number w: two to four syllables; the commonest words are short. */
static void add_word(struct nli_buf *b, uint32_t w)
{
	static const char *const onset[] = { "b",  "d",  "f",  "g",  "k",  "l", "m",
					     "n",  "p",  "r",  "s",  "t",  "v", "w",
					     "st", "tr", "pl", "sh", "ch", "br" };
	static const char *const rime[] = { "a",  "e",  "i",  "o",  "u",
					    "an", "er", "in", "or", "ay" };

	do {
		nli_buf_adds(b, onset[w % 20]);
		w /= 20;
		nli_buf_adds(b, rime[w % 10]);
		w /= 10;
	} while (w);
}

struct sentence {
	uint32_t word[MAX_WORDS];
	uint32_t n;
};

static void draw(struct sentence *s, uint32_t low, uint32_t high, int label)
{
	s->n = low + below(high - low + 1);
	for (uint32_t i = 0; i < s->n; i++) {
		const bool hint = label >= 0 && below(4) == 0;

		s->word[i] = hint ? 40 + LABELS * zipf(600) +
					     (below(5) ? (uint32_t)label : below(LABELS))
				  : zipf(VOCABULARY);
	}
}

static void add_text(struct nli_buf *b, const struct sentence *s)
{
	const size_t start = b->len;

	for (uint32_t i = 0; i < s->n; i++) {
		if (i)
			nli_buf_addc(b, ' ');
		add_word(b, s->word[i]);
	}
	b->data[start] = (char)(b->data[start] - 32);
	nli_buf_addc(b, '.');
}

static void add_binary(struct nli_buf *b, const struct sentence *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		nli_buf_adds(b, "( ");
		add_word(b, s->word[i]);
		nli_buf_addc(b, ' ');
	}
	nli_buf_addc(b, '.');
	for (uint32_t i = 0; i < s->n; i++)
		nli_buf_adds(b, " )");
}

static void add_parse(struct nli_buf *b, const struct sentence *s)
{
	static const char *const tag[] = { "DT", "JJ", "NN", "VBZ", "VBG", "IN" };

	nli_buf_adds(b, "(ROOT (S");
	for (uint32_t i = 0; i < s->n; i++) {
		nli_buf_adds(b, i % 3 ? " (" : " (NP (");
		nli_buf_adds(b, tag[s->word[i] % 6]);
		nli_buf_addc(b, ' ');
		add_word(b, s->word[i]);
		nli_buf_adds(b, i % 3 == 2 || i + 1 == s->n ? "))" : ")");
	}
	nli_buf_adds(b, " (. .)))");
}

static void member(struct nli_buf *b, const char *name, const struct sentence *s,
		   void (*add)(struct nli_buf *, const struct sentence *))
{
	nli_buf_addf(b, ", \"%s\": \"", name);
	add(b, s);
	nli_buf_addc(b, '"');
}

static void add_line(struct nli_buf *b, uint64_t line, const struct sentence *p,
		     const struct sentence *h, int label, bool lean)
{
	const unsigned long long caption = line / LABELS;

	if (lean) {
		nli_buf_addf(b, "{\"id\": \"%llu.jpg#%u%c\"", caption,
			     (unsigned)(caption % 5), "enc"[label]);
	} else {
		nli_buf_addf(b,
			     "{\"annotator_labels\": [\"%s\"], \"captionID\": "
			     "\"%llu.jpg#%u\", \"gold_label\": \"%s\", \"pairID\": "
			     "\"%llu.jpg#%ur1%c\"",
			     label_name[label], caption, (unsigned)(caption % 5),
			     label_name[label], caption, (unsigned)(caption % 5),
			     "enc"[label]);
	}
	member(b, lean ? "premise" : "sentence1", p, add_text);
	if (!lean) {
		member(b, "sentence1_binary_parse", p, add_binary);
		member(b, "sentence1_parse", p, add_parse);
	}
	member(b, lean ? "hypothesis" : "sentence2", h, add_text);
	if (lean) {
		nli_buf_addf(b, ", \"label\": \"%s\"", label_name[label]);
	} else {
		member(b, "sentence2_binary_parse", h, add_binary);
		member(b, "sentence2_parse", h, add_parse);
	}
	nli_buf_adds(b, "}\n");
}

enum format { FULL, LEAN, TSV, CSV, XML, N_FORMAT };
static const char *const format_name[] = { "full", "lean", "tsv", "csv", "xml" };

static void add_tsv(struct nli_buf *b, uint64_t line, const struct sentence *p,
		    const struct sentence *h, int label)
{
	const unsigned long long caption = line / LABELS;

	nli_buf_addf(b, "%s\t", label_name[label]);
	add_binary(b, p);
	nli_buf_addc(b, '\t');
	add_binary(b, h);
	nli_buf_addc(b, '\t');
	add_parse(b, p);
	nli_buf_addc(b, '\t');
	add_parse(b, h);
	nli_buf_addc(b, '\t');
	add_text(b, p);
	nli_buf_addc(b, '\t');
	add_text(b, h);
	nli_buf_addf(b, "\t%llu.jpg#0\t%llu.jpg#0r1%c\t%s\t\t\t\t\n", caption, caption,
		     "enc"[label], label_name[label]);
}

static void add_csv(struct nli_buf *b, uint64_t line, const struct sentence *p,
		    const struct sentence *h, int label)
{
	nli_buf_addf(b, "\"%llu.jpg#0r1%c\",\"%s\",\"", (unsigned long long)line / LABELS,
		     "enc"[label], label_name[label]);
	add_text(b, p);
	nli_buf_adds(b, "\",\"");
	add_text(b, h);
	nli_buf_adds(b, "\",\"It says \"\"");
	add_text(b, h);
	nli_buf_adds(b, "\"\", and more, of it\"\n");
}

static void add_xml(struct nli_buf *b, uint64_t line, const struct sentence *p,
		    const struct sentence *h, int label)
{
	nli_buf_addf(b, "<pair id=\"%llu\" entailment=\"%s\" task=\"IR\">\n\t<t>",
		     (unsigned long long)line + 1, label ? "NO" : "YES");
	add_text(b, p);
	nli_buf_adds(b, "</t>\n\t<h>");
	add_text(b, h);
	nli_buf_adds(b, "</h>\n</pair>\n");
}

static void add_item(struct nli_buf *b, enum format format, uint64_t line,
		     const struct sentence *p, const struct sentence *h, int label)
{
	if (format == TSV)
		add_tsv(b, line, p, h, label);
	else if (format == CSV)
		add_csv(b, line, p, h, label);
	else if (format == XML)
		add_xml(b, line, p, h, label);
	else
		add_line(b, line, p, h, label, format == LEAN);
}

static void add_head(struct nli_buf *b, enum format format)
{
	static const char *const head[N_FORMAT] = {
		[TSV] = "gold_label\tsentence1_binary_parse\tsentence2_binary_parse\t"
			"sentence1_parse\tsentence2_parse\tsentence1\tsentence2\t"
			"captionID\tpairID\tlabel1\tlabel2\tlabel3\tlabel4\tlabel5\n",
		[CSV] = "pairID,gold_label,Sentence1,Sentence2,Explanation_1\n",
		[XML] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			"<entailment-corpus>\n",
	};

	if (head[format])
		nli_buf_adds(b, head[format]);
}

int main(int argc, char **argv)
{
	const uint64_t lines = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	enum format format = FULL;
	struct nli_buf b = { 0 };
	struct sentence p = { .n = 0 }, h;

	while (argc > 2 && format < N_FORMAT && strcmp(argv[2], format_name[format]))
		format++;
	if (!lines || format == N_FORMAT) {
		fputs("usage: gen_snli LINES [full|lean|tsv|csv|xml [SEED]]\n", stderr);
		return 2;
	}
	state = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
	add_head(&b, format);
	for (uint64_t i = 0; i < lines; i++) {
		const int label = (int)(i % LABELS);

		if (label == 0)
			draw(&p, 6, 22, -1);
		draw(&h, 3, 12, label);
		add_item(&b, format, i, &p, &h, label);
		if (format == XML && i + 1 == lines)
			nli_buf_adds(&b, "</entailment-corpus>\n");
		if (b.len > 1 << 20 || i + 1 == lines) {
			if (fwrite(b.data, 1, b.len, stdout) != b.len)
				return 1;
			nli_buf_clear(&b);
		}
	}
	nli_buf_release(&b);
	return fclose(stdout) ? 1 : 0;
}
