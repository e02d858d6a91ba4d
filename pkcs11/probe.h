/* What a token can do, found out by doing it: its flags lie in both directions. */
#ifndef PARASIGN_PKCS11_PROBE_H
#define PARASIGN_PKCS11_PROBE_H

#include <pkcs11/ck.h>
#include <proto/ipc/token_proto.h>

/*
 * Generates a session key pair with the STARK parameters, lets it sign, verifies in software and
 * destroys it. PS_STARK_UNTESTED when the token failed for another reason than the curve. Must not
 * run beside another key generation.
 */
enum ps_stark_support ps_probe_stark(ps_ck *ck, CK_SESSION_HANDLE session);

/* Everything worth knowing, as rows. Leaves nothing on the token. Needs a login on most tokens. */
void ps_probe_token(ps_ck *ck, CK_SLOT_ID slot, CK_SESSION_HANDLE session,
                    struct ps_token_probe *out);

#endif
