/*
 * Group commit: one fdatasync in flight, in a thread of its own; whoever comes meanwhile waits for
 * the next one, which serves them all.
 *
 * Not in libuv's pool: it wakes the loop before it has let go of the handle, and until its thread
 * is scheduled again the loop spins with sched_yield(), which the traces of busy machines showed.
 */
#include <daemon/audit/log_file.h>

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/*
 * After a failed fdatasync the kernel marks the pages clean, and the next one says success without
 * having written them. Writing the same bytes again makes them dirty again. 0 or errno.
 */
static int write_again(int fd, uint64_t from, uint64_t end)
{
    char chunk[8192];

    while (from < end) {
        size_t want = end - from < sizeof chunk ? (size_t)(end - from) : sizeof chunk;
        ssize_t n = pread(fd, chunk, want, (off_t)from);

        if (n <= 0)
            return n == 0 ? EIO : errno;
        n = pwrite(fd, chunk, (size_t)n, (off_t)from);
        if (n <= 0)
            return n == 0 ? EIO : errno;
        from += (uint64_t)n;
    }
    return 0;
}

static void run_flush(struct ps_audit *audit)
{
    audit->flush.error = 0;
    if (audit->flush.rewrite)
        audit->flush.error = write_again(audit->fd, audit->flush.from, audit->flush.end);
    if (audit->flush.error == 0 && fdatasync(audit->fd) != 0)
        audit->flush.error = errno;
}

static void begin_flush(struct ps_audit *audit)
{
    audit->flush.seq = audit->seq;
    audit->flush.from = audit->durable_end;
    audit->flush.end = audit->end;
    audit->flush.rewrite = audit->flush_failed;
    audit->flushing = true;
}

/* Takes the result in and calls back those it settles. */
static void settle(struct ps_audit *audit)
{
    struct ps_error err;
    enum ps_code rc = PS_OK;
    struct ps_audit_waiter *done = NULL;
    struct ps_audit_waiter **tail = &done;

    audit->flushing = false;
    audit->flush_failed = audit->flush.error != 0;
    if (audit->flush.error != 0) {
        rc = ps_fail(&err, PS_AUDIT_UNAVAILABLE, "the audit log %s cannot be brought to disk: %s",
                     audit->path, strerror(audit->flush.error));
    } else {
        audit->durable_seq = audit->flush.seq;
        audit->durable_end = audit->flush.end;
        audit->last_fsync_ms = ps_audit_now_ms();
    }
    while (audit->first != NULL && audit->first->seq <= audit->flush.seq) {
        *tail = audit->first;
        tail = &audit->first->next;
        audit->first = audit->first->next;
        *tail = NULL;
    }
    if (audit->first == NULL)
        audit->last = NULL;
    while (done != NULL) {
        struct ps_audit_waiter *waiter = done;

        done = waiter->next;
        waiter->cb(waiter->arg, rc, rc == PS_OK ? NULL : &err);
        free(waiter);
    }
}

static void *run_flusher(void *arg)
{
    struct ps_audit *audit = arg;
    const uint64_t one = 1;

    (void)pthread_mutex_lock(&audit->flusher.lock);
    for (;;) {
        while (!audit->flusher.wanted && !audit->flusher.end)
            (void)pthread_cond_wait(&audit->flusher.wake, &audit->flusher.lock);
        if (!audit->flusher.wanted)
            break;
        (void)pthread_mutex_unlock(&audit->flusher.lock);
        run_flush(audit);
        (void)pthread_mutex_lock(&audit->flusher.lock);
        audit->flusher.wanted = false;
        (void)pthread_mutex_unlock(&audit->flusher.lock);
        while (write(audit->flusher.done_fd, &one, sizeof one) < 0 && errno == EINTR)
            ;
        (void)pthread_mutex_lock(&audit->flusher.lock);
    }
    (void)pthread_mutex_unlock(&audit->flusher.lock);
    return NULL;
}

static void start_flush(struct ps_audit *audit)
{
    if (audit->flushing)
        return;
    (void)uv_timer_stop(&audit->timer);
    begin_flush(audit);
    uv_ref((uv_handle_t *)&audit->flusher.done); /* the loop has something to wait for */
    (void)pthread_mutex_lock(&audit->flusher.lock);
    audit->flusher.wanted = true;
    (void)pthread_cond_signal(&audit->flusher.wake);
    (void)pthread_mutex_unlock(&audit->flusher.lock);
}

