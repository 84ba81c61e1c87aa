package org.jadi.system;

import static org.jadi.system.Check.next;
import static org.jadi.system.Check.previous;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Datatype;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.Info;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.PartitionedReceive;
import org.jadi.mpi.PartitionedSend;
import org.jadi.mpi.PersistentRequest;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** Partitioned communication. SPEC: MPI 4.1 §4. */
final class PartitionedBehaviours {
    private static final int ROUNDS = 3;
    private static final int LONG = 40_000;

    static final List<Behaviour> ALL = List.of(
            Behaviour.of("parrived", PartitionedBehaviours::arrivedOneByOne),
            Behaviour.of("start_pready", PartitionedBehaviours::threadsSayReady),
            Behaviour.of("no_start", PartitionedBehaviours::unstarted),
            Behaviour.of("multipart", PartitionedBehaviours::differentParts),
            Behaviour.of("nonblocking_pready", PartitionedBehaviours::longParts),
            Behaviour.of("pingping", PartitionedBehaviours::inBothDirections),
            Behaviour.of("part_matching_order", PartitionedBehaviours::orderOfInit),
            Behaviour.of("multi_psend_derived", PartitionedBehaviours::derived),
            Behaviour.of("part_arguments", PartitionedBehaviours::arguments),
            Behaviour.of("part_lengths_differ", PartitionedBehaviours::lengthsDiffer));

    private PartitionedBehaviours() {}

    /** The last partition goes first, and is seen before the others have gone. */
    private static void arrivedOneByOne(IntraComm c) {
        int parts = 5;
        int[] out = new int[parts * 10];
        int[] in = new int[out.length];
        PartitionedSend send = c.psendInit(out, parts, next(c), 7);
        PartitionedReceive recv = c.precvInit(in, parts, previous(c), 7);
        for (int round = 0; round < ROUNDS; round++) {
            recv.start();
            send.start();
            for (int p = parts - 1; p >= 0; p--) {
                for (int i = 0; i < 10; i++) {
                    out[p * 10 + i] = round * 1000 + c.rank() * 100 + p;
                }
                send.ready(p);
                while (!recv.arrived(p)) {
                    Thread.yield();
                }
                Check.equal(round * 1000 + previous(c) * 100 + p, in[p * 10 + 9], "partition " + p);
                Check.that(p == 0 || !recv.test().isPresent(), "complete before all partitions were ready");
                c.barrier(); // or a faster neighbour's next partition would be there already
            }
            Check.equal(Status.EMPTY, send.await(), "status of the send");
            Check.status(previous(c), 7, 4L * in.length, recv.await());
            Check.that(recv.arrived(0), "an inactive request has arrived");
        }
        send.free();
        recv.free();
    }

    private static void threadsSayReady(IntraComm c) throws Exception {
        int parts = 16;
        long[] out = new long[parts * 100];
        long[] in = new long[out.length];
        PartitionedSend send = c.psendInit(out, parts, next(c), 1);
        PartitionedReceive recv = c.precvInit(in, 4, previous(c), 1);
        for (int round = 1; round <= ROUNDS; round++) {
            PersistentRequest.startAll(send, recv);
            int now = round;
            CountDownLatch done = new CountDownLatch(4);
            for (int t = 0; t < 4; t++) {
                int first = t * 4;
                Thread.startVirtualThread(() -> {
                    for (int p = first; p < first + 4; p++) {
                        java.util.Arrays.fill(out, p * 100, p * 100 + 100, now * 100_000L + c.rank() * 100 + p);
                    }
                    send.readyRange(first, first + 1);
                    send.readyList(first + 3, first + 2);
                    done.countDown();
                });
            }
            Request.awaitAll(send, recv);
            done.await();
            for (int p = 0; p < parts; p++) {
                Check.equal(now * 100_000L + previous(c) * 100 + p, in[p * 100 + 50], "partition " + p);
            }
        }
        send.free();
        recv.free();
    }

