package org.jadi.adi.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The continuations that wait for the polling thread; any thread adds, the poller runs. */
final class Continuations {
    private static final VarHandle LAST;

    static {
        try {
            LAST = MethodHandles.lookup().findVarHandle(Continuations.class, "last", Continuation.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through LAST
    private Continuation last;

    void add(Continuation continuation) {
        Continuation head;
        do {
            head = (Continuation) LAST.getVolatile(this);
            continuation.next = head;
        } while (!LAST.compareAndSet(this, head, continuation));
    }

    boolean isEmpty() {
        return (Continuation) LAST.getOpaque(this) == null;
    }

    /** Runs those that wait, in the order in which they were added; returns their number. */
    int proceed() {
        if (isEmpty()) {
            return 0;
        }
        Continuation from = (Continuation) LAST.getAndSet(this, (Continuation) null);
        Continuation first = null;
        while (from != null) {
            Continuation before = from.next;
            from.next = first;
            first = from;
            from = before;
        }
        int work = 0;
        while (first != null) {
            Continuation c = first;
            first = c.next; // before it runs: it may be deferred again then
            c.proceed();
            work++;
        }
        return work;
    }
}
