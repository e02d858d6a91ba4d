#include <tests/token/direct.h>

#include <dlfcn.h>
#include <string.h>
#include <tests/support/check.h>

static void find_slot(struct direct *d, const char *label)
{
    CK_SLOT_ID slots[16];
    CK_ULONG count = 16, i;
    CK_TOKEN_INFO info;

    assert_int_equal(d->ck->C_GetSlotList(CK_TRUE, slots, &count), CKR_OK);
    for (i = 0; i < count; i++) {
        assert_int_equal(d->ck->C_GetTokenInfo(slots[i], &info), CKR_OK);
        if (memcmp(info.label, label, strlen(label)) == 0 && info.label[strlen(label)] == ' ') {
            d->slot = slots[i];
            return;
        }
    }
    fail_msg("no token %s", label);
}

static void load(struct direct *d, const char *label)
{
    CK_C_GetFunctionList get_list;
    void *symbol;

    memset(d, 0, sizeof *d);
    d->library = dlopen(PS_TEST_SOFTHSM, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(d->library);
    symbol = dlsym(d->library, "C_GetFunctionList");
    memcpy(&get_list, &symbol, sizeof get_list);
    assert_int_equal(get_list(&d->ck), CKR_OK);
    assert_int_equal(d->ck->C_Initialize(NULL), CKR_OK);
    find_slot(d, label);
}

void direct_open(struct direct *d, const char *label, const char *pin)
{
    load(d, label);
    assert_int_equal(
        d->ck->C_OpenSession(d->slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &d->session),
        CKR_OK);
    if (pin != NULL)
        assert_int_equal(d->ck->C_Login(d->session, CKU_USER, ps_ck_in(pin), strlen(pin)), CKR_OK);
}

void direct_close(struct direct *d)
{
    assert_int_equal(d->ck->C_Finalize(NULL), CKR_OK);
    (void)dlclose(d->library);
}

CK_FLAGS direct_flags(const char *label)
{
    CK_TOKEN_INFO info;
    struct direct d;

    load(&d, label);
    assert_int_equal(d.ck->C_GetTokenInfo(d.slot, &info), CKR_OK);
    direct_close(&d);
    return info.flags;
}

CK_RV direct_login(const char *label, const char *pin)
{
    struct direct d;
    CK_RV rv;

    direct_open(&d, label, NULL);
    rv = d.ck->C_Login(d.session, CKU_USER, ps_ck_in(pin), strlen(pin));
    direct_close(&d);
    return rv;
}

size_t direct_find(struct direct *d, CK_OBJECT_CLASS class, const char *label,
                   CK_OBJECT_HANDLE *out, size_t max)
{
    CK_ATTRIBUTE match[] = {{CKA_CLASS, &class, sizeof class},
                            {CKA_LABEL, ps_ck_in(label), strlen(label)}};
    CK_ULONG count;

    assert_int_equal(d->ck->C_FindObjectsInit(d->session, match, 2), CKR_OK);
    assert_int_equal(d->ck->C_FindObjects(d->session, out, max, &count), CKR_OK);
    assert_int_equal(d->ck->C_FindObjectsFinal(d->session), CKR_OK);
    return count;
}

void direct_make_pair(struct direct *d, const char *label, const void *id, size_t id_length,
                      const void *params, size_t params_length, bool sensitive, bool extractable,
                      bool may_unwrap)
{
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE, is_sensitive = sensitive, is_extractable = extractable;
    CK_ATTRIBUTE public_sheet[] = {
        {CKA_TOKEN, &yes, 1},
        {CKA_VERIFY, &yes, 1},
        {CKA_LABEL, ps_ck_in(label), strlen(label)},
        {CKA_ID, ps_ck_in(id), id_length},
        {CKA_EC_PARAMS, ps_ck_in(params), params_length},
    };
    CK_ATTRIBUTE private_sheet[] = {
        {CKA_TOKEN, &yes, 1},
        {CKA_PRIVATE, &yes, 1},
        {CKA_SIGN, &yes, 1},
        {CKA_LABEL, ps_ck_in(label), strlen(label)},
        {CKA_ID, ps_ck_in(id), id_length},
        {CKA_SENSITIVE, &is_sensitive, 1},
        {CKA_EXTRACTABLE, &is_extractable, 1},
        {CKA_DERIVE, &no, 1},
        {CKA_DECRYPT, &no, 1},
        {CKA_UNWRAP, may_unwrap ? &yes : &no, 1},
    };
    CK_MECHANISM mechanism = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_HANDLE public_key, private_key;

    assert_int_equal(d->ck->C_GenerateKeyPair(d->session, &mechanism, public_sheet, 5,
                                              private_sheet, 10, &public_key, &private_key),
                     CKR_OK);
}
