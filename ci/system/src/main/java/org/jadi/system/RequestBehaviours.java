package org.jadi.system;

import static org.jadi.system.Check.next;
import static org.jadi.system.Check.previous;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jadi.mpi.Comm;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.MpiException;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Completion in all forms, cancel, free. SPEC: MPI 4.1 §3.7, §3.8.4. */
final class RequestBehaviours {
    static final List<Behaviour> ALL = List.of(
            Behaviour.of("wait_test", RequestBehaviours::waitTest),
            Behaviour.of("waitany", RequestBehaviours::waitany),
            Behaviour.of("waitsome", RequestBehaviours::waitsome),
            Behaviour.of("testall", RequestBehaviours::testall),
            Behaviour.of("testany_testsome", RequestBehaviours::testanyTestsome),
            Behaviour.of("inactivereq", RequestBehaviours::inactive),
            Behaviour.of("waitany_null", RequestBehaviours::waitanyNull),
            Behaviour.of("waittestnull", RequestBehaviours::waitTestNull),
            Behaviour.of("rqstatus", RequestBehaviours::requestStatus),
            Behaviour.of("rqstatus_several", RequestBehaviours::requestStatusOfSeveral),
            Behaviour.of("rqfree", RequestBehaviours::free),
            Behaviour.of("rcancel", RequestBehaviours::cancel),
            Behaviour.of("cancelanysrc", RequestBehaviours::cancelAnySource),
            Behaviour.of("cancel_too_late", RequestBehaviours::cancelTooLate),
            Behaviour.of("limits", RequestBehaviours::limits),
            Behaviour.of("comm_timeout", RequestBehaviours::commTimeout),
            Behaviour.of("stage", RequestBehaviours::stage),
            Behaviour.of("stage_fails", RequestBehaviours::stageFails),
            Behaviour.of("errinstatwa", c -> inStatus(c, "awaitAll")),
            Behaviour.of("errinstatws", c -> inStatus(c, "awaitSome")),
            Behaviour.of("errinstatta", c -> inStatus(c, "testAll")),
            Behaviour.of("errinstatts", c -> inStatus(c, "testSome")),
            Behaviour.of("waitany_error", RequestBehaviours::anyError));

    private RequestBehaviours() {}

    private static void waitTest(IntraComm c) {
        int[] got = new int[1];
        Request r = c.irecv(got, previous(c), 1);
        c.barrier();
        Check.that(r.test().isEmpty() && !r.isComplete() && r.isActive(), "complete before the send");
        c.barrier();
        Request s = c.isend(new int[] {8}, next(c), 1);
        Optional<Status> status = Optional.empty();
        while (status.isEmpty()) {
            status = r.test();
        }
        Check.status(previous(c), 1, 4, status.get());
        Check.that(!r.isActive() && r.isComplete(), "active after its completion was seen");
        Check.equal(status.get(), r.await(), "the same status again");
        Check.equal(Status.EMPTY, s.await(), "status of a send");
    }

    private static void waitany(IntraComm c) {
        int n = 6;
        int[][] got = new int[n][1];
        Request[] r = new Request[n];
        for (int i = 0; i < n; i++) {
            r[i] = c.irecv(got[i], previous(c), i);
        }
        boolean[] seen = new boolean[n];
        for (int i = n - 1; i >= 0; i--) {
            c.barrier();
            c.send(new int[] {i}, next(c), i);
            Request.Completed done = Request.awaitAny(r);
            Check.equal(i, done.index(), "the only complete one");
            Check.status(previous(c), i, 4, done.status());
            Check.equal(i, got[i][0], "data");
            seen[done.index()] = true;
        }
        Check.equal(Comm.UNDEFINED, Request.awaitAny(r).index(), "nothing is left");
        c.barrier();
    }

    private static void waitsome(IntraComm c) {
        int n = 30;
        Request[] r = new Request[n];
        for (int i = 0; i < n; i++) {
            r[i] = c.irecv(new int[1], previous(c), i);
        }
        for (int i = 0; i < n; i++) {
            c.send(new int[] {i}, next(c), i);
        }
        int done = 0;
        while (done < n) {
            List<Request.Completed> some = Request.awaitSome(r);
            Check.that(!some.isEmpty(), "awaitSome returns at least one");
            some.forEach(s -> Check.status(previous(c), s.index(), 4, s.status()));
            done += some.size();
        }
        Check.equal(List.of(), Request.awaitSome(r), "nothing is left");
    }

