/* The one place where a descriptor is put beside bytes on a Unix socket (unix(7), SCM_RIGHTS). */
#ifndef PARASIGN_PROTO_IPC_SEND_FD_H
#define PARASIGN_PROTO_IPC_SEND_FD_H

#include <stddef.h>
#include <sys/types.h>

/*
 * One sendmsg() of length bytes; fd, unless it is -1, travels with the first of them and stays the
 * caller's. flags as for sendmsg(), to which MSG_NOSIGNAL is added; an interrupted call is made
 * again. Returns what sendmsg() does: bytes taken, or -1 with errno.
 */
ssize_t ps_send_fd(int socket_fd, const void *data, size_t length, int fd, int flags);

#endif
