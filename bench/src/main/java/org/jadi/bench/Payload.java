package org.jadi.bench;

import org.jadi.mpi.Comm;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Request;
import org.jadi.mpi.Status;

/** The send and the receive buffer of a rank. A job loads one implementation only, so calls on it stay monomorphic. */
sealed interface Payload permits HeapPayload, AllocatedPayload {

    int LINE_BYTES = 64;

    /** The numbers of a reduction. */
    int MAX_NUMBERS = Kernel.BUFFER_BYTES / 2 / Double.BYTES;

    /** One store per cache line of the send buffer: what a program that computes its message does to the caches. */
    void rewrite(int at, int size, long stamp);

    void send(Comm comm, int size, int destination, int tag);

    Status recv(Comm comm, int size, int source, int tag);

    Request isend(Comm comm, int at, int size, int destination, int tag);

    Request irecv(Comm comm, int at, int size, int source, int tag);

    /** The stores of {@link #rewrite} in the numbers to send: every eighth is {@code stamp}. */
    void rewriteNumbers(int count, double stamp);

    /** From the send buffer at the root into the receive buffer elsewhere. */
    void bcast(Comm comm, int size, int root, boolean here);

    void reduce(Comm comm, int count, int root);

    void allreduce(Comm comm, int count);

    void allgather(Comm comm, int size);

    void alltoall(Comm comm, int size);

    void setNumber(int index, double value);

    double sum(int index);

    void clearSums(int count);

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
