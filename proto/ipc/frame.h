/*
 * Frames on the stream socket pairs between parasignd, parasign-token and parasign-upstream.
 *
 *   offset 0  u32  payload length, at most PS_FRAME_PAYLOAD_MAX
 *          4  u16  type (an operation; answers have PS_FRAME_ANSWER set)
 *          6  u16  flags (PS_FRAME_HAS_FD: one descriptor travels with the first byte of the
 * header) 8  u64  request id, chosen by the asker, repeated in the answer 16       payload
 *
 * All integers little-endian. Pure codec: the processes do their own reading and writing.
 */
#ifndef PARASIGN_PROTO_IPC_FRAME_H
#define PARASIGN_PROTO_IPC_FRAME_H

#include <parasign/error.h>
#include <stdint.h>

#define PS_FRAME_HEADER_BYTES 16
#define PS_FRAME_PAYLOAD_MAX 65536
#define PS_FRAME_ANSWER 0x8000u
#define PS_FRAME_HAS_FD 0x0001u

struct ps_frame_header {
    uint32_t length;
    uint16_t type;
    uint16_t flags;
    uint64_t id;
};

void ps_frame_encode(const struct ps_frame_header *header, uint8_t out16[PS_FRAME_HEADER_BYTES]);

/* PS_INTERNAL_ERROR when the length is over the bound or a flag is unknown: the peer is broken. */
PS_MUST_USE enum ps_code ps_frame_decode(const uint8_t in16[PS_FRAME_HEADER_BYTES],
                                         struct ps_frame_header *header);

#endif
