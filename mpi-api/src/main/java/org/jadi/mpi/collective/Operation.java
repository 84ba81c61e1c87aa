package org.jadi.mpi.collective;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The collective operations that have several algorithms. */
public enum Operation {
    /** Barrier. */
    BARRIER("barrier", Algorithm.SHARED, Algorithm.HIERARCHICAL, Algorithm.DISSEMINATION, Algorithm.BINOMIAL, Algorithm.LINEAR),
    /** Broadcast. */
    BCAST("bcast", Algorithm.SHARED, Algorithm.HIERARCHICAL, Algorithm.BINOMIAL, Algorithm.KNOMIAL, Algorithm.BINARY,
            Algorithm.CHAIN, Algorithm.SCATTER_ALLGATHER,
            Algorithm.LINEAR),
    /** Reduction to the root. */
    REDUCE("reduce", Algorithm.SHARED, Algorithm.HIERARCHICAL, Algorithm.BINOMIAL, Algorithm.KNOMIAL, Algorithm.BINARY,
            Algorithm.CHAIN, Algorithm.RABENSEIFNER,
            Algorithm.LINEAR),
    /** Reduction to all. */
    ALLREDUCE("allreduce", Algorithm.SHARED, Algorithm.HIERARCHICAL, Algorithm.RECURSIVE_DOUBLING, Algorithm.RING,
            Algorithm.RABENSEIFNER, Algorithm.REDUCE_BCAST),
    /** Gather of equal blocks. */
    GATHER("gather", Algorithm.SHARED, Algorithm.BINOMIAL, Algorithm.LINEAR),
    /** Gather of blocks of different lengths. */
    GATHERV("gatherv", Algorithm.SHARED, Algorithm.LINEAR),
    /** Scatter of equal blocks. */
    SCATTER("scatter", Algorithm.SHARED, Algorithm.BINOMIAL, Algorithm.LINEAR),
    /** Scatter of blocks of different lengths. */
    SCATTERV("scatterv", Algorithm.SHARED, Algorithm.LINEAR),
    /** Gather to all. */
    ALLGATHER("allgather", Algorithm.SHARED, Algorithm.HIERARCHICAL, Algorithm.BRUCK, Algorithm.RECURSIVE_DOUBLING,
            Algorithm.RING, Algorithm.LINEAR),
    /** Gather of blocks of different lengths to all. */
    ALLGATHERV("allgatherv", Algorithm.SHARED, Algorithm.BRUCK, Algorithm.RING, Algorithm.LINEAR),
    /** Exchange of equal blocks. */
    ALLTOALL("alltoall", Algorithm.SHARED, Algorithm.BRUCK, Algorithm.PAIRWISE, Algorithm.LINEAR),
    /** Exchange of blocks of different lengths. */
    ALLTOALLV("alltoallv", Algorithm.SHARED, Algorithm.PAIRWISE, Algorithm.LINEAR),
    /** Reduction whose result is divided; also of equal blocks. */
    REDUCE_SCATTER("reduceScatter", Algorithm.SHARED, Algorithm.LINEAR, Algorithm.PAIRWISE, Algorithm.RING,
            Algorithm.REDUCE_SCATTER),
    /** Reduction of all ranks up to each. */
    SCAN("scan", Algorithm.SHARED, Algorithm.RECURSIVE_DOUBLING, Algorithm.LINEAR),
    /** Reduction of all ranks below each. */
    EXSCAN("exscan", Algorithm.SHARED, Algorithm.RECURSIVE_DOUBLING, Algorithm.LINEAR);

    /** Name in calls and in the configuration. */
    public final String label;

    private final List<Algorithm> algorithms;

    Operation(String label, Algorithm... algorithms) {
        this.label = label;
        this.algorithms = List.of(algorithms);
    }

    /** Returns whether it reduces. */
    public boolean reduces() {
        return switch (this) {
            case REDUCE, ALLREDUCE, REDUCE_SCATTER, SCAN, EXSCAN -> true;
            case BARRIER, BCAST, GATHER, GATHERV, SCATTER, SCATTERV, ALLGATHER, ALLGATHERV, ALLTOALL, ALLTOALLV -> false;
        };
    }

    /** Returns the algorithms that there are. */
    public List<Algorithm> algorithms() {
        return algorithms;
    }

    /** Returns the words that the configuration takes. */
    public String choices() {
        return "auto, " + algorithms.stream().map(Algorithm::label).collect(Collectors.joining(", "));
    }

    /** Returns the algorithm of a word in the configuration. */
    public Algorithm parse(String word) {
        String w = word.strip().toLowerCase(Locale.ROOT);
        if (w.equals(Algorithm.AUTO.label())) {
            return Algorithm.AUTO;
        }
        return algorithms.stream().filter(a -> a.label().equals(w)).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "jadi.coll." + label + " must be one of " + choices() + ": value=" + word));
    }

    /** Returns the operation of that name, or null. */
    public static Operation of(String label) {
        return Arrays.stream(values()).filter(o -> o.label.equals(label)).findFirst().orElse(null);
    }
}
