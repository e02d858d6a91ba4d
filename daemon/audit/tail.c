#include <daemon/audit/tail.h>

#include <errno.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A torn record, the last whole one and the one before it. */
#define WINDOW_MAX ((size_t)3 * PS_AUDIT_LINE_MAX)

static enum ps_code read_window(int fd, const char *path, uint64_t from, char *out, size_t length,
                                struct ps_error *err)
{
    size_t done = 0;

    while (done < length) {
        ssize_t n = pread(fd, out + done, length - done, (off_t)(from + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return ps_fail(err, PS_AUDIT_UNAVAILABLE, "cannot read the audit log %s: %s", path,
                           n == 0 ? "it became shorter" : strerror(errno));
        done += (size_t)n;
    }
    return PS_OK;
}

/* Start of the line that ends before end (which is behind a line feed or at it). */
static size_t line_start(const char *window, size_t end)
{
    const char *feed = end == 0 ? NULL : memrchr(window, '\n', end);

    return feed == NULL ? 0 : (size_t)(feed - window) + 1;
}

/* Length of the part of the window made of whole lines. */
static size_t whole_lines(const char *window, size_t length)
{
    const char *nul = memchr(window, '\0', length);

    return line_start(window, nul == NULL ? length : (size_t)(nul - window));
}

void ps_audit_hex(const uint8_t hash[PS_AUDIT_HASH_BYTES], char out[PS_AUDIT_HASH_HEX + 1])
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    for (i = 0; i < PS_AUDIT_HASH_BYTES; i++) {
        *out++ = digits[hash[i] >> 4];
        *out++ = digits[hash[i] & 15];
    }
    *out = '\0';
}

static enum ps_code hash_line(const char *line, size_t length, uint8_t out[PS_AUDIT_HASH_BYTES],
                              struct ps_error *err)
{
    if (EVP_Digest(line, length, out, NULL, EVP_sha256(), NULL) != 1)
        return ps_fail(err, PS_INTERNAL_ERROR, "SHA-256 is not available");
    return PS_OK;
}

/* Reads seq and checks prev of the line; before NULL: it is not in the window or there is none. */
static enum ps_code check_record(const char *path, const char *line, size_t length,
                                 const char *before, size_t before_length, uint64_t *seq,
                                 struct ps_error *err)
{
    json_t *record = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
    const json_int_t number = json_integer_value(json_object_get(record, "seq"));
    const char *prev = json_string_value(json_object_get(record, "prev"));
    uint8_t hash[PS_AUDIT_HASH_BYTES] = {0};
    char hex[PS_AUDIT_HASH_HEX + 1];
    enum ps_code rc = PS_OK;

    if (number < 1 || prev == NULL) {
        rc = ps_fail(err, PS_AUDIT_UNAVAILABLE,
                     "the last line of the audit log %s is not a record; look at it, then move the "
                     "file away to begin a new log",
                     path);
        goto out;
    }
    if (before != NULL && (rc = hash_line(before, before_length, hash, err)) != PS_OK)
        goto out;
    ps_audit_hex(hash, hex);
    if (before == NULL ? number == 1 && strcmp(prev, hex) != 0 : strcmp(prev, hex) != 0) {
        rc =
            ps_fail(err, PS_AUDIT_UNAVAILABLE,
                    "the last record of the audit log %s does not continue the one before it; look "
                    "at it, then move the file away to begin a new log",
                    path);
        goto out;
    }
    *seq = (uint64_t)number;
out:
    json_decref(record);
    return rc;
}

enum ps_code ps_audit_tail_find(int fd, const char *path, struct ps_audit_tail *out,
                                struct ps_error *err)
{
    struct stat st;
    char *window = NULL;
    size_t length;
    size_t whole;
    size_t last;
    size_t before;
    uint64_t from;
    enum ps_code rc;

    memset(out, 0, sizeof *out);
    if (fstat(fd, &st) != 0)
        return ps_fail(err, PS_AUDIT_UNAVAILABLE, "cannot look at the audit log %s: %s", path,
                       strerror(errno));
    out->size = (uint64_t)st.st_size;
    if (out->size == 0)
        return PS_OK;
    length = out->size < WINDOW_MAX ? (size_t)out->size : WINDOW_MAX;
    from = out->size - length;
    if ((window = malloc(length)) == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    if ((rc = read_window(fd, path, from, window, length, err)) != PS_OK)
        goto out;
    whole = whole_lines(window, length);
    out->end = from + whole;
    if (whole == 0) {
        if (from > 0)
            rc = ps_fail(err, PS_AUDIT_UNAVAILABLE,
                         "the end of the audit log %s is no record; look at it, then move the file "
                         "away to begin a new log",
                         path);
        goto out;
    }
    last = line_start(window, whole - 1);
    before = last == 0 ? 0 : line_start(window, last - 1);
    if ((rc =
             check_record(path, window + last, whole - 1 - last, last == 0 ? NULL : window + before,
                          last == 0 ? 0 : last - 1 - before, &out->seq, err)) != PS_OK ||
        (rc = hash_line(window + last, whole - 1 - last, out->hash, err)) != PS_OK)
        goto out;
out:
    free(window);
    return rc;
}
