package org.jadi.adi.request;

/** Somebody to be told when a request completes: a link in the request's list. */
public abstract class Waiter {
    Waiter next;

    /** Called once, by the completing thread: must be short and must not block. */
    protected abstract void wake();

    /** Called where a waiting thread itself has to move the request on. Nothing to do for others. */
    protected void wakeEarly() {}

    /** Returns whether nobody is interested any more, so that the link may be dropped. */
    protected boolean isStale() {
        return false;
    }
}
