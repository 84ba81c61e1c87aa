package org.jadi.scopes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jadi.scopes.bind.Binding;
import org.jadi.scopes.bind.ThreadBinder;
import org.jadi.scopes.error.BindException;
import org.jadi.scopes.group.Group;
import org.jadi.scopes.group.Team;
import org.jadi.scopes.split.Member;
import org.jadi.scopes.split.Share;
import org.jadi.scopes.split.SplitPlan;
import org.jadi.scopes.split.SplitSpec;
import org.jadi.scopes.topology.CpuSet;

/**
 * A scope divided among threads: each has a scope of its own, in a group with the others, so that it has a rank, can wait for
 * the others, and can split further.
 *
 * <p>Either the threads are started here ({@link #start}, {@link #run}, {@link #executor}), or there already are threads, which
 * {@link #register} themselves, or are registered from outside. Any thread may call it.
 */
public final class ThreadScopes {
    private static final int NO_SUCH_THREAD = 3;

    private final ThreadBinder binder;
    private final List<Scope> scopes;
    private final boolean[] taken; // guarded by this

    ThreadScopes(Scope whole, SplitSpec spec, int threads) {
        this.binder = whole.home().binder();
        CpuSet bound = whole.home().boundNow();
        List<Member> members = IntStream.range(0, threads).mapToObj(i -> new Member(spec.color(), 0, bound, whole.cpus(),
                java.util.Set.copyOf(whole.shape().devices()))).toList();
        List<Share> shares = SplitPlan.of(whole.topology(), spec, members);
        List<Group> groups = Team.of(threads);
        List<Scope> made = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            made.add(new Scope(whole.home(), whole, whole.name() + "/thread " + i, groups.get(i), shares.get(i).cpus(), shares.get(i)
                    .devices(), null));
        }
        this.scopes = List.copyOf(made);
        this.taken = new boolean[threads];
    }

    /** Returns the number of threads. */
    public int size() {
        return scopes.size();
    }

    /** Returns the scope of a thread. */
    public Scope scope(int thread) {
        return scopes.get(thread);
    }

    /** Starts a thread that is bound to its scope before the code begins. Its name ends with its number. */
    public Thread start(int thread, Runnable code) {
        Scope scope = scope(thread);
        Thread started = Thread.ofPlatform().name("jadi-scope-" + thread).unstarted(() -> {
            try (Registration registration = register(thread)) {
                assert registration.rank() == scope.rank();
                code.run();
            }
        });
        started.start();
        return started;
    }

    /**
     * Runs the code once on each thread, and waits for all. If some fail, the others are told by their group as soon as they wait
     * for the failed ones.
     *
     * @param code gets the number of the thread
     * @throws RuntimeException or Error: the first failure; those of other threads are suppressed in it
     */
    public void run(IntConsumer code) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            int thread = i;
            threads.add(start(i, () -> {
                try {
                    code.accept(thread);
                } catch (Throwable e) {
                    if (!failure.compareAndSet(null, e) && failure.get() != e) {
                        failure.get().addSuppressed(e);
                    }
                    scope(thread).group().close();
                }
            }));
        }
        joinAll(threads);
        switch (failure.get()) {
            case null -> { }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure.get());
        }
    }

    private static void joinAll(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    threads.forEach(Thread::interrupt);
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Returns a pool of as many threads, each bound to its scope for as long as it lives; for tasks that do not mind on which they
     * run. To be shut down by the caller.
     */
    public ExecutorService executor() {
        AtomicInteger next = new AtomicInteger();
        return new ThreadPoolExecutor(size(), size(), 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), code -> {
            int thread = next.getAndIncrement() % size();
            return Thread.ofPlatform().name("jadi-scope-" + thread).unstarted(() -> {
                // A thread that replaces one that has died takes its place.
                try (Binding binding = scope(thread).push()) {
                    assert binding.problem().isEmpty();
                    code.run();
                }
            });
        });
    }

    /** The calling thread's place in a group of threads, until it is closed by the same thread. */
    public final class Registration implements AutoCloseable {
        private final int rank;
        private final Binding binding;
        private boolean closed;

        private Registration(int rank, Binding binding) {
            this.rank = rank;
            this.binding = binding;
        }

        /** Returns the number of the thread. */
        public int rank() {
            return rank;
        }

        /** Returns the scope of the thread. */
        public Scope scope() {
            return scopes.get(rank);
        }

        /** Gives the place back, and the thread the CPUs that it had. Does nothing the second time. */
        @Override
        public void close() {
            if (!closed) {
                binding.close();
                closed = true;
                leave(rank);
            }
        }
    }

    /**
     * Makes the calling platform thread the one with this number, and binds it to its scope.
     *
     * @throws IllegalStateException if another thread is
     */
    public Registration register(int thread) {
        take(thread);
        try {
            return new Registration(thread, scope(thread).push());
        } catch (RuntimeException | Error e) {
            leave(thread);
            throw e;
        }
    }

    /**
     * Makes the calling platform thread one with a number that no other has; for threads that come and go.
     *
     * @throws IllegalStateException if all numbers are taken
     */
    public Registration registerAny() {
        synchronized (this) {
            for (int i = 0; i < taken.length; i++) {
                if (!taken[i]) {
                    return register(i);
                }
            }
        }
        throw new IllegalStateException("all numbers of the group are taken: size=" + size());
    }

    /** A thread's place in the group that was given to it from outside. */
    public final class Outside implements AutoCloseable {
        private final int rank;
        private final long threadId;
        private final CpuSet before;
        private boolean closed;

        private Outside(int rank, long threadId, CpuSet before) {
            this.rank = rank;
            this.threadId = threadId;
            this.before = before;
        }

        /** Returns the number of the thread. */
        public int rank() {
            return rank;
        }

        /** Gives the place back, and the thread the CPUs that it had, if it lives. Does nothing the second time. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                leave(rank);
                try {
                    binder.bind(threadId, before);
                } catch (BindException e) {
                    if (e.errno() != NO_SUCH_THREAD) {
                        throw e;
                    }
                }
            }
        }
    }

    /**
     * Binds another thread of this process, known by the kernel's number for it ({@link ThreadBinder#threadId}), to the scope with
     * this number.
     *
     * @throws IllegalStateException if another thread has the number
     * @throws org.jadi.scopes.error.BindException if there is no such thread
     */
    public Outside register(int thread, long threadId) {
        take(thread);
        try {
            CpuSet before = binder.bound(threadId);
            binder.bind(threadId, scope(thread).cpus());
            return new Outside(thread, threadId, before);
        } catch (RuntimeException | Error e) {
            leave(thread);
            throw e;
        }
    }

    private synchronized void take(int thread) {
        if (taken[thread]) {
            throw new IllegalStateException("another thread is registered with this number: thread=" + thread);
        }
        taken[thread] = true;
    }

    private synchronized void leave(int thread) {
        taken[thread] = false;
    }
}
