/*
 * The key pairs on the token, as found there. The token is the source of truth; this list is a copy
 * of what it showed last, with the handles of this process.
 */
#ifndef PARASIGN_PKCS11_KEYLIST_H
#define PARASIGN_PKCS11_KEYLIST_H

#include <pkcs11/ck.h>
#include <proto/ipc/token_proto.h>

struct ps_key_entry {
    struct ps_token_key key;
    CK_OBJECT_HANDLE private_key;
    CK_OBJECT_HANDLE public_key;
};

/* Owned: entries, from malloc(), freed with ps_key_list_free(). In order of name. */
struct ps_key_list {
    struct ps_key_entry *entries;
    size_t count;
    uint64_t skipped; /* objects on the token that are not ours or not understood */
};

/*
 * Reads the whole token; needs a login. *rv is CKR_OK unless the module failed.
 * A key that must not be used is in the list with `refused` filled; an object that is not ours is
 * skipped and counted.
 */
PS_MUST_USE enum ps_code ps_key_list_read(ps_ck *ck, CK_SESSION_HANDLE session,
                                          struct ps_key_list *out, CK_RV *rv, struct ps_error *err);
void ps_key_list_free(struct ps_key_list *list);

/* The first entry of that name, or NULL. Twins have `refused` filled. */
const struct ps_key_entry *ps_key_list_find(const struct ps_key_list *list, const char *name);

#endif
