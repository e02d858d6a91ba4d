/* Which module, which token, which PIN source: an RFC 7512 URI, read by p11-kit. */
#ifndef PARASIGN_PKCS11_URI_H
#define PARASIGN_PKCS11_URI_H

#include <limits.h>
#include <parasign/error.h>
#include <pkcs11/ck.h>

#define PS_URI_MAX 1024

struct p11_kit_uri;

struct ps_uri {
    char module_path[256];       /* absolute */
    char pin_source[PATH_MAX];   /* absolute path of a file, or "" */
    char wanted_label[33];       /* the token attribute, or "": for messages and for init */
    struct p11_kit_uri *matcher; /* owned */
};

/*
 * PS_INVALID_PARAMS with a sentence when the URI is malformed, names no module-path, carries a
 * pin-value (a PIN does not belong into a command line), names an object, or has a pin-source that
 * is no file.
 */
PS_MUST_USE enum ps_code ps_uri_parse(const char *text, struct ps_uri *out, struct ps_error *err);
void ps_uri_free(struct ps_uri *uri);

/* Whether a token with this info in this slot is one that the URI means. */
bool ps_uri_matches(const struct ps_uri *uri, CK_SLOT_ID slot, const CK_TOKEN_INFO *info);

/* The slot-id attribute; false when there is none. */
bool ps_uri_slot(const struct ps_uri *uri, CK_SLOT_ID *slot);

#endif
