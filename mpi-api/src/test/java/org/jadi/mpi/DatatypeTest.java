package org.jadi.mpi;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.jadi.mpi.Datatype.BYTE;
import static org.jadi.mpi.Datatype.CHAR;
import static org.jadi.mpi.Datatype.DOUBLE;
import static org.jadi.mpi.Datatype.DOUBLE_INT;
import static org.jadi.mpi.Datatype.FLOAT;
import static org.jadi.mpi.Datatype.INT;
import static org.jadi.mpi.Datatype.LONG;
import static org.jadi.mpi.Datatype.PACKED;
import static org.jadi.mpi.Datatype.SHORT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jadi.mpi.Datatype.Distribution;
import org.jadi.mpi.Datatype.Order;
import org.jadi.mpi.datatype.DatatypePlan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the standard says of each constructor, by its own examples; methods are named as in the list of behaviours. */
class DatatypeTest {
    private static void assertBounds(Datatype t, long size, long lb, long extent, long trueLb, long trueExtent) {
        assertEquals(List.of(size, lb, extent, trueLb, trueExtent), List.of(t.size(), t.lb(), t.extent(), t.trueLb(),
                t.trueExtent()), t.describe());
    }

    private static MpiException assertFails(ErrorClass expected, Runnable action) {
        MpiException e = assertThrows(MpiException.class, action::run);
        assertEquals(expected, e.errorClass(), e.getMessage());
        return e;
    }

    private static int[] packed(Datatype t, int[] memory, int offset, int count) {
        int[] out = new int[(int) t.packSize(count) / 4];
        assertEquals(4L * out.length, t.commit().pack(MemorySegment.ofArray(memory), 4L * offset, count,
                MemorySegment.ofArray(out), 0));
        return out;
    }

    private static int[] range(int n) {
        int[] a = new int[n];
        Arrays.setAll(a, i -> i);
        return a;
    }

    // ------------------------------------------------------------- constructors

    /** SPEC: MPI 4.1 §5.1.2, examples 5.1 to 5.5: {(double, 0), (char, 8)} with extent 16 (a char has 1 byte there). */
    @Test
    void examplesOfTheStandard() {
        Datatype t = Datatype.struct(new long[] {1, 1}, new long[] {0, 8}, DOUBLE, BYTE);
        assertBounds(t, 9, 0, 16, 0, 9);
        assertBounds(Datatype.contiguous(3, t), 27, 0, 48, 0, 41);
        assertBounds(Datatype.vector(2, 3, 4, t), 54, 0, 112, 0, 105);
        assertBounds(Datatype.vector(3, 1, -2, t), 27, -64, 80, -64, 73);
        assertBounds(Datatype.indexed(new long[] {3, 1}, new long[] {4, 0}, t), 36, 0, 112, 0, 105);
        Datatype type1 = Datatype.struct(new long[] {1, 1}, new long[] {0, 8}, DOUBLE, BYTE);
        assertBounds(Datatype.struct(new long[] {2, 1, 3}, new long[] {0, 16, 26}, FLOAT, type1, BYTE), 20, 0, 32, 0, 29);
    }

    @Test
    void vectorsPickColumns() {
        assertArrayEquals(new int[] {1, 5, 9}, packed(Datatype.vector(3, 1, 4, INT), range(12), 1, 1));
        assertArrayEquals(new int[] {8, 9, 4, 5, 0, 1}, packed(Datatype.vector(3, 2, -4, INT), range(12), 8, 1));
        assertArrayEquals(new int[] {0, 3, 4, 7, 8, 11}, packed(Datatype.hvector(2, 1, 12, INT), range(12), 0, 3));
    }

    @Test
    void subarray_pack() {
        Datatype c = Datatype.subarray(new long[] {3, 4}, new long[] {2, 2}, new long[] {1, 1}, Order.C, INT);
        assertBounds(c, 16, 0, 48, 20, 24);
        assertArrayEquals(new int[] {5, 6, 9, 10, 17, 18, 21, 22}, packed(c, range(24), 0, 2));
        Datatype f = Datatype.subarray(new long[] {4, 3}, new long[] {2, 2}, new long[] {1, 1}, Order.FORTRAN, INT);
        assertArrayEquals(new int[] {5, 6, 9, 10}, packed(f, range(12), 0, 1));
        Datatype cube = Datatype.subarray(new long[] {2, 3, 4}, new long[] {2, 1, 3}, new long[] {0, 2, 1}, Order.C, INT);
        assertArrayEquals(new int[] {9, 10, 11, 21, 22, 23}, packed(cube, range(24), 0, 1));
    }

