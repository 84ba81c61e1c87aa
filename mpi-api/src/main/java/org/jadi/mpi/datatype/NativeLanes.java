package org.jadi.mpi.datatype;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Copies blocks of equal length at equal distances between native memory and packed memory, by way of a small array; blocks
 * of 4 bytes or of words of 8.
 *
 * <p>Access to a segment of a class that the compiler does not know costs two virtual calls for each word. The comparison of
 * the class before the loop tells it, whatever kinds of segments the program uses.
 */
final class NativeLanes {
    private static final int STAGE_BYTES = 8192;
    private static final int MOST_BYTES = 64;
    private static final Class<?> NATIVE = Arena.global().allocate(1).getClass();

    private NativeLanes() {}

    /** Copies, unless the lengths do not suit or the memory is of another class; returns whether it did. */
    static boolean copy(MemorySegment memory, long at, long stride, long bytes, long count, MemorySegment packed, long packedAt,
            boolean packs) {
        if (memory.getClass() != NATIVE || bytes > MOST_BYTES || bytes != 4 && (bytes & 7) != 0) {
            return false;
        }
        int most = (int) Math.min(count, Math.max(1, STAGE_BYTES / bytes));
        int[] ints = bytes == 4 ? new int[most] : null;
        long[] longs = bytes == 4 ? null : new long[most * (int) bytes / 8];
        MemorySegment staged = ints != null ? MemorySegment.ofArray(ints) : MemorySegment.ofArray(longs);
        long from = at;
        long to = packedAt;
        for (long left = count; left > 0;) {
            int n = (int) Math.min(most, left);
            if (!packs) {
                MemorySegment.copy(packed, to, staged, 0, n * bytes);
            }
            if (ints != null) {
                move(memory, from, stride, n, ints, packs);
            } else if (packs) {
                gather(memory, from, stride, (int) bytes / 8, n, longs);
            } else {
                scatter(memory, from, stride, (int) bytes / 8, n, longs);
            }
            if (packs) {
                MemorySegment.copy(staged, 0, packed, to, n * bytes);
            }
            from += n * stride;
            to += n * bytes;
            left -= n;
        }
        return true;
    }

    private static void move(MemorySegment memory, long at, long stride, int count, int[] stage, boolean packs) {
        if (memory.getClass() != NATIVE) {
            throw new IllegalArgumentException("of another class: " + memory);
        }
        if (packs) {
            for (int i = 0; i < count; i++) {
                stage[i] = memory.get(JAVA_INT_UNALIGNED, at + i * stride);
            }
        } else {
            for (int i = 0; i < count; i++) {
                memory.set(JAVA_INT_UNALIGNED, at + i * stride, stage[i]);
            }
        }
    }

    /** Word by word of the blocks: the inner loop is the long one. */
    private static void gather(MemorySegment memory, long at, long stride, int words, int count, long[] stage) {
        if (memory.getClass() != NATIVE) {
            throw new IllegalArgumentException("of another class: " + memory);
        }
        for (int k = 0; k < words; k++) {
            long from = at + k * 8L;
            for (int i = 0; i < count; i++) {
                stage[i * words + k] = memory.get(JAVA_LONG_UNALIGNED, from + i * stride);
            }
        }
    }

    private static void scatter(MemorySegment memory, long at, long stride, int words, int count, long[] stage) {
        if (memory.getClass() != NATIVE) {
            throw new IllegalArgumentException("of another class: " + memory);
        }
        for (int k = 0; k < words; k++) {
            long to = at + k * 8L;
            for (int i = 0; i < count; i++) {
                memory.set(JAVA_LONG_UNALIGNED, to + i * stride, stage[i * words + k]);
            }
        }
    }
}
