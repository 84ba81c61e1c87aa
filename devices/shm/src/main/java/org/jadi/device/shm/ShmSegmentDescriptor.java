package org.jadi.device.shm;

import org.jadi.adi.memory.ring.RingDescriptor;

/**
 * Layout of a rank's segment. Host byte order; hot words of different writers lie 128 bytes apart.
 *
 * <pre>
 *  offset
 *       0  magic u64, version u32, rank u32, size u32, ring stride u32, nonce u64, ready u32 (written last)
 *     128  doorbell u32        peers add 1 and wake; the owner sleeps on it
 *     256  sleeping u32        the owner writes 1 while it sleeps
 *     384  lanes u32           raised by a sender that has made its ring
 *     512  mapped u32          ranks that have mapped the segment
 *     516  wakers u32          ranks that can end the owner's sleep
 *    4096  new lanes, one bit per sender
 *       .  states u32, one per sender: 0 none, else log2 of the ring's data bytes
 *   rings  size x stride, a ring from each sender
 *    heap  memory of Mpi.allocate
 * </pre>
 */
final class ShmSegmentDescriptor {
    static final int VERSION = 1;
    static final long MAGIC = 0x316D6873_6964616AL; // "jadishm1"
    static final long PAGE = 4096;
    static final long MAGIC_OFFSET = 0;
    static final long VERSION_OFFSET = 8;
    static final long RANK_OFFSET = 12;
    static final long SIZE_OFFSET = 16;
    static final long STRIDE_OFFSET = 20;
    static final long NONCE_OFFSET = 24;
    static final long READY_OFFSET = 32;
    static final long DOORBELL_OFFSET = 128;
    static final long SLEEPING_OFFSET = 256;
    static final long LANES_OFFSET = 384;
    static final long MAPPED_OFFSET = 512;
    static final long WAKERS_OFFSET = 516;
    static final long BITS_OFFSET = PAGE;

    private ShmSegmentDescriptor() {}

    /** Returns the offset of the word of new-lane bits in which a sender has its bit. */
    static long bitsOffset(int sender) {
        return BITS_OFFSET + sender / 64 * 8L;
    }

    static long bit(int sender) {
        return 1L << (sender & 63);
    }

    static long stateOffset(int size, int sender) {
        return BITS_OFFSET + (size + 63) / 64 * 8L + sender * 4L;
    }

    /** Returns the offset of the first ring: what lies before it is allocated when the segment is made. */
    static long ringsOffset(int size) {
        return page(stateOffset(size, size));
    }

    /** Returns the bytes from ring to ring, for the largest ring. */
    static long stride(int ringBytes) {
        return page(RingDescriptor.HEADER_BYTES + ringBytes);
    }

    static long ringOffset(int size, long stride, int sender) {
        return ringsOffset(size) + sender * stride;
    }

    static long heapOffset(int size, long stride) {
        return ringOffset(size, stride, size);
    }

    static long page(long bytes) {
        return bytes + PAGE - 1 & -PAGE;
    }
}
