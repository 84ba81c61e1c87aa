package org.jadi.mpi.collective;

/** Algorithms of scan and exscan. All keep the order of the ranks. */
final class Scans {
    private Scans() {}

    /** From rank to rank. */
    static void linear(Schedule s, Block input, Block result, Reduction r, boolean exclusive) {
        Block sum = input;
        if (exclusive || input.isSame(result)) {
            // What goes on differs from our result, or would be overwritten.
            sum = s.temp(input.bytes());
            s.copy(input, sum);
        } else {
            s.copy(input, result);
            sum = result;
        }
        if (s.rank > 0) {
            Block before = exclusive ? result : s.temp(input.bytes());
            s.receive(s.rank - 1, before);
            s.reduce(before, sum, r);
        }
        if (s.rank < s.size - 1) {
            s.send(s.rank + 1, sum);
        }
        if (!exclusive) {
            s.copy(sum, result);
        }
    }

    /** In each round groups of adjacent ranks exchange their sums. */
    static void recursiveDoubling(Schedule s, Block input, Block result, Reduction r, boolean exclusive) {
        Block sum = s.temp(input.bytes());
        s.copy(input, sum);
        if (!exclusive) {
            s.copy(input, result);
        }
        Block in = s.temp(input.bytes());
        boolean empty = exclusive;
        for (long distance = 1; distance < s.size; distance <<= 1) {
            int partner = s.rank ^ (int) distance;
            if (partner >= s.size) {
                continue;
            }
            s.send(partner, sum);
            s.receive(partner, in);
            if (partner > s.rank) {
                s.reduce(sum, in, r);
                Block swap = sum;
                sum = in;
                in = swap;
                continue;
            }
            if (empty) {
                s.copy(in, result);
                empty = false;
            } else {
                s.reduce(in, result, r);
            }
            s.reduce(in, sum, r);
        }
    }
}