    /** Every element belongs to exactly one process, for all kinds of distribution. */
    @Test
    void darray_cyclic() {
        Distribution[] how = {Distribution.CYCLIC, Distribution.BLOCK, Distribution.NONE};
        int[] processes = {2, 3, 1};
        int[] owners = new int[5 * 7 * 2];
        for (int rank = 0; rank < 6; rank++) {
            Datatype t = Datatype.darray(6, rank, new long[] {5, 7, 2}, how, new long[] {2, Datatype.DEFAULT_BLOCK, -1},
                    processes, Order.C, INT);
            assertEquals(280, t.extent());
            for (int element : packed(t, range(70), 0, 1)) {
                owners[element]++;
                int row = element / 14;
                assertEquals(rank, row / 2 % 2 * 3 + element / 2 % 7 / 3, "owner of " + element);
            }
        }
        assertTrue(Arrays.stream(owners).allMatch(n -> n == 1), Arrays.toString(owners));
        Datatype one = Datatype.darray(2, 1, new long[] {5}, new Distribution[] {Distribution.CYCLIC}, new long[] {1},
                new int[] {2}, Order.FORTRAN, INT);
        assertArrayEquals(new int[] {1, 3}, packed(one, range(5), 0, 1));
    }

    @Test
    void hindexed_block() {
        Datatype t = Datatype.hindexedBlock(2, new long[] {0, 12, 24}, INT);
        assertArrayEquals(new int[] {0, 1, 3, 4, 6, 7}, packed(t, range(9), 0, 1));
        assertArrayEquals(new int[] {4, 5, 0, 1}, packed(Datatype.indexedBlock(2, new long[] {4, 0}, INT), range(6), 0, 1));
        assertBounds(Datatype.indexedBlock(0, new long[] {4, 9}, INT), 0, 0, 0, 0, 0);
    }

    @Test
    void indexed_misc() {
        Datatype t = Datatype.indexed(new long[] {2, 0, 1, 3}, new long[] {6, 100, 1, 2}, INT);
        assertBounds(t, 24, 4, 28, 4, 28);
        assertArrayEquals(new int[] {6, 7, 1, 2, 3, 4}, packed(t, range(8), 0, 1));
        Datatype touching = Datatype.indexed(new long[] {1, 2, 3}, new long[] {1, 2, 4}, INT);
        assertEquals(1, touching.map.layout.parts(), "adjacent blocks become one run");
        Datatype regular = Datatype.indexed(new long[] {2, 2, 2}, new long[] {0, 3, 6}, INT);
        assertEquals(2, regular.map.layout.parts(), "a regular list is a loop of a run");
    }

    /** Strides below the block length, of zero, and blocks that go backwards. */
    @Test
    void unusual_noncontigs() {
        assertArrayEquals(new int[] {0, 1, 0, 1, 0, 1}, packed(Datatype.vector(3, 2, 0, INT), range(2), 0, 1));
        assertArrayEquals(new int[] {0, 1, 1, 2}, packed(Datatype.vector(2, 2, 1, INT), range(3), 0, 1));
        Datatype backwards = Datatype.indexedBlock(1, new long[] {3, 2, 1, 0}, INT);
        assertArrayEquals(new int[] {3, 2, 1, 0, 7, 6, 5, 4}, packed(backwards, range(8), 0, 2));
        Datatype rows = Datatype.resized(Datatype.vector(2, 1, 2, INT), 0, 4);
        assertArrayEquals(new int[] {0, 2, 1, 3}, packed(rows, range(4), 0, 2));
    }

