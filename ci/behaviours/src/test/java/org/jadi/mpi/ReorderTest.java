package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jadi.adi.config.Config;
import org.jadi.mpi.launch.LocalJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Topologies with reorder=true: ranks of one node become neighbours, and everything else stays as it is. MPI 4.1 §8.5. */
@Timeout(120)
class ReorderTest {
    /** Runs ranks that count as of node {@code rank % nodes}. */
    private static void run(int ranks, int nodes, Ranks.Body body) {
        LocalJob.Failure failure = new LocalJob(ranks).run(Duration.ofSeconds(60), null, place -> {
            Config config = Config.of(Map.of("device", "self", "placement.node", "node" + place.rank() % nodes));
            try (Mpi mpi = Mpi.init(place, config)) {
                body.run(mpi.world());
            }
        });
        if (failure != null) {
            throw new AssertionError("rank " + failure.rank() + " of " + ranks, failure.cause());
        }
    }

    /** Counts the pairs of neighbours in a grid that are on different nodes. */
    private static int cut(int[] rankAt, int[] nodes, int rows, int columns) {
        int cut = 0;
        for (int p = 0; p < rankAt.length; p++) {
            int right = p % columns + 1 < columns ? p + 1 : p;
            int below = p / columns + 1 < rows ? p + columns : p;
            cut += nodes[rankAt[p]] != nodes[rankAt[right]] ? 1 : 0;
            cut += nodes[rankAt[p]] != nodes[rankAt[below]] ? 1 : 0;
        }
        return cut;
    }

    @Test
    void gridsAreCutIntoBlocksOfNodes() {
        int[] nodes = IntStream.range(0, 16).map(r -> r % 4).toArray();
        int[] placed = Placement.grid(nodes, new int[] {4, 4});
        assertArrayEquals(IntStream.range(0, 16).toArray(), Arrays.stream(placed).sorted().toArray(), "each rank once");
        assertEquals(8, cut(placed, nodes, 4, 4), "blocks of 2 x 2");
        assertEquals(12, cut(IntStream.range(0, 16).toArray(), nodes, 4, 4), "as they come: columns");
        // Nodes of different sizes: row by row.
        int[] uneven = {0, 1, 0, 1, 0, 2};
        placed = Placement.grid(uneven, new int[] {2, 3});
        assertArrayEquals(new int[] {0, 2, 4, 1, 3, 5}, placed);
        assertArrayEquals(new int[] {0}, Placement.grid(new int[] {3}, new int[0]));
    }

    @Test
    void graphsKeepClustersTogether() {
        Random random = new Random(7);
        int[] nodes = IntStream.range(0, 12).map(r -> r % 3).toArray();
        // Three cliques of four, with places dealt out at random, and a ring through all.
        List<Integer> names = new java.util.ArrayList<>(IntStream.range(0, 12).boxed().toList());
        java.util.Collections.shuffle(names, random);
        List<int[]> edges = new java.util.ArrayList<>();
        for (int i = 0; i < 12; i++) {
            for (int j = i + 1; j < i / 4 * 4 + 4; j++) {
                edges.add(new int[] {names.get(i), names.get(j)});
            }
            edges.add(new int[] {names.get(i), names.get((i + 1) % 12)});
        }
        int[] placed = Placement.graph(nodes, edges);
        assertArrayEquals(IntStream.range(0, 12).toArray(), Arrays.stream(placed).sorted().toArray(), "each rank once");
        for (int i = 0; i < 12; i++) {
            assertEquals(nodes[placed[names.get(i / 4 * 4)]], nodes[placed[names.get(i)]], "one clique on one node");
        }
    }

    @Test
    void gridsOfScatteredRanksWork() {
        for (int ranks : new int[] {2, 5, 8}) {
            run(ranks, 2, world -> {
                int[] dims = CartComm.dimsCreate(ranks / 2 * 2, 0, 0);
                CartComm kept = world.createCart(dims, new boolean[] {true, false}, false);
                CartComm grid = world.createCart(dims, new boolean[] {true, false}, true);
                assertEquals(world.rank() < ranks / 2 * 2, grid != null);
                if (grid == null) {
                    return;
                }
                assertEquals(world.rank(), kept.rank(), "without reordering");
                assertEquals(grid.rank(), grid.rank(grid.coords()));
                long[] all = new long[grid.size()];
                grid.allgather(new long[] {world.rank()}, all);
                int[] rankAt = Arrays.stream(all).mapToInt(r -> (int) r).toArray();
                int[] nodes = IntStream.range(0, ranks).map(r -> r % 2).toArray();
                assertTrue(cut(rankAt, nodes, dims[0], dims[1]) <= cut(IntStream.range(0, grid.size()).toArray(), nodes, dims[0],
                        dims[1]), "not more than before");
                if (ranks == 8) {
                    assertEquals(2, cut(rankAt, nodes, dims[0], dims[1]), "4 x 2 places are cut across the long side");
                }
                for (int d = 0; d < 2; d++) {
                    CartComm.Shift shift = grid.shift(d, 1);
                    int[] got = {-1};
                    grid.sendrecv(new int[] {grid.rank()}, shift.destination(), 0, got, shift.source(), 0);
                    assertEquals(shift.source() == Comm.PROC_NULL ? -1 : shift.source(), got[0]);
                }
            });
        }
    }

    @Test
    void graphsOfScatteredRanksKeepTheirEdges() {
        run(6, 2, world -> {
            int size = world.size();
            int next = (world.rank() + 1) % size;
            int previous = (world.rank() + size - 1) % size;
            DistGraphComm ring = world.createDistGraphAdjacent(new int[] {previous}, new int[] {world.rank()}, new int[] {next},
                    new int[] {next}, new Info(), true);
            assertArrayEquals(new int[] {(ring.rank() + size - 1) % size}, ring.sources(), "the place's neighbour, not the rank's");
            assertArrayEquals(new int[] {ring.rank()}, ring.sourceWeights());
            int[] got = new int[1];
            ring.neighborAllgather(new int[] {ring.rank()}, got);
            assertEquals((ring.rank() + size - 1) % size, got[0]);
            DistGraphComm same = world.createDistGraph(new int[] {world.rank()}, new int[] {1}, new int[] {next}, null,
                    new Info(), true);
            assertArrayEquals(new int[] {(same.rank() + 1) % size}, same.destinations());
            long[] all = new long[size];
            same.allgather(new long[] {world.rank() % 2}, all);
            assertEquals(2, IntStream.range(0, size).filter(p -> all[p] != all[(p + 1) % size]).count(), "two parts of the ring");
            int[] index = IntStream.rangeClosed(1, size).map(i -> 2 * i).toArray();
            int[] edges = IntStream.range(0, size).flatMap(i -> IntStream.of((i + 1) % size, (i + size - 1) % size)).toArray();
            GraphComm graph = world.createGraph(index, edges, true);
            graph.allgather(new long[] {world.rank() % 2}, all);
            assertEquals(2, IntStream.range(0, size).filter(p -> all[p] != all[(p + 1) % size]).count(), "two parts of the ring");
        });
    }
}
