package org.jadi.mpi;

import java.util.Arrays;

/** A communicator with a graph that every rank knows. MPI 4.1 §8.5.3, §8.5.5. Queries are local. */
public final class GraphComm extends IntraComm {
    private final int[] index;
    private final int[] edges;

    GraphComm(CommSeed seed, int[] index, int[] edges) {
        super(seed);
        this.index = index;
        this.edges = edges;
    }

    /** Returns for each node the number of edges up to and with its own ({@code MPI_Graph_get}); a copy. */
    public int[] index() {
        return index.clone();
    }

    /** Returns the neighbors of all nodes, one after the other ({@code MPI_Graph_get}, {@code MPI_Graphdims_get}); a copy. */
    public int[] edges() {
        return edges.clone();
    }

    /**
     * Returns how many neighbors a rank has ({@code MPI_Graph_neighbors_count}).
     *
     * @throws MpiException RANK
     */
    public int neighborCount(int rank) {
        return neighbors(rank).length;
    }

    /**
     * Returns the neighbors of a rank ({@code MPI_Graph_neighbors}), in the order in which the graph named them.
     *
     * @throws MpiException RANK
     */
    public int[] neighbors(int rank) {
        if (rank < 0 || rank >= size()) {
            throw transfer.error(ErrorClass.RANK, "neighbors", "ranks are 0 to " + (size() - 1) + ": rank=" + rank, null);
        }
        return Arrays.copyOfRange(edges, rank == 0 ? 0 : index[rank - 1], index[rank]);
    }

    @Override
    public GraphComm dup() {
        return (GraphComm) super.dup();
    }

    @Override
    public GraphComm dup(Info hints) {
        return (GraphComm) super.dup(hints);
    }

    @Override
    IntraComm like(CommSeed copy) {
        return new GraphComm(copy, index, edges);
    }

    @Override
    int[] inNeighbors() {
        return neighbors(rank());
    }

    @Override
    int[] outNeighbors() {
        return neighbors(rank());
    }
}
