package org.jadi.mpi.collective;

import java.util.EnumMap;
import java.util.Map;

/**
 * Which algorithm runs: by operation, bytes and ranks, unless the configuration forces one. Immutable. Asks only for what is
 * equal on all ranks.
 */
public final class Selection {
    private static final long SMALL = 2 << 10;
    private static final long MIDDLE = 32 << 10;
    private static final long LONG = 512 << 10;

    private final Map<Operation, Algorithm> forced;
    private final boolean reproducible;

    /** Length of segments in bytes. */
    public final long segmentBytes;

    /**
     * What was selected.
     *
     * @param why for people
     */
    public record Choice(Algorithm algorithm, String why) {}

    /**
     * Creates a selection.
     *
     * @param reproducible whether the bits of a reduction may depend on nothing but the data and the number of ranks
     */
    public Selection(Map<Operation, Algorithm> forced, long segmentBytes, boolean reproducible) {
        this.forced = new EnumMap<>(forced);
        this.segmentBytes = segmentBytes;
        this.reproducible = reproducible;
    }

    /** Returns the same, with reproducible reductions or without. */
    public Selection reproducible(boolean wanted) {
        return wanted == reproducible ? this : new Selection(forced, segmentBytes, wanted);
    }

    /** Returns whether no algorithm is forced. */
    public boolean isAutomatic() {
        return forced.values().stream().allMatch(a -> a == Algorithm.AUTO);
    }

    /** Returns whether reductions are reproducible. */
    public boolean isReproducible() {
        return reproducible;
    }

    /**
     * Selects.
     *
     * @param bytes of the buffer that is broadcast or reduced, of one block, or of all blocks for allgather and
     *     reduceScatter; 0 where not all ranks know
     * @param commutative whether the order of the ranks may be changed; true without reduction
     * @param shape where the ranks are
     */
    public Choice choose(Operation operation, long bytes, int ranks, boolean commutative, Shape shape) {
        Algorithm wanted = forced.getOrDefault(operation, Algorithm.AUTO);
        if (wanted == Algorithm.AUTO) {
            return automatic(operation, bytes, ranks, commutative, shape);
        }
        String hindrance = hindrance(operation, wanted, ranks, commutative, shape);
        if (hindrance == null) {
            return new Choice(wanted, "forced by jadi.coll." + operation.label);
        }
        Choice other = automatic(operation, bytes, ranks, commutative, shape);
        return new Choice(other.algorithm, wanted.label() + " is forced, but " + hindrance + "; so " + other.why);
    }

    private Choice automatic(Operation operation, long bytes, int ranks, boolean commutative, Shape shape) {
        if (shape.shared()) {
            return new Choice(Algorithm.SHARED, "all ranks share memory");
        }
        if (operation.algorithms().contains(Algorithm.HIERARCHICAL)
                && hindrance(operation, Algorithm.HIERARCHICAL, ranks, commutative, shape) == null) {
            return new Choice(Algorithm.HIERARCHICAL, "several nodes with several ranks: " + shape.nodes() + " nodes");
        }
        if (reproducible && operation.reduces()) {
            return new Choice(ORDERED.get(operation), "reproducible: in the order of the ranks");
        }
        return table(operation, bytes, ranks, commutative);
    }

    /** What reduces from the left, rank after rank. */
    private static final Map<Operation, Algorithm> ORDERED = Map.of(Operation.REDUCE, Algorithm.LINEAR, Operation.ALLREDUCE,
            Algorithm.REDUCE_BCAST, Operation.REDUCE_SCATTER, Algorithm.REDUCE_SCATTER, Operation.SCAN, Algorithm.LINEAR,
            Operation.EXSCAN, Algorithm.LINEAR);

