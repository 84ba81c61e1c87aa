package org.jadi.mpi;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The receive of an object that was started, and may not be complete yet.
 *
 * @param <T> type that the caller expects; a message with another is noticed where the object is used
 */
public final class ObjectRequest<T> extends Request {
    private final ObjectPlan plan;
    private T value;
    private boolean decoded;

    ObjectRequest(Transfer transfer, org.jadi.adi.request.Request pending, ObjectPlan plan) {
        super(transfer, pending, pending == null ? Status.NO_PROCESS : null);
        this.plan = plan;
    }

    /**
     * Waits for the object, and returns it; the same one if it was there before, null from {@link Comm#PROC_NULL} or if
     * the receive was cancelled.
     *
     * @throws MpiException of the class that the receive failed with; TYPE if the object cannot be decoded
     */
    public T awaitValue() {
        Status status = await();
        return value(status);
    }

    /**
     * Returns a stage that completes with the object, or with the {@link MpiException} of the receive; for the executor,
     * see {@link Request#toStage}.
     */
    public CompletionStage<T> toValueStage(Executor executor) {
        return Completions.stage(this, executor, ObjectRequest::awaitValue);
    }

    @SuppressWarnings("unchecked") // the sender's type cannot be known here
    private synchronized T value(Status status) {
        if (!decoded && pending != null && !status.cancelled()) {
            value = (T) transfer.instance.objects.decode(transfer, plan.message(), "irecvObject");
        }
        decoded = true;
        return value;
    }
}
