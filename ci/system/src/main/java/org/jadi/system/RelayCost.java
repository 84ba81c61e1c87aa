package org.jadi.system;

import org.jadi.mpi.IntraComm;
import org.jadi.mpi.Mpi;

/**
 * Measures what a hop costs: half round trips between ranks 0 and 1, and between ranks 1 and 2, on three ranks of which 1 and
 * 2 reach each other through rank 0 only. {@code ci/system/engines/relay-cost.sh} makes such a network.
 */
public final class RelayCost {
    private static final int ROUNDS = 7;

    private RelayCost() {}

    /** Runs as a rank. */
    public static void main(String[] args) {
        try (Mpi mpi = Mpi.init(args)) {
            IntraComm world = mpi.world();
            for (int bytes : new int[] {8, 16 << 10, 64 << 10, 1 << 20}) {
                long direct = halfRoundTripNs(world, bytes, 0, 1);
                long relayed = halfRoundTripNs(world, bytes, 1, 2);
                long[] theirs = {direct};
                if (world.rank() == 0) {
                    world.send(theirs, 1, 2);
                } else if (world.rank() == 1) {
                    world.recv(theirs, 0, 2);
                    System.out.printf("%8d bytes: direct %9.1f us, through a relay %9.1f us%n", bytes, theirs[0] / 1e3,
                            relayed / 1e3);
                }
            }
        }
    }

    /** Returns the best mean of several rounds, at the first of the two ranks. */
    private static long halfRoundTripNs(IntraComm world, int bytes, int a, int b) {
        int turns = bytes > 100_000 ? 100 : 1000;
        byte[] buffer = new byte[bytes];
        long best = Long.MAX_VALUE;
        world.barrier();
        for (int round = 0; round < ROUNDS && (world.rank() == a || world.rank() == b); round++) {
            long start = System.nanoTime();
            for (int i = 0; i < turns; i++) {
                buffer[i % bytes]++;
                if (world.rank() == a) {
                    world.send(buffer, b, 1);
                    world.recv(buffer, b, 1);
                } else {
                    world.recv(buffer, a, 1);
                    world.send(buffer, a, 1);
                }
            }
            best = Math.min(best, (System.nanoTime() - start) / turns / 2);
        }
        world.barrier();
        return best;
    }
}
