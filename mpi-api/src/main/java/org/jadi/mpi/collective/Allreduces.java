package org.jadi.mpi.collective;

/** Algorithms of allreduce. The input stands in the result's memory already. All ranks get the same bits. */
final class Allreduces {
    private Allreduces() {}

    /** In each round groups of adjacent ranks exchange their sums. Keeps the order of the ranks. */
    static void recursiveDoubling(Schedule s, Block result, Reduction r) {
        Halving pairs = new Halving(s, result, r);
        pairs.foldExtra();
        if (pairs.place() >= 0) {
            Block sum = result;
            Block in = s.temp(result.bytes());
            for (int mask = 1; mask < pairs.places(); mask <<= 1) {
                int partner = pairs.rank(pairs.place() ^ mask);
                s.send(partner, sum);
                s.receive(partner, in);
                if (partner < s.rank || r.symmetric()) {
                    s.reduce(in, sum, r);
                } else {
                    s.reduce(sum, in, r);
                    Block swap = sum;
                    sum = in;
                    in = swap;
                }
            }
            s.copy(sum, result);
        }
        pairs.unfoldExtra(result);
    }

    /** Sums of parts go around, then the results do. Each part is summed in another order of the ranks. */
    static void ring(Schedule s, Block result, Reduction r) {
        Block[] parts = Parts.of(result, s.size, r.elementBytes());
        Block in = s.temp(result.bytes());
        int next = (s.rank + 1) % s.size;
        int last = (s.rank - 1 + s.size) % s.size;
        for (int k = 1; k < s.size; k++) {
            Block mine = parts[(s.rank - k + s.size + 1) % s.size];
            Block theirs = parts[(s.rank - k + s.size) % s.size];
            Block got = in.slice(theirs.from() - result.from(), theirs.bytes());
            s.sendSome(next, mine);
            s.receiveSome(last, got);
            s.reduce(got, theirs, r);
        }
        for (int k = 0; k < s.size - 1; k++) {
            s.sendSome(next, parts[(s.rank + 1 - k + s.size) % s.size]);
            s.receiveSome(last, parts[(s.rank - k + s.size) % s.size]);
        }
    }

    /** Reduces parts, then gathers them. Keeps the order of the ranks. */
    static void rabenseifner(Schedule s, Block result, Reduction r) {
        Halving halving = new Halving(s, result, r);
        halving.reduceScatter();
        halving.allgather();
    }

    /** To rank 0 and back, both in segments. Keeps the order of the ranks. */
    static void reduceBroadcast(Schedule s, Tree tree, Block result, Reduction r, long segmentBytes) {
        Reduces.tree(s, tree, result, result, r, segmentBytes);
        Broadcasts.tree(s, tree, result, Parts.segment(segmentBytes, r.elementBytes()));
    }
}
