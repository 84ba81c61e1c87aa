package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.jadi.junit.MpiTest;

/** All predefined operations on all types, legal or not: opmin*, opmax*, opsum*, opprod*, opland*, ..., rerr, reduce_local. */
class ReductionTypesTest {
    private static final Map<Op, LongBinaryOperator> INTEGER = new LinkedHashMap<>();
    private static final Map<Op, DoubleBinaryOperator> FLOATING = new LinkedHashMap<>();

    static {
        INTEGER.put(Op.SUM, Long::sum);
        INTEGER.put(Op.PROD, (a, b) -> a * b);
        INTEGER.put(Op.MIN, Math::min);
        INTEGER.put(Op.MAX, Math::max);
        INTEGER.put(Op.LAND, (a, b) -> a != 0 && b != 0 ? 1 : 0);
        INTEGER.put(Op.LOR, (a, b) -> a != 0 || b != 0 ? 1 : 0);
        INTEGER.put(Op.LXOR, (a, b) -> a != 0 ^ b != 0 ? 1 : 0);
        INTEGER.put(Op.BAND, (a, b) -> a & b);
        INTEGER.put(Op.BOR, (a, b) -> a | b);
        INTEGER.put(Op.BXOR, (a, b) -> a ^ b);
        FLOATING.put(Op.SUM, Double::sum);
        FLOATING.put(Op.PROD, (a, b) -> a * b);
        FLOATING.put(Op.MIN, Math::min);
        FLOATING.put(Op.MAX, Math::max);
    }

    private static final List<Datatype> INTEGERS = List.of(Datatype.BYTE, Datatype.SHORT, Datatype.INT, Datatype.LONG);
    private static final List<Datatype> FLOATINGS = List.of(Datatype.FLOAT, Datatype.DOUBLE);

