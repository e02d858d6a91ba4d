#include <pkcs11/keylist.h>

#include <pkcs11/ckr.h>
#include <pkcs11/curve.h>
#include <pkcs11/object.h>
#include <proto/base/key_name.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Attributes of a private key in the order they are read. */
enum {
    A_LABEL,
    A_ID,
    A_TYPE,
    A_PARAMS,
    A_SENSITIVE,
    A_EXTRACTABLE,
    A_NEVER_EXTRACTABLE,
    A_ALWAYS_SENSITIVE,
    A_LOCAL,
    A_SIGN,
    A_DERIVE,
    A_DECRYPT,
    A_UNWRAP,
    A_COUNT
};

/* Public halves: what is needed to find the one of a private key. */
struct public_half {
    CK_OBJECT_HANDLE handle;
    uint8_t id[32];
    size_t id_length;
    bool used;
};

static void refuse(struct ps_token_key *key, const char *why)
{
    if (key->refused[0] == '\0')
        (void)snprintf(key->refused, sizeof key->refused, "%s", why);
}

static uint32_t date_number(const CK_ATTRIBUTE *attribute)
{
    const char *digits = attribute->pValue;
    uint32_t number = 0;
    size_t i;

    if (attribute->ulValueLen != sizeof(CK_DATE))
        return 0;
    for (i = 0; i < 8; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return 0;
        number = number * 10 + (uint32_t)(digits[i] - '0');
    }
    return number;
}

static void check_attributes(struct ps_token_key *key, const CK_ATTRIBUTE *a)
{
    key->sensitive = ps_attribute_true(&a[A_SENSITIVE]);
    /* A token that does not say that a key stays inside is not believed. */
    key->extractable =
        !ps_attribute_there(&a[A_EXTRACTABLE]) || ps_attribute_true(&a[A_EXTRACTABLE]);
    key->never_extractable = ps_attribute_true(&a[A_NEVER_EXTRACTABLE]);
    key->always_sensitive = ps_attribute_true(&a[A_ALWAYS_SENSITIVE]);
    key->local = ps_attribute_true(&a[A_LOCAL]);
    if (!key->sensitive)
        refuse(key, "the private key is not CKA_SENSITIVE: the token would show it");
    if (key->extractable)
        refuse(key, "the private key is CKA_EXTRACTABLE: it could be taken out of the token");
    if (key->local && !key->never_extractable)
        refuse(key, "the private key was CKA_EXTRACTABLE once: a copy may exist");
    if (!ps_attribute_true(&a[A_SIGN]))
        refuse(key, "the private key is not allowed to sign (CKA_SIGN)");
    if (ps_attribute_true(&a[A_DERIVE]) || ps_attribute_true(&a[A_DECRYPT]) ||
        ps_attribute_true(&a[A_UNWRAP]))
        refuse(key, "the private key may do more than sign (CKA_DERIVE, DECRYPT or UNWRAP)");
}

/* Terminates the label. A label is bytes: one with a NUL inside is not a name of ours. */
static bool take_label(const CK_ATTRIBUTE *attribute, struct ps_key_name *name)
{
    char *label = attribute->pValue;

    if (memchr(label, '\0', attribute->ulValueLen) != NULL)
        return false;
    label[attribute->ulValueLen] = '\0';
    return ps_key_name_parse(label, name, NULL) == PS_OK;
}

