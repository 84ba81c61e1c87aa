package org.jadi.scopes.bind;

import java.util.ArrayDeque;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jadi.scopes.binding.Kernel;
import org.jadi.scopes.error.BindException;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.Topology;

/**
 * Binds threads to CPUs and gives them back what they had. Every platform thread may call it for itself.
 *
 * <pre>{@code
 * try (Binding binding = binder.push(CpuSet.of(0, 1))) {
 *     ...                                  // this thread runs on CPUs 0 and 1 only
 * }                                        // and as before again
 * }</pre>
 *
 * <p>On a machine that is not this one, and where the kernel cannot be asked, masks are only recorded; {@link #isReal} tells.
 */
public final class ThreadBinder {
    /** Property that is set as soon as threads of this process may be bound, so that their children may inherit a mask. */
    public static final String BINDS_PROPERTY = "jadi.scopes.binds";

    private static final class OfThisProcess {
        private static final ThreadBinder BINDER;
        private static final String PROBLEM;

        static {
            Affinity affinity = null;
            String problem = null;
            try {
                affinity = new KernelAffinity(Kernel.link());
            } catch (UnsupportedOperationException e) {
                problem = e.getMessage();
            }
            if (affinity != null) {
                System.setProperty(BINDS_PROPERTY, "true");
            }
            BINDER = affinity == null ? null : new ThreadBinder(affinity, null);
            PROBLEM = problem;
        }
    }

    private final Affinity affinity;
    private final String problem;
    private final ThreadLocal<ArrayDeque<Binding>> stacks = ThreadLocal.withInitial(ArrayDeque::new);

    private ThreadBinder(Affinity affinity, String problem) {
        this.affinity = affinity;
        this.problem = problem;
    }

    /**
     * Returns a binder for a machine: for this one the kernel's, always the same, if it can be asked; else one that records.
     */
    public static ThreadBinder of(Topology topology) {
        if (!topology.isThisSystem()) {
            return recording(topology, topology.allowed());
        }
        return OfThisProcess.BINDER != null ? OfThisProcess.BINDER : new ThreadBinder(new RecordedAffinity(topology.cpus(), topology.allowed()), OfThisProcess.PROBLEM);
    }

    /** Returns the binder of this machine, which needs no picture of it; null if the kernel cannot be asked. */
    public static ThreadBinder ofThisProcess() {
        return OfThisProcess.BINDER;
    }

    /** Returns a binder that records, as a process that was started with a mask. */
    public static ThreadBinder recording(Topology topology, CpuSet launchMask) {
        return new ThreadBinder(new RecordedAffinity(topology.cpus(), launchMask), "the machine is not this one: "
                + topology.source());
    }

    /** Returns whether threads are really bound. */
    public boolean isReal() {
        return affinity.isReal();
    }

    /** Returns why threads are not really bound; null if they are. */
    public String problem() {
        return problem;
    }

    /** Returns the mask with which this process was started. Bindings since then do not change it. */
    public CpuSet launchMask() {
        return affinity.launchMask();
    }

    /** Returns the mask of the calling thread. */
    public CpuSet current() {
        checkPlatform("the mask");
        return affinity.bound(affinity.threadId());
    }

    /** Returns the number of the calling thread by which {@link #bind(long, CpuSet)} knows it. */
    public long threadId() {
        checkPlatform("the number");
        return affinity.threadId();
    }

    /** Binds the calling thread until the result is closed; {@link BindMode#STRICT}. */
    public Binding push(CpuSet cpus) {
        return push(() -> cpus, BindMode.STRICT);
    }

    /**
     * Binds the calling thread until the result is closed.
     *
     * @param cpus asked now, and again at {@link Binding#refresh}
     * @throws UnsupportedOperationException on a virtual thread
     * @throws IllegalStateException if there are no CPUs in the set
     * @throws BindException with STRICT, if the kernel refuses or takes other CPUs
     */
    public Binding push(Supplier<CpuSet> cpus, BindMode mode) {
        checkPlatform("binding");
        ArrayDeque<Binding> stack = stacks.get();
        long thread = affinity.threadId();
        CpuSet before = stack.isEmpty() ? affinity.bound(thread) : stack.peek().cpus();
        Binding binding = new Binding(this, thread, before, mode, cpus);
        binding.apply();
        stack.push(binding);
        return binding;
    }

