package org.jadi.mpi;

/** A communicator with a graph of which every rank knows its own neighbors. MPI 4.1 §8.5.4, §8.5.5. Queries are local. */
public final class DistGraphComm extends IntraComm {
    private final Neighbors in;
    private final Neighbors out;

    /** Ranks and weights of one direction; weights are null without. */
    record Neighbors(int[] ranks, int[] weights) {}

    DistGraphComm(CommSeed seed, Neighbors in, Neighbors out) {
        super(seed);
        this.in = in;
        this.out = out;
    }

    /** Returns how many edges come in ({@code MPI_Dist_graph_neighbors_count}). */
    public int inDegree() {
        return in.ranks().length;
    }

    /** Returns how many edges go out ({@code MPI_Dist_graph_neighbors_count}). */
    public int outDegree() {
        return out.ranks().length;
    }

    /** Returns whether edges have weights ({@code MPI_Dist_graph_neighbors_count}). */
    public boolean isWeighted() {
        return in.weights() != null;
    }

    /** Returns the ranks from which edges come in ({@code MPI_Dist_graph_neighbors}); a copy. */
    public int[] sources() {
        return in.ranks().clone();
    }

    /** Returns the weights of the edges that come in, or null if there are none ({@code MPI_Dist_graph_neighbors}); a copy. */
    public int[] sourceWeights() {
        return in.weights() == null ? null : in.weights().clone();
    }

    /** Returns the ranks to which edges go out ({@code MPI_Dist_graph_neighbors}); a copy. */
    public int[] destinations() {
        return out.ranks().clone();
    }

    /** Returns the weights of the edges that go out, or null if there are none ({@code MPI_Dist_graph_neighbors}); a copy. */
    public int[] destinationWeights() {
        return out.weights() == null ? null : out.weights().clone();
    }

    @Override
    public DistGraphComm dup() {
        return (DistGraphComm) super.dup();
    }

    @Override
    public DistGraphComm dup(Info hints) {
        return (DistGraphComm) super.dup(hints);
    }

    @Override
    IntraComm like(CommSeed copy) {
        return new DistGraphComm(copy, in, out);
    }

    @Override
    int[] inNeighbors() {
        return in.ranks();
    }

    @Override
    int[] outNeighbors() {
        return out.ranks();
    }
}