/* The kind that the curve gives, or the kind that the name asks for with `refused` filled. */
static bool set_kind(struct ps_token_key *key, enum ps_role role, const CK_ATTRIBUTE *a)
{
    const CK_KEY_TYPE *type = a[A_TYPE].pValue;
    const uint8_t *params = a[A_PARAMS].pValue;
    size_t length = a[A_PARAMS].ulValueLen;

    if (a[A_TYPE].ulValueLen != sizeof *type || *type != CKK_EC)
        return false;
    if (ps_curve_params_are(ps_curve(PS_CURVE_STARK), params, length)) {
        key->kind = PS_KIND_STARK;
    } else if (ps_curve_params_are(ps_curve(PS_CURVE_SECP256K1), params, length)) {
        key->kind = PS_KIND_SECP256K1;
    } else {
        if (role == PS_ROLE_AUDIT || role == PS_ROLE_GENERAL)
            return false;
        key->kind = ps_role_takes_kind(role, PS_KIND_STARK) ? PS_KIND_STARK : PS_KIND_SECP256K1;
        refuse(key, "its curve parameters are not exactly those of the STARK curve or secp256k1");
        return true;
    }
    if (!ps_role_takes_kind(role, key->kind))
        refuse(key, "a key of this name must be on another curve");
    return true;
}

/* One object of which a module cannot show everything must not hide all the others. */
static CK_RV read_unreadable(ps_ck *ck, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                             struct ps_token_key *key, bool *ours)
{
    char label[PS_KEY_NAME_MAX + 1];
    CK_ATTRIBUTE a = {CKA_LABEL, label, PS_KEY_NAME_MAX};
    struct ps_key_name name;
    CK_RV rv = ps_object_read(ck, session, object, &a, 1);

    *ours = false;
    if (rv == CKR_GENERAL_ERROR || rv == CKR_FUNCTION_FAILED)
        return CKR_OK;
    if (rv != CKR_OK || !take_label(&a, &name))
        return rv;
    memset(key, 0, sizeof *key);
    memcpy(key->name, label, a.ulValueLen);
    key->kind = ps_role_takes_kind(name.role, PS_KIND_STARK) ? PS_KIND_STARK : PS_KIND_SECP256K1;
    refuse(key, "the token cannot show its attributes");
    *ours = true;
    return CKR_OK;
}

/* Whether the object is one of our keys; then *key is filled but for the public half. */
static CK_RV read_private(ps_ck *ck, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                          struct ps_token_key *key, bool *ours)
{
    char label[PS_KEY_NAME_MAX + 1];
    uint8_t id[32], params[512];
    CK_BBOOL flags[A_COUNT];
    CK_KEY_TYPE type = 0;
    struct ps_key_name name;
    CK_ATTRIBUTE a[A_COUNT] = {
        [A_LABEL] = {CKA_LABEL, label, PS_KEY_NAME_MAX},
        [A_ID] = {CKA_ID, id, sizeof id},
        [A_TYPE] = {CKA_KEY_TYPE, &type, sizeof type},
        [A_PARAMS] = {CKA_EC_PARAMS, params, sizeof params},
        [A_SENSITIVE] = {CKA_SENSITIVE, &flags[A_SENSITIVE], 1},
        [A_EXTRACTABLE] = {CKA_EXTRACTABLE, &flags[A_EXTRACTABLE], 1},
        [A_NEVER_EXTRACTABLE] = {CKA_NEVER_EXTRACTABLE, &flags[A_NEVER_EXTRACTABLE], 1},
        [A_ALWAYS_SENSITIVE] = {CKA_ALWAYS_SENSITIVE, &flags[A_ALWAYS_SENSITIVE], 1},
        [A_LOCAL] = {CKA_LOCAL, &flags[A_LOCAL], 1},
        [A_SIGN] = {CKA_SIGN, &flags[A_SIGN], 1},
        [A_DERIVE] = {CKA_DERIVE, &flags[A_DERIVE], 1},
        [A_DECRYPT] = {CKA_DECRYPT, &flags[A_DECRYPT], 1},
        [A_UNWRAP] = {CKA_UNWRAP, &flags[A_UNWRAP], 1},
    };
    CK_RV rv = ps_object_read(ck, session, object, a, A_COUNT);

    *ours = false;
    if (rv == CKR_GENERAL_ERROR || rv == CKR_FUNCTION_FAILED)
        return read_unreadable(ck, session, object, key, ours);
    if (rv != CKR_OK || !take_label(&a[A_LABEL], &name))
        return rv;
    memset(key, 0, sizeof *key);
    memcpy(key->name, label, a[A_LABEL].ulValueLen);
    key->custody = PS_CUSTODY_TOKEN;
    if (!set_kind(key, name.role, a))
        return CKR_OK;
    memcpy(key->id, id, a[A_ID].ulValueLen);
    key->id_length = (uint8_t)a[A_ID].ulValueLen;
    if (key->id_length == 0)
        refuse(key, "it has no CKA_ID of at most 32 bytes, so its public half is not certain");
    check_attributes(key, a);
    *ours = true;
    return CKR_OK;
}