    private static void unstarted(IntraComm c) throws Exception {
        PartitionedSend send = c.psendInit(new int[4], 2, next(c), 1);
        PartitionedReceive recv = c.precvInit(new int[4], 2, previous(c), 1);
        Check.fails(ErrorClass.REQUEST, () -> send.ready(0));
        Check.equal(Status.EMPTY, send.await(), "an inactive request is complete");
        Check.equal(Status.EMPTY, recv.test().orElseThrow(), "an inactive request is complete");
        send.free();
        recv.free();
        Check.fails(ErrorClass.REQUEST, send::start);
    }

    /** Numbers of partitions that do not divide each other. */
    private static void differentParts(IntraComm c) {
        int[][] pairs = {{1, 12}, {12, 1}, {4, 6}, {6, 4}, {3, 12}, {12, 5}};
        for (int[] pair : pairs) {
            int all = 60 * 4;
            int[] out = new int[all];
            int[] in = new int[all];
            PartitionedSend send = c.psendInit(out, pair[0], next(c), 2);
            PartitionedReceive recv = c.precvInit(in, pair[1], previous(c), 2);
            for (int round = 0; round < ROUNDS; round++) {
                System.arraycopy(Check.pattern(all, c.rank() + round), 0, out, 0, all);
                send.start();
                recv.start();
                for (int p = pair[0] - 1; p >= 0; p--) {
                    send.ready(p);
                }
                for (int p = 0; p < pair[1]; p++) {
                    while (!recv.arrived(p)) {
                        Thread.yield();
                    }
                    int each = all / pair[1];
                    Check.equal(Check.pattern(all, previous(c) + round)[p * each + each - 1], in[p * each + each - 1], "end of part");
                }
                Request.awaitAll(send, recv);
                Check.equal(Check.pattern(all, previous(c) + round), in, "all");
                c.barrier();
            }
            send.free();
            recv.free();
        }
    }

    private static void longParts(IntraComm c) {
        int[] out = Check.pattern(4 * LONG, c.rank());
        int[] in = new int[4 * LONG];
        PartitionedReceive recv = c.precvInit(in, 2, previous(c), 3);
        PartitionedSend send = c.psendInit(out, 4, next(c), 3);
        recv.start();
        send.start();
        send.readyRange(0, 3);
        Request.awaitAll(List.of(recv, send));
        Check.equal(Check.pattern(4 * LONG, previous(c)), in, "data");
        send.free();
        recv.free();
    }

    /** The receive is made and started after the send, and the partitions wait. */
    private static void inBothDirections(IntraComm c) {
        int[][] out = new int[c.size()][];
        int[][] in = new int[c.size()][20];
        PartitionedSend[] sends = new PartitionedSend[c.size()];
        PartitionedReceive[] recvs = new PartitionedReceive[c.size()];
        for (int r = 0; r < c.size(); r++) {
            out[r] = Check.pattern(20, c.rank() * 10 + r);
            sends[r] = c.psendInit(out[r], 2, r, 4);
            sends[r].start();
            sends[r].readyList(1, 0);
        }
        for (int r = 0; r < c.size(); r++) {
            recvs[r] = c.precvInit(in[r], 2, r, 4);
            recvs[r].start();
        }
        Request.awaitAll(recvs);
        Request.awaitAll(sends);
        for (int r = 0; r < c.size(); r++) {
            Check.equal(Check.pattern(20, r * 10 + c.rank()), in[r], "from " + r);
            sends[r].free();
            recvs[r].free();
        }
    }

    /** Requests of one tag match in the order in which they were made, not in that of their starts. */
    private static void orderOfInit(IntraComm c) {
        PartitionedSend[] sends = new PartitionedSend[3];
        PartitionedReceive[] recvs = new PartitionedReceive[3];
        int[][] in = new int[3][2];
        for (int i = 0; i < 3; i++) {
            sends[i] = c.psendInit(new int[] {i, c.rank()}, 2, next(c), 5);
            recvs[i] = c.precvInit(in[i], 1, previous(c), 5);
        }
        for (int i = 2; i >= 0; i--) {
            sends[i].start();
            sends[i].readyRange(0, 1);
        }
        for (int i : new int[] {1, 2, 0}) {
            recvs[i].start();
        }
        Request.awaitAll(recvs);
        Request.awaitAll(sends);
        for (int i = 0; i < 3; i++) {
            Check.equal(new int[] {i, previous(c)}, in[i], "request " + i);
            sends[i].free();
            recvs[i].free();
        }
    }

