#include <daemon/front/json_memory.h>

#include <jansson.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>

static void wiping_free(void *memory)
{
    if (memory == NULL)
        return;
    OPENSSL_cleanse(memory, malloc_usable_size(memory));
    free(memory);
}

void ps_json_prepare(void)
{
    json_set_alloc_funcs(malloc, wiping_free);
    json_object_seed(0);
}