static void after_flush(struct ps_audit *audit)
{
    settle(audit);
    if (audit->flushing)
        return; /* a callback asked for the next one */
    if (audit->first != NULL)
        start_flush(audit);
    else if (audit->durable_seq < audit->seq)
        ps_audit_flush_soon(audit);
}

/* Whether the flusher has come to its end. */
static bool take_done(struct ps_audit *audit)
{
    uint64_t count;
    bool done;

    if (read(audit->flusher.done_fd, &count, sizeof count) != (ssize_t)sizeof count)
        return false;
    (void)pthread_mutex_lock(&audit->flusher.lock);
    done = !audit->flusher.wanted;
    (void)pthread_mutex_unlock(&audit->flusher.lock);
    assert(done);
    uv_unref((uv_handle_t *)&audit->flusher.done);
    return done;
}

static void on_done(uv_poll_t *poll, int status, int events)
{
    struct ps_audit *audit = poll->data;

    (void)status;
    (void)events;
    if (take_done(audit))
        after_flush(audit);
}

static void on_timer(uv_timer_t *timer)
{
    start_flush(timer->data);
}

void ps_audit_flush_soon(struct ps_audit *audit)
{
    if (!audit->flushing && !uv_is_active((uv_handle_t *)&audit->timer))
        (void)uv_timer_start(&audit->timer, on_timer,
                             audit->flush_failed ? 1000 : PS_AUDIT_FLUSH_MS, 0);
}

void ps_audit_when_durable(struct ps_audit *audit, uint64_t seq, ps_audit_durable_cb *cb, void *arg)
{
    struct ps_audit_waiter *waiter;

    assert(audit->magic == PS_AUDIT_MAGIC);
    assert(seq <= audit->seq);
    if (seq <= audit->durable_seq) {
        cb(arg, PS_OK, NULL);
        return;
    }
    if ((waiter = malloc(sizeof *waiter)) == NULL) {
        struct ps_error err;

        cb(arg, ps_fail(&err, PS_INTERNAL_ERROR, "memory is out"), &err);
        return;
    }
    *waiter = (struct ps_audit_waiter){.seq = seq, .cb = cb, .arg = arg};
    if (audit->last != NULL && audit->last->seq > seq) {
        struct ps_audit_waiter **at = &audit->first;

        while ((*at)->seq <= seq)
            at = &(*at)->next;
        waiter->next = *at;
        *at = waiter;
    } else {
        *(audit->last == NULL ? &audit->first : &audit->last->next) = waiter;
        audit->last = waiter;
    }
    start_flush(audit);
}

/* The thread gets no signals: they are the loop's. */
static int start_thread(struct ps_audit *audit)
{
    sigset_t all;
    sigset_t before;
    int error;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&audit->flusher.thread, NULL, run_flusher, audit);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

enum ps_code ps_audit_flush_start(struct ps_audit *audit, struct ps_error *err)
{
    int error;

    audit->flusher.done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (audit->flusher.done_fd < 0 ||
        uv_poll_init(audit->loop, &audit->flusher.done, audit->flusher.done_fd) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "the audit log's eventfd cannot be made");
    audit->flusher.done.data = audit;
    audit->open_handles++;
    if (uv_poll_start(&audit->flusher.done, UV_READABLE, on_done) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "the audit log's eventfd cannot be watched");
    uv_unref((uv_handle_t *)&audit->flusher.done);
    (void)pthread_mutex_init(&audit->flusher.lock, NULL);
    (void)pthread_cond_init(&audit->flusher.wake, NULL);
    if ((error = start_thread(audit)) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "the audit log's thread cannot be started: %s",
                       strerror(error));
    audit->flusher.runs = true;
    return PS_OK;
}

void ps_audit_flush_end(struct ps_audit *audit)
{
    struct pollfd polled = {.fd = audit->flusher.done_fd, .events = POLLIN};

    if (!audit->flusher.runs)
        return;
    while (audit->flushing) {
        (void)poll(&polled, 1, -1);
        if (take_done(audit))
            settle(audit);
    }
    (void)pthread_mutex_lock(&audit->flusher.lock);
    audit->flusher.end = true;
    (void)pthread_cond_signal(&audit->flusher.wake);
    (void)pthread_mutex_unlock(&audit->flusher.lock);
    (void)pthread_join(audit->flusher.thread, NULL);
    if (audit->durable_seq < audit->seq) {
        begin_flush(audit);
        run_flush(audit);
        settle(audit);
    }
}
