#include <daemon/front/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#define BACKLOG 256
#define LOCK_WAIT_MS 2000
#define LOCK_STEP_MS 5

static enum ps_code take_passed_socket(struct ps_listener *out, struct ps_error *err)
{
    out->fd = SD_LISTEN_FDS_START;
    out->is_ours = false;
    if (sd_is_socket_unix(out->fd, SOCK_STREAM, 1, NULL, 0) <= 0)
        return ps_fail(err, PS_INTERNAL_ERROR,
                       "the service manager passed a descriptor that is no listening Unix stream "
                       "socket; check the socket unit");
    if (fcntl(out->fd, F_SETFL, O_NONBLOCK) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "the passed socket: %s", strerror(errno));
    return PS_OK;
}

/* Removes a socket that nobody serves any more. */
static enum ps_code clear_path(const struct sockaddr_un *address, struct ps_error *err)
{
    struct stat st;
    enum ps_code rc = PS_OK;
    int fd;

    if (lstat(address->sun_path, &st) != 0) {
        if (errno == ENOENT)
            return PS_OK;
        return ps_fail(err, PS_INTERNAL_ERROR, "socket.path %s: %s", address->sun_path,
                       strerror(errno));
    }
    if (!S_ISSOCK(st.st_mode))
        return ps_fail(err, PS_INTERNAL_ERROR,
                       "socket.path %s exists and is no socket; remove it or choose another path",
                       address->sun_path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "socket: %s", strerror(errno));
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 || errno == EAGAIN)
        rc = ps_fail(err, PS_INTERNAL_ERROR,
                     "another process serves %s; stop it or choose another socket.path",
                     address->sun_path);
    else if (errno != ECONNREFUSED)
        rc = ps_fail(err, PS_INTERNAL_ERROR, "socket.path %s: %s", address->sun_path,
                     strerror(errno));
    else if (unlink(address->sun_path) != 0)
        rc = ps_fail(err, PS_INTERNAL_ERROR, "cannot remove the stale socket %s: %s",
                     address->sun_path, strerror(errno));
    (void)close(fd);
    return rc;
}

static enum ps_code set_owner(const struct ps_config *config, struct ps_error *err)
{
    const struct group *group;

    if (config->socket.group[0] != '\0') {
        if ((group = getgrnam(config->socket.group)) == NULL)
            return ps_fail(err, PS_INTERNAL_ERROR, "socket.group: there is no group %s",
                           config->socket.group);
        if (chown(config->socket.path, (uid_t)-1, group->gr_gid) != 0)
            return ps_fail(err, PS_INTERNAL_ERROR, "socket.group %s: %s; run as a member of it",
                           config->socket.group, strerror(errno));
    }
    if (chmod(config->socket.path, config->socket.mode) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "socket.mode: %s", strerror(errno));
    return PS_OK;
}

static enum ps_code make_socket(const struct ps_config *config, struct ps_listener *out,
                                struct ps_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat st;
    mode_t before;
    int failed;
    enum ps_code rc;

    if (strlen(config->socket.path) >= sizeof address.sun_path)
        return ps_fail(err, PS_INTERNAL_ERROR, "socket.path is longer than %zu bytes",
                       sizeof address.sun_path - 1);
    memcpy(address.sun_path, config->socket.path, strlen(config->socket.path) + 1);
    if ((rc = clear_path(&address, err)) != PS_OK)
        return rc;
    out->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (out->fd < 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "socket: %s", strerror(errno));
    /* Nobody else may connect before mode and group are set. */
    before = umask(0177);
    failed = bind(out->fd, (const struct sockaddr *)&address, sizeof address) != 0 ? errno : 0;
    (void)umask(before);
    if (failed != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "cannot make the socket %s: %s", config->socket.path,
                       strerror(failed));
    out->is_ours = true;
    if (lstat(config->socket.path, &st) != 0 || listen(out->fd, BACKLOG) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "socket %s: %s", config->socket.path,
                       strerror(errno));
    out->dev = st.st_dev;
    out->ino = st.st_ino;
    return set_owner(config, err);
}

enum ps_code ps_listener_open(const struct ps_config *config, struct ps_listener *out,
                              struct ps_error *err)
{
    int passed = sd_listen_fds(1);
    enum ps_code rc;

    *out = (struct ps_listener){.fd = -1};
    if (passed > 1)
        return ps_fail(err, PS_INTERNAL_ERROR,
                       "the service manager passed %d sockets; the socket unit must have one",
                       passed);
    rc = passed == 1 ? take_passed_socket(out, err) : make_socket(config, out, err);
    if (rc != PS_OK && out->is_ours)
        (void)unlink(config->socket.path);
    return rc;
}

enum ps_code ps_lock_state(const struct ps_config *config, int *fd, struct ps_error *err)
{
    const struct timespec step = {0, LOCK_STEP_MS * 1000000L};
    char path[PS_CONFIG_PATH_MAX + 16];
    unsigned waited_ms;

    if (mkdir(config->state_dir, 0700) != 0 && errno != EEXIST)
        return ps_fail(err, PS_INTERNAL_ERROR, "cannot make state_dir %s: %s", config->state_dir,
                       strerror(errno));
    (void)snprintf(path, sizeof path, "%s/lock", config->state_dir);
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*fd < 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "cannot open %s: %s", path, strerror(errno));
    /* The keeper of a daemon that was killed holds it until its helpers are gone. */
    for (waited_ms = 0; flock(*fd, LOCK_EX | LOCK_NB) != 0; waited_ms += LOCK_STEP_MS) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return ps_fail(err, PS_INTERNAL_ERROR, "cannot lock %s: %s", path, strerror(errno));
        if (waited_ms >= LOCK_WAIT_MS)
            return ps_fail(err, PS_INTERNAL_ERROR,
                           "another parasignd runs with state_dir %s; stop it first",
                           config->state_dir);
        (void)nanosleep(&step, NULL);
    }
    return PS_OK;
}
