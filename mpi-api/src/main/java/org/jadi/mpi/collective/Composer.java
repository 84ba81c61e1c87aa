package org.jadi.mpi.collective;

import org.jadi.mpi.collective.Selection.Choice;

/** Writes the schedules of all operations, with the algorithm that was selected. One for each schedule. */
public final class Composer {
    private static final int RADIX = 4;

    private final Schedule s;
    private final Selection selection;
    private Choice choice = new Choice(Algorithm.LINEAR, "there is no other");

    /** Creates a composer of one schedule. */
    public Composer(Schedule schedule, Selection selection) {
        this.s = schedule;
        this.selection = selection;
    }

    /** Returns what was selected. */
    public Choice choice() {
        return choice;
    }

    private Algorithm choose(Operation operation, long bytes, boolean commutative) {
        choice = selection.choose(operation, bytes, s.size, commutative, Shape.UNKNOWN);
        return choice.algorithm();
    }

    private Tree tree(Algorithm a, int root) {
        return switch (a) {
            case KNOMIAL -> Tree.knomial(s.rank, s.size, root, RADIX);
            case BINARY -> Tree.binary(s.rank, s.size, root);
            case CHAIN -> Tree.chain(s.rank, s.size, root);
            case LINEAR -> Tree.linear(s.rank, s.size, root);
            default -> Tree.knomial(s.rank, s.size, root, 2);
        };
    }

    /** A tree of rank 0; from the left where that is wanted. */
    private Tree orderedTree() {
        return tree(selection.isReproducible() ? Algorithm.LINEAR : Algorithm.BINOMIAL, 0);
    }

    /** Binomial trees carry short messages, which one packet holds best; all others are made for segments. */
    private long segment(Algorithm a) {
        return a == Algorithm.LINEAR ? Long.MAX_VALUE : selection.segmentBytes;
    }

    /** Barrier. */
    public void barrier() {
        Algorithm a = choose(Operation.BARRIER, 0, true);
        if (a == Algorithm.DISSEMINATION) {
            Barriers.dissemination(s);
        } else {
            Barriers.tree(s, tree(a, 0));
        }
    }

    /** Barrier of two groups, whose first ranks meet; the other group's first rank comes behind the ranks of ours. */
    public void barrierOfTwo() {
        Tree tree = tree(Algorithm.BINOMIAL, 0);
        for (int child : tree.children()) {
            s.receive(child, s.empty());
        }
        s.fence();
        int above = tree.parent() < 0 ? s.size : tree.parent();
        s.send(above, s.empty());
        s.receive(above, s.empty());
        s.fence();
        for (int child : tree.children()) {
            s.send(child, s.empty());
        }
    }

    /** Bcast. */
    public void bcast(Block block, int root) {
        Algorithm a = choose(Operation.BCAST, block.bytes(), true);
        if (a == Algorithm.SCATTER_ALLGATHER) {
            Broadcasts.scatterAllgather(s, block, root);
        } else {
            Broadcasts.tree(s, tree(a, root), block, segment(a));
        }
    }

    /** Reduce; the result is the root's only. */
    public void reduce(Block input, Block result, Reduction r, int root) {
        Algorithm a = choose(Operation.REDUCE, input.bytes(), r.commutative());
        if (a == Algorithm.RABENSEIFNER) {
            Reduces.scatterGather(s, root, input, result, r);
        } else if (r.commutative() && !selection.isReproducible()) {
            Reduces.tree(s, tree(a, root), input, result, r, segment(a));
        } else {
            Reduces.ordered(s, tree(a, 0), root, input, result, r, segment(a));
        }
    }

