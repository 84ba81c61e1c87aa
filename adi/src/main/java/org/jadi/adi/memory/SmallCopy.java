package org.jadi.adi.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jadi.adi.stats.HotPath;

/**
 * Copies few bytes: the JVM's general copy costs as much as the rest of a small message's way. Straight lines of overlapping
 * accesses, all loads of a line before its stores; no loop, which compilers turn into something for long ones.
 */
public final class SmallCopy {
    /** Most bytes that can be copied. */
    public static final int MOST_BYTES = 16;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private SmallCopy() {}

    /** Copies 0 to {@value #MOST_BYTES} bytes between memory that does not overlap. */
    @HotPath
    public static void copy(MemorySegment from, long fromAt, MemorySegment to, long toAt, int bytes) {
        if (bytes == 8) {
            to.set(LONG, toAt, from.get(LONG, fromAt));
        } else if (bytes < 8) {
            few(from, fromAt, to, toAt, bytes);
        } else {
            two(from, fromAt, to, toAt, bytes - 8);
        }
    }

    /** Two words, the second at a distance from the first. */
    @HotPath
    private static void two(MemorySegment from, long fromAt, MemorySegment to, long toAt, int second) {
        long a = from.get(LONG, fromAt);
        long b = from.get(LONG, fromAt + second);
        to.set(LONG, toAt, a);
        to.set(LONG, toAt + second, b);
    }

    /** Less than 8. */
    @HotPath
    private static void few(MemorySegment from, long fromAt, MemorySegment to, long toAt, int bytes) {
        if (bytes >= 4) {
            int a = from.get(INT, fromAt);
            int b = from.get(INT, fromAt + bytes - 4);
            to.set(INT, toAt, a);
            to.set(INT, toAt + bytes - 4, b);
        } else if (bytes > 0) {
            to.set(BYTE, toAt, from.get(BYTE, fromAt));
            to.set(BYTE, toAt + bytes / 2, from.get(BYTE, fromAt + bytes / 2));
            to.set(BYTE, toAt + bytes - 1, from.get(BYTE, fromAt + bytes - 1));
        }
    }
}
