package org.jadi.adi.request;

/**
 * Why a request failed.
 *
 * @param kind what the API turns into the standard's error class
 * @param message facts as {@code name=value}, and what can be done
 */
public record Failure(Kind kind, String message) {
    /** What went wrong. */
    public enum Kind {
        /** The message is longer than the receive buffer. */
        TRUNCATE,
        /** The message consists of other basic types than the receive buffer. */
        TYPE,
        /** The peer died, or ended, or cannot be reached. */
        PEER_FAILED,
        /** The user's buffer cannot be accessed (closed arena, another thread's confined arena). */
        BUFFER,
        /** What was asked for cannot be had; the message says why. */
        REFUSED,
        /** The engine or a device failed. */
        INTERNAL
    }
}
