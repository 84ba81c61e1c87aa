package org.jadi.mpi;

/** A communicator of one group. MPI 4.1 §7.2. */
public final class IntraComm extends Comm {
    private final Transfer collective;

    /** Contexts 2n and 2n + 1 are for the messages of users and of collective operations. */
    IntraComm(Instance instance, String name, int number, int rank, int size, int[] world) {
        super(instance, name, 2 * number, rank, size, world);
        this.collective = new Transfer(this, instance, 2 * number + 1, rank, size, world);
    }

    /**
     * Returns when all ranks have called it ({@code MPI_Barrier}, MPI 4.1 §6.3). Collective.
     *
     * @throws MpiException PROC_FAILED if a rank was lost
     */
    public void barrier() {
        transfer.instance.checkOpen("barrier");
        collective.timeoutNs = transfer.timeoutNs;
        byte[] nothing = {};
        int size = size();
        // Dissemination: after step k everybody knows that the 2^(k+1) ranks before him have come.
        for (int step = 1, tag = 0; step > 0 && step < size; step <<= 1, tag++) {
            int to = (rank() + step) % size;
            int from = (rank() - step + size) % size;
            Request sent = collective.isend(SendKind.STANDARD, collective.view(nothing), 0, 0, to, tag);
            collective.recv(collective.view(nothing), 0, 0, from, tag);
            sent.await();
        }
    }
}
