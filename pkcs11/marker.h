/*
 * The memory of a refused PIN: a file in the state directory with the token's serial and a digest
 * of the PIN source's metadata (pin.h). While both match, the source is not tried again, by this
 * process or the next: three refusals would lock the token.
 */
#ifndef PARASIGN_PKCS11_MARKER_H
#define PARASIGN_PKCS11_MARKER_H

#include <limits.h>
#include <parasign/error.h>
#include <pkcs11/pin.h>

struct ps_marker {
    char path[PATH_MAX];
    char text[256]; /* what the file holds; "" when there is none */
    bool on_disk;   /* text was read from or written to the file */
};

/* state_dir: an existing folder, or NULL: refusals are remembered by this process alone.
 * PS_INVALID_PARAMS when the path is too long. */
PS_MUST_USE enum ps_code ps_marker_init(struct ps_marker *marker, const char *state_dir,
                                        struct ps_error *err);

/*
 * Whether this source was refused by this token before. PS_OK: it may be tried. PS_TOKEN_LOCKED:
 * it was refused, or the marker cannot be read or could not be written after a refusal.
 */
PS_MUST_USE enum ps_code ps_marker_check(struct ps_marker *marker, const char *serial,
                                         const struct ps_pin_source *source, struct ps_error *err);

/* Remembers the refusal, in the file and in this process. */
void ps_marker_set(struct ps_marker *marker, const char *serial,
                   const struct ps_pin_source *source);

/* After a successful login. */
void ps_marker_clear(struct ps_marker *marker);

#endif