    private static long get(MemorySegment m, Datatype t, long i) {
        return t == Datatype.BYTE ? m.get(ValueLayout.JAVA_BYTE, i)
                : t == Datatype.SHORT ? m.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i)
                : t == Datatype.INT ? m.get(ValueLayout.JAVA_INT_UNALIGNED, 4 * i) : m.get(ValueLayout.JAVA_LONG_UNALIGNED, 8 * i);
    }

    private static void set(MemorySegment m, Datatype t, long i, long v) {
        if (t == Datatype.BYTE) {
            m.set(ValueLayout.JAVA_BYTE, i, (byte) v);
        } else if (t == Datatype.SHORT) {
            m.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i, (short) v);
        } else if (t == Datatype.INT) {
            m.set(ValueLayout.JAVA_INT_UNALIGNED, 4 * i, (int) v);
        } else {
            m.set(ValueLayout.JAVA_LONG_UNALIGNED, 8 * i, v);
        }
    }

    /** Values that are often 0, so that the logical operations have something to tell apart. */
    private static long value(long seed, int rank, int i) {
        long r = new Random(seed * 7919 + rank * 104729L + i).nextLong();
        return r % 3 == 0 ? 0 : r % 3 == 1 ? r : 1;
    }

    @MpiTest(ranks = {1, 2, 3, 5, 8})
    void integers(IntraComm world) {
        long seed = world.bcastObject(System.nanoTime(), 0);
        int n = 1500; // more than one piece of memory that is no array
        try (Arena arena = Arena.ofShared()) {
            for (Datatype type : INTEGERS) {
                for (Map.Entry<Op, LongBinaryOperator> e : INTEGER.entrySet()) {
                    MemorySegment in = arena.allocate(n * type.size());
                    MemorySegment out = MemorySegment.ofArray(new byte[(int) (n * type.size())]);
                    MemorySegment expected = arena.allocate(n * type.size());
                    for (int i = 0; i < n; i++) {
                        set(in, type, i, value(seed, world.rank(), i));
                        set(expected, type, i, value(seed, 0, i));
                        for (int r = 1; r < world.size(); r++) {
                            MemorySegment one = MemorySegment.ofArray(new long[1]);
                            set(one, type, 0, value(seed, r, i));
                            set(expected, type, i, e.getValue().applyAsLong(get(expected, type, i), get(one, type, 0)));
                        }
                    }
                    world.allreduce(in, n, type, out, n, type, e.getKey());
                    assertEquals(-1, out.mismatch(expected), "seed=" + seed + " " + type + " " + e.getKey());
                }
            }
        }
    }

    @MpiTest(ranks = {1, 2, 3, 5})
    void floatingsAreTheSameBitsOnAllRanks(IntraComm world) {
        long seed = world.bcastObject(System.nanoTime(), 0);
        int n = 333;
        for (Map.Entry<Op, DoubleBinaryOperator> e : FLOATING.entrySet()) {
            double[] d = new double[n];
            float[] f = new float[n];
            for (int i = 0; i < n; i++) {
                d[i] = new Random(seed + world.rank() * 31 + i).nextGaussian();
                f[i] = (float) d[i];
            }
            world.allreduce(d, e.getKey());
            world.allreduce(f, e.getKey());
            for (int i = 0; i < n; i++) {
                double expected = new Random(seed + i).nextGaussian();
                for (int r = 1; r < world.size(); r++) {
                    expected = e.getValue().applyAsDouble(expected, new Random(seed + r * 31 + i).nextGaussian());
                }
                assertEquals(expected, d[i], 1e-12, "seed=" + seed + " " + e.getKey());
                assertEquals(expected, f[i], 1e-4, "seed=" + seed + " " + e.getKey());
            }
            double[] first = d.clone();
            world.bcast(first, 0);
            assertArrayEquals(first, d, 0.0, "seed=" + seed + " " + e.getKey());
        }
    }

    @MpiTest(ranks = {2, 3})
    void booleansAndChars(IntraComm world) {
        boolean[] b = {world.rank() == 0, true, false};
        boolean[] all = new boolean[3];
        world.allreduce(b, all, Op.LAND);
        assertArrayEquals(new boolean[] {false, true, false}, all);
        world.allreduce(b, all, Op.LOR);
        assertArrayEquals(new boolean[] {true, true, false}, all);
        world.scan(b, all, Op.LXOR);
        assertArrayEquals(new boolean[] {true, world.rank() % 2 == 0, false}, all);
        char[] c = {(char) ('a' + world.rank())};
        char[] together = new char[world.size()];
        world.allgather(c, together);
        assertEquals("abc".substring(0, world.size()), new String(together));
    }

    @MpiTest(ranks = {1, 3, 4})
    void minlocAndMaxloc(IntraComm world) {
        // DOUBLE_INT has a gap; of equal values the smallest index wins.
        MemorySegment m = MemorySegment.ofArray(new long[2 * 2]);
        for (int i = 0; i < 2; i++) {
            m.set(ValueLayout.JAVA_DOUBLE, 16 * i, i == 0 ? world.rank() * 1.5 : 7);
            m.set(ValueLayout.JAVA_INT, 16 * i + 8, world.rank() + 10);
            m.set(ValueLayout.JAVA_INT, 16 * i + 12, 99);
        }
        world.allreduce(m, 2, Datatype.DOUBLE_INT, Op.MAXLOC);
        assertEquals((world.size() - 1) * 1.5, m.get(ValueLayout.JAVA_DOUBLE, 0));
        assertEquals(world.size() + 9, m.get(ValueLayout.JAVA_INT, 8));
        assertEquals(7, m.get(ValueLayout.JAVA_DOUBLE, 16));
        assertEquals(10, m.get(ValueLayout.JAVA_INT, 24));
        assertEquals(99, m.get(ValueLayout.JAVA_INT, 28), "the gap is not touched");
        int[] pairs = {-world.rank(), world.rank()};
        world.reduce(MemorySegment.ofArray(pairs), 1, Datatype.INT_INT, Op.MINLOC, 0);
        assertArrayEquals(world.rank() == 0 ? new int[] {1 - world.size(), world.size() - 1}
                : new int[] {-world.rank(), world.rank()}, pairs);
    }

    @MpiTest(ranks = 2)
    void illegalPairsFail(IntraComm world) {
        for (Op op : List.of(Op.LAND, Op.LOR, Op.LXOR, Op.BAND, Op.BOR, Op.BXOR, Op.MINLOC, Op.MAXLOC, Op.REPLACE, Op.NO_OP)) {
            for (Datatype type : FLOATINGS) {
                fails(world, op, type);
            }
        }
        for (Op op : INTEGER.keySet()) {
            fails(world, op, Datatype.CHAR);
            fails(world, op, Datatype.PACKED);
            fails(world, op, Datatype.DOUBLE_INT);
            fails(world, op, Datatype.vector(2, 1, 2, Datatype.INT).commit());
        }
        fails(world, Op.SUM, Datatype.BOOLEAN);
        fails(world, Op.ofInts(Integer::sum, true), Datatype.LONG);
        fails(world, null, Datatype.INT);
        world.barrier(); // everything is usable afterwards
    }

    private static void fails(IntraComm world, Op op, Datatype type) {
        MemorySegment m = MemorySegment.ofArray(new long[8]);
        assertEquals(ErrorClass.OP, assertThrows(MpiException.class, () -> world.allreduce(m, 1, type, op),
                op + " " + type).errorClass());
    }

    @MpiTest(ranks = 1)
    void reduceLocal(IntraComm world) {
        int[] b = {1, 2, 3};
        Op.SUM.reduceLocal(new int[] {10, 20, 30}, b);
        assertArrayEquals(new int[] {11, 22, 33}, b);
        long[] c = {5};
        Op.ofLongs((x, y) -> 10 * x + y, false).reduceLocal(new long[] {7}, c);
        assertArrayEquals(new long[] {75}, c);
        assertEquals(true, Op.SUM.isCommutative());
        assertEquals(false, Op.ofLongs((x, y) -> x, false).isCommutative());
    }

    /** uoplong, red4, allred3: a function of the user on a derived type, in several pieces, in the order of the ranks. */
    @MpiTest(ranks = {1, 2, 3, 4, 5, 7}, config = {"coll.segmentBytes=1k"})
    void functionsOfTheUserSeeTheirDatatype(IntraComm world) {
        // Two ints with a gap between them: x -> a * x + b.
        Datatype map = Datatype.resized(Datatype.vector(2, 1, 2, Datatype.INT), 0, 16).commit();
        Op compose = Op.of((in, inout, count, type) -> {
            for (long i = 0; i < count; i++) {
                int a = in.get(ValueLayout.JAVA_INT, i * 16);
                int b = in.get(ValueLayout.JAVA_INT, i * 16 + 8);
                int c = inout.get(ValueLayout.JAVA_INT, i * 16);
                int d = inout.get(ValueLayout.JAVA_INT, i * 16 + 8);
                inout.set(ValueLayout.JAVA_INT, i * 16, a * c);
                inout.set(ValueLayout.JAVA_INT, i * 16 + 8, b * c + d);
            }
        }, false);
        int n = 1000;
        int[] data = new int[4 * n];
        int[] expected = new int[4 * n];
        for (int i = 0; i < n; i++) {
            data[4 * i] = world.rank() + 2 + i;
            data[4 * i + 2] = 3 * i - world.rank();
            int a = 1;
            int b = 0;
            for (int r = 0; r < world.size(); r++) {
                a *= r + 2 + i;
                b = b * (r + 2 + i) + 3 * i - r;
            }
            expected[4 * i] = a;
            expected[4 * i + 2] = b;
        }
        int[] result = new int[4 * n];
        for (int root = 0; root < world.size(); root++) {
            world.reduce(MemorySegment.ofArray(data), n, map, MemorySegment.ofArray(result), n, map, compose, root);
            assertArrayEquals(world.rank() == root ? expected : new int[4 * n], result);
            java.util.Arrays.fill(result, 0);
        }
        world.allreduce(MemorySegment.ofArray(data), n, map, MemorySegment.ofArray(result), n, map, compose);
        assertArrayEquals(expected, result);
    }
}
