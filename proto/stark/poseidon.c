#include <proto/stark/poseidon.h>

#include <proto/stark/felt_inline.h>
#include <proto/stark/poseidon_rounds.h>

static const ps_felt constants[PS_POSEIDON_CONSTANTS] = {
#include <poseidon_constants.inc>
};

/* a < 7P: 49/32, then 7 * 2.6/32 */
static inline void cube(ps_felt *out, const ps_felt *a)
{
    ps_felt square;

    ps_fe_sqr(&square, a);
    ps_fe_mul(out, &square, a);
}

/* state < 6P before and after */
static inline void full_round(ps_felt s[3], const ps_felt c[3])
{
    ps_felt a, sum, twice;
    int lane;

    for (lane = 0; lane < 3; lane++) {
        ps_fe_add(&a, &s[lane], &c[lane]);
        cube(&s[lane], &a);
    }
    ps_fe_add(&sum, &s[0], &s[1]);
    ps_fe_add(&sum, &sum, &s[2]); /* < 3P */
    ps_fe_add(&twice, &s[0], &s[0]);
    ps_fe_add(&s[0], &sum, &twice);
    ps_fe_add(&twice, &s[1], &s[1]);
    ps_fe_sub(&s[1], &sum, &twice, 2);
    ps_fe_add(&twice, &s[2], &s[2]);
    ps_fe_add(&twice, &twice, &s[2]);
    ps_fe_sub(&s[2], &sum, &twice, 3);
}

/*
 * s[0], s[1] < P and s[2] < 6P before and after. Written so that only the cube and one subtraction
 * stand between one round and the next.
 */
static inline void partial_round(ps_felt s[3], const ps_felt *c)
{
    ps_felt last, sum, t;

    ps_fe_add(&last, &s[2], c);
    cube(&last, &last);
    ps_fe_add(&sum, &s[0], &s[1]);
    ps_fe_sub(&t, &s[0], &s[1], 1);
    ps_fe_add(&t, &t, &last); /* s0 - s1 + s2 */
    ps_fe_add(&s[0], &s[0], &s[0]);
    ps_fe_add(&s[0], &s[0], &sum);
    ps_fe_add(&s[0], &s[0], &last); /* 3 s0 + s1 + s2 */
    ps_fe_normalize(&s[0], &s[0]);
    ps_fe_normalize(&s[1], &t);
    ps_fe_add(&last, &last, &last);
    ps_fe_sub(&s[2], &sum, &last, 2); /* s0 + s1 - 2 s2 */
}

void ps_poseidon_permute(ps_felt state[3])
{
    const ps_felt *c = constants;
    int round;

    for (round = 0; round < PS_POSEIDON_FULL_HALF; round++, c += 3)
        full_round(state, c);
    ps_fe_normalize(&state[0], &state[0]);
    ps_fe_normalize(&state[1], &state[1]);
    for (round = 0; round < PS_POSEIDON_PARTIAL; round++, c++)
        partial_round(state, c);
    for (round = 0; round < PS_POSEIDON_FULL_HALF; round++, c += 3)
        full_round(state, c);
    for (round = 0; round < 3; round++)
        ps_fe_normalize(&state[round], &state[round]);
}

void ps_poseidon_pair(ps_felt *out, const ps_felt *a, const ps_felt *b)
{
    ps_felt state[3] = {*a, *b};

    ps_felt_from_u64(&state[2], 2);
    ps_poseidon_permute(state);
    *out = state[0];
}

void ps_poseidon_init(struct ps_poseidon_sponge *sponge)
{
    *sponge = (struct ps_poseidon_sponge){.count = 0};
}

void ps_poseidon_add(struct ps_poseidon_sponge *sponge, const ps_felt *element)
{
    ps_felt *lane = &sponge->state[sponge->count++ % 2];

    ps_felt_add(lane, lane, element);
    if (sponge->count % 2 == 0)
        ps_poseidon_permute(sponge->state);
}

void ps_poseidon_end(ps_felt *out, const struct ps_poseidon_sponge *sponge)
{
    struct ps_poseidon_sponge last = *sponge;

    /* The padding is 1 and, if that leaves a lane over, 0. */
    ps_felt_add(&last.state[last.count % 2], &last.state[last.count % 2], &ps_felt_one);
    ps_poseidon_permute(last.state);
    *out = last.state[0];
}

void ps_poseidon_many(ps_felt *out, const ps_felt *elements, size_t count)
{
    struct ps_poseidon_sponge sponge;
    size_t i;

    ps_poseidon_init(&sponge);
    for (i = 0; i < count; i++)
        ps_poseidon_add(&sponge, &elements[i]);
    ps_poseidon_end(out, &sponge);
}
