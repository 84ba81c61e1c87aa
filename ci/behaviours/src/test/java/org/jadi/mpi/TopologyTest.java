package org.jadi.mpi;

import static org.jadi.mpi.GroupTest.assertClass;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jadi.junit.MpiTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Behaviours dims1..5, cartzero, cartsuball, cartmap1, topodup, distgraph1, dgraph_unwgt; the old graph. */
class TopologyTest {
    // --------------------------------------------------------------------- dims

    @Test
    @Timeout(20)
    void shouldDivideEvenly() {
        assertArrayEquals(new int[] {3, 2}, CartComm.dimsCreate(6, 0, 0));
        assertArrayEquals(new int[] {7, 1}, CartComm.dimsCreate(7, 0, 0));
        assertArrayEquals(new int[] {2, 3, 1}, CartComm.dimsCreate(6, 0, 3, 0));
        assertArrayEquals(new int[] {4, 2, 2}, CartComm.dimsCreate(16, 0, 0, 0));
        assertArrayEquals(new int[] {1, 1, 1}, CartComm.dimsCreate(1, 0, 0, 0));
        assertArrayEquals(new int[] {12, 12}, CartComm.dimsCreate(144, 0, 0));
        assertArrayEquals(new int[] {8, 6}, CartComm.dimsCreate(48, 0, 0));
        assertArrayEquals(new int[0], CartComm.dimsCreate(1));
        assertArrayEquals(new int[] {5, 2}, CartComm.dimsCreate(10, 5, 2));
        int[] given = {0, 0};
        CartComm.dimsCreate(4, given);
        assertArrayEquals(new int[] {0, 0}, given);
    }

    @Test
    void shouldRefuseDimensionsThatDoNotDivide() {
        assertClass(ErrorClass.DIMS, () -> CartComm.dimsCreate(6, 4, 0));
        assertClass(ErrorClass.DIMS, () -> CartComm.dimsCreate(6, -1, 0));
        assertClass(ErrorClass.DIMS, () -> CartComm.dimsCreate(6, 2, 2));
        assertClass(ErrorClass.DIMS, () -> CartComm.dimsCreate(6, 12, 0));
        assertClass(ErrorClass.DIMS, () -> CartComm.dimsCreate(2));
        assertClass(ErrorClass.ARG, () -> CartComm.dimsCreate(0, 0));
    }

    @Test
    @Timeout(30)
    void shouldFindTheSmallestLargestDimension() {
        for (int n = 1; n <= 360; n++) {
            for (int d = 1; d <= 4; d++) {
                int[] dims = CartComm.dimsCreate(n, new int[d]);
                assertEquals(n, Arrays.stream(dims).reduce(1, (a, b) -> a * b));
                for (int i = 1; i < d; i++) {
                    assertTrue(dims[i - 1] >= dims[i], n + " " + Arrays.toString(dims));
                }
                assertEquals(smallestLargest(n, d), dims[0], n + " " + Arrays.toString(dims));
            }
        }
        assertEquals(8, CartComm.dimsCreate(1 << 30, new int[10])[0]);
        assertEquals(735_134_400, Arrays.stream(CartComm.dimsCreate(735_134_400, new int[6])).reduce(1, (a, b) -> a * b));
        assertEquals(Integer.MAX_VALUE, CartComm.dimsCreate(Integer.MAX_VALUE, new int[3])[0]);
    }

    /** The model: tries all factors. */
    private static int smallestLargest(int n, int d) {
        return d == 1 ? n : IntStream.rangeClosed(1, n).filter(f -> n % f == 0)
                .map(f -> Math.max(f, smallestLargest(n / f, d - 1))).min().orElseThrow();
    }

    // --------------------------------------------------------------------- grid

    @MpiTest(ranks = {6, 7, 8})
    void gridsKnowPlacesAndShifts(IntraComm world) {
        CartComm cart = world.createCart(new int[] {3, 2}, new boolean[] {true, false}, true);
        assertEquals(world.rank() < 6, cart != null);
        assertEquals(world.rank() < 6 ? world.rank() : Comm.UNDEFINED,
                world.cartMap(new int[] {3, 2}, new boolean[] {true, false}));
        if (cart == null) {
            return;
        }
        assertEquals(Topology.CART, cart.topology());
        assertEquals(Topology.NONE, world.topology());
        assertArrayEquals(new int[] {3, 2}, cart.dims());
        assertArrayEquals(new boolean[] {true, false}, cart.periods());
        int[] c = cart.coords();
        assertArrayEquals(new int[] {cart.rank() / 2, cart.rank() % 2}, c);
        assertEquals(cart.rank(), cart.rank(c));
        assertEquals(cart.rank(), cart.rank(c[0] - 6, c[1]));
        assertClass(ErrorClass.ARG, () -> cart.rank(0, 2));
        assertClass(ErrorClass.ARG, () -> cart.rank(0));
        assertClass(ErrorClass.RANK, () -> cart.coords(6));
        assertEquals(new CartComm.Shift((c[0] + 2) % 3 * 2 + c[1], (c[0] + 1) % 3 * 2 + c[1]), cart.shift(0, 1));
        assertEquals(cart.shift(0, 1), cart.shift(0, -2));
        assertEquals(c[1] == 0 ? new CartComm.Shift(Comm.PROC_NULL, cart.rank() + 1)
                : new CartComm.Shift(cart.rank() - 1, Comm.PROC_NULL), cart.shift(1, 1));
        assertEquals(new CartComm.Shift(cart.rank(), cart.rank()), cart.shift(1, 0));
        assertEquals(new CartComm.Shift(Comm.PROC_NULL, Comm.PROC_NULL), cart.shift(1, Integer.MIN_VALUE));
        assertClass(ErrorClass.DIMS, () -> cart.shift(2, 1));
        int[] in = new int[1];
        CartComm.Shift s = cart.shift(1, 1);
        cart.sendrecv(new int[] {cart.rank()}, s.destination(), 0, in, s.source(), 0);
        assertEquals(s.source() == Comm.PROC_NULL ? 0 : s.source(), in[0]);
    }

