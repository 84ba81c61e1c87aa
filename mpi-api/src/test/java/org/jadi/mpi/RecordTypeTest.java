package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordTypeTest {
    record Point(double x, float y) {}

    record All(byte b, boolean z, char c, short s, int i, long l, float f, double d) {}

    record Cell(int id, @FixedLength(2) Point[] corners, @FixedLength(3) short[] counts, Point middle) {}

    record Nothing() {}

    record Text(String text) {}

    record Loose(int[] values) {}

    record Strict(int value) {
        Strict {
            if (value < 0) {
                throw new IllegalArgumentException("value=" + value);
            }
        }
    }

    @Test
    void shouldLieInMemoryAsInC() {
        RecordType<Cell> t = RecordType.of(Cell.class);
        assertEquals(16, RecordType.of(Point.class).strideBytes());
        assertEquals(List.of(0L, 8L, 40L, 48L), List.of(t.offsetOf("id"), t.offsetOf("corners"), t.offsetOf("counts"),
                t.offsetOf("middle")));
        assertEquals(64, t.strideBytes());
        Datatype d = t.datatype();
        assertEquals(4 + 3 * 12 + 6, d.size());
        assertEquals(10, d.elements());
        assertEquals("Cell", d.name());
        assertTrue(d.isCommitted());
        assertEquals(30, Datatype.of(All.class).size());
        assertEquals(40, Datatype.of(All.class).extent());
        assertSame(Datatype.INT, Datatype.of(int.class));
    }

    @Test
    void shouldReadWhatItWrote() {
        RecordType<All> t = RecordType.of(All.class);
        All a = new All((byte) -1, true, '\u20ac', (short) -2, -3, Long.MIN_VALUE, -0.5f, Math.E);
        All b = new All((byte) 1, false, 'a', (short) 2, 3, 4, 5f, 6);
        MemorySegment m = t.toSegment(a, b);
        assertArrayEquals(new All[] {a, b}, t.toArray(m));
        assertEquals(-3, m.get(ValueLayout.JAVA_INT_UNALIGNED, t.offsetOf("i")));
        assertEquals(6, m.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, t.strideBytes() + t.offsetOf("d")));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment off = arena.allocate(100);
            t.set(off, 1, a);
            assertEquals(a, t.get(off, 1));
        }
    }

    @Test
    void shouldReadAndWriteArraysAndRecordsWithin() {
        RecordType<Cell> t = RecordType.of(Cell.class);
        Cell cell = new Cell(9, new Point[] {new Point(1, 2), new Point(3, 4)}, new short[] {5, 6, 7}, new Point(8, 9));
        Cell got = t.toArray(t.toSegment(cell, cell))[1];
        assertEquals(9, got.id());
        assertArrayEquals(cell.corners(), got.corners());
        assertArrayEquals(cell.counts(), got.counts());
        assertEquals(cell.middle(), got.middle());
        byte[] packed = new byte[46];
        assertEquals(46, t.datatype().pack(t.toSegment(cell), 0, 1, MemorySegment.ofArray(packed), 0));
        MemorySegment back = MemorySegment.ofArray(new byte[64]);
        t.datatype().unpack(MemorySegment.ofArray(packed), 0, back, 0, 1);
        assertArrayEquals(cell.corners(), t.get(back, 0).corners());
    }

    @Test
    void shouldRefuseWhatHasNoFixedSize() {
        for (Class<? extends Record> c : List.of(Text.class, Loose.class)) {
            MpiException e = assertThrows(MpiException.class, () -> Datatype.of(c));
            assertEquals(ErrorClass.TYPE, e.errorClass());
            assertTrue(e.getMessage().contains(c == Text.class ? "Text.text" : "@FixedLength"), e.getMessage());
        }
        RecordType<Cell> t = RecordType.of(Cell.class);
        Cell wrong = new Cell(1, new Point[1], new short[3], null);
        assertEquals(ErrorClass.ARG, assertThrows(MpiException.class, () -> t.toSegment(wrong)).errorClass());
        Cell absent = new Cell(1, new Point[2], new short[3], null);
        assertEquals(ErrorClass.ARG, assertThrows(MpiException.class, () -> t.toSegment(absent)).errorClass());
        assertEquals(0, Datatype.of(Nothing.class).size());
        assertEquals(ErrorClass.TYPE, assertThrows(MpiException.class, () -> RecordType.of(null)).errorClass());
    }

    @Test
    void shouldLetARecordsOwnExceptionThrough() {
        MemorySegment m = MemorySegment.ofArray(new int[] {-5});
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> RecordType.of(Strict.class).get(m, 0));
        assertEquals("value=-5", e.getMessage());
    }

    @Test
    void shouldUseAGivenLookup() {
        RecordType<Point> t = RecordType.of(Point.class, MethodHandles.lookup());
        assertEquals(new Point(1, 2), t.get(t.toSegment(new Point(1, 2)), 0));
        assertEquals(ErrorClass.TYPE, assertThrows(MpiException.class,
                () -> RecordType.of(Point.class, MethodHandles.publicLookup())).errorClass());
    }
}
