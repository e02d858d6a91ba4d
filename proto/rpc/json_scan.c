#include <proto/rpc/json_scan.h>

#include <proto/rpc/json.h>
#include <stdint.h>

/* 2^63 has 19 digits; more can only overflow, and would cost the parser time before it says so. */
#define NUMBER_DIGITS_MAX 19

struct scan {
    const uint8_t *text;
    size_t length;
    size_t at;
    unsigned depth;
    struct ps_error *err;
};

static enum ps_code check_character(struct scan *s);
static enum ps_code skip_string(struct scan *s);
static enum ps_code skip_number(struct scan *s);

enum ps_code ps_json_scan(const char *text, size_t length, struct ps_error *err)
{
    struct scan s = {(const uint8_t *)text, length, 0, 0, err};
    enum ps_code rc = PS_OK;

    while (rc == PS_OK && s.at < s.length) {
        uint8_t c = s.text[s.at];

        if (c == '"') {
            rc = skip_string(&s);
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            rc = skip_number(&s);
        } else {
            if (c == '{' || c == '[') {
                if (++s.depth > PS_RPC_DEPTH_MAX)
                    return ps_fail(err, PS_PARSE_ERROR,
                                   "byte %zu: arrays and objects are nested deeper than %d", s.at,
                                   PS_RPC_DEPTH_MAX);
            } else if ((c == '}' || c == ']') && s.depth > 0) {
                s.depth--;
            }
            rc = check_character(&s);
        }
    }
    return rc;
}

/* Length of the well-formed UTF-8 sequence at p (RFC 3629, section 4), or 0. */
static size_t sequence_length(const uint8_t *p, size_t left)
{
    uint8_t low = 0x80;
    uint8_t high = 0xbf;
    size_t need;
    size_t i;

    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    need = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] == 0xe0)
        low = 0xa0; /* shorter forms exist */
    else if (p[0] == 0xed)
        high = 0x9f; /* surrogates */
    else if (p[0] == 0xf0)
        low = 0x90;
    else if (p[0] == 0xf4)
        high = 0x8f; /* above U+10FFFF */
    if (left < need || p[1] < low || p[1] > high)
        return 0;
    for (i = 2; i < need; i++)
        if (p[i] < 0x80 || p[i] > 0xbf)
            return 0;
    return need;
}

static enum ps_code check_character(struct scan *s)
{
    size_t n = sequence_length(s->text + s->at, s->length - s->at);

    if (n == 0)
        return ps_fail(s->err, PS_PARSE_ERROR, "byte %zu: this is not UTF-8", s->at);
    if (s->text[s->at] == 0)
        return ps_fail(s->err, PS_PARSE_ERROR, "byte %zu: a zero byte", s->at);
    s->at += n;
    return PS_OK;
}

static enum ps_code skip_string(struct scan *s)
{
    enum ps_code rc;

    for (s->at++; s->at < s->length; /* moved below */) {
        uint8_t c = s->text[s->at];

        if (c == '"') {
            s->at++;
            return PS_OK;
        }
        if (c == '\\' && s->at + 1 < s->length && s->text[s->at + 1] < 0x80 &&
            s->text[s->at + 1] != 0) {
            s->at += 2;
            continue;
        }
        if ((rc = check_character(s)) != PS_OK)
            return rc;
    }
    return PS_OK; /* not closed: the parser says so */
}

static enum ps_code skip_number(struct scan *s)
{
    size_t start = s->at;
    size_t digits = 0;

    for (; s->at < s->length; s->at++) {
        uint8_t c = s->text[s->at];

        if (c >= '0' && c <= '9')
            digits++;
        else if (c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E')
            break;
    }
    if (digits > NUMBER_DIGITS_MAX)
        return ps_fail(s->err, PS_PARSE_ERROR,
                       "byte %zu: this number does not fit 64 bits; write it as a string", start);
    return PS_OK;
}
