#include <daemon/audit/audit.h>

#include <assert.h>
#include <daemon/audit/log_file.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* What precedes a record's own fields. */
#define HEAD_MAX 192

static enum ps_code hash_line(struct ps_audit *audit, const char *line, size_t length,
                              struct ps_error *err)
{
    uint8_t hash[PS_AUDIT_HASH_BYTES];

    if (EVP_DigestInit_ex2(audit->digest, audit->sha256, NULL) != 1 ||
        EVP_DigestUpdate(audit->digest, line, length) != 1 ||
        EVP_DigestFinal_ex(audit->digest, hash, NULL) != 1)
        return ps_fail(err, PS_AUDIT_UNAVAILABLE, "SHA-256 failed; the record is not written");
    memcpy(audit->hash, hash, sizeof hash);
    return PS_OK;
}

/* The record as one line with its line feed in audit->line. */
static enum ps_code build_line(struct ps_audit *audit, const json_t *fields, size_t *length,
                               struct ps_error *err)
{
    char prev[PS_AUDIT_HASH_HEX + 1];
    size_t head;
    size_t body;

    assert(json_is_object(fields));
    assert(json_object_get(fields, "seq") == NULL && json_object_get(fields, "prev") == NULL &&
           json_object_get(fields, "time_ms") == NULL);
    ps_audit_hex(audit->hash, prev);
    head = (size_t)snprintf(audit->line, HEAD_MAX, "{\"seq\":%llu,\"time_ms\":%llu,\"prev\":\"%s\"",
                            (unsigned long long)audit->seq + 1,
                            (unsigned long long)ps_audit_now_ms(), prev);
    /* The object's opening brace becomes the comma that joins it to the head. */
    body = json_dumpb(fields, audit->line + head, sizeof audit->line - head - 1,
                      JSON_COMPACT | JSON_ENSURE_ASCII);
    if (body < 2 || body > sizeof audit->line - head - 1)
        return ps_fail(err, PS_AUDIT_UNAVAILABLE,
                       "the audit record of this request is too large, at most %d bytes",
                       PS_AUDIT_LINE_MAX);
    if (body == 2) {
        audit->line[head] = '}';
        body = 1;
    } else {
        audit->line[head] = ',';
    }
    audit->line[head + body] = '\n';
    *length = head + body + 1;
    return PS_OK;
}

/* Cuts off what a failed write left behind the last whole record. */
static enum ps_code cut_ragged(struct ps_audit *audit, struct ps_error *err)
{
    if (!audit->ragged)
        return PS_OK;
    if (ftruncate(audit->fd, (off_t)audit->end) != 0)
        return ps_fail(err, PS_AUDIT_UNAVAILABLE, "the audit log %s cannot be repaired: %s",
                       audit->path, strerror(errno));
    audit->ragged = false;
    return PS_OK;
}

static enum ps_code write_line(struct ps_audit *audit, size_t length, struct ps_error *err)
{
    size_t done = 0;

    while (done < length) {
        ssize_t n =
            pwrite(audit->fd, audit->line + done, length - done, (off_t)(audit->end + done));
        int error = n < 0 ? errno : ENOSPC;

        if (n < 0 && error == EINTR)
            continue;
        if (n <= 0) {
            audit->ragged = true;
            (void)cut_ragged(audit, NULL); /* else with the next record */
            return ps_fail(err, PS_AUDIT_UNAVAILABLE,
                           "the audit log %s cannot be written: %s; nothing is signed until it can",
                           audit->path, strerror(error));
        }
        done += (size_t)n;
    }
    return PS_OK;
}

enum ps_code ps_audit_append(struct ps_audit *audit, json_t *fields, uint64_t *seq,
                             struct ps_error *err)
{
    size_t length = 0;
    enum ps_code rc;

    assert(audit->magic == PS_AUDIT_MAGIC);
    if ((rc = build_line(audit, fields, &length, err)) != PS_OK)
        return rc;
    if ((rc = cut_ragged(audit, err)) != PS_OK || (rc = write_line(audit, length, err)) != PS_OK) {
        audit->write_failed = true;
        return rc;
    }
    if ((rc = hash_line(audit, audit->line, length - 1, err)) != PS_OK) {
        audit->ragged = true; /* a line whose hash is not known cannot be followed */
        audit->write_failed = true;
        return rc;
    }
    audit->write_failed = false;
    audit->end += length;
    *seq = ++audit->seq;
    ps_audit_flush_soon(audit);
    return PS_OK;
}

void ps_audit_figures(const struct ps_audit *audit, struct ps_audit_figures *out)
{
    assert(audit->magic == PS_AUDIT_MAGIC);
    memset(out, 0, sizeof *out);
    out->seq = audit->seq;
    memcpy(out->path, audit->path, sizeof out->path);
    out->last_fsync_ms = audit->last_fsync_ms;
    out->healthy = !audit->write_failed && !audit->flush_failed;
}

static enum ps_code open_file(struct ps_audit *audit, const char *dir, struct ps_error *err)
{
    int dir_fd = -1;
    enum ps_code rc = PS_OK;

