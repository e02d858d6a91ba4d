#include <proto/snip12/hasher.h>

#include <assert.h>

void ps_typed_hasher_init(struct ps_typed_hasher *h, unsigned revision)
{
    assert(revision <= 1);
    h->revision = revision;
    if (revision == 0)
        ps_pedersen_chain_init(&h->state.pedersen);
    else
        ps_poseidon_init(&h->state.poseidon);
}

void ps_typed_hasher_add_var(struct ps_typed_hasher *h, const ps_felt *element)
{
    if (h->revision == 0)
        ps_pedersen_chain_add_var(&h->state.pedersen, element);
    else
        ps_poseidon_add(&h->state.poseidon, element);
}

void ps_typed_hasher_end_var(const struct ps_typed_hasher *h, ps_felt *out)
{
    if (h->revision == 0)
        ps_pedersen_chain_end_var(out, &h->state.pedersen);
    else
        ps_poseidon_end(out, &h->state.poseidon);
}

void ps_typed_pair_var(ps_felt *out, unsigned revision, const ps_felt *a, const ps_felt *b)
{
    if (revision == 0)
        ps_pedersen_var(out, a, b);
    else
        ps_poseidon_pair(out, a, b);
}
