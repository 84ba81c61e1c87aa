package org.jadi.system;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Datatype;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.PersistentRequest;
import org.jadi.mpi.Request;

/**
 * How many bytes the calling thread allocates per call in steady state, by its own counter, on two ranks. Rank 0 prints a line for
 * each way to exchange a message and each size; a rank that allocates more than a way may ends the job with exit code 1.
 *
 * <p>The arguments are sizes in bytes. Rounds are repeated until two in a row are within the aim, or for some time and then until
 * two in a row are within what is allowed: before, the compilers are still at work, and what they have not seen may allocate.
 */
public final class Garbage {
    private static final int TAG = 1;
    private static final int CALLS = 200;
    private static final long COMPILERS_NS = 1_000_000_000L;
    private static final long PATIENCE_NS = 40_000_000_000L;

    /** A {@code Status}: header, two numbers, a length, a flag and a reference. */
    private static final long STATUS_BYTES = 40;
    /** A user's {@code Request}: header, three references and two flags. What the engine needs is used again. */
    private static final long REQUEST_BYTES = 32;
    private static final long SMALL_EXCESS = 100;
    private static final long MIDDLE_EXCESS = 300;
    private static final long LARGE_EXCESS = 3200;
    /** One call of the counter in each round, and what a compiler does now and then. */
    private static final double SLACK_BYTES = 2;

    private final Comm world;
    private final int peer;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final List<String> failures = new ArrayList<>();

    private Garbage(Comm world) {
        this.world = world;
        this.peer = 1 - world.rank();
    }

    /** Runs as one of two ranks; the arguments are sizes in bytes. */
    public static void main(String[] args) {
        List<String> failures;
        try (Mpi mpi = Mpi.init(args)) {
            Garbage garbage = new Garbage(mpi.world());
            for (String word : mpi.args()) {
                int size = Integer.parseInt(word);
                garbage.arrays(size);
                garbage.segments(mpi.allocate(size), mpi.allocate(size), size);
            }
            failures = garbage.failures;
        }
        if (!failures.isEmpty()) {
            System.err.println(String.join("\n", failures));
            System.exit(1);
        }
    }

    private void arrays(int size) {
        byte[] out = new byte[size];
        byte[] in = new byte[size];
        measure("blocking, array", size, STATUS_BYTES, () -> {
            if (peer == 1) {
                world.send(out, 0, size, peer, TAG);
                world.recv(in, 0, size, peer, TAG);
            } else {
                world.recv(in, 0, size, peer, TAG);
                world.send(out, 0, size, peer, TAG);
            }
        });
        measure("nonblocking, array", size, 2 * REQUEST_BYTES + STATUS_BYTES, () -> {
            Request r = world.irecv(in, 0, size, peer, TAG);
            Request s = world.isend(out, 0, size, peer, TAG);
            s.await();
            r.await();
        });
        PersistentRequest r = world.recvInit(in, 0, size, peer, TAG);
        PersistentRequest s = world.sendInit(out, 0, size, peer, TAG);
        measure("persistent, array", size, STATUS_BYTES, () -> {
            r.start();
            s.start();
            s.await();
            r.await();
        });
        r.free();
        s.free();
    }

    private void segments(MemorySegment out, MemorySegment in, int size) {
        measure("blocking, segment", size, STATUS_BYTES, () -> {
            if (peer == 1) {
                world.send(out, size, Datatype.BYTE, peer, TAG);
                world.recv(in, size, Datatype.BYTE, peer, TAG);
            } else {
                world.recv(in, size, Datatype.BYTE, peer, TAG);
                world.send(out, size, Datatype.BYTE, peer, TAG);
            }
        });
        PersistentRequest r = world.recvInit(in, size, Datatype.BYTE, peer, TAG);
        PersistentRequest s = world.sendInit(out, size, Datatype.BYTE, peer, TAG);
        measure("persistent, segment", size, STATUS_BYTES, () -> {
            r.start();
            s.start();
            s.await();
            r.await();
        });
        r.free();
        s.free();
    }

    /** Both ranks go on until both have seen enough, so that neither leaves the other alone. */
    private void measure(String what, int size, long goal, Runnable exchange) {
        long allowed = goal + excess(size);
        long begin = System.nanoTime();
        double bytes;
        int good = 0;
        int passable = 0;
        byte[] verdict = new byte[1];
        byte[] other = new byte[1];
        do {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                exchange.run();
            }
            bytes = (double) (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
            good = bytes <= goal + SLACK_BYTES ? good + 1 : 0;
            passable = bytes <= allowed + SLACK_BYTES ? passable + 1 : 0;
            long spent = System.nanoTime() - begin;
            boolean enough = good >= 2 || passable >= 2 && spent > COMPILERS_NS || spent > PATIENCE_NS;
            verdict[0] = (byte) (enough ? 1 : 0);
            Request sent = world.isend(verdict, peer, TAG + 1);
            world.recv(other, peer, TAG + 1);
            sent.await();
        } while (verdict[0] == 0 || other[0] == 0);
        String line = "garbage: rank " + world.rank() + ", " + what + ", " + size + " B: " + Math.round(bytes)
                + " bytes per exchange; aimed at " + goal + ", allowed " + allowed;
        System.out.println(line);
        if (bytes > allowed + SLACK_BYTES) {
            failures.add(line);
        }
    }

    /** What is more than the aim today, and must not grow: views of buffers, one of each piece of a long message. */
    private long excess(int size) {
        return size <= 1 << 10 ? SMALL_EXCESS : size <= 64 << 10 ? MIDDLE_EXCESS : LARGE_EXCESS;
    }
}
