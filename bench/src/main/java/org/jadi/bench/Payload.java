package org.jadi.bench;

import org.jadi.mpi.Comm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** The send and the receive buffer of a rank. A job loads one implementation only, so calls on it stay monomorphic. */
sealed interface Payload permits HeapPayload, AllocatedPayload {

    int LINE_BYTES = 64;

    /** One store per cache line of the send buffer: what a program that computes its message does to the caches. */
    void rewrite(int at, int size, long stamp);

    void send(Comm comm, int size, int destination, int tag);

    Status recv(Comm comm, int size, int source, int tag);

    Request isend(Comm comm, int at, int size, int destination, int tag);

    Request irecv(Comm comm, int at, int size, int source, int tag);

    /** Fills part of the send buffer with a pattern of its own for every seed. */
    void fill(int at, int size, long seed);

    /** Makes the receive buffer unlike any pattern. */
    void clear(int size);

    /** Counts bytes of the receive buffer that differ from the pattern rewritten with {@code stamp}; -1: not rewritten. */
    long wrongBytes(int at, int size, long seed, long stamp);

    static Payload of(Mpi mpi, boolean allocated) {
        return allocated ? new AllocatedPayload(mpi) : new HeapPayload();
    }

    static long word(long seed, long index) {
        return (index + 1) * 0x9E3779B97F4A7C15L + seed;
    }

    static byte tail(long seed, int position) {
        return (byte) (word(seed, position / 8) >>> 8 * (position % 8));
    }
}
