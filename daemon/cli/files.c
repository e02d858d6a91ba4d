#include <daemon/cli/files.h>

#include <errno.h>
#include <fcntl.h>
#include <proto/rpc/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum ps_code read_all(int fd, const char *path, char *text, size_t *length,
                             struct ps_error *err)
{
    size_t n = 0;

    for (;;) {
        ssize_t got = read(fd, text + n, PS_RPC_LINE_MAX + 1 - n);

        if (got == 0)
            break;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ps_fail(err, PS_INVALID_PARAMS, "cannot read %s: %s", path, strerror(errno));
        n += (size_t)got;
        if (n > PS_RPC_LINE_MAX)
            return ps_fail(err, PS_INVALID_PARAMS, "%s is longer than %d bytes", path,
                           PS_RPC_LINE_MAX);
    }
    text[n] = '\0';
    *length = n;
    if (memchr(text, '\0', n) != NULL)
        return ps_fail(err, PS_INVALID_PARAMS, "%s has a zero byte in it; it is no text", path);
    return PS_OK;
}

enum ps_code ps_cli_read_file(const char *path, char **text, size_t *length, struct ps_error *err)
{
    bool standard_input = strcmp(path, "-") == 0;
    int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    enum ps_code rc;

    *text = NULL;
    if (fd < 0)
        return ps_fail(err, PS_INVALID_PARAMS, "cannot open %s: %s", path, strerror(errno));
    *text = malloc(PS_RPC_LINE_MAX + 2);
    rc = *text != NULL ? read_all(fd, standard_input ? "standard input" : path, *text, length, err)
                       : ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    if (rc != PS_OK) {
        free(*text);
        *text = NULL;
    }
    if (!standard_input)
        (void)close(fd);
    return rc;
}
