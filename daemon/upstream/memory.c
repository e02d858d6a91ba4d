#include <daemon/upstream/memory.h>

#include <curl/curl.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

static void wiping_free(void *memory)
{
    if (memory == NULL)
        return;
    OPENSSL_cleanse(memory, malloc_usable_size(memory));
    free(memory);
}

/* realloc() may leave a copy behind; this one never moves without wiping. */
static void *wiping_realloc(void *memory, size_t size)
{
    size_t before = memory == NULL ? 0 : malloc_usable_size(memory);
    void *moved = malloc(size);

    if (moved == NULL)
        return NULL;
    if (before > 0)
        memcpy(moved, memory, before < size ? before : size);
    wiping_free(memory);
    return moved;
}

enum ps_code ps_upstream_curl_init(struct ps_error *err)
{
    CURLcode code = curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wiping_free, wiping_realloc,
                                         strdup, calloc);

    if (code != CURLE_OK)
        return ps_fail(err, PS_INTERNAL_ERROR, "libcurl: %s", curl_easy_strerror(code));
    return PS_OK;
}
