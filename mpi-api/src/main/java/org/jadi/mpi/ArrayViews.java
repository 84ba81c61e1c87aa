package org.jadi.mpi;

import java.lang.foreign.MemorySegment;

/**
 * Arrays as segments. A thread that sends and receives the same arrays again and again, as programs do in loops, gets the
 * same segments again: a call then leaves nothing behind but its status.
 *
 * <p>Only the thread that made this has that, so that threads need no agreement. The arrays used last are kept alive, if they
 * are small; what a segment costs is nothing beside moving a long array.
 */
final class ArrayViews {
    private static final int MOST_ARRAYS = 8; // those of an exchange with four neighbours
    private static final long MOST_BYTES = 64 << 10;

    private final Thread owner = Thread.currentThread();

    // OWNER: the owner
    private final Object[] arrays = new Object[MOST_ARRAYS];
    private final MemorySegment[] views = new MemorySegment[MOST_ARRAYS];
    private int oldest;

    /** Returns the segment of an array, or null if it is not known. */
    MemorySegment find(Object array) {
        if (Thread.currentThread() == owner) {
            Object[] known = arrays;
            for (int i = 0; i < MOST_ARRAYS; i++) {
                if (known[i] == array) {
                    return views[i];
                }
            }
        }
        return null;
    }

    /** Keeps the segment of an array that was not known, and returns it. */
    MemorySegment keep(Object array, MemorySegment view) {
        if (Thread.currentThread() == owner && view.byteSize() <= MOST_BYTES) {
            arrays[oldest] = array;
            views[oldest] = view;
            oldest = (oldest + 1) % MOST_ARRAYS;
        }
        return view;
    }
}
