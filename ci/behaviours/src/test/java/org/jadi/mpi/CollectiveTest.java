package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jadi.junit.MpiTest;

/** Behaviours of collective operations: nonblocking*, p_order, p_inactive, bcastzerotype, alltoallw*, *length, noalias*. */
class CollectiveTest {
    /** nonblocking3: many operations of all kinds at once, waited for in another order on each rank. */
    @MpiTest(ranks = {1, 2, 3, 4, 5, 7, 8})
    void manyAtOnceAreWaitedForInAnyOrder(IntraComm world) {
        long seed = world.bcastObject(System.nanoTime(), 0);
        Random common = new Random(seed);
        int size = world.size();
        List<Request> requests = new ArrayList<>();
        List<Runnable> checks = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            int n = 1 + common.nextInt(i % 7 == 0 ? 5000 : 20);
            int root = common.nextInt(size);
            int base = i * 100;
            String what = "seed=" + seed + " i=" + i + " rank=" + world.rank() + " of " + size;
            int[] mine = filled(n, base + world.rank());
            switch (common.nextInt(5)) {
                case 0 -> {
                    int[] b = world.rank() == root ? filled(n, base) : new int[n];
                    requests.add(world.ibcast(b, root));
                    checks.add(() -> assertArrayEquals(filled(n, base), b, what));
                }
                case 1 -> {
                    int[] sum = new int[n];
                    requests.add(world.iallreduce(mine, sum, Op.SUM));
                    checks.add(() -> assertArrayEquals(filled(n, base * size + size * (size - 1) / 2), sum, what));
                }
                case 2 -> {
                    int[] all = new int[n * size];
                    requests.add(world.iallgather(mine, all));
                    checks.add(() -> assertEquals(base + size - 1, all[n * size - 1], what));
                }
                case 3 -> {
                    int[] in = new int[n * size];
                    requests.add(world.ialltoall(filled(n * size, base + world.rank()), in));
                    checks.add(() -> IntStream.range(0, size).forEach(r -> assertEquals(base + r, in[n * r], what)));
                }
                default -> requests.add(world.ibarrier());
            }
        }
        List<Request> shuffled = new ArrayList<>(requests);
        Collections.shuffle(shuffled, new Random(seed + world.rank()));
        for (Request r : shuffled) {
            r.await();
        }
        checks.forEach(Runnable::run);
    }

    private static int[] filled(int n, int value) {
        int[] a = new int[n];
        Arrays.fill(a, value);
        return a;
    }

    @MpiTest(ranks = {2, 3, 5})
    void ibarrierDoesNotCompleteBeforeTheLastHasCome(IntraComm world) {
        int last = world.size() - 1;
        if (world.rank() == last) {
            // The others tell when they have looked.
            for (int r = 0; r < last; r++) {
                world.recv(new int[0], r, 5);
            }
            world.ibarrier().await();
        } else {
            Request b = world.ibarrier();
            for (int i = 0; i < 200; i++) {
                assertFalse(b.test().isPresent());
            }
            world.send(new int[0], last, 5);
            b.await();
        }
    }

    /** A rank that only computes the wait of something else drives the others' operations. */
    @MpiTest(ranks = {3, 4})
    void operationsGoOnWhileAnythingIsWaitedFor(IntraComm world) {
        int[] sum = {1 << world.rank()};
        Request r = world.iallreduce(sum, Op.SUM);
        if (world.rank() == 0) {
            r.await();
            for (int i = 1; i < world.size(); i++) {
                world.send(new int[0], i, 1);
            }
        } else {
            world.recv(new int[0], 0, 1); // never waits for the reduction before rank 0 has it
            r.await();
        }
        assertEquals((1 << world.size()) - 1, sum[0]);
    }

    @MpiTest(ranks = {1, 2, 4, 5})
    void persistentOperationsStartInAnyOrder(IntraComm world) {
        int[] sum = new int[300];
        int[] data = new int[300];
        int[] all = new int[world.size()];
        int[] mine = new int[1];
        PersistentRequest[] p = {world.allreduceInit(data, sum, Op.SUM), world.bcastInit(new int[5], 0),
            world.allgatherInit(mine, all), world.barrierInit()};
        assertFalse(p[0].isActive());
        assertEquals(Status.EMPTY, p[0].await(), "inactive");
        for (int turn = 0; turn < 20; turn++) {
            Arrays.fill(data, turn + world.rank());
            mine[0] = turn * 10 + world.rank();
            int shift = (turn + world.rank()) % p.length;
            for (int i = 0; i < p.length; i++) {
                p[(i + shift) % p.length].start();
            }
            assertEquals(ErrorClass.REQUEST, assertThrows(MpiException.class, p[0]::start).errorClass());
            Request.awaitAll(p);
            assertEquals(turn * world.size() + world.size() * (world.size() - 1) / 2, sum[299]);
            assertEquals(turn * 10 + world.size() - 1, all[world.size() - 1]);
        }
        for (PersistentRequest r : p) {
            r.free();
        }
    }

    @MpiTest(ranks = {1, 2, 3})
    void aFreedCommunicatorEndsItsOperations(IntraComm world) {
        IntraComm dup = world.dup();
        int[] sum = {world.rank() + 1};
        Request r = dup.iallreduce(sum, Op.SUM);
        dup.free();
        r.await();
        assertEquals(world.size() * (world.size() + 1) / 2, sum[0]);
        assertEquals(ErrorClass.COMM, assertThrows(MpiException.class, dup::barrier).errorClass());
    }

    @MpiTest(ranks = {1, 2, 3, 5})
    void emptyTypesAndZeroCountsMoveNothing(IntraComm world) {
        Datatype empty = Datatype.contiguous(0, Datatype.INT).commit();
        world.bcast(MemorySegment.ofArray(new int[1]), 10, empty, 0);
        world.allreduce(new int[0], Op.SUM);
        int[] zeros = new int[world.size()];
        world.alltoallv(new int[0], zeros, null, new int[0], zeros, zeros);
        world.reduceScatter(new int[0], new int[0], zeros, Op.MAX);
        world.allgather(new double[0], new double[0]);
    }

    @MpiTest(ranks = {1, 2, 3, 5})
    void derivedTypesTravelFromAnyLayoutToAnyOther(IntraComm world) {
        int n = 6;
        Datatype column = Datatype.resized(Datatype.vector(n, 1, n, Datatype.INT), 0, 4).commit();
        int[] matrix = new int[n * n];
        if (world.rank() == 0) {
            Arrays.setAll(matrix, i -> i);
        }
        // Columns at the root, rows elsewhere: a transposition.
        if (world.rank() == 0) {
            world.bcast(MemorySegment.ofArray(matrix), n, column, 0);
        } else {
            world.bcast(matrix, 0);
            assertEquals(1 * n, matrix[1]);
        }
        int[] all = new int[n * world.size()];
        Datatype spread = Datatype.vector(n, 1, 2, Datatype.INT).commit();
        int[] wide = new int[2 * n];
        Arrays.setAll(wide, i -> i % 2 == 0 ? 100 * world.rank() + i / 2 : -1);
        world.allgather(MemorySegment.ofArray(wide), 1, spread, MemorySegment.ofArray(all), all.length, Datatype.INT);
        assertEquals(100 * (world.size() - 1) + n - 1, all[all.length - 1]);
        long[] one = new long[world.size()];
        Arrays.fill(one, 1);
        long[] places = IntStream.range(0, world.size()).mapToLong(r -> 8L * n * r).toArray();
        Datatype[] types = new Datatype[world.size()];
        Arrays.fill(types, spread);
        int[] out = new int[2 * n * world.size()];
        Arrays.setAll(out, i -> 1000 * world.rank() + i / (2 * n));
        int[] in = new int[2 * n * world.size()];
        world.alltoallw(MemorySegment.ofArray(out), one, places, types, MemorySegment.ofArray(in), one, places, types);
        for (int r = 0; r < world.size(); r++) {
            assertEquals(1000 * r + world.rank(), in[2 * n * r + 2]);
            assertEquals(0, in[2 * n * r + 1]);
        }
    }

    @MpiTest(ranks = {1, 2, 3, 4})
    void objects(IntraComm world) {
        int last = world.size() - 1;
        assertEquals("from " + last, world.bcastObject(world.rank() == last ? "from " + last : null, last));
        List<String> all = IntStream.range(0, world.size()).mapToObj(r -> "r" + "x".repeat(r)).toList();
        assertEquals(all, world.allgatherObjects(all.get(world.rank())));
        List<String> atRoot = world.gatherObjects(all.get(world.rank()), last);
        assertEquals(world.rank() == last ? all : null, atRoot);
        assertEquals(all.get(world.rank()), world.scatterObjects(world.rank() == 0 ? all : null, 0));
        assertEquals(String.join("", all), world.allreduceObject(all.get(world.rank()), String::concat));
        assertEquals(IntStream.range(0, world.size()).mapToObj(r -> r * 10 + world.rank()).toList(),
                world.alltoallObjects(IntStream.range(0, world.size()).mapToObj(r -> world.rank() * 10 + r).toList()));
        assertNull(world.<Object>bcastObject(null, 0));
    }

    @MpiTest(ranks = 3)
    void wrongArgumentsAreFoundAtOnceAndDoNoHarm(IntraComm world) {
        fails(ErrorClass.ROOT, () -> world.bcast(new int[1], 3));
        fails(ErrorClass.ROOT, () -> world.bcast(new int[1], -1));
        fails(ErrorClass.BUFFER, () -> world.bcast((int[]) null, 0));
        fails(ErrorClass.COUNT, () -> world.bcast(new int[3], 1, 3, 0));
        fails(ErrorClass.COUNT, () -> world.allgather(new int[2], new int[5]));
        fails(ErrorClass.COUNT, () -> world.allgather(new int[2], new int[9]));
        fails(ErrorClass.COUNT, () -> world.allreduce(new int[2], new int[3], Op.SUM));
        fails(ErrorClass.ARG, () -> world.allgatherv(new int[2], new int[6], new int[2], null));
        fails(ErrorClass.COUNT, () -> world.allgatherv(new int[2], new int[6], new int[] {2, 2, -2}, null));
        fails(ErrorClass.COUNT, () -> world.allgatherv(new int[2], new int[5], new int[] {2, 2, 2}, null));
        int[] same = new int[3];
        fails(ErrorClass.BUFFER, () -> world.allreduce(same, same, Op.SUM));
        try (Arena confined = Arena.ofConfined()) {
            MemorySegment m = confined.allocate(8);
            fails(ErrorClass.BUFFER, () -> world.bcast(m, 2, Datatype.INT, 0));
        }
        fails(ErrorClass.ARG, () -> world.explain("nothing", 0));
        int[] sum = {1};
        world.allreduce(sum, Op.SUM);
        assertEquals(3, sum[0]);
    }

    private static void fails(ErrorClass expected, Runnable call) {
        assertEquals(expected, assertThrows(MpiException.class, call::run).errorClass());
    }

    /** bcastlength, allreducelength, ...: who gets more or less than agreed fails, the others end, and the next call works. */
    @MpiTest(ranks = {2, 3, 4, 5})
    void differentLengthsAreTruncation(IntraComm world) {
        AtomicReference<ErrorClass> seen = new AtomicReference<>(ErrorClass.SUCCESS);
        for (int turn = 0; turn < 4; turn++) {
            int n = world.rank() == 0 ? 10 : turn % 2 == 0 ? 9 : 11;
            boolean reduce = turn >= 2;
            seen.set(ErrorClass.SUCCESS);
            try {
                if (reduce) {
                    world.reduce(new int[n], Op.SUM, 0);
                } else {
                    world.bcast(new int[n], 0);
                }
            } catch (MpiException e) {
                seen.set(e.errorClass());
            }
            boolean concerned = reduce == (world.rank() == 0);
            if (concerned) {
                assertEquals(ErrorClass.TRUNCATE, seen.get(), "turn=" + turn + " rank=" + world.rank());
            }
            world.barrier();
        }
    }

    @MpiTest(ranks = {1, 2, 3, 4})
    void whatAFunctionOfTheUserThrowsIsTheCause(IntraComm world) {
        Op bad = Op.ofInts((a, b) -> {
            throw new UnsupportedOperationException("not today");
        }, true);
        if (world.size() > 1) {
            MpiException e = assertThrows(MpiException.class, () -> world.allreduce(new int[4], bad));
            assertTrue(e.getCause() instanceof UnsupportedOperationException || e.errorClass() == ErrorClass.TRUNCATE,
                    e.toString());
        }
        int[] sum = {1};
        world.allreduce(sum, Op.SUM);
        assertEquals(world.size(), sum[0]);
    }

    @MpiTest(ranks = {2, 4}, config = {"coll.allreduce=ring"})
    void theChoiceIsExplained(IntraComm world) {
        assertTrue(world.explain("allreduce", 8).contains("ring (forced by jadi.coll.allreduce)"), world.explain("allreduce", 8));
        assertTrue(world.explain("bcast", 8).contains("binomial"), world.explain("bcast", 8));
    }

    /** coll_large, uoplong: what the table takes for long buffers, also for operations whose order counts. */
    @MpiTest(ranks = {1, 2, 3, 4, 5}, devices = "shm")
    void longBuffers(IntraComm world) {
        int n = 200_003;
        int last = world.size() - 1;
        long[] data = new long[n];
        Arrays.setAll(data, i -> (i + 1L) << 32 | world.rank() + i);
        long[] expected = new long[n];
        Arrays.setAll(expected, i -> {
            long all = (i + 1L) << 32 | i;
            for (int r = 1; r < world.size(); r++) {
                all = CollectiveModelTest.COMPOSE.applyAsLong(all, (i + 1L) << 32 | r + i);
            }
            return all;
        });
        Op ordered = Op.ofLongs(CollectiveModelTest.COMPOSE, false);
        long[] got = new long[n];
        world.allreduce(data, got, ordered);
        assertArrayEquals(expected, got);
        Arrays.fill(got, 0);
        world.reduce(data, got, ordered, last);
        assertArrayEquals(world.rank() == last ? expected : new long[n], got);
        world.bcast(got, last);
        assertArrayEquals(expected, got);
        long[] sum = new long[n];
        world.allreduce(data, sum, Op.SUM);
        for (int i = 0; i < n; i += 1000) {
            long one = 0;
            for (int r = 0; r < world.size(); r++) {
                one += (i + 1L) << 32 | r + i;
            }
            assertEquals(one, sum[i]);
        }
    }

    /** What is started again and again must not leave garbage. */
    @MpiTest(ranks = {1, 2, 3})
    void aStartOfAPersistentOperationMakesNoObject(IntraComm world) {
        startsMakeNoObject(world);
    }

    @MpiTest(ranks = 2, devices = "shm")
    void aStartOfAPersistentOperationMakesNoObjectOnShm(IntraComm world) {
        startsMakeNoObject(world);
    }

    /** Waiting may: a message that comes before its receive is stored by the engine. */
    private static void startsMakeNoObject(IntraComm world) {
        double[] data = new double[40];
        double[] sum = new double[40];
        boolean reduces = true;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (PersistentRequest r : List.of(world.allreduceInit(data, sum, Op.SUM), world.bcastInit(sum, 0), world.barrierInit())) {
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 25; round++) {
                long made = 0;
                for (int i = 0; i < 40; i++) {
                    long before = threads.getCurrentThreadAllocatedBytes();
                    r.start();
                    made += threads.getCurrentThreadAllocatedBytes() - before;
                    r.await();
                }
                least = Math.min(least, made);
            }
            r.free();
            // A reduction looks at its arrays through an Optional each, until it is compiled.
            assertTrue(least <= (reduces ? 40 * 32 : 0), "bytes in 40 starts: " + least + " reduces=" + reduces);
            reduces = false;
        }
    }

    /** Operations of different communicators, from several threads. */
    @MpiTest(ranks = {2, 3, 4})
    void threadsWithACommunicatorEach(IntraComm world) throws InterruptedException {
        int threads = 3;
        List<Thread> running = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int t = 0; t < threads; t++) {
            IntraComm own = world.dup();
            int salt = t;
            Thread thread = t == 0 ? Thread.ofVirtual().unstarted(() -> loop(own, salt, failure))
                    : Thread.ofPlatform().unstarted(() -> loop(own, salt, failure));
            running.add(thread);
            thread.start();
        }
        for (Thread t : running) {
            t.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
    }

    private static void loop(IntraComm comm, int salt, AtomicReference<Throwable> failure) {
        try {
            for (int i = 0; i < 200; i++) {
                long[] sum = {salt * 1000L + i + comm.rank()};
                comm.allreduce(sum, Op.SUM);
                assertEquals((salt * 1000L + i) * comm.size() + comm.size() * (comm.size() - 1) / 2, sum[0]);
            }
        } catch (Throwable e) {
            failure.set(e);
        }
    }
}
