package org.jadi.mpi;

/**
 * The buffer of one communicator for the messages of buffered mode. MPI 4.1 §3.6. While it is attached, messages of the
 * communicator go there, and not to the buffer of the rank ({@link Mpi#attachBuffer}). Local; any thread.
 */
public sealed interface Buffering permits Comm {
    /**
     * Attaches a buffer ({@code MPI_Comm_attach_buffer}, MPI 4.1 §3.6.1). The library brings the memory; what counts is the
     * size: data plus {@link Mpi#BSEND_OVERHEAD} for each message.
     *
     * @param bytes size, 0 or more, or {@link Mpi#BUFFER_AUTOMATIC}
     * @throws MpiException BUFFER if one is attached already; ARG, COMM
     */
    default void attachBuffer(long bytes) {
        Comm comm = (Comm) this;
        comm.transfer.checkUsable("attachBuffer");
        comm.transfer.guarded(() -> comm.buffer.attach(bytes));
    }

    /**
     * Detaches the buffer, after all messages in it are out ({@code MPI_Comm_detach_buffer}, MPI 4.1 §3.6.1).
     *
     * @return its size in bytes, as it was given
     * @throws MpiException BUFFER if none is attached
     */
    default long detachBuffer() {
        Comm comm = (Comm) this;
        long[] bytes = new long[1];
        comm.transfer.guarded(() -> bytes[0] = comm.buffer.detach());
        return bytes[0];
    }

    /**
     * Waits until all messages that are in the buffer now are out ({@code MPI_Comm_flush_buffer}, MPI 4.1 §3.6.1).
     *
     * @throws MpiException BUFFER if none is attached
     */
    default void flushBuffer() {
        Comm comm = (Comm) this;
        comm.transfer.guarded(comm.buffer::flush);
    }

    /**
     * Starts to wait until all messages that are in the buffer now are out ({@code MPI_Comm_iflush_buffer}, MPI 4.1 §3.6.1).
     *
     * @return the request, to be completed
     * @throws MpiException BUFFER if none is attached
     */
    default Request iflushBuffer() {
        Comm comm = (Comm) this;
        Request[] request = new Request[1];
        comm.transfer.guarded(() -> request[0] = comm.buffer.iflush(comm.transfer));
        return request[0];
    }
}
