/* The wall clock, for what is signed; deadlines go by CLOCK_MONOTONIC (call.h). */
#ifndef PARASIGN_DAEMON_METHODS_CLOCK_H
#define PARASIGN_DAEMON_METHODS_CLOCK_H

#include <stdint.h>

/* Unix time in milliseconds. */
uint64_t ps_wall_clock_ms(void);

#endif
