#include <pkcs11/manage.h>

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pkcs11/ckr.h>
#include <pkcs11/keypair.h>
#include <pkcs11/object.h>
#include <pkcs11/recover.h>
#include <proto/base/key_name.h>
#include <string.h>

#define HEX_TEXT_MAX 80

static enum ps_code check_wish(const struct ps_token_new_key *wish, struct ps_error *err)
{
    struct ps_key_name name;
    enum ps_code rc = ps_key_name_parse(wish->name, &name, err);

    if (rc != PS_OK)
        return rc;
    if (wish->kind != PS_KIND_STARK && wish->kind != PS_KIND_SECP256K1)
        return ps_fail(err, PS_INVALID_PARAMS, "a key pair is of kind stark or secp256k1, not %s",
                       ps_kind_name(wish->kind));
    if (!ps_role_takes_kind(name.role, wish->kind))
        return ps_fail(err, PS_INVALID_PARAMS, "a key of role %s is not of kind %s",
                       ps_role_name(name.role), ps_kind_name(wish->kind));
    if (wish->custody != PS_CUSTODY_TOKEN)
        return ps_fail(err, PS_UNSUPPORTED_BY_TOKEN,
                       "custody %s is not available with this token process; leave custody out, "
                       "or write token, to keep the key inside the token",
                       ps_custody_name(wish->custody));
    return PS_OK;
}

static enum ps_code check_label_free(struct ps_token *token, const char *name, struct ps_error *err)
{
    CK_ATTRIBUTE match[] = {{CKA_LABEL, ps_ck_in(name), strlen(name)}};
    struct ps_objects found;
    enum ps_code rc;
    CK_RV rv;
    size_t count;

    /* On the token itself, not in our list: another program may have put one there. */
    rc = ps_objects_find(token->module.ck, token->main_session, match, 1, &found, &rv, err);
    if (rc != PS_OK)
        return rc;
    count = found.count;
    ps_objects_free(&found);
    if (count > 0)
        return ps_fail(err, PS_KEY_EXISTS,
                       "the token has an object named %s already; choose another name or destroy "
                       "that one first",
                       name);
    return PS_OK;
}

static enum ps_code prepare(struct ps_token *token, const struct ps_token_new_key *wish,
                            struct ps_pair_wish *pair_wish, struct ps_error *err)
{
    enum ps_code rc;

    if ((rc = check_wish(wish, err)) != PS_OK)
        return rc;
    ps_recover_main(token);
    if ((rc = ps_token_ready(token, err)) != PS_OK ||
        (rc = check_label_free(token, wish->name, err)) != PS_OK)
        return rc;
    if (wish->kind == PS_KIND_STARK && token->stark == PS_STARK_UNSUPPORTED)
        return ps_fail(err, PS_UNSUPPORTED_BY_TOKEN,
                       "the token does not take the STARK curve (explicit EC parameters); use a "
                       "token that does: `parasign token probe` shows what this one can do");
    pair_wish->curve = ps_curve_of_kind(wish->kind);
    pair_wish->label = wish->name;
    if (RAND_bytes(pair_wish->id, sizeof pair_wish->id) != 1)
        return ps_fail(err, PS_INTERNAL_ERROR, "OpenSSL has no random numbers");
    return PS_OK;
}

/* Whether the pair is what was asked for and works. point65: what the public half must be, or NULL.
 */
static enum ps_code check_pair(struct ps_token *token, const struct ps_pair_wish *wish,
                               const struct ps_pair *pair, const uint8_t *point65,
                               struct ps_token_key *out, struct ps_error *err)
{
    const struct ps_key_entry *entry;
    enum ps_code rc;
    bool works;
    CK_RV rv;

