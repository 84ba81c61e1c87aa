package org.jadi.mpi;

import org.jadi.mpi.Datatype.Order;

/** Parts of an array by looking at every element of the whole. SPEC: MPI 4.1 §5.1.3, §5.1.4. */
final class ArrayModel {
    /** Says whether an index of a dimension belongs to the part. */
    @FunctionalInterface
    interface Part {
        boolean has(int dimension, long index);
    }

    private ArrayModel() {}

    static TypeModel of(TypeModel element, long[] sizes, Order order, Part part) {
        TypeModel m = new TypeModel();
        long all = 1;
        for (long s : sizes) {
            all *= s;
        }
        for (long i = 0; i < all; i++) {
            if (isIn(i, sizes, order, part)) {
                m.add(element, 1, i * element.extent());
            }
        }
        return m.resized(0, all * element.extent());
    }

    /** Takes the index in memory apart, from the fastest dimension on. */
    private static boolean isIn(long index, long[] sizes, Order order, Part part) {
        long rest = index;
        boolean in = true;
        for (int k = 0; k < sizes.length; k++) {
            int d = order == Order.C ? sizes.length - 1 - k : k;
            in &= part.has(d, rest % sizes[d]);
            rest /= sizes[d];
        }
        return in;
    }

    /** Returns a rank's place in a grid, as the standard computes it. */
    static int[] coordinates(int rank, int[] processes) {
        int[] r = new int[processes.length];
        int left = rank;
        int size = 1;
        for (int p : processes) {
            size *= p;
        }
        for (int d = 0; d < processes.length; d++) {
            size /= processes[d];
            r[d] = left / size;
            left %= size;
        }
        return r;
    }
}
