/* Makes a token: C_InitToken, then the user PIN. */
#ifndef PARASIGN_PKCS11_INIT_H
#define PARASIGN_PKCS11_INIT_H

#include <pkcs11/pin.h>
#include <pkcs11/uri.h>

/*
 * Initialises the slot that the URI names (slot-id), or the first one without an initialised token.
 * Never an initialised token: that would destroy its keys. PS_KEY_EXISTS when a token of that label
 * is there already. label: 1 to 32 bytes. Prints nothing.
 */
PS_MUST_USE enum ps_code ps_init_token(const struct ps_uri *uri, const char *label,
                                       const struct ps_pin *so_pin, const struct ps_pin *user_pin,
                                       struct ps_error *err);

#endif
