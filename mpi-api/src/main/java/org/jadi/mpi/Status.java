package org.jadi.mpi;

/**
 * What is known about a completed operation. MPI 4.1 §3.2.5; immutable.
 *
 * @param source received message: rank of its sender; otherwise {@link Comm#ANY_SOURCE}, or {@link Comm#PROC_NULL}
 * @param tag received message: its tag; otherwise {@link Comm#ANY_TAG}
 * @param bytes received message: bytes that were put into the buffer (for a probe: length of the message)
 * @param cancelled whether the operation was cancelled ({@code MPI_Test_cancelled}, MPI 4.1 §3.8.4)
 * @param error how the operation ended; of interest in {@link MpiException#statuses} only
 */
public record Status(int source, int tag, long bytes, boolean cancelled, ErrorClass error) {
    /** The empty status: of a send, of an inactive request. MPI 4.1 §3.7.3. */
    public static final Status EMPTY = new Status(Comm.ANY_SOURCE, Comm.ANY_TAG, 0, false, ErrorClass.SUCCESS);

    /** The status of a receive from {@link Comm#PROC_NULL}. MPI 4.1 §3.10. */
    static final Status NO_PROCESS = new Status(Comm.PROC_NULL, Comm.ANY_TAG, 0, false, ErrorClass.SUCCESS);

    /** The status of a cancelled operation. */
    static final Status CANCELLED = new Status(Comm.ANY_SOURCE, Comm.ANY_TAG, 0, true, ErrorClass.SUCCESS);

    /** Returns whether the operation was cancelled; {@link #cancelled} by the name that reads well. */
    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * Returns how many elements of a size were received ({@code MPI_Get_count}, MPI 4.1 §3.2.5).
     *
     * @param elementBytes size of an element in bytes, 1 or more
     * @return the number, or {@link Comm#UNDEFINED} if the message is not a whole number of elements
     */
    public long count(int elementBytes) {
        if (elementBytes < 1) {
            throw new MpiException(ErrorClass.ARG, "Status.count: the size of an element is 1 or more: elementBytes="
                    + elementBytes);
        }
        return bytes % elementBytes == 0 ? bytes / elementBytes : Comm.UNDEFINED;
    }

    /**
     * Returns how many elements of a primitive type were received ({@code MPI_Get_count}, MPI 4.1 §3.2.5).
     *
     * @param primitive a primitive type, such as {@code int.class}
     * @return the number, or {@link Comm#UNDEFINED} if the message is not a whole number of elements
     */
    public long count(Class<?> primitive) {
        return count(Elements.bytesOf(primitive));
    }

    /**
     * Returns how many basic elements of a primitive type were received ({@code MPI_Get_elements}, MPI 4.1 §5.1.11).
     *
     * @param primitive a primitive type, such as {@code int.class}
     * @return the number, or {@link Comm#UNDEFINED} if the last element is not whole
     */
    public long elements(Class<?> primitive) {
        return count(primitive);
    }

    /**
     * Returns how many elements of a datatype were received ({@code MPI_Get_count}, MPI 4.1 §3.2.5).
     *
     * @return the number, or {@link Comm#UNDEFINED} if the message is not a whole number of elements
     * @throws MpiException TYPE if the type is null or was freed
     */
    public long count(Datatype type) {
        return Packing.count(type, bytes);
    }

    /**
     * Returns how many basic elements of a datatype were received ({@code MPI_Get_elements}, MPI 4.1 §5.1.11).
     *
     * @return the number, or {@link Comm#UNDEFINED} if the message ends within a basic element
     * @throws MpiException TYPE if the type is null or was freed
     */
    public long elements(Datatype type) {
        return Packing.elements(type, bytes);
    }

    Status withError(ErrorClass cause) {
        return new Status(source, tag, bytes, cancelled, cause);
    }
}
