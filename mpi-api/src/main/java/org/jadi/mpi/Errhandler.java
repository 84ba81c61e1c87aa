package org.jadi.mpi;

/**
 * What happens to the errors of a communicator; any object of this type is one ({@code MPI_Comm_create_errhandler}).
 *
 * <p>MPI 4.1 §9.3. A handler is told of each error; unless it throws or ends the process itself, the exception is thrown
 * when it returns, because a Java method has no other way to say that it failed.
 */
@FunctionalInterface
public interface Errhandler {
    /** Throws the exception at the caller ({@code MPI_ERRORS_RETURN}, in Java's manner). The default. */
    Errhandler THROW = (comm, error) -> {};

    /** Ends the job ({@code MPI_ERRORS_ARE_FATAL}). */
    Errhandler FATAL = (comm, error) -> comm.abort(1, error.toString());

    /** Ends the processes of the communicator ({@code MPI_ERRORS_ABORT}); with Jadi, the job, which the standard allows. */
    Errhandler ABORT = (comm, error) -> comm.abort(1, error.toString());

    /** Told of an error of a communicator, on the thread that will get the exception. No lock of the library is held. */
    void handle(Comm comm, MpiException error);
}
