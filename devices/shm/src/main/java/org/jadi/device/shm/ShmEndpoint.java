package org.jadi.device.shm;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.BulkCopy;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.memory.ring.Ring;
import org.jadi.adi.memory.ring.RingDescriptor;
import org.jadi.adi.stats.HotPath;

/** The way to one rank of this node: a ring in its segment. */
final class ShmEndpoint extends Endpoint {

    private final Ring ring;
    private final MemorySegment target;
    private final Natives natives;
    private final BulkCopy large;
    private final int maxPayload;
    private volatile boolean failed;

    ShmEndpoint(Ring ring, Natives natives, BulkCopy large) {
        this.ring = ring;
        this.target = ring.memory();
        this.natives = natives;
        this.large = large;
        this.maxPayload = RingDescriptor.maxPayloadBytes(ring.bytes());
    }

    @Override
    public int maxPayloadBytes() {
        return maxPayload;
    }

    @Override
    @HotPath
    public int trySend(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        if (failed || length > maxPayload) {
            return refused(length);
        }
        return ringIf(ring.send(h0, h1, h2, h3, payload, offset, length, large));
    }

    @Override
    @HotPath
    public int trySendControl(long h0, long h1, long h2, long h3) {
        if (failed) {
            return FAILED;
        }
        return ringIf(ring.sendControl(h0, h1, h2, h3));
    }

    /** Wakes the receiver if something was sent and it sleeps. */
    @HotPath
    private int ringIf(int result) {
        if (result == SENT) {
            ShmDoorbell.ringIfAsleep(target, natives);
        }
        return result;
    }

    /** Returns the offset of the reserved payload, -1 for no room, -2 if the peer is lost. */
    long reserve(int length) {
        if (failed || length > maxPayload) {
            refused(length);
            return -2;
        }
        return ring.claim(length, false, false) ? ring.payloadOffset(false) : -1;
    }

    void commit(int length, long h0, long h1, long h2, long h3) {
        ring.publish(length, false, h0, h1, h2, h3);
        ShmDoorbell.ringIfAsleep(target, natives);
    }

    MemorySegment target() {
        return target;
    }

    void fail() {
        failed = true;
    }

    private int refused(int length) {
        if (length > maxPayload) {
            throw new IllegalArgumentException("payload too long for one packet: length=" + length + " maxPayloadBytes="
                    + maxPayload);
        }
        return FAILED;
    }

    @Override
    public String toString() {
        return "shm " + ring;
    }
}
