package org.jadi.device.shm;

/**
 * Layout of a ring and of a record in it. Host byte order.
 *
 * <pre>
 *  ring    0    consumed u64: position up to which the consumer has taken records (the consumer writes)
 *          128  data, a power of two of bytes
 *
 *  record  0    length u32: 0 not written yet, -1 padding to the end of the ring, else payload bytes + 1
 *          4    zero u32
 *          8    header, four u64
 *          40   payload, padded with anything to a multiple of 64
 * </pre>
 *
 * Positions count bytes since the ring was made; the place is the position modulo the data size. Records begin at
 * multiples of 64, so a payload of up to 24 bytes shares the cache line of its header.
 */
final class ShmRingDescriptor {
    static final long CONSUMED_OFFSET = 0;
    static final int HEADER_BYTES = 128;
    static final int LINE = 64;
    static final int RECORD_HEADER_BYTES = 40;
    static final int PADDING = -1;

    /** Room that only control packets may take: so they get through when data fills the ring. */
    static final int RESERVE_BYTES = 8 * LINE;

    /** The smallest ring that can be made. */
    static final int MIN_RING_BYTES = 1 << 10;

    private ShmRingDescriptor() {}

    /** Returns the bytes that a record takes in the ring. */
    static int recordBytes(int payload) {
        return RECORD_HEADER_BYTES + payload + LINE - 1 & -LINE;
    }

    /** Returns the largest payload of a ring: a record, its padding and the reserve always fit. */
    static int maxPayloadBytes(int ringBytes) {
        int eighth = ringBytes / 8;
        return Math.max(64, Math.min(ringBytes / 2 - RESERVE_BYTES / 2 - 2 * LINE, eighth)) - (eighth > 4096 ? 64 : 0);
    }
}
