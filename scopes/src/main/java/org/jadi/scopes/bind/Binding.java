package org.jadi.scopes.bind;

import java.util.Optional;
import java.util.function.Supplier;
import org.jadi.scopes.topology.CpuSet;

/**
 * A thread's being bound, until it is closed. To be used and closed by that thread alone, the last one made first.
 */
public final class Binding implements AutoCloseable {
    private final ThreadBinder binder;
    private final Thread owner;
    private final long threadId;
    private final CpuSet previous;
    private final BindMode mode;
    private final Supplier<CpuSet> target;
    private CpuSet cpus;
    private String problem;
    private boolean closed;

    Binding(ThreadBinder binder, long threadId, CpuSet previous, BindMode mode, Supplier<CpuSet> target) {
        this.binder = binder;
        this.owner = Thread.currentThread();
        this.threadId = threadId;
        this.previous = previous;
        this.mode = mode;
        this.target = target;
        this.cpus = previous;
    }

    /** Returns the CPUs to which the thread is bound by this. */
    public CpuSet cpus() {
        return cpus;
    }

    /** Returns the CPUs that it had before, and has again afterwards. */
    public CpuSet previous() {
        return previous;
    }

    /** Returns why the thread could not be bound, if so; only with {@link BindMode#IF_SUPPORTED}. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * Takes over what has changed: if this was made for a scope that was resized since, the thread is bound to what the scope
     * is now.
     *
     * @throws org.jadi.scopes.error.BindException as when it was made; the thread is bound as before
     * @throws IllegalStateException on another thread, or if this is not the thread's innermost binding
     */
    public void refresh() {
        binder.checkInnermost(this);
        apply();
    }

    void apply() {
        CpuSet wanted = target.get();
        problem = binder.bind(threadId, wanted, cpus, mode);
        cpus = problem == null ? wanted : cpus;
    }

    /**
     * Gives the thread the CPUs that it had before. Does nothing the second time.
     *
     * @throws IllegalStateException on another thread than the one that made this, or while a later one is open
     * @throws org.jadi.scopes.error.BindException if the kernel refuses, because those CPUs are gone
     */
    @Override
    public void close() {
        if (!closed) {
            binder.checkInnermost(this);
            closed = true;
            binder.pop(this, threadId, previous);
        }
    }

    Thread owner() {
        return owner;
    }

    /** Returns thread and CPUs. */
    @Override
    public String toString() {
        return "thread " + owner.getName() + " on CPUs " + cpus;
    }
}
