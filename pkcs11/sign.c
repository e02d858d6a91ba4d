#include <pkcs11/sign.h>

#include <assert.h>
#include <pkcs11/recover.h>
#include <proto/stark/scalar.h>
#include <string.h>

/* Each answer is out of range with a chance of about 2^-55; three in a row are no chance. */
#define RANGE_TRIES 3

bool ps_sign_input(const struct ps_curve *curve, const uint8_t hash32[32], uint8_t out32[32])
{
    size_t i;

    if (curve != ps_curve(PS_CURVE_STARK)) {
        memcpy(out32, hash32, 32);
        return true;
    }
    if (hash32[0] >= 0x08)
        return false;
    for (i = 0; i < 31; i++)
        out32[i] = (uint8_t)((unsigned)hash32[i] << 4 | hash32[i + 1] >> 4);
    out32[31] = (uint8_t)((unsigned)hash32[31] << 4);
    return true;
}

CK_RV ps_sign_raw(ps_ck *ck, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key,
                  const uint8_t input32[32], uint8_t r32[32], uint8_t s32[32])
{
    CK_MECHANISM mechanism = {CKM_ECDSA, NULL, 0};
    CK_BYTE input[32], answer[64];
    CK_ULONG length = sizeof answer;
    CK_RV rv;

    memcpy(input, input32, sizeof input);
    if ((rv = ck->C_SignInit(session, &mechanism, key)) != CKR_OK ||
        (rv = ck->C_Sign(session, input, sizeof input, answer, &length)) != CKR_OK)
        return rv;
    if (length != sizeof answer)
        return CKR_FUNCTION_FAILED;
    memcpy(r32, answer, 32);
    memcpy(s32, answer + 32, 32);
    return CKR_OK;
}

static bool zero32(const uint8_t value32[32])
{
    static const uint8_t zero[32];

    return memcmp(value32, zero, sizeof zero) == 0;
}

bool ps_sign_stark_range_var(const uint8_t r32[32], const uint8_t s32[32])
{
    ps_scalar s, inverse;

    if (r32[0] >= 0x08 || s32[0] >= 0x08 || zero32(r32) || zero32(s32) ||
        ps_scalar_from_be32(&s, s32) != PS_OK)
        return false;
    ps_scalar_inv_var(&inverse, &s);
    return ps_scalar_below_2_251(&inverse);
}

bool ps_sign_low_s_var(const uint8_t r32[32], uint8_t s32[32], BN_CTX *numbers)
{
    const struct ps_curve *curve = ps_curve(PS_CURVE_SECP256K1);
    const BIGNUM *n = EC_GROUP_get0_order(curve->group);
    BIGNUM *r, *s;
    bool ok = false;

    BN_CTX_start(numbers);
    r = BN_CTX_get(numbers);
    s = BN_CTX_get(numbers);
    if (s == NULL || BN_bin2bn(r32, 32, r) == NULL || BN_bin2bn(s32, 32, s) == NULL)
        goto out;
    if (BN_is_zero(r) || BN_is_zero(s) || BN_cmp(r, n) >= 0 || BN_cmp(s, n) >= 0)
        goto out;
    if (BN_cmp(s, curve->half_order) > 0 &&
        (BN_sub(s, n, s) != 1 || BN_bn2binpad(s, s32, 32) != 32))
        goto out;
    ok = true;
out:
    BN_CTX_end(numbers);
    return ok;
}

static bool acceptable(struct ps_worker *worker, enum ps_kind kind, struct ps_token_signature *out)
{
    if (kind == PS_KIND_STARK)
        return ps_sign_stark_range_var(out->r32, out->s32);
    return ps_sign_low_s_var(out->r32, out->s32, worker->numbers);
}

static CK_RV sign_in_session(struct ps_token *token, struct ps_worker *worker, CK_OBJECT_HANDLE key,
                             const uint8_t input32[32], struct ps_token_signature *out)
{
    CK_SESSION_HANDLE own = atomic_load_explicit(&worker->session, memory_order_relaxed);
    CK_RV rv;

    if (own != 0)
        return ps_sign_raw(token->module.ck, own, key, input32, out->r32, out->s32);
    (void)pthread_mutex_lock(&token->main_session_mutex);
    rv = ps_sign_raw(token->module.ck, token->main_session, key, input32, out->r32, out->s32);
    (void)pthread_mutex_unlock(&token->main_session_mutex);
    return rv;
}

