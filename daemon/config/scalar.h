/*
 * The values of the configuration file, strictly: a text is exactly of its type or it is refused,
 * nothing is rounded, guessed or cut. Each parser fills err with a message that names no position
 * and no key; the caller puts them in front.
 *
 * text: length bytes without a NUL inside, and a NUL after them.
 */
#ifndef PARASIGN_DAEMON_CONFIG_SCALAR_H
#define PARASIGN_DAEMON_CONFIG_SCALAR_H

#include <parasign/error.h>
#include <stdint.h>
#include <sys/types.h>

/* Decimal digits without sign, leading zeros, point or exponent, from min to max. */
PS_MUST_USE enum ps_code ps_scalar_uint(const char *text, uint64_t min, uint64_t max, uint64_t *out,
                                        struct ps_error *err);
/* on, off, true, false; nothing else of what YAML knows. */
PS_MUST_USE enum ps_code ps_scalar_switch(const char *text, bool *out, struct ps_error *err);
/* Four octal digits, the first a 0, as chmod(1) and ls(1) people write them: 0660. */
PS_MUST_USE enum ps_code ps_scalar_mode(const char *text, mode_t *out, struct ps_error *err);
/* One of choices (NULL-terminated). Out: *index into it. */
PS_MUST_USE enum ps_code ps_scalar_choice(const char *text, const char *const *choices,
                                          unsigned *index, struct ps_error *err);
/* A number, or the name of a user that this machine knows (getpwnam_r). */
PS_MUST_USE enum ps_code ps_scalar_user(const char *text, uid_t *out, struct ps_error *err);
/* Printable (no control characters), from min to max bytes; copied to out of max + 1 bytes. */
PS_MUST_USE enum ps_code ps_scalar_text(const char *text, uint64_t min, uint64_t max, char *out,
                                        struct ps_error *err);
/* An absolute path below max bytes, without `.`, `..` or empty steps. Copied as above. */
PS_MUST_USE enum ps_code ps_scalar_path(const char *text, uint64_t max, char *out,
                                        struct ps_error *err);

#endif