    /** Returns the innermost binding of the calling thread, or null if it is not bound by this binder. */
    public Binding innermost() {
        return stacks.get().peek();
    }

    /**
     * Binds another thread, by the number that {@link #threadId} gave it; it keeps its stack, whose bindings give back what
     * they found.
     *
     * @throws BindException if the kernel refuses or takes other CPUs; the thread is bound as before
     */
    public void bind(long thread, CpuSet cpus) {
        CpuSet before = affinity.bound(thread);
        if (before.isEmpty()) {
            throw new BindException("there is no such thread: thread=" + thread, 3, cpus);
        }
        bind(thread, cpus, before, BindMode.STRICT);
    }

    /** Returns the mask of a thread, by its number; empty if there is no such thread. */
    public CpuSet bound(long thread) {
        return affinity.bound(thread);
    }

    /**
     * Returns a factory of threads that are bound before their code begins, whoever starts them. A thread that cannot be bound
     * ends with the exception.
     */
    public ThreadFactory threadFactory(String name, Supplier<CpuSet> cpus) {
        return factory(name, cpus, BindMode.STRICT);
    }

    /** Returns a factory of threads that have the mask of the process's start, even if a bound thread starts them. */
    public ThreadFactory unboundThreadFactory(String name) {
        return factory(name, this::launchMask, BindMode.IF_SUPPORTED);
    }

    private ThreadFactory factory(String name, Supplier<CpuSet> cpus, BindMode mode) {
        AtomicLong number = new AtomicLong();
        return code -> Thread.ofPlatform().name(name + "-" + number.getAndIncrement()).unstarted(() -> {
            push(cpus, mode); // and not undone: the thread ends with its code
            code.run();
        });
    }

    /** Binds, checks, and undoes what came out otherwise; returns null or, if it is not to throw, what went wrong. */
    String bind(long thread, CpuSet cpus, CpuSet before, BindMode mode) {
        if (cpus.isEmpty()) {
            throw new IllegalStateException("a thread cannot be bound to no CPUs");
        }
        int errno = affinity.bind(thread, cpus);
        CpuSet now = errno == 0 ? affinity.bound(thread) : CpuSet.EMPTY;
        if (errno == 0 && now.equals(cpus)) {
            return null;
        }
        if (errno == 0) {
            affinity.bind(thread, before);
        }
        String problem = errno == 0 ? "the kernel took other CPUs than asked for: asked=" + cpus + " taken=" + now
                : "the kernel refused to bind a thread: cpus=" + cpus + " errno=" + errno + (errno == 22
                        ? " (none of them is switched on and allowed)" : "");
        if (mode == BindMode.STRICT) {
            throw new BindException(problem, errno, cpus);
        }
        return problem;
    }

    void checkInnermost(Binding binding) {
        if (Thread.currentThread() != binding.owner()) {
            throw new IllegalStateException("a binding belongs to the thread that made it: thread=" + binding.owner().getName()
                    + " called from=" + Thread.currentThread().getName());
        }
        if (stacks.get().peek() != binding) {
            throw new IllegalStateException("a later binding of thread " + binding.owner().getName()
                    + " is open, or this one is closed: this=" + binding.cpus() + " innermost=" + stacks.get().peek());
        }
    }

    void pop(Binding binding, long thread, CpuSet previous) {
        stacks.get().pop();
        if (!binding.cpus().equals(previous)) {
            bind(thread, previous, previous, BindMode.STRICT);
        }
        if (stacks.get().isEmpty()) {
            stacks.remove();
        }
    }

    private static void checkPlatform(String what) {
        if (Thread.currentThread().isVirtual()) {
            throw new UnsupportedOperationException(what + " of a virtual thread would be that of its carrier, which other virtual"
                    + " threads share; use a platform thread: thread=" + Thread.currentThread());
        }
    }
}
