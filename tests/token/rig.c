#define OPENSSL_SUPPRESS_DEPRECATED
#include <tests/token/rig.h>

#include <errno.h>
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>
#include <openssl/sha.h>
#include <poll.h>
#include <proto/ipc/send_fd.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <tests/support/openssl_stark.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void path_in(const struct rig *rig, const char *name, char out[PATH_MAX])
{
    (void)snprintf(out, PATH_MAX, "%s/%s", rig->dir, name);
}

void rig_write(const struct rig *rig, const char *name, const char *text, mode_t mode)
{
    char path[PATH_MAX], fresh[PATH_MAX];
    int fd;

    path_in(rig, name, path);
    (void)snprintf(fresh, sizeof fresh, "%.4000s.new", path);
    fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (long)strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    assert_int_equal(close(fd), 0);
    assert_int_equal(rename(fresh, path), 0);
}

bool rig_exists(const struct rig *rig, const char *name)
{
    char path[PATH_MAX];

    path_in(rig, name, path);
    return access(path, F_OK) == 0;
}

void rig_faults(const struct rig *rig, const char *text)
{
    rig_write(rig, "faults", text, 0600);
}

unsigned rig_calls(const struct rig *rig, const char *function)
{
    char path[PATH_MAX], line[80];
    unsigned count = 0;
    FILE *file;

    path_in(rig, "calls", path);
    if ((file = fopen(path, "re")) == NULL)
        return 0;
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        count += strcmp(line, function) == 0 ? 1 : 0;
    }
    (void)fclose(file);
    return count;
}

char *const *rig_argv(const char *const argv[])
{
    union {
        const char *const *in;
        char *const *out;
    } pointer = {.in = argv};

    return pointer.out;
}

/* Runs a program with its output thrown away; its exit status. */
static int run(const char *const argv[])
{
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status;

    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    assert_int_equal(posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0), 0);
    assert_int_equal(posix_spawnp(&pid, argv[0], &actions, NULL, rig_argv(argv), environ), 0);
    (void)posix_spawn_file_actions_destroy(&actions);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

void rig_make_token(struct rig *rig, const char *label)
{
    char name[64];
    const char *argv[] = {"softhsm2-util", "--init-token", "--free", "--label", name,
                          "--so-pin",      RIG_SO_PIN,     "--pin",  RIG_PIN,   NULL};

    (void)rig;
    (void)snprintf(name, sizeof name, "%s", label);
    assert_int_equal(run(argv), 0);
}

static int setup(void **state, bool faulty)
{
    struct rig *rig = calloc(1, sizeof *rig);
    char path[PATH_MAX], text[256];

    if (rig == NULL)
        return -1;
    *state = rig;
    rig->fd = -1;
    rig->faulty = faulty;
    rig->threads = "2";
    rig->keepalive_s = "0";
    (void)snprintf(rig->dir, sizeof rig->dir, "/tmp/ps-token-XXXXXX");
    assert_non_null(mkdtemp(rig->dir));
    path_in(rig, "tokens", path);
    assert_int_equal(mkdir(path, 0700), 0);
    path_in(rig, "state", path);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(text, sizeof text,
                   "directories.tokendir = %s/tokens\nobjectstore.backend = file\n"
                   "log.level = ERROR\n",
                   rig->dir);
    rig_write(rig, "softhsm2.conf", text, 0600);
    rig_write(rig, "pin", RIG_PIN "\n", 0600);
    path_in(rig, "softhsm2.conf", path);
    assert_int_equal(setenv("SOFTHSM2_CONF", path, 1), 0);
    path_in(rig, "faults", path);
    assert_int_equal(setenv("PS_FAULTY_CONTROL", path, 1), 0);
    path_in(rig, "calls", path);
    assert_int_equal(setenv("PS_FAULTY_LOG", path, 1), 0);
    assert_int_equal(setenv("PS_FAULTY_MODULE", PS_TEST_SOFTHSM, 1), 0);
    rig_make_token(rig, "desk");
    (void)snprintf(rig->uri, sizeof rig->uri,
                   "pkcs11:token=desk?module-path=%s&pin-source=file:%s/pin",
                   faulty ? PS_TEST_FAULTY : PS_TEST_SOFTHSM, rig->dir);
    return 0;
}

