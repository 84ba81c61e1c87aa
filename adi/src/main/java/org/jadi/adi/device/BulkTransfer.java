package org.jadi.adi.device;

import java.lang.foreign.MemorySegment;

/**
 * Optional: the device moves long data by itself, from the sender's memory into the receiver's, and neither side's engine
 * sees packets of it. The engine has matched the two sides before: the receiver begins, then tells the sender to.
 *
 * <p>Any thread may call. Between start and end the memory belongs to the device; a garbage collector must not be able to
 * take it away, so the device holds the segment.
 */
public interface BulkTransfer {
    /** Told that a transfer has ended, once for each that was started. */
    @FunctionalInterface
    interface Ended {
        /**
         * Called inside {@link Device#progress}, or by the thread that starts the transfer before it returns; no lock held.
         *
         * @param what the attachment that was given at the start
         * @param done true if all data is where it belongs; for a send: if the memory is the caller's again
         */
        void ended(Object what, boolean done);
    }

    /** Returns the least number of bytes for which it pays. Constant. */
    long leastBytes();

    /**
     * Returns whether data can be moved out of this memory and into it. False for memory that has no address or that a
     * thread may free while the transfer is under way.
     */
    boolean canMove(MemorySegment memory);

    /** Returns whether it pays towards a connected peer; not so where packets are faster. May change. */
    default boolean pays(int rank) {
        return true;
    }

    /**
     * Starts to receive.
     *
     * @param rank who will {@link #send} under the same id
     * @param id a number that no other transfer to this rank has meanwhile
     * @param length bytes that will come, 1 or more
     */
    void receive(int rank, long id, MemorySegment target, long offset, long length, Ended ended, Object what);

    /**
     * Starts to send to a connected peer that has called {@link #receive} with this id and length.
     *
     * @param rank the peer
     */
    void send(int rank, long id, MemorySegment source, long offset, long length, Ended ended, Object what);

    /** Gives a lost peer up: every transfer with it ends soon, not done. */
    void abandon(int rank);
}
