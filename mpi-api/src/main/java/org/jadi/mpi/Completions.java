package org.jadi.mpi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jadi.adi.engine.Engine;

/** Waiting and testing for several requests. MPI 4.1 §3.7.5. */
final class Completions {
    private static final org.jadi.adi.request.Request[] NOTHING = {};

    private Completions() {}

    static long deadline(Duration limit) {
        long nanos;
        try {
            nanos = limit.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
        long now = System.nanoTime();
        long deadline = now + Math.max(0, nanos);
        return deadline < now || deadline == Long.MAX_VALUE ? Long.MAX_VALUE - 1 : deadline;
    }

    // -------------------------------------------------------------------- all

    /** Returns null if the time was over. */
    static Status[] awaitAll(Request[] requests, long deadlineNs) {
        Transfer last = null;
        long limit = deadlineNs;
        for (Request r : requests) {
            if (isWaiting(r) && !r.isDone()) {
                r.transfer.instance.checkOpen("awaitAll");
                if (r.transfer != last) { // the limit of a communicator is for the call, not for each request
                    last = r.transfer;
                    limit = deadline(r, deadlineNs);
                }
                if (!r.await(limit)) {
                    throwIfLimited(r, deadlineNs, "awaitAll");
                    return null;
                }
            }
        }
        return collectAll(requests, "awaitAll");
    }

    /** Returns null if one is not complete. */
    static Status[] testAll(Request[] requests) {
        pushAll(requests);
        for (Request r : requests) {
            if (isWaiting(r) && !r.isDone()) {
                return null;
            }
        }
        return collectAll(requests, "testAll");
    }

    private static Status[] collectAll(Request[] requests, String operation) {
        Status[] statuses = new Status[requests.length];
        Request failed = null;
        for (int i = 0; i < requests.length; i++) {
            Request r = requests[i];
            statuses[i] = isWaiting(r) ? r.collectQuietly() : Status.EMPTY;
            if (statuses[i].error() != ErrorClass.SUCCESS && failed == null) {
                failed = r;
            }
        }
        if (failed != null) {
            throw inStatus(operation, failed, List.of(statuses));
        }
        return statuses;
    }

    private static MpiException inStatus(String operation, Request failed, List<Status> statuses) {
        StringBuilder s = new StringBuilder(operation).append(" on ").append(failed.transfer.comm.place()).append(':');
        for (int i = 0; i < statuses.size(); i++) {
            if (statuses.get(i).error() != ErrorClass.SUCCESS) {
                s.append(" request ").append(i).append(' ').append(statuses.get(i).error()).append(';');
            }
        }
        if (failed.failure() != null) { // the callback of a generalized request may report an error without one
            s.append(" the first: ").append(failed.failure().message());
        }
        MpiException e = new MpiException(s.toString(), statuses);
        failed.transfer.comm.errhandler().handle(failed.transfer.comm, e);
        return e;
    }

    // -------------------------------------------------------------------- any

    /** Returns null if the time was over. */
    static Request.Completed awaitAny(Request[] requests, long deadlineNs) {
        Engine engine = engine(requests, "awaitAny");
        if (engine == null) {
            return firstDone(requests);
        }
        if (firstComplete(requests) < 0 && !awaitOne(engine, requests, deadlineNs, "awaitAny")) {
            return null;
        }
        return firstDone(requests);
    }

    /** Returns null if none is complete. */
    static Request.Completed testAny(Request[] requests) {
        if (firstComplete(requests) < 0) {
            pushAll(requests);
        }
        Request.Completed c = firstDone(requests);
        return c == Request.Completed.NONE && anyWaiting(requests) ? null : c;
    }

    private static Request.Completed firstDone(Request[] requests) {
        int i = firstComplete(requests);
        return i < 0 ? Request.Completed.NONE : new Request.Completed(i, requests[i].collect());
    }

    private static int firstComplete(Request[] requests) {
        for (int i = 0; i < requests.length; i++) {
            if (isWaiting(requests[i]) && requests[i].isDone()) {
                return i;
            }
        }
        return -1;
    }

    private static boolean awaitOne(Engine engine, Request[] requests, long deadlineNs, String operation) {
        List<org.jadi.adi.request.Request> pending = new ArrayList<>(requests.length);
        Request some = null;
        for (Request r : requests) {
            var p = isWaiting(r) ? r.pending() : null;
            if (p != null) {
                pending.add(p);
                some = r;
            }
        }
        if (engine.awaitAny(() -> firstComplete(requests) >= 0, pending.toArray(NOTHING),
                deadline(some, deadlineNs))) {
            return true;
        }
        throwIfLimited(some, deadlineNs, operation);
        return false;
    }

    // ------------------------------------------------------------------- some

    static List<Request.Completed> awaitSome(Request[] requests, long deadlineNs) {
        Engine engine = engine(requests, "awaitSome");
        if (engine != null && firstComplete(requests) < 0 && !awaitOne(engine, requests, deadlineNs, "awaitSome")) {
            return List.of();
        }
        return collectSome(requests, "awaitSome");
    }

    static List<Request.Completed> testSome(Request[] requests) {
        pushAll(requests);
        return collectSome(requests, "testSome");
    }

    private static List<Request.Completed> collectSome(Request[] requests, String operation) {
        List<Request.Completed> done = new ArrayList<>();
        Request failed = null;
        for (int i = 0; i < requests.length; i++) {
            Request r = requests[i];
            if (isWaiting(r) && r.isDone()) {
                Status s = r.collectQuietly();
                done.add(new Request.Completed(i, s));
                failed = failed == null && s.error() != ErrorClass.SUCCESS ? r : failed;
            }
        }
        if (failed != null) {
            throw inStatus(operation, failed, statuses(requests, done));
        }
        return done;
    }

    /** Returns a status for each request: those complete now, PENDING for the others that wait. */
    private static List<Status> statuses(Request[] requests, List<Request.Completed> done) {
        Status[] all = new Status[requests.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = isWaiting(requests[i]) ? Status.EMPTY.withError(ErrorClass.PENDING) : Status.EMPTY;
        }
        done.forEach(c -> all[c.index()] = c.status());
        return List.of(all);
    }

    // ----------------------------------------------------------------- looking

    /** Returns null if one is not complete; no request becomes inactive. */
    static Status[] lookAll(Request[] requests) {
        pushAll(requests);
        Status[] statuses = new Status[requests.length];
        for (int i = 0; i < statuses.length; i++) {
            Request r = requests[i];
            if (isWaiting(r) && !r.isDone()) {
                return null;
            }
            statuses[i] = isWaiting(r) ? r.peek() : Status.EMPTY;
        }
        return statuses;
    }

    /** Returns null if none is complete; no request becomes inactive. */
    static Request.Completed lookAny(Request[] requests) {
        pushAll(requests);
        int i = firstComplete(requests);
        return i >= 0 ? new Request.Completed(i, requests[i].peek())
                : anyWaiting(requests) ? null : Request.Completed.NONE;
    }

    /** Returns what is complete; no request becomes inactive. */
    static List<Request.Completed> lookSome(Request[] requests) {
        pushAll(requests);
        List<Request.Completed> done = new ArrayList<>();
        for (int i = 0; i < requests.length; i++) {
            if (isWaiting(requests[i]) && requests[i].isDone()) {
                done.add(new Request.Completed(i, requests[i].peek()));
            }
        }
        return done;
    }

    // ------------------------------------------------------------------ stage

    static <R extends Request, T> CompletionStage<T> stage(R request, Executor executor, Function<R, T> await) {
        request.checkNotFreed("toStage");
        var p = request.pending();
        if (p != null && p.memory() != null && !p.isComplete() && request.transfer.instance.isConfined(p.memory())) {
            throw request.transfer.error(ErrorClass.BUFFER, "toStage",
                    "the buffer belongs to a confined arena, which no other thread may move; use Arena.ofShared", null);
        }
        CompletableFuture<T> stage = new CompletableFuture<>();
        // A thread of its own: it may be blocked by what the user does in the stage, and costs little while it waits.
        Thread.ofVirtual().name("jadi-stage").start(() -> {
            try {
                T value = await.apply(request);
                executor.execute(() -> stage.complete(value));
            } catch (RuntimeException | Error e) {
                fail(stage, executor, e);
            }
        });
        return stage;
    }

    private static void fail(CompletableFuture<?> stage, Executor executor, Throwable cause) {
        try {
            executor.execute(() -> stage.completeExceptionally(cause));
        } catch (RuntimeException rejected) {
            rejected.addSuppressed(cause);
            stage.completeExceptionally(rejected);
        }
    }

    // ----------------------------------------------------------------- helpers

    /** Whether a request takes part: neither null nor inactive. */
    private static boolean isWaiting(Request r) {
        return r != null && (r.isActive() || r.wasFreed());
    }

    private static boolean anyWaiting(Request[] requests) {
        for (Request r : requests) {
            if (isWaiting(r)) {
                return true;
            }
        }
        return false;
    }

    private static Engine engine(Request[] requests, String operation) {
        for (Request r : requests) {
            if (isWaiting(r)) {
                r.checkNotFreed(operation);
                r.transfer.instance.checkOpen(operation);
                return r.transfer.engine;
            }
        }
        return null;
    }

    private static void pushAll(Request[] requests) {
        Engine engine = engine(requests, "test");
        if (engine == null) {
            return;
        }
        engine.poke();
        for (Request r : requests) {
            var p = isWaiting(r) ? r.pending() : null;
            var way = p == null ? null : p.progression;
            if (way != null) {
                way.push(p);
            }
        }
    }

    /** A call without a limit of its own has that of the communicator. */
    private static long deadline(Request r, long deadlineNs) {
        return deadlineNs == Long.MAX_VALUE ? r.transfer.deadline() : deadlineNs;
    }

    private static void throwIfLimited(Request r, long deadlineNs, String operation) {
        if (deadlineNs == Long.MAX_VALUE) {
            throw r.transfer.error(ErrorClass.TIMEOUT, operation, "the time limit of the communicator is over;"
                    + " the operations go on: " + r.pending(), null);
        }
    }
}
