#include <daemon/methods/key_json.h>

#include <assert.h>
#include <ctype.h>
#include <daemon/methods/accounts.h>
#include <daemon/methods/build.h>
#include <proto/base/key_name.h>
#include <proto/ethereum/keccak.h>
#include <proto/stark/felt_text.h>
#include <stdio.h>

static const char hex_digits[] = "0123456789abcdef";

static void put_hex(char *out, const uint8_t *bytes, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        *out++ = hex_digits[bytes[i] >> 4];
        *out++ = hex_digits[bytes[i] & 15];
    }
    *out = '\0';
}

void ps_public_key_hex(char out[PS_PUBLIC_KEY_HEX_MAX], enum ps_kind kind,
                       const uint8_t public_key65[65])
{
    if (kind == PS_KIND_STARK) {
        ps_be32_to_hex(out, public_key65 + 1);
        return;
    }
    out[0] = '0';
    out[1] = 'x';
    put_hex(out + 2, public_key65, 65);
}

void ps_ethereum_address_text(char out[PS_ETHEREUM_ADDRESS_MAX], const uint8_t address20[20])
{
    uint8_t digest[32];
    size_t i;

    out[0] = '0';
    out[1] = 'x';
    put_hex(out + 2, address20, 20);
    /* EIP-55: a letter is a capital where the hash of the lowercase text has a digit above 7. */
    ps_keccak256(digest, out + 2, 40);
    for (i = 0; i < 40; i++) {
        unsigned digit = i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15u;

        if (digit >= 8)
            out[2 + i] = (char)toupper((unsigned char)out[2 + i]);
    }
}

static json_t *attributes_json(const struct ps_token_key *key)
{
    struct ps_build b;

    ps_build_begin(&b);
    ps_build_bool(&b, "sensitive", key->sensitive);
    ps_build_bool(&b, "extractable", key->extractable);
    ps_build_bool(&b, "never_extractable", key->never_extractable);
    ps_build_bool(&b, "local", key->local);
    return ps_build_end(&b);
}

static json_t *date_json(uint32_t yyyymmdd)
{
    char text[16];

    if (yyyymmdd == 0 || yyyymmdd > 99991231)
        return json_null();
    (void)snprintf(text, sizeof text, "%04u-%02u-%02u", yyyymmdd / 10000, yyyymmdd / 100 % 100,
                   yyyymmdd % 100);
    return json_string(text);
}

json_t *ps_key_json(const struct ps_token_key *key)
{
    char public_key[PS_PUBLIC_KEY_HEX_MAX];
    struct ps_key_name name = {.role = PS_ROLE_COUNT};
    struct ps_build b;
    enum ps_code rc;

    rc = ps_key_name_parse(key->name, &name, NULL);
    ps_public_key_hex(public_key, key->kind, key->public_key65);
    ps_build_begin(&b);
    ps_build_text(&b, "name", key->name);
    ps_build_text(&b, "kind", ps_kind_name(key->kind));
    ps_build_text(&b, "role", ps_role_name(rc == PS_OK ? name.role : PS_ROLE_COUNT));
    ps_build_text(&b, "custody", ps_custody_name(key->custody));
    ps_build_text(&b, "public_key", public_key);
    if (key->kind == PS_KIND_SECP256K1) {
        char address[PS_ETHEREUM_ADDRESS_MAX];
        uint8_t address20[20];

        ps_ethereum_address(address20, key->public_key65);
        ps_ethereum_address_text(address, address20);
        ps_build_text(&b, "eth_address", address);
    }
    ps_build_json(&b, "attributes", attributes_json(key));
    ps_build_json(&b, "created_at", date_json(key->created_on));
    if (key->refused[0] != '\0')
        ps_build_text(&b, "refused", key->refused);
    return ps_build_end(&b);
}
