#include <daemon/front/launch.h>

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Beyond the two lists of paths. */
#define WORDS_MAX 32

struct words {
    char **argv;
    size_t count, capacity;
};

enum ps_sandbox_filter ps_launch_filter(enum ps_seccomp_profile profile)
{
    switch (profile) {
    case PS_SECCOMP_DENY:
        return PS_SANDBOX_DENY;
    case PS_SECCOMP_OFF:
        return PS_SANDBOX_OFF;
    case PS_SECCOMP_STRICT:
        break;
    }
    return PS_SANDBOX_STRICT;
}

/* Every word is a copy, so that freeing needs no second list. */
static bool add(struct words *words, const char *text)
{
    assert(words->count + 1 < words->capacity);
    words->argv[words->count] = strdup(text);
    return words->argv[words->count++] != NULL;
}

static bool add_pair(struct words *words, const char *option, const char *value)
{
    return add(words, option) && add(words, value);
}

static bool add_number(struct words *words, const char *option, uint32_t value)
{
    char text[16];

    (void)snprintf(text, sizeof text, "%u", value);
    return add_pair(words, option, text);
}

static bool add_list(struct words *words, const char *option, const struct ps_config_list *list)
{
    size_t i;

    for (i = 0; i < list->count; i++) {
        if (!add_pair(words, option, list->items[i]))
            return false;
    }
    return true;
}

static enum ps_code find_program(const char *name, char out[PATH_MAX], struct ps_error *err)
{
    static const char *const places[] = {"", "/../libexec/parasign"};
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash;
    size_t i;

    if (length <= 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "/proc/self/exe: %s; mount /proc", strerror(errno));
    self[length] = '\0';
    if ((slash = strrchr(self, '/')) == NULL)
        return ps_fail(err, PS_INTERNAL_ERROR, "/proc/self/exe is no path");
    *slash = '\0';
    for (i = 0; i < sizeof places / sizeof places[0]; i++) {
        int n = snprintf(out, PATH_MAX, "%s%s/%s", self, places[i], name);

        if (n < PATH_MAX && access(out, X_OK) == 0)
            return PS_OK;
    }
    return ps_fail(err, PS_INTERNAL_ERROR,
                   "cannot find %s in %s or in %s/../libexec/parasign; install it there", name,
                   self, self);
}

static enum ps_code begin(const char *program, size_t extra, struct words *words,
                          struct ps_error *err)
{
    char path[PATH_MAX];
    enum ps_code rc = find_program(program, path, err);

    if (rc != PS_OK)
        return rc;
    words->count = 0;
    words->capacity = WORDS_MAX + extra;
    words->argv = calloc(words->capacity, sizeof words->argv[0]);
    if (words->argv == NULL || !add(words, path) ||
        !add_number(words, "--fd", PS_KEEPER_HELPER_FD)) {
        ps_launch_free(words->argv);
        words->argv = NULL;
        return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
    }
    return PS_OK;
}

static enum ps_code end(struct words *words, bool complete, char ***argv, struct ps_error *err)
{
    if (complete) {
        *argv = words->argv;
        return PS_OK;
    }
    ps_launch_free(words->argv);
    words->argv = NULL;
    return ps_fail(err, PS_INTERNAL_ERROR, "memory is out");
}

static bool add_sandbox(struct words *words, enum ps_seccomp_profile seccomp, bool landlock)
{
    return add_pair(words, "--seccomp", ps_sandbox_filter_name(ps_launch_filter(seccomp))) &&
           add_pair(words, "--landlock", landlock ? "on" : "off");
}

enum ps_code ps_launch_token(const struct ps_config *config, char ***argv, struct ps_error *err)
{
    struct words words = {0};
    enum ps_code rc =
        begin("parasign-token",
              2 * (config->token.read_paths.count + config->token.write_paths.count), &words, err);

    if (rc != PS_OK)
        return rc;
    assert(words.argv != NULL);
    return end(&words,
               add_pair(&words, "--uri", config->token.uri) &&
                   add_number(&words, "--threads", config->token.threads) &&
                   add_number(&words, "--keepalive-s", config->token.keepalive_s) &&
                   add_pair(&words, "--state-dir", config->state_dir) &&
                   add_sandbox(&words, config->token.seccomp, config->landlock) &&
                   (!config->token.network || add(&words, "--network")) &&
                   add_list(&words, "--read-path", &config->token.read_paths) &&
                   add_list(&words, "--write-path", &config->token.write_paths),
               argv, err);
}

enum ps_code ps_launch_upstream(const struct ps_config *config, char ***argv, struct ps_error *err)
{
    struct words words = {0};
    enum ps_code rc = begin("parasign-upstream", 0, &words, err);

    if (rc != PS_OK)
        return rc;
    assert(words.argv != NULL);
    return end(&words,
               add_sandbox(&words, config->upstream.seccomp, config->landlock) &&
                   (config->upstream.ca_file[0] == '\0' ||
                    add_pair(&words, "--ca-file", config->upstream.ca_file)),
               argv, err);
}

void ps_launch_free(char **argv)
{
    size_t i;

    if (argv == NULL)
        return;
    for (i = 0; argv[i] != NULL; i++)
        free(argv[i]);
    free(argv);
}
