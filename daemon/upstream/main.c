/* parasign-upstream: the process that talks to the exchange. It ends when its pair closes. */
#include <curl/curl.h>
#include <daemon/front/frame_stream.h>
#include <daemon/sandbox/sandbox.h>
#include <daemon/upstream/memory.h>
#include <daemon/upstream/options.h>
#include <openssl/crypto.h>
#include <proto/ipc/token_proto.h>
#include <proto/ipc/upstream_proto.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#define SECURE_HEAP_BYTES 65536
#define SECURE_HEAP_MIN 32

struct upstream {
    uv_loop_t loop;
    struct ps_frame_stream *stream;
};

static void answer(struct upstream *upstream, const struct ps_frame_header *header,
                   const struct ps_wbuf *w)
{
    uint16_t type = (uint16_t)(header->type | PS_FRAME_ANSWER);

    if (w->bad ||
        ps_frame_stream_send(upstream->stream, type, header->id, w->data, w->length, -1) != PS_OK)
        uv_stop(&upstream->loop);
}

static void on_frame(void *arg, const struct ps_frame_header *header, const uint8_t *payload)
{
    struct upstream *upstream = arg;
    uint8_t room[512];
    struct ps_wbuf w;

    (void)payload;
    ps_wbuf_init(&w, room, sizeof room);
    if (header->type == PS_UPSTREAM_HEALTH && header->length == 0) {
        ps_put_answer(&w, PS_OK, NULL);
        ps_put_text(&w, curl_version());
    } else {
        ps_put_answer(&w, PS_INTERNAL_ERROR, "parasign-upstream does not know this operation");
    }
    answer(upstream, header, &w);
}

static void on_gone(void *arg, const char *why)
{
    struct upstream *upstream = arg;

    (void)why;
    uv_stop(&upstream->loop);
}

static enum ps_code lock_in(const struct ps_upstream_options *options, struct ps_error *err)
{
    const struct ps_sandbox_path ca = {options->ca_file, PS_SANDBOX_READ};
    const struct ps_sandbox_profile profile = {
        .program = PS_SANDBOX_UPSTREAM,
        .filter = options->seccomp,
        .landlock = options->landlock,
        .paths = &ca,
        .path_count = options->ca_file == NULL ? 0 : 1,
        .keep_fds = &options->fd,
        .keep_count = 1,
    };

    return ps_sandbox_enter(&profile, err);
}

static enum ps_code serve(const struct ps_upstream_options *options, struct ps_error *err)
{
    struct upstream upstream = {.stream = NULL};
    enum ps_code rc;

    if (uv_loop_init(&upstream.loop) != 0)
        return ps_fail(err, PS_INTERNAL_ERROR, "the event loop cannot be made");
    rc = ps_frame_stream_open(&upstream.loop, options->fd, on_frame, on_gone, &upstream,
                              &upstream.stream, err);
    if (rc == PS_OK)
        (void)uv_run(&upstream.loop, UV_RUN_DEFAULT);
    ps_frame_stream_close(upstream.stream);
    (void)uv_run(&upstream.loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&upstream.loop);
    return rc;
}

int main(int argc, char **argv)
{
    struct ps_upstream_options options;
    struct ps_error err;
    enum ps_code rc;

    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return EXIT_FAILURE;
    if ((rc = ps_upstream_options_read(argc, argv, &options, &err)) != PS_OK)
        goto out;
    if (CRYPTO_secure_malloc_init(SECURE_HEAP_BYTES, SECURE_HEAP_MIN) != 1) {
        rc = ps_fail(&err, PS_INTERNAL_ERROR, "no locked memory for secrets; raise RLIMIT_MEMLOCK");
        goto out;
    }
    if ((rc = lock_in(&options, &err)) != PS_OK || (rc = ps_upstream_curl_init(&err)) != PS_OK)
        goto out;
    rc = serve(&options, &err);
out:
    if (rc != PS_OK)
        (void)fprintf(stderr, "parasign-upstream: %s\n", err.message);
    return rc == PS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
