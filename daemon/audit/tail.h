/*
 * Where an existing log ends. Private to this folder.
 *
 * A line is one record as JSON; `prev` is the SHA-256, in lowercase hex, of the bytes of the line
 * before it without its line feed; 64 zeros in the first record.
 */
#ifndef PARASIGN_DAEMON_AUDIT_TAIL_H
#define PARASIGN_DAEMON_AUDIT_TAIL_H

#include <parasign/error.h>
#include <stdint.h>

#define PS_AUDIT_LINE_MAX 131072 /* bytes, with the line feed */
#define PS_AUDIT_HASH_BYTES 32
#define PS_AUDIT_HASH_HEX (2 * PS_AUDIT_HASH_BYTES)

struct ps_audit_tail {
    uint64_t seq;                      /* of the last whole record; 0 in an empty log */
    uint8_t hash[PS_AUDIT_HASH_BYTES]; /* of that record's line; zeros in an empty log */
    uint64_t end;                      /* offset behind its line feed */
    uint64_t size;                     /* of the file; what lies between is a torn record */
};

/*
 * Finds the end of the log in fd. A torn end is what a crash leaves: bytes without a line feed, or
 * a block of NULs that the file system never filled. A last record that is whole but is not a
 * record of ours, or does not continue the one before it, is PS_AUDIT_UNAVAILABLE: somebody must
 * look at it.
 */
PS_MUST_USE enum ps_code ps_audit_tail_find(int fd, const char *path, struct ps_audit_tail *out,
                                            struct ps_error *err);

void ps_audit_hex(const uint8_t hash[PS_AUDIT_HASH_BYTES], char out[PS_AUDIT_HASH_HEX + 1]);

#endif
