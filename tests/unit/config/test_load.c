/* Whole files: what is taken, and that each fault is refused at its line and column. */
#include <tests/support/check.h>

#include <daemon/config/config.h>
#include <fcntl.h>
#include <proto/stark/felt_text.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char file[] = "/tmp/parasign-config-XXXXXX";

static int make_file(void **state)
{
    int fd = mkstemp(file);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(file);
}

static void write_file(const void *text, size_t length)
{
    int fd = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, length), length);
    assert_int_equal(close(fd), 0);
}

static enum ps_code load(const char *text, struct ps_config **config, struct ps_error *err)
{
    write_file(text, strlen(text));
    return ps_config_load(file, config, err);
}

#define TOKEN "token: {uri: \"pkcs11:token=t?module-path=/m.so\"}\n"

static void defaults(void **state)
{
    struct ps_config *config = NULL;
    struct ps_error err;

    (void)state;
    assert_int_equal(load(TOKEN, &config, &err), PS_OK);
    assert_string_equal(config->file, file);
    assert_string_equal(config->socket.path, "/run/parasign/parasign.sock");
    assert_int_equal(config->socket.mode, 0660);
    assert_string_equal(config->socket.group, "");
    assert_string_equal(config->token.uri, "pkcs11:token=t?module-path=/m.so");
    assert_int_equal(config->token.threads, 2);
    assert_int_equal(config->token.call_deadline_ms, 2000);
    assert_int_equal(config->token.start_deadline_ms, 5000);
    assert_false(config->token.network);
    assert_int_equal(config->token.seccomp, PS_SECCOMP_STRICT);
    assert_int_equal(config->token.read_paths.count, 0);
    assert_int_equal(config->limits.clients, 256);
    assert_int_equal(config->limits.requests_per_client, 256);
    assert_int_equal(config->limits.requests, 4096);
    assert_int_equal(config->limits.request_deadline_ms, 5000);
    assert_int_equal(config->limits.line_deadline_ms, 5000);
    assert_int_equal(config->limits.signature_window_s, 60);
    assert_int_equal(config->limits.auth_expiry_s, 300);
    assert_int_equal(config->limits.auth_expiry_max_s, 3600);
    assert_true(config->landlock);
    assert_int_equal(config->account_count, 0);
    assert_int_equal(config->client_count, 0);
    ps_config_free(config);
}

static void the_example_is_taken(void **state)
{
    const struct ps_config_account *account;
    struct ps_config *config = NULL;
    struct ps_error err = {.message = ""};
    char hex[PS_FELT_HEX_MAX];

    (void)state;
    if (ps_config_load(PS_SOURCE_DIR "/scripts/examples/parasign.yaml", &config, &err) != PS_OK)
        fail_msg("%s", err.message);
    assert_string_equal(config->socket.group, "parasign");
    assert_int_equal(config->token.read_paths.count, 1);
    assert_string_equal(config->token.read_paths.items[0], "/etc/softhsm");
    assert_int_equal(config->account_count, 3);

    account = ps_config_account_find(config, "desk");
    assert_non_null(account);
    assert_int_equal(account->kind, PS_ACCOUNT_STARKNET);
    assert_string_equal(account->chain_id, "PRIVATE_SN_PARACLEAR_TESTNET");
    assert_string_equal(account->default_key, "desk.sub.trader");
    assert_false(account->has_address);
    assert_int_equal(ps_config_account_find(config, "evmdesk")->kind, PS_ACCOUNT_EVM);

    /* Its own chain id wins over the environment's, the class hashes are the environment's. */
    account = ps_config_account_find(config, "vault");
    assert_non_null(account);
    assert_string_equal(account->chain_id, "PRIVATE_SN_POTC_MOCK_SEPOLIA");
    assert_true(account->has_address);
    ps_felt_to_hex(hex, &account->address);
    assert_string_equal(hex, "0x129f3dc1b8962d8a87abc692424c78fda963ade0e1cd17bf3d1c26f8d41ee7a");
    ps_felt_to_hex(hex, &account->evm_class_hash);
    assert_string_equal(hex, "0x73414441639dcd11d1846f287650a00c60c416b9d3ba45d31c651672125b2c2");
    assert_string_equal(account->default_key, "");
    assert_null(ps_config_account_find(config, "nobody"));

    assert_int_equal(config->client_count, 3);
    assert_int_equal(config->clients[0].uid, 1001);
    assert_int_equal(config->clients[0].methods.count, 4);
    assert_string_equal(config->clients[0].keys.items[0], "desk.sub.*");
    assert_int_equal(config->clients[1].keys.count, 0);
    ps_config_free(config);
}

