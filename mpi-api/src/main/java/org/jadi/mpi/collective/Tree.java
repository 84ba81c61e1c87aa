package org.jadi.mpi.collective;

import java.util.ArrayList;
import java.util.List;

/**
 * Our place in a tree of all ranks. Every subtree is a run of ranks, counted from the root around, and children come in that
 * order: so a reduction up the tree keeps the order of the ranks if rank 0 is the root.
 *
 * @param parent rank, or -1 at the root
 * @param children ranks, near ones first
 */
record Tree(int parent, int[] children) {
    /** Everybody hangs on the root. */
    static Tree linear(int rank, int size, int root) {
        if (rank != root) {
            return new Tree(root, new int[0]);
        }
        int[] children = new int[size - 1];
        for (int i = 0; i < children.length; i++) {
            children[i] = (root + 1 + i) % size;
        }
        return new Tree(-1, children);
    }

    /** One after the other. */
    static Tree chain(int rank, int size, int root) {
        int place = place(rank, size, root);
        int[] children = place + 1 < size ? new int[] {(rank + 1) % size} : new int[0];
        return new Tree(place == 0 ? -1 : (rank - 1 + size) % size, children);
    }

    /** In each round everybody who is reached reaches {@code radix - 1} others; radix 2 is the binomial tree. */
    static Tree knomial(int rank, int size, int root, int radix) {
        int place = place(rank, size, root);
        long distance = 1;
        while (distance < size && place / distance % radix == 0) {
            distance *= radix;
        }
        int parent = place == 0 ? -1 : (int) ((place - place / distance % radix * distance + root) % size);
        List<Integer> children = new ArrayList<>();
        for (long d = 1; d < distance; d *= radix) {
            for (long child = place + d; child < place + d * radix && child < size; child += d) {
                children.add((int) ((child + root) % size));
            }
        }
        return new Tree(parent, children.stream().mapToInt(Integer::intValue).toArray());
    }

    /** Each has two children: its subtree is halved. For long messages in segments. */
    static Tree binary(int rank, int size, int root) {
        int place = place(rank, size, root);
        int from = 0;
        int to = size;
        int parent = -1;
        while (place != from) {
            int middle = from + 1 + (to - from) / 2;
            parent = from;
            if (place < middle) {
                from++;
                to = middle;
            } else {
                from = middle;
            }
        }
        int middle = from + 1 + (to - from) / 2;
        int up = parent < 0 ? -1 : (parent + root) % size;
        int near = (from + 1 + root) % size;
        if (to - from <= 1) {
            return new Tree(up, new int[0]);
        }
        return new Tree(up, middle < to ? new int[] {near, (middle + root) % size} : new int[] {near});
    }

    private static int place(int rank, int size, int root) {
        return (rank - root + size) % size;
    }
}
