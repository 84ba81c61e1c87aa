package org.jadi.system;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jadi.mpi.CartComm;
import org.jadi.mpi.Comm;
import org.jadi.mpi.Datatype;
import org.jadi.mpi.DistGraphComm;
import org.jadi.mpi.ErrorClass;
import org.jadi.mpi.Info;
import org.jadi.mpi.InterComm;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.MpiException;
import org.jadi.mpi.Op;
import org.jadi.mpi.PersistentRequest;
import org.jadi.mpi.Request;

/** Collective operations. SPEC: MPI 4.1 §6, §8.6. Details are tested in ci/behaviours; here devices take part. */
final class NamedCollectives {
    private static final int LONG = 70_000;

    static final List<Behaviour> ALL = List.of(
            Behaviour.of("red4", NamedCollectives::matrices),
            Behaviour.of("allred6", NamedCollectives::lengths),
            Behaviour.of("scantst", NamedCollectives::scans),
            Behaviour.of("longuser", NamedCollectives::lengthsOfUserOperation),
            Behaviour.of("uoplong", NamedCollectives::longUserOperation),
            Behaviour.of("red_scat_block2", NamedCollectives::scattered),
            Behaviour.of("redscat3", NamedCollectives::longScattered),
            Behaviour.of("opmin_opland", NamedCollectives::predefined),
            Behaviour.of("op_commutative", c -> reduceLocal()),
            Behaviour.of("alltoallw2", NamedCollectives::transposed),
            Behaviour.of("alltoallw_zeros", NamedCollectives::nothing),
            Behaviour.of("bcastzerotype", NamedCollectives::emptyType),
            Behaviour.of("gather_big", NamedCollectives::big),
            Behaviour.of("nonblocking2", NamedCollectives::testedUntilDone),
            Behaviour.of("nonblocking3", NamedCollectives::manyAtOnce),
            Behaviour.of("iallred", NamedCollectives::threads),
            Behaviour.of("p_order", NamedCollectives::startedInAnyOrder),
            Behaviour.of("neighb_allgather", NamedCollectives::neighborsOfAGraph),
            Behaviour.of("neighb_alltoall", NamedCollectives::neighbors),
            Behaviour.of("icallreduce", NamedCollectives::twoGroups),
            Behaviour.of("coll_length", NamedCollectives::wrongLength));

    private NamedCollectives() {}

    private static long rankSum(Comm c) {
        return c.size() * (c.size() - 1L) / 2;
    }

