package org.jadi.stress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jadi.adi.device.InboundHandler;

/** Packets with a payload that is known from their number; notes what arrives as decimal digits, 9 for a torn packet. */
public final class RingTraffic implements InboundHandler {
    /** Payload of every packet. */
    public static final int BYTES = 16;

    private int digits;

    /** Creates a note of nothing. */
    public RingTraffic() {}

    /** Writes the payload of a packet. */
    public static void fill(int number, MemorySegment memory, long offset) {
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, number * 0x0101010101010101L);
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, offset + 8, ~(number * 0x0101010101010101L));
    }

    @Override
    public void onPacket(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        boolean rest = h1 == h2 && h2 == h3 || h2 == length && h3 == 0;
        boolean whole = length == BYTES && h0 == h1 && rest
                && payload.get(ValueLayout.JAVA_LONG_UNALIGNED, offset) == h0 * 0x0101010101010101L
                && payload.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + 8) == ~(h0 * 0x0101010101010101L);
        digits = digits * 10 + (whole ? (int) h0 : 9);
    }

    @Override
    public void onPeerFailed(int rank, String reason) {
        digits = -1;
    }

    /** Returns the numbers of the packets so far, first one first. */
    public int digits() {
        return digits;
    }
}
