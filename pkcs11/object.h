/* Small steps with PKCS#11 objects: find, read attributes, compare. */
#ifndef PARASIGN_PKCS11_OBJECT_H
#define PARASIGN_PKCS11_OBJECT_H

#include <parasign/error.h>
#include <pkcs11/ck.h>
#include <stdint.h>

/* The most objects one search returns; a token with more is refused as not ours to search. */
#define PS_OBJECTS_MAX 8192

/* Handles of a search; list from malloc(), owned, freed with ps_objects_free(). */
struct ps_objects {
    CK_OBJECT_HANDLE *list;
    size_t count;
};

/* All objects that match. On failure out is empty and *rv says why (CKR_OK when memory is out). */
PS_MUST_USE enum ps_code ps_objects_find(ps_ck *ck, CK_SESSION_HANDLE session, CK_ATTRIBUTE *match,
                                         CK_ULONG match_count, struct ps_objects *out, CK_RV *rv,
                                         struct ps_error *err);
void ps_objects_free(struct ps_objects *objects);

/*
 * Reads many attributes at once into the caller's memory. Attributes that the object does not have,
 * does not show or that do not fit get ulValueLen 0. Returns any other error.
 */
CK_RV ps_object_read(ps_ck *ck, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                     CK_ATTRIBUTE *attributes, CK_ULONG count);

/* Whether the attribute was read and is CK_TRUE. */
bool ps_attribute_true(const CK_ATTRIBUTE *attribute);
/* Whether the attribute was read at all. */
bool ps_attribute_there(const CK_ATTRIBUTE *attribute);

#endif
