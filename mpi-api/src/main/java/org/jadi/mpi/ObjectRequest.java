package org.jadi.mpi;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * An operation that brings a value: the receive of an object, or the making of a communicator ({@link IntraComm#idup}).
 *
 * @param <T> type of the value; of a received object, what the caller expects: another is noticed where it is used
 */
public final class ObjectRequest<T> extends Request {
    private final Supplier<T> source;
    private T value;
    private boolean taken;

    ObjectRequest(Transfer transfer, org.jadi.adi.request.Request pending, ObjectPlan plan) {
        this(transfer, pending, pending == null ? Status.NO_PROCESS : null,
                () -> transfer.instance.objects.decoded(transfer, plan.message(), "irecvObject"));
    }

    /** The source is asked once, when the operation is complete. */
    ObjectRequest(Transfer transfer, org.jadi.adi.request.Request pending, Status status, Supplier<T> source) {
        super(transfer, pending, status);
        this.source = source;
    }

    /**
     * Waits for the value, and returns it; the same one if it was there before, null from {@link Comm#PROC_NULL} or if
     * a receive was cancelled.
     *
     * @throws MpiException of the class that the operation failed with; TYPE if a received object cannot be decoded
     */
    public T awaitValue() {
        Status status = await();
        return value(status);
    }

    /**
     * Returns a stage that completes with the value, or with the {@link MpiException} of the operation; for the executor,
     * see {@link Request#toStage}.
     */
    public CompletionStage<T> toValueStage(Executor executor) {
        return Completions.stage(this, executor, ObjectRequest::awaitValue);
    }

    private synchronized T value(Status status) {
        if (!taken && pending != null && !status.cancelled()) {
            value = source.get();
        }
        taken = true;
        return value;
    }
}
