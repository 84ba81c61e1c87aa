package org.jadi.mpi;

/**
 * Making communicators out of one with one group. MPI 4.1 §7.4.2.
 *
 * <p>The methods are collective, and return when the new communicator can be used; they may be called by several threads
 * for different communicators in any order. New communicators have the error handler and the time limit of this one, and
 * neither its name nor its hints; attributes go where the methods say so. A rank that is in no new communicator gets null.
 */
public sealed interface Creating permits IntraComm {
    /**
     * Makes a communicator of the same group, with topology and attributes as their copy callbacks say
     * ({@code MPI_Comm_dup}, MPI 4.1 §7.4.2).
     *
     * @throws MpiException COMM, PROC_FAILED; OTHER if a callback failed or a rank has too many communicators
     */
    default IntraComm dup() {
        return CommCreation.dup((IntraComm) this, new Info());
    }

    /**
     * Makes a communicator of the same group, with hints ({@code MPI_Comm_dup_with_info}, MPI 4.1 §7.4.2).
     *
     * @throws MpiException INFO if the hints are null; otherwise as {@link #dup()}
     */
    default IntraComm dup(Info hints) {
        return CommCreation.dup((IntraComm) this, hints);
    }

    /**
     * Starts to make a communicator of the same group ({@code MPI_Comm_idup}, MPI 4.1 §7.4.2). Attributes are copied
     * before it returns. The communicator is the value of the request.
     *
     * @throws MpiException COMM; OTHER if a callback failed
     */
    default ObjectRequest<? extends IntraComm> idup() {
        return CommCreation.idup((IntraComm) this, new Info(), "idup");
    }

    /**
     * Starts to make a communicator of the same group, with hints ({@code MPI_Comm_idup_with_info}, MPI 4.1 §7.4.2).
     *
     * @throws MpiException COMM, INFO; OTHER if a callback failed
     */
    default ObjectRequest<? extends IntraComm> idup(Info hints) {
        return CommCreation.idup((IntraComm) this, hints, "idup");
    }

    /**
     * Divides the ranks: one communicator for each color ({@code MPI_Comm_split}, MPI 4.1 §7.4.2).
     *
     * @param color 0 or more, or {@link Comm#UNDEFINED} for none
     * @param key order in the new communicator; equal keys keep their order
     * @return the communicator of our color, or null for {@link Comm#UNDEFINED}
     * @throws MpiException ARG for another negative color; COMM, PROC_FAILED
     */
    default IntraComm split(int color, int key) {
        return CommCreation.split((IntraComm) this, color, key);
    }

    /**
     * Divides the ranks by what they share ({@code MPI_Comm_split_type}, MPI 4.1 §7.4.2).
     *
     * @param type what, the same on all ranks, or null for none ({@code MPI_UNDEFINED})
     * @param key order in the new communicator; equal keys keep their order
     * @param hints for HW_GUIDED: {@code mpi_hw_resource_type}, as {@link Mpi#hardwareResources} names them or shorter,
     *     {@code numa}; {@code mpi_shared_memory} is the node
     * @return the communicator of those with whom we share, or null
     * @throws MpiException INFO, COMM, PROC_FAILED
     */
    default IntraComm splitType(SplitType type, int key, Info hints) {
        return SplitByType.run((IntraComm) this, type, key, hints);
    }

    /**
     * Makes communicators of parts of the group ({@code MPI_Comm_create}, MPI 4.1 §7.4.2). All ranks call it, and those that
     * name each other do so with the same group; other groups may be made in the same call.
     *
     * @param group processes of this communicator
     * @return the communicator of the group, or null if the caller is not in it
     * @throws MpiException GROUP if it is null or not part of this group; COMM, PROC_FAILED
     */
    default IntraComm create(Group group) {
        IntraComm comm = (IntraComm) this;
        return CommCreation.create(comm, group, Contexts.MANAGE, comm.nextTag(), "create");
    }

    /**
     * Makes a communicator of a part of the group; only ranks of the part call it
     * ({@code MPI_Comm_create_group}, MPI 4.1 §7.4.2).
     *
     * @param group processes of this communicator
     * @param tag 0 or more; tells calls apart that several threads make at the same time
     * @return the communicator of the group, or null if the caller is not in it
     * @throws MpiException GROUP if it is null or not part of this group; TAG, COMM, PROC_FAILED
     */
    default IntraComm createGroup(Group group, int tag) {
        IntraComm comm = (IntraComm) this;
        if (tag < 0) {
            throw comm.transfer.error(ErrorClass.TAG, "createGroup", "the tag is 0 or more: tag=" + tag, null);
        }
        return CommCreation.create(comm, group, Contexts.GROUP, tag, "createGroup");
    }

    /**
     * Makes a communicator of this group and another one ({@code MPI_Intercomm_create}, MPI 4.1 §7.6.2). Collective over
     * both groups, which must have no process in common.
     *
     * @param localLeader rank here, the same on all ranks, of the one that talks to the other group
     * @param peer communicator in which the leaders reach each other; only looked at on the leader
     * @param remoteLeader rank of the other leader in it
     * @param tag 0 or more, the same on both sides; tells calls apart that several threads make at the same time
     * @throws MpiException on the leader: COMM, RANK, TAG; on the others of its group OTHER then; RANK, PROC_FAILED
     */
    default InterComm createInter(int localLeader, Comm peer, int remoteLeader, int tag) {
        return InterCreation.create((IntraComm) this, localLeader, peer, remoteLeader, tag);
    }
}
