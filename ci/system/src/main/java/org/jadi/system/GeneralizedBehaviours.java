package org.jadi.system;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Datatype;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.GeneralizedRequest;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.MpiException;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Generalized requests. SPEC: MPI 4.1 §13.2, §13.3. */
final class GeneralizedBehaviours {
    private static final Status DONE = Status.EMPTY.withSource(3).withTag(9).withElements(Datatype.INT, 5);

    static final List<Behaviour> ALL = List.of(
            Behaviour.of("greq1", GeneralizedBehaviours::callbacks),
            Behaviour.of("greq_wait", GeneralizedBehaviours::threadCompletes),
            Behaviour.of("greq_several", GeneralizedBehaviours::withOthers),
            Behaviour.of("greq_fails", GeneralizedBehaviours::failing),
            Behaviour.of("greq_stage", GeneralizedBehaviours::stages),
            Behaviour.of("status_set", c -> statusSet()));

    private GeneralizedBehaviours() {}

    private static void callbacks(IntraComm c) throws Exception {
        AtomicInteger freed = new AtomicInteger();
        StringBuilder cancels = new StringBuilder();
        GeneralizedRequest r = GeneralizedRequest.start(c, () -> DONE, freed::incrementAndGet, cancels::append);
        Check.that(r.test().isEmpty() && r.getStatus().isEmpty() && r.isActive(), "not complete yet");
        Check.that(r.await(Duration.ofMillis(5)).isEmpty(), "not complete yet");
        r.cancel();
        r.complete();
        r.cancel();
        Check.equal("falsetrue", cancels.toString(), "cancels");
        Check.equal(DONE, r.getStatus().orElseThrow(), "status by a look");
        Check.equal(0, freed.get(), "free before completion was seen");
        Check.equal(DONE, r.test().orElseThrow(), "status");
        Check.equal(DONE, r.await(), "status again");
        Check.equal(1, freed.get(), "free once");
        Check.fails(ErrorClass.REQUEST, r::complete);

        GeneralizedRequest given = GeneralizedRequest.start(c, () -> DONE, freed::incrementAndGet, done -> {});
        given.free();
        Check.equal(1, freed.get(), "free before completion");
        given.complete();
        GeneralizedRequest.start(c, () -> DONE, () -> {}, done -> {}).free(); // its sweep finds the one before
        for (int i = 0; i < 10 && freed.get() < 2; i++) {
            c.isend(new int[1], Comm.PROC_NULL, 0).free();
            GeneralizedRequest.start(c, () -> DONE, () -> {}, done -> {}).free();
        }
        Check.equal(2, freed.get(), "free after completion");
        Check.fails(ErrorClass.ARG, () -> GeneralizedRequest.start(c, null, () -> {}, done -> {}));
    }

    private static void threadCompletes(IntraComm c) throws Exception {
        for (int i = 0; i < 20; i++) {
            int[] value = new int[1];
            GeneralizedRequest r = GeneralizedRequest.start(c, () -> DONE, () -> {}, done -> {});
            Thread t = Thread.ofVirtual().start(() -> {
                value[0] = 42;
                r.complete();
            });
            Check.equal(DONE, r.await(), "status");
            Check.equal(42, value[0], "what was done before");
            t.join();
        }
    }

    private static void withOthers(IntraComm c) {
        int[] got = new int[1];
        GeneralizedRequest r = GeneralizedRequest.start(c, () -> DONE, () -> {}, done -> {});
        Request recv = c.irecv(got, Check.previous(c), 1);
        Request send = c.isend(new int[] {c.rank()}, Check.next(c), 1);
        Request.awaitAll(recv, send);
        Check.that(Request.testAny(r).isEmpty(), "not complete");
        Check.that(Request.testAll(r, recv).isEmpty(), "not complete");
        r.complete();
        Check.equal(1, Request.awaitAny(recv, r).index(), "the one that is complete");
        GeneralizedRequest second = GeneralizedRequest.start(c, () -> DONE, () -> {}, done -> {});
        second.complete();
        Check.equal(DONE, Request.awaitAll(second, null)[0], "status");
    }

    private static void failing(IntraComm c) throws Exception {
        AtomicBoolean freed = new AtomicBoolean();
        GeneralizedRequest r = GeneralizedRequest.start(c, () -> {
            throw new IllegalStateException("no answer");
        }, () -> freed.set(true), done -> {});
        r.complete();
        MpiException e = Check.fails(ErrorClass.OTHER, r::await);
        Check.that(e.getMessage().contains("no answer") && freed.get(), e.getMessage());
        GeneralizedRequest s = GeneralizedRequest.start(c, () -> {
            throw new IllegalStateException("no answer");
        }, () -> {}, done -> {});
        s.complete();
        e = Check.fails(ErrorClass.IN_STATUS, () -> Request.awaitAll(s));
        Check.equal(ErrorClass.OTHER, e.statuses().getFirst().error(), "its own error");
    }

    private static void stages(IntraComm c) throws Exception {
        CompletableFuture<String> future = new CompletableFuture<>();
        GeneralizedRequest r = GeneralizedRequest.of(c, future);
        Check.that(r.test().isEmpty(), "not complete");
        Thread.startVirtualThread(() -> future.complete("value"));
        Check.equal(Status.EMPTY, r.await(), "status");
        GeneralizedRequest failed = GeneralizedRequest.of(c, CompletableFuture.failedFuture(new IllegalStateException("bad")));
        Check.that(Check.fails(ErrorClass.OTHER, failed::await).getMessage().contains("bad"), "the cause");
        CompletableFuture<String> never = new CompletableFuture<>();
        GeneralizedRequest cancelled = GeneralizedRequest.of(c, never);
        cancelled.cancel();
        Check.that(cancelled.await().cancelled() && never.isCancelled(), "cancelled");
    }

    private static void statusSet() throws Exception {
        Datatype struct = Datatype.struct(new long[] {1, 2, 1}, new long[] {0, 4, 16}, Datatype.BYTE, Datatype.INT,
                Datatype.DOUBLE);
        for (int basic = 0; basic <= 13; basic++) {
            Status s = Status.EMPTY.withElements(struct, basic);
            Check.equal((long) basic, s.elements(struct), "elements");
            Check.equal(basic % 4 == 0 ? basic / 4L : Comm.UNDEFINED, s.count(struct), "count");
        }
        Status s = Status.EMPTY.withSource(4).withTag(5).withCancelled(true).withError(ErrorClass.IO);
        Check.equal(new Status(4, 5, 0, true, ErrorClass.IO), s, "status");
        Check.fails(ErrorClass.COUNT, () -> s.withElements(struct, -1));
        Check.fails(ErrorClass.TYPE, () -> s.withElements(null, 1));
    }
}