    /** Returns why an algorithm cannot do it, or null. */
    private String hindrance(Operation operation, Algorithm a, int ranks, boolean commutative, Shape shape) {
        if (a == Algorithm.SHARED) {
            return shape.shared() ? null : shape.nodes() == 0 ? "the ranks do not share memory (yet)" : "the ranks are on "
                    + shape.nodes() + " nodes";
        }
        if (reproducible && operation.reduces() && ORDERED.get(operation) != a) {
            return "reductions are to be reproducible";
        }
        if (a == Algorithm.HIERARCHICAL) {
            return !shape.hierarchical() ? "there are no several nodes with several ranks" : !shape.inRow()
                    && (!commutative || operation == Operation.ALLGATHER) ? "the order of the ranks counts, and those of a node are no"
                    + " row" : null;
        }
        boolean reorders = operation.reduces() && (operation == Operation.ALLREDUCE || operation == Operation.REDUCE_SCATTER)
                && (a == Algorithm.RING || a == Algorithm.PAIRWISE);
        if (reorders && !commutative) {
            return "the operation does not commute";
        }
        boolean powers = operation == Operation.ALLGATHER && a == Algorithm.RECURSIVE_DOUBLING;
        return powers && Integer.bitCount(ranks) != 1 ? "the number of ranks is no power of two" : null;
    }

    /** The table. */
    private static Choice table(Operation operation, long bytes, int ranks, boolean commutative) {
        return switch (operation) {
            case BARRIER -> new Choice(Algorithm.DISSEMINATION, "the fewest rounds");
            case BCAST -> bcast(bytes, ranks);
            case REDUCE -> bytes <= MIDDLE ? new Choice(Algorithm.BINOMIAL, "short: the fewest rounds")
                    : bytes <= LONG ? new Choice(Algorithm.BINARY, "in segments: reduces while it receives")
                    : new Choice(Algorithm.CHAIN, "long: every rank receives and reduces once");
            case ALLREDUCE -> allreduce(bytes, ranks, commutative);
            case GATHERV, SCATTERV -> new Choice(Algorithm.LINEAR, "lengths differ: the root with each");
            case GATHER, SCATTER -> bytes <= SMALL && ranks > 2 ? new Choice(Algorithm.BINOMIAL, "short: the root has few messages")
                    : new Choice(Algorithm.LINEAR, "long, or few ranks: no copy on the way");
            case ALLGATHER -> bytes <= MIDDLE ? Integer.bitCount(ranks) == 1
                    ? new Choice(Algorithm.RECURSIVE_DOUBLING, "short, and a power of two: few rounds, no copy")
                    : new Choice(Algorithm.BRUCK, "short: the fewest rounds")
                    : new Choice(Algorithm.RING, "long: neighbours only, no copy");
            case ALLGATHERV -> bytes <= MIDDLE ? new Choice(Algorithm.BRUCK, "short: the fewest rounds")
                    : new Choice(Algorithm.RING, "long: neighbours only, no copy");
            case ALLTOALL -> bytes <= 256 && ranks >= 8 ? new Choice(Algorithm.BRUCK, "very short blocks: the fewest messages")
                    : bytes <= MIDDLE ? new Choice(Algorithm.LINEAR, "short: everything at once")
                    : new Choice(Algorithm.PAIRWISE, "long: one partner at a time");
            case ALLTOALLV -> new Choice(Algorithm.LINEAR, "lengths differ: everything at once");
            case REDUCE_SCATTER -> !commutative ? new Choice(Algorithm.LINEAR, "keeps the order of the ranks")
                    : bytes <= LONG ? new Choice(Algorithm.PAIRWISE, "every rank sends each block once")
                    : new Choice(Algorithm.RING, "long: neighbours only");
            case SCAN, EXSCAN -> ranks > 2 ? new Choice(Algorithm.RECURSIVE_DOUBLING, "the fewest rounds")
                    : new Choice(Algorithm.LINEAR, "two ranks");
        };
    }

    private static Choice bcast(long bytes, int ranks) {
        if (bytes <= MIDDLE || ranks <= 2) {
            return new Choice(Algorithm.BINOMIAL, "short, or few ranks: the fewest rounds");
        }
        return bytes <= LONG ? new Choice(Algorithm.BINARY, "in segments: forwards while it receives")
                : new Choice(Algorithm.CHAIN, "long: every rank sends once");
    }

    private static Choice allreduce(long bytes, int ranks, boolean commutative) {
        if (bytes <= SMALL || ranks == 1) {
            return new Choice(Algorithm.RECURSIVE_DOUBLING, "short: the fewest rounds");
        }
        return bytes <= LONG || !commutative ? new Choice(Algorithm.RABENSEIFNER, "every rank reduces its part")
                : new Choice(Algorithm.RING, "long: neighbours only, every rank reduces its part");
    }
}
