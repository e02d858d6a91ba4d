/* The words of the API as types: what keys are, what they are for, where they live. */
#ifndef PARASIGN_TYPES_H
#define PARASIGN_TYPES_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum ps_kind {
    PS_KIND_STARK,     /* the STARK curve: Paradex main keys and subkeys */
    PS_KIND_SECP256K1, /* Ethereum accounts */
    PS_KIND_SECRET,    /* a bearer secret */
    PS_KIND_COUNT
};

/* A key's role follows from its name alone (key_name.h), so that nobody can relabel its rights. */
enum ps_role {
    PS_ROLE_MAIN,     /* <account>.main */
    PS_ROLE_EVM,      /* <account>.evm */
    PS_ROLE_SUBKEY,   /* <account>.sub.<name> */
    PS_ROLE_READONLY, /* <account>.readonly.<name> */
    PS_ROLE_PARA,     /* para.<environment> */
    PS_ROLE_AUDIT,    /* audit.<name> */
    PS_ROLE_GENERAL,  /* general.<name> */
    PS_ROLE_COUNT
};

enum ps_custody {
    PS_CUSTODY_TOKEN,   /* the private key signs inside the token and cannot be read */
    PS_CUSTODY_WRAPPED, /* kept encrypted by a key of the token, signs in locked memory */
    PS_CUSTODY_COUNT
};

/* Longest key name: two parts of 31, the joints and the middle word. */
#define PS_KEY_NAME_MAX 80

/* Names as the API writes them ("stark", "main", "token"); never NULL. */
const char *ps_kind_name(enum ps_kind kind);
const char *ps_role_name(enum ps_role role);
const char *ps_custody_name(enum ps_custody custody);
/* The value with that name, or PS_..._COUNT. */
enum ps_kind ps_kind_from_name(const char *name);
enum ps_custody ps_custody_from_name(const char *name);

#ifdef __cplusplus
}
#endif
#endif
