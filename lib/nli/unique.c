/* unique.c - see unique.h. */
#include "lib/nli/unique.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"

static const struct nli_str BEGIN = { "{\"id\":\"", 7 };

static bool add(struct nli_unique *u, uint64_t h);

static void grow(struct nli_unique *u)
{
	struct nli_unique wider = { .cap = u->cap ? 2 * u->cap : 1 << 12 };

	wider.slot = nli_xcalloc(wider.cap, sizeof(*wider.slot));
	for (size_t i = 0; i < u->cap; i++)
		if (u->slot[i])
			add(&wider, u->slot[i]);
	free(u->slot);
	u->slot = wider.slot;
	u->cap = wider.cap;
}

/* False if it was there.  Linear probing, at most half full. */
static bool add(struct nli_unique *u, uint64_t h)
{
	if (2 * u->n >= u->cap)
		grow(u);
	for (size_t i = h & (u->cap - 1);; i = (i + 1) & (u->cap - 1)) {
		if (u->slot[i] == h)
			return false;
		if (!u->slot[i]) {
			u->slot[i] = h;
			u->n++;
			return true;
		}
	}
}

static uint64_t hash_of(const char *id, size_t len)
{
	const uint64_t h = nli_hash(id, len, 0);

	return h ? h : 1;
}

/* Length of the id, as it is written, of the line at s. */
static size_t id_len(const char *s, const char *end)
{
	const char *q = s + BEGIN.len;

	while ((q = memchr(q, '"', (size_t)(end - q))) && q[-1] == '\\') {
		const char *b = q - 1;

		while (b[-1] == '\\')
			b--;
		if ((q - b) % 2 == 0)
			break;
		q++;
	}
	return q ? (size_t)(q - s) - BEGIN.len : 0;
}

/* A suffix that makes an id of its own. */
static void add_suffix(struct nli_unique *u, size_t len, uint64_t h)
{
	uint64_t *times = nli_map64_put(&u->times, h, NULL);
	const size_t before = u->out.len - len;

	do {
		u->out.len = before + len;
		nli_buf_addf(&u->out, "~%llu", (unsigned long long)++*times + 1);
	} while (!add(u, hash_of(u->out.data + before, u->out.len - before)));
	u->repeated++;
}

/*
 * Where the ids are, and their hashes.  What add() will look at is asked for
 * from memory on the way: by the time it does, the first are there.
 */
static void find_ids(struct nli_unique *u, struct nli_str lines)
{
	const char *end = lines.s + lines.len;

	u->n_id = 0;
	for (const char *s = lines.s; s < end;) {
		const char *lf = memchr(s, '\n', (size_t)(end - s));
		const size_t len = id_len(s, end);
		const uint64_t h = hash_of(s + BEGIN.len, len);

		if (u->cap)
			__builtin_prefetch(&u->slot[h & (u->cap - 1)]);
		if (u->n_id == u->id_cap)
			nli_grow(&u->id, &u->id_cap, u->n_id + 1, sizeof(*u->id));
		u->id[u->n_id++] = (struct nli_unique_id){ s + BEGIN.len, len, h };
		s = lf ? lf + 1 : end;
	}
}

struct nli_str nli_unique_lines(struct nli_unique *u, struct nli_str lines)
{
	const char *kept = lines.s;

	u->out.len = 0;
	find_ids(u, lines);
	for (size_t i = 0; i < u->n_id; i++) {
		const struct nli_unique_id id = u->id[i];

		if (add(u, id.hash))
			continue;
		nli_buf_add(&u->out, kept, (size_t)(id.s + id.len - kept));
		add_suffix(u, id.len, id.hash);
		kept = id.s + id.len;
	}
	if (kept == lines.s)
		return lines;
	nli_buf_add(&u->out, kept, (size_t)(lines.s + lines.len - kept));
	return nli_buf_str(&u->out);
}

void nli_unique_release(struct nli_unique *u)
{
	free(u->slot);
	free(u->id);
	nli_map64_release(&u->times);
	nli_buf_release(&u->out);
	memset(u, 0, sizeof(*u));
}
