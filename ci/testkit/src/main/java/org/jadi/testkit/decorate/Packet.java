package org.jadi.testkit.decorate;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.InboundHandler;

/** A copy of a packet. */
record Packet(int rank, long h0, long h1, long h2, long h3, MemorySegment payload) {
    static Packet copy(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        MemorySegment copy = MemorySegment.ofArray(new byte[length]);
        if (length > 0) {
            MemorySegment.copy(payload, offset, copy, 0, length);
        }
        return new Packet(rank, h0, h1, h2, h3, copy);
    }

    void deliver(InboundHandler inbound) {
        inbound.onPacket(rank, h0, h1, h2, h3, payload, 0, (int) payload.byteSize());
    }
}
