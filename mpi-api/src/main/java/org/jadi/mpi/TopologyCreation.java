package org.jadi.mpi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How communicators with a topology come about. SPEC: MPI 4.1 §8.5. */
final class TopologyCreation {
    private TopologyCreation() {}

    // --------------------------------------------------------------------- grid

    static CartComm cart(IntraComm comm, int[] dims, boolean[] periods, boolean reorder) {
        int places = checkCart(comm, dims, periods, "createCart");
        int[] ranks = first(places);
        if (reorder) {
            int[] nodes = Arrays.copyOf(Placement.nodes(comm, "createCart"), places);
            ranks = hasSeveral(nodes) ? Placement.grid(nodes, dims) : ranks;
        }
        CommSeed seed = seed(comm, ranks, "createCart");
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

    private static int[] first(int count) {
        return IntStream.range(0, count).toArray();
    }

    private static boolean hasSeveral(int[] nodes) {
        return Arrays.stream(nodes).distinct().count() > 1;
    }

    /** Makes a communicator of some ranks, in the order given; returns null on the others. */
    private static CommSeed seed(IntraComm comm, int[] ranks, String operation) {
        int tag = comm.nextTag();
        int me = CommCreation.placeOf(comm.rank(), ranks);
        return me < 0 ? null : CommCreation.seed(comm, ranks, me, Contexts.MANAGE, tag, operation, operation + " of "
                + comm.label());
    }

    // -------------------------------------------------------------------- graph

    static GraphComm graph(IntraComm comm, int[] index, int[] edges, boolean reorder) {
        checkGraph(comm, index, edges, "createGraph");
        int[] ranks = first(index.length);
        if (reorder) {
            int[] nodes = Arrays.copyOf(Placement.nodes(comm, "createGraph"), index.length);
            ranks = hasSeveral(nodes) ? Placement.graph(nodes, pairs(index, edges)) : ranks;
        }
        CommSeed seed = seed(comm, ranks, "createGraph");
        return seed == null ? null : new GraphComm(seed, index.clone(), Arrays.copyOf(edges, index[index.length - 1]));
    }

    private static List<int[]> pairs(int[] index, int[] edges) {
        List<int[]> pairs = new ArrayList<>();
        for (int node = 0; node < index.length; node++) {
            for (int e = node == 0 ? 0 : index[node - 1]; e < index[node]; e++) {
                pairs.add(new int[] {node, edges[e]});
            }
        }
        return pairs;
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
            int[] destinationWeights, Info hints, boolean reorder) {
        String operation = "createDistGraphAdjacent";
        checkHints(comm, hints, operation);
        checkRanks(comm, sources, operation);
        checkRanks(comm, destinations, operation);
        checkWeights(comm, sourceWeights, sources.length, operation);
        checkWeights(comm, destinationWeights, destinations.length, operation);
        if ((sourceWeights == null) != (destinationWeights == null)) {
            throw comm.transfer.error(ErrorClass.ARG, operation, "both directions have weights, or none", null);
        }
        DistGraphComm.Neighbors in = new DistGraphComm.Neighbors(sources.clone(), copy(sourceWeights));
        DistGraphComm.Neighbors out = new DistGraphComm.Neighbors(destinations.clone(), copy(destinationWeights));
        int[] nodes = reorder ? Placement.nodes(comm, operation) : new int[comm.size()];
        return hasSeveral(nodes) ? placed(comm, nodes, in, out, operation)
                : new DistGraphComm(seed(comm, first(comm.size()), operation), in, out);
    }

    /** Who gets the place of another rank takes over its neighbours: so all ranks hear of all. */
    private static DistGraphComm placed(IntraComm comm, int[] nodes, DistGraphComm.Neighbors in, DistGraphComm.Neighbors out,
            String operation) {
        boolean weighted = in.weights() != null;
        List<long[]> ins = gathered(comm, longs(in), operation);
        List<long[]> outs = gathered(comm, longs(out), operation);
        List<int[]> edges = new ArrayList<>();
        for (int place = 0; place < comm.size(); place++) {
            for (long edge : outs.get(place)) {
                edges.add(new int[] {place, (int) (edge >> 32)});
            }
        }
        CommSeed seed = seed(comm, Placement.graph(nodes, edges), operation);
        return new DistGraphComm(seed, neighbors(ins.get(seed.rank()), weighted), neighbors(outs.get(seed.rank()), weighted));
    }

    /** Rank and weight of each neighbour. */
    private static long[] longs(DistGraphComm.Neighbors n) {
        return IntStream.range(0, n.ranks().length)
                .mapToLong(i -> (long) n.ranks()[i] << 32 | (n.weights() == null ? 0 : n.weights()[i])).toArray();
    }

    private static DistGraphComm.Neighbors neighbors(long[] longs, boolean weighted) {
        int[] ranks = Arrays.stream(longs).mapToInt(l -> (int) (l >> 32)).toArray();
        return new DistGraphComm.Neighbors(ranks, weighted ? Arrays.stream(longs).mapToInt(l -> (int) l).toArray() : null);
    }

    /** Gives every rank the blocks of all. */
    private static List<long[]> gathered(IntraComm comm, long[] block, String operation) {
        Transfer t = comm.internal(Contexts.MANAGE);
        int tag = comm.nextTag();
        Rounds.Gather sizes = new Rounds.Gather(t, null, comm.rank(), tag, operation, block.length);
        sizes.run();
        int[] lengths = Arrays.stream(sizes.result()).mapToInt(l -> (int) l).toArray();
        Rounds.Gather all = new Rounds.Gather(t, null, comm.rank(), tag, operation, block, lengths);
        all.run();
        List<long[]> blocks = new ArrayList<>();
        int at = 0;
        for (int length : lengths) {
            blocks.add(Arrays.copyOfRange(all.result(), at, at + length));
            at += length;
        }
        return blocks;
    }

    static DistGraphComm general(IntraComm comm, int[] sources, int[] degrees, int[] destinations, int[] weights, Info hints,
            boolean reorder) {
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
        long[] known = all.result();
        int[] nodes = reorder ? Placement.nodes(comm, operation) : new int[comm.size()];
        int[] ranks = hasSeveral(nodes) ? Placement.graph(nodes, IntStream.range(0, known.length / 2)
                .mapToObj(e -> new int[] {(int) (known[2 * e] >> 32), (int) known[2 * e]}).toList()) : first(comm.size());
        CommSeed seed = seed(comm, ranks, operation);
        return new DistGraphComm(seed, chosen(known, seed.rank(), true, weighted), chosen(known, seed.rank(), false, weighted));
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
