/* Every key of the configuration file: one row each, from which everything else follows. */
#ifndef PARASIGN_DAEMON_CONFIG_CONFIG_TABLE_H
#define PARASIGN_DAEMON_CONFIG_CONFIG_TABLE_H

#include <daemon/config/config.h>

/* Which struct a row's offset counts in, and where in the file its key stands. */
enum ps_config_scope {
    PS_CONFIG_ROOT,        /* struct ps_config */
    PS_CONFIG_ENVIRONMENT, /* struct ps_config_environment; entries of `environments` */
    PS_CONFIG_ACCOUNT,     /* struct ps_config_account; entries of `accounts` */
    PS_CONFIG_CLIENT       /* struct ps_config_client; entries of `clients` */
};

/* What stands in the file and what it becomes. min and max: see each. */
enum ps_config_type {
    PS_CONFIG_TEXT,     /* char[max + 1]; min and max count bytes */
    PS_CONFIG_PATH,     /* char[max + 1]; absolute; min 0: "" is allowed */
    PS_CONFIG_URI,      /* char[max + 1]; pkcs11: without a PIN in it */
    PS_CONFIG_UINT,     /* uint32_t from min to max */
    PS_CONFIG_SWITCH,   /* bool */
    PS_CONFIG_MODE,     /* mode_t */
    PS_CONFIG_CHOICE,   /* an enum that counts like choices */
    PS_CONFIG_NAME,     /* char[PS_NAME_PART_MAX + 1]; a part of key names */
    PS_CONFIG_KEY,      /* char[PS_KEY_NAME_MAX + 1]; a whole key name */
    PS_CONFIG_FELT,     /* ps_felt; 0x hex; not zero */
    PS_CONFIG_USER,     /* uid_t; a number or a user's name */
    PS_CONFIG_PATHS,    /* struct ps_config_list of absolute paths */
    PS_CONFIG_METHODS,  /* struct ps_config_list of method patterns */
    PS_CONFIG_PATTERNS, /* struct ps_config_list of key patterns */
    PS_CONFIG_ENTRIES   /* a list of mappings of `entries`; config_entries.c stores it */
};

struct ps_config_key {
    const char *path; /* "token.threads"; NULL ends the table */
    size_t offset;
    uint64_t min, max;
    const char *const *choices; /* NULL-terminated */
    const char *initial;        /* the default, as it would be written; NULL: none */
    const char *about;          /* for the reference; one or two sentences */
    enum ps_config_scope scope;
    enum ps_config_type type;
    enum ps_config_scope entries; /* of PS_CONFIG_ENTRIES */
    bool required;                /* there is no default and the key must be written */
};

extern const struct ps_config_key ps_config_keys[];

/* An entry of `environments`; only while the file is being read. */
struct ps_config_environment {
    char name[PS_NAME_PART_MAX + 1];
    char chain_id[32];
    ps_felt proxy_class_hash, account_class_hash, evm_class_hash;
    unsigned line;
};

#endif
