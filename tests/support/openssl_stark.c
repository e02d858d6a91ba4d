#include <tests/support/openssl_stark.h>

static const char b_hex[] = "06f21413efbe40de150e596d72f7a8c5609ad26c15c915c1f4cdfcb99cee9e89";
static const char x_hex[] = "01ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca";
static const char y_hex[] = "005668060aa49730b7be4801df46ec62de53ecd11abe43a32873000c36e8dc1f";

EC_GROUP *ps_test_stark_group(void)
{
    BIGNUM *p = NULL, *a = NULL, *b = NULL, *x = NULL, *y = NULL, *n = NULL;
    EC_GROUP *group = NULL, *result = NULL;
    EC_POINT *g = NULL;

    if (!BN_hex2bn(&p, PS_TEST_PRIME) || !BN_hex2bn(&a, "1") || !BN_hex2bn(&b, b_hex) ||
        !BN_hex2bn(&x, x_hex) || !BN_hex2bn(&y, y_hex) || !BN_hex2bn(&n, PS_TEST_ORDER))
        goto out;
    if ((group = EC_GROUP_new_curve_GFp(p, a, b, NULL)) == NULL ||
        (g = EC_POINT_new(group)) == NULL ||
        !EC_POINT_set_affine_coordinates(group, g, x, y, NULL) ||
        !EC_GROUP_set_generator(group, g, n, BN_value_one()))
        goto out;
    result = group;
    group = NULL;
out:
    EC_POINT_free(g);
    EC_GROUP_free(group);
    BN_free(p);
    BN_free(a);
    BN_free(b);
    BN_free(x);
    BN_free(y);
    BN_free(n);
    return result;
}