    /** Every other element is sent, and arrives without gaps. */
    private static void derived(IntraComm c) {
        Datatype gaps = Datatype.resized(Datatype.vector(3, 1, 2, Datatype.INT), 0, 24).commit();
        try (Arena arena = Arena.ofShared()) {
            int parts = 4;
            MemorySegment out = arena.allocate(24L * 2 * parts);
            MemorySegment in = arena.allocate(12L * 2 * parts);
            PartitionedSend send = c.psendInit(out, parts, 2, gaps, next(c), 6, new Info());
            PartitionedReceive recv = c.precvInit(in, parts, 6, Datatype.INT, previous(c), 6, new Info());
            for (int round = 0; round < ROUNDS; round++) {
                int base = round;
                IntStream.range(0, 12 * parts).forEach(i -> out.setAtIndex(ValueLayout.JAVA_INT, i, base * 1000 + i));
                recv.start();
                send.start();
                send.readyRange(0, parts - 1);
                Request.awaitAll(send, recv);
                for (int i = 0; i < 6 * parts; i++) {
                    Check.equal(base * 1000 + 2 * i, in.getAtIndex(ValueLayout.JAVA_INT, i), "element " + i);
                }
            }
            send.free();
            recv.free();
            c.barrier();
        }
    }

    private static void arguments(IntraComm c) throws Exception {
        Check.fails(ErrorClass.COUNT, () -> c.psendInit(new int[5], 2, next(c), 1));
        Check.fails(ErrorClass.RANK, () -> c.precvInit(new int[4], 2, Comm.ANY_SOURCE, 1));
        Check.fails(ErrorClass.TAG, () -> c.precvInit(new int[4], 2, previous(c), Comm.ANY_TAG));
        Check.fails(ErrorClass.RANK, () -> c.psendInit(new int[4], 2, c.size(), 1));
        MemorySegment m = MemorySegment.ofArray(new int[4]);
        Check.fails(ErrorClass.ARG, () -> c.psendInit(m, 0, 1, Datatype.INT, next(c), 1, new Info()));
        Check.fails(ErrorClass.COUNT, () -> c.psendInit(m, 5, 1, Datatype.INT, next(c), 1, new Info()));
        Check.fails(ErrorClass.TYPE, () -> c.psendInit(m, 1, 1, Datatype.vector(1, 1, 1, Datatype.INT), next(c), 1, new Info()));
        Check.fails(ErrorClass.INFO, () -> c.psendInit(m, 1, 1, Datatype.INT, next(c), 1, null));
        PartitionedSend none = c.psendInit(new int[4], 2, Comm.PROC_NULL, 1);
        PartitionedReceive nothing = c.precvInit(new int[4], 2, Comm.PROC_NULL, 1);
        none.start();
        nothing.start();
        Check.fails(ErrorClass.ARG, () -> none.ready(2));
        none.ready(1);
        Check.fails(ErrorClass.ARG, () -> none.ready(1));
        Check.that(none.test().isEmpty(), "one partition is missing");
        none.ready(0);
        none.await();
        Check.equal(Comm.PROC_NULL, nothing.await().source(), "source");
        none.free();
        nothing.free();
    }

    private static void lengthsDiffer(IntraComm c) throws Exception {
        PartitionedSend send = c.psendInit(new int[4], 2, next(c), 8);
        PartitionedReceive recv = c.precvInit(new int[6], 2, previous(c), 8);
        recv.start();
        Check.fails(ErrorClass.OTHER, recv::await);
        send.free();
        recv.free();
    }
}
