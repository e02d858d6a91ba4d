#include <pkcs11/marker.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum ps_code ps_marker_init(struct ps_marker *marker, const char *state_dir, struct ps_error *err)
{
    int length = 0;

    memset(marker, 0, sizeof *marker);
    if (state_dir != NULL)
        length = snprintf(marker->path, sizeof marker->path, "%s/pin-refused", state_dir);
    if (length < 0 || (size_t)length >= sizeof marker->path - sizeof ".new")
        return ps_fail(err, PS_INVALID_PARAMS, "the path of the state directory is too long");
    return PS_OK;
}

/* "serial=<hex> source=<hex>\n"; serials may hold any byte. False when the source is not there. */
static bool compose(const char *serial, const struct ps_pin_source *source, char out[256])
{
    uint8_t digest[32];
    size_t at, i;

    if (!ps_pin_source_digest(source, digest) || strlen(serial) > 64)
        return false;
    at = (size_t)snprintf(out, 256, "serial=");
    for (i = 0; serial[i] != '\0'; i++)
        at += (size_t)snprintf(out + at, 256 - at, "%02x", (unsigned)(unsigned char)serial[i]);
    at += (size_t)snprintf(out + at, 256 - at, " source=");
    for (i = 0; i < sizeof digest; i++)
        at += (size_t)snprintf(out + at, 256 - at, "%02x", (unsigned)digest[i]);
    (void)snprintf(out + at, 256 - at, "\n");
    return true;
}

static enum ps_code load(struct ps_marker *marker, struct ps_error *err)
{
    ssize_t got;
    int fd;

    if (marker->path[0] == '\0')
        return PS_OK;
    fd = open(marker->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0 && errno == ENOENT) {
        /* An operator removed it. What could not be written down stays refused here. */
        if (marker->on_disk)
            marker->text[0] = '\0';
        return PS_OK;
    }
    if (fd < 0)
        return ps_fail(err, PS_TOKEN_LOCKED,
                       "the marker of refused PINs %.200s cannot be read (%s), so no PIN is tried; "
                       "make it readable or remove it",
                       marker->path, strerrorname_np(errno));
    got = read(fd, marker->text, sizeof marker->text - 1);
    (void)close(fd);
    if (got < 0)
        return ps_fail(err, PS_TOKEN_LOCKED,
                       "the marker of refused PINs %.200s cannot be read (%s), so no PIN is tried",
                       marker->path, strerrorname_np(errno));
    marker->text[got] = '\0';
    marker->on_disk = true;
    return PS_OK;
}

enum ps_code ps_marker_check(struct ps_marker *marker, const char *serial,
                             const struct ps_pin_source *source, struct ps_error *err)
{
    char now[256];
    enum ps_code rc;

    if (!compose(serial, source, now))
        return ps_fail(err, PS_TOKEN_LOCKED,
                       "the PIN file %.200s is not there; restore it or unlock the token by hand",
                       source->path);
    if ((rc = load(marker, err)) != PS_OK)
        return rc;
    if (strcmp(marker->text, now) == 0)
        return ps_fail(err, PS_TOKEN_LOCKED,
                       "the token refused the PIN of %.160s and it is not tried again; correct "
                       "that file, or run `parasign unlock`, or remove %.120s",
                       source->path, marker->path);
    /* A refusal must be remembered across restarts, so it must be possible to write it down. */
    if (marker->path[0] != '\0') {
        char directory[PATH_MAX];

        memcpy(directory, marker->path, sizeof directory);
        *strrchr(directory, '/') = '\0';
        if (faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) != 0)
            return ps_fail(err, PS_TOKEN_LOCKED,
                           "the state directory %.200s cannot be written (%s), so no PIN is tried",
                           directory, strerrorname_np(errno));
    }
    return PS_OK;
}

void ps_marker_set(struct ps_marker *marker, const char *serial, const struct ps_pin_source *source)
{
    char fresh[PATH_MAX + 8];
    size_t length;
    int fd;

    if (!compose(serial, source, marker->text))
        return;
    marker->on_disk = false;
    if (marker->path[0] == '\0')
        return;
    length = strlen(marker->text);
    (void)snprintf(fresh, sizeof fresh, "%s.new", marker->path);
    fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return;
    if (write(fd, marker->text, length) == (ssize_t)length && fdatasync(fd) == 0 &&
        rename(fresh, marker->path) == 0)
        marker->on_disk = true;
    else
        (void)unlink(fresh);
    (void)close(fd);
}

void ps_marker_clear(struct ps_marker *marker)
{
    marker->text[0] = '\0';
    if (marker->path[0] == '\0')
        return;
    if (unlink(marker->path) != 0 && errno != ENOENT) {
        /* Harmless: it only matters while the same source is refused again. */
        (void)fprintf(stderr, "parasign-token: cannot remove %s\n", marker->path);
    }
}
