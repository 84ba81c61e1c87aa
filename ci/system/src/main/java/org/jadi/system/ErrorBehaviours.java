package org.jadi.system;

import static org.jadi.system.Check.next;
import static org.jadi.system.Check.previous;

import java.util.ArrayList;
import java.util.List;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Errhandler;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.MpiException;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Errors and their classes; the environment. SPEC: MPI 4.1 §9.1 to §9.6. */
final class ErrorBehaviours {
    static final List<Behaviour> ALL = List.of(
            Behaviour.of("truncmsg1", ErrorBehaviours::truncated),
            Behaviour.of("truncmsg2", ErrorBehaviours::truncatedUnexpected),
            Behaviour.of("wrong_rank", ErrorBehaviours::rank),
            Behaviour.of("wrong_tag", ErrorBehaviours::tag),
            Behaviour.of("message_text", ErrorBehaviours::text),
            Behaviour.of("errhandler", ErrorBehaviours::errhandler),
            Behaviour.of("status_arguments", ErrorBehaviours::statusArguments),
            new Behaviour("environment", ErrorBehaviours::environment));

    private ErrorBehaviours() {}

    /** The receive fails, the part that fits is there, the sender ends, and messages go on. */
    private static void truncated(IntraComm c) throws Exception {
        for (int length : new int[] {2, 5_000, 100_000}) {
            int[] got = new int[3];
            Request r = c.irecv(got, 0, 1, previous(c), 1);
            c.barrier();
            Request s = c.isend(new int[length], next(c), 1);
            Request synchronous = c.issend(Check.pattern(length, 4), next(c), 1);
            MpiException e = Check.fails(ErrorClass.TRUNCATE, r::await);
            Check.that(e.getMessage().contains("messageBytes=" + 4 * length) && e.getMessage().contains("bufferBytes=4"),
                    e.getMessage());
            Check.fails(ErrorClass.TRUNCATE, () -> c.recv(got, 1, 1, previous(c), 1));
            Check.equal(Check.pattern(1, 4)[0], got[1], "the part that fits");
            Check.equal(0, got[2], "beyond the buffer");
            Request.awaitAll(s, synchronous);
        }
    }

    private static void truncatedUnexpected(IntraComm c) throws Exception {
        for (int length : new int[] {1, 5_000, 100_000}) {
            Request s = c.isend(new int[length], next(c), 1);
            Request empty = c.isend(new int[length], next(c), 2);
            c.probe(previous(c), 2);
            Check.fails(ErrorClass.TRUNCATE, () -> c.recv(new int[0], previous(c), 2));
            Check.fails(ErrorClass.TRUNCATE, () -> c.recv(new byte[3], Comm.ANY_SOURCE, Comm.ANY_TAG));
            Request.awaitAll(s, empty);
        }
    }

    private static void rank(IntraComm c) throws Exception {
        int[] a = new int[1];
        for (int wrong : new int[] {c.size(), Integer.MAX_VALUE, -3, Integer.MIN_VALUE}) {
            Check.fails(ErrorClass.RANK, () -> c.send(a, wrong, 1));
            Check.fails(ErrorClass.RANK, () -> c.bsend(a, wrong, 1));
            Check.fails(ErrorClass.RANK, () -> c.issend(a, wrong, 1));
            Check.fails(ErrorClass.RANK, () -> c.sendInit(a, wrong, 1));
            Check.fails(ErrorClass.RANK, () -> c.recv(a, wrong, 1));
            Check.fails(ErrorClass.RANK, () -> c.irecv(a, wrong, 1));
            Check.fails(ErrorClass.RANK, () -> c.recvInit(a, wrong, 1));
            Check.fails(ErrorClass.RANK, () -> c.iprobe(wrong, 1));
            Check.fails(ErrorClass.RANK, () -> c.mprobe(wrong, 1));
            Check.fails(ErrorClass.RANK, () -> c.sendrecv(a, wrong, 1, new int[1], c.rank(), 1));
            Check.fails(ErrorClass.RANK, () -> c.sendrecv(a, c.rank(), 1, new int[1], wrong, 1));
            Check.fails(ErrorClass.RANK, () -> c.sendObject("x", wrong, 1));
            Check.fails(ErrorClass.RANK, () -> c.recvObject(wrong, 1));
        }
        Check.fails(ErrorClass.RANK, () -> c.send(a, Comm.ANY_SOURCE, 1));
    }

