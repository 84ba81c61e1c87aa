package org.jadi.system;

import static org.jadi.system.Check.next;
import static org.jadi.system.Check.previous;

import java.util.List;
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
            new Behaviour("bsend_persistent", BufferedBehaviours::persistent));

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
        Thread receiver = Thread.ofPlatform().start(() -> {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            c.recv(got, previous(c), 1);
        });
        Check.equal(400_000L + Mpi.BSEND_OVERHEAD, mpi.detachBuffer(), "size of the buffer");
        receiver.join();
        Check.equal(Check.pattern(100_000, previous(c)), got, "data");
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
