package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jadi.junit.MpiTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Collective operations through shared memory: what must hold beyond their results. */
class SharedCollectiveTest {
    private static final Map<String, String> AT_ONCE = Map.of("coll.sharedAfter", "0");

    private interface Call {
        void on(IntraComm world);
    }

    /** One rank does something else: who looks at it fails with the class that names the difference; then all goes on. */
    private static void mismatch(ErrorClass expected, String words, int wrongRank, Call right, Call wrong) {
        for (String device : List.of("self", "shm")) {
            AtomicReference<MpiException> seen = new AtomicReference<>();
            Ranks.run(3, Map.of("coll.sharedAfter", "0", "device", device), world -> {
                world.barrier();
                try {
                    (world.rank() == wrongRank ? wrong : right).on(world);
                } catch (MpiException e) {
                    // Who waits for one that has found it is told that it has failed.
                    if (e.errorClass() == expected && (seen.get() == null || e.getMessage().contains("operation number"))) {
                        seen.set(e);
                    }
                }
                int[] sum = {1};
                world.allreduce(sum, Op.SUM);
                assertEquals(3, sum[0], "the next operation on " + device);
            });
            MpiException e = seen.get();
            assertTrue(e != null, expected + " was expected on " + device);
            assertTrue(e.getMessage().contains(words) && e.getMessage().contains("operation number 2"), e.getMessage());
        }
    }

    @Test
    void anotherOperationIsFound() {
        mismatch(ErrorClass.OTHER, "bcast root=0 bytes=12", 2, w -> w.allreduce(new int[3], Op.SUM), w -> w.bcast(new int[3], 0));
    }

    @Test
    void anotherRootIsFound() {
        mismatch(ErrorClass.ROOT, "gather root=1", 1, w -> w.gather(new int[3], new int[9], 0), w -> w.gather(new int[3], new int[9], 1));
    }

    @Test
    void anotherReductionIsFound() {
        mismatch(ErrorClass.OP, "op=MAX", 1, w -> w.allreduce(new int[3], Op.SUM), w -> w.allreduce(new int[3], Op.MAX));
    }

    @Test
    void anotherTypeIsFound() {
        mismatch(ErrorClass.TYPE, "signature=", 1, w -> w.allreduce(new int[4], Op.SUM), w -> w.allreduce(new float[4], Op.SUM));
    }

    @Test
    void anotherLengthIsFound() {
        mismatch(ErrorClass.TRUNCATE, "bytes=20", 1, w -> w.allgather(new int[4], new int[12]), w -> w.allgather(new int[5], new int[15]));
    }

    @Test
    void otherCountsOfOneRankAreFound() {
        mismatch(ErrorClass.TRUNCATE, "gatherv", 2, w -> w.gatherv(new int[2], new int[6], new int[] {2, 2, 2}, null, 0),
                w -> w.gatherv(new int[1], new int[6], new int[] {2, 2, 2}, null, 0));
        mismatch(ErrorClass.TRUNCATE, "alltoallv", 2, w -> w.alltoallv(new int[3], new int[] {1, 1, 1}, null, new int[3],
                new int[] {1, 1, 1}, null), w -> w.alltoallv(new int[4], new int[] {2, 1, 1}, null, new int[4], new int[] {2, 1, 1}, null));
    }

    /** Every rank learns of it, with both call sites, on any device; also where nobody would have looked. */
    @ParameterizedTest
    @ValueSource(strings = {"self", "shm", "tcp"})
    void theFullCheckNamesBothCallSites(String device) {
        Ranks.run(3, Map.of("coll.check", "full", "device", device), world -> {
            for (int turn = 0; turn < 4; turn++) {
                MpiException e = assertThrows(MpiException.class, () -> {
                    if (world.rank() == 0) {
                        world.gather(new int[3], null, 1);
                    } else {
                        world.gather(new int[3], null, 0);
                    }
                });
                assertEquals(ErrorClass.ROOT, e.errorClass());
                assertTrue(e.getMessage().contains("gather root=0") && e.getMessage().contains("gather root=1")
                        && e.getMessage().split("SharedCollectiveTest.java:").length == 3, e.getMessage());
                int[] sum = {1};
                world.allreduce(sum, Op.SUM);
                assertEquals(3, sum[0]);
            }
        });
    }

    /** Rows count by what is in them, not by how many there are. */
    @MpiTest(ranks = 2, config = "coll.sharedAfter=0")
    void rowsOfAnotherLengthAreRefusedAndOthersGather(IntraComm world) {
        int me = world.rank();
        for (int columns : new int[] {1, 30, 3000}) { // beside the flag, one piece, several
            double[][] mine = new double[2][columns];
            mine[1][columns - 1] = 1 + me;
            double[][] all = me == 0 ? new double[4][columns] : null;
            world.gather(mine, all, 0);
            if (me == 0) {
                assertEquals(List.of(1.0, 2.0), List.of(all[1][columns - 1], all[3][columns - 1]), "columns=" + columns);
            }
        }
        MpiException e = assertThrows(MpiException.class, () -> world.allgather(new double[1][2 + me], new double[2][2 + me]));
        assertEquals(ErrorClass.TRUNCATE, e.errorClass(), e::getMessage);
        world.barrier();
    }

