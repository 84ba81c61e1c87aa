package org.jadi.device.self;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.Doorbell;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.stats.HotPath;

/** The way to one rank of this process. */
final class SelfEndpoint extends Endpoint {
    private final SelfDevice owner;
    private final int peer;
    private final SelfRing ring;
    private final Doorbell doorbell;
    private final int maxPayloadBytes;
    private long reserved = SelfRing.NO_ROOM;

    SelfEndpoint(SelfDevice owner, int peer, SelfRing ring, Doorbell doorbell) {
        this.owner = owner;
        this.peer = peer;
        this.ring = ring;
        this.doorbell = doorbell;
        this.maxPayloadBytes = owner.limits().maxPayloadBytes();
    }

    int peer() {
        return peer;
    }

    @Override
    @HotPath
    public int trySend(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        if (length > maxPayloadBytes || ring.isClosed()) {
            return refused(length);
        }
        long position = ring.claimData(length);
        if (position == SelfRing.NO_ROOM) {
            return NO_ROOM;
        }
        MemorySegment.copy(payload, offset, ring.memory(), ring.payloadOffset(position), length);
        ring.publish(position, length, h0, h1, h2, h3);
        doorbell.ring();
        return SENT;
    }

    @Override
    @HotPath
    public int trySendControl(long h0, long h1, long h2, long h3) {
        if (ring.isClosed()) {
            return refused(0);
        }
        long position = ring.claimControl();
        if (position == SelfRing.NO_ROOM) {
            return NO_ROOM;
        }
        ring.publish(position, 0, h0, h1, h2, h3);
        doorbell.ring();
        return SENT;
    }

    /** Returns the offset of the reserved payload in the ring's memory, -1 for no room, -2 if the peer is gone. */
    long reserve(int length) {
        if (length > maxPayloadBytes || ring.isClosed()) {
            refused(length);
            return -2;
        }
        reserved = ring.claimData(length);
        return reserved == SelfRing.NO_ROOM ? -1 : ring.payloadOffset(reserved);
    }

    void commit(int length, long h0, long h1, long h2, long h3) {
        ring.publish(reserved, length, h0, h1, h2, h3);
        doorbell.ring();
    }

    MemorySegment memory() {
        return ring.memory();
    }

    private int refused(int length) {
        if (length > maxPayloadBytes) {
            throw new IllegalArgumentException("payload too long for one packet: length=" + length + " maxPayloadBytes="
                    + maxPayloadBytes);
        }
        owner.peerLost(peer);
        return FAILED;
    }

    @Override
    public String toString() {
        return "self " + ring;
    }
}