static enum ps_code find_key(const struct ps_token *token, const struct ps_token_sign *request,
                             const struct ps_key_entry **out, struct ps_error *err)
{
    const struct ps_key_entry *entry = ps_key_list_find(&token->keys, request->name);

    if (entry == NULL)
        return ps_fail(err, PS_KEY_NOT_FOUND, "there is no key %s on the token", request->name);
    if (entry->key.refused[0] != '\0')
        return ps_fail(err, PS_TOKEN_ERROR, "the key %s is not used: %s", request->name,
                       entry->key.refused);
    if (entry->key.kind != request->kind)
        return ps_fail(err, PS_INVALID_PARAMS, "the key %s is of kind %s, not %s", request->name,
                       ps_kind_name(entry->key.kind), ps_kind_name(request->kind));
    *out = entry;
    return PS_OK;
}

/* One try, read lock held. *rv is not CKR_OK when the module failed. */
static enum ps_code try_sign(struct ps_token *token, struct ps_worker *worker,
                             const struct ps_token_sign *request, const uint8_t input32[32],
                             struct ps_token_signature *out, CK_RV *rv, struct ps_error *err)
{
    const struct ps_key_entry *entry = NULL;
    enum ps_code rc;
    unsigned i;

    *rv = CKR_OK;
    if ((rc = ps_token_ready(token, err)) != PS_OK ||
        (rc = find_key(token, request, &entry, err)) != PS_OK)
        return rc;
    assert(entry != NULL);
    for (i = 0; i < RANGE_TRIES; i++) {
        *rv = sign_in_session(token, worker, entry->private_key, input32, out);
        if (*rv != CKR_OK)
            return ps_ckr_fail(err, *rv, "the token did not sign");
        if (acceptable(worker, request->kind, out)) {
            out->custody = entry->key.custody;
            atomic_fetch_add(&token->totals.signatures, 1);
            return PS_OK;
        }
        atomic_fetch_add(&token->totals.range_retries, 1);
    }
    return ps_fail(err, PS_TOKEN_ERROR,
                   "the token answered %d times with numbers that are no signature; it is faulty",
                   RANGE_TRIES);
}

static void look_for_token(struct ps_token *token)
{
    (void)pthread_rwlock_wrlock(&token->lock);
    if (ps_token_should_look(token))
        ps_token_find(token);
    (void)pthread_rwlock_unlock(&token->lock);
}

enum ps_code ps_sign(struct ps_token *token, struct ps_worker *worker,
                     const struct ps_token_sign *request, struct ps_token_signature *out,
                     struct ps_error *err)
{
    unsigned step = PS_STEP_NONE;
    uint8_t input[32];
    enum ps_step first;
    enum ps_code rc;
    uint64_t seen;
    bool look;
    CK_RV rv;

    if (request->kind != PS_KIND_STARK && request->kind != PS_KIND_SECP256K1)
        return ps_fail(err, PS_INVALID_PARAMS, "a key of kind %s does not sign",
                       ps_kind_name(request->kind));
    if (!ps_sign_input(ps_curve_of_kind(request->kind), request->hash32, input))
        return ps_fail(err, PS_INVALID_PARAMS, "a Starknet hash must be below 2^251");
    for (;;) {
        (void)pthread_rwlock_rdlock(&token->lock);
        look = ps_token_should_look(token);
        rc = look ? PS_TOKEN_UNAVAILABLE : try_sign(token, worker, request, input, out, &rv, err);
        seen = token->generation;
        (void)pthread_rwlock_unlock(&token->lock);
        if (look) {
            look_for_token(token);
            continue;
        }
        if (rc == PS_OK || rv == CKR_OK)
            return rc;
        first = ps_ckr_step(rv);
        if (first == PS_STEP_NONE)
            return rc;
        /* Each rung once: at least the next one, and none that cannot cure this answer. */
        do {
            step = step + 1 > (unsigned)first ? step + 1 : (unsigned)first;
            if (step > PS_STEP_PROCESS)
                return rc;
        } while (!ps_recover(token, worker, (enum ps_step)step, seen));
    }
}
