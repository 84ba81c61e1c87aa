package org.jadi.adi.device;

import java.lang.foreign.MemorySegment;

/**
 * Optional: memory that peers can read in place (the get protocol). The token names a place in this rank's memory to any
 * peer of the device.
 */
public interface SharedMemory {
    /**
     * Allocates zeroed memory that peers can reach.
     *
     * @param bytes size, 0 or more
     * @throws DeviceException if there is no room for it; names what is missing
     */
    MemorySegment allocate(long bytes);

    /** Frees what {@link #allocate} returned. The segment must not be accessed any more. */
    void free(MemorySegment memory);

    /**
     * Returns the token of the place where memory lies, or -1 where peers cannot read it.
     *
     * @param memory any segment of the user's
     * @param offset first byte in it
     * @param length bytes that must be readable
     */
    long token(MemorySegment memory, long offset, long length);

    /**
     * Copies out of a peer's memory. The peer's device may have to make progress before this one knows the place; it is known
     * at the latest when a packet arrives that was sent after the token was made.
     *
     * @param rank the owner
     * @param token as the owner's {@link #token} returned it
     * @return false if it cannot be read after all; nothing was changed then
     */
    boolean get(int rank, long token, MemorySegment target, long targetOffset, long length);
}
