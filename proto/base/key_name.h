/*
 * Key names (CKA_LABEL) and what follows from them.
 *
 *   <account>.main   <account>.evm   <account>.sub.<name>   <account>.readonly.<name>
 *   para.<environment>   audit.<name>   general.<name>
 *
 * Each <part> is 1 to 31 characters of [a-z0-9_-], the first one a letter or digit. `para`, `audit`
 * and `general` are not account names.
 */
#ifndef PARASIGN_PROTO_BASE_KEY_NAME_H
#define PARASIGN_PROTO_BASE_KEY_NAME_H

#include <parasign/error.h>
#include <parasign/types.h>

#define PS_NAME_PART_MAX 31

struct ps_key_name {
    enum ps_role role;
    char account[PS_NAME_PART_MAX + 1]; /* "" for para, audit, general */
    char part[PS_NAME_PART_MAX + 1];    /* the last <name> or <environment>; "" for main and evm */
};

/*
 * Parses text (NUL-terminated). PS_INVALID_PARAMS with a message that shows the forms.
 * Out: name, may be NULL to check only. err may be NULL.
 */
PS_MUST_USE enum ps_code ps_key_name_parse(const char *text, struct ps_key_name *name,
                                           struct ps_error *err);

/* Whether a <part> is well formed. */
bool ps_name_part_ok(const char *part);

/* Whether a key of this role may be of this kind (main and subkeys: STARK; evm: secp256k1; ...). */
bool ps_role_takes_kind(enum ps_role role, enum ps_kind kind);

#endif
