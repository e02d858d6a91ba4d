/*
 * The audit log: NDJSON, one record a line, each with the SHA-256 of the line before it, on disk
 * before the signature it speaks of is released. A record that cannot be written means no
 * signature.
 */
#ifndef PARASIGN_DAEMON_AUDIT_AUDIT_H
#define PARASIGN_DAEMON_AUDIT_AUDIT_H

#include <jansson.h>
#include <parasign/error.h>
#include <stdint.h>
#include <uv.h>

struct ps_audit;

struct ps_audit_figures {
    uint64_t seq; /* of the last record */
    char path[512];
    uint64_t last_fsync_ms; /* wall clock, Unix milliseconds; 0 before the first */
    bool healthy;
};

/*
 * Opens dir (made 0700 when absent), finds the end of the newest file, checks its last record, and
 * goes on from there; a torn last line is moved to a file beside it and said in the first new
 * record.
 */
PS_MUST_USE enum ps_code ps_audit_open(uv_loop_t *loop, const char *dir, struct ps_audit **out,
                                       struct ps_error *err);
/* Flushes and closes. */
void ps_audit_close(struct ps_audit *audit);

/*
 * Appends a record: `fields` (an object, borrowed) plus seq, time_ms and the chain. Out: *seq.
 * The record is in the page cache when this returns PS_OK. PS_AUDIT_UNAVAILABLE otherwise: do not
 * sign. Never put a secret or a JWT into fields.
 */
PS_MUST_USE enum ps_code ps_audit_append(struct ps_audit *audit, json_t *fields, uint64_t *seq,
                                         struct ps_error *err);

/* Called once on the loop thread, when the record is on disk or cannot be brought there. */
typedef void ps_audit_durable_cb(void *arg, enum ps_code code, const struct ps_error *err);

/*
 * One flush serves all who wait, and runs beside the token's work. Calls back at once (from inside)
 * when seq is on disk already.
 */
void ps_audit_when_durable(struct ps_audit *audit, uint64_t seq, ps_audit_durable_cb *cb,
                           void *arg);

void ps_audit_figures(const struct ps_audit *audit, struct ps_audit_figures *out);

#endif
