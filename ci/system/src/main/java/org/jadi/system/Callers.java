package org.jadi.system;

import org.jadi.mpi.Comm;
import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;

/**
 * A program in which it is certain who calls whom: rank 1 sends to rank 2, which waits for anybody, and so begins nothing with
 * rank 1 before it is called. Other ranks do nothing.
 */
public final class Callers {
    private Callers() {}

    /** Runs as a rank. */
    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            IntraComm world = mpi.world();
            int[] word = {world.rank()};
            if (world.rank() == 1) {
                world.send(word, 2, 0);
                world.recv(word, Comm.ANY_SOURCE, 0);
            } else if (world.rank() == 2) {
                world.recv(word, Comm.ANY_SOURCE, 0);
                world.send(word, 1, 0);
            }
            System.out.print("rank " + world.rank() + " has the word of rank " + word[0] + "\n");
        }
    }
}
