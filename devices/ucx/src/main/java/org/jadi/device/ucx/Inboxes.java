package org.jadi.device.ucx;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.memory.ring.Ring;
import org.jadi.adi.memory.ring.Words;
import org.jadi.adi.stats.HotPath;
import org.jadi.device.ucx.binding.LibC;

/** The mailboxes of this rank that peers write into. OWNER: the poller, but for what says otherwise. */
final class Inboxes {
    /** Records taken from one mailbox in one poll, so that no sender keeps the poller from the others. */
    private static final int MOST_RECORDS = 32;

    private final InboundHandler inbound;
    /** Marks tickets of packets that stay in a mailbox. */
    private static final long MAIL_TICKET = 1L << 61;

    /** Who writes into which ring. */
    private record Inbox(int sender, Ring ring) {}

    private volatile Inbox[] all = {};

    /** The mailbox from which a packet is being delivered, or null. */
    private Ring delivering;

    Inboxes(InboundHandler inbound) {
        this.inbound = inbound;
    }

    /** Looks into a mailbox from now on: all packets that its sender sent otherwise were delivered. */
    void add(int sender, MemorySegment memory, int ringBytes) {
        Inbox[] more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = new Inbox(sender, new Ring(memory, MailboxDescriptor.RING_OFFSET, ringBytes));
        all = more;
    }

    @HotPath
    int count() {
        return all.length;
    }

    /** Hands on what lies in the mailboxes; returns the number of packets. */
    @HotPath
    int poll() {
        int work = 0;
        Inbox[] boxes = all;
        for (int i = 0; i < boxes.length; i++) {
            work += take(boxes[i].ring, boxes[i].sender);
        }
        return work;
    }

    @HotPath
    private int take(Ring ring, int sender) {
        delivering = ring;
        int taken;
        try {
            taken = ring.drain(sender, inbound, MOST_RECORDS);
        } finally {
            delivering = null;
        }
        return taken < 0 ? drop(sender) : taken;
    }

    /** A mailbox with nonsense in it is not looked at any further: its sender is lost to us. */
    private int drop(int sender) {
        all = Arrays.stream(all).filter(box -> box.sender != sender).toArray(Inbox[]::new);
        inbound.onPeerFailed(sender, "its mailbox is corrupt");
        return 0;
    }

    /** Hands on all that a lost peer wrote before it was lost. */
    void drain(int sender) {
        Ring ring = from(sender);
        while (ring != null && take(ring, sender) > 0) {
            // until empty
        }
    }

    /** Returns the mailbox that brings a rank's packets, or null. Any thread. */
    Ring from(int sender) {
        for (Inbox box : all) {
            if (box.sender == sender) {
                return box.ring;
            }
        }
        return null;
    }

    /** Returns whether the packet that is being delivered lies in a mailbox. */
    boolean isDelivering() {
        return delivering != null;
    }

    /** Keeps the packet that is being delivered where it is; returns a ticket, or -1 if too much would be kept. */
    long retain() {
        long position = delivering.retain();
        return position < 0 ? -1 : position | MAIL_TICKET;
    }

    /** Gives a packet back that {@link #retain} kept; returns false if it was somebody else's. Any thread. */
    boolean giveBack(int sender, long ticket) {
        if ((ticket & MAIL_TICKET) == 0) {
            return false;
        }
        Ring ring = from(sender);
        if (ring != null) { // else it was corrupt
            ring.release(ticket & ~MAIL_TICKET);
        }
        return true;
    }

    /** Has senders wake this rank from now on. What they sent before is seen by the next poll. */
    void sleeping() {
        Inbox[] boxes = all;
        for (Inbox box : boxes) {
            Words.storeIntVolatile(box.ring.memory(), MailboxDescriptor.ASLEEP_OFFSET, 1);
        }
        if (boxes.length != 0) {
            // ORDER: each sender either sees the word, or its packet is seen after this: the barrier is for its CPU, too.
            LibC.barrier();
        }
    }

    /** Ends what {@link #sleeping} began. */
    void awake() {
        for (Inbox box : all) {
            Words.storeIntRelease(box.ring.memory(), MailboxDescriptor.ASLEEP_OFFSET, 0);
        }
    }
}
