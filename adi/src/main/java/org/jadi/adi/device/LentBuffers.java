package org.jadi.adi.device;

import java.lang.foreign.MemorySegment;

/**
 * Optional: memory of the device lent to the engine, so that data can be packed straight into the transport, and
 * forwarded without a copy.
 *
 * <p>Sending, under the rules of {@link Endpoint}: {@link #reserve}, write the payload into
 * {@code segment(endpoint)} from the returned offset, {@link #commit}. At most one reservation per endpoint; no other
 * send on it between, unless the reservation is given up: then the next call on the endpoint ends it, whatever was written.
 */
public interface LentBuffers {
    /**
     * Reserves room for a packet with a payload of {@code length} bytes.
     *
     * @return offset of the payload in {@link #segment}, or -1 for no room, or -2 if the peer is lost
     */
    long reserve(Endpoint endpoint, int length);

    /** Returns the memory into which the endpoint's reservations point. */
    MemorySegment segment(Endpoint endpoint);

    /**
     * Publishes the reserved packet.
     *
     * @param length bytes in fact written, at most what was reserved
     */
    void commit(Endpoint endpoint, int length, long h0, long h1, long h2, long h3);

    /**
     * Keeps the payload of the packet that is being delivered; only inside {@link InboundHandler#onPacket}.
     *
     * @return a ticket for {@link #release}, or -1 if the device cannot hold it (then copy it)
     */
    long retain(int rank);

    /**
     * Returns the least payload for which the engine should retain a message that nobody has asked for yet, instead of copying
     * it: for devices whose retained payloads take no room from packets to come, and are released by any thread. Asked inside
     * {@link InboundHandler#onPacket}, of the packet that is being delivered.
     */
    default int leastRetainedBytes() {
        return Integer.MAX_VALUE;
    }

    /** Gives a retained payload back. One thread at a time, not inside another endpoint's send. */
    void release(int rank, long ticket);
}
