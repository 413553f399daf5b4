/*
 * rows.h - a table of cases as cmocka tests: one named test a row, so that a
 * failure says which.
 */
#ifndef NLI_TESTS_ROWS_H
#define NLI_TESTS_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A row: its first member is const char *name. */
#define ROW_TESTS(tests, rows, check)                                     \
	for (size_t i_ = 0; i_ < sizeof(rows) / sizeof(*(rows)); i_++)    \
		(tests)[i_] = (struct CMUnitTest)                         \
		{                                                         \
			.name = (rows)[i_].name, .test_func = (check),    \
			.initial_state = (void *)(uintptr_t) & (rows)[i_] \
		}

#endif
