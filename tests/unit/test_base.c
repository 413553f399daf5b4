/* Unit tests of lib/base: buffers, maps, hashes. */
#include "tests/unit/rows.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/hash.h"
#include "lib/base/map.h"
#include "lib/base/mem.h"

static void buf_keeps_its_nul(void **state)
{
	struct nli_buf b = { 0 };

	(void)state;
	nli_buf_add(&b, "a\0b", 3);
	nli_buf_addf(&b, "%d-%s", 12, "x");
	nli_buf_add_u64(&b, 0);
	nli_buf_add_u64(&b, UINT64_MAX);
	assert_int_equal(b.len, 3 + 4 + 1 + 20);
	assert_memory_equal(b.data, "a\0b12-x018446744073709551615", b.len + 1);
	nli_buf_release(&b);
	nli_buf_release(&b);
}

static void str_order_is_total(void **state)
{
	(void)state;
	assert_true(nli_str_cmp(NLI_STR("a"), NLI_STR("b")) < 0);
	assert_true(nli_str_cmp(NLI_STR("a"), NLI_STR("ab")) < 0);
	assert_true(nli_str_cmp(NLI_STR(""), NLI_STR("")) == 0);
	assert_true(nli_str_cmp(NLI_STR("\xff"), NLI_STR("a")) > 0);
}

/* Reference values: xxhsum -H2 and -H3 of xxHash 0.8.1 on the bytes "nli". */
static void hash_is_xxh3(void **state)
{
	const struct nli_hash128 h = nli_hash128("nli", 3);
	struct nli_hasher *s = nli_hasher_new();
	struct nli_hash128 joined;

	(void)state;
	assert_true(h.hi == 0x876a666e7ac4509bu && h.lo == 0x793b791c1579de98u);
	assert_true(nli_hash("nli", 3, 0) == 0x793b791c1579de98u);
	nli_hasher_add(s, "n", 1);
	nli_hasher_add(s, "li", 2);
	joined = nli_hasher_end(s);
	assert_true(joined.hi == h.hi && joined.lo == h.lo);
	nli_hasher_free(s);
}

static void base32_spells_all_bits(void **state)
{
	char out[NLI_KEY_LEN + 1];

	(void)state;
	nli_hash128_base32((struct nli_hash128){ 0, 0 }, out);
	assert_string_equal(out, "aaaaaaaaaaaaaaaaaaaaaaaaaa");
	nli_hash128_base32((struct nli_hash128){ UINT64_MAX, UINT64_MAX }, out);
	assert_string_equal(out, "7777777777777777777777777"
				 "4");
	nli_hash128_base32((struct nli_hash128){ 1ull << 63, 1 }, out);
	assert_string_equal(out, "qaaaaaaaaaaaaaaaaaaaaaaaae");
	/* RFC 4648's digits, in lower case, as Python's base64.b32encode has them. */
	nli_hash128_base32(
		(struct nli_hash128){ 0x0011223344556677u, 0x8899aabbccddeeffu }, out);
	assert_string_equal(out, "aaisem2ekvthpcezvk54zxpo74");
}

static void unit_is_in_range(void **state)
{
	(void)state;
	assert_true(nli_unit(0) >= 0 && nli_unit(0) <= 0);
	assert_true(nli_unit(UINT64_MAX) < 1);
}

static void map_finds_what_was_put(void **state)
{
	struct nli_map64 m = { 0 };
	bool fresh;

	(void)state;
	assert_null(nli_map64_get(&m, 0));
	for (uint64_t i = 0; i < 5000; i++)
		*nli_map64_put(&m, i * 64, &fresh) = i; /* 0 is a key like any other */
	assert_int_equal(m.n, 5000);
	nli_map64_put(&m, 64, &fresh);
	assert_false(fresh);
	for (uint64_t i = 0; i < 5000; i++)
		assert_int_equal(*nli_map64_get(&m, i * 64), i);
	assert_null(nli_map64_get(&m, 1));
	nli_map64_release(&m);
}

static void intern_numbers_in_order(void **state)
{
	struct nli_intern t = { 0 };
	char word[16];

	(void)state;
	assert_int_equal(nli_intern_find(&t, NLI_STR("a")), NLI_INTERN_NONE);
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < 1000; i++) {
			snprintf(word, sizeof(word), "w%zu", i);
			assert_int_equal(nli_intern_add(&t, nli_str_of(word)), i);
		}
	assert_int_equal(nli_intern_add(&t, NLI_STR("")), 1000);
	assert_int_equal(nli_intern_find(&t, NLI_STR("")), 1000);
	assert_true(nli_str_is(t.text[17], "w17"));
	nli_intern_release(&t);
}

static void arena_survives_growth(void **state)
{
	struct nli_arena a = { 0 };
	char *first = nli_arena_strndup(&a, "first", 5);

	(void)state;
	for (int i = 0; i < 100; i++)
		memset(nli_arena_alloc(&a, 3001), i, 3001);
	assert_int_equal((uintptr_t)nli_arena_alloc(&a, 1) % _Alignof(max_align_t), 0);
	assert_string_equal(first, "first");
	nli_arena_reset(&a);
	nli_arena_release(&a);
	nli_arena_release(&a);
}

static void messages_chain(void **state)
{
	struct nli_err err;

	(void)state;
	assert_int_equal(nli_fail(&err, NLI_EDATA, "\"label\" is %d", 7), NLI_EDATA);
	assert_int_equal(nli_err_prefix(&err, "a.jsonl:%d", 3), NLI_EDATA);
	assert_string_equal(err.msg, "a.jsonl:3: \"label\" is 7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buf_keeps_its_nul),
		cmocka_unit_test(str_order_is_total),
		cmocka_unit_test(hash_is_xxh3),
		cmocka_unit_test(base32_spells_all_bits),
		cmocka_unit_test(unit_is_in_range),
		cmocka_unit_test(map_finds_what_was_put),
		cmocka_unit_test(intern_numbers_in_order),
		cmocka_unit_test(arena_survives_growth),
		cmocka_unit_test(messages_chain),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