struct bad_case {
    const char *text;
    const char *at;   /* "line:column" */
    const char *says; /* part of the message */
};

#define ACCOUNT(members)                                                                           \
    TOKEN "accounts:\n  - {name: desk, kind: starknet, environment: testnet" members "}\n"
#define CLIENT(members) TOKEN "clients:\n  - {name: a, uid: 1, methods: [\"*\"]" members "}\n"

static const struct bad_case bad_cases[] = {
    /* values */
    {"token: {uri: \"pkcs11:a\", threads: 1.5}\n", "1:35", "is not a whole number"},
    {"token:\n  uri: \"pkcs11:a\"\n  threads: 010\n", "3:12", "\"010\" is not a whole number"},
    {"token:\n  uri: \"pkcs11:a\"\n  threads: 0x10\n", "3:12", "is not a whole number"},
    {"token:\n  uri: \"pkcs11:a\"\n  threads: +5\n", "3:12", "is not a whole number"},
    {"token:\n  uri: \"pkcs11:a\"\n  threads: \"\"\n", "3:12", "is not a whole number"},
    {"token:\n  uri: \"pkcs11:a\"\n  threads:\n", "3:11", "has no value"},
    {"token:\n  uri: \"pkcs11:a\"\n  threads: ~\n", "3:12", "has no value"},
    {"token:\n  uri: \"pkcs11:a\"\n  threads: null\n", "3:12", "has no value"},
    {"token:\n  uri: \"pkcs11:a\"\n  threads: 0\n", "3:12", "write 1 to 64"},
    {"token:\n  uri: \"pkcs11:a\"\n  threads: 65\n", "3:12", "write 1 to 64"},
    {"token:\n  uri: \"pkcs11:a\"\n  threads: \"2\\0\"\n", "3:12", "has a NUL in it"},
    {"token:\n  uri: \"pkcs11:a\"\n  call_deadline_ms: 2s\n", "3:21", "is not a whole number"},
    {"token:\n  uri: \"pkcs11:a\"\n  network: flase\n", "3:12", "neither on nor off"},
    {"token:\n  uri: \"pkcs11:a\"\n  seccomp: Strict\n", "3:12", "strict, deny, off"},
    {TOKEN "landlock: yes\n", "2:11", "neither on nor off"},
    {TOKEN "socket: {mode: 660}\n", "2:16", "four octal digits"},
    {TOKEN "socket: {path: run/x}\n", "2:16", "begin it with /"},
    {TOKEN "state_dir: /a/../b\n", "2:12", "write the path out"},
    {"token: {uri: http://x}\n", "1:14", "not a PKCS#11 URI"},
    {"token: {uri: \"pkcs11:a?pin-value=1234\"}\n", "1:14", "pin-source=file:"},
    {TOKEN "limits: {auth_expiry_s: 4000}\n", "2:9", "above limits.auth_expiry_max_s"},

    /* keys and shapes */
    {"tokn: {}\n", "1:1", "there is no key \"tokn\" here; did you mean \"token\"?"},
    {"token: {uri: \"pkcs11:a\", thread: 1}\n", "1:26", "did you mean \"threads\"?"},
    {TOKEN "limits:\n  zzzzzzzz: 1\n", "3:3", "there is no key \"zzzzzzzz\""},
    {"token.uri: \"pkcs11:a\"\n", "1:1", "there is no key"},
    {TOKEN "state_dir: /a\nstate_dir: /b\n", "3:1",
     "state_dir is written twice; the first is on line 2"},
    {TOKEN TOKEN, "2:1", "token is written twice"},
    {TOKEN "socket: /run/x\n", "2:9", "socket must be a mapping"},
    {TOKEN "socket: [a]\n", "2:9", "socket must be a mapping"},
    {TOKEN "state_dir: [/a]\n", "2:12", "must be one value"},
    {TOKEN "state_dir: {a: b}\n", "2:12", "must be one value"},
    {"token: {uri: \"pkcs11:a\", read_paths: /x}\n", "1:38", "must be a list"},
    {"token: {uri: \"pkcs11:a\", read_paths: [x]}\n", "1:39", "begin it with /"},
    {"token: {uri: \"pkcs11:a\", read_paths: [[/x]]}\n", "1:39", "is a list of texts"},
    {TOKEN "accounts: {}\n", "2:11", "must be a list"},
    {TOKEN "accounts: [desk]\n", "2:12", "must be a mapping"},
    {TOKEN "? [a]\n: b\n", "2:3", "a key must be a plain word"},
    {"- a\n", "1:1", "must be a mapping"},
    {"hello\n", "1:1", "must be a mapping"},
    {"state_dir: /a\n", "1:1", "token.uri is missing"},
    {"token: {threads: 2}\n", "1:1", "token.uri is missing"},

    /* YAML that says more than it shows */
    {"", "1:1", "is empty"},
    {"# only a comment\n", "1:1", "is empty"},
    {TOKEN "---\n" TOKEN, "2:1", "second document"},
    {"token: &t {uri: \"pkcs11:a\"}\n", "1:8", "anchors"},
    {"token: {uri: &u \"pkcs11:a\"}\nstate_dir: *u\n", "1:14", "anchors"},
    {TOKEN "state_dir: *u\n", "2:12", "aliases"},
    {"token: !x {uri: \"pkcs11:a\"}\n", "1:8", "tags"},
    {TOKEN "landlock: !!bool on\n", "2:11", "tags"},
    {TOKEN "socket: [[[[[[[[[[a]]]]]]]]]]\n", "2:16", "nested too deeply"},
    {TOKEN "socket: {path: /a\n", "3:1", "did not find"},
    {TOKEN "\tlandlock: on\n", "2:1", "cannot start any token"},

    /* accounts */
    {TOKEN "accounts: [{name: desk, kind: starknet}]\n", "2:12", "environment is missing"},
    {TOKEN "accounts: [{kind: starknet, environment: testnet}]\n", "2:12", "name is missing"},
    {TOKEN "accounts: [{name: Desk, kind: starknet, environment: testnet}]\n", "2:19",
     "is not a name"},
    {TOKEN "accounts: [{name: para, kind: starknet, environment: testnet}]\n", "2:19",
     "cannot be an account"},
    {TOKEN "accounts: [{name: desk, kind: starkex, environment: testnet}]\n", "2:31",
     "starknet, evm"},
    {TOKEN "accounts: [{name: desk, kind: evm, environment: moon}]\n", "2:49",
     "there is no environment moon"},
    {ACCOUNT(", default_key: desk.main"), "3:69", "a main key is never the default"},
    {ACCOUNT(", default_key: other.main"), "3:69", "a main key is never the default"},
    {ACCOUNT(", default_key: other.sub.a"), "3:69", "is not a key of account desk"},
    {ACCOUNT(", default_key: desk.evm"), "3:69", "is not a subkey"},
    {ACCOUNT(", default_key: desk.readonly.a"), "3:69", "is not a subkey"},
    {ACCOUNT(", default_key: trader"), "3:69", "default_key: "},
    {ACCOUNT(", address: 123"), "3:65", "is not a felt"},
    {ACCOUNT(", address: \"0x0\""), "3:65", "is not a felt"},
    {ACCOUNT(", address: \"0x800000000000011000000000000000000000000000000000000000000000001\""),
     "3:65", "is not a felt"},
    {ACCOUNT(", chain_id: ABCDEFGHIJKLMNOPQRSTUVWXYZ1234567"), "3:66", "at most 31 bytes"},
    {ACCOUNT(", chain_id: \"\xc3\xa4\""), "3:66", "chain_id: "},
    {ACCOUNT("") "  - {name: desk, kind: evm, environment: prod}\n", "4:12",
     "is there already, on line 3"},

    /* environments */
    {TOKEN "environments: [{name: prod, chain_id: A, proxy_class_hash: 0x1, "
           "account_class_hash: 0x1, evm_class_hash: 0x1}]\n",
     "2:23", "is built in"},
    {TOKEN "environments: [{name: a, chain_id: A}]\n", "2:16", "proxy_class_hash is missing"},

    /* clients */
    {TOKEN "clients: [{name: a, uid: 1}]\n", "2:11", "methods is missing"},
    {TOKEN "clients: [{name: a, methods: []}]\n", "2:11", "uid is missing"},
    {TOKEN "clients: [{name: a, uid: -1, methods: []}]\n", "2:26", "there is no user"},
    {TOKEN "clients: [{name: a, uid: nobody-has-this-name, methods: []}]\n", "2:26",
     "there is no user"},
    {TOKEN "clients: [{name: a, uid: 1, methods: [paradex.sign_ordre]}]\n", "2:39",
     "did you mean \"paradex.sign_order\"?"},
    {TOKEN "clients: [{name: a, uid: 1, methods: [parade.*]}]\n", "2:39", "matches no method"},
    {TOKEN "clients: [{name: a, uid: 1, methods: [paradex.sign*]}]\n", "2:39", "matches no method"},
    {TOKEN "clients: [{name: a, uid: 1, methods: [\"**\"]}]\n", "2:39", "matches no method"},
    {CLIENT(", keys: [desk]"), "3:46", "no pattern of key names"},
    {CLIENT(", keys: [\"desk.sub.t*\"]"), "3:46", "no pattern of key names"},
    {CLIENT(", keys: [\"*.sub.a\"]"), "3:46", "no pattern of key names"},
    {CLIENT(", keys: [\"*.*\"]"), "3:46", "no pattern of key names"},
    {CLIENT(", keys: [\"Desk.*\"]"), "3:46", "no pattern of key names"},
    {CLIENT("") "  - {name: a, uid: 2, methods: [\"*\"]}\n", "4:12", "is there already, on line 3"},
};

