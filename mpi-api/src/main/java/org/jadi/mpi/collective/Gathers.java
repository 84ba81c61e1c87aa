package org.jadi.mpi.collective;

/** Algorithms of gather and scatter. At the root the blocks of all ranks; its own may be the same memory. */
final class Gathers {
    private Gathers() {}

    /** Everybody sends to the root. */
    static void linear(Schedule s, int root, Block mine, Block[] blocks) {
        if (s.rank != root) {
            s.send(root, mine);
            return;
        }
        for (int r = 0; r < s.size; r++) {
            if (r != root) {
                s.receive(r, blocks[r]);
            }
        }
        s.copy(mine, blocks[root]);
    }

    /** Up a binomial tree; all blocks have the same length. */
    static void binomial(Schedule s, int root, Block mine, Block[] blocks) {
        long length = mine.bytes();
        int place = (s.rank - root + s.size) % s.size;
        int covered = covered(place, s.size);
        // Blocks of the ranks below us in the tree, by their place.
        Block all = covered == 1 ? mine : s.temp(covered * length);
        if (covered > 1) {
            s.copy(mine, all.slice(0, length));
        }
        for (int d = 1; d < covered; d <<= 1) {
            s.receive((s.rank + d) % s.size, all.slice(d * length, covered(place + d, s.size) * length));
        }
        if (place > 0) {
            s.send((s.rank - Integer.lowestOneBit(place) + s.size) % s.size, all);
            return;
        }
        for (int i = 0; i < s.size; i++) {
            s.copy(all.slice(i * length, length), blocks[(root + i) % s.size]);
        }
    }

    /** The root sends to everybody. */
    static void scatterLinear(Schedule s, int root, Block[] blocks, Block mine) {
        if (s.rank != root) {
            s.receive(root, mine);
            return;
        }
        for (int i = 1; i < s.size; i++) {
            s.send((root + i) % s.size, blocks[(root + i) % s.size]);
        }
        s.copy(blocks[root], mine);
    }

    /** Down a binomial tree; all blocks have the same length. */
    static void scatterBinomial(Schedule s, int root, Block[] blocks, Block mine) {
        long length = mine.bytes();
        int place = (s.rank - root + s.size) % s.size;
        int covered = covered(place, s.size);
        Block all = covered == 1 ? mine : s.temp(covered * length);
        if (place > 0) {
            s.receive((s.rank - Integer.lowestOneBit(place) + s.size) % s.size, all);
        } else {
            for (int i = 0; i < s.size; i++) {
                s.copy(blocks[(root + i) % s.size], all.slice(i * length, length));
            }
        }
        for (int d = Integer.highestOneBit(Math.max(1, covered - 1)); d > 0 && covered > 1; d >>= 1) {
            s.send((s.rank + d) % s.size, all.slice(d * length, covered(place + d, s.size) * length));
        }
        s.copy(all.slice(0, length), mine);
    }

    /** Number of ranks in the subtree of a place. */
    private static int covered(int place, int size) {
        return place == 0 ? size : Math.min(Integer.lowestOneBit(place), size - place);
    }
}