int rig_setup(void **state)
{
    return setup(state, false);
}

int rig_setup_faulty(void **state)
{
    return setup(state, true);
}

int rig_teardown(void **state)
{
    struct rig *rig = *state;
    const char *argv[] = {"rm", "-rf", rig->dir, NULL};

    if (rig->pid != 0) {
        (void)kill(rig->pid, SIGKILL);
        (void)waitpid(rig->pid, NULL, 0);
    }
    if (rig->fd >= 0)
        (void)close(rig->fd);
    (void)run(argv);
    free(rig);
    return 0;
}

void rig_start(struct rig *rig)
{
    const char *argv[] = {
        PS_TEST_TOKEN,    "--fd",         "3",         "--uri",      rig->uri,
        "--state-dir",    NULL,           "--threads", rig->threads, "--keepalive-s",
        rig->keepalive_s, "--write-path", rig->dir,    NULL};
    char state_dir[PATH_MAX];
    posix_spawn_file_actions_t actions;
    int pair[2];

    path_in(rig, "state", state_dir);
    argv[6] = state_dir;
    assert_int_equal(rig->pid, 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    /* dup2 clears close-on-exec, but not onto itself: keep the source above 3. */
    if (pair[1] == 3) {
        pair[1] = fcntl(pair[1], F_DUPFD_CLOEXEC, 10);
        assert_int_equal(close(3), 0);
    }
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, pair[1], 3), 0);
    assert_int_equal(posix_spawn(&rig->pid, PS_TEST_TOKEN, &actions, NULL, rig_argv(argv), environ),
                     0);
    (void)posix_spawn_file_actions_destroy(&actions);
    (void)close(pair[1]);
    rig->fd = pair[0];
}

int rig_wait(struct rig *rig, int timeout_ms)
{
    int64_t end = now_ms() + timeout_ms;
    int status = 0;
    pid_t got;

    while ((got = waitpid(rig->pid, &status, WNOHANG)) == 0 && now_ms() < end)
        (void)usleep(1000);
    assert_int_equal(got, rig->pid);
    rig->pid = 0;
    (void)close(rig->fd);
    rig->fd = -1;
    return status;
}

long rig_stop(struct rig *rig)
{
    int64_t start = now_ms();

    (void)shutdown(rig->fd, SHUT_RDWR);
    assert_int_equal(rig_wait(rig, 5000), 0);
    return (long)(now_ms() - start);
}

static void send_frame(struct rig *rig, uint16_t type, uint64_t id, uint16_t flags,
                       const void *payload, size_t length, int fd)
{
    uint8_t message[PS_FRAME_HEADER_BYTES + 1024];
    struct ps_frame_header header = {
        .length = (uint32_t)length, .type = type, .flags = flags, .id = id};

    assert_true(length <= 1024);
    ps_frame_encode(&header, message);
    if (length > 0)
        memcpy(message + PS_FRAME_HEADER_BYTES, payload, length);
    assert_int_equal(ps_send_fd(rig->fd, message, PS_FRAME_HEADER_BYTES + length, fd, 0),
                     (long)(PS_FRAME_HEADER_BYTES + length));
}

void rig_send(struct rig *rig, uint16_t type, uint64_t id, const void *payload, size_t length,
              int fd)
{
    send_frame(rig, type, id, fd >= 0 ? PS_FRAME_HAS_FD : 0, payload, length, fd);
}

void rig_send_flags(struct rig *rig, uint16_t type, uint64_t id, uint16_t flags, int fd)
{
    send_frame(rig, type, id, flags, NULL, 0, fd);
}

