package org.jadi.adi.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Optional: memory of one rank that other ranks of the node map, to load from it and to store into it. What the ranks do with
 * it is theirs: the device only makes it, and ends the sleep of those who wait for a store.
 *
 * <p>Any thread may call any method. A rank that is {@link #watch watched} is reported through
 * {@link InboundHandler#onPeerFailed} when its process ends.
 */
public interface MappedMemory {
    /** Returns whether memory made by this rank can be mapped by another one, and the reverse. */
    boolean reaches(int rank);

    /**
     * Makes zeroed memory for which there is room; it begins at a multiple of 64 bytes.
     *
     * @throws DeviceException if there is no room; names what is missing
     */
    MemorySegment create(long bytes);

    /** Returns the name of memory of {@link #create} for {@link #map}; 0 or more. */
    long name(MemorySegment created);

    /** Frees what {@link #create} returned; nobody may use it any more. */
    void discard(MemorySegment created);

    /**
     * Maps memory that a rank has made.
     *
     * @param arena ends the mapping
     * @throws DeviceException if it cannot be mapped
     */
    MemorySegment map(int rank, long name, long bytes, Arena arena);

    /** From now on, the end of the rank's process is reported, also if no message was sent to it. */
    void watch(int rank);

    /** Ends the sleep of the rank's engine, if it sleeps; called after a store it may wait for. Cheap if it does not sleep. */
    void wake(int rank);

    /** Copies bytes between heap, native and mapped memory, by the fastest means for this length. */
    void copy(MemorySegment from, long fromOffset, MemorySegment to, long toOffset, long bytes);
}
