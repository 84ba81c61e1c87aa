package org.jadi.adi.device;

import java.lang.foreign.MemorySegment;

/**
 * The way to one peer. Packets arrive in the order in which they were accepted, each exactly once.
 *
 * <p>A send is accepted or not, never waits and never throws for back-pressure. One thread at a time per endpoint (the
 * engine holds the peer's send lock). After a failure upcall for the peer every send answers {@link #FAILED}.
 */
public abstract class Endpoint {
    /** The packet was accepted: its payload has been copied or written, and the buffer is the caller's again. */
    public static final int SENT = 0;

    /** No room now (or not connected yet): nothing was taken. Call again, with the same packet, after progress. */
    public static final int NO_ROOM = 1;

    /** The peer is lost; {@link InboundHandler#onPeerFailed} was or will be called. Nothing was taken. */
    public static final int FAILED = 2;

    /** For subclasses. */
    protected Endpoint() {}

    /**
     * Sends a header and a payload.
     *
     * @param h0 header, bytes 0 to 7, little-endian; {@code h1}, {@code h2}, {@code h3} the following
     * @param payload memory to take from; heap or native; may be accessed only until return
     * @param offset first byte in {@code payload}
     * @param length bytes, 0 to {@link DeviceLimits#maxPayloadBytes}
     * @return {@link #SENT}, {@link #NO_ROOM} or {@link #FAILED}
     */
    public abstract int trySend(long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length);

    /**
     * Sends a header without payload, with the room that is reserved for control packets: ordinary packets never fill
     * an endpoint so far that no control packet fits.
     *
     * @return {@link #SENT}, {@link #NO_ROOM} or {@link #FAILED}
     */
    public abstract int trySendControl(long h0, long h1, long h2, long h3);

    /**
     * Returns the largest payload of a packet on this endpoint: {@link DeviceLimits#maxPayloadBytes}, unless resources
     * ran short when it was made. Constant.
     */
    public int maxPayloadBytes() {
        return Integer.MAX_VALUE;
    }

    /**
     * Returns whether the peer was reached. Devices that connect later than {@link Device#connect} say so here; once true,
     * it stays true.
     */
    public boolean isConnected() {
        return true;
    }

    /** Returns a short description for reports: {@code "shm ring 256 KiB"}. */
    @Override
    public abstract String toString();
}