    private static void testall(IntraComm c) {
        Request[] r = {c.irecv(new int[1], previous(c), 1), c.irecv(new int[1], previous(c), 2), null};
        c.send(new int[1], next(c), 1);
        c.barrier();
        for (int i = 0; i < 20; i++) {
            Check.that(Request.testAll(r).isEmpty(), "not all are complete");
        }
        Check.that(r[0].isActive() && r[1].isActive(), "testAll changes nothing unless all are complete");
        c.barrier();
        c.send(new int[1], next(c), 2);
        Optional<Status[]> all = Optional.empty();
        while (all.isEmpty()) {
            all = Request.testAll(r);
        }
        Check.status(previous(c), 2, 4, all.get()[1]);
        Check.equal(Status.EMPTY, all.get()[2], "a null request");
    }

    private static void testanyTestsome(IntraComm c) {
        Request[] r = {c.irecv(new int[1], previous(c), 1), c.irecv(new int[1], previous(c), 2)};
        c.barrier();
        Check.that(Request.testAny(r).isEmpty() && Request.testSome(r).isEmpty(), "none is complete");
        c.barrier();
        c.send(new int[1], next(c), 2);
        Optional<Request.Completed> any = Optional.empty();
        while (any.isEmpty()) {
            any = Request.testAny(r);
        }
        Check.equal(1, any.get().index(), "index");
        c.barrier();
        c.send(new int[1], next(c), 1);
        List<Request.Completed> some = List.of();
        while (some.isEmpty()) {
            some = Request.testSome(r);
        }
        Check.equal(0, some.getFirst().index(), "index");
        Check.equal(Comm.UNDEFINED, Request.testAny(r).orElseThrow().index(), "no active request is left");
    }

    private static void inactive(IntraComm c) {
        Request done = c.isend(new int[1], Comm.PROC_NULL, 1);
        done.await();
        Check.that(!done.isActive(), "inactive after await");
        Check.equal(Status.EMPTY, Request.awaitAll(done)[0], "status of an inactive request");
        Check.equal(Comm.UNDEFINED, Request.awaitAny(done, done).index(), "none is active");
        Check.equal(List.of(), Request.awaitSome(done), "none is active");
        Check.that(Request.testAll(done).isPresent(), "all inactive requests are complete");
        done.cancel();
        done.await();
    }

    private static void waitanyNull(IntraComm c) {
        Check.equal(Comm.UNDEFINED, Request.awaitAny(new Request[] {null, null}).index(), "nulls");
        Check.equal(Comm.UNDEFINED, Request.awaitAny(new Request[0]).index(), "none at all");
        Request r = c.irecv(new int[1], previous(c), 1);
        c.send(new int[1], next(c), 1);
        Check.equal(2, Request.awaitAny(new Request[] {null, null, r, null}).index(), "the one among nulls");
    }

    private static void waitTestNull(IntraComm c) {
        Request[] nulls = {null, null};
        Check.equal(new Status[] {Status.EMPTY, Status.EMPTY}, Request.awaitAll(nulls), "awaitAll");
        Check.equal(Comm.UNDEFINED, Request.testAny(nulls).orElseThrow().index(), "testAny");
        Check.equal(List.of(), Request.testSome(nulls), "testSome");
        Check.equal(List.of(), Request.awaitSome(nulls), "awaitSome");
        Check.equal(2, Request.testAll(nulls).orElseThrow().length, "testAll");
        Check.equal(0, Request.awaitAll(List.of()).length, "awaitAll of none");
    }

    private static void requestStatus(IntraComm c) {
        Request r = c.irecv(new int[4], previous(c), 1);
        c.barrier();
        Check.that(r.getStatus().isEmpty(), "complete before the send");
        c.barrier();
        c.send(new int[3], next(c), 1);
        Optional<Status> s = Optional.empty();
        while (s.isEmpty()) {
            s = r.getStatus();
        }
        Check.status(previous(c), 1, 12, s.get());
        Check.that(r.isActive(), "getStatus leaves the request as it is");
        Check.equal(0, Request.awaitAny(r).index(), "so it can be waited for");
    }

