package org.jadi.mpi.collective;

/** Algorithms of bcast. */
final class Broadcasts {
    private Broadcasts() {}

    /** Down a tree, in segments: one is forwarded from where it was received, while the next one comes in. */
    static void tree(Schedule s, Tree tree, Block block, long segmentBytes) {
        long at = 0;
        do {
            Block part = block.slice(at, Math.min(segmentBytes, block.bytes() - at));
            if (tree.parent() >= 0) {
                s.receive(tree.parent(), part);
            }
            for (int i = tree.children().length - 1; i >= 0; i--) {
                s.send(tree.children()[i], part);
            }
            at += part.bytes();
        } while (at < block.bytes());
    }

    /** Deals the parts out by a binomial tree, then gathers them in a ring (van de Geijn). */
    static void scatterAllgather(Schedule s, Block block, int root) {
        int place = (s.rank - root + s.size) % s.size;
        Block[] parts = Parts.of(block, s.size, 1);
        long distance = 1;
        while (distance < s.size && (place & distance) == 0) {
            distance <<= 1;
        }
        if (place != 0) {
            long end = Math.min(place + distance, s.size);
            s.receiveSome((int) ((place - distance + root) % s.size), Parts.join(block, parts, place, (int) end));
        }
        for (distance >>= 1; distance > 0; distance >>= 1) {
            long child = place + distance;
            if (child < s.size) {
                long end = Math.min(child + distance, s.size);
                s.sendSome((int) ((child + root) % s.size), Parts.join(block, parts, (int) child, (int) end));
            }
        }
        // Part i belongs to the rank at place i.
        Block[] byRank = new Block[s.size];
        for (int i = 0; i < s.size; i++) {
            byRank[(i + root) % s.size] = parts[i];
        }
        Allgathers.ring(s, byRank);
    }
}
