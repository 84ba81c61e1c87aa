package org.jadi.mpi;

import java.lang.foreign.MemorySegment;

/**
 * Partitioned communication: one message whose parts become ready, and arrive, one by one. MPI 4.1 §4.
 *
 * <p>Send and receive are matched once, in the order of the init calls for a source, destination and tag; there are no
 * wildcards. Both sides may divide the data differently, and describe it by different datatypes; the length of all is the same.
 * Every method may be called by any thread. Errors go through the communicator's error handler, and are thrown.
 */
public sealed interface PartitionedMessages permits Comm {
    /**
     * Prepares a partitioned send ({@code MPI_Psend_init}, MPI 4.1 §4.2.1). Local.
     *
     * @param buffer the partitions, one behind the other; an array of primitives, or a segment
     * @param partitions number of partitions, 1 or more
     * @param count elements of the type in a partition, 0 or more
     * @param type what an element is; committed
     * @param dest rank, or {@link Comm#PROC_NULL}
     * @param tag 0 or more
     * @param hints none is known
     * @return the inactive request, to be started
     * @throws MpiException ARG (partitions), COUNT, TYPE, BUFFER, RANK, TAG, INFO
     */
    default PartitionedSend psendInit(MemorySegment buffer, int partitions, long count, Datatype type, int dest, int tag,
            Info hints) {
        Comm comm = (Comm) this;
        return comm.partitions.send(comm.transfer.view(buffer), partitions, count, type, dest, tag, hints);
    }

    /** As {@link #psendInit(MemorySegment, int, long, Datatype, int, int, Info)}, of all elements of an array in equal parts. */
    default PartitionedSend psendInit(double[] buffer, int partitions, int dest, int tag) {
        Comm comm = (Comm) this;
        return comm.partitions.sendEqually(comm.transfer.view(buffer), buffer.length, partitions, Datatype.DOUBLE, dest, tag);
    }

    /** As {@link #psendInit(double[], int, int, int)}. */
    default PartitionedSend psendInit(long[] buffer, int partitions, int dest, int tag) {
        Comm comm = (Comm) this;
        return comm.partitions.sendEqually(comm.transfer.view(buffer), buffer.length, partitions, Datatype.LONG, dest, tag);
    }

    /** As {@link #psendInit(double[], int, int, int)}. */
    default PartitionedSend psendInit(int[] buffer, int partitions, int dest, int tag) {
        Comm comm = (Comm) this;
        return comm.partitions.sendEqually(comm.transfer.view(buffer), buffer.length, partitions, Datatype.INT, dest, tag);
    }

    /** As {@link #psendInit(double[], int, int, int)}. */
    default PartitionedSend psendInit(byte[] buffer, int partitions, int dest, int tag) {
        Comm comm = (Comm) this;
        return comm.partitions.sendEqually(comm.transfer.view(buffer), buffer.length, partitions, Datatype.BYTE, dest, tag);
    }

    /**
     * Prepares a partitioned receive ({@code MPI_Precv_init}, MPI 4.1 §4.2.1). Local.
     *
     * @param buffer where the partitions go, one behind the other; an array of primitives, or a segment
     * @param partitions number of partitions, 1 or more
     * @param count elements of the type in a partition, 0 or more
     * @param type what an element is; committed
     * @param source rank, or {@link Comm#PROC_NULL}
     * @param tag 0 or more
     * @param hints none is known
     * @return the inactive request, to be started
     * @throws MpiException ARG (partitions), COUNT, TYPE, BUFFER, RANK, TAG, INFO
     */
    default PartitionedReceive precvInit(MemorySegment buffer, int partitions, long count, Datatype type, int source, int tag,
            Info hints) {
        Comm comm = (Comm) this;
        return comm.partitions.receive(comm.transfer.writable(buffer), partitions, count, type, source, tag, hints);
    }

    /** As {@link #precvInit(MemorySegment, int, long, Datatype, int, int, Info)}, into an array in equal parts. */
    default PartitionedReceive precvInit(double[] buffer, int partitions, int source, int tag) {
        Comm comm = (Comm) this;
        return comm.partitions.receiveEqually(comm.transfer.view(buffer), buffer.length, partitions, Datatype.DOUBLE, source, tag);
    }

    /** As {@link #precvInit(double[], int, int, int)}. */
    default PartitionedReceive precvInit(long[] buffer, int partitions, int source, int tag) {
        Comm comm = (Comm) this;
        return comm.partitions.receiveEqually(comm.transfer.view(buffer), buffer.length, partitions, Datatype.LONG, source, tag);
    }

    /** As {@link #precvInit(double[], int, int, int)}. */
    default PartitionedReceive precvInit(int[] buffer, int partitions, int source, int tag) {
        Comm comm = (Comm) this;
        return comm.partitions.receiveEqually(comm.transfer.view(buffer), buffer.length, partitions, Datatype.INT, source, tag);
    }

    /** As {@link #precvInit(double[], int, int, int)}. */
    default PartitionedReceive precvInit(byte[] buffer, int partitions, int source, int tag) {
        Comm comm = (Comm) this;
        return comm.partitions.receiveEqually(comm.transfer.view(buffer), buffer.length, partitions, Datatype.BYTE, source, tag);
    }
}
