package org.jadi.mpi.collective;

/** Algorithms of barrier. */
final class Barriers {
    private Barriers() {}

    /** After round k everybody knows that the 2^(k+1) ranks before him have come. */
    static void dissemination(Schedule s) {
        for (long distance = 1; distance < s.size; distance <<= 1) {
            s.send((int) ((s.rank + distance) % s.size), s.empty());
            s.receive((int) ((s.rank - distance + s.size) % s.size), s.empty());
            s.fence();
        }
    }

    /** Up a tree, and down again. */
    static void tree(Schedule s, Tree tree) {
        for (int child : tree.children()) {
            s.receive(child, s.empty());
        }
        s.fence();
        if (tree.parent() >= 0) {
            s.send(tree.parent(), s.empty());
            s.receive(tree.parent(), s.empty());
            s.fence();
        }
        for (int child : tree.children()) {
            s.send(child, s.empty());
        }
    }
}
