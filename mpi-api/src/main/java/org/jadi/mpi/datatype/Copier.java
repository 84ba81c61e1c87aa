package org.jadi.mpi.datatype;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Moves bytes between memory that a layout describes and packed memory; one class for each direction and form, so that each
 * loop knows what it does. For one thread, during one piece of a message.
 */
public abstract class Copier {
    /** Longer blocks are copied faster one by one: {@link BlockLanes}. */
    private static final int MOST_LANE_BYTES = 56;
    private static final int LEAST_LANE_COUNT = 8;

    /** The memory that the layout describes; null where it is an array that no segment can view. */
    final MemorySegment memory;

    /** The packed bytes. */
    final MemorySegment packed;

    Copier(MemorySegment memory, MemorySegment packed) {
        this.memory = memory;
        this.packed = packed;
    }

    /** Moves one run of bytes between places in memory and in packed memory. */
    abstract void run(Kind kind, long at, long packedAt, long bytes);

    /** Moves runs at equal distances. */
    void strided(Kind kind, long at, long stride, long bytes, long count, long packedAt) {
        long from = at;
        long to = packedAt;
        for (long i = 0; i < count; i++) {
            run(kind, from, to, bytes);
            from += stride;
            to += bytes;
        }
    }

    /** Moves runs of equal length at {@code places[first]} to {@code places[end - 1]}, counted from a place in memory. */
    void scattered(Kind kind, long at, long[] places, int first, int end, long bytes, long packedAt) {
        long to = packedAt;
        for (int i = first; i < end; i++) {
            run(kind, at + places[i], to, bytes);
            to += bytes;
        }
    }

    /** Moves runs {@code first} to {@code end - 1} of {@link Ragged}. */
    void ragged(Kind kind, long at, long[] places, long[] starts, int first, int end, long packedAt) {
        for (int i = first; i < end; i++) {
            run(kind, at + places[i], packedAt + starts[i] - starts[first], starts[i + 1] - starts[i]);
        }
    }

    /**
     * Moves elements of several runs each.
     *
     * @param stride distance of the elements where {@code places} is null
     * @param places of the elements, or null for {@code first * stride} and so on
     */
    void elements(Sequence element, long at, long stride, long[] places, int first, int end, long packedAt) {
        long to = packedAt;
        for (int i = first; i < end; i++) {
            element.move(this, at - element.offset + (places == null ? i * stride : places[i]), 0, element.size, to);
            to += element.size;
        }
    }

    /** Tries the loops for many short blocks, in which every class is known; returns whether they did it. */
    final boolean strideThroughLanes(long at, long stride, long bytes, long count, long packedAt, boolean packs) {
        if (bytes > MOST_LANE_BYTES || count < LEAST_LANE_COUNT) {
            return false;
        }
        Object array = memory.heapBase().orElse(null);
        return array == null ? NativeLanes.copy(memory, at, stride, bytes, count, packed, packedAt, packs)
                : ArrayLanes.copy(array, memory.address() + at, stride, bytes, count, packed, packedAt, packs);
    }

    /** Copies one run; the library's own copy takes long to begin. */
    static void move(MemorySegment from, long fromAt, MemorySegment to, long toAt, long bytes) {
        if (bytes == 8) {
            to.set(JAVA_LONG_UNALIGNED, toAt, from.get(JAVA_LONG_UNALIGNED, fromAt));
        } else if (bytes == 4) {
            to.set(JAVA_INT_UNALIGNED, toAt, from.get(JAVA_INT_UNALIGNED, fromAt));
        } else {
            MemorySegment.copy(from, fromAt, to, toAt, bytes);
        }
    }
}
