package org.jadi.adi.request;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jadi.adi.stats.HotPath;

/**
 * An operation as its user holds it: complete when all of its pieces are. The request is its own first piece, so that
 * an operation of one piece needs one object.
 *
 * <p>Status fields are plain writes before completion is published; read them after {@link #isComplete} returned true.
 */
public final class Request extends Car {
    /** Matches any source, or any tag. */
    public static final int ANY = -1;

    private static final VarHandle WAITERS;
    private static final VarHandle COUNTER;
    private static final VarHandle KEPT;
    private static final Waiter DONE = new Waiter() {
        @Override
        protected void wake() {}
    };

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WAITERS = lookup.findVarHandle(Request.class, "waiters", Waiter.class).withInvokeExactBehavior();
            COUNTER = lookup.findVarHandle(Request.class, "counter", int.class).withInvokeExactBehavior();
            KEPT = lookup.findVarHandle(Request.class, "kept", boolean.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Received message: rank of its sender in the communicator. */
    public int statusSource;

    /** Received message: its tag. */
    public int statusTag;

    /** Received message: bytes that were put into the buffer. */
    public long statusBytes;

    /** Whether the request was cancelled. */
    public boolean cancelled;

    /** What the request does, for reports: {@code "isend"}. */
    public String operation = "";

    /** Whether only the thread that waits for the request, and completes it, knows of it. */
    public boolean unshared;

    private Failure failure;

    @SuppressWarnings("unused") // through WAITERS
    private Waiter waiters;

    @SuppressWarnings("unused") // through COUNTER
    private int counter = 1;

    private final RequestPool pool;

    @SuppressWarnings("unused") // through KEPT
    private boolean kept;

    /** Link of the pool. */
    Request nextInPool;

    /** Creates an inactive request of one piece. */
    public Request() {
        this(null);
    }

    Request(RequestPool pool) {
        this.pool = pool;
    }

    /** Returns whether the request will not be used again for another operation before the calling thread gives it back. */
    @HotPath
    public boolean isSafeHere() {
        return pool == null || pool.owner == Thread.currentThread();
    }

    /**
     * Says that somebody may look at this request after its completion: it is not used again, unless that was decided before.
     */
    public void keep() {
        if (pool != null) {
            // ORDER: visible before the caller looks again at where it has the request from. Pairs with RequestPool.sort.
            KEPT.setVolatile(this, true);
        }
    }

    boolean isKept() {
        return (boolean) KEPT.getAcquire(this);
    }

    /** Gives a request of a pool back if it has succeeded; the owner of the pool, who forgets it. */
    @HotPath
    public void giveBack() {
        pool.giveBack(this);
    }

    /** Returns whether {@link #giveBack} may be called: a request of this thread's pool that has succeeded. */
    @HotPath
    public boolean isReturnable() {
        return pool != null && failure == null && !cancelled && pool.owner == Thread.currentThread();
    }

    /** Announces further pieces, before any of them can complete. */
    public void expect(int pieces) {
        counter = pieces;
    }

    /** Returns whether all pieces are done; what they wrote is visible then. */
    public boolean isComplete() {
        return (Waiter) WAITERS.getAcquire(this) == DONE;
    }

    /** Returns why the request failed, or null; only after completion. */
    public Failure failure() {
        return failure;
    }

    /** Records a failure; the first one stays. Before the failing piece is counted. */
    public synchronized void fail(Failure cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** Counts one piece as done, and publishes completion with the last. */
    public void pieceDone() {
        if (unshared) {
            WAITERS.setRelease(this, DONE);
        } else if (counter == 1 || (int) COUNTER.getAndAdd(this, -1) == 1) {
            // ORDER: status and buffer are visible before DONE. Pairs with getAcquire in isComplete. The exchange is also
            // the full barrier between "complete" and "who waits": see addWaiter.
            Waiter w = (Waiter) WAITERS.getAndSet(this, DONE);
            while (w != null) {
                Waiter next = w.next;
                w.wake();
                w = next;
            }
        }
    }

    /**
     * Adds somebody to be told.
     *
     * @return false if the request is complete already (the waiter is not called then)
     */
    public boolean addWaiter(Waiter waiter) {
        for (;;) {
            Waiter head = (Waiter) WAITERS.getVolatile(this);
            if (head == DONE) {
                return false;
            }
            waiter.next = live(head);
            if (WAITERS.compareAndSet(this, head, waiter)) {
                return true;
            }
        }
    }

    /** Returns the first waiter that still is one, and takes the others behind it out of the list. */
    private static Waiter live(Waiter head) {
        Waiter first = head;
        while (first != null && first.isStale()) {
            first = first.next;
        }
        // Threads may do this at the same time: all they write are ways around a waiter that is stale for ever.
        for (Waiter w = first; w != null; w = w.next) {
            while (w.next != null && w.next.isStale()) {
                w.next = w.next.next;
            }
        }
        return first;
    }

    /** Wakes the threads that wait although the request is not complete: one of them has to move it. */
    public void wakeThreads() {
        for (Waiter w = (Waiter) WAITERS.getVolatile(this); w != null; w = w.next) {
            w.wakeEarly();
        }
    }

    /** Makes a persistent request ready for its next start. */
    public void reset() {
        end(State.INACTIVE);
        segment = null;
        plan = null;
        types = null;
        parked = null;
        moved = 0;
        failure = null;
        cancelled = false;
        counter = 1;
        statusBytes = 0;
        WAITERS.setRelease(this, (Waiter) null);
    }

    @Override
    public String toString() {
        return operation + " " + super.toString();
    }
}
