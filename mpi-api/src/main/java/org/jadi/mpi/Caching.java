package org.jadi.mpi;

import java.util.Optional;

/** Attributes of communicators: objects of the user or of a library, by key. MPI 4.1 §7.7. Local; any thread. */
public sealed interface Caching permits Comm {
    /**
     * Attaches a value, after the one that was there is deleted ({@code MPI_Comm_set_attr}, MPI 4.1 §7.7.2).
     *
     * @throws MpiException KEYVAL if the key was freed; ARG for null; what the delete callback throws
     */
    default <T> void setAttribute(Keyval<Comm, T> key, T value) {
        Comm comm = (Comm) this;
        comm.transfer.checkUsable("setAttribute");
        comm.transfer.guarded(() -> comm.attributes.set(key, value));
    }

    /** Returns the value of a key, or nothing ({@code MPI_Comm_get_attr}, MPI 4.1 §7.7.2). */
    default <T> Optional<T> attribute(Keyval<Comm, T> key) {
        return ((Comm) this).attributes.get(key);
    }

    /**
     * Deletes the value of a key ({@code MPI_Comm_delete_attr}, MPI 4.1 §7.7.2).
     *
     * @return whether there was one
     * @throws MpiException what the delete callback throws; the value stays then
     */
    default <T> boolean deleteAttribute(Keyval<Comm, T> key) {
        Comm comm = (Comm) this;
        comm.transfer.checkUsable("deleteAttribute");
        boolean[] was = new boolean[1];
        comm.transfer.guarded(() -> was[0] = comm.attributes.delete(key));
        return was[0];
    }
}