    @Test
    void struct_verydeep() {
        Datatype t = INT;
        for (int i = 0; i < 40; i++) {
            t = Datatype.struct(new long[] {1, 1}, new long[] {0, 4}, t, Datatype.contiguous(0, DOUBLE));
        }
        assertArrayEquals(new int[] {0, 1}, packed(t, range(2), 0, 2));
        Datatype wide = Datatype.struct(new long[] {1, 1}, new long[] {0, 8}, INT, INT);
        for (int i = 0; i < 30; i++) {
            wide = Datatype.struct(new long[] {1, 1}, new long[] {0, wide.extent() + 4}, wide, wide);
        }
        assertEquals(1L << 33, wide.size(), "2^31 elements, and made at once");
        assertEquals(1L << 31, wide.elements());
    }

    /** Blocks of different types with an empty one among them, as a program of S. Ezhov found it. */
    @Test
    void struct_ezhov() {
        Datatype inner = Datatype.struct(new long[] {1, 0, 2}, new long[] {0, 4, 8}, INT, DOUBLE, SHORT);
        assertBounds(inner, 8, 0, 12, 0, 12);
        Datatype outer = Datatype.struct(new long[] {2, 1}, new long[] {0, 24}, inner, LONG);
        assertBounds(outer, 24, 0, 32, 0, 32);
    }

    // -------------------------------------------------------------------- bounds

    @Test
    void tresized2() {
        Datatype t = Datatype.resized(INT, -3, 9);
        assertBounds(t, 4, -3, 9, 0, 4);
        assertBounds(Datatype.contiguous(2, t), 8, -3, 18, 0, 13);
        assertBounds(Datatype.resized(t, 0, 4), 4, 0, 4, 0, 4);
        assertTrue(Datatype.resized(t, 0, 4).isContiguous());
        assertBounds(Datatype.resized(INT, 0, -8), 4, 0, -8, 0, 4);
    }

    /** SPEC: MPI 4.1 §5.1.6: markers of a part bound the whole, whatever lies outside of them. */
    @Test
    void lbub() {
        Datatype marked = Datatype.resized(INT, -3, 9);
        assertBounds(Datatype.struct(new long[] {1, 1}, new long[] {100, 0}, INT, marked), 8, -3, 9, 0, 104);
        assertBounds(Datatype.struct(new long[] {1, 1}, new long[] {6, 0}, marked, marked), 8, -3, 15, 0, 10);
        assertBounds(Datatype.vector(2, 1, -1, marked), 8, -12, 18, -9, 13);
        assertBounds(Datatype.indexed(new long[] {1, 0}, new long[] {1, 9}, marked), 4, 6, 9, 9, 4);
        assertBounds(Datatype.resized(Datatype.contiguous(0, INT), 5, 7), 0, 5, 7, 0, 0);
    }

    @Test
    void zeroblks() {
        Datatype empty = Datatype.indexed(new long[] {0, 0}, new long[] {3, -7}, INT);
        assertBounds(empty, 0, 0, 0, 0, 0);
        assertArrayEquals(new int[0], packed(empty, range(1), 0, 5));
        Datatype some = Datatype.struct(new long[] {0, 1, 0}, new long[] {-64, 8, 64}, LONG, INT, empty);
        assertBounds(some, 4, 8, 4, 8, 4);
    }

    @Test
    void zeroparms() {
        long[] none = {};
        for (Datatype t : List.of(Datatype.contiguous(0, INT), Datatype.vector(0, 3, 2, INT), Datatype.vector(3, 0, 2, INT),
                Datatype.hvector(0, 1, 1, INT), Datatype.indexed(none, none, INT), Datatype.hindexed(none, none, INT),
                Datatype.indexedBlock(2, none, INT), Datatype.hindexedBlock(2, none, INT), Datatype.struct(none, none))) {
            assertBounds(t, 0, 0, 0, 0, 0);
            assertEquals(0, t.commit().packSize(7));
            assertEquals(0, t.elements());
        }
    }

    // ------------------------------------------------------------ contents, life

