package org.jadi.mpi.collective;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The collective operations that have several algorithms. */
public enum Operation {
    /** Barrier. */
    BARRIER("barrier", Algorithm.DISSEMINATION, Algorithm.BINOMIAL, Algorithm.LINEAR),
    /** Broadcast. */
    BCAST("bcast", Algorithm.BINOMIAL, Algorithm.KNOMIAL, Algorithm.BINARY, Algorithm.CHAIN, Algorithm.SCATTER_ALLGATHER,
            Algorithm.LINEAR),
    /** Reduction to the root. */
    REDUCE("reduce", Algorithm.BINOMIAL, Algorithm.KNOMIAL, Algorithm.BINARY, Algorithm.CHAIN, Algorithm.RABENSEIFNER,
            Algorithm.LINEAR),
    /** Reduction to all. */
    ALLREDUCE("allreduce", Algorithm.RECURSIVE_DOUBLING, Algorithm.RING, Algorithm.RABENSEIFNER, Algorithm.REDUCE_BCAST),
    /** Gather of equal blocks; gatherv is always linear. */
    GATHER("gather", Algorithm.BINOMIAL, Algorithm.LINEAR),
    /** Scatter of equal blocks; scatterv is always linear. */
    SCATTER("scatter", Algorithm.BINOMIAL, Algorithm.LINEAR),
    /** Gather to all. */
    ALLGATHER("allgather", Algorithm.BRUCK, Algorithm.RECURSIVE_DOUBLING, Algorithm.RING, Algorithm.LINEAR),
    /** Gather of blocks of different lengths to all. */
    ALLGATHERV("allgatherv", Algorithm.BRUCK, Algorithm.RING, Algorithm.LINEAR),
    /** Exchange of equal blocks. */
    ALLTOALL("alltoall", Algorithm.BRUCK, Algorithm.PAIRWISE, Algorithm.LINEAR),
    /** Exchange of blocks of different lengths. */
    ALLTOALLV("alltoallv", Algorithm.PAIRWISE, Algorithm.LINEAR),
    /** Reduction whose result is divided; also of equal blocks. */
    REDUCE_SCATTER("reduceScatter", Algorithm.LINEAR, Algorithm.PAIRWISE, Algorithm.RING, Algorithm.REDUCE_SCATTER),
    /** Reduction of all ranks up to each; also the exclusive form. */
    SCAN("scan", Algorithm.RECURSIVE_DOUBLING, Algorithm.LINEAR);

    /** Name in calls and in the configuration. */
    public final String label;

    private final List<Algorithm> algorithms;

    Operation(String label, Algorithm... algorithms) {
        this.label = label;
        this.algorithms = List.of(algorithms);
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
