package org.jadi.adi.device;

import java.lang.foreign.MemorySegment;

/** Optional: a way of copying large pieces of memory that is faster here than the JVM's. Any thread. */
public interface BulkCopy {
    /** Returns the size in bytes from which on it is faster; constant. */
    int leastBytes();

    /**
     * Copies bytes between memory that the calling thread may access, heap or native.
     *
     * @param to memory that is not read-only: the caller has looked
     */
    void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes);
}
