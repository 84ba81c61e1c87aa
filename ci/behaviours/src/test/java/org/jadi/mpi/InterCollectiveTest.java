package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
