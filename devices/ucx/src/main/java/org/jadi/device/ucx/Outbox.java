package org.jadi.device.ucx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.jadi.adi.device.BulkCopy;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.memory.ring.Ring;
import org.jadi.adi.memory.ring.Words;
import org.jadi.adi.stats.HotPath;

/** The sender's end of a mailbox: packets are stores into memory of the peer's. OWNER: the sending thread. */
final class Outbox {
    private static final BulkCopy COPY = new LargeCopy(6 << 10);

    private final Ring ring;
    private final MemorySegment memory;
    private final Arena arena;

    /** UCX's handle of the peer's memory. */
    private final long handle;

    /** Takes the peer's memory into use, for as long as the arena is open. */
    Outbox(MemorySegment memory, int ringBytes, Arena arena, long handle, Supplier<Ring> opposite) {
        this.memory = memory;
        this.ring = new Ring(memory, MailboxDescriptor.RING_OFFSET, ringBytes);
        ring.setOpposite(opposite);
        this.arena = arena;
        this.handle = handle;
    }

    long handle() {
        return handle;
    }

    MemorySegment memory() {
        return memory;
    }

    /** As {@link Endpoint#trySend}. */
    @HotPath
    int trySend(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        return ring.send(h0, h1, h2, h3, payload, offset, length, COPY);
    }

    /** As {@link Endpoint#trySendControl}. */
    @HotPath
    int trySendControl(long h0, long h1, long h2, long h3) {
        return ring.sendControl(h0, h1, h2, h3);
    }

    /** Returns the offset of a reserved payload in {@link #memory}, or -1 for no room. */
    long reserve(int length) {
        return ring.claim(length, false, false) ? ring.payloadOffset(false) : -1;
    }

    /** Publishes what was reserved. */
    void commit(int length, long h0, long h1, long h2, long h3) {
        ring.publish(length, false, h0, h1, h2, h3);
    }

    /**
     * Returns whether the receiver may sleep. Not ordered after what was sent: the receiver's barrier, before it looks at the
     * mailbox for the last time, is for both.
     */
    @HotPath
    boolean isReceiverAsleep() {
        return Words.loadIntOpaque(memory, MailboxDescriptor.ASLEEP_OFFSET) != 0;
    }

    /** Claims the right to wake the receiver; one sender that finds it asleep gets it. */
    boolean claimWake() {
        return Words.exchangeInt(memory, MailboxDescriptor.ASLEEP_OFFSET, 0) != 0;
    }

    /** Lets go of the peer's memory. */
    void close() {
        try {
            arena.close();
        } catch (IllegalStateException e) {
            // It is being accessed, against the rules: what is mapped stays until the process ends.
        }
    }

    @Override
    public String toString() {
        return ring.toString();
    }
}
