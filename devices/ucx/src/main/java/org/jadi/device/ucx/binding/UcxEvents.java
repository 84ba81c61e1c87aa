package org.jadi.device.ucx.binding;

/**
 * What UCX reports while it is made to progress. Called with the device's lock held, inside a native call: implementations
 * only take notes.
 */
public interface UcxEvents {
    /**
     * An active message arrived.
     *
     * @param address where it begins; valid until return, unless it is kept
     * @param keepable whether it may be kept
     * @return true to keep it, until {@link UcxTransport#release}
     */
    boolean onMessage(long address, long length, boolean keepable);

    /** A message that {@link UcxTransport#send} left under way is out. */
    void onSent(int slot, int status);

    /**
     * An operation that was left under way has ended.
     *
     * @param operation its number
     * @param status 0, or an error code of UCX
     */
    void onEnd(int operation, int status);

    /** The endpoint to a rank has failed. */
    void onEndpointFailed(int rank, int status);
}
