package org.jadi.adi.engine;

/** How a send completes, as the engine distinguishes it (a buffered send is a standard send of a copy). */
public final class SendMode {
    /** Complete when the buffer may be used again. */
    public static final int STANDARD = 0;

    /** Complete when the receive has started: always by rendezvous, 0 bytes included. */
    public static final int SYNCHRONOUS = 1;

    private SendMode() {}
}
