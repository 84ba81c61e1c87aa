package org.jadi.mpi;

/** A communicator of one group. MPI 4.1 §7.2; with a topology, one of the subclasses. */
public sealed class IntraComm extends Comm implements Creating, Topologies permits CartComm, GraphComm, DistGraphComm {
    IntraComm(CommSeed seed) {
        super(seed);
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
}
