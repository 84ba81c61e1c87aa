package org.jadi.mpi;

/**
 * What is known about a completed operation. MPI 4.1 §3.2.5; immutable. Source, tag and error are what
 * {@code MPI_Status_get_source}, {@code MPI_Status_get_tag} and {@code MPI_Status_get_error} give.
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

    /** Returns the status with another source ({@code MPI_Status_set_source}, MPI 4.1 §3.2.5). */
    public Status withSource(int rank) {
        return new Status(rank, tag, bytes, cancelled, error);
    }

    /** Returns the status with another tag ({@code MPI_Status_set_tag}, MPI 4.1 §3.2.5). */
    public Status withTag(int value) {
        return new Status(source, value, bytes, cancelled, error);
    }

    /**
     * Returns the status with the length of a number of elements ({@code MPI_Status_set_elements}, MPI 4.1 §13.3): what
     * {@link #elements(Datatype)} of the same type then gives.
     *
     * @param type of which the elements are counted
     * @param basic number of basic elements, 0 or more
     * @throws MpiException COUNT, TYPE
     */
    public Status withElements(Datatype type, long basic) {
        return new Status(source, tag, Packing.bytes(type, basic), cancelled, error);
    }

    /** Returns the status as one of an operation that was cancelled, or not ({@code MPI_Status_set_cancelled}, MPI 4.1 §13.3). */
    public Status withCancelled(boolean value) {
        return new Status(source, tag, bytes, value, error);
    }

    /** Returns the status with another error ({@code MPI_Status_set_error}, MPI 4.1 §3.2.5). */
    public Status withError(ErrorClass cause) {
        return new Status(source, tag, bytes, cancelled, cause);
    }
}
