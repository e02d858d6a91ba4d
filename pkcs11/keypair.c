#include <pkcs11/keypair.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pkcs11/ckr.h>
#include <pkcs11/object.h>
#include <pkcs11/sign.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define TEMPLATE_MAX 20

/* What not every token takes; left out one by one. */
#define WITH_START_DATE 1U
#define WITH_NOT_MODIFIABLE 2U

static CK_BBOOL yes = CK_TRUE;
static CK_BBOOL no = CK_FALSE;

/* A template being written. Values are borrowed. */
struct sheet {
    CK_ATTRIBUTE rows[TEMPLATE_MAX];
    CK_ULONG count;
};

static void add(struct sheet *sheet, CK_ATTRIBUTE_TYPE type, const void *value, size_t length)
{
    sheet->rows[sheet->count++] = (CK_ATTRIBUTE){type, ps_ck_in(value), length};
}

static void add_flag(struct sheet *sheet, CK_ATTRIBUTE_TYPE type, bool value)
{
    add(sheet, type, value ? &yes : &no, sizeof(CK_BBOOL));
}

static void today(CK_DATE *out)
{
    time_t now = time(NULL);
    char text[32];
    struct tm tm;

    (void)gmtime_r(&now, &tm);
    (void)snprintf(text, sizeof text, "%04d%02d%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
    memcpy(out, text, sizeof *out);
}

static void add_common(struct sheet *sheet, const struct ps_pair_wish *wish, unsigned with)
{
    add_flag(sheet, CKA_TOKEN, wish->label != NULL);
    if (wish->label != NULL)
        add(sheet, CKA_LABEL, wish->label, strlen(wish->label));
    add(sheet, CKA_ID, wish->id, sizeof wish->id);
    if ((with & WITH_NOT_MODIFIABLE) != 0)
        add_flag(sheet, CKA_MODIFIABLE, false);
}

static void private_sheet(struct sheet *sheet, const struct ps_pair_wish *wish, unsigned with)
{
    sheet->count = 0;
    add_common(sheet, wish, with);
    add_flag(sheet, CKA_PRIVATE, true);
    add_flag(sheet, CKA_SENSITIVE, true);
    add_flag(sheet, CKA_EXTRACTABLE, false);
    add_flag(sheet, CKA_SIGN, true);
    add_flag(sheet, CKA_DERIVE, false);
    add_flag(sheet, CKA_DECRYPT, false);
    add_flag(sheet, CKA_UNWRAP, false);
}

static void public_sheet(struct sheet *sheet, const struct ps_pair_wish *wish, unsigned with,
                         const CK_DATE *date)
{
    sheet->count = 0;
    add_common(sheet, wish, with);
    /* The date stands on the public half only: SoftHSM2 cannot read one back from a private object.
     */
    if ((with & WITH_START_DATE) != 0)
        add(sheet, CKA_START_DATE, date, sizeof *date);
    add_flag(sheet, CKA_PRIVATE, false);
    add_flag(sheet, CKA_VERIFY, true);
    add_flag(sheet, CKA_ENCRYPT, false);
    add_flag(sheet, CKA_WRAP, false);
    /* The day it was made. Not on the private half, where SoftHSM2 2.6.1 stores it unreadably. */
    if ((with & WITH_START_DATE) != 0)
        add(sheet, CKA_START_DATE, date, sizeof *date);
    add(sheet, CKA_EC_PARAMS, wish->curve->params, wish->curve->params_length);
}

static const unsigned attempts[] = {WITH_START_DATE | WITH_NOT_MODIFIABLE, WITH_START_DATE,
                                    WITH_NOT_MODIFIABLE, 0};
#define ATTEMPTS (sizeof attempts / sizeof attempts[0])

CK_RV ps_pair_generate(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_pair_wish *wish,
                       struct ps_pair *out)
{
    CK_MECHANISM mechanism = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
    struct sheet private, public;
    CK_RV rv = CKR_GENERAL_ERROR;
    CK_DATE date;
    size_t i;

    today(&date);
    for (i = 0; i < ATTEMPTS; i++) {
        private_sheet(&private, wish, attempts[i]);
        public_sheet(&public, wish, attempts[i], &date);
        *out = (struct ps_pair){CK_INVALID_HANDLE, CK_INVALID_HANDLE};
        rv = ck->C_GenerateKeyPair(session, &mechanism, public.rows, public.count, private.rows,
                                   private.count, &out->public_key, &out->private_key);
        if (!ps_ckr_refuses_template(rv))
            break;
    }
    if (rv != CKR_OK)
        *out = (struct ps_pair){CK_INVALID_HANDLE, CK_INVALID_HANDLE};
    return rv;
}

static CK_RV create_once(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_pair_wish *wish,
                         unsigned with, const CK_DATE *date, const uint8_t secret32[32],
                         const uint8_t point67[PS_POINT_BYTES + 2], struct ps_pair *out)
{
    CK_OBJECT_CLASS private_class = CKO_PRIVATE_KEY, public_class = CKO_PUBLIC_KEY;
    CK_KEY_TYPE type = CKK_EC;
    struct sheet sheet;
    CK_RV rv;

    *out = (struct ps_pair){CK_INVALID_HANDLE, CK_INVALID_HANDLE};
    private_sheet(&sheet, wish, with);
    add(&sheet, CKA_CLASS, &private_class, sizeof private_class);
    add(&sheet, CKA_KEY_TYPE, &type, sizeof type);
    add(&sheet, CKA_EC_PARAMS, wish->curve->params, wish->curve->params_length);
    add(&sheet, CKA_VALUE, secret32, 32);
    rv = ck->C_CreateObject(session, sheet.rows, sheet.count, &out->private_key);
    if (rv != CKR_OK) {
        out->private_key = CK_INVALID_HANDLE;
        return rv;
    }
    public_sheet(&sheet, wish, with, date);
    add(&sheet, CKA_CLASS, &public_class, sizeof public_class);
    add(&sheet, CKA_KEY_TYPE, &type, sizeof type);
    add(&sheet, CKA_EC_POINT, point67, PS_POINT_BYTES + 2);
    rv = ck->C_CreateObject(session, sheet.rows, sheet.count, &out->public_key);
    if (rv != CKR_OK) {
        out->public_key = CK_INVALID_HANDLE;
        (void)ps_pair_destroy(ck, session, out);
    }
    return rv;
}

CK_RV ps_pair_create(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_pair_wish *wish,
                     const uint8_t secret32[32], const uint8_t point65[PS_POINT_BYTES],
                     struct ps_pair *out)
{
    uint8_t point67[PS_POINT_BYTES + 2];
    CK_RV rv = CKR_GENERAL_ERROR;
    CK_DATE date;
    size_t i;

    today(&date);
    ps_curve_point_to_attribute(point65, point67);
    for (i = 0; i < ATTEMPTS; i++) {
        rv = create_once(ck, session, wish, attempts[i], &date, secret32, point67, out);
        if (!ps_ckr_refuses_template(rv))
            break;
    }
    return rv;
}

CK_RV ps_pair_destroy(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_pair *pair)
{
    CK_RV first = CKR_OK, second = CKR_OK;

    if (pair->private_key != CK_INVALID_HANDLE)
        first = ck->C_DestroyObject(session, pair->private_key);
    if (pair->public_key != CK_INVALID_HANDLE)
        second = ck->C_DestroyObject(session, pair->public_key);
    return first != CKR_OK ? first : second;
}

CK_RV ps_pair_point(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_curve *curve,
                    CK_OBJECT_HANDLE public_key, uint8_t out65[PS_POINT_BYTES])
{
    uint8_t value[256];
    CK_ATTRIBUTE point = {CKA_EC_POINT, value, sizeof value};
    CK_RV rv = ps_object_read(ck, session, public_key, &point, 1);

    if (rv != CKR_OK)
        return rv;
    return ps_curve_point_from_attribute(curve, value, point.ulValueLen, out65)
               ? CKR_OK
               : CKR_FUNCTION_FAILED;
}

CK_RV ps_pair_try(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_curve *curve,
                  const struct ps_pair *pair, const uint8_t point65[PS_POINT_BYTES], bool *works)
{
    uint8_t hash[32], input[32], r[32], s[32];
    CK_RV rv;

    *works = false;
    if (RAND_bytes(hash, sizeof hash) != 1)
        return CKR_GENERAL_ERROR;
    hash[0] &= 0x07;
    if (!ps_sign_input(curve, hash, input))
        return CKR_GENERAL_ERROR;
    if ((rv = ps_sign_raw(ck, session, pair->private_key, input, r, s)) != CKR_OK)
        return rv;
    *works = ps_curve_verify_var(curve, point65, hash, r, s);
    return CKR_OK;
}
