package org.jadi.device.shm;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.memory.SmallCopy;
import org.jadi.adi.memory.ring.Ring;
import org.jadi.adi.memory.ring.RingDescriptor;
import org.jadi.adi.stats.HotPath;

/** The way to one rank of this node: a ring in its segment. */
final class ShmEndpoint extends Endpoint {

    private final Ring ring;
    private final MemorySegment target;
    private final Natives natives;
    private final int nativeCopyBytes;
    private final int maxPayload;
    private volatile boolean failed;

    ShmEndpoint(Ring ring, Natives natives, int nativeCopyBytes) {
        this.ring = ring;
        this.target = ring.memory();
        this.natives = natives;
        this.nativeCopyBytes = nativeCopyBytes;
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
        boolean isShort = RingDescriptor.isShort(h2, h3, length);
        if (!ring.claim(length, isShort, false)) {
            return NO_ROOM;
        }
        if (length != 0) {
            copy(payload, offset, ring.payloadOffset(isShort), length);
        }
        ring.publish(length, isShort, h0, h1, h2, h3);
        ShmDoorbell.ringIfAsleep(target, natives);
        return SENT;
    }

    @Override
    @HotPath
    public int trySendControl(long h0, long h1, long h2, long h3) {
        if (failed) {
            return FAILED;
        }
        if (!ring.claim(0, false, true)) {
            return NO_ROOM;
        }
        ring.publish(0, false, h0, h1, h2, h3);
        ShmDoorbell.ringIfAsleep(target, natives);
        return SENT;
    }

    @HotPath
    private void copy(MemorySegment payload, long offset, long at, int length) {
        if (length <= SmallCopy.MOST_BYTES) {
            SmallCopy.copy(payload, offset, target, at, length);
        } else if (length < nativeCopyBytes) {
            MemorySegment.copy(payload, offset, target, at, length);
        } else {
            natives.copyLarge(payload, offset, target, at, length);
        }
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
