#include <pkcs11/probe.h>

#include <assert.h>
#include <openssl/rand.h>
#include <pkcs11/ckr.h>
#include <pkcs11/keypair.h>
#include <pkcs11/object.h>
#include <pkcs11/sign.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define YES "yes"
#define NO "no"
#define DIFFERS "differs"

static void PS_PRINTF(4, 5)
    add_row(struct ps_token_probe *out, const char *what, const char *result, const char *fmt, ...)
{
    struct ps_token_probe_row *row = &out->rows[out->count];
    va_list args;

    assert(out->count < PS_TOKEN_PROBE_ROWS);
    out->count++;
    (void)snprintf(row->what, sizeof row->what, "%s", what);
    (void)snprintf(row->result, sizeof row->result, "%s", result);
    va_start(args, fmt);
    (void)vsnprintf(row->detail, sizeof row->detail, fmt, args);
    va_end(args);
}

static void add_rv(struct ps_token_probe *out, const char *what, CK_RV rv)
{
    if (rv == CKR_OK)
        add_row(out, what, YES, "%s", "");
    else
        add_row(out, what, NO, "%s (0x%lx)", ps_ckr_name(rv), rv);
}

static CK_RV session_pair(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_curve *curve,
                          struct ps_pair *pair, uint8_t point65[PS_POINT_BYTES])
{
    struct ps_pair_wish wish = {.curve = curve};
    CK_RV rv;

    if (RAND_bytes(wish.id, sizeof wish.id) != 1)
        return CKR_GENERAL_ERROR;
    if ((rv = ps_pair_generate(ck, session, &wish, pair)) != CKR_OK)
        return rv;
    if ((rv = ps_pair_point(ck, session, curve, pair->public_key, point65)) != CKR_OK)
        (void)ps_pair_destroy(ck, session, pair);
    return rv;
}

/* Whether the failure speaks of the curve, not of the moment. */
static bool about_the_curve(CK_RV rv)
{
    return ps_ckr_step(rv) == PS_STEP_NONE || rv == CKR_FUNCTION_FAILED || rv == CKR_GENERAL_ERROR;
}

enum ps_stark_support ps_probe_stark(ps_ck *ck, CK_SESSION_HANDLE session)
{
    const struct ps_curve *curve = ps_curve(PS_CURVE_STARK);
    uint8_t point[PS_POINT_BYTES];
    struct ps_pair pair;
    bool works = false;
    CK_RV rv = session_pair(ck, session, curve, &pair, point);

    if (rv == CKR_OK) {
        rv = ps_pair_try(ck, session, curve, &pair, point, &works);
        (void)ps_pair_destroy(ck, session, &pair);
    }
    if (rv != CKR_OK)
        return about_the_curve(rv) ? PS_STARK_UNSUPPORTED : PS_STARK_UNTESTED;
    return works ? PS_STARK_NATIVE : PS_STARK_UNSUPPORTED;
}

/* Whether a digest goes in whole without our shift: then the shift would be wrong. */
static void probe_shift(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_pair *pair,
                        const uint8_t point65[PS_POINT_BYTES], struct ps_token_probe *out)
{
    const struct ps_curve *curve = ps_curve(PS_CURVE_STARK);
    uint8_t hash[32], r[32], s[32];
    CK_RV rv;

    if (RAND_bytes(hash, sizeof hash) != 1)
        return;
    hash[0] = 0x05;
    hash[31] |= 1; /* a bit that truncation to 252 bits would lose */
    if ((rv = ps_sign_raw(ck, session, pair->private_key, hash, r, s)) != CKR_OK) {
        add_rv(out, "STARK hash unshifted", rv);
        return;
    }
    if (ps_curve_verify_var(curve, point65, hash, r, s))
        add_row(out, "STARK hash unshifted", DIFFERS, "%s",
                "verifies without the shift by four: this token does not truncate digests");
    else
        add_row(out, "STARK hash unshifted", NO, "%s",
                "does not verify, as it must: the digest is cut to 252 bits");
}

/* Whether attributes of a fresh pair are what was asked for. */
static void probe_attributes(ps_ck *ck, CK_SESSION_HANDLE session, const struct ps_pair *pair,
                             struct ps_token_probe *out)
{
    CK_BBOOL sensitive = CK_FALSE, extractable = CK_TRUE, never = CK_FALSE;
    uint8_t params[512], value[66];
    CK_ATTRIBUTE flags[] = {{CKA_SENSITIVE, &sensitive, 1},
                            {CKA_EXTRACTABLE, &extractable, 1},
                            {CKA_NEVER_EXTRACTABLE, &never, 1},
                            {CKA_EC_PARAMS, params, sizeof params}};
    CK_ATTRIBUTE secret = {CKA_VALUE, value, sizeof value};
    CK_RV rv = ps_object_read(ck, session, pair->private_key, flags, 4);
    bool kept = rv == CKR_OK && ps_attribute_true(&flags[0]) && !ps_attribute_true(&flags[1]) &&
                ps_attribute_there(&flags[1]) && ps_attribute_true(&flags[2]);

    add_row(out, "private key sensitive, never extractable", kept ? YES : NO, "%s",
            rv == CKR_OK ? "" : ps_ckr_name(rv));
    add_row(out, "STARK parameters read back",
            ps_curve_params_are(ps_curve(PS_CURVE_STARK), params, flags[3].ulValueLen) ? YES
                                                                                       : DIFFERS,
            "%lu bytes", flags[3].ulValueLen);
    rv = ck->C_GetAttributeValue(session, pair->private_key, &secret, 1);
    add_row(out, "CKA_VALUE of the private key refused", rv == CKR_OK ? NO : YES, "%s",
            ps_ckr_name(rv));
}

