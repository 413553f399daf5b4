/* unique.c - see unique.h. */
#include "lib/nli/unique.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/mem.h"

/* How many ids ahead memory is asked for what add() will look at. */
enum { AHEAD = 16, FIRST_BITS = 12, LARGE_BITS = 18 };

static uint64_t hash_of(const char *id, size_t len)
{
	const uint64_t h = nli_hash(id, len, 0);

	return h ? h : 1;
}

void nli_id_note(struct nli_buf *note, const char *text, size_t at, size_t len)
{
	const struct nli_id id = { at, len, hash_of(text + at, len) };

	nli_buf_add(note, (const char *)&id, sizeof(id));
}

/*
 * False if it was there.  Linear probing from the place that the upper bits
 * say: a larger table is then filled from front to back, as fast as memory goes.
 */
static bool put(struct nli_unique *u, uint64_t h)
{
	const size_t last = ((size_t)1 << u->bits) - 1;

	for (size_t i = h >> (64 - u->bits);; i = (i + 1) & last) {
		if (u->slot[i] == h)
			return false;
		if (!u->slot[i]) {
			u->slot[i] = h;
			return true;
		}
	}
}

static void grow(struct nli_unique *u)
{
	/* Up to what a huge page holds, in few steps: each fills memory anew. */
	struct nli_unique wider = { .bits = !u->slot               ? FIRST_BITS
					    : u->bits < LARGE_BITS ? u->bits + 3
								   : u->bits + 1 };

	wider.slot = nli_xtable((size_t)1 << wider.bits, sizeof(*wider.slot));
	for (size_t i = 0; u->slot && i >> u->bits == 0; i++)
		if (u->slot[i])
			put(&wider, u->slot[i]);
	free(u->slot);
	u->slot = wider.slot;
	u->bits = wider.bits;
}

/* False if it was there.  The table is at most three quarters full. */
static bool add(struct nli_unique *u, uint64_t h)
{
	if (!u->slot || u->n / 3 >= (size_t)1 << u->bits >> 2)
		grow(u);
	if (!put(u, h))
		return false;
	u->n++;
	return true;
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

struct nli_str nli_unique_lines(struct nli_unique *u, struct nli_str lines,
				struct nli_str note)
{
	const struct nli_id *ids = (const void *)note.s;
	const size_t n = note.len / sizeof(*ids);
	size_t kept = 0;

	u->out.len = 0;
	for (size_t i = 0; i < n; i++) {
		const struct nli_id *id = &ids[i];
		const size_t end = id->at + id->len;

		if (u->slot && i + AHEAD < n)
			__builtin_prefetch(
				&u->slot[ids[i + AHEAD].hash >> (64 - u->bits)]);
		if (add(u, id->hash))
			continue;
		nli_buf_add(&u->out, lines.s + kept, end - kept);
		add_suffix(u, id->len, id->hash);
		kept = end;
	}
	if (!kept)
		return lines;
	nli_buf_add(&u->out, lines.s + kept, lines.len - kept);
	return nli_buf_str(&u->out);
}

void nli_unique_release(struct nli_unique *u)
{
	free(u->slot);
	nli_map64_release(&u->times);
	nli_buf_release(&u->out);
	memset(u, 0, sizeof(*u));
}