    @MpiTest(ranks = {6, 8})
    void gridsAreDividedByDimensions(IntraComm world) {
        CartComm cart = world.createCart(new int[] {1, 3, 2}, new boolean[] {false, true, false}, false);
        if (cart == null) {
            return;
        }
        CartComm rows = cart.sub(false, false, true);
        assertArrayEquals(new int[] {2}, rows.dims());
        assertEquals(cart.coords()[2], rows.rank());
        CartComm plane = cart.sub(true, true, false);
        assertArrayEquals(new int[] {1, 3}, plane.dims());
        assertArrayEquals(new boolean[] {false, true}, plane.periods());
        assertArrayEquals(new int[] {0, cart.coords()[1]}, plane.coords());
        CommTest.ring(plane);
        CartComm points = cart.sub(false, false, false);
        assertEquals(1, points.size());
        assertEquals(0, points.dimensions());
        assertEquals(Comparison.CONGRUENT, cart.compare(cart.sub(true, true, true)));
        assertClass(ErrorClass.ARG, () -> cart.sub(true));
    }

    @MpiTest(ranks = {1, 3})
    void gridsWithoutDimensionsHaveOneRank(IntraComm world) {
        CartComm cart = world.createCart(new int[0], new boolean[0], false);
        assertEquals(world.rank() == 0, cart != null);
        if (cart != null) {
            assertEquals(0, cart.coords().length);
            assertEquals(0, cart.rank());
            assertEquals(0, cart.rank(new int[0]));
            assertEquals(1, cart.dup().size());
            assertEquals(0, cart.sub().dimensions());
        }
        assertClass(ErrorClass.DIMS, () -> world.createCart(new int[] {0}, new boolean[1], false));
        assertClass(ErrorClass.ARG, () -> world.createCart(new int[] {2, 2}, new boolean[2], false));
        assertClass(ErrorClass.ARG, () -> world.createCart(new int[] {1 << 20, 1 << 20}, new boolean[2], false));
        assertClass(ErrorClass.ARG, () -> world.createCart(new int[] {1}, new boolean[2], false));
        CommTest.ring(world);
    }

    @MpiTest(ranks = {4, 5})
    void dupKeepsTheTopologyAndSplitDoesNot(IntraComm world) {
        CartComm cart = world.createCart(new int[] {2, 2}, new boolean[] {true, true}, false);
        if (cart == null) {
            return;
        }
        CartComm dup = cart.dup();
        assertArrayEquals(cart.coords(), dup.coords());
        assertEquals(Topology.CART, cart.idup().awaitValue().topology());
        assertEquals(Topology.NONE, cart.split(0, 0).topology());
        GraphComm graph = cart.createGraph(new int[] {1, 2, 3, 4}, new int[] {1, 2, 3, 0}, false);
        assertArrayEquals(new int[] {(cart.rank() + 1) % 4}, graph.dup().neighbors(cart.rank()));
        DistGraphComm dist = cart.createDistGraphAdjacent(new int[] {3}, null, new int[] {0}, null, new Info(), false);
        assertArrayEquals(new int[] {3}, dist.dup(new Info()).sources());
    }

    // ------------------------------------------------------------------- graphs

