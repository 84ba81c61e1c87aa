package org.jadi.adi.device;

import java.lang.foreign.MemorySegment;

/** What a device calls when something arrives: the only way up. Implemented by the engine. */
public interface InboundHandler {
    /**
     * A packet arrived. Called inside {@link Device#progress} only, in order per peer. The payload may be accessed until
     * return, unless it is retained through {@link LentBuffers}.
     *
     * @param rank the sender, as the device knows it (authenticated), not as the header says
     * @param payload memory that holds the payload; may be any if {@code length} is 0
     * @param offset first byte of the payload
     * @param length bytes, 0 or more
     */
    void onPacket(int rank, long h0, long h1, long h2, long h3, MemorySegment payload, long offset, int length);

    /**
     * A peer is lost: dead, or unreachable for good. May be called by any thread, no device lock held; at most once per
     * peer takes effect. Not called for a peer that said goodbye (the engine knows).
     */
    void onPeerFailed(int rank, String reason);

    /**
     * A peer cannot be reached: no connection came about and nothing was sent or received. Its endpoint goes on answering
     * {@link Endpoint#NO_ROOM}; the receiver of this call may find another way to the peer, or give it up. Otherwise like
     * {@link #onPeerFailed}, which it is for receivers that know no other way.
     */
    default void onUnreachable(int rank, String reason) {
        onPeerFailed(rank, reason);
    }
}
