package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jadi.junit.MpiTest;

/** Collective operations of two groups: icbarrier, icbcast, icreduce, icallreduce, icgather, icscatter, icallgather, icalltoall. */
class InterCollectiveTest {
    /** Two groups of different sizes: odd ranks, and even ones. */
    private static InterComm halves(IntraComm world) {
        IntraComm part = world.split(world.rank() % 2, world.rank());
        return part.createInter(0, world, 1 - world.rank() % 2, 17);
    }

    @MpiTest(ranks = {2, 3, 5, 8}, config = {"coll.segmentBytes=64"})
    void dataGoesToTheOtherGroup(IntraComm world) {
        InterComm two = halves(world);
        int near = two.size();
        int far = two.remoteSize();
        boolean even = world.rank() % 2 == 0;
        long me = two.rank() + (even ? 1000 : 0);
        for (int turn = 0; turn < 20; turn++) {
            int root = turn % (even ? near : far);
            int role = even ? two.rank() == root ? Comm.ROOT : Comm.PROC_NULL : root;
            long[] b = new long[50];
            java.util.Arrays.fill(b, even && two.rank() == root ? turn + 1 : -1);
            two.bcast(b, role);
            assertEquals(even && two.rank() != root ? -1 : turn + 1, b[49], "only the root and the other group");

            long[] sum = {0, 0};
            two.allreduce(new long[] {me, 1}, sum, Op.SUM);
            long theirs = LongStream.range(0, far).map(r -> r + (even ? 0 : 1000)).sum();
            assertArrayEquals(new long[] {theirs, far}, sum);

            long[] reduced = {me};
            two.reduce(reduced, Op.SUM, role);
            assertEquals(role == Comm.ROOT ? theirs : me, reduced[0]);

            long[] gathered = new long[far];
            two.allgather(new long[] {me}, gathered);
            assertArrayEquals(LongStream.range(0, far).map(r -> r + (even ? 0 : 1000)).toArray(), gathered);
            long[] atRoot = new long[far];
            two.gather(new long[] {me}, atRoot, role);
            assertArrayEquals(role == Comm.ROOT ? gathered : new long[far], atRoot);
            long[] mine = {-1};
            two.scatter(atRoot, mine, role);
            assertEquals(even ? -1 : me, mine[0], "what was gathered comes back");
            long[] in = new long[far];
            two.alltoall(LongStream.range(0, far).map(r -> me * 100 + r).toArray(), in);
            for (int r = 0; r < far; r++) {
                assertEquals((r + (even ? 0 : 1000)) * 100L + two.rank(), in[r]);
            }
        }
        assertEquals(ErrorClass.ROOT, assertThrows(MpiException.class, () -> two.bcast(new int[1], 99)).errorClass());
        assertEquals(ErrorClass.COMM, assertThrows(MpiException.class, () -> two.scan(new int[1], Op.SUM)).errorClass());
        two.barrier();
        two.free();
    }

    /** A block whose length and content tell whose it is, and for whom. */
    private static int[] block(int from, int to) {
        int[] a = new int[(from * 3 + to) % 7];
        Arrays.fill(a, from * 1000 + to);
        return a;
    }

    private static int[] joined(IntStream ranks, IntFunction<int[]> block) {
        return ranks.mapToObj(block).flatMapToInt(Arrays::stream).toArray();
    }

    /** icgatherv, icscatterv, icallgatherv, icalltoallv, icalltoallw, icreduce_scatter; ranks of the world name the blocks. */
    @MpiTest(ranks = {2, 3, 5, 8})
    void blocksOfDifferentLengthsGoToTheOtherGroup(IntraComm world) {
        InterComm two = halves(world);
        int me = world.rank();
        int far = two.remoteSize();
        IntFunction<Integer> there = r -> 2 * r + 1 - me % 2;
        for (int turn = 0; turn < world.size(); turn++) {
            boolean mine = turn % 2 == me % 2;
            int root = turn / 2 % (mine ? two.size() : far);
            int role = mine ? two.rank() == root ? Comm.ROOT : Comm.PROC_NULL : root;
            int rootRank = 2 * root + turn % 2;
            int[] all = joined(IntStream.range(0, far), r -> block(there.apply(r), me));
            int[] counts = IntStream.range(0, far).map(r -> block(there.apply(r), me).length).toArray();
            int[] got = new int[all.length];
            two.gatherv(block(me, rootRank), got, counts, null, role);
            assertArrayEquals(role == Comm.ROOT ? all : new int[all.length], got);
            Arrays.fill(got, 0);
            long[] found = two.gatherv(block(me, rootRank), got, role);
            assertArrayEquals(role == Comm.ROOT ? Arrays.stream(counts).asLongStream().toArray() : null, found);
            assertArrayEquals(role == Comm.ROOT ? all : new int[all.length], got);

            int[] out = joined(IntStream.range(0, far), r -> block(me, there.apply(r)));
            int[] outCounts = IntStream.range(0, far).map(r -> block(me, there.apply(r)).length).toArray();
            int[] own = new int[mine ? 0 : block(rootRank, me).length];
            two.scatterv(out, outCounts, null, own, role);
            assertArrayEquals(mine ? own : block(rootRank, me), own);

            Arrays.fill(got, 0);
            two.ialltoallv(out, outCounts, null, got, counts, null).await();
            assertArrayEquals(all, got);
            Arrays.fill(got, 0);
            assertArrayEquals(Arrays.stream(counts).asLongStream().toArray(), two.alltoallv(out, outCounts, got));
            assertArrayEquals(all, got);
        }
        int[] same = joined(IntStream.range(0, far), r -> block(there.apply(r), 0));
        int[] got = new int[same.length];
        long[] counts = two.allgatherv(block(me, 0), got);
        assertArrayEquals(same, got);
        PersistentRequest again = two.allgathervInit(block(me, 0), got, Arrays.stream(counts).mapToInt(c -> (int) c).toArray(), null);
        Arrays.fill(got, 0);
        again.start();
        again.await();
        assertArrayEquals(same, got);
        again.free();
        two.free();
    }

