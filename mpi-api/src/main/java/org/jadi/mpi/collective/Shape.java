package org.jadi.mpi.collective;

/**
 * Where the ranks of a communicator are: what all of them know alike.
 *
 * @param shared whether all are on one node, and share a board
 * @param nodes number of nodes; 0 while they do not know
 * @param hierarchical whether there are several nodes, and the ranks of each share a board
 * @param inRow whether the ranks of each node are a row without gaps
 * @param chunkBytes length of a board's chunks
 */
public record Shape(boolean shared, int nodes, boolean hierarchical, boolean inRow, int chunkBytes) {
    /** Nothing is known, or nothing is shared. */
    public static final Shape UNKNOWN = new Shape(false, 0, false, false, 0);
}
