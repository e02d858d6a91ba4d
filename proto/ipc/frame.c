#include <proto/ipc/frame.h>

#include <proto/ipc/wire.h>

void ps_frame_encode(const struct ps_frame_header *header, uint8_t out16[PS_FRAME_HEADER_BYTES])
{
    struct ps_wbuf w;

    ps_wbuf_init(&w, out16, PS_FRAME_HEADER_BYTES);
    ps_put_u32(&w, header->length);
    ps_put_u16(&w, header->type);
    ps_put_u16(&w, header->flags);
    ps_put_u64(&w, header->id);
}

enum ps_code ps_frame_decode(const uint8_t in16[PS_FRAME_HEADER_BYTES],
                             struct ps_frame_header *header)
{
    struct ps_rbuf r;

    ps_rbuf_init(&r, in16, PS_FRAME_HEADER_BYTES);
    header->length = ps_get_u32(&r);
    header->type = ps_get_u16(&r);
    header->flags = ps_get_u16(&r);
    header->id = ps_get_u64(&r);
    if (header->length > PS_FRAME_PAYLOAD_MAX || (header->flags & ~PS_FRAME_HAS_FD) != 0)
        return PS_INTERNAL_ERROR;
    return PS_OK;
}
