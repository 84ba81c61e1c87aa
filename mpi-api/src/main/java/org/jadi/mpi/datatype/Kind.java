package org.jadi.mpi.datatype;

/** The basic types: what a type map consists of. Sizes are the same in memory, in messages and in external32. */
public enum Kind {
    /** Uninterpreted. */
    BYTE(1),
    /** One byte, 0 or 1. */
    BOOLEAN(1),
    /** A UTF-16 unit. */
    CHAR(2),
    /** A 16-bit integer. */
    SHORT(2),
    /** A 32-bit integer. */
    INT(4),
    /** A 64-bit integer. */
    LONG(8),
    /** A 32-bit number of IEEE 754. */
    FLOAT(4),
    /** A 64-bit number of IEEE 754. */
    DOUBLE(8),
    /** A byte of what pack wrote. */
    PACKED(1);

    /** Size and alignment in bytes. */
    public final int bytes;

    Kind(int bytes) {
        this.bytes = bytes;
    }
}
