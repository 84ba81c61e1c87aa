package org.jadi.mpi;

/** How two groups or communicators compare. MPI 4.1 §7.3.1, §7.4.1. */
public enum Comparison {
    /** The same communicator; or the same ranks in the same order, for groups. {@code MPI_IDENT} */
    IDENT,
    /** Another communicator with the same ranks in the same order. {@code MPI_CONGRUENT} */
    CONGRUENT,
    /** The same processes in another order. {@code MPI_SIMILAR} */
    SIMILAR,
    /** Other processes, or another kind of communicator. {@code MPI_UNEQUAL} */
    UNEQUAL
}
