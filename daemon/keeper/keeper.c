#include <daemon/keeper/keeper.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <proto/ipc/send_fd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct keeper {
    const struct ps_keeper_options *options;
    int front_fd;
    int child_fd;                       /* signalfd of SIGCHLD */
    pid_t pids[PS_KEEPER_HELPER_COUNT]; /* 0: does not run */
};

/* The child of a fork: becomes the helper. Async-signal-safe calls only until execv. */
static _Noreturn void become_helper(char *const *argv, int pair_fd, pid_t keeper)
{
    sigset_t none;
    int null_fd = open("/dev/null", O_RDONLY);

    /* SIGKILL when the keeper ends; it may have ended before this line. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != keeper ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        _exit(PS_KEEPER_EXIT_NO_EXEC);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (null_fd < 0 || dup2(null_fd, STDIN_FILENO) < 0)
        _exit(PS_KEEPER_EXIT_NO_EXEC);
    if (pair_fd == PS_KEEPER_HELPER_FD) {
        if (fcntl(pair_fd, F_SETFD, 0) != 0)
            _exit(PS_KEEPER_EXIT_NO_EXEC);
    } else if (dup2(pair_fd, PS_KEEPER_HELPER_FD) < 0) {
        _exit(PS_KEEPER_EXIT_NO_EXEC);
    }
    (void)close_range(PS_KEEPER_HELPER_FD + 1, ~0u, 0);
    (void)execv(argv[0], argv);
    _exit(PS_KEEPER_EXIT_NO_EXEC);
}

/* Sends an event, with a descriptor when fd is not -1. */
static void tell(struct keeper *keeper, enum ps_keeper_event_kind kind, unsigned helper, int value,
                 int fd)
{
    struct ps_keeper_event event = {kind, helper, value};

    (void)ps_send_fd(keeper->front_fd, &event, sizeof event, fd, 0);
}

static void start(struct keeper *keeper, unsigned helper)
{
    pid_t self = getpid();
    int pair[2];
    pid_t pid;

    if (keeper->pids[helper] != 0) {
        tell(keeper, PS_KEEPER_FAILED, helper, EBUSY, -1);
        return;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        tell(keeper, PS_KEEPER_FAILED, helper, errno, -1);
        return;
    }
    pid = fork();
    if (pid == 0)
        become_helper(keeper->options->argv[helper], pair[1], self);
    if (pid < 0) {
        tell(keeper, PS_KEEPER_FAILED, helper, errno, -1);
    } else {
        keeper->pids[helper] = pid;
        tell(keeper, PS_KEEPER_STARTED, helper, (int)pid, pair[0]);
    }
    (void)close(pair[0]);
    (void)close(pair[1]);
}

static void reap(struct keeper *keeper, int flags)
{
    int status;
    pid_t pid;
    unsigned helper;

    while ((pid = waitpid(-1, &status, flags)) > 0) {
        for (helper = 0; helper < PS_KEEPER_HELPER_COUNT; helper++) {
            if (keeper->pids[helper] != pid)
                continue;
            keeper->pids[helper] = 0;
            tell(keeper, PS_KEEPER_EXITED, helper, status, -1);
        }
    }
}

/* False when the front is gone. */
static bool serve_request(struct keeper *keeper)
{
    struct ps_keeper_request request;
    ssize_t n = recv(keeper->front_fd, &request, sizeof request, 0);

    if (n < 0)
        return errno == EINTR;
    if (n != (ssize_t)sizeof request || request.helper >= PS_KEEPER_HELPER_COUNT)
        return false;
    if (request.kind == PS_KEEPER_START)
        start(keeper, request.helper);
    else if (request.kind == PS_KEEPER_KILL && keeper->pids[request.helper] != 0)
        (void)kill(keeper->pids[request.helper], SIGKILL);
    return true;
}

static void serve(struct keeper *keeper)
{
    struct pollfd polled[2] = {{.fd = keeper->front_fd, .events = POLLIN},
                               {.fd = keeper->child_fd, .events = POLLIN}};
    struct signalfd_siginfo info;

    for (;;) {
        if (poll(polled, 2, -1) < 0 && errno != EINTR)
            return;
        if (polled[1].revents != 0) {
            (void)!read(keeper->child_fd, &info, sizeof info);
            reap(keeper, WNOHANG);
        }
        if (polled[0].revents != 0 && !serve_request(keeper))
            return;
    }
}

static void remove_socket(const struct ps_keeper_options *options)
{
    struct stat st;

    if (options->socket_path != NULL && lstat(options->socket_path, &st) == 0 &&
        st.st_dev == options->socket_dev && st.st_ino == options->socket_ino)
        (void)unlink(options->socket_path);
}

static void end_helpers(struct keeper *keeper)
{
    unsigned helper;

    for (helper = 0; helper < PS_KEEPER_HELPER_COUNT; helper++) {
        if (keeper->pids[helper] != 0)
            (void)kill(keeper->pids[helper], SIGKILL);
    }
    reap(keeper, 0);
}

static _Noreturn void run(const struct ps_keeper_options *options, int front_fd)
{
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ};
    struct keeper keeper = {.options = options, .front_fd = front_fd};
    const struct rlimit no_core = {0, 0};
    sigset_t child;
    unsigned low;
    unsigned high;
    size_t i;

    /*
     * A service manager or a terminal signals the whole group. The front decides when to stop; the
     * helpers inherit the ignoring and end with their pairs, so that what is in flight is answered.
     */
    for (i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
        (void)signal(ignored[i], SIG_IGN);
    (void)prctl(PR_SET_NAME, "parasign-keeper");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0 ||
        setrlimit(RLIMIT_CORE, &no_core) != 0)
        _exit(1);
    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &child, NULL) != 0)
        _exit(1);

    low = (unsigned)front_fd;
    high = options->lock_fd < 0 ? low : (unsigned)options->lock_fd;
    if (high < low) {
        low = high;
        high = (unsigned)front_fd;
    }
    if (low > STDERR_FILENO + 1)
        (void)close_range(STDERR_FILENO + 1, low - 1, 0);
    if (high > low + 1)
        (void)close_range(low + 1, high - 1, 0);
    (void)close_range(high + 1, ~0u, 0);
    keeper.child_fd = signalfd(-1, &child, SFD_CLOEXEC);
    if (keeper.child_fd >= 0)
        serve(&keeper);
    end_helpers(&keeper);
    remove_socket(options);
    _exit(0);
}

enum ps_code ps_keeper_fork(const struct ps_keeper_options *options, int *fd, pid_t *pid,
                            struct ps_error *err)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "keeper: socketpair: %s", strerror(errno));
    *pid = fork();
    if (*pid == 0) {
        (void)close(pair[0]);
        run(options, pair[1]);
    }
    (void)close(pair[1]);
    if (*pid < 0) {
        (void)close(pair[0]);
        return ps_fail(err, PS_INTERNAL_ERROR, "keeper: fork: %s", strerror(errno));
    }
    *fd = pair[0];
    return PS_OK;
}
