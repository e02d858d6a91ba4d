#include <daemon/cli/secret.h>

#include <daemon/cli/terminal.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096

void ps_cli_harden(void)
{
    const struct rlimit none = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &none);
#if !PS_SANITIZED /* the leak checker traces its own process */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* A page that is not swapped, not dumped and not inherited by children. */
static char *page_new(struct ps_error *err)
{
    char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED) {
        (void)ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
        return NULL;
    }
    if (mlock(page, PAGE) != 0 || madvise(page, PAGE, MADV_DONTDUMP) != 0 ||
        madvise(page, PAGE, MADV_WIPEONFORK) != 0) {
        (void)munmap(page, PAGE);
        (void)ps_fail(err, PS_INTERNAL_ERROR,
                      "cannot lock a page of memory for a secret; raise `ulimit -l`");
        return NULL;
    }
    return page;
}

static void page_free(char *page)
{
    if (page == NULL)
        return;
    OPENSSL_cleanse(page, PAGE);
    (void)munmap(page, PAGE);
}

static enum ps_code cut_line_end(const char *what, const char *text, size_t *length,
                                 struct ps_error *err)
{
    if (*length > 0 && text[*length - 1] == '\n')
        --*length;
    if (*length > 0 && text[*length - 1] == '\r')
        --*length;
    if (*length == 0)
        return ps_fail(err, PS_INVALID_PARAMS, "%s is empty", what);
    return PS_OK;
}

/* Wipes nothing: the caller owns text. */
static enum ps_code to_pipe(const char *text, size_t length, int *fd, struct ps_error *err)
{
    int ends[2];
    ssize_t n;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "cannot make a pipe: %s", strerror(errno));
    n = write(ends[1], text, length);
    (void)close(ends[1]);
    if (n != (ssize_t)length) {
        (void)close(ends[0]);
        return ps_fail(err, PS_INTERNAL_ERROR, "cannot write to a pipe");
    }
    *fd = ends[0];
    return PS_OK;
}

/* read(2) and no stream: a stream would keep a copy in the heap. */
static enum ps_code read_secret(const char *what, int source, char *text, size_t *length,
                                struct ps_error *err)
{
    size_t n = 0;

    while (n <= PS_CLI_SECRET_MAX) {
        ssize_t got = read(source, text + n, PS_CLI_SECRET_MAX + 1 - n);

        if (got == 0) {
            *length = n;
            return cut_line_end(what, text, length, err);
        }
        if (got < 0 && errno != EINTR)
            return ps_fail(err, PS_INVALID_PARAMS, "cannot read %s: %s", what, strerror(errno));
        if (got > 0)
            n += (size_t)got;
    }
    return ps_fail(err, PS_INVALID_PARAMS, "%s is longer than %d bytes", what, PS_CLI_SECRET_MAX);
}

enum ps_code ps_cli_secret_from_fd(const char *what, int source, int *fd, struct ps_error *err)
{
    char *page = page_new(err);
    size_t length = 0;
    enum ps_code rc;

    *fd = -1;
    if (page == NULL)
        return PS_INTERNAL_ERROR;
    if ((rc = read_secret(what, source, page, &length, err)) == PS_OK)
        rc = to_pipe(page, length, fd, err);
    page_free(page);
    return rc;
}

enum ps_code ps_cli_secret_from_file(const char *what, const char *path, int *fd,
                                     struct ps_error *err)
{
    int source = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat st;
    enum ps_code rc;

    *fd = -1;
    if (source < 0)
        return ps_fail(err, PS_INVALID_PARAMS, "cannot open %s: %s", path, strerror(errno));
    if (fstat(source, &st) != 0 || (S_ISREG(st.st_mode) && (st.st_mode & 077) != 0))
        rc = ps_fail(err, PS_INVALID_PARAMS,
                     "%s may be read by others, so what is in it is no secret; run `chmod 600 %s`",
                     path, path);
    else
        rc = ps_cli_secret_from_fd(what, source, fd, err);
    (void)close(source);
    return rc;
}

/* Two halves of one page: the second holds the repetition. */
static enum ps_code ask_into(const char *what, bool twice, char *page, size_t *length,
                             struct ps_error *err)
{
    char *again = page + PAGE / 2;
    size_t again_length = 0;
    enum ps_code rc;

    if ((rc = ps_cli_terminal_ask("", what, page, PS_CLI_SECRET_MAX, length, err)) != PS_OK ||
        (rc = cut_line_end(what, page, length, err)) != PS_OK || !twice)
        return rc;
    if ((rc = ps_cli_terminal_ask("the same again: ", what, again, PS_CLI_SECRET_MAX, &again_length,
                                  err)) != PS_OK ||
        (rc = cut_line_end(what, again, &again_length, err)) != PS_OK)
        return rc;
    if (*length != again_length || CRYPTO_memcmp(page, again, *length) != 0)
        return ps_fail(err, PS_INVALID_PARAMS, "the two entries differ; begin again");
    return PS_OK;
}

enum ps_code ps_cli_secret_ask(const char *what, bool twice, int *fd, struct ps_error *err)
{
    char *page = page_new(err);
    size_t length = 0;
    enum ps_code rc;

    *fd = -1;
    if (page == NULL)
        return PS_INTERNAL_ERROR;
    if ((rc = ask_into(what, twice, page, &length, err)) == PS_OK)
        rc = to_pipe(page, length, fd, err);
    page_free(page);
    return rc;
}

enum ps_code ps_cli_secret_from_stdin(const char *what, int *fd, struct ps_error *err)
{
    if (isatty(STDIN_FILENO))
        return ps_cli_secret_ask(what, false, fd, err);
    return ps_cli_secret_from_fd(what, STDIN_FILENO, fd, err);
}

enum ps_code ps_cli_secret_fd_number(const char *text, int *fd, struct ps_error *err)
{
    char *end;
    long n;

    errno = 0;
    n = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || n < 0 || n > 65535 || text[0] < '0' ||
        text[0] > '9' || fcntl((int)n, F_GETFD) < 0)
        return ps_fail(err, PS_INVALID_PARAMS,
                       "there is no open descriptor \"%s\"; open one, as in `--pin-fd 3 3<FILE`",
                       text);
    *fd = (int)n;
    return PS_OK;
}
