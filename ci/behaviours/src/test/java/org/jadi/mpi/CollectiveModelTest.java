package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;
import org.jadi.mpi.collective.Algorithm;
import org.jadi.mpi.collective.Operation;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every collective operation against a sequential model with random lengths, roots and data: with the table's choice, with
 * each algorithm forced, with short segments, and with messages that all go by rendezvous.
 */
class CollectiveModelTest {
    private static final int[] SIZES = {1, 2, 3, 4, 5, 7, 8};
    private static final int TURNS = 6;

    /** Composes the maps {@code x -> (x * a + b)}, a and b being halves of a long: associative, does not commute. */
    static final LongBinaryOperator COMPOSE = (f, g) -> {
        int a = (int) (f >> 32);
        int b = (int) f;
        int c = (int) (g >> 32);
        int d = (int) g;
        return (long) (a * c) << 32 | (b * c + d) & 0xFFFF_FFFFL;
    };

    private static final Op ORDERED = Op.ofLongs(COMPOSE, false);
    private static final Op LOOSE = Op.ofLongs((a, b) -> a ^ Long.reverse(Long.reverse(b)), true);

    private record OpModel(Op op, LongBinaryOperator model) {}

    private static final List<OpModel> OPS = List.of(new OpModel(Op.SUM, Long::sum), new OpModel(Op.MAX, Math::max),
            new OpModel(Op.BXOR, (a, b) -> a ^ b), new OpModel(LOOSE, (a, b) -> a ^ b), new OpModel(ORDERED, COMPOSE));

    @TestFactory
    List<DynamicTest> everyAlgorithmFollowsTheModel() {
        List<DynamicTest> tests = new ArrayList<>();
        List<Map<String, String>> settings = new ArrayList<>(List.of(Map.of(), Map.of("coll.segmentBytes", "64"),
                Map.of("eager.limitBytes", "0"), Map.of("device", "shm"), Map.of("device", "tcp"), Map.of("coll.sharedBytes", "0"),
                Map.of("coll.chunkBytes", "1k"), Map.of("device", "shm", "coll.chunkBytes", "1k", "wait.spin", "0us", "wait.yield", "0us"),
                Map.of("coll.nodes", "2"), Map.of("coll.nodes", "3", "coll.chunkBytes", "1k"), Map.of("coll.nodes", "1000"),
                Map.of("coll.reproducible", "true", "coll.nodes", "2")));
        for (Operation o : Operation.values()) {
            for (Algorithm a : o.algorithms()) {
                settings.add(Map.of("coll." + o.label, a.label(), "coll.segmentBytes", "200", "coll.nodes",
                        a == Algorithm.HIERARCHICAL ? "2" : "0"));
            }
        }
        long seed = System.nanoTime();
        for (Map<String, String> s : settings) {
            tests.add(DynamicTest.dynamicTest(s.toString(), () -> {
                for (int size : SIZES) {
                    Ranks.run(size, s, world -> new Program(world, seed, s.toString()).run());
                }
            }));
        }
        return tests;
    }

    /** What one rank does; all draw the same random numbers, and know each other's data. */
    private static final class Program {
        final IntraComm comm;
        final int rank;
        final int size;
        final Random random;
        final long seed;
        final String settings;
        String what;

        Program(IntraComm comm, long seed, String settings) {
            this.comm = comm;
            this.rank = comm.rank();
            this.size = comm.size();
            this.random = new Random(seed);
            this.seed = seed;
            this.settings = settings;
        }

        void run() {
            for (int turn = 0; turn < TURNS; turn++) {
                what = "seed=" + seed + " turn=" + turn + " rank=" + rank + " of " + size + " " + settings;
                int n = turn == 0 ? 0 : turn == 1 ? 1 : 1 + random.nextInt(turn == 5 ? 4000 : 100);
                int root = random.nextInt(size);
                comm.barrier();
                moves(n, root);
                ragged(root);
                for (OpModel op : OPS) {
                    reductions(n, root, op);
                }
            }
        }

