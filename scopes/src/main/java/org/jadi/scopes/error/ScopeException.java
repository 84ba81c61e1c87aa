package org.jadi.scopes.error;

/** Something went wrong that is no mistake in the calling program, or a mistake of another member of a group. */
public class ScopeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    /** Makes one. */
    public ScopeException(ErrorCode code, String message) {
        this(code, message, null);
    }

    /** Makes one with a cause. */
    public ScopeException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Returns the kind of error. */
    public ErrorCode code() {
        return code;
    }
}
