/* parasign-token: the process that holds the PKCS#11 module, its login and its sessions. */
#include <openssl/crypto.h>
#include <pkcs11/curve.h>
#include <pkcs11/init.h>
#include <pkcs11/options.h>
#include <pkcs11/probe.h>
#include <pkcs11/serve.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECURE_HEAP_BYTES 65536
#define SECURE_HEAP_MIN 32
/* Ours: module, PIN source, state. */
#define OWN_PATHS 3

static enum ps_code enter_sandbox(const struct ps_options *o, const char *module_path,
                                  const char *pin_path, struct ps_error *err)
{
    struct ps_sandbox_path paths[2 * PS_OPTION_PATHS_MAX + OWN_PATHS];
    const int keep[] = {o->fd, o->pin_fd, o->so_pin_fd};
    struct ps_sandbox_profile profile = {.program = PS_SANDBOX_TOKEN,
                                         .filter = o->seccomp,
                                         .landlock = o->landlock,
                                         .network = o->network,
                                         .paths = paths,
                                         .keep_fds = keep,
                                         .keep_count = sizeof keep / sizeof keep[0]};
    size_t i;

    /* A module or a PIN that is not there is told in the status, not by a failed start. */
    paths[profile.path_count++] =
        (struct ps_sandbox_path){module_path, PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL};
    if (pin_path[0] != '\0')
        paths[profile.path_count++] =
            (struct ps_sandbox_path){pin_path, PS_SANDBOX_READ | PS_SANDBOX_OPTIONAL};
    if (o->state_dir != NULL)
        paths[profile.path_count++] =
            (struct ps_sandbox_path){o->state_dir, PS_SANDBOX_READ | PS_SANDBOX_WRITE};
    for (i = 0; i < o->read_path_count; i++)
        paths[profile.path_count++] = (struct ps_sandbox_path){o->read_paths[i], PS_SANDBOX_READ};
    for (i = 0; i < o->write_path_count; i++)
        paths[profile.path_count++] =
            (struct ps_sandbox_path){o->write_paths[i], PS_SANDBOX_READ | PS_SANDBOX_WRITE};
    if (o->seccomp == PS_SANDBOX_OFF || !o->landlock)
        (void)fprintf(stderr, "parasign-token: runs with seccomp %s and Landlock %s\n",
                      ps_sandbox_filter_name(o->seccomp), o->landlock ? "on" : "off");
    return ps_sandbox_enter(&profile, err);
}

static enum ps_code serve(struct ps_token *token, const struct ps_options *o, struct ps_error *err)
{
    return ps_serve(token, o->fd, o->keepalive_s, err);
}

static enum ps_code probe(struct ps_token *token, const struct ps_options *o, struct ps_error *err)
{
    struct ps_token_probe report;
    struct ps_pin pin = {NULL, 0};
    enum ps_code rc = PS_OK;
    uint32_t i;

    if (o->pin_fd >= 0 && (rc = ps_pin_read_fd(o->pin_fd, &pin, err)) != PS_OK)
        return rc;
    token->login_wanted = o->pin_fd < 0;
    ps_token_find(token);
    if (o->pin_fd >= 0)
        rc = ps_token_login_typed(token, &pin, err);
    ps_pin_wipe(&pin);
    if (rc != PS_OK || (rc = ps_token_ready(token, err)) != PS_OK)
        return rc;
    ps_probe_token(token->module.ck, token->slot.id, token->main_session, &report);
    (void)printf("token %s, serial %s, model %s, manufacturer %s\n", token->label, token->serial,
                 token->model, token->manufacturer);
    for (i = 0; i < report.count; i++)
        (void)printf("%-52s %-8s %s\n", report.rows[i].what, report.rows[i].result,
                     report.rows[i].detail);
    return PS_OK;
}

static enum ps_code init(struct ps_token *token, const struct ps_options *o, struct ps_error *err)
{
    struct ps_pin so_pin = {NULL, 0}, user_pin = {NULL, 0};
    const char *label = o->label != NULL ? o->label : token->uri.wanted_label;
    enum ps_code rc;

    if ((rc = ps_pin_read_fd(o->so_pin_fd, &so_pin, err)) == PS_OK &&
        (rc = ps_pin_read_fd(o->pin_fd, &user_pin, err)) == PS_OK)
        rc = ps_init_token(&token->uri, label, &so_pin, &user_pin, err);
    ps_pin_wipe(&so_pin);
    ps_pin_wipe(&user_pin);
    if (rc == PS_OK)
        (void)printf("the token \"%s\" is ready for use\n", label);
    return rc;
}

static enum ps_code run(const struct ps_options *o, struct ps_error *err)
{
    struct ps_token *token = NULL;
    enum ps_code rc;

    if (CRYPTO_secure_malloc_init(SECURE_HEAP_BYTES, SECURE_HEAP_MIN) != 1)
        return ps_fail(err, PS_INTERNAL_ERROR,
                       "the secure heap cannot be locked in memory; raise the limit of locked "
                       "memory (LimitMEMLOCK) to at least 1 MiB");
    if ((rc = ps_curves_setup(err)) != PS_OK ||
        (rc = ps_token_new(o->uri, o->state_dir, o->threads, &token, err)) != PS_OK)
        return rc;
    if ((rc = enter_sandbox(o, token->uri.module_path, token->pin_source.path, err)) != PS_OK)
        goto out;
    switch (o->mode) {
    case PS_MODE_PROBE:
        rc = probe(token, o, err);
        break;
    case PS_MODE_INIT:
        rc = init(token, o, err);
        break;
    case PS_MODE_SERVE:
    default:
        rc = serve(token, o, err);
        break;
    }
out:
    ps_token_free(token);
    return rc;
}

int main(int argc, char **argv)
{
    struct ps_options options;
    struct ps_error error = {.code = PS_OK};

    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return EXIT_FAILURE;
    if (ps_options_parse(argc, argv, &options, &error) != PS_OK) {
        (void)fprintf(stderr, "parasign-token: %s\n", error.message);
        return 2;
    }
    if (options.help) {
        (void)fputs(ps_options_usage(), stdout);
        return EXIT_SUCCESS;
    }
    if (run(&options, &error) != PS_OK) {
        (void)fprintf(stderr, "parasign-token: %s\n", error.message);
        return EXIT_FAILURE;
    }
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