    @Test
    void contents() {
        Datatype vector = Datatype.vector(3, 2, 4, INT);
        assertEquals(new TypeConstructor.Vector(3, 2, 4, INT), vector.decode());
        assertEquals(new TypeConstructor.Struct(List.of(1L, 2L), List.of(0L, 8L), List.of(INT, DOUBLE)),
                Datatype.struct(new long[] {1, 2}, new long[] {0, 8}, INT, DOUBLE).decode());
        assertEquals(new TypeConstructor.Darray(2, 1, List.of(5L), List.of(Distribution.BLOCK), List.of(-1L), List.of(2L),
                Order.C, CHAR), Datatype.darray(2, 1, new long[] {5}, new Distribution[] {Distribution.BLOCK}, new long[] {-1},
                new int[] {2}, Order.C, CHAR).decode());
        assertEquals(new TypeConstructor.Named("INT"), INT.decode());
        assertEquals(new TypeConstructor.ValueIndex(DOUBLE, INT), DOUBLE_INT.decode());
        Datatype outer = Datatype.contiguous(2, vector);
        vector.free();
        TypeConstructor.Contiguous c = (TypeConstructor.Contiguous) outer.decode();
        assertEquals(24, c.type().size(), "contents outlive the type that was used");
        assertEquals(new TypeConstructor.Vector(3, 2, 4, INT), c.type().decode());
        assertFails(ErrorClass.TYPE, c.type()::free);
        assertEquals("Vector[count=3, blockLength=2, stride=4, type=INT]", c.type().toString());
        assertTrue(outer.describe().contains("size=48 lb=0 extent=80"), outer.describe());
    }

    @Test
    void argumentsAreCopied() {
        long[] places = {2, 0};
        Datatype t = Datatype.indexedBlock(1, places, INT);
        places[0] = 77;
        assertEquals(new TypeConstructor.IndexedBlock(1, List.of(2L, 0L), INT), t.decode());
        assertArrayEquals(new int[] {2, 0}, packed(t, range(3), 0, 1));
        long[] bytes = {8, 0, 20};
        Datatype h = Datatype.hindexedBlock(1, bytes, INT);
        bytes[0] = 77;
        assertArrayEquals(new int[] {2, 0, 5}, packed(h, range(6), 0, 1));
    }

    @Test
    void commitFreeAndNames() {
        Datatype t = Datatype.contiguous(2, INT);
        byte[] b = new byte[8];
        MemorySegment s = MemorySegment.ofArray(b);
        assertFalse(t.isCommitted());
        assertTrue(assertFails(ErrorClass.TYPE, () -> t.pack(s, 0, 1, s, 0)).getMessage().contains("not committed"));
        assertSame(t, t.commit().commit());
        assertEquals("", t.name());
        assertEquals("pair", t.setName("pair").name());
        Datatype copy = t.dup();
        assertTrue(copy.isCommitted());
        assertEquals("", copy.name());
        assertFalse(Datatype.contiguous(1, INT).dup().isCommitted());
        t.free();
        assertTrue(t.isFreed() && !t.isCommitted());
        for (Runnable r : List.<Runnable>of(t::size, t::commit, t::free, t::dup, t::decode, () -> Datatype.contiguous(1, t),
                () -> t.pack(s, 0, 1, s, 0), () -> Status.EMPTY.count(t))) {
            assertTrue(assertFails(ErrorClass.TYPE, r).getMessage().contains("freed"));
        }
        assertEquals(8, copy.size());
        assertFails(ErrorClass.TYPE, INT::free);
        assertFails(ErrorClass.TYPE, () -> INT.setName("x"));
        assertEquals("INT", INT.name());
        assertTrue(INT.isCommitted());
    }

    @Test
    void errors() {
        long[] one = {1};
        assertFails(ErrorClass.COUNT, () -> Datatype.contiguous(-1, INT));
        assertFails(ErrorClass.COUNT, () -> Datatype.vector(1, -1, 1, INT));
        assertFails(ErrorClass.COUNT, () -> Datatype.indexed(new long[] {-1}, one, INT));
        assertFails(ErrorClass.COUNT, () -> Datatype.indexedBlock(-1, one, INT));
        assertFails(ErrorClass.ARG, () -> Datatype.indexed(new long[2], one, INT));
        assertFails(ErrorClass.ARG, () -> Datatype.hindexedBlock(1, null, INT));
        assertFails(ErrorClass.ARG, () -> Datatype.struct(one, one, INT, INT));
        assertFails(ErrorClass.TYPE, () -> Datatype.contiguous(1, null));
        assertFails(ErrorClass.TYPE, () -> Datatype.struct(one, one, (Datatype) null));
        assertFails(ErrorClass.ARG, () -> Datatype.contiguous(Long.MAX_VALUE, INT));
        assertFails(ErrorClass.ARG, () -> Datatype.subarray(new long[] {3}, new long[] {2}, new long[] {2}, Order.C, INT));
        assertFails(ErrorClass.ARG, () -> Datatype.subarray(new long[] {3}, new long[] {0}, new long[] {0}, Order.C, INT));
        assertFails(ErrorClass.ARG, () -> Datatype.darray(3, 0, new long[] {4}, new Distribution[] {Distribution.BLOCK},
                new long[] {-1}, new int[] {2}, Order.C, INT));
        assertFails(ErrorClass.ARG, () -> Datatype.darray(2, 0, new long[] {4}, new Distribution[] {Distribution.BLOCK},
                new long[] {1}, new int[] {2}, Order.C, INT));
        assertFails(ErrorClass.ARG, () -> Datatype.darray(2, 0, new long[] {4}, new Distribution[] {Distribution.NONE},
                new long[] {-1}, new int[] {2}, Order.C, INT));
        assertFails(ErrorClass.TYPE, () -> Datatype.of(String.class));
    }

