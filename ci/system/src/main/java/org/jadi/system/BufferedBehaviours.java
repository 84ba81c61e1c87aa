package org.jadi.system;

import static org.jadi.system.Check.next;
import static org.jadi.system.Check.previous;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.MpiException;
import org.jadi.mpi.PersistentRequest;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Buffered mode. SPEC: MPI 4.1 §3.4, §3.6. */
final class BufferedBehaviours {
    static final List<Behaviour> ALL = List.of(
            new Behaviour("bsend", BufferedBehaviours::bsend),
            new Behaviour("bsend5", BufferedBehaviours::manyRanks),
            new Behaviour("bsendpending", BufferedBehaviours::detachWaits),
            new Behaviour("bsendfrag", BufferedBehaviours::fragments),
            new Behaviour("bsend_no_room", BufferedBehaviours::noRoom),
            new Behaviour("bsend_persistent", BufferedBehaviours::persistent),
            new Behaviour("bsend_iflush", BufferedBehaviours::flushes),
            new Behaviour("bsend_automatic", BufferedBehaviours::automatic),
            new Behaviour("bsend_comm", BufferedBehaviours::ofCommunicator));

    private BufferedBehaviours() {}

    /** Complete at once, whatever the receiver does, and the buffer may be used again. */
    private static void bsend(Mpi mpi, IntraComm c) {
        mpi.attachBuffer(1_000_000);
        for (int length : new int[] {1, 100_000}) {
            int[] data = Check.pattern(length, 1);
            c.bsend(data, next(c), 1);
            data[0] = -1;
            Request r = c.ibsend(data, next(c), 2);
            Check.equal(Status.EMPTY, r.await(), "status");
            data[0] = -2;
            c.barrier();
            int[] got = new int[length];
            c.recv(got, previous(c), 2);
            Check.equal(-1, got[0], "data of the second");
            c.recv(got, previous(c), 1);
            Check.equal(Check.pattern(length, 1), got, "data of the first");
            c.barrier();
        }
        Check.equal(1_000_000L, mpi.detachBuffer(), "size of the buffer");
    }

    private static void manyRanks(Mpi mpi, IntraComm c) {
        mpi.attachBuffer(c.size() * (4000L + Mpi.BSEND_OVERHEAD));
        for (int round = 0; round < 3; round++) {
            for (int r = 0; r < c.size(); r++) {
                c.bsend(Check.pattern(1000, r), r, round);
            }
            for (int r = 0; r < c.size(); r++) {
                int[] got = new int[1000];
                c.recv(got, r, round);
                Check.equal(Check.pattern(1000, c.rank()), got, "data");
            }
            // All have received: the next round finds the buffer empty.
            c.barrier();
        }
        mpi.detachBuffer();
    }

    private static void detachWaits(Mpi mpi, IntraComm c) throws Exception {
        mpi.attachBuffer(400_000 + Mpi.BSEND_OVERHEAD);
        int[] got = new int[100_000];
        c.bsend(Check.pattern(100_000, c.rank()), next(c), 1);
        Thread detaching = Thread.currentThread();
        AtomicBoolean detached = new AtomicBoolean();
        FutureTask<Void> receiver = new FutureTask<>(() -> {
            // Where the message is out before anybody receives it, nothing is left to wait for.
            Check.until("detachBuffer waits, or has ended", () -> detached.get() || isIn(detaching, "detachBuffer"));
            c.recv(got, previous(c), 1);
            return null;
        });
        Thread.ofPlatform().daemon().start(receiver);
        Check.equal(400_000L + Mpi.BSEND_OVERHEAD, mpi.detachBuffer(), "size of the buffer");
        detached.set(true);
        receiver.get();
        Check.equal(Check.pattern(100_000, previous(c)), got, "data");
    }

    private static boolean isIn(Thread thread, String method) {
        return Arrays.stream(thread.getStackTrace()).anyMatch(frame -> frame.getMethodName().equals(method));
    }

