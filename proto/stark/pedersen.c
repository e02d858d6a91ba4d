#include <proto/stark/pedersen.h>

#include <proto/stark/tables.h>

/* An operand taken apart, with the table entries it needs on their way from memory. */
struct operand {
    int16_t digits[PS_PEDERSEN_WINDOWS];
    unsigned top_low;
    unsigned top_high;
};

static void take_apart(struct operand *out, const ps_felt *in,
                       const struct ps_pedersen_operand *table)
{
    uint64_t plain[4];
    unsigned carry;
    size_t i;

    ps_felt_to_limbs(plain, in);
    carry = ps_window_digits_var(out->digits, plain, PS_PEDERSEN_WIDTH, PS_PEDERSEN_WINDOWS);
    out->top_low = (unsigned)(plain[3] >> 48 & 0xff) + carry;
    out->top_high = (unsigned)(plain[3] >> 56);
    for (i = 0; i < PS_PEDERSEN_WINDOWS; i++) {
        const int digit = out->digits[i];

        if (digit != 0)
            __builtin_prefetch(&table->windows[i][(digit < 0 ? -digit : digit) - 1]);
    }
    __builtin_prefetch(&table->top[out->top_low][out->top_high]);
}

void ps_pedersen_var(ps_felt *out, const ps_felt *a, const ps_felt *b)
{
    struct operand first, second;
    struct ps_xyzz sum;

    take_apart(&first, a, &ps_pedersen_table[0]);
    take_apart(&second, b, &ps_pedersen_table[1]);
    ps_xyzz_from_affine(&sum, &ps_pedersen_table[0].top[first.top_low][first.top_high]);
    ps_window_add_var(&sum, &ps_pedersen_table[0].windows[0][0], PS_PEDERSEN_WIDTH, first.digits,
                      PS_PEDERSEN_WINDOWS);
    ps_window_add_var(&sum, &ps_pedersen_table[1].windows[0][0], PS_PEDERSEN_WIDTH, second.digits,
                      PS_PEDERSEN_WINDOWS);
    if (second.top_low != 0 || second.top_high != 0)
        ps_xyzz_add_affine_var(&sum, &ps_pedersen_table[1].top[second.top_low][second.top_high],
                               false);
    ps_xyzz_to_x_var(out, &sum);
}

void ps_pedersen_chain_init(struct ps_pedersen_chain *chain)
{
    chain->state = ps_felt_zero;
    chain->count = 0;
}

void ps_pedersen_chain_add_var(struct ps_pedersen_chain *chain, const ps_felt *element)
{
    ps_pedersen_var(&chain->state, &chain->state, element);
    chain->count++;
}

void ps_pedersen_chain_end_var(ps_felt *out, const struct ps_pedersen_chain *chain)
{
    ps_felt count;

    ps_felt_from_u64(&count, chain->count);
    ps_pedersen_var(out, &chain->state, &count);
}

void ps_pedersen_many_var(ps_felt *out, const ps_felt *elements, size_t count)
{
    struct ps_pedersen_chain chain;
    size_t i;

    ps_pedersen_chain_init(&chain);
    for (i = 0; i < count; i++)
        ps_pedersen_chain_add_var(&chain, &elements[i]);
    ps_pedersen_chain_end_var(out, &chain);
}
