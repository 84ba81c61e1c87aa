package org.jadi.mpi.collective;

/** Algorithms of reduce_scatter. The input has a block for every rank; the result is ours. */
final class ReduceScatters {
    private ReduceScatters() {}

    /** Everybody gets its block from everybody, and reduces in the order of the ranks. */
    static void linear(Schedule s, Block[] input, Block result, Reduction r) {
        Block[] got = new Block[s.size];
        for (int i = 0; i < s.size; i++) {
            int from = (s.rank - i + s.size) % s.size;
            got[from] = i == 0 ? input[s.rank] : s.temp(result.bytes());
            if (i > 0) {
                s.receiveSome(from, got[from]);
                s.sendSome((s.rank + i) % s.size, input[(s.rank + i) % s.size]);
            }
        }
        Block sum = got[0];
        for (int i = 1; i < s.size; i++) {
            Block right = got[i];
            if (i == s.rank) {
                // The input must stay as it is.
                right = s.temp(result.bytes());
                s.copy(got[i], right);
            }
            s.reduce(sum, right, r);
            sum = right;
        }
        s.copy(sum, result);
    }

    /** One pair after the other; in another order on each rank. */
    static void pairwise(Schedule s, Block[] input, Block result, Reduction r) {
        Block sum = s.temp(result.bytes());
        s.copy(input[s.rank], sum);
        Block in = s.temp(result.bytes());
        for (int i = 1; i < s.size; i++) {
            int to = (s.rank + i) % s.size;
            int from = (s.rank - i + s.size) % s.size;
            s.sendSome(to, input[to]);
            s.receiveSome(from, in);
            s.reduce(in, sum, r);
        }
        s.copy(sum, result);
    }

    /** Sums of blocks go around; in another order of the ranks for each block. */
    static void ring(Schedule s, Block[] input, Block result, Reduction r) {
        int next = (s.rank + 1) % s.size;
        int last = (s.rank - 1 + s.size) % s.size;
        Block sum = input[last];
        for (int k = 2; k <= s.size; k++) {
            Block own = input[(s.rank - k + s.size) % s.size];
            Block in = s.temp(own.bytes());
            s.sendSome(next, sum);
            s.receiveSome(last, in);
            s.reduce(own, in, r);
            sum = in;
        }
        s.copy(s.size == 1 ? input[0] : sum, result);
    }

    /** To rank 0 in the order of the ranks, which deals the parts out. */
    static void reduceScatter(Schedule s, Tree treeOfZero, Block all, Block[] input, Block result, Reduction r,
            long segmentBytes) {
        Block sum = s.rank == 0 ? s.temp(all.bytes()) : s.empty();
        Reduces.tree(s, treeOfZero, all, sum, r, segmentBytes);
        Block[] parts = new Block[s.size];
        for (int i = 0; i < s.size && s.rank == 0; i++) {
            parts[i] = sum.slice(input[i].from() - all.from(), input[i].bytes());
        }
        Gathers.scatterLinear(s, 0, parts, result);
    }
}
