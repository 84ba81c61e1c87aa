package org.jadi.device.tcp;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Layout of one frame on the wire, little-endian, no padding.
 *
 * <pre>
 *  offset 0               4          8    16   24   32   40
 *         +---------------+----------+----+----+----+----+---------+
 *         | payloadLength | sequence | h0 | h1 | h2 | h3 | payload |
 *         +---------------+----------+----+----+----+----+---------+
 * </pre>
 *
 * The sequence counts the frames of one direction of one connection from 0 and wraps; a wrong one means a torn stream.
 */
final class TcpFrame {
    /** Version of the wire protocol and of the published address. */
    static final int VERSION = 1;

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final StructLayout PREFIX = MemoryLayout.structLayout(
            INT.withName("payloadLength"), INT.withName("sequence"),
            LONG.withName("h0"), LONG.withName("h1"), LONG.withName("h2"), LONG.withName("h3"));

    static final int LENGTH_OFFSET = offset("payloadLength");
    static final int SEQUENCE_OFFSET = offset("sequence");
    static final int H0_OFFSET = offset("h0");
    static final int H1_OFFSET = offset("h1");
    static final int H2_OFFSET = offset("h2");
    static final int H3_OFFSET = offset("h3");
    static final int PREFIX_BYTES = (int) PREFIX.byteSize();

    private TcpFrame() {}

    /** Writes the part of a frame before its payload. */
    static void encode(MemorySegment to, long at, int length, int sequence, long h0, long h1, long h2, long h3) {
        to.set(INT, at + LENGTH_OFFSET, length);
        to.set(INT, at + SEQUENCE_OFFSET, sequence);
        to.set(LONG, at + H0_OFFSET, h0);
        to.set(LONG, at + H1_OFFSET, h1);
        to.set(LONG, at + H2_OFFSET, h2);
        to.set(LONG, at + H3_OFFSET, h3);
    }

    private static int offset(String field) {
        return (int) PREFIX.byteOffset(groupElement(field));
    }
}