static void probe_curve(ps_ck *ck, CK_SESSION_HANDLE session, enum ps_curve_id id,
                        struct ps_token_probe *out)
{
    const struct ps_curve *curve = ps_curve(id);
    uint8_t point[PS_POINT_BYTES];
    struct ps_pair pair;
    char what[64];
    bool works;
    CK_RV rv = session_pair(ck, session, curve, &pair, point);

    (void)snprintf(what, sizeof what, "generate %s key pair (session object)", curve->name);
    add_rv(out, what, rv);
    if (rv != CKR_OK)
        return;
    rv = ps_pair_try(ck, session, curve, &pair, point, &works);
    (void)snprintf(what, sizeof what, "%s signature verifies in software", curve->name);
    if (rv != CKR_OK)
        add_rv(out, what, rv);
    else
        add_row(out, what, works ? YES : DIFFERS, "%s", "");
    if (id == PS_CURVE_STARK) {
        probe_shift(ck, session, &pair, point, out);
        probe_attributes(ck, session, &pair, out);
    }
    if ((rv = ps_pair_destroy(ck, session, &pair)) != CKR_OK)
        add_rv(out, "destroy the session key pair", rv);
}

static void probe_mechanisms(ps_ck *ck, CK_SLOT_ID slot, struct ps_token_probe *out)
{
    static const struct {
        CK_MECHANISM_TYPE type;
        const char *name;
    } mechanisms[] = {
        {CKM_EC_KEY_PAIR_GEN, "CKM_EC_KEY_PAIR_GEN"},
        {CKM_ECDSA, "CKM_ECDSA"},
        {CKM_AES_GCM, "CKM_AES_GCM"},
        {CKM_AES_CBC_PAD, "CKM_AES_CBC_PAD"},
        {CKM_AES_KEY_WRAP, "CKM_AES_KEY_WRAP"},
        {CKM_RSA_PKCS_OAEP, "CKM_RSA_PKCS_OAEP"},
        {CKM_ECDH1_DERIVE, "CKM_ECDH1_DERIVE"},
        {CKM_SHA256_HMAC, "CKM_SHA256_HMAC"},
    };
    CK_MECHANISM_INFO info;
    size_t i;
    CK_RV rv;

    for (i = 0; i < sizeof mechanisms / sizeof mechanisms[0]; i++) {
        rv = ck->C_GetMechanismInfo(slot, mechanisms[i].type, &info);
        if (rv == CKR_OK)
            add_row(out, mechanisms[i].name, YES, "flags 0x%lx, sizes %lu to %lu", info.flags,
                    info.ulMinKeySize, info.ulMaxKeySize);
        else
            add_row(out, mechanisms[i].name, NO, "%s", ps_ckr_name(rv));
    }
}

/* The flag that should say whether explicit parameters are taken, beside the truth. */
static void probe_flag(ps_ck *ck, CK_SLOT_ID slot, bool native, struct ps_token_probe *out)
{
    CK_MECHANISM_INFO info;
    bool announced;

    if (ck->C_GetMechanismInfo(slot, CKM_EC_KEY_PAIR_GEN, &info) != CKR_OK)
        return;
    announced = (info.flags & CKF_EC_ECPARAMETERS) != 0;
    add_row(out, "CKF_EC_ECPARAMETERS tells the truth", announced == native ? YES : DIFFERS,
            "announced: %s, tried: %s", announced ? YES : NO, native ? YES : NO);
}

static void probe_data_object(ps_ck *ck, CK_SESSION_HANDLE session, struct ps_token_probe *out)
{
    CK_OBJECT_CLASS class = CKO_DATA;
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    uint8_t value[1024];
    char label[] = "parasign probe";
    CK_ATTRIBUTE sheet[] = {{CKA_CLASS, &class, sizeof class},
                            {CKA_TOKEN, &no, sizeof no},
                            {CKA_PRIVATE, &yes, sizeof yes},
                            {CKA_LABEL, label, sizeof label - 1},
                            {CKA_VALUE, value, sizeof value}};
    CK_OBJECT_HANDLE object;
    CK_RV rv;

    memset(value, 0x5a, sizeof value);
    rv = ck->C_CreateObject(session, sheet, sizeof sheet / sizeof sheet[0], &object);
    add_rv(out, "private data object of 1024 bytes", rv);
    if (rv == CKR_OK)
        (void)ck->C_DestroyObject(session, object);
}

void ps_probe_token(ps_ck *ck, CK_SLOT_ID slot, CK_SESSION_HANDLE session,
                    struct ps_token_probe *out)
{
    uint8_t random[32];

    memset(out, 0, sizeof *out);
    probe_curve(ck, session, PS_CURVE_STARK, out);
    probe_flag(ck, slot, ps_probe_stark(ck, session) == PS_STARK_NATIVE, out);
    probe_curve(ck, session, PS_CURVE_SECP256K1, out);
    probe_curve(ck, session, PS_CURVE_P256, out);
    probe_mechanisms(ck, slot, out);
    probe_data_object(ck, session, out);
    add_rv(out, "C_GenerateRandom", ck->C_GenerateRandom(session, random, sizeof random));
}
