package org.jadi.mpi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which process gets which place of a topology: processes of one node get places that are neighbours, because messages
 * within a node are faster. docs/adr/0029. Pure functions, equal on all ranks.
 */
final class Placement {
    private Placement() {}

    /** Asks all ranks where they are; equal numbers are equal nodes. Collective. */
    static int[] nodes(IntraComm comm, String operation) {
        long[] where = {SplitByType.node(comm.seed.instance().placementNode)};
        Rounds.Gather gather = new Rounds.Gather(comm.internal(Contexts.MANAGE), null, comm.rank(), comm.nextTag(), operation,
                where);
        gather.run();
        Map<Long, Integer> numbers = new LinkedHashMap<>();
        return Arrays.stream(gather.result()).mapToInt(w -> numbers.computeIfAbsent(w, n -> numbers.size())).toArray();
    }

    /**
     * Places ranks in a grid.
     *
     * @param nodes the node of each rank that gets a place
     * @return the rank at each place, in row-major order
     */
    static int[] grid(int[] nodes, int[] dims) {
        int[] capacities = capacities(nodes);
        int[] nodeAt = new int[nodes.length];
        int[] inner = Arrays.stream(capacities).distinct().count() == 1 ? bestBlock(capacities[0], dims) : null;
        for (int place = 0; inner != null && place < nodeAt.length; place++) {
            nodeAt[place] = blockOf(place, dims, inner);
        }
        if (inner == null) {
            int place = 0;
            for (int n = 0; n < capacities.length; n++) {
                Arrays.fill(nodeAt, place, place + capacities[n], n);
                place += capacities[n];
            }
        }
        return dealt(nodes, nodeAt);
    }

    /**
     * Places ranks in a graph: each node takes a place, then again and again the place that has most edges to what it has.
     *
     * @param nodes the node of each rank
     * @param edges pairs of places, in any order
     * @return the rank at each place
     */
    static int[] graph(int[] nodes, List<int[]> edges) {
        int n = nodes.length;
        List<List<Integer>> neighbors = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            neighbors.add(new ArrayList<>());
        }
        for (int[] e : edges) {
            if (e[0] != e[1]) {
                neighbors.get(e[0]).add(e[1]);
                neighbors.get(e[1]).add(e[0]);
            }
        }
        int[] capacities = capacities(nodes);
        int[] nodeAt = new int[n];
        Arrays.fill(nodeAt, -1);
        for (int node = 0; node < capacities.length; node++) {
            int[] links = new int[n];
            for (int k = 0; k < capacities[node]; k++) {
                int best = IntStream.range(0, n).filter(p -> nodeAt[p] < 0).boxed()
                        .max((a, b) -> links[a] != links[b] ? Integer.compare(links[a], links[b]) : Integer.compare(b, a))
                        .orElseThrow();
                nodeAt[best] = node;
                neighbors.get(best).forEach(p -> links[p]++);
            }
        }
        return dealt(nodes, nodeAt);
    }

    /** Returns how many ranks each node has. */
    private static int[] capacities(int[] nodes) {
        int[] capacities = new int[Arrays.stream(nodes).max().orElse(-1) + 1];
        for (int n : nodes) {
            capacities[n]++;
        }
        return Arrays.stream(capacities).filter(c -> c > 0).toArray();
    }

    /** Gives the places of each node to its ranks, both in their order. */
    private static int[] dealt(int[] nodes, int[] nodeAt) {
        List<List<Integer>> ranks = new ArrayList<>();
        Map<Integer, Integer> numbers = new LinkedHashMap<>();
        Arrays.stream(nodes).sorted().forEach(n -> numbers.computeIfAbsent(n, x -> numbers.size()));
        numbers.keySet().forEach(n -> ranks.add(new ArrayList<>()));
        for (int r = 0; r < nodes.length; r++) {
            ranks.get(numbers.get(nodes[r])).add(r);
        }
        int[] next = new int[ranks.size()];
        return Arrays.stream(nodeAt).map(n -> ranks.get(n).get(next[n]++)).toArray();
    }

    /** Returns the block of a grid with a number of places that has the smallest surface, or null if none divides the grid. */
    private static int[] bestBlock(int places, int[] dims) {
        int[][] best = new int[1][];
        double[] surface = {Double.MAX_VALUE};
        search(places, dims, new int[dims.length], 0, best, surface);
        return best[0];
    }

    private static void search(int left, int[] dims, int[] block, int d, int[][] best, double[] surface) {
        if (d == dims.length) {
            double s = 0;
            for (int i = 0; i < dims.length; i++) {
                s += (dims[i] / block[i] - 1.0) / dims[i]; // pairs of neighbours that are cut apart, for each place
            }
            if (left == 1 && s < surface[0]) {
                surface[0] = s;
                best[0] = block.clone();
            }
            return;
        }
        for (int b = 1; b <= Math.min(left, dims[d]); b++) {
            if (left % b == 0 && dims[d] % b == 0) {
                block[d] = b;
                search(left / b, dims, block, d + 1, best, surface);
            }
        }
    }

    private static int blockOf(int place, int[] dims, int[] inner) {
        int[] coords = new int[dims.length];
        int rest = place;
        for (int d = dims.length - 1; d >= 0; d--) {
            coords[d] = rest % dims[d];
            rest /= dims[d];
        }
        int block = 0;
        for (int d = 0; d < dims.length; d++) {
            block = block * (dims[d] / inner[d]) + coords[d] / inner[d];
        }
        return block;
    }
}