    @MpiTest(ranks = {2, 4, 5, 8})
    void sumsAreDealtOutInTheOtherGroup(IntraComm world) {
        InterComm two = halves(world);
        int near = two.size();
        int far = two.remoteSize();
        int[] counts = IntStream.range(0, near).map(r -> far * (r == 0 ? near : 1)).toArray();
        int all = Arrays.stream(counts).sum();
        // The groups differ in size, so the lengths are made equal by what the first rank gets.
        int longest = Math.max(all, far * (2 * near - 1) + near * (2 * far - 1));
        counts[0] += longest - all;
        long[] data = IntStream.range(0, longest).mapToLong(i -> i * 10L + world.rank() % 2).toArray();
        long[] sum = new long[counts[two.rank()]];
        two.reduceScatter(data, sum, counts, Op.SUM);
        int first = Arrays.stream(counts, 0, two.rank()).sum();
        for (int i = 0; i < sum.length; i++) {
            assertEquals(far * ((first + i) * 10L + 1 - world.rank() % 2), sum[i]);
        }
        long[] block = new long[far];
        two.ireduceScatterBlock(Arrays.copyOf(data, near * far), block, Op.SUM).await();
        for (int i = 0; i < far; i++) {
            assertEquals(far * ((two.rank() * far + i) * 10L + 1 - world.rank() % 2), block[i]);
        }
        two.free();
    }

    @MpiTest(ranks = {2, 3, 5})
    void blocksOfTypesGoToTheOtherGroup(IntraComm world) {
        InterComm two = halves(world);
        int far = two.remoteSize();
        Datatype gaps = Datatype.vector(2, 1, 2, Datatype.INT).commit();
        int[] out = IntStream.range(0, 4 * far).map(i -> world.rank() * 100 + i).toArray();
        int[] in = new int[2 * far];
        long[] ones = new long[far];
        long[] twos = new long[far];
        Datatype[] sent = new Datatype[far];
        Datatype[] received = new Datatype[far];
        Arrays.fill(ones, 1);
        Arrays.fill(twos, 2);
        Arrays.fill(sent, gaps);
        Arrays.fill(received, Datatype.INT);
        long[] outAt = LongStream.range(0, far).map(r -> 16 * r).toArray();
        long[] inAt = LongStream.range(0, far).map(r -> 8 * r).toArray();
        two.alltoallw(MemorySegment.ofArray(out), ones, outAt, sent, MemorySegment.ofArray(in), twos, inAt, received);
        for (int r = 0; r < far; r++) {
            int from = (2 * r + 1 - world.rank() % 2) * 100 + 4 * two.rank();
            assertEquals(from, in[2 * r]);
            assertEquals(from + 2, in[2 * r + 1]);
        }
        two.free();
    }

    @MpiTest(ranks = {2, 3, 5, 8})
    void objectsGoToTheOtherGroup(IntraComm world) {
        InterComm two = halves(world);
        int me = world.rank();
        int far = two.remoteSize();
        List<Integer> there = IntStream.range(0, far).mapToObj(r -> 2 * r + 1 - me % 2).toList();
        for (int turn = 0; turn < 4; turn++) {
            boolean mine = turn % 2 == me % 2;
            int role = mine ? two.rank() == 0 ? Comm.ROOT : Comm.PROC_NULL : 0;
            String sent = "turn " + turn;
            assertEquals(role == Comm.PROC_NULL ? null : sent, two.bcastObject(role == Comm.ROOT ? sent : null, role));
            assertEquals(role == Comm.ROOT ? there : null, two.gatherObjects(me, role));
            String dealt = two.scatterObjects(role == Comm.ROOT ? there.stream().map(r -> "for " + r).toList() : null, role);
            assertEquals(mine ? null : "for " + me, dealt);
            assertEquals(role == Comm.ROOT ? there.stream().mapToInt(r -> r).sum() : null, two.reduceObject(me, Integer::sum, role));
        }
        assertEquals(there, two.allgatherObjects(me));
        assertEquals(there.stream().map(r -> r + " to " + me).toList(),
                two.alltoallObjects(there.stream().map(r -> me + " to " + r).toList()));
        assertEquals(there.stream().mapToInt(r -> r).sum(), two.allreduceObject(me, Integer::sum));
        two.free();
    }

    @MpiTest(ranks = {2, 3, 5})
    void barrierWaitsForTheOtherGroup(IntraComm world) {
        InterComm two = halves(world);
        if (world.rank() == 1) {
            for (int r = 0; r < world.size(); r += 2) {
                world.recv(new int[0], r, 3);
            }
            two.barrier();
        } else {
            Request r = two.ibarrier();
            if (world.rank() % 2 == 0) {
                for (int i = 0; i < 100; i++) {
                    assertFalse(r.test().isPresent());
                }
                world.send(new int[0], 1, 3);
            }
            r.await();
        }
        two.free();
    }
}