    if (snprintf(audit->path, sizeof audit->path, "%s/audit.ndjson", dir) >=
        (int)sizeof audit->path)
        return ps_fail(err, PS_AUDIT_UNAVAILABLE, "the path of the audit folder is too long");
    /* The folder is there already when the daemon has locked itself in; then mkdir is refused. */
    if (access(dir, F_OK) != 0 && mkdir(dir, 0700) != 0)
        return ps_fail(err, PS_AUDIT_UNAVAILABLE, "cannot make the audit folder %s: %s", dir,
                       strerror(errno));
    audit->fd = open(audit->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (audit->fd < 0)
        return ps_fail(err, PS_AUDIT_UNAVAILABLE, "cannot open the audit log %s: %s", audit->path,
                       strerror(errno));
    if (flock(audit->fd, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK
                   ? ps_fail(err, PS_AUDIT_UNAVAILABLE,
                             "the audit log %s is in use by another process; stop it first",
                             audit->path)
                   : ps_fail(err, PS_AUDIT_UNAVAILABLE, "cannot lock the audit log %s: %s",
                             audit->path, strerror(errno));
    dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir_fd < 0 || fsync(dir_fd) != 0)
        rc = ps_fail(err, PS_AUDIT_UNAVAILABLE, "cannot bring the audit folder %s to disk: %s", dir,
                     strerror(errno));
    if (dir_fd >= 0)
        (void)close(dir_fd);
    return rc;
}

/* Moves what lies behind the last whole record to a file of its own. Out: its path. */
static enum ps_code set_aside(struct ps_audit *audit, uint64_t size, char *path, size_t capacity,
                              struct ps_error *err)
{
    char chunk[4096];
    uint64_t at = audit->end;
    int fd;
    enum ps_code rc = PS_OK;

    (void)snprintf(path, capacity, "%s.torn-%llu", audit->path,
                   (unsigned long long)ps_audit_now_ms());
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return ps_fail(err, PS_AUDIT_UNAVAILABLE, "cannot make %s for a torn record: %s", path,
                       strerror(errno));
    while (at < size) {
        ssize_t n = pread(audit->fd, chunk, sizeof chunk, (off_t)at);

        if (n <= 0 || write(fd, chunk, (size_t)n) != n) {
            rc = ps_fail(err, PS_AUDIT_UNAVAILABLE, "cannot copy a torn record to %s: %s", path,
                         strerror(errno));
            goto out;
        }
        at += (uint64_t)n;
    }
    if (fsync(fd) != 0 || ftruncate(audit->fd, (off_t)audit->end) != 0)
        rc = ps_fail(err, PS_AUDIT_UNAVAILABLE, "cannot cut a torn record off %s: %s", audit->path,
                     strerror(errno));
out:
    (void)close(fd);
    return rc;
}

/* Goes on where the log ends, and says so in its first new record. */
static enum ps_code continue_log(struct ps_audit *audit, struct ps_error *err)
{
    struct ps_audit_tail tail;
    char torn[640];
    json_t *opened = NULL;
    uint64_t seq;
    enum ps_code rc;

    if ((rc = ps_audit_tail_find(audit->fd, audit->path, &tail, err)) != PS_OK)
        return rc;
    audit->seq = audit->durable_seq = tail.seq;
    audit->end = audit->durable_end = tail.end;
    memcpy(audit->hash, tail.hash, sizeof audit->hash);
    opened = json_pack("{s:s, s:s}", "event", "log_opened", "version", PS_VERSION);
    if (tail.end < tail.size) {
        if ((rc = set_aside(audit, tail.size, torn, sizeof torn, err)) != PS_OK)
            goto out;
        (void)json_object_set_new(opened, "torn_bytes",
                                  json_integer((json_int_t)(tail.size - tail.end)));
        (void)json_object_set_new(opened, "torn_file", json_string(torn));
    }
    if (opened == NULL) {
        rc = ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
        goto out;
    }
    rc = ps_audit_append(audit, opened, &seq, err);
out:
    json_decref(opened);
    return rc;
}

enum ps_code ps_audit_open(uv_loop_t *loop, const char *dir, struct ps_audit **out,
                           struct ps_error *err)
{
    struct ps_audit *audit = calloc(1, sizeof *audit);
    enum ps_code rc;

    *out = NULL;
    if (audit == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    audit->magic = PS_AUDIT_MAGIC;
    audit->loop = loop;
    audit->fd = -1;
    audit->flusher.done_fd = -1;
    if (uv_timer_init(loop, &audit->timer) != 0) {
        rc = ps_fail(err, PS_INTERNAL_ERROR, "the audit log's timer cannot be made");
        goto out;
    }
    audit->timer.data = audit;
    audit->open_handles = 1;
    uv_unref((uv_handle_t *)&audit->timer);
    audit->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    audit->digest = EVP_MD_CTX_new();
    if (audit->sha256 == NULL || audit->digest == NULL) {
        rc = ps_fail(err, PS_INTERNAL_ERROR, "SHA-256 is not available");
        goto out;
    }
    if ((rc = open_file(audit, dir, err)) != PS_OK ||
        (rc = ps_audit_flush_start(audit, err)) != PS_OK ||
        (rc = continue_log(audit, err)) != PS_OK)
        goto out;
    *out = audit;
    audit = NULL;
out:
    ps_audit_close(audit);
    return rc;
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct ps_audit *audit = handle->data;

    audit->open_handles--;
}

void ps_audit_close(struct ps_audit *audit)
{
    if (audit == NULL)
        return;
    assert(audit->magic == PS_AUDIT_MAGIC);
    ps_audit_flush_end(audit);
    if (audit->open_handles > 0)
        uv_close((uv_handle_t *)&audit->timer, on_handle_closed);
    if (audit->open_handles > 1)
        uv_close((uv_handle_t *)&audit->flusher.done, on_handle_closed);
    while (audit->open_handles > 0)
        (void)uv_run(audit->loop, UV_RUN_NOWAIT);
    if (audit->flusher.done_fd >= 0)
        (void)close(audit->flusher.done_fd);
    if (audit->fd >= 0)
        (void)close(audit->fd);
    EVP_MD_CTX_free(audit->digest);
    EVP_MD_free(audit->sha256);
    audit->magic = 0;
    free(audit);
}
