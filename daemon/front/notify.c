#include <daemon/front/notify.h>

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

enum ps_code ps_notify_open(int *fd, struct ps_error *err)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length;

    *fd = -1;
    if (path == NULL)
        return PS_OK;
    length = strlen(path);
    if ((path[0] != '/' && path[0] != '@') || length < 2 || length >= sizeof address.sun_path)
        return ps_fail(err, PS_INTERNAL_ERROR, "$NOTIFY_SOCKET is not the path of a socket");
    memcpy(address.sun_path, path, length);
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    *fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (*fd < 0 || connect(*fd, (const struct sockaddr *)&address,
                           (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) != 0) {
        int error = errno;

        if (*fd >= 0)
            (void)close(*fd);
        *fd = -1;
        return ps_fail(err, PS_INTERNAL_ERROR, "cannot reach $NOTIFY_SOCKET: %s", strerror(error));
    }
    return PS_OK;
}

void ps_notify(int fd, const char *message)
{
    /* Nothing depends on its arrival but the service manager itself. */
    if (fd >= 0 && send(fd, message, strlen(message), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return;
}

uint64_t ps_notify_watchdog_ms(void)
{
    uint64_t interval_us;

    return sd_watchdog_enabled(0, &interval_us) > 0 ? interval_us / 2000 : 0;
}