    @MpiTest(ranks = {2, 3}, config = "coll.sharedAfter=0")
    void otherTypesOfTheSameSignatureAreNoMismatch(IntraComm world) {
        Datatype pair = Datatype.vector(2, 1, 3, Datatype.INT).commit();
        int[] data = new int[64];
        if (world.rank() == 0) {
            Arrays.fill(data, 7);
            world.bcast(MemorySegment.ofArray(data), 10, pair, 0);
        } else {
            world.bcast(data, 0, 20, 0);
            assertEquals(7, data[19]);
            assertEquals(0, data[20]);
        }
    }

    /** The operation goes on when the others come, and the next ones are not disturbed. */
    @ParameterizedTest
    @ValueSource(strings = {"self", "shm"})
    void anOperationWhoseTimeIsOverGoesOn(String device) {
        Ranks.run(3, Map.of("coll.sharedAfter", "0", "device", device), world -> {
            world.barrier();
            int[] sum = {1};
            if (world.rank() == 0) {
                world.setTimeout(Duration.ofMillis(20));
                assertEquals(ErrorClass.TIMEOUT, assertThrows(MpiException.class, () -> world.allreduce(sum, Op.SUM)).errorClass());
                world.setTimeout(null);
                for (int r = 1; r < 3; r++) {
                    world.send(new int[0], r, 1);
                }
            } else {
                world.recv(new int[0], 0, 1);
                world.allreduce(sum, Op.SUM);
                assertEquals(3, sum[0]);
            }
            int[] more = {10};
            world.allreduce(more, Op.SUM);
            assertEquals(30, more[0]);
            assertEquals(3, sum[0], "came after the time was over");
        });
    }

    /** Who waits for a rank that has closed the library learns of it; what that rank took part in is complete. */
    @ParameterizedTest
    @ValueSource(strings = {"self", "shm"})
    void aRankThatHasGoneIsNotWaitedFor(String device) {
        Ranks.run(3, Map.of("coll.sharedAfter", "0", "device", device), world -> {
            int[] sum = {1};
            world.allreduce(sum, Op.SUM);
            assertEquals(3, sum[0]);
            if (world.rank() != 1) {
                assertEquals(ErrorClass.PROC_FAILED, assertThrows(MpiException.class, world::barrier).errorClass());
            }
        });
    }

    /** Communicators that come and go take no more memory than those that are there. */
    @ParameterizedTest
    @ValueSource(strings = {"self", "shm"})
    void freedCommunicatorsGiveTheirMemoryBack(String device) {
        Ranks.run(2, Map.of("coll.sharedAfter", "0", "device", device, "coll.sharedBytes", "256k",
                "coll.chunkBytes", "16k"), world -> {
            world.barrier();
            for (int i = 0; i < 30; i++) {
                IntraComm dup = world.dup();
                int[] sum = {i};
                dup.allreduce(sum, Op.SUM);
                assertEquals(2 * i, sum[0]);
                boolean shared = dup.explain("allreduce", 4).contains("shared");
                assertTrue(shared, "turn " + i + ": " + dup.explain("allreduce", 4));
                dup.free();
                world.barrier();
            }
            List<IntraComm> many = new ArrayList<>();
            int shared = 0;
            for (int i = 0; i < 10; i++) {
                IntraComm dup = world.dup();
                dup.barrier();
                shared += dup.explain("barrier", 0).contains("shared") ? 1 : 0;
                many.add(dup);
            }
            assertTrue(shared >= 2 && shared < 10, "shared=" + shared);
            many.forEach(Comm::free);
        });
    }

