package org.jadi.device.ucx;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.stats.HotPath;
import org.jadi.device.ucx.binding.Ep;

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

    /** UCX's endpoint; null once it is abandoned. Guarded by the device's lock. */
    private Ep ep;

    // OWNER: whoever holds the device's lock writes; the sender reads.
    private volatile int packetsUnderWay;
    private volatile long bytesUnderWay;
    private volatile boolean failed;

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

    long peerKey() {
        return peerKey;
    }

    @Override
    @HotPath
    public int trySend(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        if (failed || length > maxPayload) {
            return refused(length);
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
        if (packetsUnderWay >= MOST_PACKETS + MORE_CONTROL) {
            return NO_ROOM;
        }
        Slot slot = small;
        slot.header(h0, h1, h2, h3, peerKey, ownRank, number);
        return send(slot, 0);
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

    /** Reserves a slot; returns the address of its payload, -1 for no room, -2 if the peer is lost. */
    long reserve(int length) {
        if (failed || length > maxPayload) {
            refused(length);
            return -2;
        }
        if (isFull()) {
            return -1;
        }
        // A slot that was given up is used again if it is ours alone: that for small packets may be under way meanwhile.
        if (reserved == null || !reserved.large) {
            reserved = length > smallPayload ? departures.takeSlot(true) : small;
        }
        return reserved.address + PacketDescriptor.PAYLOAD_OFFSET;
    }

    void commit(int length, long h0, long h1, long h2, long h3) {
        Slot slot = reserved;
        reserved = null;
        slot.header(h0, h1, h2, h3, peerKey, ownRank, number);
        send(slot, length);
    }

    // ------------------------------------------------------------ called by the device's parts, with the lock held

    Ep ep() {
        return ep;
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
        return "ucx endpoint to rank " + rank + (failed ? " (failed)" : ", " + packetsUnderWay + " packets under way");
    }
}
