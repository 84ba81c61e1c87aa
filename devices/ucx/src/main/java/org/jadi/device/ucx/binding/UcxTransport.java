package org.jadi.device.ucx.binding;

/**
 * What happens with each message, on the worker and the endpoints of a {@link UcxSession}. Handles are the native ones.
 *
 * <p>Operations return {@link #DONE}, {@link #UNDER_WAY} (an upcall of {@link UcxEvents} follows) or a negative error code
 * of UCX (no upcall follows). One thread at a time, under the device's lock.
 */
public abstract class UcxTransport implements AutoCloseable {
    /** Complete; no upcall follows. */
    public static final int DONE = 0;

    /** Under way; an upcall follows. */
    public static final int UNDER_WAY = 1;

    /** Id of active messages that are copied on arrival. */
    static final int SMALL_ID = 1;

    /** Id of active messages that may be kept. */
    static final int LARGE_ID = 2;

    /** For subclasses. */
    UcxTransport() {}

    /**
     * Makes an endpoint that reports errors; does not wait for the peer.
     *
     * @param address as {@link UcxSession#address} of the peer returned it; UCX trusts it
     * @throws UcxFailure if no transport reaches the peer
     */
    public abstract Ep connect(int rank, byte[] address);

    /** Begins to close an endpoint; what is under way on it ends with an error. Progress finishes it. */
    public abstract void abandon(Ep endpoint);

    /** Returns whether an endpoint is not closed yet that was abandoned. */
    public abstract boolean isClosing();

    /** Moves everything on; returns the amount of work done. */
    public abstract int progress();

    /** Sends an active message; the memory must stay as it is until it is out. */
    public abstract int send(Ep endpoint, long address, int length, boolean large, int slot);

    /** Gives back a message that was kept. */
    public abstract void release(long address);

    /**
     * Starts to receive into memory what {@link #sendBulk} sends with the same tag.
     *
     * @param region the native handle of the region that the memory lies in, or 0
     */
    public abstract int receiveBulk(long address, long length, long tag, long region, int operation);

    /** Starts to send memory to who called {@link #receiveBulk} with the same tag. */
    public abstract int sendBulk(Ep endpoint, long address, long length, long tag, long region, int operation);

    /** Asks for the end of a receive; {@link UcxEvents#onEnd} comes in any case. */
    public abstract void cancelReceive(int operation);

    /** Begins to flush everything that was sent. */
    public abstract int flush(int operation);

    /** Returns what reaches the memory of others, or null where the binding has nothing for it. */
    public RemoteAccess remoteAccess() {
        return null;
    }

    /** Asks for an event; false if there is something to do at once. */
    public abstract boolean arm();

    /** Returns a word for reports. */
    public abstract String name();

    /** Frees what the upcalls need; after the worker was closed. */
    @Override
    public abstract void close();
}
