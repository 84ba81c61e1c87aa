package org.jadi.adi.progress;

import java.util.concurrent.locks.LockSupport;
import org.jadi.adi.request.Waiter;

/** A parked thread as one of a request's waiters. */
public final class ThreadWaiter extends Waiter {
    private final Thread thread;
    private volatile boolean stale;

    /** Creates a waiter that unparks a thread. */
    public ThreadWaiter(Thread thread) {
        this.thread = thread;
    }

    @Override
    protected void wake() {
        LockSupport.unpark(thread);
    }

    @Override
    protected void wakeEarly() {
        LockSupport.unpark(thread);
    }

    @Override
    protected boolean isStale() {
        return stale;
    }

    /** Says that the thread does not wait for this any more. */
    public void retire() {
        stale = true;
    }
}
