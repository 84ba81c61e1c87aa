package org.jadi.mpi;

/** The standard's error classes, {@code MPI_ERR_...}. MPI 4.1 §9.4; {@link #PROC_FAILED} and {@link #TIMEOUT} go beyond it. */
public enum ErrorClass {
    /** No error. */
    SUCCESS,
    /** Invalid buffer: null, read-only for a receive, not accessible, or too small an attached buffer. */
    BUFFER,
    /** Invalid count: negative, or beyond the end of the buffer. */
    COUNT,
    /** Invalid datatype. */
    TYPE,
    /** Invalid tag. */
    TAG,
    /** Invalid communicator. */
    COMM,
    /** Invalid rank. */
    RANK,
    /** Invalid request. */
    REQUEST,
    /** Invalid root. */
    ROOT,
    /** Invalid group. */
    GROUP,
    /** Invalid operation. */
    OP,
    /** Invalid topology. */
    TOPOLOGY,
    /** Invalid dimensions. */
    DIMS,
    /** Invalid argument of another kind. */
    ARG,
    /** Unknown error. */
    UNKNOWN,
    /** The message is longer than the receive buffer. */
    TRUNCATE,
    /** An error that no other class describes; its message does. */
    OTHER,
    /** An error inside the library. */
    INTERN,
    /** The errors are in the statuses: {@link MpiException#statuses}. */
    IN_STATUS,
    /** The request is not complete yet; only found in the statuses of an error {@link #IN_STATUS}. */
    PENDING,
    /** Attribute key out of range. */
    KEYVAL,
    /** No memory left. */
    NO_MEM,
    /** Invalid base of memory to be freed. */
    BASE,
    /** Info key too long. */
    INFO_KEY,
    /** Info value too long. */
    INFO_VALUE,
    /** Info key not defined. */
    INFO_NOKEY,
    /** Processes could not be started. */
    SPAWN,
    /** Invalid port. */
    PORT,
    /** Invalid service name. */
    SERVICE,
    /** Service name not published. */
    NAME,
    /** Invalid window. */
    WIN,
    /** Invalid window size. */
    SIZE,
    /** Invalid displacement. */
    DISP,
    /** Invalid info. */
    INFO,
    /** Invalid lock type. */
    LOCKTYPE,
    /** Invalid assertion. */
    ASSERT,
    /** Conflicting accesses to a window. */
    RMA_CONFLICT,
    /** Wrong order of synchronization. */
    RMA_SYNC,
    /** Target memory outside the window. */
    RMA_RANGE,
    /** Memory cannot be attached. */
    RMA_ATTACH,
    /** Memory cannot be shared. */
    RMA_SHARED,
    /** Wrong kind of window. */
    RMA_FLAVOR,
    /** Invalid file. */
    FILE,
    /** Arguments differ among the ranks of a collective call. */
    NOT_SAME,
    /** Invalid access mode. */
    AMODE,
    /** Unknown data representation. */
    UNSUPPORTED_DATAREP,
    /** Operation not supported. */
    UNSUPPORTED_OPERATION,
    /** File does not exist. */
    NO_SUCH_FILE,
    /** File exists. */
    FILE_EXISTS,
    /** Invalid file name. */
    BAD_FILE,
    /** Permission denied. */
    ACCESS,
    /** No space left. */
    NO_SPACE,
    /** Quota exceeded. */
    QUOTA,
    /** File is read-only. */
    READ_ONLY,
    /** File is in use. */
    FILE_IN_USE,
    /** Data representation exists already. */
    DUP_DATAREP,
    /** Conversion failed. */
    CONVERSION,
    /** Input or output failed. */
    IO,
    /** Invalid session. */
    SESSION,
    /** A value does not fit into the type. */
    VALUE_TOO_LARGE,
    /** The peer has died, has ended, or cannot be reached. */
    PROC_FAILED,
    /** The time limit is over. Jadi's own. */
    TIMEOUT
}
