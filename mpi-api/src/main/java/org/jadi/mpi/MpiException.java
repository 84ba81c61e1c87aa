package org.jadi.mpi;

import java.util.List;

/**
 * An operation failed. The one exception of this package.
 *
 * <p>MPI 4.1 §9.3 to §9.5. The message names operation, communicator, rank and the facts of the call as
 * {@code name=value}. Which errors become exceptions is decided by the communicator's {@link Errhandler}.
 */
public final class MpiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorClass errorClass;
    private final int code;
    private final transient List<Status> statuses;

    /** Creates an exception of a class, with a text for people. */
    public MpiException(ErrorClass errorClass, String message) {
        this(errorClass, message, null);
    }

    /** Creates an exception of a class, with a text for people and what caused it. */
    public MpiException(ErrorClass errorClass, String message, Throwable cause) {
        super(message + " [" + errorClass + "]", cause);
        this.errorClass = errorClass;
        this.code = errorClass.ordinal();
        this.statuses = List.of();
    }

    /** With a code of {@link ErrorCodes}. */
    MpiException(int code, ErrorClass errorClass, String message) {
        super(message + " [" + errorClass + "]");
        this.errorClass = errorClass;
        this.code = code;
        this.statuses = List.of();
    }

    MpiException(String message, List<Status> statuses) {
        super(message + " [" + ErrorClass.IN_STATUS + "]");
        this.errorClass = ErrorClass.IN_STATUS;
        this.code = errorClass.ordinal();
        this.statuses = List.copyOf(statuses);
    }

    /** Returns the standard's class of the error ({@code MPI_Error_class}, MPI 4.1 §9.4). */
    public ErrorClass errorClass() {
        return errorClass;
    }

    /** Returns the error code: that of the class, or one that was added ({@link ErrorCodes}). MPI 4.1 §9.4. */
    public int code() {
        return code;
    }

    /**
     * Returns the status of every request of a failed completion call, each with its {@link Status#error}; empty unless
     * the class is {@link ErrorClass#IN_STATUS}. MPI 4.1 §3.7.5.
     */
    public List<Status> statuses() {
        return statuses == null ? List.of() : statuses;
    }
}
