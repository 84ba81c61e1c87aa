package org.jadi.scopes.error;

/** A split cannot be made as asked: more colors than pieces, or more pieces than CPUs. Every member of the group gets it. */
public final class SplitException extends ScopeException {
    private static final long serialVersionUID = 1;

    /** Makes one. */
    public SplitException(String message) {
        super(ErrorCode.SPLIT, message);
    }
}