    if ((rc = ps_token_read_keys(token, &rv, err)) != PS_OK)
        return rc;
    entry = ps_key_list_find(&token->keys, wish->label);
    if (entry == NULL || entry->key.id_length != sizeof wish->id ||
        memcmp(entry->key.id, wish->id, sizeof wish->id) != 0)
        return ps_fail(err, PS_TOKEN_ERROR,
                       "the token does not show the new key under its name and CKA_ID");
    if (entry->key.refused[0] != '\0')
        return ps_fail(err, PS_TOKEN_ERROR, "the token made a weaker key than was asked for: %s",
                       entry->key.refused);
    if (point65 != NULL && memcmp(point65, entry->key.public_key65, PS_POINT_BYTES) != 0)
        return ps_fail(err, PS_TOKEN_ERROR,
                       "the token shows another public key than the imported one has");
    rv = ps_pair_try(token->module.ck, token->main_session, wish->curve, pair,
                     entry->key.public_key65, &works);
    if (rv != CKR_OK)
        return ps_ckr_fail(err, rv, "the new key does not sign");
    if (!works)
        return ps_fail(err, PS_TOKEN_ERROR, "a signature of the new key does not verify");
    *out = entry->key;
    return PS_OK;
}

/* Accepts the pair into the list, or destroys it. */
static enum ps_code adopt(struct ps_token *token, const struct ps_pair_wish *wish,
                          const struct ps_pair *pair, const uint8_t *point65,
                          struct ps_token_key *out, struct ps_error *err)
{
    struct ps_error why, ignored;
    enum ps_code rc = check_pair(token, wish, pair, point65, out, &why);
    CK_RV rv, destroyed;

    if (rc == PS_OK)
        return PS_OK;
    /* A module that failed in the middle may hold the session in that operation. */
    (void)ps_token_renew_session(token, &token->main_session);
    destroyed = ps_pair_destroy(token->module.ck, token->main_session, pair);
    if (ps_token_read_keys(token, &rv, &ignored) != PS_OK)
        token->generation++;
    if (destroyed != CKR_OK)
        return ps_fail(err, rc,
                       "%.200s; it could not be destroyed (%s): do that before you use "
                       "the name again",
                       why.message, ps_ckr_name(destroyed));
    return ps_fail(err, rc, "%.320s; the key was destroyed", why.message);
}

enum ps_code ps_manage_generate(struct ps_token *token, const struct ps_token_new_key *wish,
                                struct ps_token_key *out, struct ps_error *err)
{
    struct ps_pair_wish pair_wish = {.curve = NULL};
    struct ps_pair pair;
    enum ps_code rc;
    CK_RV rv;

    if ((rc = prepare(token, wish, &pair_wish, err)) != PS_OK)
        return rc;
    rv = ps_pair_generate(token->module.ck, token->main_session, &pair_wish, &pair);
    if (rv != CKR_OK)
        return ps_ckr_fail(err, rv, "the token did not generate the key");
    return adopt(token, &pair_wish, &pair, NULL, out, err);
}

/* 0..15, or at least 16 for what is no digit; no branch and no table on the character. */
static unsigned hex_digit(unsigned c)
{
    unsigned lower = c | 0x20;
    unsigned is_number = ((c - '0') >> 31 ^ 1U) & (('9' - c) >> 31 ^ 1U);
    unsigned is_letter = ((lower - 'a') >> 31 ^ 1U) & (('f' - lower) >> 31 ^ 1U);

    return (is_number * (c - '0')) | (is_letter * (lower - 'a' + 10)) |
           ((is_number | is_letter) ^ 1U) << 4;
}

enum ps_code ps_secret_from_hex(const char *text, size_t length, uint8_t out32[32],
                                struct ps_error *err)
{
    unsigned bad = 0, digit;
    size_t i, at;

    if (length > 0 && text[length - 1] == '\n')
        length--;
    if (length >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        text += 2;
        length -= 2;
    }
    if (length < 1 || length > 64)
        return ps_fail(err, PS_INVALID_PARAMS,
                       "a private key is 1 to 64 hexadecimal digits, with or without 0x; there "
                       "were %zu characters",
                       length);
    memset(out32, 0, 32);
    for (i = 0; i < length; i++) {
        digit = hex_digit((unsigned char)text[length - 1 - i]);
        bad |= digit;
        at = 31 - i / 2;
        out32[at] = (uint8_t)(out32[at] | (digit & 15U) << (i % 2 * 4));
    }
    if (bad >= 16)
        return ps_fail(err, PS_INVALID_PARAMS,
                       "the private key holds something else than hexadecimal digits");
    return PS_OK;
}

