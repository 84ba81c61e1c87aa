package org.jadi.mpi.collective;

/** Algorithms of reduce. Only the root's result is written; the input is not changed, unless it is the result's memory. */
final class Reduces {
    /** Segments that are received ahead of the computation. */
    private static final int WINDOW = 4;

    private Reduces() {}

    /**
     * Up a tree, in segments. In the order of the ranks if the tree's root is rank 0.
     *
     * @param result where the root wants the result; ignored elsewhere
     */
    static void tree(Schedule s, Tree tree, Block input, Block result, Reduction r, long segmentBytes) {
        long length = Math.min(input.bytes(), Parts.segment(segmentBytes, r.elementBytes()));
        long segments = length == 0 ? 1 : (input.bytes() + length - 1) / length;
        long window = Math.min(WINDOW, segments);
        // Two, in turns: one is received while the other is an operand. The result stands in the right operand.
        Block even = tree.children().length > 0 ? s.temp(window * length) : s.empty();
        Block odd = tree.children().length > 1 ? s.temp(window * length) : s.empty();
        for (long i = 0; i < segments; i++) {
            long at = i * length;
            long bytes = Math.min(length, input.bytes() - at);
            Block sum = input.slice(at, bytes);
            for (int c = 0; c < tree.children().length; c++) {
                Block in = (c % 2 == 0 ? even : odd).slice(i % window * length, bytes);
                s.receive(tree.children()[c], in);
                s.reduce(sum, in, r);
                sum = in;
            }
            if (tree.parent() >= 0) {
                s.send(tree.parent(), sum);
            } else {
                s.copy(sum, result.slice(at, bytes));
            }
        }
    }

    /** Up a tree to rank 0 in the order of the ranks, then to the root. */
    static void ordered(Schedule s, Tree treeOfZero, int root, Block input, Block result, Reduction r, long segmentBytes) {
        Block there = root == 0 ? result : s.rank == 0 ? s.temp(input.bytes()) : s.empty();
        tree(s, treeOfZero, input, there, r, segmentBytes);
        if (root != 0 && s.rank == 0) {
            s.send(root, there);
        } else if (root != 0 && s.rank == root) {
            s.receive(0, result);
        }
    }

    /** Reduces parts, then gathers them at the root (Rabenseifner). Keeps the order of the ranks. */
    static void scatterGather(Schedule s, int root, Block input, Block result, Reduction r) {
        Block sum = s.rank == root ? result : s.temp(input.bytes());
        s.copy(input, sum);
        Halving halving = new Halving(s, sum, r);
        halving.reduceScatter();
        if (s.rank == root) {
            for (int place = 0; place < halving.places(); place++) {
                if (halving.rank(place) != root) {
                    s.receiveSome(halving.rank(place), halving.part(place));
                }
            }
        } else if (halving.place() >= 0) {
            s.sendSome(root, halving.part(halving.place()));
        }
    }
}
