#include <proto/snip12/merkle.h>

#include <assert.h>
#include <proto/snip12/hasher.h>

static void node(ps_felt *out, unsigned revision, const ps_felt *a, const ps_felt *b)
{
    if (ps_felt_cmp(a, b) <= 0)
        ps_typed_pair_var(out, revision, a, b);
    else
        ps_typed_pair_var(out, revision, b, a);
}

void ps_merkle_root_var(ps_felt *out, ps_felt *leaves, size_t count, unsigned revision)
{
    size_t i;

    assert(count > 0);
    while (count > 1) {
        for (i = 0; i < count; i += 2)
            node(&leaves[i / 2], revision, &leaves[i],
                 i + 1 < count ? &leaves[i + 1] : &ps_felt_zero);
        count = (count + 1) / 2;
    }
    *out = leaves[0];
}
