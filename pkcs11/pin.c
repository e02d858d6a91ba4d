#include <pkcs11/pin.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <parasign/error.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void find_path(const char *uri_file, struct ps_pin_source *out)
{
    /* Read once at start, before any thread. */
    const char *directory = getenv("CREDENTIALS_DIRECTORY");
    int length;

    if (directory != NULL && directory[0] == '/') {
        length = snprintf(out->path, sizeof out->path, "%s/parasign-pin", directory);
        if (length > 0 && (size_t)length < sizeof out->path && access(out->path, F_OK) == 0)
            return;
    }
    (void)snprintf(out->path, sizeof out->path, "%s", uri_file);
}

void ps_pin_source_find(const char *uri_file, struct ps_pin_source *out)
{
    struct stat st;

    find_path(uri_file, out);
    out->device = 0;
    out->inode = 0;
    if (out->path[0] != '\0' && stat(out->path, &st) == 0) {
        out->device = st.st_dev;
        out->inode = st.st_ino;
    }
}

static bool was_replaced(const struct ps_pin_source *source)
{
    struct stat st;

    return stat(source->path, &st) == 0 &&
           (st.st_dev != source->device || st.st_ino != source->inode);
}

bool ps_pin_source_digest(const struct ps_pin_source *source, uint8_t out32[32])
{
    char text[PATH_MAX + 256];
    struct stat st;
    int length;

    if (source->path[0] == '\0' || stat(source->path, &st) != 0)
        return false;
    length =
        snprintf(text, sizeof text, "%s dev=%ju ino=%ju size=%jd mtime=%jd.%09ld ctime=%jd.%09ld",
                 source->path, (uintmax_t)st.st_dev, (uintmax_t)st.st_ino, (intmax_t)st.st_size,
                 (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (intmax_t)st.st_ctim.tv_sec,
                 st.st_ctim.tv_nsec);
    return length > 0 && (size_t)length < sizeof text &&
           EVP_Digest(text, (size_t)length, out32, NULL, EVP_sha256(), NULL) == 1;
}

static enum ps_code pin_alloc(struct ps_pin *pin, struct ps_error *err)
{
    pin->length = 0;
    /* One byte more than allowed, so that too long is seen, and one for a newline. */
    pin->text = OPENSSL_secure_zalloc(PS_PIN_MAX + 2);
    return pin->text == NULL ? ps_fail(err, PS_INTERNAL_ERROR, "out of secure memory") : PS_OK;
}

static enum ps_code pin_trim(struct ps_pin *pin, enum ps_code code, const char *what,
                             struct ps_error *err)
{
    if (pin->length > 0 && pin->text[pin->length - 1] == '\n')
        pin->length--;
    if (pin->length == 0)
        return ps_fail(err, code, "%s holds no PIN", what);
    if (pin->length > PS_PIN_MAX)
        return ps_fail(err, code, "%s is longer than %d bytes; it should hold the PIN alone", what,
                       PS_PIN_MAX);
    return PS_OK;
}

static enum ps_code check_source(const struct ps_pin_source *source, int fd, struct ps_error *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return ps_fail(err, PS_TOKEN_LOCKED, "the PIN source %.200s is not a regular file",
                       source->path);
    if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return ps_fail(err, PS_TOKEN_LOCKED,
                       "the PIN file %.200s is open to others (mode %04o); chmod it to 0600 or "
                       "0400, then unlock the token",
                       source->path, (unsigned)(st.st_mode & 07777U));
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return ps_fail(err, PS_TOKEN_LOCKED,
                       "the PIN file %.200s belongs to uid %u, not to this service", source->path,
                       (unsigned)st.st_uid);
    return PS_OK;
}

enum ps_code ps_pin_read_source(const struct ps_pin_source *source, struct ps_pin *out,
                                struct ps_error *err)
{
    enum ps_code rc;
    ssize_t got;
    int fd;

    out->text = NULL;
    /* O_NONBLOCK: a FIFO in place of the file must not stop us; check_source refuses it. */
    fd = open(source->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 && errno == EACCES && was_replaced(source))
        return ps_fail(
            err, PS_TOKEN_UNAVAILABLE,
            "the PIN file %.200s was replaced; the token process starts again to read it",
            source->path);
    if (fd < 0)
        return ps_fail(err, PS_TOKEN_LOCKED,
                       "the PIN file %.200s cannot be read (%s); make it readable for this "
                       "service or unlock the token by hand",
                       source->path, strerrorname_np(errno));
    if ((rc = check_source(source, fd, err)) != PS_OK || (rc = pin_alloc(out, err)) != PS_OK)
        goto out;
    while (out->length < PS_PIN_MAX + 2) {
        got = read(fd, out->text + out->length, PS_PIN_MAX + 2 - out->length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            rc = ps_fail(err, PS_TOKEN_LOCKED, "the PIN file %.200s cannot be read (%s)",
                         source->path, strerrorname_np(errno));
            goto out;
        }
        if (got == 0)
            break;
        out->length += (size_t)got;
    }
    rc = pin_trim(out, PS_TOKEN_LOCKED, "the PIN file", err);
out:
    (void)close(fd);
    if (rc != PS_OK)
        ps_pin_wipe(out);
    return rc;
}

enum ps_code ps_pin_read_fd(int fd, struct ps_pin *out, struct ps_error *err)
{
    enum ps_code rc = pin_alloc(out, err);

    if (rc == PS_OK)
        rc = ps_secret_read_fd(fd, out->text, PS_PIN_MAX + 2, &out->length, err);
    if (rc == PS_OK)
        rc = pin_trim(out, PS_INVALID_PARAMS, "the passed descriptor", err);
    if (rc != PS_OK)
        ps_pin_wipe(out);
    return rc;
}

void ps_pin_wipe(struct ps_pin *pin)
{
    if (pin->text != NULL)
        OPENSSL_secure_clear_free(pin->text, PS_PIN_MAX + 2);
    pin->text = NULL;
    pin->length = 0;
}

static int64_t now_ms(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* One read that does not outlast the deadline. Sets *got to 0 at the end. */
static enum ps_code read_pipe(int fd, int64_t deadline, void *out, size_t capacity, size_t *got,
                              struct ps_error *err)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    int64_t left;
    ssize_t n;

    for (;;) {
        left = deadline - now_ms();
        if (left <= 0 || poll(&ready, 1, (int)left) == 0)
            return ps_fail(err, PS_INVALID_PARAMS,
                           "the secret did not arrive within %d ms; write it and close the pipe "
                           "before the call",
                           PS_SECRET_DEADLINE_MS);
        n = read(fd, out, capacity);
        if (n >= 0)
            break;
        if (errno != EINTR && errno != EAGAIN)
            return ps_fail(err, PS_INVALID_PARAMS, "the passed descriptor cannot be read (%s)",
                           strerrorname_np(errno));
    }
    *got = (size_t)n;
    return PS_OK;
}

enum ps_code ps_secret_read_fd(int fd, void *out, size_t capacity, size_t *length,
                               struct ps_error *err)
{
    int64_t deadline = now_ms() + PS_SECRET_DEADLINE_MS;
    struct stat st;
    enum ps_code rc;
    size_t got = 0;
    ssize_t n;
    int flags;

    *length = 0;
    if (fd < 0 || fstat(fd, &st) != 0)
        return ps_fail(err, PS_INVALID_PARAMS, "no descriptor was passed; pass a pipe or a memfd");
    /* Only a memfd among regular files knows of seals. */
    if (S_ISREG(st.st_mode) && fcntl(fd, F_GET_SEALS) >= 0) {
        do {
            n = pread(fd, (char *)out + *length, capacity - *length, (off_t)*length);
            if (n > 0)
                *length += (size_t)n;
        } while ((n > 0 && *length < capacity) || (n < 0 && errno == EINTR));
        if (n < 0)
            return ps_fail(err, PS_INVALID_PARAMS, "the passed memfd cannot be read (%s)",
                           strerrorname_np(errno));
        return PS_OK;
    }
    flags = fcntl(fd, F_GETFL);
    if (!S_ISFIFO(st.st_mode) || flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
        return ps_fail(err, PS_INVALID_PARAMS,
                       "the passed descriptor is neither a pipe nor a memfd");
    do {
        if ((rc = read_pipe(fd, deadline, (char *)out + *length, capacity - *length, &got, err)) !=
            PS_OK)
            return rc;
        *length += got;
    } while (got > 0 && *length < capacity);
    return PS_OK;
}
