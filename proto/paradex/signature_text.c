#include <proto/paradex/messages.h>

#include <assert.h>
#include <proto/stark/felt_text.h>
#include <stdio.h>

void ps_signature_text(char out[PS_SIGNATURE_TEXT_MAX], const uint8_t r32[32],
                       const uint8_t s32[32])
{
    char r[79];
    char s[79];
    int length;

    ps_be32_to_decimal(r, r32);
    ps_be32_to_decimal(s, s32);
    length = snprintf(out, PS_SIGNATURE_TEXT_MAX, "[\"%s\",\"%s\"]", r, s);
    assert(length > 0 && length < PS_SIGNATURE_TEXT_MAX);
    (void)length;
}
