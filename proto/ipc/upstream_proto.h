/*
 * What parasignd asks of parasign-upstream, in frames (frame.h). Front = asker.
 *
 * Every answer's payload starts as an answer of the token process does: u16 code, and a text when
 * it is not PS_OK (ps_put_answer(), ps_get_answer()).
 *
 * | operation | request payload | answer                             |
 * |-----------|-----------------|------------------------------------|
 * | HEALTH    |                 | text: version of the HTTP library  |
 */
#ifndef PARASIGN_PROTO_IPC_UPSTREAM_PROTO_H
#define PARASIGN_PROTO_IPC_UPSTREAM_PROTO_H

enum ps_upstream_op { PS_UPSTREAM_HEALTH = 1, PS_UPSTREAM_OP_END };

#define PS_UPSTREAM_VERSION_MAX 256

#endif
