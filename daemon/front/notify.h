/* Messages to the service manager (sd_notify(3)) over a socket opened before the sandbox. */
#ifndef PARASIGN_DAEMON_FRONT_NOTIFY_H
#define PARASIGN_DAEMON_FRONT_NOTIFY_H

#include <parasign/error.h>
#include <stdint.h>

/* Out: *fd, -1 when no service manager listens ($NOTIFY_SOCKET is not set). */
PS_MUST_USE enum ps_code ps_notify_open(int *fd, struct ps_error *err);
/* "READY=1", "STOPPING=1", "WATCHDOG=1"; does nothing when fd is -1. */
void ps_notify(int fd, const char *message);
/* How often the service manager wants a sign of life, in milliseconds; 0 never. */
uint64_t ps_notify_watchdog_ms(void);

#endif
