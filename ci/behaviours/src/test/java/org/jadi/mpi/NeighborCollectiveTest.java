package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jadi.junit.MpiTest;

/** Behaviours of neighborhood operations: neighb_*, ring_neighbor_alltoall. */
class NeighborCollectiveTest {
    /** Also where both neighbors are the same process, or ourselves: what goes down comes from above. */
    @MpiTest(ranks = {1, 2, 3, 5})
    void periodicRing(IntraComm world) {
        int size = world.size();
        CartComm ring = world.createCart(new int[] {size}, new boolean[] {true}, false);
        int me = ring.rank();
        int below = (me - 1 + size) % size;
        int above = (me + 1) % size;
        for (int turn = 0; turn < 10; turn++) {
            int[] in = new int[4];
            ring.neighborAlltoall(new int[] {me * 10, turn, me * 10 + 1, -turn}, in);
            assertArrayEquals(new int[] {below * 10 + 1, -turn, above * 10, turn}, in);
            ring.neighborAllgather(new int[] {me, turn}, in);
            assertArrayEquals(new int[] {below, turn, above, turn}, in);
        }
        ring.free();
    }

    @MpiTest(ranks = {2, 3, 4, 5, 8})
    void theEndsOfALineHaveNobody(IntraComm world) {
        CartComm line = world.createCart(new int[] {world.size()}, new boolean[] {false}, false);
        int me = line.rank();
        double[] in = {-1, -1};
        Request r = line.ineighborAllgather(new double[] {me}, in);
        r.await();
        assertEquals(me == 0 ? -1 : me - 1, in[0], "the block of nobody stays as it is");
        assertEquals(me == world.size() - 1 ? -1 : me + 1, in[1]);
        int[] ragged = new int[5];
        // One element down, two up.
        PersistentRequest p = line.neighborAlltoallvInit(new int[] {me, me + 100, me + 200}, new int[] {1, 2}, null, ragged,
                new int[] {2, 1}, new int[] {3, 0});
        for (int turn = 0; turn < 3; turn++) {
            Arrays.fill(ragged, -1);
            p.start();
            p.await();
            int low = me == 0 ? -1 : me - 1 + 100;
            assertArrayEquals(new int[] {me == world.size() - 1 ? -1 : me + 1, -1, -1, low, low < 0 ? -1 : low + 100}, ragged);
        }
        p.free();
        long[] one = {1, 1};
        Datatype[] types = {Datatype.INT, Datatype.INT};
        int[] w = {-1, -1};
        line.neighborAlltoallw(MemorySegment.ofArray(new int[] {me, me + 50}), one, new long[] {0, 4}, types,
                MemorySegment.ofArray(w), one, new long[] {4, 0}, types);
        assertArrayEquals(new int[] {me == world.size() - 1 ? -1 : me + 1, me == 0 ? -1 : me - 1 + 50}, w);
        assertEquals(ErrorClass.TOPOLOGY,
                assertThrows(MpiException.class, () -> world.neighborAllgather(new int[1], new int[1])).errorClass());
        line.free();
    }

    /** Everybody hears from all lower ranks, and tells all higher ones: degrees differ, and some are 0. */
    @MpiTest(ranks = {1, 2, 3, 5, 7})
    void graphs(IntraComm world) {
        int me = world.rank();
        int size = world.size();
        int[] sources = new int[me];
        int[] targets = new int[size - me - 1];
        Arrays.setAll(sources, i -> i);
        Arrays.setAll(targets, i -> me + 1 + i);
        DistGraphComm graph = world.createDistGraphAdjacent(sources, null, targets, null, new Info(), false);
        int[] counts = new int[me];
        Arrays.setAll(counts, i -> i + 1);
        long[] mine = new long[me + 1];
        Arrays.fill(mine, me);
        long[] in = new long[me * (me + 1) / 2];
        graph.neighborAllgatherv(mine, in, counts, null);
        for (int i = 0, at = 0; i < me; at += ++i) {
            assertEquals(i, in[at]);
            assertEquals(i, in[at + i]);
        }
        graph.free();
    }
}
