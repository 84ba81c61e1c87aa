package org.jadi.mpi;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A request for an operation of the user's own: waited for and tested with others, completed by {@link #complete}. MPI 4.1
 * §13.2.
 *
 * <p>Callbacks run in the threads that wait, test, cancel or free, without a lock of the library.
 */
public final class GeneralizedRequest extends Request {
    static final String OPERATION = "generalizedRequest";

    private final AtomicBoolean released = new AtomicBoolean();
    private final Supplier<Status> query;
    private final Runnable free;
    private final Consumer<Boolean> cancel;
    private final AtomicBoolean completed = new AtomicBoolean();

    private GeneralizedRequest(Transfer transfer, Supplier<Status> query, Runnable free, Consumer<Boolean> cancel) {
        super(transfer, fresh(), null);
        this.query = query;
        this.free = free;
        this.cancel = cancel;
    }

    private static org.jadi.adi.request.Request fresh() {
        org.jadi.adi.request.Request pending = new org.jadi.adi.request.Request();
        pending.peer = org.jadi.adi.request.Request.ANY;
        pending.tag = org.jadi.adi.request.Request.ANY;
        pending.operation = OPERATION;
        return pending;
    }

    /**
     * Starts a request ({@code MPI_Grequest_start}, MPI 4.1 §13.2). Local.
     *
     * @param comm whose error handler is told of errors, and whose time limit holds
     * @param query gives the status once the operation is complete; asked by every call that returns it
     * @param free called once, when the operation is complete and its completion was seen or the request freed
     * @param cancel told of a cancel, with whether the operation is complete
     * @return the request, active until {@link #complete}
     * @throws MpiException ARG if a callback is null; COMM
     */
    public static GeneralizedRequest start(Comm comm, Supplier<Status> query, Runnable free, Consumer<Boolean> cancel) {
        if (comm == null) {
            throw new MpiException(ErrorClass.COMM, "GeneralizedRequest.start: the communicator is null");
        }
        comm.transfer.checkUsable(OPERATION);
        if (query == null || free == null || cancel == null) {
            throw comm.transfer.error(ErrorClass.ARG, OPERATION, "a callback is null", null);
        }
        return new GeneralizedRequest(comm.transfer, query, free, cancel);
    }

    /**
     * Returns a request that is complete when a stage is: so the library waits for what is not its own. A stage that fails
     * fails the request with {@link ErrorClass#OTHER}; a cancel goes to the stage's future.
     *
     * @param comm whose error handler is told of errors, and whose time limit holds
     */
    public static GeneralizedRequest of(Comm comm, CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        GeneralizedRequest request = start(comm, () -> statusOf(future), () -> {}, done -> future.cancel(false));
        stage.whenComplete((value, cause) -> request.complete());
        return request;
    }

    private static Status statusOf(CompletableFuture<?> future) {
        try {
            future.join();
            return Status.EMPTY;
        } catch (CancellationException e) {
            return Status.CANCELLED;
        } catch (CompletionException e) {
            throw new MpiException(ErrorClass.OTHER, "the stage failed: " + e.getCause(), e.getCause());
        }
    }

    /**
     * Completes the operation ({@code MPI_Grequest_complete}, MPI 4.1 §13.2). Any thread; what it did before is visible to
     * those who see the completion.
     *
     * @throws MpiException REQUEST if it was complete before
     */
    public void complete() {
        if (!completed.compareAndSet(false, true)) {
            throw transfer.error(ErrorClass.REQUEST, "complete", "the request is complete already", null);
        }
        pending.pieceDone();
    }

    @Override
    public void cancel() {
        if (isActive()) {
            transfer.guarded(() -> cancel.accept(isComplete()));
        }
    }

    @Override
    Status peek() {
        if (!isActive()) {
            return super.peek();
        }
        try {
            Status status = query.get();
            return status == null ? Status.EMPTY : status;
        } catch (RuntimeException e) {
            pending.fail(new org.jadi.adi.request.Failure(org.jadi.adi.request.Failure.Kind.REFUSED, "the query callback threw "
                    + e));
            return Status.EMPTY.withError(ErrorClass.OTHER);
        }
    }

    @Override
    void release() {
        if (released.compareAndSet(false, true)) { // whether awaited, freed, or both, and by whichever thread
            transfer.instance.whenDone(pending, free);
        }
    }
}