    private static void tag(IntraComm c) throws Exception {
        int[] a = new int[1];
        int me = c.rank();
        for (int wrong : new int[] {-1, -2, Integer.MIN_VALUE}) {
            Check.fails(ErrorClass.TAG, () -> c.send(a, me, wrong));
            Check.fails(ErrorClass.TAG, () -> c.isend(a, Comm.PROC_NULL, wrong));
            Check.fails(ErrorClass.TAG, () -> c.ssendInit(a, me, wrong));
            Check.fails(ErrorClass.TAG, () -> c.sendrecvReplace(a, me, wrong, me, 1));
        }
        for (int wrong : new int[] {-2, Integer.MIN_VALUE}) {
            Check.fails(ErrorClass.TAG, () -> c.recv(a, me, wrong));
            Check.fails(ErrorClass.TAG, () -> c.irecv(a, Comm.ANY_SOURCE, wrong));
            Check.fails(ErrorClass.TAG, () -> c.probe(me, wrong));
            Check.fails(ErrorClass.TAG, () -> c.improbe(me, wrong));
        }
    }

    private static void text(IntraComm c) throws Exception {
        String wrong = Check.fails(ErrorClass.RANK, () -> c.isend(new int[1], 99, 5)).getMessage();
        for (String part : List.of("isend on " + c.name(), "rank " + c.rank() + " of " + c.size(), "dest=99", "tag=5", "[RANK]")) {
            Check.that(wrong.contains(part), "'" + part + "' in: " + wrong);
        }
        Request s = c.isend(new long[3], next(c), 21);
        String truncated = Check.fails(ErrorClass.TRUNCATE, () -> c.recv(new long[1], previous(c), 21)).getMessage();
        for (String part : List.of("recv on " + c.name(), "messageBytes=24", "bufferBytes=8", "tag=21", "source=" + previous(c),
                "[TRUNCATE]")) {
            Check.that(truncated.contains(part), "'" + part + "' in: " + truncated);
        }
        s.await();
    }

    private static void errhandler(IntraComm c) throws Exception {
        List<ErrorClass> seen = new ArrayList<>();
        Errhandler before = c.errhandler();
        c.setErrhandler((comm, e) -> {
            Check.equal(c, comm, "communicator");
            seen.add(e.errorClass());
        });
        try {
            Check.fails(ErrorClass.RANK, () -> c.send(new int[1], 99, 1));
            Check.fails(ErrorClass.TAG, () -> c.recv(new int[1], 0, -9));
            Request s = c.isend(new int[3], next(c), 1);
            Check.fails(ErrorClass.TRUNCATE, () -> c.recv(new int[1], previous(c), 1));
            s.await();
        } finally {
            c.setErrhandler(before);
        }
        Check.equal(List.of(ErrorClass.RANK, ErrorClass.TAG, ErrorClass.TRUNCATE), seen, "errors");
        Check.fails(ErrorClass.ARG, () -> c.setErrhandler(null));
    }

    private static void statusArguments(IntraComm c) throws Exception {
        Check.fails(ErrorClass.ARG, () -> Status.EMPTY.count(0));
        Check.fails(ErrorClass.TYPE, () -> Status.EMPTY.count(String.class));
        Check.fails(ErrorClass.TYPE, () -> Status.EMPTY.elements((Class<?>) null));
        Check.equal(0L, Status.EMPTY.count(double.class), "count of nothing");
    }

    private static void environment(Mpi mpi, IntraComm c) throws Exception {
        long outside = System.nanoTime();
        double begin = Mpi.wtime();
        long inside = System.nanoTime();
        while (System.nanoTime() - inside < 1_000_000) {
            Thread.onSpinWait();
        }
        double least = (System.nanoTime() - inside) / 1e9;
        double seconds = Mpi.wtime() - begin;
        double most = (System.nanoTime() - outside) / 1e9;
        Check.that(seconds >= least - 1e-6 && seconds <= most + 1e-6, "wtime: least=" + least + " s=" + seconds + " most=" + most);
        Check.that(Mpi.wtick() > 0 && Mpi.wtick() < 0.001, "wtick");
        Check.that(!Mpi.processorName().isBlank(), "processorName");
        Check.equal("4.1", Mpi.version(), "version");
        Check.that(Mpi.libraryVersion().startsWith("Jadi"), "libraryVersion");
        Check.equal(1, mpi.self().size(), "size of self");
        Check.equal(0, mpi.self().rank(), "rank in self");
        Check.that(mpi.isOpen() && c.rank() < c.size(), "open");
    }
}
