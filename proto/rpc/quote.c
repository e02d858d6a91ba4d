#include <proto/rpc/quote.h>

#include <string.h>

#define SHOWN_MAX 40
#define DISTANCE_NAME_MAX 63

const char *ps_quote(char out[PS_QUOTE_MAX], const char *name)
{
    size_t n = 0;
    size_t i;

    out[n++] = '"';
    for (i = 0; name[i] != '\0' && i < SHOWN_MAX; i++)
        out[n++] = (char)(name[i] >= ' ' && name[i] <= '~' && name[i] != '"' ? name[i] : '?');
    if (name[i] != '\0') {
        memcpy(out + n, "...", 3);
        n += 3;
    }
    out[n++] = '"';
    out[n] = '\0';
    return out;
}

unsigned ps_name_distance(const char *a, const char *b, unsigned limit)
{
    unsigned row[DISTANCE_NAME_MAX + 1];
    size_t la = strnlen(a, DISTANCE_NAME_MAX + 1);
    size_t lb = strnlen(b, DISTANCE_NAME_MAX + 1);
    size_t i;
    size_t j;

    if (la > DISTANCE_NAME_MAX || lb > DISTANCE_NAME_MAX)
        return limit + 1;
    for (j = 0; j <= lb; j++)
        row[j] = (unsigned)j;
    for (i = 1; i <= la; i++) {
        unsigned diagonal = row[0];

        row[0] = (unsigned)i;
        for (j = 1; j <= lb; j++) {
            unsigned best = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[lb] <= limit ? row[lb] : limit + 1;
}
