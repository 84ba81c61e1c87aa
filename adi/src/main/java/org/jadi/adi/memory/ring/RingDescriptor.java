package org.jadi.adi.memory.ring;

import org.jadi.adi.stats.HotPath;

/**
 * Layout of a ring and of a record in it. Host byte order.
 *
 * <pre>
 *  ring    0    consumed u64: position up to which the consumer has taken records (the consumer writes)
 *          128  data, a power of two of bytes
 *
 *  record  0    length u32: 0 not written yet, -1 padding to the end of the ring, -2 padding to the next line,
 *               else payload bytes + 1, with bit 30 for a short header
 *          4    zero u32
 *          8    header, four u64; of a short header the first two: the third is the payload's length, the fourth 0
 *          40   (short: 24) payload, padded with anything to 32 bytes or a multiple of 64
 * </pre>
 *
 * Positions count bytes since the ring was made; the place is the position modulo the data size. Records of 32 bytes begin
 * at multiples of 32, longer ones at multiples of 64: so two small messages share a cache line, and a payload of up to 40
 * bytes lies in the line of its (short) header.
 */
public final class RingDescriptor {
    public static final long CONSUMED_OFFSET = 0;
    public static final int HEADER_BYTES = 128;
    public static final int LINE = 64;
    public static final int GRANULE = 32;
    public static final int LONG_HEADER_BYTES = 40;
    public static final int SHORT_HEADER_BYTES = 24;
    public static final int PADDING = -1;
    public static final int LINE_PADDING = -2;
    public static final int SHORT = 1 << 30;

    /** Room that only control packets may take: so they get through when data fills the ring. */
    public static final int RESERVE_BYTES = 8 * LINE;

    /** The smallest ring that can be made. */
    public static final int MIN_RING_BYTES = 1 << 10;

    private RingDescriptor() {}

    /** Returns whether a record needs only the first half of the header: the rest of it follows from the length. */
    @HotPath
    public static boolean isShort(long h2, long h3, int payload) {
        return h3 == 0 && h2 == payload;
    }

    /** Returns the bytes of a record's header. */
    @HotPath
    public static int headerBytes(boolean isShort) {
        return isShort ? SHORT_HEADER_BYTES : LONG_HEADER_BYTES;
    }

    /** Returns the bytes that a record takes in the ring: half a line, or whole lines. */
    @HotPath
    public static int recordBytes(int payload, boolean isShort) {
        int used = headerBytes(isShort) + payload;
        return used <= GRANULE ? GRANULE : used + LINE - 1 & -LINE;
    }

    /** Returns the largest payload of a ring: a record, its padding and the reserve always fit. */
    public static int maxPayloadBytes(int ringBytes) {
        int eighth = ringBytes / 8;
        return Math.max(64, Math.min(ringBytes / 2 - RESERVE_BYTES / 2 - 2 * LINE, eighth)) - (eighth > 4096 ? 64 : 0);
    }
}
