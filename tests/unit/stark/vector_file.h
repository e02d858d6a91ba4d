/*
 * Numbers of the files of tests/vectors as OpenSSL reads them, because here our own reading of
 * felts is what is tested. What is malformed fails the running test.
 */
#ifndef PARASIGN_TESTS_UNIT_STARK_VECTOR_FILE_H
#define PARASIGN_TESTS_UNIT_STARK_VECTOR_FILE_H

#include <jansson.h>
#include <proto/stark/felt.h>

/* A whole file ("fixtures/x.json") as text; the caller frees it. */
char *vector_file_text(const char *name);
/* Felts written "0x..." or in decimal. */
void vector_felt(ps_felt *out, const json_t *object, const char *key);
/* Numbers up to 256 bits, "0x..." or decimal, read by OpenSSL. */
void vector_be32(uint8_t out32[32], const json_t *object, const char *key);
void text_to_be32(uint8_t out32[32], const char *text);

#endif
