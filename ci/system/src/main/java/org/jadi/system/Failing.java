package org.jadi.system;

import org.jadi.mpi.Mpi;

/** A program of which rank 1 fails while the others wait for it: the job must end, with an error. */
public final class Failing {
    private Failing() {}

    /** Runs as a rank. */
    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            if (mpi.world().rank() == 1) {
                throw new IllegalStateException("as the test wants");
            }
            mpi.world().recv(new int[1], 1, 0);
        }
    }
}
