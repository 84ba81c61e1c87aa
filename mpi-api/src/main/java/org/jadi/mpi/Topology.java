package org.jadi.mpi;

/** What kind of topology a communicator has ({@code MPI_Topo_test}, MPI 4.1 §8.5.5). */
public enum Topology {
    /** None. {@code MPI_UNDEFINED} */
    NONE,
    /** A grid: {@link CartComm}. {@code MPI_CART} */
    CART,
    /** A graph that every rank knows: {@link GraphComm}. {@code MPI_GRAPH} */
    GRAPH,
    /** A graph of which every rank knows its neighbors: {@link DistGraphComm}. {@code MPI_DIST_GRAPH} */
    DIST_GRAPH
}
