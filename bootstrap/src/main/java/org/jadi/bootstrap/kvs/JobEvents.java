package org.jadi.bootstrap.kvs;

/** What the launcher hears from its ranks. Called by the server's only thread: implementations do not block. */
public interface JobEvents {
    /** A rank has proved itself and joined. */
    void joined(int rank);

    /** A rank has finished its use of the library in good order. */
    void finished(int rank);

    /** A rank ends the whole job. */
    void aborted(int rank, int code, String reason);

    /** A rank answers {@link KeyValueServer#requestState}. */
    void state(int rank, String report);

    /** A rank's connection ended although it had not finished. */
    void lost(int rank);

    /** A rank that is watched has not answered for too long; its connection was ended. */
    default void silent(int rank) {
        lost(rank);
    }
}