        /** Data of a rank. */
        long[] data(long salt, int of, int n) {
            return new Random(salt * 31 + of).longs(n).toArray();
        }

        void moves(int n, int root) {
            long salt = random.nextLong();
            long[] b = rank == root ? data(salt, root, n) : new long[n];
            comm.bcast(b, root);
            assertArrayEquals(data(salt, root, n), b, what);

            long[] mine = data(salt, rank, n);
            long[] all = concatenated(salt, n);
            long[] got = rank == root ? new long[n * size] : null;
            comm.gather(mine, got, root);
            assertArrayEquals(rank == root ? all : null, got, what);
            if (rank == root) {
                System.arraycopy(mine, 0, got = new long[n * size], n * rank, n);
            }
            comm.gather(rank == root ? null : mine, got, root);
            assertArrayEquals(rank == root ? all : null, got, what);

            long[] part = new long[n];
            comm.scatter(rank == root ? all : null, part, root);
            assertArrayEquals(mine, part, what);
            long[] everything = new long[n * size];
            comm.allgather(mine, everything);
            assertArrayEquals(all, everything, what);
            Arrays.fill(everything, 0);
            System.arraycopy(mine, 0, everything, n * rank, n);
            comm.allgather(everything);
            assertArrayEquals(all, everything, what);

            long[] out = data(salt, rank, n * size);
            long[] expected = new long[n * size];
            for (int r = 0; r < size; r++) {
                System.arraycopy(data(salt, r, n * size), n * rank, expected, n * r, n);
            }
            long[] in = new long[n * size];
            comm.alltoall(out, in);
            assertArrayEquals(expected, in, what);
            assertArrayEquals(data(salt, rank, n * size), out, what);
            comm.alltoall(out);
            assertArrayEquals(expected, out, what);
        }

        long[] concatenated(long salt, int n) {
            long[] all = new long[n * size];
            for (int r = 0; r < size; r++) {
                System.arraycopy(data(salt, r, n), 0, all, n * r, n);
            }
            return all;
        }

        void ragged(int root) {
            long salt = random.nextLong();
            int[] counts = random.ints(size, 0, 20).map(c -> c < 5 ? 0 : c).toArray();
            // Blocks in reverse order, with gaps.
            int[] places = new int[size];
            int end = 0;
            for (int r = size - 1; r >= 0; r--) {
                places[r] = end + r % 3;
                end = places[r] + counts[r];
            }
            long[] mine = data(salt, rank, counts[rank]);
            long[] spread = new long[end];
            long[] dense = new long[Arrays.stream(counts).sum()];
            int at = 0;
            for (int r = 0; r < size; r++) {
                System.arraycopy(data(salt, r, counts[r]), 0, spread, places[r], counts[r]);
                System.arraycopy(data(salt, r, counts[r]), 0, dense, at, counts[r]);
                at += counts[r];
            }
            long[] got = new long[end];
            comm.gatherv(mine, got, counts, places, root);
            assertArrayEquals(rank == root ? spread : new long[end], got, what);
            long[] part = new long[counts[rank]];
            comm.scatterv(spread, counts, places, part, root);
            assertArrayEquals(mine, part, what);
            long[] all = new long[end];
            comm.allgatherv(mine, all, counts, places);
            assertArrayEquals(spread, all, what);
            long[] found = new long[dense.length];
            long[] lengths = comm.allgatherv(mine, found);
            assertArrayEquals(dense, found, what);
            assertArrayEquals(RaggedCalls.longs(counts), lengths, what);
            Arrays.fill(found, 0);
            lengths = comm.gatherv(mine, found, root);
            assertArrayEquals(rank == root ? RaggedCalls.longs(counts) : null, lengths, what);
            assertArrayEquals(rank == root ? dense : new long[dense.length], found, what);
            exchange(salt);
        }

