#include <daemon/config/config_table.h>

#include <stddef.h>

static const char *const seccomp_choices[] = {"strict", "deny", "off", NULL};
static const char *const kind_choices[] = {"starknet", "evm", NULL};

#define ROOT(member) PS_CONFIG_ROOT, offsetof(struct ps_config, member)
#define ENVIRONMENT(member) PS_CONFIG_ENVIRONMENT, offsetof(struct ps_config_environment, member)
#define ACCOUNT(member) PS_CONFIG_ACCOUNT, offsetof(struct ps_config_account, member)
#define CLIENT(member) PS_CONFIG_CLIENT, offsetof(struct ps_config_client, member)

#define ROW(path_, type_, where, ...) ROW_(path_, type_, where, __VA_ARGS__)
#define ROW_(path_, type_, scope_, offset_, ...)                                                   \
    {                                                                                              \
        .scope = (scope_), .path = (path_), .type = (type_), .offset = (offset_), __VA_ARGS__      \
    }
#define ENTRIES(path_, of, max_, ...)                                                              \
    {                                                                                              \
        .scope = PS_CONFIG_ROOT, .path = (path_), .type = PS_CONFIG_ENTRIES, .entries = (of),      \
        .max = (max_), __VA_ARGS__                                                                 \
    }
#define BOUNDS(min_, max_) .min = (min_), .max = (max_)

/* sun_path of struct sockaddr_un holds 108 bytes with its NUL. */
#define SOCKET_PATH_MAX 107
#define PATH_MAX_BYTES (PS_CONFIG_PATH_MAX - 1)

