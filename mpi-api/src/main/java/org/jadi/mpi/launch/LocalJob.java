package org.jadi.mpi.launch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jadi.bootstrap.LocalBootstrap;

/**
 * A job whose ranks are threads of this JVM: runs a body on each, ends the job when one fails, and waits until all have
 * ended. Used by one thread.
 */
public final class LocalJob {
    /** With the rank behind it, a key in {@link LocalBootstrap#local} that is set when the rank closes the library. */
    public static final String CLOSING = "mpi.closing.";

    /** The reason of an abort that the program asked for. */
    public static final String CALLED = "abort was called";

    /** How long ranks may take to end after the job was aborted. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** What each rank does, on a thread of its own. */
    @FunctionalInterface
    public interface Body {
        /** Runs as a rank; an exception ends the job. */
        void run(LocalBootstrap place) throws Throwable;
    }

    /**
     * Why a job did not end well.
     *
     * @param rank the rank that failed first, or -1 if the time was over
     * @param cause what it threw, or null
     * @param report one line, or for the time limit the stacks of all threads and the state of all ranks
     * @param stuck whether ranks are still running
     */
    public record Failure(int rank, Throwable cause, String report, boolean stuck) {}

    private final List<LocalBootstrap> places;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Failure> first = new AtomicReference<>();
    private long failedAt;

    /** Prepares a job. */
    public LocalJob(int ranks) {
        places = LocalBootstrap.group(ranks);
    }

    /** Returns the places of the ranks. */
    public List<LocalBootstrap> places() {
        return places;
    }

    /**
     * Runs the job.
     *
     * @param limit time after which it is aborted, or null for none
     * @param loaders context class loader of each rank's thread, or null for the caller's
     * @return null if all ranks ended well
     */
    public Failure run(Duration limit, List<? extends ClassLoader> loaders, Body body) {
        long deadline = limit == null ? Long.MAX_VALUE : System.nanoTime() + limit.toNanos();
        for (LocalBootstrap place : places) {
            Thread thread = Thread.ofPlatform().name("rank-" + place.rank()).daemon().unstarted(() -> runOne(place, body));
            if (loaders != null) {
                thread.setContextClassLoader(loaders.get(place.rank()));
            }
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        boolean ended = awaitEnd(deadline);
        if (!ended && first.get() == null) {
            first.compareAndSet(null, new Failure(-1, null, dump(limit), false));
            places.getFirst().abort(1, "time limit of " + limit.toSeconds() + " s");
            places.forEach(LocalBootstrap::abandon);
        }
        if (!ended) {
            ended = awaitEnd(System.nanoTime() + GRACE.toNanos());
        }
        Failure f = first.get();
        return f == null || ended ? f : new Failure(f.rank(), f.cause(), f.report(), true);
    }

    private void runOne(LocalBootstrap place, Body body) {
        try {
            body.run(place);
            if (place.isJoined() && !place.local().containsKey(CLOSING + place.rank())) {
                throw new IllegalStateException("ended without Mpi.close()");
            }
        } catch (Throwable e) {
            if (first.compareAndSet(null, new Failure(place.rank(), e, "rank " + place.rank() + ": " + e, false))) {
                place.abort(1, "rank " + place.rank() + ": " + e);
            }
            place.abandon();
        }
    }

    /** Waits until all threads have ended and all places are closed; not much longer than the first failure. */
    private boolean awaitEnd(long deadlineNs) {
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                if (isOver(deadlineNs)) {
                    return false;
                }
                join(thread);
                deadlineNs = shortened(deadlineNs);
            }
        }
        for (LocalBootstrap place : places) {
            while (!place.awaitClosed(Duration.ofMillis(20))) {
                if (isOver(deadlineNs)) {
                    return false;
                }
                deadlineNs = shortened(deadlineNs);
            }
        }
        return true;
    }

    private long shortened(long deadlineNs) {
        if (first.get() != null && failedAt == 0) {
            failedAt = System.nanoTime() | 1;
        }
        return failedAt == 0 ? deadlineNs : Math.min(deadlineNs, failedAt + GRACE.toNanos());
    }

    private static boolean isOver(long deadlineNs) {
        return deadlineNs != Long.MAX_VALUE && System.nanoTime() - deadlineNs >= 0;
    }

    private static void join(Thread thread) {
        try {
            thread.join(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ranks run", e);
        }
    }

    private String dump(Duration limit) {
        StringBuilder s = new StringBuilder("the time limit of " + limit.toSeconds() + " s is over\n");
        for (LocalBootstrap place : places) {
            s.append(place.state());
        }
        for (Map.Entry<Thread, StackTraceElement[]> e : Thread.getAllStackTraces().entrySet()) {
            s.append('"').append(e.getKey().getName()).append("\" ").append(e.getKey().getState()).append('\n');
            for (StackTraceElement frame : e.getValue()) {
                s.append("    at ").append(frame).append('\n');
            }
        }
        return s.toString();
    }
}
