/*
 * A throw-away SoftHSM2 token in a folder of its own, and the real parasign-token process on it,
 * spoken to over a socket pair as the daemon does. Everything that goes wrong here fails the test.
 */
#ifndef PARASIGN_TESTS_TOKEN_RIG_H
#define PARASIGN_TESTS_TOKEN_RIG_H

#include <limits.h>
#include <proto/ipc/frame.h>
#include <proto/ipc/token_proto.h>
#include <sys/types.h>
#include <tests/support/check.h>

#define RIG_PIN "4711"
#define RIG_SO_PIN "12345678"

struct rig {
    char dir[64];
    char uri[512]; /* what the process is started with; tests may write another */
    pid_t pid;     /* 0 while no process runs */
    int fd;        /* the daemon's end */
    uint64_t next_id;
    bool faulty; /* through ps_faulty.so */
    const char *threads;
    const char *keepalive_s;
};

struct answer {
    enum ps_code code;
    struct ps_error error;
    uint8_t payload[PS_FRAME_PAYLOAD_MAX];
    struct ps_rbuf r; /* behind the code */
};

/* cmocka fixtures: a folder with one token named "desk", no process yet. */
int rig_setup(void **state);
int rig_setup_faulty(void **state);
int rig_teardown(void **state);

/* As exec() and posix_spawn() want it, which only read it. */
char *const *rig_argv(const char *const argv[]);
/* softhsm2-util --init-token. */
void rig_make_token(struct rig *rig, const char *label);
void rig_write(const struct rig *rig, const char *name, const char *text, mode_t mode);
/* Tells ps_faulty what to do; "" for nothing. */
void rig_faults(const struct rig *rig, const char *text);
/* How often ps_faulty saw that function. */
unsigned rig_calls(const struct rig *rig, const char *function);
bool rig_exists(const struct rig *rig, const char *name);

void rig_start(struct rig *rig);
/* Closes the pair and waits for the end; milliseconds until then. Fails unless the exit was 0. */
long rig_stop(struct rig *rig);
/* Waits for an end by itself; the status as of waitpid(). */
int rig_wait(struct rig *rig, int timeout_ms);

void rig_send(struct rig *rig, uint16_t type, uint64_t id, const void *payload, size_t length,
              int fd);
/* An empty frame whose flags may disagree with fd. */
void rig_send_flags(struct rig *rig, uint16_t type, uint64_t id, uint16_t flags, int fd);
/* One answer, whichever comes; false on end of file. timeout_ms -1 waits 30 s. */
bool rig_receive(struct rig *rig, struct answer *out, uint64_t *id, int timeout_ms);
/* Request and answer. fd -1 or a descriptor to pass (stays the caller's). */
void rig_call(struct rig *rig, enum ps_token_op op, const void *payload, size_t length, int fd,
              struct answer *out);

/* The operations, with the code as result. */
enum ps_code rig_status(struct rig *rig, struct ps_token_status *out);
/* START with the configured PIN. */
enum ps_code rig_begin(struct rig *rig, struct ps_token_status *out);
enum ps_code rig_generate(struct rig *rig, const char *name, enum ps_kind kind,
                          struct ps_token_key *out, struct ps_error *err);
enum ps_code rig_import(struct rig *rig, const char *name, enum ps_kind kind, int fd,
                        struct ps_token_key *out, struct ps_error *err);
enum ps_code rig_destroy(struct rig *rig, const char *name, struct ps_error *err);
enum ps_code rig_sign(struct rig *rig, const char *name, enum ps_kind kind,
                      const uint8_t hash32[32], struct ps_token_signature *out,
                      struct ps_error *err);
/* LOGIN with pin over a pipe, or with the configured source for NULL. */
enum ps_code rig_login(struct rig *rig, const char *pin, struct ps_token_status *out,
                       struct ps_error *err);
/* All keys, at most PS_TOKEN_KEYS_PER_PAGE; the total. */
uint32_t rig_keys(struct rig *rig, struct ps_token_key_page *out);

/* A pipe that holds text and then ends. */
int rig_pipe(const char *text);
/* A hash below 2^251 that differs with seed. */
void rig_hash(uint32_t seed, uint8_t out32[32]);
/* OpenSSL's ECDSA_do_verify over the hash as a number (STARK: not shifted). */
bool rig_verifies(enum ps_kind kind, const uint8_t point65[65], const uint8_t hash32[32],
                  const struct ps_token_signature *signature);

#endif
