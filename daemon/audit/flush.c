/*
 * Group commit: one fdatasync in flight, in libuv's thread pool; whoever comes meanwhile waits for
 * the next one, which serves them all.
 */
#include <daemon/audit/log_file.h>

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
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

static void on_work(uv_work_t *work)
{
    run_flush(work->data);
}

static void start_flush(struct ps_audit *audit);

static void on_work_done(uv_work_t *work, int status)
{
    struct ps_audit *audit = work->data;

    if (status != 0)
        audit->flush.error = ECANCELED;
    settle(audit);
    if (audit->flushing)
        return; /* a callback asked for the next one */
    if (audit->first != NULL)
        start_flush(audit);
    else if (audit->durable_seq < audit->seq)
        ps_audit_flush_soon(audit);
}

static void start_flush(struct ps_audit *audit)
{
    if (audit->flushing)
        return;
    (void)uv_timer_stop(&audit->timer);
    begin_flush(audit);
    audit->work.data = audit;
    if (uv_queue_work(audit->loop, &audit->work, on_work, on_work_done) != 0) {
        run_flush(audit); /* no thread to be had: the loop waits for the disk instead */
        on_work_done(&audit->work, 0);
    }
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

void ps_audit_flush_end(struct ps_audit *audit)
{
    while (audit->flushing)
        (void)uv_run(audit->loop, UV_RUN_ONCE);
    if (audit->durable_seq < audit->seq) {
        begin_flush(audit);
        run_flush(audit);
        settle(audit);
    }
}
