package org.jadi.device.ucx.binding;

/** Access to memory of other ranks. Rules and answers as in {@link UcxTransport}. */
public interface RemoteAccess {
    /** Atomic operations, with the numbers that UCX gives them. */
    int ADD = 0;
    /** See {@link #ADD}. */
    int SWAP = 1;
    /** See {@link #ADD}. The operand is what is expected; the result's place holds what is desired. */
    int COMPARE_SWAP = 2;
    /**
     * Makes a peer's region usable over an endpoint.
     *
     * @param key as {@link UcxSession.Region#key} of the peer
     * @throws UcxFailure if it is none
     */
    long unpack(Ep endpoint, byte[] key);

    /** Forgets a peer's region. */
    void forget(long remoteRegion);

    /** Returns where this process sees a place of a peer's region, or 0 if it does not. */
    long pointer(long remoteRegion, long remoteAddress);

    /** Starts a copy into a peer's memory. */
    int put(Ep endpoint, long address, long length, long remoteAddress, long remoteRegion, int operation);

    /** Starts a copy out of a peer's memory. */
    int get(Ep endpoint, long address, long length, long remoteAddress, long remoteRegion, int operation);

    /**
     * Starts an atomic operation that brings back what was there.
     *
     * @param code a constant of this type
     * @param bytes 4 or 8
     */
    int atomic(Ep endpoint, int code, int bytes, long operandAddress, long resultAddress, long remoteAddress,
            long remoteRegion, int operation);

    /** Begins to flush what was started over an endpoint. */
    int flush(Ep endpoint, int operation);
}
