/*
 * The configuration file, checked: what the daemon was told, in its own types.
 *
 * Every key is one row of the table in config_table.c (path, type, bounds, default, explanation),
 * from which parsing, errors and `parasign config reference` come. A key that is unknown or written
 * twice, a second document, a scalar that is not exactly of its type: refused, with file, line and
 * column.
 */
#ifndef PARASIGN_DAEMON_CONFIG_CONFIG_H
#define PARASIGN_DAEMON_CONFIG_CONFIG_H

#include <parasign/error.h>
#include <proto/base/key_name.h>
#include <proto/stark/felt.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#define PS_CONFIG_PATH_MAX 512
#define PS_CONFIG_LIST_MAX 64
#define PS_CONFIG_ACCOUNTS_MAX 256
#define PS_CONFIG_CLIENTS_MAX 256

/* Texts of one list; owned by the configuration. */
struct ps_config_list {
    char **items;
    size_t count;
};

enum ps_account_kind { PS_ACCOUNT_STARKNET, PS_ACCOUNT_EVM };

/* How a helper's system calls are limited. */
enum ps_seccomp_profile {
    PS_SECCOMP_STRICT, /* an allow-list; fits SoftHSM2 and OpenSSL-based modules */
    PS_SECCOMP_DENY,   /* a deny-list, for vendor modules of which nothing is known */
    PS_SECCOMP_OFF     /* must be written out; said at every start */
};

struct ps_config_account {
    char name[PS_NAME_PART_MAX + 1];
    enum ps_account_kind kind;
    char environment[PS_NAME_PART_MAX + 1]; /* prod, testnet, or one under `environments` */
    char chain_id[32];                      /* pinned; from the environment unless written here */
    bool has_address;
    ps_felt address; /* written out; otherwise derived from <name>.main */
    ps_felt proxy_class_hash, account_class_hash, evm_class_hash; /* of the environment */
    char default_key[PS_KEY_NAME_MAX +
                     1]; /* "" : none, requests must name a key; never <name>.main */
    unsigned line;       /* where the entry starts in the file, for messages */
};

struct ps_config_client {
    uid_t uid;
    unsigned line; /* where the entry starts in the file, for messages */
    char name[PS_NAME_PART_MAX + 1];
    struct ps_config_list methods; /* "paradex.sign_order", "paradex.*", "*" */
    struct ps_config_list keys; /* "desk.sub.*", "*"; '*' does not match main keys unless written as
                                   "*.main" or whole */
};

struct ps_config {
    char file[PS_CONFIG_PATH_MAX];
    struct {
        char path[PS_CONFIG_PATH_MAX];
        mode_t mode;
        char group[64]; /* "" keeps the daemon's */
    } socket;
    char state_dir[PS_CONFIG_PATH_MAX]; /* PIN marker and such; 0700 */
    struct {
        char dir[PS_CONFIG_PATH_MAX];
    } audit;
    struct {
        char uri[PS_CONFIG_PATH_MAX]; /* RFC 7512, with module-path and pin-source */
        uint32_t threads;             /* signing threads, one session each */
        uint32_t call_deadline_ms;    /* a PKCS#11 operation that takes longer ends the helper */
        uint32_t start_deadline_ms;   /* loading the module, login, reading the keys */
        uint32_t keepalive_s;         /* idle time after which the token is touched; 0 never */
        bool network;                 /* the module itself talks to its token over the network */
        enum ps_seccomp_profile seccomp;
        struct ps_config_list read_paths;  /* for the module, beyond the system's libraries */
        struct ps_config_list write_paths; /* the token's own directory */
    } token;
    struct {
        enum ps_seccomp_profile seccomp;
        char ca_file[PS_CONFIG_PATH_MAX]; /* "" : the system's store */
    } upstream;
    struct {
        uint32_t clients;              /* connections at once */
        uint32_t requests_per_client;  /* in flight per connection */
        uint32_t requests;             /* in flight in all */
        uint32_t request_deadline_ms;  /* an answer after this is deadline_exceeded */
        uint32_t line_deadline_ms;     /* a line must be whole this long after its first byte */
        uint32_t shutdown_deadline_ms; /* what is in flight is answered or refused by then */
        uint32_t signature_window_s;   /* signature_timestamp may differ this much from now */
        uint32_t auth_expiry_s;        /* default life of signed login headers */
        uint32_t auth_expiry_max_s;
    } limits;
    bool landlock; /* off must be written out; said at every start */
    struct ps_config_account *accounts;
    size_t account_count;
    struct ps_config_client *clients;
    size_t client_count;
};

/*
 * Reads and checks file. Out: *out, to be freed with ps_config_free().
 * PS_INVALID_PARAMS with "file:line:column: what is wrong and what would be right".
 */
PS_MUST_USE enum ps_code ps_config_load(const char *file, struct ps_config **out,
                                        struct ps_error *err);
void ps_config_free(struct ps_config *config);

/* NULL when there is none. */
const struct ps_config_account *ps_config_account_find(const struct ps_config *config,
                                                       const char *name);

/* The reference of all keys, as Markdown, written to stream. */
void ps_config_reference(FILE *stream);

#endif
