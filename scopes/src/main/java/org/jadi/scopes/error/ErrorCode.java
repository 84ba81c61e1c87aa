package org.jadi.scopes.error;

/** The kinds of errors; quo-vadis's names for them in brackets. */
public enum ErrorCode {
    /** An argument is wrong; used where one member of a group has a wrong one and all are told (INVLD_ARG). */
    INVALID_ARGUMENT,
    /** This machine or this process cannot do it (NOT_SUPPORTED). */
    NOT_SUPPORTED,
    /** There is no such thing, such as a device with that number (NOT_FOUND). */
    NOT_FOUND,
    /** A split cannot be made: more colors than pieces, more pieces than CPUs (ERR_SPLIT). */
    SPLIT,
    /** Not enough is free (RES_UNAVAILABLE). */
    RESOURCE_UNAVAILABLE,
    /** hwloc failed, or is missing where it was required (ERR_HWLOC). */
    HWLOC,
    /** The operating system refused; there is an errno (ERR_SYS). */
    SYSTEM,
    /** Members of a group cannot reach each other (ERR_MPI, ERR_RPC). */
    TRANSPORT,
    /** A setting is wrong (ERR_ENV). */
    ENVIRONMENT,
    /** A file cannot be read or written (ERR_FILE_IO). */
    IO,
    /** A table is full (ERR_OOR). */
    OUT_OF_RESOURCES,
    /** Members of a group see different machines. */
    TOPOLOGY_MISMATCH,
    /** A scope or ticket is used that has changed or gone. */
    STALE,
    /** A fault of this library (ERR_INTERNAL). */
    INTERNAL
}