void ps_secret_free(uint8_t *secret32)
{
    OPENSSL_secure_clear_free(secret32, 32);
}

enum ps_code ps_secret_receive(int fd, uint8_t **secret32, struct ps_error *err)
{
    char *text = OPENSSL_secure_zalloc(HEX_TEXT_MAX);
    uint8_t *secret = OPENSSL_secure_zalloc(32);
    enum ps_code rc;
    size_t length;

    *secret32 = NULL;
    if (text == NULL || secret == NULL) {
        rc = ps_fail(err, PS_INTERNAL_ERROR, "out of secure memory");
        goto out;
    }
    if ((rc = ps_secret_read_fd(fd, text, HEX_TEXT_MAX, &length, err)) != PS_OK ||
        (rc = ps_secret_from_hex(text, length, secret, err)) != PS_OK)
        goto out;
    *secret32 = secret;
    secret = NULL;
out:
    OPENSSL_secure_clear_free(text, HEX_TEXT_MAX);
    ps_secret_free(secret);
    return rc;
}

enum ps_code ps_manage_import(struct ps_token *token, const struct ps_token_new_key *wish,
                              const uint8_t secret32[32], struct ps_token_key *out,
                              struct ps_error *err)
{
    uint8_t point[PS_POINT_BYTES];
    struct ps_pair_wish pair_wish = {.curve = NULL};
    struct ps_pair pair;
    enum ps_code rc;
    CK_RV rv;

    if ((rc = prepare(token, wish, &pair_wish, err)) != PS_OK)
        return rc;
    assert(pair_wish.curve != NULL);
    if (!ps_curve_secret_ok(pair_wish.curve, secret32))
        return ps_fail(err, PS_INVALID_PARAMS,
                       "the private key is not between 1 and the order of the curve %s less 1",
                       pair_wish.curve->name);
    if ((rc = ps_curve_public_from_secret(pair_wish.curve, secret32, point, err)) != PS_OK)
        return rc;
    rv = ps_pair_create(token->module.ck, token->main_session, &pair_wish, secret32, point, &pair);
    if (rv != CKR_OK)
        return ps_ckr_fail(err, rv, "the token did not take the key");
    return adopt(token, &pair_wish, &pair, point, out, err);
}

enum ps_code ps_manage_destroy(struct ps_token *token, const char *name, struct ps_error *err)
{
    const struct ps_key_entry *entry;
    struct ps_pair pair;
    enum ps_code rc;
    size_t i;
    CK_RV rv;

    ps_recover_main(token);
    if ((rc = ps_token_ready(token, err)) != PS_OK ||
        (rc = ps_token_read_keys(token, &rv, err)) != PS_OK)
        return rc;
    entry = ps_key_list_find(&token->keys, name);
    if (entry == NULL)
        return ps_fail(err, PS_KEY_NOT_FOUND, "there is no key %s on the token", name);
    if ((size_t)(entry - token->keys.entries) + 1 < token->keys.count &&
        strcmp(entry[1].key.name, name) == 0)
        return ps_fail(err, PS_TOKEN_ERROR,
                       "two keys on the token are named %s; destroy the wrong one with the "
                       "token's own tool",
                       name);
    pair = (struct ps_pair){entry->public_key, entry->private_key};
    for (i = 0; i < token->keys.count; i++)
        if (&token->keys.entries[i] != entry &&
            token->keys.entries[i].public_key == entry->public_key)
            pair.public_key = CK_INVALID_HANDLE; /* a twin by CKA_ID: it may be the other's */
    rv = ps_pair_destroy(token->module.ck, token->main_session, &pair);
    if (rv != CKR_OK)
        rc = ps_ckr_fail(err, rv, "the token did not destroy the key");
    /* The list must not name what may be gone. */
    if (ps_token_read_keys(token, &rv, rc == PS_OK ? err : NULL) != PS_OK && rc == PS_OK)
        rc = PS_TOKEN_ERROR;
    return rc;
}
