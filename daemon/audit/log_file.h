/* The audit log's state. Private to this folder. */
#ifndef PARASIGN_DAEMON_AUDIT_LOG_FILE_H
#define PARASIGN_DAEMON_AUDIT_LOG_FILE_H

#include <daemon/audit/audit.h>
#include <daemon/audit/tail.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <time.h>

#define PS_AUDIT_MAGIC 0x61756474u
/* Records nobody waits for are flushed this long after they were written. */
#define PS_AUDIT_FLUSH_MS 5

struct ps_audit_waiter {
    struct ps_audit_waiter *next;
    uint64_t seq;
    ps_audit_durable_cb *cb;
    void *arg; /* borrowed */
};

struct ps_audit {
    unsigned magic;
    uv_loop_t *loop; /* borrowed */
    int fd;
    char path[512];
    EVP_MD *sha256;
    EVP_MD_CTX *digest;
    char line[PS_AUDIT_LINE_MAX];

    uint64_t seq;                      /* of the last record in the file */
    uint64_t end;                      /* offset behind it */
    uint8_t hash[PS_AUDIT_HASH_BYTES]; /* of its line */
    bool ragged;                       /* bytes behind end could not be cut off yet */

    uint64_t durable_seq; /* everything up to here is on disk */
    uint64_t durable_end;
    uint64_t last_fsync_ms;
    bool write_failed, flush_failed;

    struct ps_audit_waiter *first, *last; /* in order of seq */
    uv_timer_t timer;
    bool flushing;
    unsigned open_handles;
    struct { /* of the flush in flight; the flusher's while flushing */
        uint64_t seq, from, end;
        bool rewrite; /* the last flush failed: the kernel may have dropped the pages' dirt */
        int error;    /* errno */
    } flush;
    struct { /* the thread that flushes */
        pthread_t thread;
        pthread_mutex_t lock;
        pthread_cond_t wake;
        bool runs;
        bool wanted, end; /* under lock */
        int done_fd;      /* eventfd: a flush came to its end */
        uv_poll_t done;
    } flusher;
};

/* The wall clock in Unix milliseconds. */
static inline uint64_t ps_audit_now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Starts the thread. */
PS_MUST_USE enum ps_code ps_audit_flush_start(struct ps_audit *audit, struct ps_error *err);
/* After a record was written: see that it reaches the disk soon. */
void ps_audit_flush_soon(struct ps_audit *audit);
/* Waits for a flush in flight, flushes the rest, calls back all who wait, ends the thread. */
void ps_audit_flush_end(struct ps_audit *audit);

#endif
