package org.jadi.adi.request;

import java.lang.foreign.MemorySegment;

/**
 * Memory that is not one run of bytes: how parts of the packed message are taken from it and put into it.
 *
 * <p>Parts may be asked for in any order; a receive gets each byte once. Called by the thread that moves the piece, perhaps
 * under a lock of the peer: so a plan only copies, and never runs code of the user's.
 */
public interface PackPlan {
    /** Returns the size of the packed message in bytes; for a receive, the capacity. */
    long bytes();

    /** Packs bytes {@code first} to {@code first + length} of the message. */
    void pack(long first, MemorySegment target, long targetOffset, int length);

    /** Unpacks bytes {@code first} to {@code first + length} of the message. */
    void unpack(long first, MemorySegment source, long sourceOffset, int length);

    /**
     * Returns memory that perhaps only one thread may access (of a confined arena), or null where any thread may ask for
     * parts.
     */
    default MemorySegment memory() {
        return null;
    }

    /** Returns the types of the message, or null where they are not to be compared. */
    default BasicTypes types() {
        return null;
    }

    /** Told once, before the first {@link #unpack}, how long the message is that a receive was matched with. */
    default void matched(long messageBytes) {}
}