    @Test
    void bufferTooSmall() {
        Datatype t = Datatype.vector(2, 1, 3, INT).commit();
        MemorySegment m = MemorySegment.ofArray(new int[7]);
        MemorySegment out = MemorySegment.ofArray(new int[10]);
        assertEquals(8, t.pack(m, 12, 1, out, 0));
        assertFails(ErrorClass.COUNT, () -> t.pack(m, 16, 1, out, 0));
        assertFails(ErrorClass.COUNT, () -> t.pack(m, 0, 2, out, 0));
        assertFails(ErrorClass.COUNT, () -> t.pack(m, -4, 1, out, 0));
        assertFails(ErrorClass.COUNT, () -> t.pack(m, 0, -1, out, 0));
        assertFails(ErrorClass.TRUNCATE, () -> t.pack(m, 0, 1, out, 36));
        assertFails(ErrorClass.TRUNCATE, () -> t.unpack(out, 36, m, 0, 1));
        assertFails(ErrorClass.BUFFER, () -> t.unpack(out, 0, m.asReadOnly(), 0, 1));
        Datatype backwards = Datatype.vector(2, 1, -1, INT).commit();
        assertFails(ErrorClass.COUNT, () -> backwards.pack(m, 0, 1, out, 0));
        assertEquals(8, backwards.pack(m, 4, 1, out, 0));
    }

    // ------------------------------------------------------------------ elements

    @Test
    void get_elements_pairtype() {
        Status s = new Status(0, 0, 16, false, ErrorClass.SUCCESS);
        assertEquals(Comm.UNDEFINED, s.count(DOUBLE_INT), "16 bytes are one pair of 12 and the half of another");
        assertEquals(Comm.UNDEFINED, s.elements(DOUBLE_INT));
        Status oneAndHalf = new Status(0, 0, 20, false, ErrorClass.SUCCESS);
        assertEquals(3, oneAndHalf.elements(DOUBLE_INT));
        assertEquals(Comm.UNDEFINED, oneAndHalf.count(DOUBLE_INT));
        assertEquals(2, new Status(0, 0, 24, false, ErrorClass.SUCCESS).count(DOUBLE_INT));
        assertEquals(0, Status.EMPTY.count(Datatype.contiguous(0, INT)));
        assertEquals(Comm.UNDEFINED, s.count(Datatype.contiguous(0, INT)));
    }

    @Test
    void pairTypes() {
        assertBounds(DOUBLE_INT, 12, 0, 16, 0, 12);
        assertBounds(Datatype.FLOAT_INT, 8, 0, 8, 0, 8);
        assertBounds(Datatype.LONG_INT, 12, 0, 16, 0, 12);
        assertBounds(Datatype.INT_INT, 8, 0, 8, 0, 8);
        assertBounds(Datatype.SHORT_INT, 6, 0, 8, 0, 8);
        assertSame(DOUBLE_INT, Datatype.valueIndex(DOUBLE, INT));
        assertNull(Datatype.valueIndex(BYTE, INT));
        assertNull(Datatype.valueIndex(DOUBLE, LONG));
    }