static CK_RV read_point(ps_ck *ck, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                        struct ps_token_key *key)
{
    uint8_t params[512], point[256];
    CK_DATE date;
    CK_ATTRIBUTE a[] = {{CKA_EC_PARAMS, params, sizeof params},
                        {CKA_EC_POINT, point, sizeof point},
                        {CKA_START_DATE, &date, sizeof date}};
    const struct ps_curve *curve = ps_curve_of_kind(key->kind);
    CK_RV rv = ps_object_read(ck, session, object, a, 3);

    if (rv != CKR_OK)
        return rv;
    key->created_on = date_number(&a[2]);
    if (!ps_curve_params_are(curve, params, a[0].ulValueLen))
        refuse(key, "its public half is on another curve");
    else if (!ps_curve_point_from_attribute(curve, point, a[1].ulValueLen, key->public_key65))
        refuse(key, "its public half is not a point of the curve");
    return CKR_OK;
}

static enum ps_code read_publics(ps_ck *ck, CK_SESSION_HANDLE session, struct public_half **out,
                                 size_t *count, CK_RV *rv, struct ps_error *err)
{
    CK_OBJECT_CLASS class = CKO_PUBLIC_KEY;
    CK_ATTRIBUTE match[] = {{CKA_CLASS, &class, sizeof class}};
    struct ps_objects found;
    struct public_half *halves = NULL;
    enum ps_code rc;
    size_t i;

    *out = NULL;
    *count = 0;
    if ((rc = ps_objects_find(ck, session, match, 1, &found, rv, err)) != PS_OK)
        return rc;
    if ((halves = calloc(found.count + 1, sizeof *halves)) == NULL) {
        rc = ps_fail(err, PS_INTERNAL_ERROR, "out of memory");
        goto out;
    }
    for (i = 0; i < found.count; i++) {
        CK_ATTRIBUTE id = {CKA_ID, halves[i].id, sizeof halves[i].id};

        halves[i].handle = found.list[i];
        if ((*rv = ps_object_read(ck, session, found.list[i], &id, 1)) != CKR_OK) {
            rc = ps_ckr_fail(err, *rv, "a public key cannot be read");
            goto out;
        }
        halves[i].id_length = id.ulValueLen;
    }
    *out = halves;
    *count = found.count;
    halves = NULL;
out:
    free(halves);
    ps_objects_free(&found);
    return rc;
}

static CK_RV find_public(ps_ck *ck, CK_SESSION_HANDLE session, struct ps_key_entry *entry,
                         struct public_half *halves, size_t count)
{
    struct public_half *match = NULL;
    size_t i;

    entry->public_key = CK_INVALID_HANDLE;
    if (entry->key.id_length == 0)
        return CKR_OK;
    for (i = 0; i < count; i++) {
        if (halves[i].id_length != entry->key.id_length ||
            memcmp(halves[i].id, entry->key.id, halves[i].id_length) != 0)
            continue;
        if (match != NULL)
            refuse(&entry->key, "two public keys have its CKA_ID");
        match = &halves[i];
        match->used = true;
    }
    if (match == NULL) {
        refuse(&entry->key, "its public half is not on the token");
        return CKR_OK;
    }
    entry->public_key = match->handle;
    return read_point(ck, session, match->handle, &entry->key);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct ps_key_entry *)a)->key.name,
                  ((const struct ps_key_entry *)b)->key.name);
}

