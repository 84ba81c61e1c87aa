package org.jadi.adi.engine;

import java.lang.foreign.MemorySegment;

/**
 * What is done with packets of one type. Runs on the polling thread: it may match, copy, and enqueue work or packets
 * here; it never waits and never sends synchronously.
 */
@FunctionalInterface
public interface PacketHandler {
    /** Takes a packet; the payload may be accessed until return. */
    void onPacket(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length);
}
