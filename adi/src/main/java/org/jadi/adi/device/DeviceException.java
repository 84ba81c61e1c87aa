package org.jadi.adi.device;

/** A device cannot do what was asked, for a reason that a user can read. Cold paths only. */
public final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with the reason. */
    public DeviceException(String message) {
        super(message);
    }

    /** Creates an exception with the reason and its cause. */
    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
