package org.jadi.scopes.bind;

/** What happens if a thread cannot be bound as asked. */
public enum BindMode {
    /** An exception, and the thread is bound as before. The mask is read back, because kernels leave CPUs out in silence. */
    STRICT,
    /** The thread stays as it is, and {@link Binding#problem} says why. */
    IF_SUPPORTED
}
