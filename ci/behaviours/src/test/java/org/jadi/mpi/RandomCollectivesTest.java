package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Random programs of blocking, nonblocking and persistent collective operations and messages, many at once, from several threads
 * with a communicator each; waited for in another order on each rank.
 */
class RandomCollectivesTest {
    private static final int THREADS = 3;
    private static final int TURNS = Integer.getInteger("jadi.long", 0) > 0 ? 600 : 60;

    @TestFactory
    List<DynamicTest> everyProgramEndsWithTheRightData() {
        long seed = Long.getLong("jadi.seed", System.nanoTime());
        List<DynamicTest> tests = new ArrayList<>();
        for (Map<String, String> s : List.of(Map.of("device", "self"), Map.of("device", "shm"), Map.of("device", "tcp"),
                Map.of("device", "shm", "coll.chunkBytes", "1k", "coll.sharedAfter", "5"),
                Map.of("device", "shm", "coll.nodes", "2", "wait.spin", "0us", "wait.yield", "0us"))) {
            for (int ranks : new int[] {2, 3, 5}) {
                tests.add(DynamicTest.dynamicTest(s + " on " + ranks + " ranks, jadi.seed=" + seed, () -> Ranks.run(ranks, s,
                        world -> run(world, seed))));
            }
        }
        return tests;
    }

    private static void run(IntraComm world, long seed) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int t = 0; t < THREADS; t++) {
            IntraComm own = world.dup();
            long salt = seed + t;
            Runnable body = () -> {
                try {
                    new Program(own, salt).run();
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            };
            threads.add(t == 0 ? Thread.ofVirtual().start(body) : Thread.ofPlatform().start(body));
        }
        for (Thread t : threads) {
            t.join();
        }
        if (failure.get() != null) {
            throw new AssertionError("jadi.seed=" + seed + ": " + failure.get(), failure.get());
        }
    }

    private static final class Program {
        private final IntraComm comm;
        private final int me;
        private final int size;
        private final Random common;
        private final Random own;
        private final List<Request> open = new ArrayList<>();
        private final List<Runnable> checks = new ArrayList<>();

        Program(IntraComm comm, long seed) {
            this.comm = comm;
            this.me = comm.rank();
            this.size = comm.size();
            this.common = new Random(seed);
            this.own = new Random(seed * 31 + me);
        }

        void run() {
            for (int turn = 0; turn < TURNS; turn++) {
                operation(turn);
                if (common.nextInt(6) == 0) {
                    finish();
                }
            }
            finish();
        }

        private void finish() {
            while (!open.isEmpty()) {
                int i = own.nextInt(open.size());
                open.remove(i).await();
                checks.remove(i).run();
            }
        }

        /** Starts behind a request, or runs; then the data is checked. */
        private void add(Request r, Runnable check) {
            if (r == null) {
                check.run();
            } else {
                open.add(r);
                checks.add(check);
            }
        }

        private static int value(int turn, int rank, int i) {
            return turn * 1_000_003 + rank * 7919 + i;
        }

        private int[] data(int turn, int rank, int n) {
            int[] a = new int[n];
            Arrays.setAll(a, i -> value(turn, rank, i));
            return a;
        }

        private int[] sum(int turn, int n) {
            int[] a = new int[n];
            for (int r = 0; r < size; r++) {
                int rank = r;
                Arrays.setAll(a, i -> a[i] + value(turn, rank, i));
            }
            return a;
        }

        private void operation(int turn) {
            int n = common.nextInt(10) == 0 ? 1 + common.nextInt(20_000) : common.nextInt(60);
            int root = common.nextInt(size);
            int form = common.nextInt(5); // 0, 1: blocking; 2, 3: nonblocking; 4: persistent
            String what = "turn=" + turn + " n=" + n + " form=" + form + " rank=" + me + " of " + size;
            int[] mine = data(turn, me, n);
            switch (common.nextInt(7)) {
                case 0 -> {
                    int[] b = me == root ? data(turn, root, n) : new int[n];
                    add(form < 2 ? blocking(() -> comm.bcast(b, root)) : form < 4 ? comm.ibcast(b, root)
                            : started(comm.bcastInit(b, root)), () -> assertArrayEquals(data(turn, root, n), b, what));
                }
                case 1 -> {
                    int[] got = new int[n];
                    add(form < 2 ? blocking(() -> comm.allreduce(mine, got, Op.SUM)) : form < 4 ? comm.iallreduce(mine, got, Op.SUM)
                            : started(comm.allreduceInit(mine, got, Op.SUM)), () -> assertArrayEquals(sum(turn, n), got, what));
                }
                case 2 -> {
                    int[] got = new int[n];
                    add(form < 2 ? blocking(() -> comm.reduce(mine, me == root ? got : null, Op.SUM, root)) : form < 4
                            ? comm.ireduce(mine, me == root ? got : null, Op.SUM, root)
                            : started(comm.reduceInit(mine, me == root ? got : null, Op.SUM, root)),
                            () -> assertArrayEquals(me == root ? sum(turn, n) : new int[n], got, what));
                }
                case 3 -> {
                    int[] all = new int[n * size];
                    int[] expected = new int[n * size];
                    for (int r = 0; r < size; r++) {
                        System.arraycopy(data(turn, r, n), 0, expected, r * n, n);
                    }
                    add(form < 2 ? blocking(() -> comm.allgather(mine, all)) : form < 4 ? comm.iallgather(mine, all)
                            : started(comm.allgatherInit(mine, all)), () -> assertArrayEquals(expected, all, what));
                }
                case 4 -> {
                    int[] out = data(turn, me, n * size);
                    int[] in = new int[n * size];
                    int[] expected = new int[n * size];
                    for (int r = 0; r < size; r++) {
                        System.arraycopy(data(turn, r, n * size), n * me, expected, n * r, n);
                    }
                    add(form < 2 ? blocking(() -> comm.alltoall(out, in)) : form < 4 ? comm.ialltoall(out, in)
                            : started(comm.alltoallInit(out, in)), () -> assertArrayEquals(expected, in, what));
                }
                case 5 -> add(form < 2 ? blocking(comm::barrier) : form < 4 ? comm.ibarrier() : started(comm.barrierInit()), () -> { });
                default -> {
                    int[] in = new int[n];
                    int from = (me + 1) % size;
                    add(comm.isend(mine, (me - 1 + size) % size, turn), () -> { });
                    add(comm.irecv(in, from, turn), () -> assertArrayEquals(data(turn, from, n), in, what));
                }
            }
        }

        private static Request blocking(Runnable call) {
            call.run();
            return null;
        }

        private static Request started(PersistentRequest r) {
            r.start();
            return r;
        }
    }
}
