package org.jadi.mpi;

import java.util.Arrays;
import java.util.stream.IntStream;

/** How communicators with a topology come about. SPEC: MPI 4.1 §8.5. */
final class TopologyCreation {
    private TopologyCreation() {}

    // --------------------------------------------------------------------- grid

    static CartComm cart(IntraComm comm, int[] dims, boolean[] periods) {
        int places = checkCart(comm, dims, periods, "createCart");
        CommSeed seed = firstRanks(comm, places, "createCart");
        return seed == null ? null : new CartComm(seed, dims.clone(), periods.clone());
    }

    /** Returns the number of places. */
    static int checkCart(IntraComm comm, int[] dims, boolean[] periods, String operation) {
        Transfer t = comm.transfer;
        t.checkUsable(operation);
        if (dims == null || periods == null || dims.length != periods.length) {
            throw t.error(ErrorClass.ARG, operation, "dims and periods are of the same length", null);
        }
        long places = 1;
        for (int d : dims) {
            if (d < 1) {
                throw t.error(ErrorClass.DIMS, operation, "a dimension is 1 or more: dims=" + Arrays.toString(dims), null);
            }
            places = Math.min(places * d, Integer.MAX_VALUE);
        }
        if (places > comm.size()) {
            throw t.error(ErrorClass.ARG, operation, "the grid has more places than there are ranks: dims="
                    + Arrays.toString(dims), null);
        }
        return (int) places;
    }

    /** Makes a communicator of the first ranks; returns null on the others. */
    private static CommSeed firstRanks(IntraComm comm, int count, String operation) {
        int tag = comm.nextTag();
        if (comm.rank() >= count) {
            return null;
        }
        int[] ranks = IntStream.range(0, count).toArray();
        return CommCreation.seed(comm, ranks, comm.rank(), Contexts.MANAGE, tag, operation, operation + " of " + comm.label());
    }

    // -------------------------------------------------------------------- graph

    static GraphComm graph(IntraComm comm, int[] index, int[] edges) {
        checkGraph(comm, index, edges, "createGraph");
        CommSeed seed = firstRanks(comm, index.length, "createGraph");
        return seed == null ? null : new GraphComm(seed, index.clone(), Arrays.copyOf(edges, index[index.length - 1]));
    }

    static void checkGraph(IntraComm comm, int[] index, int[] edges, String operation) {
        Transfer t = comm.transfer;
        t.checkUsable(operation);
        if (index == null || edges == null || index.length > comm.size()) {
            throw t.error(ErrorClass.ARG, operation, "index and edges are there, and there are not more nodes than ranks", null);
        }
        int last = 0;
        for (int i : index) {
            if (i < last || i > edges.length) {
                throw t.error(ErrorClass.ARG, operation, "index does not fall, and ends within edges: index="
                        + Arrays.toString(index) + " edges=" + edges.length, null);
            }
            last = i;
        }
        for (int e : Arrays.copyOf(edges, last)) {
            if (e < 0 || e >= index.length) {
                throw t.error(ErrorClass.ARG, operation, "an edge leads to a node: edge=" + e + " nodes=" + index.length, null);
            }
        }
    }

    // ------------------------------------------------------- distributed graph

    static DistGraphComm adjacent(IntraComm comm, int[] sources, int[] sourceWeights, int[] destinations,
            int[] destinationWeights, Info hints) {
        String operation = "createDistGraphAdjacent";
        checkHints(comm, hints, operation);
        checkRanks(comm, sources, operation);
        checkRanks(comm, destinations, operation);
        checkWeights(comm, sourceWeights, sources.length, operation);
        checkWeights(comm, destinationWeights, destinations.length, operation);
        if ((sourceWeights == null) != (destinationWeights == null)) {
            throw comm.transfer.error(ErrorClass.ARG, operation, "both directions have weights, or none", null);
        }
        CommSeed seed = firstRanks(comm, comm.size(), operation);
        return new DistGraphComm(seed, new DistGraphComm.Neighbors(sources.clone(), copy(sourceWeights)),
                new DistGraphComm.Neighbors(destinations.clone(), copy(destinationWeights)));
    }

