package org.jadi.adi.board;

import org.jadi.adi.request.Request;

/**
 * Work that goes on when other ranks of the node have stored something into shared memory, or acknowledged something there.
 *
 * <p>One thread at a time advances a task: the one that runs it, or, once it was handed over, the polling thread of the rank.
 * No lock is held while it does. Who stores wakes the ranks that sleep ({@link Board}).
 */
public abstract class SharedTask {
    /** Nothing could be done. */
    public static final int IDLE = 0;

    /** Something was done, and more is to do. */
    public static final int MOVED = 1;

    /** All is done; advancing it again changes nothing. */
    public static final int DONE = 2;

    /** Completed by the polling thread when the task is done; set before the task is handed over. */
    private Request request;

    /** For subclasses. */
    protected SharedTask() {}

    /** Does what can be done without waiting; returns {@link #IDLE}, {@link #MOVED} or {@link #DONE}. Does not throw. */
    public abstract int advance();

    /** Returns the request of a task that was handed over, or null. */
    public final Request request() {
        return request;
    }

    /** Sets the request that is completed when the task is done on the polling thread; inactive, or null. */
    public final void setRequest(Request whole) {
        request = whole;
    }

    /** Told once, after the task is done and before its request is completed, on the thread that completes it. */
    public void ended() {}
}