/* False on end of file. */
static bool read_all(int fd, uint8_t *out, size_t length, int64_t end)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    ssize_t got;

    while (length > 0) {
        int64_t left = end - now_ms();

        assert_true(left > 0);
        if (poll(&ready, 1, (int)left) <= 0)
            continue;
        got = read(fd, out, length);
        if (got <= 0)
            return false;
        out += got;
        length -= (size_t)got;
    }
    return true;
}

bool rig_receive(struct rig *rig, struct answer *out, uint64_t *id, int timeout_ms)
{
    int64_t end = now_ms() + (timeout_ms < 0 ? 30000 : timeout_ms);
    uint8_t head[PS_FRAME_HEADER_BYTES];
    struct ps_frame_header header;

    if (!read_all(rig->fd, head, sizeof head, end))
        return false;
    assert_int_equal(ps_frame_decode(head, &header), PS_OK);
    assert_true((header.type & PS_FRAME_ANSWER) != 0);
    if (!read_all(rig->fd, out->payload, header.length, end))
        return false;
    ps_rbuf_init(&out->r, out->payload, header.length);
    out->code = ps_get_answer(&out->r, &out->error);
    assert_false(out->r.bad);
    *id = header.id;
    return true;
}

void rig_call(struct rig *rig, enum ps_token_op op, const void *payload, size_t length, int fd,
              struct answer *out)
{
    uint64_t id = ++rig->next_id, got = 0;

    out->code = PS_INTERNAL_ERROR;
    out->error.code = PS_INTERNAL_ERROR;
    rig_send(rig, (uint16_t)op, id, payload, length, fd);
    if (!rig_receive(rig, out, &got, -1))
        fail_msg("the token process is gone");
    assert_int_equal(got, id);
}

static enum ps_code finish(const struct answer *a, struct ps_error *err)
{
    if (err != NULL)
        *err = a->error;
    return a->code;
}

static enum ps_code finish_status(struct answer *a, struct ps_token_status *out,
                                  struct ps_error *err)
{
    if (a->code == PS_OK) {
        ps_get_token_status(&a->r, out);
        assert_true(ps_rbuf_done(&a->r));
    }
    return finish(a, err);
}

enum ps_code rig_status(struct rig *rig, struct ps_token_status *out)
{
    struct answer a;

    rig_call(rig, PS_TOKEN_STATUS, NULL, 0, -1, &a);
    return finish_status(&a, out, NULL);
}

enum ps_code rig_begin(struct rig *rig, struct ps_token_status *out)
{
    uint8_t login = PS_LOGIN_CONFIGURED;
    struct answer a;

    rig_start(rig);
    rig_call(rig, PS_TOKEN_START, &login, 1, -1, &a);
    return finish_status(&a, out, NULL);
}

static enum ps_code new_key(struct rig *rig, enum ps_token_op op, const char *name,
                            enum ps_kind kind, int fd, struct ps_token_key *out,
                            struct ps_error *err)
{
    struct ps_token_new_key wish = {.kind = kind, .custody = PS_CUSTODY_TOKEN};
    uint8_t payload[256];
    struct ps_wbuf w;
    struct answer a;

    (void)snprintf(wish.name, sizeof wish.name, "%s", name);
    ps_wbuf_init(&w, payload, sizeof payload);
    ps_put_token_new_key(&w, &wish);
    rig_call(rig, op, payload, w.length, fd, &a);
    if (a.code == PS_OK) {
        ps_get_token_key(&a.r, out);
        assert_true(ps_rbuf_done(&a.r));
    }
    return finish(&a, err);
}

enum ps_code rig_generate(struct rig *rig, const char *name, enum ps_kind kind,
                          struct ps_token_key *out, struct ps_error *err)
{
    return new_key(rig, PS_TOKEN_GENERATE, name, kind, -1, out, err);
}

enum ps_code rig_import(struct rig *rig, const char *name, enum ps_kind kind, int fd,
                        struct ps_token_key *out, struct ps_error *err)
{
    return new_key(rig, PS_TOKEN_IMPORT, name, kind, fd, out, err);
}

