/*
 * Building JSON objects without asking after each member whether memory is out: the builder
 * remembers. Names of members are ASCII literals; texts must be UTF-8.
 */
#ifndef PARASIGN_DAEMON_METHODS_BUILD_H
#define PARASIGN_DAEMON_METHODS_BUILD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* On the stack; from ps_build_begin() to ps_build_end(). */
struct ps_build {
    json_t *object; /* owned; NULL when memory is out */
    bool failed;
};

void ps_build_begin(struct ps_build *b);
void ps_build_text(struct ps_build *b, const char *name, const char *text);
void ps_build_uint(struct ps_build *b, const char *name, uint64_t value);
void ps_build_bool(struct ps_build *b, const char *name, bool value);
/* Steals value; NULL: memory is out. */
void ps_build_json(struct ps_build *b, const char *name, json_t *value);
/* A 256-bit number, big-endian, as 0x hex. */
void ps_build_be32(struct ps_build *b, const char *name, const uint8_t value32[32]);
/* The object, owned by the caller; NULL when memory was out anywhere. The builder is empty then. */
json_t *ps_build_end(struct ps_build *b);

/* A new JSON text of a 256-bit number as 0x hex; NULL when memory is out. */
json_t *ps_json_be32(const uint8_t value32[32]);

#endif
