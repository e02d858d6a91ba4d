/*
 * One end of a pair between two of our processes on a libuv loop: whole frames in, whole frames
 * out.
 */
#ifndef PARASIGN_DAEMON_FRONT_FRAME_STREAM_H
#define PARASIGN_DAEMON_FRONT_FRAME_STREAM_H

#include <parasign/error.h>
#include <proto/ipc/frame.h>
#include <uv.h>

struct ps_frame_stream;

/* payload is valid during the callback only. */
typedef void ps_frame_cb(void *arg, const struct ps_frame_header *header, const uint8_t *payload);
/* The peer is gone or broke the format; called at most once, nothing follows. why: for the log. */
typedef void ps_frame_gone_cb(void *arg, const char *why);

/* Takes fd, also on failure. Both callbacks may close the stream. */
PS_MUST_USE enum ps_code ps_frame_stream_open(uv_loop_t *loop, int fd, ps_frame_cb *on_frame,
                                              ps_frame_gone_cb *on_gone, void *arg,
                                              struct ps_frame_stream **out, struct ps_error *err);

/*
 * Sends or queues a frame; type and id go into its header. Takes fd (-1: none), also on failure.
 * PS_OVERLOADED when the peer does not read: more than 1 MiB is queued. Never calls back.
 */
PS_MUST_USE enum ps_code ps_frame_stream_send(struct ps_frame_stream *stream, uint16_t type,
                                              uint64_t id, const void *payload, size_t length,
                                              int fd);

/* No callback follows; memory is freed by the loop. NULL does nothing. */
void ps_frame_stream_close(struct ps_frame_stream *stream);

#endif
