/* The clock that deadlines are counted on. */
#ifndef PARASIGN_DAEMON_FRONT_CLOCK_H
#define PARASIGN_DAEMON_FRONT_CLOCK_H

#include <stdint.h>
#include <time.h>

#define PS_NS_PER_MS UINT64_C(1000000)

/* CLOCK_MONOTONIC in nanoseconds. */
static inline uint64_t ps_clock_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

#endif
