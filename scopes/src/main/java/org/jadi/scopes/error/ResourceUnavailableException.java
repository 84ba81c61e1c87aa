package org.jadi.scopes.error;

import java.util.List;

/** Less is free than was asked for. Nothing has changed. */
public final class ResourceUnavailableException extends ScopeException {
    private static final long serialVersionUID = 1;

    private final int requested;
    private final int available;
    private final transient List<String> holders;

    /** Makes one. */
    public ResourceUnavailableException(String message, int requested, int available, List<String> holders) {
        super(ErrorCode.RESOURCE_UNAVAILABLE, message + ": requested=" + requested + " available=" + available + (holders.isEmpty()
                ? "" : " held by " + String.join(", ", holders)));
        this.requested = requested;
        this.available = available;
        this.holders = List.copyOf(holders);
    }

    /** Returns how many were asked for. */
    public int requested() {
        return requested;
    }

    /** Returns how many could have been had. */
    public int available() {
        return available;
    }

    /** Returns who holds what is missing, one line each; empty if nobody does and the scope is just too small. */
    public List<String> holders() {
        return holders;
    }
}