    /** Steady state: a blocking reduction leaves no more behind than its arguments' descriptions. */
    @MpiTest(ranks = 2, config = "coll.sharedAfter=0")
    void blockingOperationsLeaveLittleGarbage(IntraComm world) {
        double[] data = new double[4];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 30; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 200; i++) {
                world.allreduce(data, Op.SUM);
            }
            least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / 200);
        }
        assertTrue(least < 400, "bytes per call: " + least);
    }

    /** Rows may differ in length only where nothing has to be cut within an element, or between rows that are not the same for all. */
    @MpiTest(ranks = 2, config = "coll.sharedAfter=0")
    void rowsThatCannotBeDividedAreRefused(IntraComm world) {
        double[][] uneven = {new double[3], new double[4]};
        List<Call> calls = List.of(w -> w.allgather(uneven), w -> w.gather(new double[1][4], uneven, w.rank()),
                w -> w.scatter(uneven, new double[1][3], w.rank()), w -> w.alltoall(uneven),
                w -> w.reduceScatterBlock(uneven, new double[1][3], Op.SUM));
        for (Call call : calls) {
            MpiException e = assertThrows(MpiException.class, () -> call.on(world));
            assertEquals(ErrorClass.COUNT, e.errorClass());
            assertTrue(e.getMessage().contains("7"), e.getMessage());
        }
        world.barrier();
    }

    /** Where two values are equal but their bits are not, all ranks choose the same one. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void zerosOfBothSignsHaveTheSameBitsEverywhere(int ranks) {
        for (Map<String, String> s : List.of(AT_ONCE, Map.of("coll.sharedBytes", "0"))) {
            AtomicReference<byte[]> first = new AtomicReference<>();
            Ranks.run(ranks, s, world -> {
                ByteBuffer mine = ByteBuffer.allocate(128 * 8).order(ByteOrder.nativeOrder());
                for (int i = 0; i < 128; i++) {
                    mine.putFloat(world.rank() % 2 == 0 ? 0.0f : -0.0f).putInt(i);
                }
                byte[] least = new byte[128 * 8];
                world.allreduce(MemorySegment.ofArray(mine.array()), 128, Datatype.FLOAT_INT, MemorySegment.ofArray(least), 128, Datatype.FLOAT_INT,
                        Op.MINLOC);
                byte[] before = first.compareAndExchange(null, least);
                assertArrayEquals(before == null ? least : before, least, "ranks=" + ranks + " " + s);
            });
        }
    }

    /** Two threads in one communicator are a fault of the program, and told of it; the one that was first goes on. */
    @Test
    void aSecondThreadInTheSameCommunicatorIsRefused() {
        CountDownLatch refused = new CountDownLatch(1);
        Ranks.run(2, Map.of("coll.sharedAfter", "0", "device", "shm"), world -> {
            world.barrier();
            if (world.rank() == 1) {
                await(refused);
                world.barrier();
            } else {
                Thread first = Thread.ofPlatform().start(world::barrier);
                while (!Arrays.toString(first.getStackTrace()).contains("Engine")) { // it waits for rank 1, which waits for us
                    Thread.onSpinWait();
                }
                MpiException e = assertThrows(MpiException.class, world::barrier);
                assertTrue(e.getMessage().contains("another thread") && e.getMessage().contains("Comm.dup"), e.getMessage());
                refused.countDown();
                join(first);
            }
            int[] sum = {1};
            world.allreduce(sum, Op.SUM);
            assertEquals(2, sum[0]);
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same bits on one node, on several, and by messages; and in the order of the ranks. */
    @Test
    void reproducibleReductionsHaveTheSameBitsEverywhere() {
        int n = 5;
        int length = 3000;
        double[][] data = new double[n][];
        for (int r = 0; r < n; r++) {
            data[r] = new java.util.Random(r).doubles(length, -1e10, 1e10).map(d -> d * Math.pow(10, (int) (d % 7))).toArray();
        }
        double[] expected = data[0].clone();
        for (int r = 1; r < n; r++) {
            for (int i = 0; i < length; i++) {
                expected[i] += data[r][i];
            }
        }
        for (Map<String, String> s : List.of(AT_ONCE, Map.of("coll.sharedBytes", "0"), Map.of("coll.nodes", "2"), Map.of("device", "tcp"))) {
            Ranks.run(n, s, world -> {
                Info hint = new Info();
                hint.set("jadi_reproducible", "true");
                world.setInfo(hint);
                for (int turn = 0; turn < 4; turn++) {
                    double[] got = new double[length];
                    world.allreduce(data[world.rank()], got, Op.SUM);
                    assertArrayEquals(expected, got, s.toString());
                    Arrays.fill(got, 0);
                    world.reduce(data[world.rank()], got, Op.SUM, 3);
                    assertArrayEquals(world.rank() == 3 ? expected : new double[length], got, s.toString());
                    double[] part = new double[length / n];
                    world.reduceScatterBlock(data[world.rank()], part, Op.SUM);
                    assertArrayEquals(Arrays.copyOfRange(expected, part.length * world.rank(), part.length * (world.rank() + 1)), part);
                    world.scan(data[world.rank()], got, Op.SUM);
                    if (world.rank() == n - 1) {
                        assertArrayEquals(expected, got, s.toString());
                    }
                }
            });
        }
    }

    @Test
    void theWayIsExplained() {
        Ranks.run(4, Map.of("coll.sharedAfter", "0", "coll.nodes", "2"), world -> {
            assertTrue(world.explain("bcast", 8).contains("binomial"), world.explain("bcast", 8));
            world.barrier();
            assertTrue(world.explain("bcast", 8).contains("hierarchical (several nodes with several ranks: 2"), world.explain("bcast", 8));
            IntraComm half = world.split(world.rank() / 2, 0);
            half.barrier();
            assertTrue(half.explain("bcast", 8).contains("shared (all ranks share memory"), half.explain("bcast", 8));
        });
    }
}
