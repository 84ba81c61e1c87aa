package org.jadi.mpi.datatype;

import java.lang.foreign.MemorySegment;

/**
 * Moves bytes between memory that a layout describes and packed memory; one class for each direction and form, so that each
 * loop knows what it does. For one thread, during one piece of a message.
 */
public abstract class Copier {
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
}
