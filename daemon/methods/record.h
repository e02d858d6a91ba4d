/*
 * What the methods write into the audit log. `event` says what a record is:
 *
 *   intent    allowed, and about to be done; it is on disk before the result leaves the daemon
 *   released  what the record `of` announced was done and handed to the client's connection, which
 *             may have gone, or been told of its deadline, meanwhile
 *   failed    it was not; `code` and `message` say why
 *   denied    the policy said no; `code` and `rule` say which rule it was
 *
 * No record carries a secret, a PIN or a signature.
 */
#ifndef PARASIGN_DAEMON_METHODS_RECORD_H
#define PARASIGN_DAEMON_METHODS_RECORD_H

#include <daemon/front/call.h>
#include <daemon/methods/build.h>

/* Begins an intent of call: event, method, uid, pid. */
void ps_record_begin(struct ps_build *b, const struct ps_call *call);

/*
 * Appends the record that b holds; b is empty afterwards. Out: *seq. PS_AUDIT_UNAVAILABLE: do not
 * act.
 */
PS_MUST_USE enum ps_code ps_record_append(struct ps_front *front, struct ps_build *b, uint64_t *seq,
                                          struct ps_error *err);

/*
 * How it ended: code PS_OK for released. Not waited for: what mattered is on disk already, and a
 * log that cannot be written stops the next intent. `of` 0: there was no intent, and nothing is
 * said.
 */
void ps_record_outcome(struct ps_front *front, uint64_t of, enum ps_code code,
                       const struct ps_error *why);

/*
 * Refuses the call; a refusal of the policy is recorded. Records of refusals are limited to
 * PS_RECORD_DENIED_PER_S, so that a client cannot fill the disk with them; the next record says how
 * many were left out.
 */
#define PS_RECORD_DENIED_PER_S 20
void ps_record_refuse(struct ps_call *call, const struct ps_error *error);

#endif