        void exchange(long salt) {
            int[][] counts = new int[size][];
            for (int r = 0; r < size; r++) {
                counts[r] = random.ints(size, -3, 9).map(c -> Math.max(0, c)).toArray();
            }
            int[] from = IntStream.range(0, size).map(r -> counts[r][rank]).toArray();
            long[] out = data(salt, rank, Arrays.stream(counts[rank]).sum());
            long[] expected = new long[Arrays.stream(from).sum()];
            int at = 0;
            for (int r = 0; r < size; r++) {
                int start = Arrays.stream(counts[r], 0, rank).sum();
                System.arraycopy(data(salt, r, Arrays.stream(counts[r]).sum()), start, expected, at, from[r]);
                at += from[r];
            }
            long[] in = new long[expected.length];
            comm.alltoallv(out, counts[rank], null, in, from, null);
            assertArrayEquals(expected, in, what);
            Arrays.fill(in, 0);
            assertArrayEquals(RaggedCalls.longs(from), comm.alltoallv(out, counts[rank], in), what);
            assertArrayEquals(expected, in, what);
        }

        void reductions(int n, int root, OpModel op) {
            String why = what + " op=" + op.op() + " n=" + n + " root=" + root;
            long salt = random.nextLong();
            long[][] prefixes = new long[size][];
            for (int r = 0; r < size; r++) {
                long[] d = data(salt, r, n);
                for (int i = 0; i < n && r > 0; i++) {
                    d[i] = op.model().applyAsLong(prefixes[r - 1][i], d[i]);
                }
                prefixes[r] = d;
            }
            long[] all = prefixes[size - 1];
            long[] mine = data(salt, rank, n);
            long[] got = new long[n];
            comm.reduce(mine, got, op.op(), root);
            assertArrayEquals(rank == root ? all : new long[n], got, why);
            long[] place = mine.clone();
            comm.reduce(place, op.op(), root);
            assertArrayEquals(rank == root ? all : mine, place, why);
            comm.allreduce(mine, got, op.op());
            assertArrayEquals(all, got, why);
            place = mine.clone();
            comm.allreduce(place, op.op());
            assertArrayEquals(all, place, why);
            comm.scan(mine, got, op.op());
            assertArrayEquals(prefixes[rank], got, why);
            place = mine.clone();
            comm.scan(place, op.op());
            assertArrayEquals(prefixes[rank], place, why);
            Arrays.fill(got, 77);
            comm.exscan(mine, got, op.op());
            long[] before = new long[n];
            Arrays.fill(before, 77);
            assertArrayEquals(rank == 0 ? before : prefixes[rank - 1], got, why);
            place = mine.clone();
            comm.exscan(place, op.op());
            assertArrayEquals(rank == 0 ? mine : prefixes[rank - 1], place, why);
            assertArrayEquals(data(salt, rank, n), mine, why);
            scatters(n, all, mine, op, why);
        }

        void scatters(int n, long[] all, long[] mine, OpModel op, String why) {
            int[] counts = new int[size];
            for (int left = n, r = 0; r < size; r++) {
                counts[r] = r == size - 1 ? left : random.nextInt(left + 1);
                left -= counts[r];
            }
            int start = Arrays.stream(counts, 0, rank).sum();
            long[] expected = Arrays.copyOfRange(all, start, start + counts[rank]);
            long[] part = new long[counts[rank]];
            comm.reduceScatter(mine, part, counts, op.op());
            assertArrayEquals(expected, part, why);
            long[] place = mine.clone();
            comm.reduceScatter(place, counts, op.op());
            assertArrayEquals(expected, Arrays.copyOf(place, counts[rank]), why);
            int each = n / size;
            long[] send = Arrays.copyOf(mine, each * size);
            part = new long[each];
            comm.reduceScatterBlock(send, part, op.op());
            assertArrayEquals(Arrays.copyOfRange(all, each * rank, each * (rank + 1)), part, why);
            assertEquals(each, part.length);
        }
    }
}
