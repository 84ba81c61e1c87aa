package org.jadi.mpi;

/**
 * What a communicator is made of.
 *
 * @param parent whose error handler and time limit it begins with, or null
 * @param label what messages call it until it has a name
 * @param number our number for it ({@link Contexts})
 * @param rank our rank in the (local) group
 * @param local the (local) group
 * @param peers whom ranks of messages mean: the same, or the remote group
 */
record CommSeed(Instance instance, Comm parent, String label, int number, int rank, Members local, Members peers) {
    /** Of a communicator with one group. */
    CommSeed(Instance instance, Comm parent, String label, int number, int rank, Members members) {
        this(instance, parent, label, number, rank, members, members);
    }
}
