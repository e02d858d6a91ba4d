#include <daemon/cli/terminal.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Which signal came while echo was off; delivered again once it is back on. */
static volatile sig_atomic_t caught;

static const int interrupting[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
#define INTERRUPTING (sizeof interrupting / sizeof interrupting[0])

static void on_signal(int number)
{
    caught = number;
}

static void say(int tty, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t n = write(tty, text, left);

        if (n <= 0)
            return;
        text += n;
        left -= (size_t)n;
    }
}

static enum ps_code read_line(int tty, char *text, size_t max, size_t *length, struct ps_error *err)
{
    size_t n = 0;

    while (n < max) {
        ssize_t got = read(tty, text + n, max - n);

        if (got < 0 && errno == EINTR && caught == 0)
            continue;
        if (got < 0)
            return ps_fail(err, PS_INVALID_PARAMS, "nothing was entered");
        n += (size_t)got;
        if (got == 0 || text[n - 1] == '\n') {
            *length = n;
            return PS_OK;
        }
    }
    return ps_fail(err, PS_INVALID_PARAMS, "what was entered is longer than %zu bytes", max);
}

enum ps_code ps_cli_terminal_ask(const char *prefix, const char *what, char *text, size_t max,
                                 size_t *length, struct ps_error *err)
{
    struct sigaction old[INTERRUPTING];
    struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART: read() must end */
    struct termios before;
    struct termios silent;
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    enum ps_code rc;
    size_t i;

    if (tty < 0 || tcgetattr(tty, &before) != 0) {
        if (tty >= 0)
            (void)close(tty);
        return ps_fail(err, PS_INVALID_PARAMS,
                       "there is no terminal to ask for %s; give it by descriptor or file", what);
    }
    caught = 0;
    (void)sigemptyset(&action.sa_mask);
    for (i = 0; i < INTERRUPTING; i++)
        (void)sigaction(interrupting[i], &action, &old[i]);
    silent = before;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    silent.c_lflag |= ICANON;
    (void)tcsetattr(tty, TCSAFLUSH, &silent);
    say(tty, prefix);
    say(tty, what);
    say(tty, ": ");
    rc = read_line(tty, text, max, length, err);
    (void)tcsetattr(tty, TCSAFLUSH, &before);
    say(tty, "\n");
    (void)close(tty);
    for (i = 0; i < INTERRUPTING; i++)
        (void)sigaction(interrupting[i], &old[i], NULL);
    if (caught != 0)
        (void)raise(caught);
    return rc;
}
