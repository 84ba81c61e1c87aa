package org.jadi.adi.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.packet.PacketHeader;

/**
 * The way to a peer through another rank that reaches both: each packet travels, header and all, as the payload of a
 * FORWARD packet. Used under the peer's send lock, like every endpoint; inside it takes the relay's, which is a lock of the
 * same kind of a rank that is reached by fewer hops, so the order among them has no circle.
 *
 * <p>At most a window of bytes is under way to the relay and not yet passed on by it; that bounds the relay's memory.
 * Control packets count too. They cannot be held up for good: the destination takes what comes, always.
 */
final class RelayEndpoint extends Endpoint {
    /** What stands before the payload of the packet that is forwarded: its header. */
    static final int INNER_BYTES = 32;

    /** What a forwarded packet costs at the relay beside its payload. */
    static final int COST_BYTES = 64;

    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final MemorySegment NOTHING = MemorySegment.ofArray(new byte[0]);

    private final Peer relay;
    private final int maxPayload;
    private final long window;
    private final long address;
    private final MemorySegment scratch;

    // guarded by the peer's send lock
    private long spent;

    /** OWNER: the poller writes; senders read. */
    private volatile long returned;

    /**
     * Makes the way.
     *
     * @param maxPayload largest payload of a packet, so that it fits on both sides of the relay with its header
     * @param window most bytes under way; at least two packets
     */
    RelayEndpoint(Peer relay, int me, int destination, int maxPayload, long window) {
        this.relay = relay;
        this.maxPayload = maxPayload;
        this.window = Math.max(window, 2L * (maxPayload + COST_BYTES));
        this.address = PacketHeader.h1(me, destination);
        this.scratch = MemorySegment.ofArray(new byte[INNER_BYTES + maxPayload]);
    }

    Peer relay() {
        return relay;
    }

    @Override
    public int trySend(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length) {
        if (length > maxPayload) {
            return NO_ROOM; // cut for the direct way, which has gone meanwhile: the caller cuts anew
        }
        if (relay.failure != null) {
            return FAILED;
        }
        if (spent - returned + length + COST_BYTES > window) {
            return NO_ROOM;
        }
        // Before anything else changes: the payload may be unreadable.
        MemorySegment.copy(payload, offset, scratch, INNER_BYTES, length);
        scratch.set(WORD, 0, h0);
        scratch.set(WORD, 8, h1);
        scratch.set(WORD, 16, h2);
        scratch.set(WORD, 24, h3);
        int result;
        relay.sendLock.lock();
        try {
            result = relay.endpoint.trySend(PacketHeader.h0(PacketHeader.FORWARD, 0, 0), address, length, 0, scratch, 0,
                    INNER_BYTES + length);
        } finally {
            relay.sendLock.unlock();
        }
        if (result == SENT) {
            spent += length + COST_BYTES;
        }
        return result;
    }

    @Override
    public int trySendControl(long h0, long h1, long h2, long h3) {
        return trySend(h0, h1, h2, h3, NOTHING, 0, 0);
    }

    /** The relay has passed on so much. Only the poller. */
    void returned(long bytes) {
        returned = returned + bytes;
    }

    @Override
    public int maxPayloadBytes() {
        return maxPayload;
    }

    /** Returns word {@code i} of the header of a forwarded packet. */
    static long innerWord(MemorySegment payload, long offset, int i) {
        return payload.get(WORD, offset + 8L * i);
    }

    @Override
    public String toString() {
        return "through rank " + relay.rank() + ", window " + window + " bytes";
    }
}
