package org.jadi.scopes.error;

/** A machine cannot be loaded: no such file, no such description, or no library that reads it. */
public final class TopologyLoadException extends ScopeException {
    private static final long serialVersionUID = 1;

    /** Makes one. */
    public TopologyLoadException(ErrorCode code, String message, Throwable cause) {
        super(code, message, cause);
    }
}