enum ps_code rig_destroy(struct rig *rig, const char *name, struct ps_error *err)
{
    uint8_t payload[256];
    struct ps_wbuf w;
    struct answer a;

    ps_wbuf_init(&w, payload, sizeof payload);
    ps_put_text(&w, name);
    rig_call(rig, PS_TOKEN_DESTROY, payload, w.length, -1, &a);
    return finish(&a, err);
}

enum ps_code rig_sign(struct rig *rig, const char *name, enum ps_kind kind,
                      const uint8_t hash32[32], struct ps_token_signature *out,
                      struct ps_error *err)
{
    struct ps_token_sign request = {.kind = kind};
    uint8_t payload[256];
    struct ps_wbuf w;
    struct answer a;

    (void)snprintf(request.name, sizeof request.name, "%s", name);
    memcpy(request.hash32, hash32, 32);
    ps_wbuf_init(&w, payload, sizeof payload);
    ps_put_token_sign(&w, &request);
    rig_call(rig, PS_TOKEN_SIGN, payload, w.length, -1, &a);
    if (a.code == PS_OK) {
        ps_get_token_signature(&a.r, out);
        assert_true(ps_rbuf_done(&a.r));
    }
    return finish(&a, err);
}

enum ps_code rig_login(struct rig *rig, const char *pin, struct ps_token_status *out,
                       struct ps_error *err)
{
    int fd = pin == NULL ? -1 : rig_pipe(pin);
    struct answer a;

    rig_call(rig, PS_TOKEN_LOGIN, NULL, 0, fd, &a);
    if (fd >= 0)
        (void)close(fd);
    return finish_status(&a, out, err);
}

uint32_t rig_keys(struct rig *rig, struct ps_token_key_page *out)
{
    static const uint8_t first[4] = {0};
    struct answer a;

    rig_call(rig, PS_TOKEN_KEYS, first, sizeof first, -1, &a);
    assert_int_equal(a.code, PS_OK);
    ps_get_token_key_page(&a.r, out);
    assert_true(ps_rbuf_done(&a.r));
    return out->total;
}

int rig_pipe(const char *text)
{
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), (long)strlen(text));
    (void)close(ends[1]);
    return ends[0];
}

void rig_hash(uint32_t seed, uint8_t out32[32])
{
    (void)SHA256((const uint8_t *)&seed, sizeof seed, out32);
    out32[0] &= 0x07;
}

bool rig_verifies(enum ps_kind kind, const uint8_t point65[65], const uint8_t hash32[32],
                  const struct ps_token_signature *signature)
{
    EC_GROUP *group =
        kind == PS_KIND_STARK ? ps_test_stark_group() : EC_GROUP_new_by_curve_name(NID_secp256k1);
    EC_KEY *key = EC_KEY_new();
    EC_POINT *point = EC_POINT_new(group);
    ECDSA_SIG *sig = ECDSA_SIG_new();
    uint8_t digest[32];
    size_t i;
    int verdict;

    /* OpenSSL drops the low bits of a digest that is longer than the order, so z goes in as the
     * highest 252 bits. */
    for (i = 0; i < 32; i++)
        digest[i] = kind != PS_KIND_STARK
                        ? hash32[i]
                        : (uint8_t)(hash32[i] << 4 | (i < 31 ? hash32[i + 1] >> 4 : 0));
    assert_int_equal(EC_POINT_oct2point(group, point, point65, 65, NULL), 1);
    assert_int_equal(EC_KEY_set_group(key, group), 1);
    assert_int_equal(EC_KEY_set_public_key(key, point), 1);
    assert_int_equal(ECDSA_SIG_set0(sig, BN_bin2bn(signature->r32, 32, NULL),
                                    BN_bin2bn(signature->s32, 32, NULL)),
                     1);
    verdict = ECDSA_do_verify(digest, sizeof digest, sig, key);
    assert_true(verdict >= 0);
    ECDSA_SIG_free(sig);
    EC_POINT_free(point);
    EC_KEY_free(key);
    EC_GROUP_free(group);
    return verdict == 1;
}
