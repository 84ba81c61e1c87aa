package org.jadi.mpi.launch;

import org.jadi.mpi.Comm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Request;

/**
 * What most programs do in their first milliseconds, on two ranks: start, exchange, end. The build runs it to record the
 * classes that every rank loads.
 */
public final class Warmup {
    private static final int TAG = 1;
    private static final int[] LENGTHS = {1, 1 << 16};

    private Warmup() {}

    /** Runs as one rank. */
    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            Comm world = mpi.world();
            int peer = (world.rank() + 1) % world.size();
            for (int length : LENGTHS) {
                int[] out = new int[length];
                int[] in = new int[length];
                Request request = world.isend(out, peer, TAG);
                world.recv(in, Comm.ANY_SOURCE, TAG);
                request.await();
            }
        }
    }
}
