package org.jadi.mpi;

/**
 * Making communicators with a topology. MPI 4.1 §8.
 *
 * <p>The methods are collective; the new communicators have no attributes, names or hints of this one. Where an
 * argument allows it, ranks are reordered so that those of one node are neighbours; on one node they keep their order.
 */
public sealed interface Topologies permits IntraComm {
    /** Returns the kind of topology ({@code MPI_Topo_test}, MPI 4.1 §8.5.5). Local. */
    default Topology topology() {
        return switch ((IntraComm) this) {
            case CartComm c -> Topology.CART;
            case GraphComm g -> Topology.GRAPH;
            case DistGraphComm d -> Topology.DIST_GRAPH;
            case IntraComm i -> Topology.NONE;
        };
    }

    /**
     * Makes a grid ({@code MPI_Cart_create}, MPI 4.1 §8.5.1), with ranks in row-major order.
     *
     * @param dims ranks along each dimension, each 1 or more; none for a grid of one rank
     * @param periods whether a dimension is closed to a ring
     * @param reorder whether ranks may get other places than their own
     * @return the grid, or null on ranks that it has no place for
     * @throws MpiException DIMS for a wrong dimension; ARG if periods is not as long as dims, or the grid is too large
     */
    default CartComm createCart(int[] dims, boolean[] periods, boolean reorder) {
        return TopologyCreation.cart((IntraComm) this, dims, periods, reorder);
    }

    /**
     * Returns the rank that {@link #createCart} would give us without reordering ({@code MPI_Cart_map}, MPI 4.1 §8.5.8), or
     * {@link Comm#UNDEFINED} if there is no place. Local: where the others are is not asked.
     *
     * @throws MpiException as {@link #createCart}
     */
    default int cartMap(int[] dims, boolean[] periods) {
        int places = TopologyCreation.checkCart((IntraComm) this, dims, periods, "cartMap");
        int rank = ((IntraComm) this).rank();
        return rank < places ? rank : Comm.UNDEFINED;
    }

    /**
     * Makes a graph that every rank knows ({@code MPI_Graph_create}, MPI 4.1 §8.5.3).
     *
     * @param index for each node the number of edges of itself and all nodes before it; none for no communicator
     * @param edges neighbors of the nodes, one node after the other
     * @param reorder whether ranks may get other places than their own
     * @return the communicator, or null on ranks that are no node
     * @throws MpiException ARG if index and edges do not fit, or the graph is too large
     */
    default GraphComm createGraph(int[] index, int[] edges, boolean reorder) {
        return TopologyCreation.graph((IntraComm) this, index, edges, reorder);
    }

    /**
     * Returns the rank that {@link #createGraph} would give us without reordering ({@code MPI_Graph_map}, MPI 4.1 §8.5.8), or
     * {@link Comm#UNDEFINED} if there is no place. Local: where the others are is not asked.
     *
     * @throws MpiException as {@link #createGraph}
     */
    default int graphMap(int[] index, int[] edges) {
        TopologyCreation.checkGraph((IntraComm) this, index, edges, "graphMap");
        int rank = ((IntraComm) this).rank();
        return rank < index.length ? rank : Comm.UNDEFINED;
    }

    /**
     * Makes a graph in which every rank says who its neighbors are
     * ({@code MPI_Dist_graph_create_adjacent}, MPI 4.1 §8.5.4).
     *
     * @param sources ranks from which we will receive; may come several times
     * @param sourceWeights a weight for each, or null on all ranks ({@code MPI_UNWEIGHTED})
     * @param destinations ranks to which we will send; may come several times
     * @param destinationWeights a weight for each, or null on all ranks
     * @param hints none is known
     * @param reorder whether ranks may get other places than their own
     * @throws MpiException RANK; ARG for weights that do not fit or are negative; INFO if the hints are null
     */
    default DistGraphComm createDistGraphAdjacent(int[] sources, int[] sourceWeights, int[] destinations,
            int[] destinationWeights, Info hints, boolean reorder) {
        return TopologyCreation.adjacent((IntraComm) this, sources, sourceWeights, destinations, destinationWeights, hints,
                reorder);
    }

    /**
     * Makes a graph of edges that any rank may name ({@code MPI_Dist_graph_create}, MPI 4.1 §8.5.4). All edges visit all
     * ranks: for large graphs, {@link #createDistGraphAdjacent} needs less.
     *
     * @param sources nodes whose outgoing edges are named by this rank
     * @param degrees number of edges of each of them
     * @param destinations where the edges go, one source after the other
     * @param weights a weight for each edge, or null on all ranks ({@code MPI_UNWEIGHTED})
     * @param hints none is known
     * @param reorder whether ranks may get other places than their own
     * @throws MpiException RANK; ARG for arrays that do not fit, negative weights, or weights on some ranks only; INFO
     */
    default DistGraphComm createDistGraph(int[] sources, int[] degrees, int[] destinations, int[] weights, Info hints,
            boolean reorder) {
        return TopologyCreation.general((IntraComm) this, sources, degrees, destinations, weights, hints, reorder);
    }
}
