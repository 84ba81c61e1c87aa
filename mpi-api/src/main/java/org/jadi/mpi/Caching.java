package org.jadi.mpi;

import java.util.Optional;

/**
 * Attributes of communicators and datatypes: objects of the user or of a library, by key. MPI 4.1 §7.7. Local; any thread.
 *
 * @param <O> what the attributes are attached to
 */
public sealed interface Caching<O> permits Comm, Datatype {
    /**
     * Attaches a value, after the one that was there is deleted ({@code MPI_Comm_set_attr}, {@code MPI_Type_set_attr}, MPI 4.1
     * §7.7.2, §7.7.4).
     *
     * @throws MpiException KEYVAL if the key was freed; ARG for null; what the delete callback throws
     */
    default <T> void setAttribute(Keyval<O, T> key, T value) {
        Attributes.guarded(this, "setAttribute", () -> Attributes.of(this).set(key, value));
    }

    /** Returns the value of a key, or nothing ({@code MPI_Comm_get_attr}, {@code MPI_Type_get_attr}, MPI 4.1 §7.7.2, §7.7.4). */
    default <T> Optional<T> attribute(Keyval<O, T> key) {
        return Attributes.of(this).get(key);
    }

    /**
     * Deletes the value of a key ({@code MPI_Comm_delete_attr}, {@code MPI_Type_delete_attr}, MPI 4.1 §7.7.2, §7.7.4).
     *
     * @return whether there was one
     * @throws MpiException what the delete callback throws; the value stays then
     */
    default <T> boolean deleteAttribute(Keyval<O, T> key) {
        boolean[] was = new boolean[1];
        Attributes.guarded(this, "deleteAttribute", () -> was[0] = Attributes.of(this).delete(key));
        return was[0];
    }
}
