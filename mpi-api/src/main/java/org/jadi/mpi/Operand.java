package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.request.PackPlan;

/**
 * A buffer of a collective call: memory, where its first element is, how many elements of which datatype there are; or rows of
 * a two-dimensional array.
 */
final class Operand {
    final Datatype type;

    /** Number of elements; for rows, of rows. */
    final long count;

    /** Null for an array of boolean, and for rows. */
    final MemorySegment memory;
    private final boolean[] booleans;
    private final RowsPlan rows;

    /** Place of the first element, in bytes of the memory or elements of the array of boolean. */
    private final long origin;

    private Operand(MemorySegment memory, boolean[] booleans, RowsPlan rows, long origin, long count, Datatype type) {
        this.memory = memory;
        this.booleans = booleans;
        this.rows = rows;
        this.origin = origin;
        this.count = count;
        this.type = type;
    }

    private static Operand array(Transfer t, MemorySegment view, long offset, long count, Datatype type) {
        t.part(offset, count, view.byteSize() / type.map.layout.size);
        return new Operand(view, null, null, offset * type.map.layout.size, count, type);
    }

    static Operand of(Transfer t, byte[] a, int offset, int count) {
        return a == null ? null : array(t, t.view(a), offset, count, Datatype.BYTE);
    }

    static Operand of(Transfer t, char[] a, int offset, int count) {
        return a == null ? null : array(t, t.view(a), offset, count, Datatype.CHAR);
    }

    static Operand of(Transfer t, short[] a, int offset, int count) {
        return a == null ? null : array(t, t.view(a), offset, count, Datatype.SHORT);
    }

    static Operand of(Transfer t, int[] a, int offset, int count) {
        return a == null ? null : array(t, t.view(a), offset, count, Datatype.INT);
    }

    static Operand of(Transfer t, long[] a, int offset, int count) {
        return a == null ? null : array(t, t.view(a), offset, count, Datatype.LONG);
    }

    static Operand of(Transfer t, float[] a, int offset, int count) {
        return a == null ? null : array(t, t.view(a), offset, count, Datatype.FLOAT);
    }

    static Operand of(Transfer t, double[] a, int offset, int count) {
        return a == null ? null : array(t, t.view(a), offset, count, Datatype.DOUBLE);
    }

    static Operand of(Transfer t, boolean[] a, int offset, int count) {
        if (a == null) {
            return null;
        }
        t.part(offset, count, a.length);
        return new Operand(null, a, null, offset, count, Datatype.BOOLEAN);
    }

    /** Rows of a two-dimensional array, each of which counts as an element. */
    static Operand of(Transfer t, Object[] a, int offset, int count) {
        if (a == null) {
            return null;
        }
        RowsPlan rows = RowsPlan.of(t, a, offset, count);
        return new Operand(null, null, rows, 0, count, rows.type());
    }

    static Operand of(Transfer t, MemorySegment segment, long count, Datatype type) {
        if (segment == null) {
            return null;
        }
        TypedBuffer.checkType(t, "collective", count, type);
        return new Operand(t.view(segment), null, null, 0, count, type);
    }

    /** Returns whether the elements are rows of an array; the type is then that of what a row has. */
    boolean isRows() {
        return rows != null;
    }

    /** Returns the number of elements; of rows, of those in all of them. */
    long elements() {
        return rows == null ? count : rows.bytes() / type.map.layout.size;
    }

    /** Returns all elements if they are one run of bytes of memory, and there are any; else null. */
    TypedBuffer run() {
        return memory == null ? null : TypedBuffer.run(memory, origin, count, type);
    }

    /** A run of bytes, or a plan. */
    record Piece(long offset, long bytes, PackPlan plan) {}

    /** Returns elements {@code first} to {@code first + number}, counted in extents of the type. */
    Piece piece(Transfer t, String call, long first, long number) {
        if (rows != null) {
            t.part(first, number, count);
            RowsPlan plan = rows.slice((int) first, (int) number);
            return new Piece(0, plan.bytes(), plan);
        }
        if (booleans != null) {
            t.part(origin + first, number, booleans.length);
            return new Piece(0, number, new BooleanPlan(booleans, (int) (origin + first), (int) number));
        }
        long at;
        try {
            at = Math.addExact(origin, Math.multiplyExact(first, type.map.extent()));
        } catch (ArithmeticException e) {
            throw t.error(ErrorClass.COUNT, call, "the place must fit into a long: first=" + first + " type=" + type, null);
        }
        return pieceAt(t, call, at, number);
    }

    /** Returns elements from a place in bytes; not of an array of boolean. */
    Piece pieceAt(Transfer t, String call, long place, long number) {
        TypedBuffer b = TypedBuffer.untyped(t, call, memory, place, number, type);
        return new Piece(b.offset, b.bytes, b.plan);
    }

    /** Returns whether two buffers begin with the same element. */
    boolean isSamePlace(Operand other) {
        return rows != null ? other.rows != null && rows.isSamePlace(other.rows) : booleans != null ? booleans == other.booleans && origin == other.origin
                : other.memory != null && memory.equals(other.memory) && origin == other.origin;
    }
}
