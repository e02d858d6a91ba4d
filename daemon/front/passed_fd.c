/*
 * Descriptors that travel with lines. The kernel says with which bytes one came, not with which
 * line: a read may begin with the end of an earlier line, and it ends with the message that carried
 * the descriptor. So it is for a line that starts in the bytes of that read: the first that takes
 * one.
 */
#include <daemon/front/server_state.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Pipes and memfds: what a client can make for one secret, and what cannot block on a device. */
static bool is_accepted(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return false;
    if (S_ISFIFO(st.st_mode))
        return true;
    return S_ISREG(st.st_mode) && fcntl(fd, F_GET_SEALS) >= 0;
}

void ps_passed_drop(struct ps_connection *connection)
{
    if (connection->passed_fd >= 0)
        (void)close(connection->passed_fd);
    connection->passed_fd = -1;
    connection->passed = connection->passed_bad = false;
}

void ps_passed_arrived(struct ps_connection *connection, const int *fds, size_t count,
                       uint64_t from, uint64_t to)
{
    bool several = count > 1 || connection->passed;
    size_t i;

    ps_passed_drop(connection);
    connection->passed = true;
    connection->passed_from = from;
    connection->passed_to = to;
    if (!several && count == 1 && is_accepted(fds[0])) {
        connection->passed_fd = fds[0];
        return;
    }
    connection->passed_bad = true;
    for (i = 0; i < count; i++)
        (void)close(fds[i]);
}

bool ps_passed_is_for(const struct ps_connection *connection, uint64_t offset)
{
    return connection->passed && offset >= connection->passed_from &&
           offset < connection->passed_to;
}

enum ps_code ps_passed_take(struct ps_connection *connection, int *fd, struct ps_error *err)
{
    bool bad = connection->passed_bad;

    *fd = connection->passed_fd;
    connection->passed_fd = -1;
    ps_passed_drop(connection);
    if (bad)
        return ps_fail(err, PS_INVALID_REQUEST,
                       "pass one descriptor with a line, and a pipe or a memfd");
    return PS_OK;
}

bool ps_passed_is_stray(struct ps_connection *connection, uint64_t end)
{
    if (!connection->passed || end < connection->passed_to)
        return false;
    ps_passed_drop(connection);
    return true;
}
