package org.jadi.mpi;

/** A communicator of one group. MPI 4.1 §7.2; with a topology, one of the subclasses. */
public sealed class IntraComm extends Comm implements Creating, Topologies permits CartComm, GraphComm, DistGraphComm {
    private final Transfer collective;

    IntraComm(CommSeed seed) {
        super(seed);
        this.collective = internal(Contexts.COLLECTIVE);
    }

    /** Makes a communicator of the same kind: what dup does about topologies. */
    IntraComm like(CommSeed copy) {
        return new IntraComm(copy);
    }

    /** Returns the ranks from which neighborhood operations receive, PROC_NULL among them; null without a topology. */
    int[] inNeighbors() {
        return null;
    }

    /** Returns the ranks to which neighborhood operations send, PROC_NULL among them; null without a topology. */
    int[] outNeighbors() {
        return null;
    }

    /**
     * Returns when all ranks have called it ({@code MPI_Barrier}, MPI 4.1 §6.3). Collective.
     *
     * @throws MpiException PROC_FAILED if a rank was lost
     */
    public void barrier() {
        transfer.checkUsable("barrier");
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