    /** Allreduce; the input may be the result's memory. */
    public void allreduce(Block input, Block result, Reduction r) {
        Algorithm a = choose(Operation.ALLREDUCE, result.bytes(), r.commutative());
        s.copy(input, result);
        switch (a) {
            case RING -> Allreduces.ring(s, result, r);
            case RABENSEIFNER -> Allreduces.rabenseifner(s, result, r);
            case REDUCE_BCAST -> Allreduces.reduceBroadcast(s, orderedTree(), result, r, selection.segmentBytes);
            default -> Allreduces.recursiveDoubling(s, result, r);
        }
    }

    /** Gather; blocks of equal length unless ragged. */
    public void gather(Block mine, Block[] blocks, int root, boolean ragged) {
        if (choose(ragged ? Operation.GATHERV : Operation.GATHER, mine.bytes(), true) == Algorithm.BINOMIAL) {
            Gathers.binomial(s, root, mine, blocks);
        } else {
            Gathers.linear(s, root, mine, blocks);
        }
    }

    /** Scatter; blocks of equal length unless ragged. */
    public void scatter(Block[] blocks, Block mine, int root, boolean ragged) {
        if (choose(ragged ? Operation.SCATTERV : Operation.SCATTER, mine.bytes(), true) == Algorithm.BINOMIAL) {
            Gathers.scatterBinomial(s, root, blocks, mine);
        } else {
            Gathers.scatterLinear(s, root, blocks, mine);
        }
    }

    /** Allgather of equal blocks in one run of memory; ours is copied to its place. */
    public void allgather(Block mine, Block all, Block[] blocks) {
        Algorithm a = choose(Operation.ALLGATHER, all.bytes(), true);
        s.copy(mine, blocks[s.rank]);
        if (a == Algorithm.RECURSIVE_DOUBLING) {
            Allgathers.recursiveDoubling(s, all, blocks);
        } else {
            gatherToAll(a, blocks);
        }
    }

    /** Allgather of blocks of different lengths; ours is copied to its place. */
    public void allgatherv(Block mine, Block[] blocks) {
        long bytes = 0;
        for (Block b : blocks) {
            bytes += b.bytes();
        }
        Algorithm a = choose(Operation.ALLGATHERV, bytes, true);
        s.copy(mine, blocks[s.rank]);
        gatherToAll(a, blocks);
    }

    private void gatherToAll(Algorithm a, Block[] blocks) {
        switch (a) {
            case RING -> Allgathers.ring(s, blocks);
            case LINEAR -> Allgathers.linear(s, blocks);
            default -> Allgathers.bruck(s, blocks);
        }
    }

    /** Alltoall; blocks of equal length unless ragged. The two sides are different memory. */
    public void alltoall(Block[] out, Block[] in, boolean ragged) {
        Algorithm a = choose(ragged ? Operation.ALLTOALLV : Operation.ALLTOALL, ragged ? 0 : out[s.rank].bytes(), true);
        switch (a) {
            case BRUCK -> Alltoalls.bruck(s, out, in);
            case PAIRWISE -> Alltoalls.pairwise(s, out, in);
            default -> Alltoalls.linear(s, out, in);
        }
    }

    /** Reduce_scatter; input in one run of memory. */
    public void reduceScatter(Block all, Block[] input, Block result, Reduction r) {
        switch (choose(Operation.REDUCE_SCATTER, all.bytes(), r.commutative())) {
            case PAIRWISE -> ReduceScatters.pairwise(s, input, result, r);
            case RING -> ReduceScatters.ring(s, input, result, r);
            case REDUCE_SCATTER -> ReduceScatters.reduceScatter(s, orderedTree(), all, input, result, r,
                    selection.segmentBytes);
            default -> ReduceScatters.linear(s, input, result, r);
        }
    }

    /** Scan, or exscan. */
    public void scan(Block input, Block result, Reduction r, boolean exclusive) {
        if (choose(exclusive ? Operation.EXSCAN : Operation.SCAN, input.bytes(), r.commutative()) == Algorithm.LINEAR) {
            Scans.linear(s, input, result, r, exclusive);
        } else {
            Scans.recursiveDoubling(s, input, result, r, exclusive);
        }
    }
}
