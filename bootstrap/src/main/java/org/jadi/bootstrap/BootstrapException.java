package org.jadi.bootstrap;

/** The job could not be joined, or the launcher was lost. The message names the fact and what can be done. */
public final class BootstrapException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message. */
    public BootstrapException(String message) {
        super(message);
    }

    /** Creates an exception with a message and its cause. */
    public BootstrapException(String message, Throwable cause) {
        super(message, cause);
    }
}