    static DistGraphComm general(IntraComm comm, int[] sources, int[] degrees, int[] destinations, int[] weights, Info hints) {
        String operation = "createDistGraph";
        checkHints(comm, hints, operation);
        checkRanks(comm, sources, operation);
        checkRanks(comm, destinations, operation);
        checkWeights(comm, weights, destinations.length, operation);
        if (degrees == null || degrees.length != sources.length || Arrays.stream(degrees).anyMatch(d -> d < 0)
                || Arrays.stream(degrees).asLongStream().sum() != destinations.length) {
            throw comm.transfer.error(ErrorClass.ARG, operation, "degrees are one for each source, 0 or more, and count the"
                    + " destinations: degrees=" + Arrays.toString(degrees) + " destinations=" + destinations.length, null);
        }
        long[] edges = packed(sources, degrees, destinations, weights);
        int tag = comm.nextTag();
        Transfer t = comm.internal(Contexts.MANAGE);
        // A length is even; the last bit says whether there are weights.
        Rounds.Gather gather = new Rounds.Gather(t, null, comm.rank(), tag, operation, edges.length | (weights == null ? 0 : 1));
        gather.run();
        long[] heard = gather.result();
        int[] lengths = Arrays.stream(heard).mapToInt(l -> (int) l & ~1).toArray();
        boolean weighted = (heard[0] & 1) != 0;
        if (Arrays.stream(heard).anyMatch(l -> (l & 1) != (heard[0] & 1))) {
            throw comm.transfer.error(ErrorClass.ARG, operation, "all ranks give weights (an empty array where there are no"
                    + " edges), or none does", null);
        }
        Rounds.Gather all = new Rounds.Gather(t, null, comm.rank(), tag, operation, edges, lengths);
        all.run();
        CommSeed seed = firstRanks(comm, comm.size(), operation);
        return new DistGraphComm(seed, chosen(all.result(), comm.rank(), true, weighted),
                chosen(all.result(), comm.rank(), false, weighted));
    }

    /** Two longs for each edge: source and destination, weight. */
    private static long[] packed(int[] sources, int[] degrees, int[] destinations, int[] weights) {
        long[] edges = new long[2 * destinations.length];
        int e = 0;
        for (int s = 0; s < sources.length; s++) {
            for (int i = 0; i < degrees[s]; i++, e++) {
                edges[2 * e] = (long) sources[s] << 32 | destinations[e];
                edges[2 * e + 1] = weights == null ? 0 : weights[e];
            }
        }
        return edges;
    }

    /** Picks the edges that come in at a rank, or go out there. */
    private static DistGraphComm.Neighbors chosen(long[] edges, int rank, boolean in, boolean weighted) {
        int[] mine = IntStream.range(0, edges.length / 2)
                .filter(e -> (in ? (int) edges[2 * e] : (int) (edges[2 * e] >> 32)) == rank).toArray();
        int[] ranks = Arrays.stream(mine).map(e -> in ? (int) (edges[2 * e] >> 32) : (int) edges[2 * e]).toArray();
        int[] weights = weighted ? Arrays.stream(mine).map(e -> (int) edges[2 * e + 1]).toArray() : null;
        return new DistGraphComm.Neighbors(ranks, weights);
    }

    private static void checkHints(IntraComm comm, Info hints, String operation) {
        comm.transfer.checkUsable(operation);
        if (hints == null) {
            throw comm.transfer.error(ErrorClass.INFO, operation, "the info is null", null);
        }
    }

    private static void checkRanks(IntraComm comm, int[] ranks, String operation) {
        if (ranks == null || Arrays.stream(ranks).anyMatch(r -> r < 0 || r >= comm.size())) {
            throw comm.transfer.error(ErrorClass.RANK, operation, "neighbors are 0 to " + (comm.size() - 1) + ": "
                    + Arrays.toString(ranks), null);
        }
    }

    private static void checkWeights(IntraComm comm, int[] weights, int edges, String operation) {
        if (weights != null && (weights.length != edges || Arrays.stream(weights).anyMatch(w -> w < 0))) {
            throw comm.transfer.error(ErrorClass.ARG, operation, "weights are one for each edge, 0 or more: "
                    + Arrays.toString(weights) + " edges=" + edges, null);
        }
    }

    private static int[] copy(int[] weights) {
        return weights == null ? null : weights.clone();
    }
}
