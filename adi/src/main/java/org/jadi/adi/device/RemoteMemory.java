package org.jadi.adi.device;

import java.lang.foreign.MemorySegment;

/**
 * Optional: one-sided access to a peer's memory by hardware or shared mapping. Places are named by
 * {@link SharedMemory#token}. Operations are started here and are complete, for origin and target, after
 * {@link #flush} returned true. One thread at a time per peer.
 */
public interface RemoteMemory {
    /** Starts a copy into the peer's memory. */
    void put(int rank, long token, MemorySegment source, long sourceOffset, long length);

    /** Adds to the peer's little-endian 64-bit integer at a token aligned to 8, and returns what was there. */
    long fetchAdd(int rank, long token, long addend);

    /** Replaces the peer's 64-bit integer if it equals {@code expected}; returns what was there. */
    long compareSwap(int rank, long token, long expected, long desired);

    /** Returns whether all that was started towards the peer is complete there. Never blocks. */
    boolean flush(int rank);
}
