package org.jadi.mpi.collective;

/**
 * Reduction by halves, and its way back: the places are a power of two, the ranks beyond it give their data to a neighbour
 * first. In each round the partners are groups of adjacent ranks, so that the order of the ranks is kept.
 */
final class Halving {
    private final Schedule s;
    private final Block sum;
    private final Reduction reduction;
    private final int places;
    private final int extra;
    private final int place;

    /**
     * Prepares.
     *
     * @param sum our data, replaced by results
     */
    Halving(Schedule s, Block sum, Reduction reduction) {
        this.s = s;
        this.sum = sum;
        this.reduction = reduction;
        this.places = Integer.highestOneBit(s.size);
        this.extra = s.size - places;
        this.place = s.rank >= 2 * extra ? s.rank - extra : s.rank % 2 == 1 ? s.rank / 2 : -1;
    }

    int places() {
        return places;
    }

    /** Returns our place, or -1 for a rank that has given its data away. */
    int place() {
        return place;
    }

    /** Returns the rank at a place. */
    int rank(int at) {
        return at < extra ? 2 * at + 1 : at + extra;
    }

    /** Ranks beyond a power of two give their data to the next rank. */
    void foldExtra() {
        if (s.rank < 2 * extra) {
            if (place < 0) {
                s.send(s.rank + 1, sum);
            } else {
                Block in = s.temp(sum.bytes());
                s.receive(s.rank - 1, in);
                s.reduce(in, sum, reduction);
            }
        }
    }

    /** Ranks beyond a power of two get the result. */
    void unfoldExtra(Block result) {
        if (s.rank < 2 * extra) {
            if (place < 0) {
                s.receive(s.rank + 1, result);
            } else {
                s.send(s.rank - 1, result);
            }
        }
    }

    /** Leaves at each place the sum of all ranks for its {@link #part}. */
    void reduceScatter() {
        foldExtra();
        if (place < 0) {
            return;
        }
        Block in = s.temp(sum.bytes());
        long from = 0;
        long to = elements();
        for (int mask = 1; mask < places; mask <<= 1) {
            int partner = rank(place ^ mask);
            long middle = from + (to - from) / 2;
            boolean low = (place & mask) == 0;
            s.sendSome(partner, low ? cut(sum, middle, to) : cut(sum, from, middle));
            from = low ? from : middle;
            to = low ? middle : to;
            Block got = cut(in, from, to);
            Block kept = cut(sum, from, to);
            s.receiveSome(partner, got);
            combine(partner, got, kept);
        }
    }

    /** Puts the lower ranks' operand to the left; the result is to stand in our data. */
    private void combine(int partner, Block got, Block kept) {
        if (partner < s.rank || reduction.symmetric()) {
            s.reduce(got, kept, reduction);
        } else {
            s.reduce(kept, got, reduction);
            s.copy(got, kept);
        }
    }

    /** Gives the parts to all places, on the same way back; then to the ranks beyond. */
    void allgather() {
        if (place >= 0) {
            for (int mask = places >> 1; mask > 0; mask >>= 1) {
                int partner = rank(place ^ mask);
                s.sendSome(partner, group(place, 2 * mask));
                s.receiveSome(partner, group(place ^ mask, 2 * mask));
            }
        }
        unfoldExtra(sum);
    }

    /** Returns the data whose sum a place has. */
    Block part(int at) {
        return group(at, places);
    }

    /** Returns the data that a place keeps after the rounds below a mask. */
    private Block group(int at, int below) {
        long from = 0;
        long to = elements();
        for (int mask = 1; mask < places && mask < below; mask <<= 1) {
            long middle = from + (to - from) / 2;
            if ((at & mask) == 0) {
                to = middle;
            } else {
                from = middle;
            }
        }
        return cut(sum, from, to);
    }

    private long elements() {
        return sum.bytes() / reduction.elementBytes();
    }

    private Block cut(Block block, long from, long to) {
        return block.slice(from * reduction.elementBytes(), (to - from) * reduction.elementBytes());
    }
}