    /** What is sent again and again fits as long as the sum of what is under way fits. */
    private static void fragments(Mpi mpi, IntraComm c) {
        mpi.attachBuffer(240_000 + 4 * Mpi.BSEND_OVERHEAD);
        int[] lengths = {20_000, 5_000, 15_000, 20_000};
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < lengths.length; i++) {
                c.bsend(Check.pattern(lengths[i], i), next(c), i);
            }
            for (int i = lengths.length - 1; i >= 0; i--) {
                int[] got = new int[lengths[i]];
                c.recv(got, previous(c), i);
                Check.equal(Check.pattern(lengths[i], i), got, "data");
            }
            c.barrier();
        }
        mpi.detachBuffer();
    }

    private static void noRoom(Mpi mpi, IntraComm c) throws Exception {
        Check.fails(ErrorClass.BUFFER, () -> c.bsend(new int[1], c.rank(), 1));
        Check.fails(ErrorClass.BUFFER, mpi::detachBuffer);
        Check.fails(ErrorClass.ARG, () -> mpi.attachBuffer(-1));
        mpi.attachBuffer(400_000 + Mpi.BSEND_OVERHEAD);
        Check.fails(ErrorClass.BUFFER, () -> mpi.attachBuffer(1));
        MpiException e = Check.fails(ErrorClass.BUFFER, () -> c.bsend(new int[100_001], c.rank(), 1));
        Check.that(e.getMessage().contains("neededBytes=" + (400_004 + Mpi.BSEND_OVERHEAD)), e.getMessage());
        c.bsend(new int[100_000], c.rank(), 1);
        Check.fails(ErrorClass.BUFFER, () -> c.bsend(new int[100_000], c.rank(), 1));
        c.recv(new int[100_000], c.rank(), 1);
        mpi.detachBuffer();
    }

    /** A flush is complete when the messages of its call are out, and the buffer stays attached. */
    private static void flushes(Mpi mpi, IntraComm c) throws Exception {
        Check.fails(ErrorClass.BUFFER, mpi::flushBuffer);
        Check.fails(ErrorClass.BUFFER, mpi::iflushBuffer);
        Check.fails(ErrorClass.BUFFER, c::iflushBuffer);
        mpi.attachBuffer(2 * (400_000 + Mpi.BSEND_OVERHEAD));
        mpi.flushBuffer();
        Check.equal(Status.EMPTY, mpi.iflushBuffer().await(), "flush of nothing");
        for (int i = 0; i < 2; i++) {
            c.bsend(Check.pattern(100_000, i), next(c), i);
        }
        Request flush = mpi.iflushBuffer();
        int[] got = new int[100_000];
        for (int i = 1; i >= 0; i--) {
            Check.that(c.size() > 1 || flush.test().isEmpty(), "flushed before the receive");
            c.recv(got, previous(c), i);
            Check.equal(Check.pattern(100_000, i), got, "data");
        }
        flush.await();
        c.bsend(Check.pattern(100_000, 3), next(c), 3);
        Request recv = c.irecv(got, previous(c), 3);
        mpi.flushBuffer();
        recv.await();
        Check.equal(Check.pattern(100_000, 3), got, "data");
        mpi.detachBuffer();
    }

    private static void automatic(Mpi mpi, IntraComm c) throws Exception {
        mpi.attachBuffer(Mpi.BUFFER_AUTOMATIC);
        Check.fails(ErrorClass.BUFFER, () -> mpi.attachBuffer(Mpi.BUFFER_AUTOMATIC));
        for (int i = 0; i < 30; i++) {
            c.bsend(Check.pattern(20_000, i), next(c), i);
        }
        int[] got = new int[20_000];
        for (int i = 29; i >= 0; i--) {
            c.recv(got, previous(c), i);
            Check.equal(Check.pattern(20_000, i), got, "data");
        }
        Check.equal(Mpi.BUFFER_AUTOMATIC, mpi.detachBuffer(), "size");
        Check.fails(ErrorClass.BUFFER, () -> c.bsend(new int[1], c.rank(), 1));
    }

    /** The buffer of a communicator goes before that of the rank, and serves no other communicator. */
    private static void ofCommunicator(Mpi mpi, IntraComm c) throws Exception {
        IntraComm other = c.dup();
        c.attachBuffer(4 + Mpi.BSEND_OVERHEAD);
        Check.fails(ErrorClass.BUFFER, () -> c.attachBuffer(1));
        Check.fails(ErrorClass.BUFFER, () -> other.bsend(new int[1], next(c), 1));
        mpi.attachBuffer(1_000_000);
        Check.fails(ErrorClass.BUFFER, () -> c.bsend(new int[2], next(c), 1));
        other.bsend(new int[] {2, c.rank()}, next(c), 1);
        c.bsend(new int[] {c.rank()}, next(c), 1);
        Request flush = c.iflushBuffer();
        int[] got = new int[2];
        c.recv(got, 0, 1, previous(c), 1);
        Check.equal(previous(c), got[0], "data");
        flush.await();
        c.flushBuffer();
        other.recv(got, previous(c), 1);
        Check.equal(new int[] {2, previous(c)}, got, "data");
        Check.equal(4L + Mpi.BSEND_OVERHEAD, c.detachBuffer(), "size");
        Check.fails(ErrorClass.BUFFER, c::detachBuffer);
        c.bsend(new int[2], next(c), 2);
        c.recv(got, previous(c), 2);
        mpi.detachBuffer();
        other.free();
    }

    private static void persistent(Mpi mpi, IntraComm c) {
        mpi.attachBuffer(2 * (4L + Mpi.BSEND_OVERHEAD));
        int[] out = new int[1];
        PersistentRequest s = c.bsendInit(out, next(c), 1);
        for (int i = 0; i < 10; i++) {
            out[0] = i;
            s.start();
            s.await();
            out[0] = -1;
            int[] got = new int[1];
            c.recv(got, previous(c), 1);
            Check.equal(i, got[0], "data");
            c.barrier();
        }
        s.free();
        mpi.detachBuffer();
    }
}
