/* cmocka with what it wants included before it, in the order it wants. */
#ifndef PARASIGN_TESTS_SUPPORT_CHECK_H
#define PARASIGN_TESTS_SUPPORT_CHECK_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#endif
