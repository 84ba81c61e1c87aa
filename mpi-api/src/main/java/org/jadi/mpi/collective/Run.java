package org.jadi.mpi.collective;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jadi.adi.engine.Continuation;
import org.jadi.adi.request.Failure;
import org.jadi.adi.request.Request;
import org.jadi.adi.request.State;

/**
 * Executes a schedule: starts every step as soon as the steps that it waits for are done. Can be started again when it is
 * complete.
 *
 * <p>The starting thread runs until only messages are waited for. Whoever completes a message puts the step on a list; if
 * nobody is at work, the polling thread of the rank goes on, at the end of its turn and outside all locks. So no thread of
 * the user has to call, one thread at a time is at work, and none waits for another.
 *
 * <p>A failure does not stop a run, or other ranks would wait for ever: it goes through its steps without computing, and
 * sends empty messages. Who gets a message that is shorter than agreed fails in turn.
 */
public final class Run extends Continuation {
    private static final VarHandle DONE_STEPS;
    private static final VarHandle EVENTS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            DONE_STEPS = lookup.findVarHandle(Run.class, "doneSteps", Step.class).withInvokeExactBehavior();
            EVENTS = lookup.findVarHandle(Run.class, "events", int.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Port port;
    private final String operation;
    private Step[] steps;
    private Step[] ready;

    @SuppressWarnings("unused") // through DONE_STEPS
    private Step doneSteps;

    /** Reasons to run that were not seen to; above 0 while a thread is at work. Through EVENTS. */
    @SuppressWarnings("unused")
    private int events;

    // owned by the thread at work
    private int readyHead;
    private int readyTail;
    private int left;
    private Failure failure;
    private Throwable thrown;
    private Request whole;
    private Runnable end;

    /** Creates a run without steps; {@link Schedule} adds them. */
    Run(Port port, String operation) {
        this.port = port;
        this.operation = operation;
    }

    void steps(Step[] all) {
        steps = all;
        ready = new Step[all.length];
    }

    /**
     * Starts, or starts again after completion.
     *
     * @param done inactive request that stands for the whole operation; completed when everything is done
     * @param then run before the request completes, or null
     */
    public void start(Request done, Runnable then) {
        start(done, then, null);
    }

    /** Starts as one that has failed already, if there is a failure: the others get messages without data. */
    void start(Request done, Runnable then, Failure before) {
        whole = done;
        end = then;
        failure = before;
        thrown = null;
        left = steps.length;
        readyHead = 0;
        readyTail = 0;
        for (Step s : steps) {
            s.waitsFor = s.predecessors;
            if (s.predecessors == 0) {
                ready[readyTail++] = s;
            }
        }
        // ORDER: everything above is visible to the next thread at work, by the read-modify-writes of events.
        EVENTS.setVolatile(this, 1);
        proceed();
    }

    /** Returns what an operation of the user threw, or null; after completion. */
    public Throwable thrown() {
        return thrown;
    }

    /** Told by the completing thread, possibly under locks: hands the step to the thread at work, or asks for one. */
    void onMessage(Step step) {
        Step head;
        do {
            head = (Step) DONE_STEPS.getVolatile(this);
            step.nextDone = head;
        } while (!DONE_STEPS.compareAndSet(this, head, step));
        if ((int) EVENTS.getAndAdd(this, 1) == 0) {
            port.defer(this);
        }
    }

    /** Goes on until only messages are waited for. Called by the one who raised the events from 0. */
    @Override
    protected void proceed() {
        int seen = 1;
        boolean last;
        do {
            collect();
            while (readyHead < readyTail) {
                Step step = ready[readyHead];
                ready[readyHead++] = null;
                begin(step);
            }
            // Looked at while the run is ours: afterwards another thread may be at work, and come to its end too.
            last = left == 0;
            int before = (int) EVENTS.getAndAdd(this, -seen);
            seen = before - seen;
        } while (seen != 0);
        // After the last step nobody raises the events again, so this happens once.
        if (last) {
            finish();
        }
    }

    private void finish() {
        left = -1;
        Request done = whole;
        if (failure != null) {
            done.fail(failure);
        }
        if (end != null) {
            end.run();
        }
        done.end(failure == null ? State.COMPLETE : State.FAILED);
        done.pieceDone();
    }

    private void collect() {
        for (Step s = (Step) DONE_STEPS.getAndSet(this, (Step) null); s != null;) {
            Step next = s.nextDone;
            s.nextDone = null;
            messageDone(s);
            s = next;
        }
    }

    private void begin(Step step) {
        if (step.kind == Step.Kind.SEND || step.kind == Step.Kind.RECEIVE) {
            beginMessage(step);
        } else {
            if (failure == null) {
                compute(step);
            }
            completed(step);
        }
    }

    private void compute(Step step) {
        try {
            step.compute();
        } catch (Throwable e) { // whatever code of the user's throws: others wait for this run to go on
            thrown = e;
            fail(new Failure(Failure.Kind.INTERNAL, operation + ": " + step + ": " + e));
        }
    }

    private void beginMessage(Step step) {
        Request request = step.request;
        if (request == null) {
            request = new Request();
            request.operation = operation;
            step.request = request;
        } else {
            request.reset();
        }
        Block b = step.first;
        boolean started = false;
        try {
            if (step.kind == Step.Kind.SEND) {
                port.send(request, b.memory().segment, b.from(), failure == null ? b.bytes() : 0, step.peer);
            } else {
                port.receive(request, b.memory().segment, b.from(), b.bytes(), step.peer);
            }
            started = true;
        } catch (RuntimeException e) {
            fail(new Failure(Failure.Kind.INTERNAL, operation + ": " + step + ": " + e.getMessage()));
        }
        Step follower = step.follower;
        if (follower != null) {
            release(follower);
        }
        if (!started) {
            step.request = null;
            completed(step);
        } else if (request.isComplete() || !request.addWaiter(step)) {
            messageDone(step);
        }
    }

    private void messageDone(Step step) {
        Request r = step.request;
        if (r.failure() != null) {
            fail(r.failure());
        } else if (step.kind == Step.Kind.RECEIVE && r.statusBytes != step.first.bytes()) {
            fail(new Failure(Failure.Kind.TRUNCATE, operation + ": rank " + step.peer + " has sent " + r.statusBytes
                    + " bytes where " + step.first.bytes() + " were agreed: the ranks call with different counts or types, or"
                    + " the operation has failed there"));
        }
        completed(step);
    }

    private void completed(Step step) {
        left--;
        for (int i = 0; i < step.successorCount; i++) {
            release(step.successors[i]);
        }
    }

    private void release(Step step) {
        if (--step.waitsFor == 0) {
            ready[readyTail++] = step;
        }
    }

    private void fail(Failure cause) {
        if (failure == null) {
            failure = cause;
        }
    }
}