    @MpiTest(ranks = {4, 5})
    void graphsKnowAllNeighbors(IntraComm world) {
        int[] index = {2, 3, 4, 6};
        int[] edges = {1, 3, 0, 3, 0, 2};
        GraphComm graph = world.createGraph(index, edges, true);
        assertEquals(world.rank() < 4, graph != null);
        assertEquals(world.rank() < 4 ? world.rank() : Comm.UNDEFINED, world.graphMap(index, edges));
        if (graph != null) {
            assertEquals(Topology.GRAPH, graph.topology());
            assertArrayEquals(index, graph.index());
            assertArrayEquals(edges, graph.edges());
            assertArrayEquals(new int[] {1, 3}, graph.neighbors(0));
            assertArrayEquals(new int[] {0}, graph.neighbors(1));
            assertEquals(2, graph.neighborCount(3));
            assertClass(ErrorClass.RANK, () -> graph.neighbors(4));
            CommTest.ring(graph);
        }
        assertNull(world.createGraph(new int[0], new int[0], false));
        assertClass(ErrorClass.ARG, () -> world.createGraph(new int[] {2, 1}, new int[] {0, 1}, false));
        assertClass(ErrorClass.ARG, () -> world.createGraph(new int[] {1}, new int[] {1}, false));
        assertClass(ErrorClass.ARG, () -> world.createGraph(new int[] {2}, new int[] {0}, false));
        assertClass(ErrorClass.ARG, () -> world.createGraph(new int[99], new int[0], false));
    }

    @MpiTest(ranks = {1, 2, 4, 5})
    void edgesReachTheirEndsWhoeverNamesThem(IntraComm world) {
        int size = world.size();
        Random random = new Random(CommTest.agreed(world, System.nanoTime()));
        for (int turn = 0; turn < 10; turn++) {
            List<int[]> edges = new ArrayList<>(); // namer, source, destination, weight
            int count = random.nextInt(4 * size);
            for (int e = 0; e < count; e++) {
                edges.add(new int[] {random.nextInt(size), random.nextInt(size), random.nextInt(size), e});
            }
            boolean weighted = turn % 2 == 0;
            List<int[]> mine = edges.stream().filter(e -> e[0] == world.rank()).toList();
            DistGraphComm graph = world.createDistGraph(column(mine, 1), mine.stream().mapToInt(e -> 1).toArray(),
                    column(mine, 2), weighted ? column(mine, 3) : null, new Info(), false);
            assertEquals(weighted, graph.isWeighted());
            check(edges.stream().filter(e -> e[2] == world.rank()).toList(), 1, graph.sources(), graph.sourceWeights());
            check(edges.stream().filter(e -> e[1] == world.rank()).toList(), 2, graph.destinations(),
                    graph.destinationWeights());
            assertEquals(graph.sources().length, graph.inDegree());
            assertEquals(graph.destinations().length, graph.outDegree());
            CommTest.ring(graph);
        }
    }

    private static int[] column(List<int[]> rows, int column) {
        return rows.stream().mapToInt(r -> r[column]).toArray();
    }

    /** The order of neighbors is free, but the weight belongs to its edge. */
    private static void check(List<int[]> edges, int end, int[] ranks, int[] weights) {
        long[] expected = edges.stream().mapToLong(e -> (long) e[end] << 32 | (weights == null ? 0 : e[3])).sorted().toArray();
        long[] actual = IntStream.range(0, ranks.length).mapToLong(i -> (long) ranks[i] << 32 | (weights == null ? 0 : weights[i]))
                .sorted().toArray();
        assertArrayEquals(expected, actual);
    }

    @MpiTest(ranks = {1, 3, 4})
    void adjacentGraphsReturnWhatTheyWereGiven(IntraComm world) {
        int right = (world.rank() + 1) % world.size();
        int left = (world.rank() + world.size() - 1) % world.size();
        DistGraphComm graph = world.createDistGraphAdjacent(new int[] {left, left}, new int[] {1, 2}, new int[] {right, right},
                new int[] {1, 2}, new Info(), true);
        assertEquals(Topology.DIST_GRAPH, graph.topology());
        assertArrayEquals(new int[] {left, left}, graph.sources());
        assertArrayEquals(new int[] {1, 2}, graph.destinationWeights());
        DistGraphComm plain = world.createDistGraphAdjacent(new int[0], null, new int[0], null, new Info(), false);
        assertFalse(plain.isWeighted());
        assertNull(plain.sourceWeights());
        assertTrue(world.createDistGraphAdjacent(new int[0], new int[0], new int[0], new int[0], new Info(), false).isWeighted());
        assertClass(ErrorClass.RANK, () -> world.createDistGraphAdjacent(new int[] {9}, null, new int[0], null, new Info(), false));
        assertClass(ErrorClass.ARG, () -> world.createDistGraphAdjacent(new int[0], new int[1], new int[0], null, new Info(), false));
        assertClass(ErrorClass.ARG, () -> world.createDistGraph(new int[] {0}, new int[] {2}, new int[] {0}, null, new Info(), false));
        assertClass(ErrorClass.INFO, () -> world.createDistGraph(new int[0], new int[0], new int[0], null, null, false));
        if (world.size() > 1) {
            int[] weights = world.rank() == 1 ? null : new int[0];
            assertClass(ErrorClass.ARG, () -> world.createDistGraph(new int[0], new int[0], new int[0], weights, new Info(), false));
        }
        CommTest.ring(world);
    }
}
