#include <proto/paradex/messages.h>

#include <assert.h>
#include <string.h>

const char *const ps_side_names[] = {"BUY", "SELL", NULL};

const char *const ps_order_type_names[] = {
    [PS_ORDER_MARKET] = "MARKET",
    [PS_ORDER_LIMIT] = "LIMIT",
    [PS_ORDER_STOP_LIMIT] = "STOP_LIMIT",
    [PS_ORDER_STOP_MARKET] = "STOP_MARKET",
    [PS_ORDER_TAKE_PROFIT_LIMIT] = "TAKE_PROFIT_LIMIT",
    [PS_ORDER_TAKE_PROFIT_MARKET] = "TAKE_PROFIT_MARKET",
    [PS_ORDER_STOP_LOSS_MARKET] = "STOP_LOSS_MARKET",
    [PS_ORDER_STOP_LOSS_LIMIT] = "STOP_LOSS_LIMIT",
    [PS_ORDER_TYPE_COUNT] = NULL,
};

const char *const ps_order_instruction_names[] = {"GTC", "IOC", "POST_ONLY", "RPI", NULL};
const char *const ps_order_stp_names[] = {"EXPIRE_MAKER", "EXPIRE_TAKER", "EXPIRE_BOTH", NULL};
const char *const ps_order_flag_names[] = {"REDUCE_ONLY", "MMP", NULL};

const char *ps_side_name(enum ps_side side)
{
    assert(side == PS_SIDE_BUY || side == PS_SIDE_SELL);
    return ps_side_names[side - PS_SIDE_BUY];
}

const char *ps_order_type_name(enum ps_order_type type)
{
    assert(type < PS_ORDER_TYPE_COUNT);
    return ps_order_type_names[type];
}

static bool find(const char *const *names, const char *text, unsigned *index)
{
    for (*index = 0; names[*index] != NULL; ++*index) {
        if (strcmp(names[*index], text) == 0)
            return true;
    }
    return false;
}

bool ps_side_from_name(const char *text, enum ps_side *out)
{
    unsigned index;

    if (!find(ps_side_names, text, &index))
        return false;
    *out = (enum ps_side)(index + PS_SIDE_BUY);
    return true;
}

bool ps_order_type_from_name(const char *text, enum ps_order_type *out)
{
    unsigned index;

    if (!find(ps_order_type_names, text, &index))
        return false;
    *out = (enum ps_order_type)index;
    return true;
}

bool ps_order_type_is_market(enum ps_order_type type)
{
    return strstr(ps_order_type_name(type), "MARKET") != NULL;
}

bool ps_market_ok(const char *market)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t length = strlen(market);

    return length >= 1 && length <= PS_MARKET_MAX && strspn(market, allowed) == length &&
           strspn(market, "0123456789") < length;
}
