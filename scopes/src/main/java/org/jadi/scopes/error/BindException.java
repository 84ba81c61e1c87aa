package org.jadi.scopes.error;

import org.jadi.scopes.topology.CpuSet;

/** A thread was not bound as asked. It is bound as it was before. */
public final class BindException extends ScopeException {
    private static final long serialVersionUID = 1;

    private final int errno;
    private final transient CpuSet cpus;

    /** Makes one. */
    public BindException(String message, int errno, CpuSet cpus) {
        super(errno == 0 ? ErrorCode.NOT_SUPPORTED : ErrorCode.SYSTEM, message);
        this.errno = errno;
        this.cpus = cpus;
    }

    /** Returns the error number of the operating system; 0 if it did not refuse, but did something else than asked. */
    public int errno() {
        return errno;
    }

    /** Returns the CPUs that the thread should have been bound to. */
    public CpuSet cpus() {
        return cpus;
    }
}
