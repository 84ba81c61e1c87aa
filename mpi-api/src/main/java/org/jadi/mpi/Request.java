package org.jadi.mpi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jadi.adi.request.Failure;

/**
 * An operation that was started, and may not be complete yet. MPI 4.1 §3.7.
 *
 * <p>A request keeps its buffer alive until the operation is complete; the buffer must not be changed (a send) or touched
 * (a receive) before. A request whose completion was seen by {@code await} or {@code test} is inactive, like
 * {@code MPI_REQUEST_NULL}: to wait for it again is harmless and gives the same status. A null reference counts as an
 * inactive request in the methods that take several.
 *
 * <p>Any thread may wait for a request. What the operation wrote is visible to the thread that saw its completion
 * (happens-before). A buffer of a confined arena is only moved while the thread that owns it waits or tests.
 */
public sealed class Request permits ObjectRequest, PersistentRequest, GeneralizedRequest {
    private static final VarHandle PENDING;

    static {
        try {
            PENDING = MethodHandles.lookup().findVarHandle(Request.class, "pending", org.jadi.adi.request.Request.class)
                    .withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Where the operation belongs. */
    final Transfer transfer;

    /** The engine's part; null where nothing is to be done, as with {@link Comm#PROC_NULL}, or not any more. Read by {@link #pending}. */
    org.jadi.adi.request.Request pending;

    /** Known in advance for sends; for receives null until the request is inactive. */
    private Status status;
    private boolean inactive;
    private boolean freed;

    Request(Transfer transfer, org.jadi.adi.request.Request pending, Status status) {
        this.transfer = transfer;
        this.pending = pending;
        this.status = status;
    }

    // -------------------------------------------------------------------- one

    /**
     * Waits until the operation is complete ({@code MPI_Wait}, MPI 4.1 §3.7.3).
     *
     * @return its status; the same again if it was complete before
     * @throws MpiException of the class that the operation failed with, or TIMEOUT if the communicator has a limit
     */
    public Status await() {
        if (!isDone()) {
            transfer.instance.checkOpen("await");
            if (!await(transfer.deadline())) {
                throw transfer.error(ErrorClass.TIMEOUT, "await", "the time limit of the communicator is over;"
                        + " the operation goes on: " + pending(), null);
            }
        }
        return collect();
    }

    /**
     * Waits until the operation is complete, but not longer than a limit.
     *
     * @return its status, or nothing if the time was over before; the operation goes on then
     * @throws MpiException of the class that the operation failed with
     */
    public Optional<Status> await(Duration limit) {
        if (!isDone()) {
            transfer.instance.checkOpen("await");
            if (!await(Completions.deadline(limit))) {
                return Optional.empty();
            }
        }
        return Optional.of(collect());
    }

    /**
     * Makes progress, and says whether the operation is complete ({@code MPI_Test}, MPI 4.1 §3.7.3).
     *
     * @return its status, or nothing if it is not complete
     * @throws MpiException of the class that the operation failed with
     */
    public Optional<Status> test() {
        return isDone() || poke() ? Optional.of(collect()) : Optional.empty();
    }

    /**
     * Says whether the operation is complete, and leaves the request as it is ({@code MPI_Request_get_status}, MPI 4.1
     * §3.7.6). Makes progress.
     *
     * @return its status, with {@link Status#error} if it failed; or nothing if it is not complete
     */
    public Optional<Status> getStatus() {
        return isDone() || poke() ? Optional.of(peek()) : Optional.empty();
    }

    /** Returns whether the operation is complete; a look only, without progress. */
    public boolean isComplete() {
        return isDone();
    }

    /** Returns whether the operation was started, and its completion was not seen by {@code await} or {@code test}. */
    public boolean isActive() {
        return !inactive && !freed;
    }

    /**
     * Asks to cancel the operation ({@code MPI_Cancel}, MPI 4.1 §3.8.4). A receive is cancelled if it has found no
     * message; a send goes on. The request must still be completed; {@link Status#cancelled} says what happened.
     */
    public void cancel() {
        var p = pending();
        if (p != null && isActive()) {
            transfer.engine.cancel(p);
        }
    }

    /**
     * Gives the request up; the operation goes on until it is complete ({@code MPI_Request_free}, MPI 4.1 §3.7.3).
     *
     * @throws MpiException REQUEST if it was freed before
     */
    public void free() {
        checkNotFreed("free");
        freed = true;
        var p = pending();
        if (p != null && !p.isComplete()) {
            transfer.instance.detach(p);
        }
        release();
    }

    /**
     * Returns a stage that completes with the status, or with the {@link MpiException} that the operation failed with.
     *
     * <p>The stage is completed by a task of the executor; the task never runs on a thread that moves messages. If the
     * executor runs tasks in the calling thread, that is a thread of its own. The request must not be waited for otherwise.
     *
     * @throws MpiException BUFFER for a buffer of a confined arena, which no other thread may move
     */
    public CompletionStage<Status> toStage(Executor executor) {
        return Completions.stage(this, executor, r -> r.await());
    }

    @Override
    public String toString() {
        var p = pending();
        return freed ? "freed request" : inactive ? "inactive request, " + status
                : p == null ? "complete request" : "request: " + p;
    }

    // ---------------------------------------------------------------- several

    /**
     * Waits until all operations are complete ({@code MPI_Waitall}, MPI 4.1 §3.7.5).
     *
     * @return the statuses in the order of the requests, {@link Status#EMPTY} for those that are inactive
     * @throws MpiException IN_STATUS if an operation failed; its {@link MpiException#statuses} tell which
     */
    public static Status[] awaitAll(Request... requests) {
        return Completions.awaitAll(requests, Long.MAX_VALUE);
    }

    /** Does as {@link #awaitAll(Request...)}. */
    public static Status[] awaitAll(Collection<? extends Request> requests) {
        return awaitAll(requests.toArray(Request[]::new));
    }

    /**
     * Waits until all operations are complete, but not longer than a limit.
     *
     * @return the statuses, or nothing if the time was over before; no request is made inactive then
     * @throws MpiException IN_STATUS if an operation failed
     */
    public static Optional<Status[]> awaitAll(Duration limit, Request... requests) {
        return Optional.ofNullable(Completions.awaitAll(requests, Completions.deadline(limit)));
    }

    /**
     * Waits until one of the operations is complete ({@code MPI_Waitany}, MPI 4.1 §3.7.5).
     *
     * @return which, and its status; index {@link Comm#UNDEFINED} and the empty status if no request is active
     * @throws MpiException of the class that the operation failed with
     */
    public static Completed awaitAny(Request... requests) {
        return Completions.awaitAny(requests, Long.MAX_VALUE);
    }

    /** Does as {@link #awaitAny(Request...)}. */
    public static Completed awaitAny(Collection<? extends Request> requests) {
        return awaitAny(requests.toArray(Request[]::new));
    }

    /**
     * Waits until one of the operations is complete, but not longer than a limit.
     *
     * @return as {@link #awaitAny(Request...)}, or nothing if the time was over before
     * @throws MpiException of the class that the operation failed with
     */
    public static Optional<Completed> awaitAny(Duration limit, Request... requests) {
        return Optional.ofNullable(Completions.awaitAny(requests, Completions.deadline(limit)));
    }

    /**
     * Waits until at least one of the operations is complete ({@code MPI_Waitsome}, MPI 4.1 §3.7.5).
     *
     * @return all that are complete, in the order of the requests; empty if no request is active
     * @throws MpiException IN_STATUS if one of them failed
     */
    public static List<Completed> awaitSome(Request... requests) {
        return Completions.awaitSome(requests, Long.MAX_VALUE);
    }

    /** Does as {@link #awaitSome(Request...)}. */
    public static List<Completed> awaitSome(Collection<? extends Request> requests) {
        return awaitSome(requests.toArray(Request[]::new));
    }

    /**
     * Waits until at least one of the operations is complete, but not longer than a limit.
     *
     * @return all that are complete; empty if no request is active, or the time was over before
     * @throws MpiException IN_STATUS if one of them failed
     */
    public static List<Completed> awaitSome(Duration limit, Request... requests) {
        return Completions.awaitSome(requests, Completions.deadline(limit));
    }

    /**
     * Makes progress, and says whether all operations are complete ({@code MPI_Testall}, MPI 4.1 §3.7.5).
     *
     * @return the statuses, or nothing if one is not complete; no request is made inactive then
     * @throws MpiException IN_STATUS if an operation failed
     */
    public static Optional<Status[]> testAll(Request... requests) {
        return Optional.ofNullable(Completions.testAll(requests));
    }

    /** Does as {@link #testAll(Request...)}. */
    public static Optional<Status[]> testAll(Collection<? extends Request> requests) {
        return testAll(requests.toArray(Request[]::new));
    }

    /**
     * Makes progress, and says whether one of the operations is complete ({@code MPI_Testany}, MPI 4.1 §3.7.5).
     *
     * @return which, and its status; nothing if none is; index {@link Comm#UNDEFINED} if no request is active
     * @throws MpiException of the class that the operation failed with
     */
    public static Optional<Completed> testAny(Request... requests) {
        return Optional.ofNullable(Completions.testAny(requests));
    }

    /** Does as {@link #testAny(Request...)}. */
    public static Optional<Completed> testAny(Collection<? extends Request> requests) {
        return testAny(requests.toArray(Request[]::new));
    }

    /**
     * Makes progress, and returns those operations that are complete ({@code MPI_Testsome}, MPI 4.1 §3.7.5).
     *
     * @return all that are complete; empty if there is none, or no request is active ({@link #isActive} tells)
     * @throws MpiException IN_STATUS if one of them failed
     */
    public static List<Completed> testSome(Request... requests) {
        return Completions.testSome(requests);
    }

    /** Does as {@link #testSome(Request...)}. */
    public static List<Completed> testSome(Collection<? extends Request> requests) {
        return testSome(requests.toArray(Request[]::new));
    }

    /**
     * Says whether all operations are complete, and leaves the requests as they are ({@code MPI_Request_get_status_all},
     * MPI 4.1 §3.7.6). Makes progress.
     *
     * @return the statuses, each with its {@link Status#error}; or nothing if one is not complete
     */
    public static Optional<Status[]> getStatusAll(Request... requests) {
        return Optional.ofNullable(Completions.lookAll(requests));
    }

    /**
     * Says whether one of the operations is complete, and leaves the requests as they are
     * ({@code MPI_Request_get_status_any}, MPI 4.1 §3.7.6). Makes progress.
     *
     * @return which, and its status with its {@link Status#error}; nothing if none is; index {@link Comm#UNDEFINED} if no
     *     request is active
     */
    public static Optional<Completed> getStatusAny(Request... requests) {
        return Optional.ofNullable(Completions.lookAny(requests));
    }

    /**
     * Returns those operations that are complete, and leaves the requests as they are
     * ({@code MPI_Request_get_status_some}, MPI 4.1 §3.7.6). Makes progress.
     *
     * @return all that are complete, each with its {@link Status#error}; empty if there is none, or no request is active
     */
    public static List<Completed> getStatusSome(Request... requests) {
        return Completions.lookSome(requests);
    }

    /**
     * One of several requests that is complete.
     *
     * @param index its place among the requests, or {@link Comm#UNDEFINED} for none
     * @param status its status
     */
    public record Completed(int index, Status status) {
        static final Completed NONE = new Completed(Comm.UNDEFINED, Status.EMPTY);
    }

    // --------------------------------------------------------------- internal

    /** Whether there is nothing to wait for. */
    final boolean isDone() {
        checkNotFreed("completion");
        var p = pending();
        return p == null || inactive || p.isComplete();
    }

    /**
     * Returns the engine's part, or null for none. Whatever thread gets it, it stays the part of this operation: a thread
     * that collects the request at the same time may give it back, but then it is not used for another one.
     */
    final org.jadi.adi.request.Request pending() {
        var p = pending;
        return p == null || p.isSafeHere() ? p : kept(p);
    }

    private org.jadi.adi.request.Request kept(org.jadi.adi.request.Request p) {
        p.keep();
        return (org.jadi.adi.request.Request) PENDING.getVolatile(this) == p ? p : null;
    }

    /** Waits for the engine's part, if it is there still. */
    final boolean await(long deadlineNs) {
        var p = pending();
        return p == null || transfer.engine.await(p, deadlineNs);
    }

    /** Makes progress for this request; returns whether it is complete. */
    private boolean poke() {
        transfer.instance.checkOpen("test");
        var p = pending();
        return p == null || transfer.engine.test(p);
    }

    /** Returns the failure of a complete operation that was not collected, or null. */
    final Failure failure() {
        var p = pending();
        return p == null ? null : p.failure();
    }

    /** Makes a complete request inactive, and returns its status or throws its error. */
    Status collect() {
        if (!inactive) {
            status = peek();
            deactivate();
        }
        var p = pending();
        if (p != null && p.failure() != null) {
            throw transfer.failed(p.operation, p);
        }
        return status;
    }

    /** Makes a complete request inactive, and returns its status with its error. */
    final Status collectQuietly() {
        Status s = peek();
        status = s;
        deactivate();
        return s;
    }

    /** Returns the status of a complete request. */
    Status peek() {
        var p = pending();
        if (p == null || inactive) {
            return status;
        }
        if (p.cancelled) {
            return Status.CANCELLED;
        }
        Status s = status != null ? status
                : new Status(p.statusSource, p.statusTag, p.statusBytes, false, ErrorClass.SUCCESS);
        return p.failure() == null ? s : s.withError(Transfer.errorClass(p.failure()));
    }

    /** Told once after completion was seen. */
    void release() {}

    final void checkNotFreed(String operation) {
        if (freed) {
            throw transfer.error(ErrorClass.REQUEST, operation, "the request was freed", null);
        }
    }

    final void setInactive(boolean value, Status last) {
        inactive = value;
        status = last;
    }

    final boolean wasFreed() {
        return freed;
    }

    private void deactivate() {
        if (!inactive) {
            inactive = true;
            release();
            giveBack();
        }
    }

    private void giveBack() {
        var p = pending;
        if (p != null && p.isReturnable()) {
            // ORDER: who finds that the part is gone sees the status, and that the request is inactive. Pairs with kept.
            PENDING.setRelease(this, (org.jadi.adi.request.Request) null);
            p.giveBack();
        }
    }
}
