package org.jadi.mpi.datatype;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A type map with its bounds (MPI 4.1 §5.1, §5.1.6). Where a type was resized, its bounds are those markers, and types made of
 * it are bounded by markers too; otherwise the bounds are those of the elements, the upper one padded for alignment.
 *
 * <p>Displacements, strides and extents are bytes.
 */
public final class TypeMap {
    /** Without any element. */
    public static final TypeMap EMPTY = new TypeMap(Layout.EMPTY);

    /** The elements. */
    public final Layout layout;

    /** Lower bound in bytes. */
    public final long lb;

    /** Upper bound in bytes. */
    public final long ub;

    private final boolean marked;

    private TypeMap(Layout layout) {
        this.layout = layout;
        this.marked = false;
        this.lb = layout.low;
        long length = Math.subtractExact(layout.high, layout.low);
        this.ub = Math.addExact(lb, Math.addExact(length, Math.floorMod(-length, (long) layout.alignment)));
    }

    private TypeMap(Layout layout, long lb, long ub) {
        this.layout = layout;
        this.marked = true;
        this.lb = lb;
        this.ub = ub;
    }

    /** Returns the map of one element. */
    public static TypeMap of(Kind kind) {
        return new TypeMap(new Run(kind, 0, kind.bytes));
    }

    /** Returns the extent in bytes; negative if the bounds were set so. */
    public long extent() {
        return ub - lb;
    }

    /** Returns copies at equal distances in bytes. */
    public TypeMap repeat(long count, long stride) {
        if (count == 0) {
            return EMPTY;
        }
        Layout copies = Layouts.repeat(count, stride, layout);
        long last = Math.multiplyExact(count - 1, stride);
        return marked ? new TypeMap(copies, Math.addExact(lb, Math.min(0, last)), Math.addExact(ub, Math.max(0, last)))
                : new TypeMap(copies);
    }

    /** Returns copies, each behind the other. */
    public TypeMap repeat(long count) {
        return repeat(count, extent());
    }

    /** Returns the same map at another place. */
    public TypeMap at(long displacement) {
        Layout there = layout.shifted(displacement);
        return marked ? new TypeMap(there, Math.addExact(lb, displacement), Math.addExact(ub, displacement))
                : new TypeMap(there);
    }

    /** Returns blocks of copies: as many, and each at its place in bytes. The arrays are not kept. */
    public TypeMap blocks(long[] lengths, long[] displacements) {
        Layout joined = layout instanceof Run run && run.size == extent()
                ? Layouts.ragged(run.kind, scaled(lengths, run.size), displacements).shifted(run.offset)
                : irregular(lengths, displacements);
        if (!marked) {
            return new TypeMap(joined);
        }
        long low = Long.MAX_VALUE;
        long high = Long.MIN_VALUE;
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] > 0) {
                long last = Math.multiplyExact(lengths[i] - 1, extent());
                low = Math.min(low, Math.addExact(displacements[i], Math.min(0, last)));
                high = Math.max(high, Math.addExact(displacements[i], Math.max(0, last)));
            }
        }
        return low > high ? EMPTY : new TypeMap(joined, Math.addExact(lb, low), Math.addExact(ub, high));
    }

    private static long[] scaled(long[] lengths, long by) {
        long[] result = new long[lengths.length];
        Arrays.setAll(result, i -> Math.multiplyExact(lengths[i], by));
        return result;
    }

    private Layout irregular(long[] lengths, long[] displacements) {
        long[] places = new long[lengths.length];
        long length = -1;
        int n = 0;
        boolean equal = true;
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] > 0) {
                equal &= length == -1 || length == lengths[i];
                length = lengths[i];
                places[n++] = displacements[i];
            }
        }
        if (equal) {
            return n == 0 ? Layout.EMPTY
                    : Layouts.blocks(Arrays.copyOf(places, n), Layouts.repeat(length, extent(), layout));
        }
        List<Layout> parts = new ArrayList<>(n);
        for (int i = 0; i < lengths.length; i++) {
            parts.add(Layouts.repeat(lengths[i], extent(), layout).shifted(displacements[i]));
        }
        return Layouts.join(parts);
    }

    /** Returns maps one after the other, each where it is. Markers count, if one has some. */
    public static TypeMap join(List<TypeMap> maps) {
        Layout joined = Layouts.join(maps.stream().map(m -> m.layout).toList());
        List<TypeMap> bounded = maps.stream().filter(m -> m.marked).toList();
        return bounded.isEmpty() ? new TypeMap(joined) : new TypeMap(joined,
                bounded.stream().mapToLong(m -> m.lb).min().orElseThrow(),
                bounded.stream().mapToLong(m -> m.ub).max().orElseThrow());
    }

    /** Returns the map with other bounds. */
    public TypeMap resized(long lowerBound, long extent) {
        return new TypeMap(layout, lowerBound, Math.addExact(lowerBound, extent));
    }

    /** Returns the layout of a number of elements of the type, without kinds: what a message moves. */
    public Layout message(long count) {
        return Layouts.repeat(count, extent(), layout.erase());
    }

    /** Returns the layout of a number of elements of the type, with kinds. */
    public Layout elements(long count) {
        return Layouts.repeat(count, extent(), layout);
    }

    @Override
    public String toString() {
        return "[" + lb + ", " + ub + ") " + layout;
    }
}
