/*
 * What parasignd asks of parasign-token, and the answers. Front = asker, token process = answerer.
 *
 * Every answer's payload starts with u16 code (enum ps_code). If it is not PS_OK a text follows:
 * the message for the client. Otherwise the operation's own answer follows.
 *
 * | operation | request payload                    | answer                  | descriptor |
 * |-----------|------------------------------------|-------------------------|------------|
 * | START     | u8 login (enum ps_token_login)     | status                  |            |
 * | STATUS    |                                    | status                  |            |
 * | KEYS      | u32 first                          | key page                |            |
 * | SIGN      | sign request                       | sign answer             |            |
 * | GENERATE  | new key                            | key                     |            |
 * | IMPORT    | new key                            | key                     | the secret |
 * | DESTROY   | text name                          |                         |            |
 * | LOGIN     |                                    | status                  | PIN, or none: the
 * configured source | | LOGOUT    |                                    | status                  |
 * | | PROBE     |                                    | probe report            |            | |
 * PING      |                                    |                         |            |
 *
 * START is the first frame on a new pair and decides whether the configured PIN source is used.
 * SIGN, and only SIGN and PING, may be in flight many at a time; answers come in any order.
 */
#ifndef PARASIGN_PROTO_IPC_TOKEN_PROTO_H
#define PARASIGN_PROTO_IPC_TOKEN_PROTO_H

#include <parasign/error.h>
#include <parasign/types.h>
#include <proto/ipc/wire.h>

enum ps_token_op {
    PS_TOKEN_START = 1,
    PS_TOKEN_STATUS,
    PS_TOKEN_KEYS,
    PS_TOKEN_SIGN,
    PS_TOKEN_GENERATE,
    PS_TOKEN_IMPORT,
    PS_TOKEN_DESTROY,
    PS_TOKEN_LOGIN,
    PS_TOKEN_LOGOUT,
    PS_TOKEN_PROBE,
    PS_TOKEN_PING,
    PS_TOKEN_OP_END
};

enum ps_token_login {
    PS_LOGIN_NONE,       /* stay locked until LOGIN */
    PS_LOGIN_CONFIGURED, /* use the PIN source of the configuration, if there is one */
};

enum ps_token_state {
    PS_STATE_ABSENT, /* no module, no slot, no token of that URI, or two: see detail */
    PS_STATE_LOCKED, /* found, nobody logged in: see detail for why */
    PS_STATE_READY,
    PS_STATE_COUNT
};

enum ps_stark_support { PS_STARK_UNTESTED, PS_STARK_NATIVE, PS_STARK_UNSUPPORTED };

#define PS_TOKEN_TEXT_MAX 64

/* Steps of the recovery ladder, counted since the process started. */
struct ps_token_counters {
    uint64_t signatures;
    uint64_t range_retries;  /* asked again because r, s or 1/s was out of the verifier's range */
    uint64_t fresh_sessions; /* ladder, step 1 */
    uint64_t refound;        /* step 2: objects found again */
    uint64_t relogins;       /* step 3 */
    uint64_t reinitialised;  /* step 4: C_Finalize, C_Initialize */
    uint64_t keepalives;
    uint64_t skipped_objects; /* objects on the token that are not ours or not understood */
};

struct ps_token_status {
    enum ps_token_state state;
    enum ps_stark_support stark;
    char detail[PS_ERROR_MESSAGE_MAX]; /* why not ready and what to do; "" when ready */
    char label[PS_TOKEN_TEXT_MAX];
    char serial[PS_TOKEN_TEXT_MAX];
    char model[PS_TOKEN_TEXT_MAX];
    char manufacturer[PS_TOKEN_TEXT_MAX];
    char module[256]; /* path of the module */
    uint32_t threads; /* signing threads, each with a session of its own */
    uint32_t key_count;
    struct ps_token_counters counters;
};

/* A key pair on the token. public_key: uncompressed point, 0x04 then x, y big-endian, 65 bytes. */
struct ps_token_key {
    char name[PS_KEY_NAME_MAX + 1];
    enum ps_kind kind;
    enum ps_custody custody;
    uint8_t public_key65[65];
    uint8_t id[32]; /* CKA_ID */
    uint8_t id_length;
    bool sensitive, extractable, never_extractable, always_sensitive, local;
    uint32_t created_on; /* CKA_START_DATE as yyyymmdd, 0 when the token keeps none */
    char refused[128];   /* why this key is not used (weak attributes, wrong curve, twin), or "" */
};

#define PS_TOKEN_KEYS_PER_PAGE 64

struct ps_token_key_page {
    uint32_t total;
    uint32_t first;
    uint32_t count;
    struct ps_token_key keys[PS_TOKEN_KEYS_PER_PAGE];
};

/*
 * hash32: what is signed, big-endian. For a STARK key it is z itself, below 2^251: the token
 * process does the shift. For secp256k1 it is the 32-byte digest.
 */
struct ps_token_sign {
    char name[PS_KEY_NAME_MAX + 1];
    enum ps_kind kind;
    uint8_t hash32[32];
};

struct ps_token_signature {
    uint8_t r32[32]; /* big-endian */
    uint8_t s32[32];
    enum ps_custody custody;
};

struct ps_token_new_key {
    char name[PS_KEY_NAME_MAX + 1];
    enum ps_kind kind;
    enum ps_custody custody;
};

#define PS_TOKEN_PROBE_ROWS 32

/* One thing the token was asked to do, and what came of it. */
struct ps_token_probe_row {
    char what[64];   /* "generate STARK key pair (session object)" */
    char result[16]; /* "yes", "no", "differs" */
    char detail[128];
};

struct ps_token_probe {
    uint32_t count;
    struct ps_token_probe_row rows[PS_TOKEN_PROBE_ROWS];
};

/* Encoders write after what is there already; decoders set r->bad on anything out of bounds. */
void ps_put_token_status(struct ps_wbuf *w, const struct ps_token_status *status);
void ps_get_token_status(struct ps_rbuf *r, struct ps_token_status *status);
void ps_put_token_key(struct ps_wbuf *w, const struct ps_token_key *key);
void ps_get_token_key(struct ps_rbuf *r, struct ps_token_key *key);
void ps_put_token_key_page(struct ps_wbuf *w, const struct ps_token_key_page *page);
void ps_get_token_key_page(struct ps_rbuf *r, struct ps_token_key_page *page);
void ps_put_token_sign(struct ps_wbuf *w, const struct ps_token_sign *sign);
void ps_get_token_sign(struct ps_rbuf *r, struct ps_token_sign *sign);
void ps_put_token_signature(struct ps_wbuf *w, const struct ps_token_signature *signature);
void ps_get_token_signature(struct ps_rbuf *r, struct ps_token_signature *signature);
void ps_put_token_new_key(struct ps_wbuf *w, const struct ps_token_new_key *new_key);
void ps_get_token_new_key(struct ps_rbuf *r, struct ps_token_new_key *new_key);
void ps_put_token_probe(struct ps_wbuf *w, const struct ps_token_probe *probe);
void ps_get_token_probe(struct ps_rbuf *r, struct ps_token_probe *probe);
/* The head of an answer: code, and message when it is not PS_OK. */
void ps_put_answer(struct ps_wbuf *w, enum ps_code code, const char *message);
enum ps_code ps_get_answer(struct ps_rbuf *r, struct ps_error *err);

/* "ready", "locked", "absent"; "native", "unsupported", "untested". */
const char *ps_token_state_name(enum ps_token_state state);
const char *ps_stark_support_name(enum ps_stark_support support);

#endif
