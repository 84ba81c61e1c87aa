package org.jadi.device.ucx;

import org.jadi.adi.memory.ring.RingDescriptor;

/**
 * Layout of a mailbox: memory of the receiver's that one sender writes into. Host byte order.
 *
 * <pre>
 *  0     asleep u32: 1 while the receiver sleeps (the receiver sets and clears; a sender that clears it sends a wake-up)
 *  128   ring, as {@link RingDescriptor} describes it
 * </pre>
 */
final class MailboxDescriptor {
    static final long ASLEEP_OFFSET = 0;
    static final long RING_OFFSET = 128;

    /** Mailboxes begin at multiples of this. */
    static final int ALIGNMENT = 128;

    private MailboxDescriptor() {}

    static long bytes(int ringBytes) {
        return RING_OFFSET + RingDescriptor.HEADER_BYTES + ringBytes;
    }

    /** Returns whether packets of a size get through, whatever else lies in the ring. */
    static boolean fits(int payloadBytes, int ringBytes) {
        return 4L * Math.max(payloadBytes, RingDescriptor.RESERVE_BYTES) <= ringBytes;
    }
}
