package org.jadi.adi.device;

/**
 * One open transport of one rank.
 *
 * <p>Life: {@code open} (by the provider), {@link #address}, {@link #wire}, any number of {@link #connect},
 * {@link #progress} and sends, {@link #close}.
 */
public interface Device extends AutoCloseable {
    /** Returns the provider's name. */
    String name();

    /** Returns the sizes that the engine needs to choose protocols; constant after {@code open}. */
    DeviceLimits limits();

    /**
     * Returns what a peer must know to reach us: at most 4096 bytes, published to all ranks before {@link #wire}. The
     * bytes begin with a version of the device's own.
     */
    byte[] address();

    /**
     * Called once by the opening thread, when all ranks have published their addresses. Must not wait for a peer.
     *
     * @throws DeviceException if the device cannot serve at all; it is then closed and left out, with the reason shown
     */
    void wire(AddressBook addresses);

    /**
     * Says whether a rank can be reached, from addresses alone or by a probe that does not wait for the peer.
     *
     * @return null if it can; otherwise the reason, as a clause that follows the device's name
     */
    String refusal(int rank);

    /**
     * Returns the endpoint to a rank that was not refused; the same object at each call. Must not wait for the peer: an
     * endpoint that is still connecting answers {@link Endpoint#NO_ROOM}. Called by any thread, one at a time.
     *
     * @throws DeviceException if the peer is refused after all, or resources ran out
     */
    Endpoint connect(int rank);

    /**
     * Polls once: takes arrived packets and hands each to {@link InboundHandler#onPacket}, in the order of arrival per
     * peer; goes on with connections and unwritten output. Takes a bounded number of packets, then returns. Never blocks.
     * One thread at a time, no engine lock held.
     *
     * @return the amount of work done, 0 if there was nothing
     */
    int progress();

    /**
     * Returns where packets of a rank can be looked at, the same object at each call; null where the device has no such
     * way, or no packet of that rank has come yet. Called by the thread that may call {@link #progress}.
     */
    default Inlet inlet(int rank) {
        return null;
    }

    /**
     * Returns whether bytes accepted by {@code trySend} may still be lost if the process ended now. Progress works them
     * off.
     */
    boolean hasUnflushed();

    /**
     * Returns an optional ability, or null where the device has none of this type: {@link BulkCopy}, {@link BulkTransfer},
     * {@link LentBuffers}, {@link MemoryRegistration}, {@link RemoteMemory}, {@link SharedMemory}, {@link MappedMemory},
     * {@link SleepSource}, {@link Doorbell}.
     */
    default <T> T capability(Class<T> type) {
        return type.isInstance(this) ? type.cast(this) : null;
    }

    /**
     * Releases everything: threads, sockets, files, mappings. Called once, when no thread is in progress or in a send.
     * Must not wait for a peer and must not throw.
     */
    @Override
    void close();
}