static void refuse_twins(struct ps_key_list *list)
{
    size_t i, j;

    for (i = 0; i < list->count; i++)
        for (j = i + 1; j < list->count; j++) {
            struct ps_token_key *a = &list->entries[i].key, *b = &list->entries[j].key;

            if (strcmp(a->name, b->name) == 0) {
                refuse(a, "two keys on the token have this name; destroy one with its own tool");
                refuse(b, "two keys on the token have this name; destroy one with its own tool");
            }
            if (a->id_length > 0 && a->id_length == b->id_length &&
                memcmp(a->id, b->id, a->id_length) == 0) {
                refuse(a, "two keys on the token have its CKA_ID");
                refuse(b, "two keys on the token have its CKA_ID");
            }
        }
}

/* Everything on the token, of whatever class. */
static enum ps_code count_objects(ps_ck *ck, CK_SESSION_HANDLE session, size_t *count, CK_RV *rv,
                                  struct ps_error *err)
{
    CK_BBOOL yes = CK_TRUE;
    CK_ATTRIBUTE match[] = {{CKA_TOKEN, &yes, sizeof yes}};
    struct ps_objects all;
    enum ps_code rc = ps_objects_find(ck, session, match, 1, &all, rv, err);

    *count = all.count;
    ps_objects_free(&all);
    return rc;
}

enum ps_code ps_key_list_read(ps_ck *ck, CK_SESSION_HANDLE session, struct ps_key_list *out,
                              CK_RV *rv, struct ps_error *err)
{
    CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE match[] = {{CKA_CLASS, &class, sizeof class}};
    struct ps_objects privates = {NULL, 0};
    struct public_half *halves = NULL;
    size_t half_count = 0, all = 0, used, i;
    enum ps_code rc;

    *out = (struct ps_key_list){NULL, 0, 0};
    *rv = CKR_OK;
    if ((rc = ps_objects_find(ck, session, match, 1, &privates, rv, err)) != PS_OK ||
        (rc = read_publics(ck, session, &halves, &half_count, rv, err)) != PS_OK ||
        (rc = count_objects(ck, session, &all, rv, err)) != PS_OK)
        goto out;
    if ((out->entries = calloc(privates.count + 1, sizeof *out->entries)) == NULL) {
        rc = ps_fail(err, PS_INTERNAL_ERROR, "out of memory");
        goto out;
    }
    for (i = 0; i < privates.count; i++) {
        struct ps_key_entry *entry = &out->entries[out->count];
        bool ours;

        entry->private_key = privates.list[i];
        if ((*rv = read_private(ck, session, privates.list[i], &entry->key, &ours)) != CKR_OK ||
            (ours && (*rv = find_public(ck, session, entry, halves, half_count)) != CKR_OK)) {
            rc = ps_ckr_fail(err, *rv, "a key on the token cannot be read");
            goto out;
        }
        if (ours)
            out->count++;
    }
    qsort(out->entries, out->count, sizeof *out->entries, by_name);
    refuse_twins(out);
    used = out->count;
    for (i = 0; i < half_count; i++)
        used += halves[i].used ? 1 : 0;
    out->skipped = all > used ? all - used : 0;
out:
    free(halves);
    ps_objects_free(&privates);
    if (rc != PS_OK)
        ps_key_list_free(out);
    return rc;
}

void ps_key_list_free(struct ps_key_list *list)
{
    free(list->entries);
    *list = (struct ps_key_list){NULL, 0, 0};
}

const struct ps_key_entry *ps_key_list_find(const struct ps_key_list *list, const char *name)
{
    size_t low = 0, high = list->count;

    /* The lowest entry not below name. */
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(list->entries[middle].key.name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < list->count && strcmp(list->entries[low].key.name, name) == 0)
        return &list->entries[low];
    return NULL;
}
