package org.jadi.mpi.collective;

import java.util.Locale;

/** How a collective operation can be done. Not every algorithm suits every operation: see {@link Operation}. */
public enum Algorithm {
    /** The table decides. */
    AUTO,
    /** Through memory that the ranks of a node share. */
    SHARED,
    /** Through shared memory inside each node, and by messages among one rank of each. */
    HIERARCHICAL,
    /** Directly: one message for each pair, or from rank to rank for scan. */
    LINEAR,
    /** A binomial tree, in segments if long. */
    BINOMIAL,
    /** A tree in which everybody who is reached reaches three others in each round. */
    KNOMIAL,
    /** A tree with two children everywhere, in segments. */
    BINARY,
    /** One after the other, in segments. */
    CHAIN,
    /** Parts are dealt out, then gathered in a ring. */
    SCATTER_ALLGATHER,
    /** Everybody in round k to the rank 2^k above. */
    DISSEMINATION,
    /** Groups of a power of two in pairs. */
    RECURSIVE_DOUBLING,
    /** Around, from neighbour to neighbour. */
    RING,
    /** Parts are reduced by halves, then gathered. */
    RABENSEIFNER,
    /** Up a tree and down. */
    REDUCE_BCAST,
    /** A logarithmic number of rounds through temporary memory. */
    BRUCK,
    /** One partner after the other. */
    PAIRWISE,
    /** To rank 0, which deals the parts out. */
    REDUCE_SCATTER;

    /** Returns the name in the configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