static void faults_are_refused_where_they_are(void **state)
{
    size_t i, failures = 0;

    (void)state;
    for (i = 0; i < sizeof bad_cases / sizeof bad_cases[0]; i++) {
        const struct bad_case *c = &bad_cases[i];
        struct ps_config *config = NULL;
        struct ps_error err = {.message = ""};
        char where[128];
        enum ps_code rc;

        (void)snprintf(where, sizeof where, "%s:%s: ", file, c->at);
        rc = load(c->text, &config, &err);
        if (rc != PS_INVALID_PARAMS || strncmp(err.message, where, strlen(where)) != 0 ||
            strstr(err.message, c->says) == NULL) {
            print_error("%s\ngave  %s\nwants %s...%s\n", c->text, err.message, where, c->says);
            failures++;
        }
        ps_config_free(config);
    }
    assert_int_equal(failures, 0);
}

static void what_is_not_a_file_is_refused(void **state)
{
    struct ps_config *config = NULL;
    struct ps_error err;
    static char big[1048578];

    (void)state;
    assert_int_equal(ps_config_load("/nonexistent/parasign.yaml", &config, &err),
                     PS_INVALID_PARAMS);
    assert_non_null(strstr(err.message, "cannot be opened"));
    assert_int_equal(ps_config_load("/tmp", &config, &err), PS_INVALID_PARAMS);
    assert_non_null(strstr(err.message, "not a regular file"));
    assert_int_equal(ps_config_load("/dev/null", &config, &err), PS_INVALID_PARAMS);

    memset(big, '#', sizeof big);
    write_file(big, sizeof big);
    assert_int_equal(ps_config_load(file, &config, &err), PS_INVALID_PARAMS);
    assert_non_null(strstr(err.message, "larger than"));

    write_file("state_dir: \"\xff\xfe\"\n", 15);
    assert_int_equal(ps_config_load(file, &config, &err), PS_INVALID_PARAMS);
    assert_non_null(strstr(err.message, "UTF-8"));

    assert_int_equal(load(TOKEN, &config, &err), PS_OK);
    ps_config_free(config);
    assert_int_equal(chmod(file, 0606), 0);
    assert_int_equal(ps_config_load(file, &config, &err), PS_INVALID_PARAMS);
    assert_non_null(strstr(err.message, "everybody may write it"));
    assert_int_equal(chmod(file, 0600), 0);
}

