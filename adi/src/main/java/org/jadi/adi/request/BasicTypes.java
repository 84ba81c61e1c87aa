package org.jadi.adi.request;

/**
 * The sequence of the basic types of a message, as a sender states it and a receiver expects it (type signature, MPI 4.1
 * §3.3.1). Only compared where both sides say something. Any thread.
 */
public interface BasicTypes {
    /** The hash of what matches everything. */
    int ANY = 0;

    /** The hash of bytes that end within an element; no message has it. */
    int BROKEN = -1;

    /**
     * Returns a hash of the types of the first bytes of the message: 1 to 65535, {@link #ANY} or {@link #BROKEN}. Equal for
     * equal sequences, whatever the counts and datatypes that describe them.
     */
    int hash(long bytes);
}