    @Test
    void signatures() {
        Datatype pair = Datatype.struct(new long[] {1, 1}, new long[] {8, 0}, INT, FLOAT);
        assertTrue(pair.matches(2, Datatype.struct(new long[] {1, 1, 1, 1}, new long[] {0, 4, 8, 12}, INT, FLOAT, INT, FLOAT), 1));
        assertFalse(pair.matches(1, Datatype.contiguous(2, INT), 1), "int and float are not two ints");
        assertFalse(INT.matches(1, FLOAT, 1));
        assertTrue(INT.matches(3, INT, 5), "a shorter message");
        assertFalse(INT.matches(5, INT, 3));
        assertFalse(INT.matches(1, BYTE, 4), "BYTE matches BYTE only");
        assertTrue(INT.matches(1, PACKED, 4) && PACKED.matches(4, INT, 1), "PACKED matches everything");
    }

    // ------------------------------------------------------------------- packing

    /** SPEC: MPI 4.1 §14.5.2: literal bytes. */
    @Test
    void pack_external() {
        Datatype t = Datatype.struct(new long[] {1, 1, 1, 1, 1, 1, 2, 1}, new long[] {0, 8, 16, 20, 22, 24, 25, 28}, LONG,
                DOUBLE, INT, SHORT, CHAR, Datatype.BOOLEAN, BYTE, FLOAT).commit();
        long[] memory = new long[4];
        MemorySegment m = MemorySegment.ofArray(memory);
        m.set(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED, 0, 0x0102030405060708L);
        m.set(java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED, 8, -2.5);
        m.set(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, 16, 0x0A0B0C0D);
        m.set(java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED, 20, (short) -2);
        m.set(java.lang.foreign.ValueLayout.JAVA_CHAR_UNALIGNED, 22, '\u20ac');
        m.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 24, (byte) 1);
        m.set(java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED, 25, (short) 0x0201);
        m.set(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED, 28, 1.5f);
        byte[] out = new byte[32];
        assertEquals(31, t.packSize(1));
        assertEquals(32, t.packExternal(m, 0, 1, MemorySegment.ofArray(out), 1));
        assertEquals("00" + "0102030405060708" + "c004000000000000" + "0a0b0c0d" + "fffe" + "20ac" + "01" + "0102"
                + "3fc00000", HexFormat.of().formatHex(out));
        long[] back = new long[4];
        t.unpackExternal(MemorySegment.ofArray(out), 1, MemorySegment.ofArray(back), 0, 1);
        assertArrayEquals(memory, back);
    }

    @Test
    void packsBehindOneAnother() {
        byte[] packed = new byte[20];
        MemorySegment p = MemorySegment.ofArray(packed);
        long position = INT.pack(MemorySegment.ofArray(new int[] {7, 8}), 4, 1, p, 0);
        position = DOUBLE.pack(MemorySegment.ofArray(new double[] {0.5}), 0, 1, p, position);
        position = Datatype.BOOLEAN.pack(MemorySegment.ofArray(new byte[] {1}), 0, 1, p, position);
        assertEquals(13, position);
        int[] i = new int[1];
        double[] d = new double[1];
        assertEquals(12, DOUBLE.unpack(p, INT.unpack(p, 0, MemorySegment.ofArray(i), 0, 1), MemorySegment.ofArray(d), 0, 1));
        assertEquals(8, i[0]);
        assertEquals(0.5, d[0]);
    }

    /** Positions beyond 2^31 in a message, and in memory, without the memory for it: copies lie upon each other. */
    @Test
    void large_count() {
        int[] memory = range(1024);
        Datatype t = Datatype.resized(Datatype.hvector(1L << 22, 512, 0, Datatype.contiguous(2, INT)), 0, 0).commit();
        assertEquals(1L << 34, t.size());
        assertEquals(1L << 32, t.elements());
        assertEquals(1L << 34, t.packSize(1));
        DatatypePlan plan = new DatatypePlan(MemorySegment.ofArray(memory), 0, t.map.message(3));
        assertEquals(3L << 34, plan.bytes());
        int[] piece = new int[2048];
        for (long first : new long[] {0, (1L << 31) - 4096, (1L << 34) - 4096, (5L << 33) + 4}) {
            plan.pack(first, MemorySegment.ofArray(piece), 0, 8192);
            for (int i = 0; i < 2048; i++) {
                assertEquals((int) ((first / 4 + i) % 1024), piece[i], "at " + first);
            }
        }
        assertEquals(1L << 36, new Status(0, 0, 1L << 38, false, ErrorClass.SUCCESS).elements(INT));
        Datatype far = Datatype.indexedBlock(1, new long[] {0, 1L << 32}, INT);
        assertBounds(far, 8, 0, (1L << 34) + 4, 0, (1L << 34) + 4);
    }

    /** Places beyond 2^32 in memory; the file has holes. */
    @Test
    void large_type(@TempDir Path folder) throws IOException {
        Datatype t = Datatype.hindexed(new long[] {1, 2}, new long[] {0, (5L << 30) + 4}, INT).commit();
        try (FileChannel file = FileChannel.open(folder.resolve("holes"), CREATE_NEW, READ, WRITE, SPARSE);
                Arena arena = Arena.ofConfined()) {
            MemorySegment memory = file.map(FileChannel.MapMode.READ_WRITE, 0, (5L << 30) + 16, arena);
            t.unpack(MemorySegment.ofArray(new int[] {1, 2, 3}), 0, memory, 4, 1);
            assertEquals(3, memory.get(java.lang.foreign.ValueLayout.JAVA_INT, (5L << 30) + 12));
            int[] got = new int[3];
            t.pack(memory, 4, 1, MemorySegment.ofArray(got), 0);
            assertArrayEquals(new int[] {1, 2, 3}, got);
            assertFails(ErrorClass.COUNT, () -> t.pack(memory, 8, 1, MemorySegment.ofArray(got), 0));
        }
    }

    @Test
    void closedArena() {
        Datatype t = Datatype.vector(2, 1, 2, INT).commit();
        MemorySegment closed;
        try (Arena arena = Arena.ofConfined()) {
            closed = arena.allocate(12, 4);
        }
        assertFails(ErrorClass.BUFFER, () -> t.pack(closed, 0, 1, MemorySegment.ofArray(new int[2]), 0));
    }

    /** What is contiguous in effect goes as plain bytes. */
    @Test
    void contiguousInEffect() {
        int[] memory = new int[16];
        MemorySegment m = MemorySegment.ofArray(memory);
        Datatype record = Datatype.struct(new long[] {1, 1, 1}, new long[] {0, 4, 8}, INT, FLOAT, DOUBLE).commit();
        Datatype rows = Datatype.vector(2, 4, 4, INT).commit();
        Datatype sub = Datatype.subarray(new long[] {4, 4}, new long[] {2, 4}, new long[] {1, 0}, Order.C, INT).commit();
        for (Datatype t : List.of(INT, record, rows, Datatype.contiguous(2, record).commit(), sub,
                Datatype.indexed(new long[] {1, 3}, new long[] {0, 1}, INT).commit())) {
            TypedBuffer b = TypedBuffer.of(null, "test", m, 0, 1, t);
            assertNull(b.plan, t.describe());
            assertEquals(t.size(), b.bytes);
            assertEquals(t.trueLb(), b.offset);
        }
        assertTrue(record.isContiguous() && rows.isContiguous() && !sub.isContiguous());
        assertTrue(TypedBuffer.of(null, "test", m, 0, 2, Datatype.vector(2, 1, 2, INT).commit()).plan != null);
    }

    /** A list of a million blocks keeps two arrays, and any piece is found at once. */
    @Test
    void lots_of_types() {
        int n = 1 << 20;
        long[] places = new long[n];
        Arrays.setAll(places, i -> i * 3L + i % 2);
        Datatype t = Datatype.indexedBlock(1, places, INT).commit();
        int[] memory = range(3 * n + 1);
        DatatypePlan plan = new DatatypePlan(MemorySegment.ofArray(memory), 0, t.map.message(1));
        int[] one = new int[1];
        for (int i = 0; i < n; i += 12_345) {
            plan.pack(4L * i, MemorySegment.ofArray(one), 0, 4);
            assertEquals((int) places[i], one[0]);
        }
        Datatype nested = INT;
        for (int i = 0; i < 1000; i++) {
            nested = i % 2 == 0 ? nested.dup() : Datatype.resized(nested, 0, 4 + i % 3);
        }
        assertEquals(4, nested.size());
    }
}
