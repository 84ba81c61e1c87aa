package org.jadi.mpi.collective;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jadi.adi.board.SharedTask;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Request;
import org.jadi.adi.request.State;

/**
 * A collective operation in the row of those of one communicator that use its board: begins when the one before it has ended here.
 * Since all ranks call in the same order, whoever can end an operation can end those before it.
 */
public abstract class OrderedTask extends SharedTask {
    private static final VarHandle ENDED;

    static {
        try {
            ENDED = MethodHandles.lookup().findVarHandle(OrderedTask.class, "done", boolean.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private String call;
    private OrderedTask previous;
    private Failure failure;
    private Throwable thrown;
    private Check.Difference difference;
    private Runnable end;

    @SuppressWarnings("unused") // through ENDED
    private boolean done;

    /**
     * For subclasses.
     *
     * @param call name for messages
     */
    OrderedTask(String call) {
        this.call = call;
    }

    /** Becomes a task that nobody has begun. Only of one that is done and that nobody else looks at. */
    final void renew(String nextCall) {
        call = nextCall;
        previous = null;
        failure = null;
        thrown = null;
        difference = null;
        end = null;
        ENDED.set(this, false);
    }

    /** Returns the name of the call, for messages. */
    public final String call() {
        return call;
    }

    /** Sets what is done before this: the last task of the same board, or null, or this if that was an earlier use of it. Returns whether it is under way. */
    public final boolean follow(OrderedTask last) {
        previous = last == null || last == this || last.isDone() ? null : last;
        return previous != null;
    }

    /** Ends a task that was never begun, so that nobody waits for it. */
    public final void drop() {
        ENDED.setRelease(this, true);
    }

    /** Sets what is run when the task is done. */
    public final void whenDone(Runnable then) {
        end = then;
    }

    /** Returns whether nothing is left to do. */
    public final boolean isDone() {
        return (boolean) ENDED.getAcquire(this);
    }

    /** Returns why it failed, or null; when it is done. */
    public final Failure failure() {
        return failure;
    }

    /** Returns what an operation of the user threw, or null; when it is done. */
    public final Throwable thrown() {
        return thrown;
    }

    /** Returns in what another rank's call differs from ours, if it failed because of that, or null. */
    public final Check.Difference difference() {
        return difference;
    }

    /** Returns whether the task before this has ended. */
    final boolean isNext() {
        if (previous != null && previous.isDone()) {
            previous = null;
        }
        return previous == null;
    }

    final void threw(Throwable cause) {
        thrown = cause;
    }

    final void differs(Check.Difference d) {
        difference = d;
    }

    /** Ends the task, with a failure or null. */
    final void finish(Failure cause) {
        failure = cause;
        if (end != null) {
            end.run();
        }
        // ORDER: what the task did, on whatever thread, is visible to the one behind it and to who asks. Pairs with isDone.
        ENDED.setRelease(this, true);
    }

    @Override
    public final void ended() {
        Request r = request();
        if (failure != null) {
            r.fail(failure);
        }
        r.end(failure == null ? State.COMPLETE : State.FAILED);
    }
}
