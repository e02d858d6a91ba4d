/*
 * PINs: where one comes from and how it is read. A PIN lives in OpenSSL's secure heap between
 * ps_pin_read_*() and ps_pin_wipe() and nowhere else.
 */
#ifndef PARASIGN_PKCS11_PIN_H
#define PARASIGN_PKCS11_PIN_H

#include <limits.h>
#include <parasign/error.h>
#include <stdint.h>
#include <sys/types.h>

#define PS_PIN_MAX 255
/* How long the sender of a PIN or a secret may take over the pipe. */
#define PS_SECRET_DEADLINE_MS 2000

/* Owned by the reader's caller; secure heap, or NULL. */
struct ps_pin {
    char *text; /* not terminated */
    size_t length;
};

/*
 * A file that holds a PIN, or path "" when none is configured. device and inode: of the file that
 * stood there at the start, the one the sandbox lets us read; 0 when there was none.
 */
struct ps_pin_source {
    char path[PATH_MAX];
    dev_t device;
    ino_t inode;
};

/*
 * $CREDENTIALS_DIRECTORY/parasign-pin where that file exists, else uri_file (may be "").
 */
void ps_pin_source_find(const char *uri_file, struct ps_pin_source *out);

/*
 * A digest of what stat() says of the file: path, device, inode, size, mtime, ctime. Never of its
 * bytes, from which a PIN could be guessed. False when there is no such file.
 */
bool ps_pin_source_digest(const struct ps_pin_source *source, uint8_t out32[32]);

/*
 * Reads the file. PS_TOKEN_LOCKED with a sentence when it is missing, not a regular file, readable
 * by the group or others, not owned by us or root, empty or too long. One newline at the end is
 * cut. PS_TOKEN_UNAVAILABLE when the file was replaced since the start, as editors do, and the
 * sandbox grants only the old one: a new process may read it.
 */
PS_MUST_USE enum ps_code ps_pin_read_source(const struct ps_pin_source *source, struct ps_pin *out,
                                            struct ps_error *err);

/* Reads a passed pipe or memfd to its end; as above. Does not close fd. PS_INVALID_PARAMS. */
PS_MUST_USE enum ps_code ps_pin_read_fd(int fd, struct ps_pin *out, struct ps_error *err);

void ps_pin_wipe(struct ps_pin *pin);

/*
 * Reads at most capacity bytes of a secret from a pipe (within PS_SECRET_DEADLINE_MS) or a memfd
 * (from its beginning). PS_INVALID_PARAMS when fd is something else, too long, or late.
 * Out: out, which is the caller's secure memory; *length.
 */
PS_MUST_USE enum ps_code ps_secret_read_fd(int fd, void *out, size_t capacity, size_t *length,
                                           struct ps_error *err);

#endif
