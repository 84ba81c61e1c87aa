package org.jadi.mpi;

/**
 * A communicator of two groups: a rank in a message means a process of the remote group. MPI 4.1 §7.6.
 */
public final class InterComm extends Comm {
    InterComm(CommSeed seed) {
        super(seed);
    }

    /** Returns the remote group ({@code MPI_Comm_remote_group}, MPI 4.1 §7.6.1). Local. */
    public Group remoteGroup() {
        transfer.checkUsable("remoteGroup");
        return new Group(seed.peers().worldRanks(), seed.local().toWorld(rank()));
    }

    /** Returns the number of ranks in the remote group ({@code MPI_Comm_remote_size}, MPI 4.1 §7.6.1). */
    public int remoteSize() {
        return seed.peers().size;
    }
}
