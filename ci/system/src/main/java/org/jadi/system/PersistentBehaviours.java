package org.jadi.system;

import static org.jadi.system.Check.next;
import static org.jadi.system.Check.previous;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jadi.mpi.Comm;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.PersistentRequest;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Persistent requests. SPEC: MPI 4.1 §3.9. */
final class PersistentBehaviours {
    static final List<Behaviour> ALL = List.of(
            Behaviour.of("persistent", PersistentBehaviours::startAgain),
            Behaviour.of("persistent_large", PersistentBehaviours::large),
            Behaviour.of("persistent_modes", PersistentBehaviours::modes),
            Behaviour.of("persistent_order", PersistentBehaviours::outOfOrder),
            Behaviour.of("p_inactive", PersistentBehaviours::inactive),
            Behaviour.of("precv_anysrc", PersistentBehaviours::anySource),
            Behaviour.of("persistent_cancel", PersistentBehaviours::cancel),
            Behaviour.of("persistent_free", PersistentBehaviours::freeActive),
            Behaviour.of("persistent_procnull", PersistentBehaviours::procNull),
            new Behaviour("persistent_allocated", PersistentBehaviours::allocated));

    private PersistentBehaviours() {}

    private static void startAgain(IntraComm c) {
        int[] out = new int[1];
        int[] in = new int[1];
        PersistentRequest s = c.sendInit(out, next(c), 1);
        PersistentRequest r = c.recvInit(in, previous(c), 1);
        for (int i = 0; i < 200; i++) {
            out[0] = i;
            PersistentRequest.startAll(r, s);
            Status[] statuses = Request.awaitAll(r, s);
            Check.status(previous(c), 1, 4, statuses[0]);
            Check.equal(i, in[0], "round");
        }
        s.free();
        r.free();
    }

    private static void large(IntraComm c) {
        int[] out = new int[100_000];
        int[] in = new int[100_001];
        PersistentRequest s = c.ssendInit(out, next(c), 1);
        PersistentRequest r = c.recvInit(in, 1, 100_000, previous(c), Comm.ANY_TAG);
        for (int i = 1; i < 20; i++) {
            out[99_999] = i;
            s.start();
            r.start();
            Check.status(previous(c), 1, 400_000, r.await());
            s.await();
            Check.equal(i, in[100_000], "round");
        }
        s.free();
        r.free();
    }

    private static void modes(IntraComm c) {
        boolean[] in = new boolean[2];
        PersistentRequest r = c.recvInit(in, previous(c), 1);
        boolean[] out = {true, false};
        for (PersistentRequest s : List.of(c.sendInit(out, next(c), 1), c.ssendInit(out, next(c), 1),
                c.rsendInit(out, next(c), 1))) {
            for (int i = 0; i < 5; i++) {
                out[1] = i % 2 == 0;
                r.start();
                c.barrier();
                s.start();
                Request.awaitAll(s, r);
                Check.equal(out, in, "data");
            }
            s.free();
        }
        r.free();
    }

    private static void outOfOrder(IntraComm c) {
        int[][] in = new int[3][1];
        PersistentRequest[] r = new PersistentRequest[3];
        PersistentRequest[] s = new PersistentRequest[3];
        for (int i = 0; i < 3; i++) {
            r[i] = c.recvInit(in[i], previous(c), i);
            s[i] = c.sendInit(new int[] {10 + i}, next(c), i);
        }
        for (int first = 0; first < 3; first++) {
            for (int i = 0; i < 3; i++) {
                r[(first + i) % 3].start();
                s[(2 - i + first) % 3].start();
            }
            Request.awaitAll(r);
            Request.awaitAll(s);
            Check.equal("101112", "" + in[0][0] + in[1][0] + in[2][0], "data");
        }
        for (int i = 0; i < 3; i++) {
            r[i].free();
            s[i].free();
        }
    }

    private static void inactive(IntraComm c) throws Exception {
        PersistentRequest r = c.recvInit(new int[1], previous(c), 1);
        Check.that(!r.isActive(), "active before its first start");
        Check.equal(Status.EMPTY, r.await(), "status before the first start");
        Check.equal(Status.EMPTY, r.test().orElseThrow(), "status before the first start");
        Check.equal(Comm.UNDEFINED, Request.awaitAny(r, null).index(), "none is active");
        r.start();
        Check.fails(ErrorClass.REQUEST, r::start);
        c.send(new int[1], next(c), 1);
        Check.status(previous(c), 1, 4, r.await());
        Check.equal(Status.EMPTY, r.await(), "status of an inactive request");
        r.free();
        Check.fails(ErrorClass.REQUEST, r::start);
        Check.fails(ErrorClass.REQUEST, r::free);
    }

    private static void anySource(IntraComm c) {
        int[] in = new int[1];
        PersistentRequest r = c.recvInit(in, Comm.ANY_SOURCE, 4);
        for (int round = 0; round < 3; round++) {
            Request[] sends = new Request[c.size()];
            for (int to = 0; to < c.size(); to++) {
                sends[to] = c.isend(new int[] {c.rank()}, to, 4);
            }
            int sum = 0;
            for (int i = 0; i < c.size(); i++) {
                r.start();
                Check.equal(r.await().source(), in[0], "source");
                sum += in[0];
            }
            Check.equal(c.size() * (c.size() - 1) / 2, sum, "sum");
            Request.awaitAll(sends);
            c.barrier();
        }
        r.free();
    }

    private static void cancel(IntraComm c) {
        int[] in = new int[1];
        PersistentRequest r = c.recvInit(in, previous(c), 1);
        for (int i = 0; i < 3; i++) {
            r.start();
            r.cancel();
            Check.that(r.await().cancelled(), "cancelled");
            c.barrier();
            r.start();
            c.send(new int[] {i}, next(c), 1);
            Check.that(!r.await().cancelled(), "not cancelled");
            Check.equal(i, in[0], "data");
        }
        r.free();
    }

    private static void freeActive(IntraComm c) {
        int[] in = new int[50_000];
        PersistentRequest s = c.sendInit(Check.pattern(50_000, 3), next(c), 1);
        s.start();
        s.free();
        c.recv(in, previous(c), 1);
        Check.equal(Check.pattern(50_000, 3), in, "data of a freed persistent send");
    }

    private static void procNull(IntraComm c) {
        PersistentRequest s = c.sendInit(new int[1], Comm.PROC_NULL, 1);
        PersistentRequest r = c.recvInit(new int[1], Comm.PROC_NULL, 1);
        for (int i = 0; i < 3; i++) {
            PersistentRequest.startAll(s, r);
            Check.that(s.isActive() && r.isActive(), "active after start");
            Check.status(Comm.PROC_NULL, Comm.ANY_TAG, 0, Request.awaitAll(s, r)[1]);
        }
    }

    /** Memory that devices know: registered at init, given back at free. */
    private static void allocated(Mpi mpi, IntraComm c) {
        MemorySegment out = mpi.allocate(200_000);
        MemorySegment in = mpi.allocate(200_000);
        PersistentRequest s = c.sendInit(out, next(c), 1);
        PersistentRequest r = c.recvInit(in, Comm.ANY_SOURCE, 1);
        for (int i = 0; i < 10; i++) {
            out.set(ValueLayout.JAVA_INT, 199_996, i);
            PersistentRequest.startAll(s, r);
            Request.awaitAll(s, r);
            Check.equal(i, in.get(ValueLayout.JAVA_INT, 199_996), "round");
            c.barrier();
        }
        s.free();
        r.free();
        mpi.free(out);
        mpi.free(in);
    }
}
