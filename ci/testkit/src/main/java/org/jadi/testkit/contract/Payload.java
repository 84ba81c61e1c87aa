package org.jadi.testkit.contract;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Contents that are known from a seed, and the sizes at which things break. */
public final class Payload {
    private Payload() {}

    /** Returns byte {@code i} of the contents of a seed. */
    public static byte at(long seed, long i) {
        long x = (seed + i / 8) * 0x9E3779B97F4A7C15L;
        x = (x ^ x >>> 29) * 0xBF58476D1CE4E5B9L;
        return (byte) (x >>> (i % 8) * 8);
    }

    /** Writes the contents of a seed. */
    public static void fill(MemorySegment memory, long offset, long length, long seed) {
        for (long i = 0; i < length; i++) {
            memory.set(ValueLayout.JAVA_BYTE, offset + i, at(seed, i));
        }
    }

    /** Returns the first byte that is not as the seed says, or -1 if all are right. */
    public static long firstWrong(MemorySegment memory, long offset, long length, long seed) {
        for (long i = 0; i < length; i++) {
            if (memory.get(ValueLayout.JAVA_BYTE, offset + i) != at(seed, i)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns 0, 1, 7, 8, 63, 64 and so on, around each power of two, up to and including {@code most}. */
    public static List<Integer> lengths(int most) {
        TreeSet<Integer> lengths = new TreeSet<>(List.of(0, 1, 2, 3, 7, most - 1, most));
        for (long power = 8; power - 1 <= most; power *= 2) {
            for (long length = power - 1; length <= power + 1; length++) {
                if (length <= most) {
                    lengths.add((int) length);
                }
            }
        }
        return new ArrayList<>(lengths);
    }
}
