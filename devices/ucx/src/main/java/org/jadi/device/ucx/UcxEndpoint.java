package org.jadi.device.ucx;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.stats.HotPath;
import org.jadi.device.ucx.binding.Ep;
import org.jadi.device.ucx.binding.Memory;

/** The way to one peer. */
final class UcxEndpoint extends Endpoint {
    /** Packets to one peer that UCX may have at once, whatever their size. */
    private static final int MOST_PACKETS = 256;

    /** How many more of them may be control packets. */
    private static final int MORE_CONTROL = 64;

    private final Departures departures;
    private final int rank;
    private final long peerKey;
    private final int ownRank;
    private final int smallPayload;
    private final int maxPayload;
    private final int sendBytes;

    // OWNER: the sending thread.
    private int number;
    private Slot small;
    private Slot reserved;

    /** Where packets go since this rank has changed over; null: as active messages. */
    private Outbox outbox;

    /** UCX's endpoint; null once it is abandoned. Guarded by the device's lock. */
    private Ep ep;

    // OWNER: whoever holds the device's lock writes; the sender reads.
    private volatile int packetsUnderWay;
    private volatile long bytesUnderWay;
    private volatile boolean failed;

    /** The mailbox that the peer has made, once this rank knows that it can use it. */
    private volatile Outbox offered;

    UcxEndpoint(Departures departures, int rank, long peerKey, int ownRank, Ep ep, UcxConfig config) {
        this.departures = departures;
        this.rank = rank;
        this.peerKey = peerKey;
        this.ownRank = ownRank;
        this.ep = ep;
        this.maxPayload = config.maxPayloadBytes();
        this.smallPayload = Math.min(maxPayload, Slots.SMALL_PAYLOAD_BYTES);
        this.sendBytes = config.sendBytes();
        this.small = departures.takeSlot(false);
    }

    int rank() {
        return rank;
    }

    /** Returns whether packets go into a mailbox, or will from the next on. */
    boolean hasMailbox() {
        return offered != null;
    }

    long peerKey() {
        return peerKey;
    }

    @Override
    @HotPath
    public int trySend(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        if (failed || length > maxPayload) {
            return refused(length);
        }
        if (hasOutbox()) {
            return packetsUnderWay == 0 ? wakeIf(outbox.trySend(h0, h1, h2, h3, payload, offset, length)) : NO_ROOM;
        }
        if (isFull()) {
            return NO_ROOM;
        }
        if (length > smallPayload) {
            return sendLarge(h0, h1, h2, h3, payload, offset, length);
        }
        Slot slot = small;
        slot.payload(payload, offset, length);
        slot.header(h0, h1, h2, h3, peerKey, ownRank, number);
        return send(slot, length);
    }

    @Override
    @HotPath
    public int trySendControl(long h0, long h1, long h2, long h3) {
        if (failed) {
            return FAILED;
        }
        if (hasOutbox()) {
            return packetsUnderWay == 0 ? wakeIf(outbox.trySendControl(h0, h1, h2, h3)) : NO_ROOM;
        }
        if (packetsUnderWay >= MOST_PACKETS + MORE_CONTROL) {
            return NO_ROOM;
        }
        Slot slot = small;
        slot.header(h0, h1, h2, h3, peerKey, ownRank, number);
        return send(slot, 0);
    }

    /**
     * Returns whether packets go into the peer's mailbox; changes over when there is one. They wait while UCX has not handed
     * out all active messages: announcements of memory come before packets that name it.
     */
    @HotPath
    private boolean hasOutbox() {
        return outbox != null || offered != null && changeOver();
    }

    private boolean changeOver() {
        departures.announce(this, Mail.CHANGE);
        outbox = offered;
        return true;
    }

    /** Wakes the receiver if something was sent and it sleeps. */
    @HotPath
    private int wakeIf(int result) {
        if (result == SENT && outbox.isReceiverAsleep()) {
            wake();
        }
        return result;
    }