/* clang-format off */
const struct ps_config_key ps_config_keys[] = {
    ROW("socket.path", PS_CONFIG_PATH, ROOT(socket.path), BOUNDS(1, SOCKET_PATH_MAX),
        .initial = "/run/parasign/parasign.sock",
        .about = "Where clients connect. A socket passed by the service manager takes its place."),
    ROW("socket.mode", PS_CONFIG_MODE, ROOT(socket.mode), .initial = "0660",
        .about = "File mode of the socket. Who may open it may ask; `clients` decides the rest."),
    ROW("socket.group", PS_CONFIG_TEXT, ROOT(socket.group), BOUNDS(0, 63), .initial = "",
        .about = "Group of the socket; empty keeps the daemon's own."),
    ROW("state_dir", PS_CONFIG_PATH, ROOT(state_dir), BOUNDS(1, PATH_MAX_BYTES),
        .initial = "/var/lib/parasign",
        .about = "Where the mark of a refused PIN is kept. Of the daemon's user, mode 0700."),
    ROW("audit.dir", PS_CONFIG_PATH, ROOT(audit.dir), BOUNDS(1, PATH_MAX_BYTES),
        .initial = "/var/lib/parasign/audit",
        .about = "Where the audit log is written. Without it nothing is signed."),

    ROW("token.uri", PS_CONFIG_URI, ROOT(token.uri), BOUNDS(8, PATH_MAX_BYTES), .required = true,
        .about = "RFC 7512 URI that fits exactly one token, with module-path, and with pin-source "
                 "if the daemon is to log in by itself. A pin-value is refused."),
    ROW("token.threads", PS_CONFIG_UINT, ROOT(token.threads), BOUNDS(1, 64), .initial = "2",
        .about = "Signing threads, each with a session of its own on the token."),
    ROW("token.call_deadline_ms", PS_CONFIG_UINT, ROOT(token.call_deadline_ms),
        BOUNDS(50, 600000), .initial = "2000",
        .about = "A signature that takes the token longer than this, in milliseconds, ends the "
                 "token process; a new one takes over."),
    ROW("token.start_deadline_ms", PS_CONFIG_UINT, ROOT(token.start_deadline_ms),
        BOUNDS(100, 600000), .initial = "5000",
        .about = "Time in milliseconds for loading the module, login and reading the keys."),
    ROW("token.keepalive_s", PS_CONFIG_UINT, ROOT(token.keepalive_s), BOUNDS(0, 86400),
        .initial = "30",
        .about = "Idle seconds after which the token is touched with a call that signs nothing; "
                 "0 never."),
    ROW("token.network", PS_CONFIG_SWITCH, ROOT(token.network), .initial = "off",
        .about = "Whether the module itself reaches its token over the network."),
    ROW("token.seccomp", PS_CONFIG_CHOICE, ROOT(token.seccomp), .choices = seccomp_choices,
        .initial = "strict",
        .about = "System calls of the token process: an allow-list (fits SoftHSM2 and modules "
                 "built on OpenSSL), a deny-list for modules of which nothing is known, or off."),
    ROW("token.read_paths", PS_CONFIG_PATHS, ROOT(token.read_paths), BOUNDS(0, PATH_MAX_BYTES),
        .about = "Files and folders that the module reads, beside the system's libraries and the "
                 "PIN source."),
    ROW("token.write_paths", PS_CONFIG_PATHS, ROOT(token.write_paths), BOUNDS(0, PATH_MAX_BYTES),
        .about = "Files and folders that the module writes: the token's own folder."),

    ROW("upstream.seccomp", PS_CONFIG_CHOICE, ROOT(upstream.seccomp), .choices = seccomp_choices,
        .initial = "strict", .about = "As token.seccomp, for the process that speaks to the exchange."),
    ROW("upstream.ca_file", PS_CONFIG_PATH, ROOT(upstream.ca_file), BOUNDS(0, PATH_MAX_BYTES),
        .initial = "",
        .about = "Certificate authorities of the exchange (PEM); empty takes the system's."),

    ROW("limits.clients", PS_CONFIG_UINT, ROOT(limits.clients), BOUNDS(1, 4096), .initial = "256",
        .about = "Connections at once."),
    ROW("limits.requests_per_client", PS_CONFIG_UINT, ROOT(limits.requests_per_client),
        BOUNDS(1, 65536), .initial = "256", .about = "Requests in flight on one connection."),
    ROW("limits.requests", PS_CONFIG_UINT, ROOT(limits.requests), BOUNDS(1, 65536),
        .initial = "4096", .about = "Requests in flight in all."),
    ROW("limits.request_deadline_ms", PS_CONFIG_UINT, ROOT(limits.request_deadline_ms),
        BOUNDS(50, 600000), .initial = "5000",
        .about = "A request without an answer after this many milliseconds is refused with "
                 "deadline_exceeded."),
    ROW("limits.line_deadline_ms", PS_CONFIG_UINT, ROOT(limits.line_deadline_ms),
        BOUNDS(50, 600000), .initial = "5000",
        .about = "A request must be whole this many milliseconds after its first byte."),
    ROW("limits.shutdown_deadline_ms", PS_CONFIG_UINT, ROOT(limits.shutdown_deadline_ms),
        BOUNDS(50, 600000), .initial = "5000",
        .about = "How long the daemon answers what is in flight before it ends, in milliseconds."),
    ROW("limits.signature_window_s", PS_CONFIG_UINT, ROOT(limits.signature_window_s),
        BOUNDS(1, 315360000), .initial = "60",
        .about = "How far a signature_timestamp may lie before or after the daemon's clock, in "
                 "seconds. More than minutes is for tests with recorded orders only: a client "
                 "could then get signatures for later."),
    ROW("limits.auth_expiry_s", PS_CONFIG_UINT, ROOT(limits.auth_expiry_s), BOUNDS(10, 604800),
        .initial = "300",
        .about = "Life of signed login headers in seconds, when the request names none."),
    ROW("limits.auth_expiry_max_s", PS_CONFIG_UINT, ROOT(limits.auth_expiry_max_s),
        BOUNDS(10, 604800), .initial = "3600",
        .about = "The longest life that a request may ask for, in seconds. One captured login "
                 "signature gives access for that long."),
    ROW("landlock", PS_CONFIG_SWITCH, ROOT(landlock), .initial = "on",
        .about = "Whether each process may reach its own files only. Where the kernel has no "
                 "Landlock the daemon does not start unless this is off."),

    ENTRIES("environments", PS_CONFIG_ENVIRONMENT, PS_CONFIG_LIST_MAX,
        .about = "Environments of the exchange beside the built-in prod and testnet."),
    ENTRIES("accounts", PS_CONFIG_ACCOUNT, PS_CONFIG_ACCOUNTS_MAX,
        .about = "The accounts that keys on the token belong to."),
    ENTRIES("clients", PS_CONFIG_CLIENT, PS_CONFIG_CLIENTS_MAX,
        .about = "Who may do what. Whatever is not written here is refused."),

    ROW("name", PS_CONFIG_NAME, ENVIRONMENT(name), .required = true,
        .about = "What accounts call it."),
    ROW("chain_id", PS_CONFIG_TEXT, ENVIRONMENT(chain_id), BOUNDS(1, 31), .required = true,
        .about = "Starknet chain id, as in GET /v1/system/config of the exchange."),
    ROW("proxy_class_hash", PS_CONFIG_FELT, ENVIRONMENT(proxy_class_hash), .required = true,
        .about = "paraclear_account_proxy_hash of the same answer."),
    ROW("account_class_hash", PS_CONFIG_FELT, ENVIRONMENT(account_class_hash), .required = true,
        .about = "paraclear_account_hash of the same answer."),
    ROW("evm_class_hash", PS_CONFIG_FELT, ENVIRONMENT(evm_class_hash), .required = true,
        .about = "paraclear_evm_account_hash of the same answer."),

    ROW("name", PS_CONFIG_NAME, ACCOUNT(name), .required = true,
        .about = "The first part of the names of its keys: `desk` for desk.main."),
    ROW("kind", PS_CONFIG_CHOICE, ACCOUNT(kind), .choices = kind_choices, .required = true,
        .about = "What owns it: a STARK key (starknet) or an Ethereum key (evm)."),
    ROW("environment", PS_CONFIG_NAME, ACCOUNT(environment), .required = true,
        .about = "prod, testnet, or one of `environments`."),
    ROW("chain_id", PS_CONFIG_TEXT, ACCOUNT(chain_id), BOUNDS(1, 31),
        .about = "Starknet chain id that is signed, when it is not the environment's."),
    ROW("address", PS_CONFIG_FELT, ACCOUNT(address),
        .about = "The account's address, when it does not follow from its main key on the token."),
    ROW("default_key", PS_CONFIG_KEY, ACCOUNT(default_key),
        .about = "The subkey that signs when a request names none. Never the main key."),

    ROW("name", PS_CONFIG_NAME, CLIENT(name), .required = true,
        .about = "What the audit log calls it."),
    ROW("uid", PS_CONFIG_USER, CLIENT(uid), .required = true,
        .about = "The Unix user: a number, or a name that this machine knows."),
    ROW("methods", PS_CONFIG_METHODS, CLIENT(methods), BOUNDS(1, 63), .required = true,
        .about = "Methods it may call: whole names, `family.*`, or `*`."),
    ROW("keys", PS_CONFIG_PATTERNS, CLIENT(keys), BOUNDS(1, PS_KEY_NAME_MAX),
        .about = "Keys it may use: whole names, `desk.*`, `desk.sub.*`, or `*`. These do not reach "
                 "main keys; `desk.main` and `*.main` do."),
    {.path = NULL},
};
/* clang-format on */
