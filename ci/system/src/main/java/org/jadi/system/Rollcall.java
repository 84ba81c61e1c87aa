package org.jadi.system;

import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Op;

/** The program that each launcher starts: every rank says who it is and what it got from all the others. */
public final class Rollcall {
    private static final int LONG_MESSAGE = 300_000;

    private Rollcall() {}

    /** Runs as a rank. */
    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            IntraComm world = mpi.world();
            int rank = world.rank();
            int size = world.size();
            long[] sum = {rank + 1};
            world.allreduce(sum, Op.SUM);
            int[] sent = new int[LONG_MESSAGE];
            java.util.Arrays.fill(sent, rank);
            int[] received = new int[LONG_MESSAGE];
            var receive = world.irecv(received, (rank + size - 1) % size, 0);
            world.send(sent, (rank + 1) % size, 0);
            receive.await();
            System.out.print("rank " + rank + " of " + size + ": sum " + sum[0] + ", last word from rank "
                    + received[LONG_MESSAGE - 1] + "\n");
        }
    }
}