    private static void requestStatusOfSeveral(IntraComm c) throws Exception {
        Request first = c.irecv(new int[1], previous(c), 1);
        Request bad = c.irecv(new int[1], previous(c), 2);
        c.barrier();
        Check.that(Request.getStatusAny(first, bad).isEmpty() && Request.getStatusSome(first, bad).isEmpty(), "none yet");
        c.barrier();
        Request send = c.isend(new int[2], next(c), 2);
        Optional<Request.Completed> any = Optional.empty();
        while (any.isEmpty()) {
            any = Request.getStatusAny(first, bad);
        }
        Check.equal(1, any.get().index(), "index");
        Check.equal(ErrorClass.TRUNCATE, any.get().status().error(), "error");
        Check.that(Request.getStatusAll(first, bad).isEmpty(), "the first is not complete");
        c.barrier();
        Request second = c.isend(new int[1], next(c), 1);
        while (Request.getStatusAll(first, bad).isEmpty()) {
            Thread.onSpinWait();
        }
        Check.equal(2, Request.getStatusSome(first, null, bad).size(), "both");
        Check.status(previous(c), 1, 4, Request.getStatusAll(first, bad).orElseThrow()[0]);
        Check.that(first.isActive() && bad.isActive(), "the requests are left as they are");
        Check.fails(ErrorClass.IN_STATUS, () -> Request.awaitAll(first, bad));
        Check.equal(Comm.UNDEFINED, Request.getStatusAny(first, bad).orElseThrow().index(), "none is active");
        Request.awaitAll(send, second);
    }

    /** A freed request goes on: eager, rendezvous, and a receive. */
    private static void free(IntraComm c) throws Exception {
        for (int length : new int[] {1, 200_000}) {
            Request s = c.isend(Check.pattern(length, 6), next(c), 1);
            s.free();
            Check.fails(ErrorClass.REQUEST, s::await);
            Check.fails(ErrorClass.REQUEST, s::free);
            int[] got = new int[length];
            c.recv(got, previous(c), 1);
            Check.equal(Check.pattern(length, 6), got, "data of a freed send");
        }
        int[] got = new int[1];
        c.irecv(got, previous(c), 2).free();
        c.send(new int[] {5}, next(c), 2);
        c.sendrecv(new int[1], next(c), 3, new int[1], previous(c), 3);
        Check.equal(5, got[0], "data of a freed receive, known to be there as the next message is");
    }

    private static void cancel(IntraComm c) {
        int[] got = {1};
        Request r = c.irecv(got, previous(c), 1);
        r.cancel();
        Status s = r.await();
        Check.that(s.cancelled() && s.isCancelled(), "cancelled");
        c.barrier();
        Request send = c.isend(new int[] {2}, next(c), 1);
        int[] second = new int[1];
        c.recv(second, previous(c), 1);
        send.await();
        Check.equal(1, got[0], "the buffer of the cancelled receive");
        Check.equal(2, second[0], "the message goes to the next receive");
    }

    private static void cancelAnySource(IntraComm c) {
        int n = 10;
        Request[] r = new Request[n];
        int[][] got = new int[n][1];
        for (int i = 0; i < n; i++) {
            r[i] = c.irecv(got[i], Comm.ANY_SOURCE, Comm.ANY_TAG);
        }
        for (int i = 0; i < n; i += 2) {
            r[i].cancel();
        }
        c.barrier();
        for (int i = 0; i < n / 2; i++) {
            c.send(new int[] {i + 1}, next(c), i);
        }
        Status[] statuses = Request.awaitAll(r);
        for (int i = 0; i < n; i++) {
            Check.equal(i % 2 == 0, statuses[i].cancelled(), "cancelled " + i);
            Check.equal(i % 2 == 0 ? 0 : i / 2 + 1, got[i][0], "data " + i);
        }
    }

    private static void cancelTooLate(IntraComm c) {
        Request r = c.irecv(new int[1], previous(c), 1);
        Request s = c.isend(new int[] {4}, next(c), 1);
        c.sendrecv(new int[1], next(c), 2, new int[1], previous(c), 2);
        r.cancel();
        s.cancel();
        Check.that(!r.await().cancelled() && !s.await().cancelled(), "cancelled after the message had come");
    }

    private static void limits(IntraComm c) {
        Request r = c.irecv(new int[1], previous(c), 1);
        Duration brief = Duration.ofMillis(20);
        c.barrier();
        long begin = System.nanoTime();
        Check.that(r.await(brief).isEmpty(), "await");
        Check.that(Request.awaitAll(brief, r).isEmpty(), "awaitAll");
        Check.that(Request.awaitAny(brief, r).isEmpty(), "awaitAny");
        Check.that(Request.awaitSome(brief, r).isEmpty(), "awaitSome");
        Check.that(r.await(Duration.ZERO).isEmpty() && r.await(Duration.ofSeconds(-1)).isEmpty(), "no time at all");
        long ms = (System.nanoTime() - begin) / 1_000_000;
        Check.that(ms >= 80 && ms < 20_000, "four limits of 20 ms took " + ms + " ms");
        c.barrier();
        c.send(new int[1], next(c), 1);
        Check.that(r.await(Duration.ofSeconds(Long.MAX_VALUE)).isPresent(), "a limit beyond all times");
    }