static void the_reference_names_every_key(void **state)
{
    static const char *const some[] = {"`socket.path`",           "`token.uri`",
                                       "`limits.auth_expiry_s`",  "`landlock`",
                                       "`default_key`",           "`proxy_class_hash`",
                                       "Each entry of `clients`", "`strict`, `deny`, `off`"};
    char *text = NULL;
    size_t length = 0, i;
    FILE *stream = open_memstream(&text, &length);

    (void)state;
    assert_non_null(stream);
    ps_config_reference(stream);
    assert_int_equal(fclose(stream), 0);
    for (i = 0; i < sizeof some / sizeof some[0]; i++)
        if (strstr(text, some[i]) == NULL)
            fail_msg("the reference lacks %s", some[i]);
    free(text);
}

/* Cut and changed files: refused or taken, but nothing else happens (run under sanitizers too). */
static void mutations_do_no_harm(void **state)
{
    char text[8192];
    uint32_t random = 12345;
    size_t length;
    int fd, i;

    (void)state;
    fd = open(PS_SOURCE_DIR "/scripts/examples/parasign.yaml", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    length = (size_t)read(fd, text, sizeof text);
    assert_int_equal(close(fd), 0);
    assert_true(length > 1000 && length < sizeof text);
    for (i = 0; i < 2000; i++) {
        static const char bytes[] = "\n\t :-[]{}\"'#&*!|>%@`~,?\x80\xff\0azAZ09";
        struct ps_config *config = NULL;
        struct ps_error err;
        char saved[4];
        size_t at[4], j;

        for (j = 0; j < 4; j++) {
            random = random * 1664525 + 1013904223;
            at[j] = (random >> 8) % length;
            saved[j] = text[at[j]];
            text[at[j]] = bytes[(random >> 4) % (sizeof bytes - 1)];
        }
        write_file(text, i % 7 == 0 ? at[0] : length);
        if (ps_config_load(file, &config, &err) == PS_OK)
            assert_non_null(config);
        else
            assert_null(config);
        ps_config_free(config);
        for (j = 4; j-- > 0;)
            text[at[j]] = saved[j];
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),
        cmocka_unit_test(the_example_is_taken),
        cmocka_unit_test(faults_are_refused_where_they_are),
        cmocka_unit_test(what_is_not_a_file_is_refused),
        cmocka_unit_test(the_reference_names_every_key),
        cmocka_unit_test(mutations_do_no_harm),
    };

    return cmocka_run_group_tests_name("config.load", tests, make_file, remove_file);
}
