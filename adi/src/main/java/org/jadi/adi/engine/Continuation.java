package org.jadi.adi.engine;

/**
 * Something that goes on when a request is complete: run by the polling thread, once for each {@link Engine#defer}. It is its own
 * link in the list of those that wait, so deferring makes no object; it must not be deferred again before it has begun to run.
 */
public abstract class Continuation {
    Continuation next;

    /** For subclasses. */
    protected Continuation() {}

    /** Goes on, outside all locks; may start operations, and must not wait. */
    protected abstract void proceed();
}