    private static void commTimeout(IntraComm c) throws Exception {
        c.barrier();
        c.setTimeout(Duration.ofMillis(20));
        try {
            MpiException e = Check.fails(ErrorClass.TIMEOUT, () -> c.recv(new int[1], previous(c), 77));
            Check.that(e.getMessage().contains("recv on ") && e.getMessage().contains("tag=77"), e.getMessage());
            Check.fails(ErrorClass.TIMEOUT, () -> c.probe(Comm.ANY_SOURCE, 77));
            Request r = c.irecv(new int[1], previous(c), 77);
            Check.fails(ErrorClass.TIMEOUT, r::await);
            Check.fails(ErrorClass.TIMEOUT, () -> Request.awaitAll(r));
            Check.fails(ErrorClass.TIMEOUT, () -> Request.awaitAny(r));
            r.cancel();
            r.await();
        } finally {
            c.setTimeout(null);
        }
        c.barrier();
    }

    private static void stage(IntraComm c) throws Exception {
        Executor[] executors = {Runnable::run, null};
        try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
            executors[1] = pool;
            for (Executor executor : executors) {
                Thread me = Thread.currentThread();
                int[] got = new int[1];
                List<Integer> order = new ArrayList<>();
                var stage = c.irecv(got, previous(c), 1).toStage(executor).thenApply(s -> {
                    order.add(s.tag());
                    // Code of the user's may use the library: no lock of ours is held.
                    c.iprobe(Comm.ANY_SOURCE, 99);
                    return Thread.currentThread() != me;
                });
                c.barrier();
                c.send(new int[] {6}, next(c), 1);
                Check.that(stage.toCompletableFuture().get(20, TimeUnit.SECONDS), "ran on a thread that waits");
                Check.equal(List.of(1), order, "status");
                Check.equal(6, got[0], "data");
            }
        }
    }

    private static void stageFails(IntraComm c) throws Exception {
        var stage = c.irecv(new int[1], previous(c), 1).toStage(Runnable::run);
        c.barrier();
        c.send(new int[2], next(c), 1);
        try {
            stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
            throw new AssertionError("an error was expected");
        } catch (CompletionException e) {
            Check.equal(ErrorClass.TRUNCATE, ((MpiException) e.getCause()).errorClass(), "class");
        }
    }

    /** Two receives of which the second is too short; a third that waits for ever. */
    private static void inStatus(IntraComm c, String operation) throws Exception {
        boolean all = operation.endsWith("All");
        Request good = c.irecv(new int[2], previous(c), 1);
        Request bad = c.irecv(new int[1], previous(c), 2);
        Request waits = c.irecv(new int[1], previous(c), 3);
        c.barrier();
        c.send(new int[2], next(c), 1);
        c.send(new int[2], next(c), 2);
        while (good.getStatus().isEmpty() || bad.getStatus().isEmpty()) {
            Thread.onSpinWait();
        }
        Request[] r = all ? new Request[] {good, bad, null} : new Request[] {good, bad, waits};
        MpiException e = Check.fails(ErrorClass.IN_STATUS, () -> {
            switch (operation) {
                case "awaitAll" -> Request.awaitAll(r);
                case "awaitSome" -> Request.awaitSome(r);
                case "testAll" -> Request.testAll(r);
                default -> Request.testSome(r);
            }
        });
        Check.status(previous(c), 1, 8, e.statuses().get(0));
        Check.equal(ErrorClass.TRUNCATE, e.statuses().get(1).error(), "error of the second");
        Check.equal(all ? ErrorClass.SUCCESS : ErrorClass.PENDING, e.statuses().get(2).error(), "error of the third");
        Check.that(e.getMessage().contains("request 1 TRUNCATE"), e.getMessage());
        waits.cancel();
        Check.that(waits.await().cancelled(), "the third");
    }

    private static void anyError(IntraComm c) throws Exception {
        Request bad = c.irecv(new int[1], previous(c), 2);
        c.barrier();
        c.send(new int[2], next(c), 2);
        Check.fails(ErrorClass.TRUNCATE, () -> Request.awaitAny(new Request[] {null, bad}));
        Check.equal(Comm.UNDEFINED, Request.awaitAny(bad).index(), "the failed one is inactive");
    }
}