    private void wake() {
        if (outbox.claimWake()) {
            departures.announce(this, Mail.WAKE);
        }
    }

    private int sendLarge(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        Slot slot = departures.takeSlot(true);
        try {
            slot.payload(payload, offset, length);
        } catch (RuntimeException e) { // closed arena, wrong thread, too short
            departures.giveSlot(slot);
            throw e;
        }
        slot.header(h0, h1, h2, h3, peerKey, ownRank, number);
        return send(slot, length);
    }

    /** Sends a filled slot. */
    @HotPath
    private int send(Slot slot, int length) {
        if (!departures.send(this, slot, PacketDescriptor.PAYLOAD_OFFSET + length)) {
            return FAILED;
        }
        number++;
        return SENT;
    }

    private boolean isFull() {
        return packetsUnderWay >= MOST_PACKETS || bytesUnderWay > sendBytes;
    }

    private int refused(int length) {
        if (length > maxPayload) {
            throw new IllegalArgumentException("payload too long for one packet: length=" + length + " maxPayloadBytes="
                    + maxPayload);
        }
        return FAILED;
    }

    /** Reserves room; returns the offset in {@link #target} of its payload, -1 for no room, -2 if the peer is lost. */
    long reserve(int length) {
        if (failed || length > maxPayload) {
            refused(length);
            return -2;
        }
        if (isFull()) {
            return -1;
        }
        if (hasOutbox()) {
            return packetsUnderWay == 0 ? outbox.reserve(length) : -1;
        }
        // A slot that was given up is used again if it is ours alone: that for small packets may be under way meanwhile.
        if (reserved == null || !reserved.large) {
            reserved = length > smallPayload ? departures.takeSlot(true) : small;
        }
        return reserved.address + PacketDescriptor.PAYLOAD_OFFSET;
    }

    /** Returns the memory into which reservations point. */
    MemorySegment target() {
        return outbox != null ? outbox.memory() : Memory.ALL;
    }

    void commit(int length, long h0, long h1, long h2, long h3) {
        if (outbox != null) {
            outbox.commit(length, h0, h1, h2, h3);
            wakeIf(SENT);
            return;
        }
        Slot slot = reserved;
        reserved = null;
        slot.header(h0, h1, h2, h3, peerKey, ownRank, number);
        send(slot, length);
    }

    // ------------------------------------------------------------ called by the device's parts, with the lock held

    Ep ep() {
        return ep;
    }

    /** Writes the header of an announcement. */
    void address(Slot slot, long kind, long number) {
        slot.header(kind, number, 0, 0, peerKey, ownRank | PacketDescriptor.ANNOUNCEMENT, 0);
    }

    /** Has the sender change over to a mailbox of the peer's before its next packet. */
    void offer(Outbox mailbox) {
        offered = mailbox;
    }

    /** The slot was handed to UCX, and must be replaced if it is the one for small packets. */
    void underWay(Slot slot) {
        packetsUnderWay = packetsUnderWay + 1;
        bytesUnderWay = bytesUnderWay + slot.bytes;
        if (slot == small) {
            small = departures.takeSlotLocked(false);
        }
    }

    void out(Slot slot) {
        packetsUnderWay = packetsUnderWay - 1;
        bytesUnderWay = bytesUnderWay - slot.bytes;
    }

    /** Returns whether this is the first that is known of a failure. */
    boolean fail() {
        boolean first = !failed;
        failed = true;
        return first;
    }

    boolean hasFailed() {
        return failed;
    }

    /** Gives UCX's endpoint up; nothing is sent any more. */
    Ep abandon() {
        Ep e = ep;
        failed = true;
        ep = null;
        return e;
    }

    /** Returns how many packets UCX has not given back. */
    int packetsUnderWay() {
        return packetsUnderWay;
    }

    @Override
    public String toString() {
        return "ucx endpoint to rank " + rank + (failed ? " (failed)" : offered != null ? ", mailbox" : ", " + packetsUnderWay + " packets under way");
    }
}
