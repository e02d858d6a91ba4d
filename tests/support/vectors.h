/* Test data of tests/vectors: read it, or fail the test that wants it. */
#ifndef PARASIGN_TESTS_SUPPORT_VECTORS_H
#define PARASIGN_TESTS_SUPPORT_VECTORS_H

#include <jansson.h>
#include <proto/stark/felt.h>

/* A file of tests/vectors ("fixtures/x.json"); the caller releases it with json_decref(). */
json_t *ps_test_vectors(const char *name);
/* The member of that name, which must be there. Borrowed. */
json_t *ps_test_member(const json_t *object, const char *name);
const char *ps_test_text(const json_t *object, const char *name);
/* A felt as text (0x hex, decimal, else short string) or integer. */
ps_felt ps_test_felt(const json_t *value);
ps_felt ps_test_felt_text(const char *text);
/* "0x..." or bare hex of exactly length bytes. */
void ps_test_bytes(uint8_t *out, size_t length, const char *hex);

/* Fails with both values when they differ; what says which vector it is. */
void ps_test_felt_equal(const char *what, const ps_felt *got, const ps_felt *want);
/* As above, got being 32 bytes big-endian. */
void ps_test_be32_equal(const char *what, const uint8_t got32[32], const ps_felt *want);

#endif
