package org.jadi.adi.device;

import java.lang.foreign.MemorySegment;

/**
 * Optional: one-sided access to a peer's memory by hardware or shared mapping. Places are named by
 * {@link SharedMemory#token}. Operations are started here and are complete, for origin and target, after
 * {@link #flush} returned true. The peer is connected. One thread at a time per peer. An operation whose place the device
 * cannot reach, or whose peer is lost, throws a {@link DeviceException}.
 */
public interface RemoteMemory {
    /** What an atomic operation does with what is there and its operand. */
    enum AtomicOp {
        /** Sum. */
        ADD,
        /** The operand. */
        SWAP,
        /** Bits that both have. */
        AND,
        /** Bits that one of them has. */
        OR,
        /** Bits that differ. */
        XOR
    }

    /** Starts a copy into the peer's memory. The source is the caller's again on return. */
    void put(int rank, long token, MemorySegment source, long sourceOffset, long length);

    /** Starts a copy out of the peer's memory. The target has the data after {@link #flush}; it is held until then. */
    void fetch(int rank, long token, MemorySegment target, long targetOffset, long length);

    /**
     * Changes the peer's integer at a token, and returns what was there; atomic towards other operations of this kind, and
     * complete on return. May wait until the peer makes progress where its network does not do without.
     *
     * @param token a place that is aligned to {@code bytes}
     * @param bytes 4 or 8; of a result of 4 bytes the upper half is the sign
     */
    long fetchOp(int rank, long token, int bytes, AtomicOp op, long operand);

    /** Replaces the peer's integer if it equals {@code expected}; returns what was there. As {@link #fetchOp}. */
    long compareSwap(int rank, long token, int bytes, long expected, long desired);

    /** Returns whether all that was started towards the peer is complete there. Never blocks. */
    boolean flush(int rank);

    /**
     * Returns a peer's memory for loads and stores, or null where it cannot be reached so: for windows on one node. Valid
     * until the owner frees it.
     */
    MemorySegment pointer(int rank, long token, long length);
}
