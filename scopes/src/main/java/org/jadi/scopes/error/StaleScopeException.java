package org.jadi.scopes.error;

/** A scope, ticket or loan is used that has changed hands, was changed, or is closed. */
public final class StaleScopeException extends ScopeException {
    private static final long serialVersionUID = 1;

    /** Makes one. */
    public StaleScopeException(String message) {
        super(ErrorCode.STALE, message);
    }
}