    /** Products of 2 x 2 matrices, which do not commute: that of the lower rank is the left one. */
    private static final Op TIMES = Op.of((in, inout, count, type) -> {
        for (long at = 0; at < count * 4; at += 4) {
            long[] a = words(in, at);
            long[] b = words(inout, at);
            for (int k = 0; k < 4; k++) {
                inout.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, at + k, a[k / 2 * 2] * b[k % 2] + a[k / 2 * 2 + 1] * b[k % 2 + 2]);
            }
        }
    }, false);
    private static final Datatype MATRIX = Datatype.contiguous(4, Datatype.LONG).commit();

    private static long[] words(MemorySegment m, long at) {
        return IntStream.range(0, 4).mapToLong(k -> m.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, at + k)).toArray();
    }

    private static long[] matrix(int rank) {
        return new long[] {1, rank + 1, rank % 2, 1};
    }

    private static long[] product(int first, int end) {
        MemorySegment all = MemorySegment.ofArray(new long[] {1, 0, 0, 1});
        for (int r = end - 1; r >= first; r--) {
            TIMES.reduceLocal(MemorySegment.ofArray(matrix(r)), all, 1, MATRIX);
        }
        return words(all, 0);
    }

    private static void matrices(IntraComm c) {
        for (int root = 0; root < c.size(); root++) {
            MemorySegment in = MemorySegment.ofArray(matrix(c.rank()));
            MemorySegment out = MemorySegment.ofArray(new long[4]);
            c.reduce(in, 1, MATRIX, out, 1, MATRIX, TIMES, root);
            Check.equal(c.rank() == root ? product(0, c.size()) : new long[4], words(out, 0), "product at " + root);
        }
        MemorySegment all = MemorySegment.ofArray(matrix(c.rank()));
        c.iallreduce(all, 1, MATRIX, TIMES).await();
        Check.equal(product(0, c.size()), words(all, 0), "product everywhere");
    }

    /** Lengths around the limits of algorithms and protocols. */
    private static void lengths(IntraComm c) {
        for (int n : new int[] {0, 1, 7, 1000, 8191, LONG}) {
            long[] data = new long[n];
            Arrays.setAll(data, i -> i + c.rank());
            c.allreduce(data, Op.SUM);
            for (int i = 0; i < n; i += Math.max(1, n / 50)) {
                Check.equal((long) i * c.size() + rankSum(c), data[i], "element " + i + " of " + n);
            }
            int[] b = c.rank() == c.size() - 1 ? Check.pattern(n, 5) : new int[n];
            c.bcast(b, c.size() - 1);
            Check.equal(Check.pattern(n, 5), b, "broadcast of " + n);
        }
    }

    private static void scans(IntraComm c) {
        MemorySegment m = MemorySegment.ofArray(matrix(c.rank()));
        c.scan(m, 1, MATRIX, TIMES);
        Check.equal(product(0, c.rank() + 1), words(m, 0), "product up to us");
        MemorySegment e = MemorySegment.ofArray(matrix(c.rank()));
        c.iexscan(e, 1, MATRIX, TIMES).await();
        Check.equal(c.rank() == 0 ? matrix(0) : product(0, c.rank()), words(e, 0), "product of those below us");
    }

    private static void lengthsOfUserOperation(IntraComm c) {
        Op add = Op.ofInts(Integer::sum, true);
        for (int n = 1; n < 10_000; n *= 3) {
            int[] data = new int[n];
            Arrays.setAll(data, i -> i + c.rank());
            c.reduce(data, add, c.size() - 1);
            int last = n - 1;
            Check.equal(c.rank() + 1 == c.size() ? last * c.size() + (int) rankSum(c) : last + c.rank(), data[last], "of " + n);
        }
    }

    private static void longScattered(IntraComm c) {
        int n = c.size();
        int each = LONG / n;
        long[] data = new long[each * n];
        Arrays.setAll(data, i -> i + c.rank());
        int[] counts = new int[n];
        Arrays.fill(counts, each);
        long[] mine = new long[each];
        c.reduceScatter(data, mine, counts, Op.SUM);
        for (int i = 0; i < each; i += 501) {
            Check.equal(((long) c.rank() * each + i) * n + rankSum(c), mine[i], "element " + i);
        }
    }

    private static void testedUntilDone(IntraComm c) {
        long[] sum = {c.rank()};
        int[] all = new int[c.size()];
        Request first = c.iallreduce(sum, Op.SUM);
        Request second = c.iallgather(new int[] {c.rank()}, all);
        while (second.test().isEmpty() || first.test().isEmpty()) {
            Thread.yield();
        }
        Check.equal(rankSum(c), sum[0], "sum");
        Check.equal(IntStream.range(0, c.size()).toArray(), all, "gathered");
    }

    /** Everybody hears of all above, in the order in which they are named. */
    private static void neighborsOfAGraph(IntraComm c) {
        int n = c.size();
        int[] above = IntStream.range(c.rank() + 1, n).map(r -> n + c.rank() - r).toArray();
        int[] below = IntStream.range(0, c.rank()).toArray();
        DistGraphComm graph = c.createDistGraphAdjacent(above, null, below, null, new Info(), false);
        int[] got = new int[above.length];
        graph.neighborAllgather(new int[] {c.rank()}, got);
        Check.equal(above, got, "ranks above");
        graph.free();
    }

    private static void longUserOperation(IntraComm c) {
        double[] in = new double[LONG];
        double[] out = new double[LONG];
        Arrays.setAll(in, i -> i % 10 + c.rank());
        c.allreduce(in, out, Op.ofDoubles((a, b) -> a + b, true));
        c.reduce(in, Op.ofDoubles(Math::max, true), 0);
        Check.equal(c.rank() == 0 ? c.size() - 1.0 : c.rank(), in[0], "in place at the root");
        for (int i = 0; i < LONG; i += 999) {
            Check.equal(i % 10 * c.size() + (double) rankSum(c), out[i], "element " + i);
        }
    }

    private static void scattered(IntraComm c) {
        int n = c.size();
        long[] data = new long[3 * n];
        Arrays.setAll(data, i -> i + c.rank());
        long[] block = new long[3];
        c.reduceScatterBlock(data, block, Op.SUM);
        Check.equal(3L * c.rank() * n + rankSum(c), block[0], "first of the block");
        int[] counts = IntStream.range(0, n).map(r -> r % 3).toArray();
        long[] some = Arrays.copyOf(data, Arrays.stream(counts).sum());
        long[] mine = new long[counts[c.rank()]];
        c.reduceScatter(some, mine, counts, Op.SUM);
        int first = IntStream.range(0, c.rank()).map(r -> r % 3).sum();
        for (int i = 0; i < mine.length; i++) {
            Check.equal((long) (first + i) * n + rankSum(c), mine[i], "element " + i);
        }
    }

    private static void predefined(IntraComm c) {
        int n = c.size();
        int me = c.rank();
        int[] v = {me};
        for (Op op : List.of(Op.MAX, Op.MIN, Op.SUM, Op.BOR, Op.BAND, Op.BXOR)) {
            int[] got = new int[1];
            c.allreduce(v, got, op);
            int expected = IntStream.range(0, n).reduce((a, b) -> op == Op.MAX ? Math.max(a, b) : op == Op.MIN ? Math.min(a, b)
                    : op == Op.SUM ? a + b : op == Op.BOR ? a | b : op == Op.BAND ? a & b : a ^ b).orElseThrow();
            Check.equal(expected, got[0], op.toString());
        }
        boolean[] b = {me == 0, true};
        c.allreduce(b, Op.LAND);
        Check.equal(new boolean[] {n == 1, true}, b, "and");
        int[] where = {-(me % 3), me};
        MemorySegment pair = MemorySegment.ofArray(where);
        c.allreduce(pair, 1, Datatype.INT_INT, Op.MINLOC);
        Check.equal(new int[] {-Math.min(2, n - 1), Math.min(2, n - 1)}, where, "least, and the lowest rank that has it");
    }

    private static void reduceLocal() throws Exception {
        Check.that(Op.SUM.isCommutative() && !TIMES.isCommutative(), "what commutes");
        int[] inout = {1, 2};
        Op.PROD.reduceLocal(new int[] {5, 6}, inout);
        Check.equal(new int[] {5, 12}, inout, "products");
        Check.fails(ErrorClass.OP, () -> Op.BAND.reduceLocal(new double[1], new double[1]));
    }

    /** Every rank has a row of blocks, and gets a column, with another type on each side. */
    private static void transposed(IntraComm c) {
        int n = c.size();
        int[] out = new int[4 * n];
        Arrays.setAll(out, i -> c.rank() * 1000 + i);
        int[] in = new int[4 * n];
        Datatype gaps = Datatype.vector(2, 1, 2, Datatype.INT).commit();
        Datatype[] sent = new Datatype[n];
        Datatype[] received = new Datatype[n];
        long[] counts = new long[n];
        long[] places = new long[n];
        for (int r = 0; r < n; r++) {
            sent[r] = gaps;
            received[r] = r % 2 == 0 ? gaps : Datatype.contiguous(2, Datatype.INT).commit();
            counts[r] = 1;
            places[r] = 16L * r;
        }
        c.alltoallw(MemorySegment.ofArray(out), counts, places, sent, MemorySegment.ofArray(in), counts, places, received);
        for (int r = 0; r < n; r++) {
            int first = r * 1000 + 4 * c.rank();
            Check.equal(first, in[4 * r], "first from " + r);
            Check.equal(first + 2, in[4 * r + (r % 2 == 0 ? 2 : 1)], "second from " + r);
        }
    }

    private static void nothing(IntraComm c) {
        int n = c.size();
        Datatype empty = Datatype.contiguous(0, Datatype.INT).commit();
        Datatype[] types = new Datatype[n];
        Arrays.fill(types, empty);
        long[] zero = new long[n];
        long[] many = new long[n];
        Arrays.fill(many, 7);
        MemorySegment none = MemorySegment.ofArray(new int[0]);
        c.alltoallw(none, many, zero, types, none, many, zero, types);
        Datatype[] ints = new Datatype[n];
        Arrays.fill(ints, Datatype.INT);
        c.alltoallw(none, zero, zero, ints, none, zero, zero, ints);
        c.alltoallv(new int[0], new int[n], null, new int[0], new int[n], null);
        c.allgather(new int[0], new int[0]);
    }

    private static void emptyType(IntraComm c) {
        Datatype empty = Datatype.contiguous(0, Datatype.DOUBLE).commit();
        for (int root = 0; root < c.size(); root++) {
            c.bcast(MemorySegment.ofArray(new double[4]), 4, empty, root);
        }
        c.barrier();
    }

    private static void big(IntraComm c) {
        int root = c.size() - 1;
        int[] all = c.rank() == root ? new int[LONG * c.size()] : null;
        c.gather(Check.pattern(LONG, c.rank()), all, root);
        for (int r = 0; all != null && r < c.size(); r++) {
            Check.equal(Check.pattern(LONG, r), Arrays.copyOfRange(all, r * LONG, (r + 1) * LONG), "from " + r);
        }
        int[] mine = new int[LONG];
        c.scatter(all, mine, root);
        Check.equal(Check.pattern(LONG, c.rank()), mine, "and back");
    }

    /** Many operations under way, completed in the opposite order. */
    private static void manyAtOnce(IntraComm c) {
        int n = c.size();
        List<Request> requests = new ArrayList<>();
        List<Runnable> checks = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int turn = i;
            int root = i % n;
            long[] sum = {c.rank(), turn};
            int[] b = c.rank() == root ? Check.pattern(500, turn) : new int[500];
            int[] gathered = new int[n];
            long[] exchanged = new long[n];
            long[] out = new long[n];
            Arrays.fill(out, c.rank() * 100L + turn);
            requests.add(c.iallreduce(sum, Op.SUM));
            requests.add(c.ibcast(b, root));
            requests.add(c.iallgather(new int[] {c.rank() + turn}, gathered));
            requests.add(c.ibarrier());
            requests.add(c.ialltoall(out, exchanged));
            checks.add(() -> {
                Check.equal(new long[] {rankSum(c), (long) turn * n}, sum, "sum " + turn);
                Check.equal(Check.pattern(500, turn), b, "broadcast " + turn);
                Check.equal(n - 1 + turn, gathered[n - 1], "gathered " + turn);
                Check.equal((n - 1) * 100L + turn, exchanged[n - 1], "exchanged " + turn);
            });
        }
        Request.awaitAll(requests.reversed());
        checks.forEach(Runnable::run);
    }

    /** Threads with a communicator each. */
    private static void threads(IntraComm c) throws Exception {
        int threads = 3;
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            IntraComm own = c.dup();
            tasks.add(() -> {
                for (int turn = 0; turn < 20; turn++) {
                    long[] sum = {turn + own.rank()};
                    (turn % 2 == 0 ? own.iallreduce(sum, Op.SUM) : own.ireduceScatterBlock(new long[own.size()], new long[1], Op.SUM))
                            .await();
                    Check.equal(turn % 2 == 0 ? (long) turn * own.size() + rankSum(own) : turn + own.rank(), sum[0], "sum");
                }
                own.free();
                return null;
            });
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (Future<Void> f : tasks.stream().map(pool::submit).toList()) {
                f.get(50, TimeUnit.SECONDS);
            }
        }
    }

    private static void startedInAnyOrder(IntraComm c) {
        long[][] data = new long[3][1];
        PersistentRequest[] sums = new PersistentRequest[3];
        for (int i = 0; i < 3; i++) {
            sums[i] = c.allreduceInit(data[i], Op.SUM);
        }
        Check.equal(org.jadi.mpi.Status.EMPTY, sums[0].await(), "an inactive request is complete");
        for (int turn = 0; turn < 4; turn++) {
            for (int i = 0; i < 3; i++) {
                data[i][0] = c.rank() + i;
            }
            for (int i = 0; i < 3; i++) {
                sums[(i + c.rank() + turn) % 3].start();
            }
            Request.awaitAll(sums);
            for (int i = 0; i < 3; i++) {
                Check.equal(rankSum(c) + (long) i * c.size(), data[i][0], "sum " + i + " in turn " + turn);
            }
        }
        Arrays.stream(sums).forEach(PersistentRequest::free);
    }

    private static void neighbors(IntraComm c) {
        CartComm ring = c.createCart(new int[] {c.size()}, new boolean[] {true}, false);
        int[] got = new int[2];
        ring.neighborAlltoall(new int[] {c.rank() * 10, c.rank() * 10 + 1}, got);
        Check.equal(new int[] {Check.previous(c) * 10 + 1, Check.next(c) * 10}, got, "from both sides");
        int[] all = new int[2];
        ring.ineighborAlltoallv(new int[] {c.rank(), -c.rank()}, new int[] {1, 1}, null, all, new int[] {1, 1}, null).await();
        Check.equal(new int[] {-Check.previous(c), Check.next(c)}, all, "ragged");
        ring.free();
    }

    private static void twoGroups(IntraComm c) {
        if (c.size() == 1) {
            return;
        }
        IntraComm part = c.split(c.rank() % 2, 0);
        InterComm two = part.createInter(0, c, 1 - c.rank() % 2, 3);
        int far = two.remoteSize();
        long[] sum = new long[2];
        two.allreduce(new long[] {c.rank(), 1}, sum, Op.SUM);
        long theirs = IntStream.range(0, c.size()).filter(r -> r % 2 != c.rank() % 2).sum();
        Check.equal(new long[] {theirs, far}, sum, "sum of the other group");
        long[] all = new long[far * (far + 1) / 2 + far];
        long[] counts = two.allgatherv(new long[part.rank() + 1], all);
        Check.equal(IntStream.rangeClosed(1, far).asLongStream().toArray(), counts, "lengths");
        two.barrier();
        two.free();
        part.free();
    }

    /** Whoever gets more than fits says so; the communicator stays usable. */
    private static void wrongLength(IntraComm c) throws Exception {
        IntraComm own = c.dup();
        try {
            own.bcast(new int[own.rank() == 0 ? 8 : 4], 0);
            Check.that(own.rank() == 0, "4 elements have come where 8 were sent");
        } catch (MpiException e) {
            Check.that(own.size() > 1 && List.of(ErrorClass.TRUNCATE, ErrorClass.NOT_SAME).contains(e.errorClass()),
                    e.getMessage());
        }
        Check.fails(ErrorClass.ROOT, () -> own.bcast(new int[1], own.size()));
        Check.fails(ErrorClass.COUNT, () -> own.allreduce(new int[1], new int[2], Op.SUM));
        Check.fails(ErrorClass.BUFFER, () -> own.allreduce((int[]) null, Op.SUM));
        Check.fails(ErrorClass.OP, () -> own.allreduce(new int[1], (Op) null));
        int[] sum = {1};
        own.allreduce(sum, Op.SUM);
        Check.equal(own.size(), sum[0], "still usable");
        own.free();
    }
}
