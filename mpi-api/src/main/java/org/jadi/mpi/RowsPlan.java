package org.jadi.mpi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jadi.adi.request.BasicTypes;
import org.jadi.adi.request.PackPlan;

/**
 * The rows of a two-dimensional array, one behind the other in the message: what an hindexed type would be if objects had
 * addresses. Rows may differ in length; none is copied as a whole.
 */
final class RowsPlan implements PackPlan {
    /** Arrays of one primitive type. */
    private final Object[] rows;

    /** The same as memory; null for rows of boolean, which no segment can view. */
    private final MemorySegment[] views;

    /** Place of each row in the message, in bytes; one more for the end. */
    private final long[] starts;

    private final Datatype type;

    private RowsPlan(Object[] rows, MemorySegment[] views, long[] starts, Datatype type) {
        this.rows = rows;
        this.views = views;
        this.starts = starts;
        this.type = type;
    }

    /** Describes all rows of an array. */
    static RowsPlan of(Transfer t, Object[] array) {
        return of(t, array, 0, array == null ? 0 : array.length);
    }

    /** Describes some rows of an array. */
    static RowsPlan of(Transfer t, Object[] array, int first, int count) {
        if (array == null) {
            throw t.error(ErrorClass.BUFFER, "message", "the buffer is null", null);
        }
        t.part(first, count, array.length);
        Object[] rows = Arrays.copyOfRange(array, first, first + count);
        Class<?> element = elementOf(t, array, rows);
        boolean isBoolean = element == boolean.class;
        MemorySegment[] views = isBoolean ? null : new MemorySegment[count];
        long[] starts = new long[count + 1];
        for (int i = 0; i < count; i++) {
            if (!isBoolean) {
                views[i] = view(rows[i]);
            }
            starts[i + 1] = starts[i] + (isBoolean ? ((boolean[]) rows[i]).length : views[i].byteSize());
        }
        return new RowsPlan(rows, views, starts, RecordType.datatypeOf(element));
    }

    /** Returns the type of the elements: all rows have the same. */
    private static Class<?> elementOf(Transfer t, Object[] array, Object[] rows) {
        Class<?> declared = array.getClass().componentType().componentType();
        Class<?> element = rows.length == 0 || rows[0] == null ? declared : rows[0].getClass().componentType();
        for (Object row : rows) {
            if (row == null || element == null || !element.isPrimitive() || row.getClass().componentType() != element) {
                throw t.error(ErrorClass.BUFFER, "message", "rows are arrays of one primitive type, as in a double[][]: "
                        + (row == null ? "a row is null" : "row=" + row.getClass().getTypeName()), null);
            }
        }
        return element == null || !element.isPrimitive() ? byte.class : element;
    }

    private static MemorySegment view(Object row) {
        return switch (row) {
            case byte[] a -> MemorySegment.ofArray(a);
            case char[] a -> MemorySegment.ofArray(a);
            case short[] a -> MemorySegment.ofArray(a);
            case int[] a -> MemorySegment.ofArray(a);
            case long[] a -> MemorySegment.ofArray(a);
            case float[] a -> MemorySegment.ofArray(a);
            default -> MemorySegment.ofArray((double[]) row);
        };
    }

    /** Returns some of the rows; within the array. */
    RowsPlan slice(int first, int count) {
        int end = first + count;
        long[] places = Arrays.copyOfRange(starts, first, end + 1);
        long begin = places[0];
        Arrays.setAll(places, i -> places[i] - begin);
        return new RowsPlan(Arrays.copyOfRange(rows, first, end), views == null ? null : Arrays.copyOfRange(views, first, end),
                places, type);
    }

    int count() {
        return rows.length;
    }

    Datatype type() {
        return type;
    }

    /** Returns whether the first rows are the same objects. */
    boolean isSamePlace(RowsPlan other) {
        return rows.length > 0 && other.rows.length > 0 && rows[0] == other.rows[0];
    }

    @Override
    public long bytes() {
        return starts[rows.length];
    }

    @Override
    public BasicTypes types() {
        return MessageTypes.row(type);
    }

    @Override
    public void pack(long first, MemorySegment target, long targetOffset, int length) {
        move(first, target, targetOffset, length, true);
    }

    @Override
    public void unpack(long first, MemorySegment source, long sourceOffset, int length) {
        move(first, source, sourceOffset, length, false);
    }

    private void move(long first, MemorySegment packed, long packedOffset, int length, boolean packs) {
        if (length == 0) {
            return;
        }
        int row = Arrays.binarySearch(starts, first);
        row = row < 0 ? -row - 2 : row;
        long inside = first - starts[row];
        long to = packedOffset;
        for (long left = length; left > 0; row++) {
            long part = Math.min(starts[row + 1] - starts[row] - inside, left);
            if (views == null) {
                move((boolean[]) rows[row], (int) inside, (int) part, packed, to, packs);
            } else if (packs) {
                MemorySegment.copy(views[row], inside, packed, to, part);
            } else {
                MemorySegment.copy(packed, to, views[row], inside, part);
            }
            to += part;
            left -= part;
            inside = 0;
        }
    }

    private static void move(boolean[] row, int first, int count, MemorySegment packed, long at, boolean packs) {
        for (int i = 0; i < count; i++) {
            if (packs) {
                packed.set(JAVA_BYTE, at + i, (byte) (row[first + i] ? 1 : 0));
            } else {
                row[first + i] = packed.get(JAVA_BYTE, at + i) != 0;
            }
        }
    }

    @Override
    public String toString() {
        return rows.length + " rows of " + type;
    }
}
