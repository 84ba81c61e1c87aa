package org.jadi.mpi;

/**
 * A communicator of two groups: a rank in a message means a process of the remote group. MPI 4.1 §7.6. Made by
 * {@link IntraComm#createInter}.
 */
public final class InterComm extends Comm {
    private final IntraComm within;

    InterComm(CommSeed seed, IntraComm within) {
        super(seed);
        this.within = within;
    }

    /** Returns the remote group ({@code MPI_Comm_remote_group}, MPI 4.1 §7.6.1). Local. */
    public Group remoteGroup() {
        transfer.checkUsable("remoteGroup");
        return new Group(seed.peers().worldRanks(), seed.local().toWorld(rank()));
    }

    /** Returns the number of ranks in the remote group ({@code MPI_Comm_remote_size}, MPI 4.1 §7.6.1). Local. */
    public int remoteSize() {
        return seed.peers().size;
    }

    /**
     * Makes a communicator of one group out of both ({@code MPI_Intercomm_merge}, MPI 4.1 §7.6.2). Collective.
     *
     * @param high whether the ranks of this group come after those of the other; the same within a group. If both groups say
     *     the same, the order is chosen
     * @throws MpiException COMM, PROC_FAILED
     */
    public IntraComm merge(boolean high) {
        return InterCreation.merge(this, high);
    }

    /** Makes a communicator of the same groups; see {@link IntraComm#dup()} ({@code MPI_Comm_dup}, MPI 4.1 §7.4.2). */
    public InterComm dup() {
        return InterCreation.idup(this, new Info(), "dup").awaitValue();
    }

    /** As {@link #dup()}, with hints ({@code MPI_Comm_dup_with_info}, MPI 4.1 §7.4.2). */
    public InterComm dup(Info hints) {
        return InterCreation.idup(this, hints, "dup").awaitValue();
    }

    /** Starts to make a communicator of the same groups; see {@link IntraComm#idup()} ({@code MPI_Comm_idup}, MPI 4.1 §7.4.2). */
    public ObjectRequest<InterComm> idup() {
        return InterCreation.idup(this, new Info(), "idup");
    }

    /** As {@link #idup()}, with hints ({@code MPI_Comm_idup_with_info}, MPI 4.1 §7.4.2). */
    public ObjectRequest<InterComm> idup(Info hints) {
        return InterCreation.idup(this, hints, "idup");
    }

    /**
     * Divides both groups: one communicator for each color ({@code MPI_Comm_split}, MPI 4.1 §7.4.2). Collective.
     *
     * @param color 0 or more, or {@link Comm#UNDEFINED} for none
     * @param key order in the local group of the new communicator; equal keys keep their order
     * @return the communicator of our color, or null for UNDEFINED and where the other group has no such color
     * @throws MpiException ARG for another negative color; COMM, PROC_FAILED
     */
    public InterComm split(int color, int key) {
        return InterCreation.split(this, color, key, "split");
    }

    /**
     * Makes a communicator of parts of both groups ({@code MPI_Comm_create}, MPI 4.1 §7.4.2). Collective.
     *
     * @param group processes of the local group, the same within it
     * @return the communicator, or null if the caller is not in it, or one of the parts is empty
     * @throws MpiException GROUP if it is null or not part of the local group; COMM, PROC_FAILED
     */
    public InterComm create(Group group) {
        transfer.checkUsable("create");
        int[] ranks = group == null ? null : seed.local().ranksOf(group.world());
        if (ranks == null) {
            throw transfer.error(ErrorClass.GROUP, "create", "the group is null, or not part of the local group: " + group, null);
        }
        int place = CommCreation.placeOf(rank(), ranks);
        return InterCreation.split(this, place < 0 ? UNDEFINED : 0, place, "create");
    }

    /** Returns the local group's own communicator, for operations within it. */
    IntraComm within() {
        return within;
    }

    @Override
    void onFree() {
        within.free();
    }
}
