#include <pkcs11/object.h>

#include <pkcs11/ckr.h>
#include <stdlib.h>

#define FIND_AT_ONCE 64

enum ps_code ps_objects_find(ps_ck *ck, CK_SESSION_HANDLE session, CK_ATTRIBUTE *match,
                             CK_ULONG match_count, struct ps_objects *out, CK_RV *rv,
                             struct ps_error *err)
{
    CK_OBJECT_HANDLE *larger;
    CK_ULONG got = 0;
    enum ps_code rc = PS_OK;

    *out = (struct ps_objects){NULL, 0};
    if ((*rv = ck->C_FindObjectsInit(session, match, match_count)) != CKR_OK)
        return ps_ckr_fail(err, *rv, "the token's objects cannot be searched");
    do {
        larger = realloc(out->list, (out->count + FIND_AT_ONCE) * sizeof *larger);
        if (larger == NULL) {
            rc = ps_fail(err, PS_INTERNAL_ERROR, "out of memory");
            break;
        }
        out->list = larger;
        *rv = ck->C_FindObjects(session, out->list + out->count, FIND_AT_ONCE, &got);
        if (*rv != CKR_OK) {
            rc = ps_ckr_fail(err, *rv, "the token's objects cannot be searched");
            break;
        }
        if (got > FIND_AT_ONCE) {
            rc = ps_fail(err, PS_TOKEN_ERROR, "the module answered with more than was asked for");
            break;
        }
        out->count += got;
        if (out->count > PS_OBJECTS_MAX) {
            rc = ps_fail(err, PS_TOKEN_ERROR,
                         "the token holds more than %d objects; use a token of its own for "
                         "parasign",
                         PS_OBJECTS_MAX);
            break;
        }
    } while (got > 0);
    (void)ck->C_FindObjectsFinal(session);
    if (rc != PS_OK)
        ps_objects_free(out);
    return rc;
}

void ps_objects_free(struct ps_objects *objects)
{
    free(objects->list);
    *objects = (struct ps_objects){NULL, 0};
}

CK_RV ps_object_read(ps_ck *ck, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                     CK_ATTRIBUTE *attributes, CK_ULONG count)
{
    CK_ULONG capacities[32];
    CK_ULONG i;
    CK_RV rv;

    if (count > sizeof capacities / sizeof capacities[0])
        return CKR_ARGUMENTS_BAD;
    for (i = 0; i < count; i++)
        capacities[i] = attributes[i].ulValueLen;
    rv = ck->C_GetAttributeValue(session, object, attributes, count);
    if (rv != CKR_OK && rv != CKR_ATTRIBUTE_SENSITIVE && rv != CKR_ATTRIBUTE_TYPE_INVALID &&
        rv != CKR_BUFFER_TOO_SMALL)
        return rv;
    /* CK_UNAVAILABLE_INFORMATION is the largest number, so it goes the same way. */
    for (i = 0; i < count; i++)
        if (attributes[i].ulValueLen > capacities[i])
            attributes[i].ulValueLen = 0;
    return CKR_OK;
}

bool ps_attribute_there(const CK_ATTRIBUTE *attribute)
{
    return attribute->ulValueLen > 0;
}

bool ps_attribute_true(const CK_ATTRIBUTE *attribute)
{
    return attribute->ulValueLen == sizeof(CK_BBOOL) &&
           *(const CK_BBOOL *)attribute->pValue != CK_FALSE;
}
