package org.jadi.mpi;

import java.util.Optional;

/**
 * A key of attributes, with what is done when they are copied and deleted. MPI 4.1 §7.7. Any thread may use it.
 *
 * @param <O> what attributes are attached to: {@link Comm} or {@link Datatype}
 * @param <T> type of the values
 */
public final class Keyval<O, T> {
    /** Asked when an object with the attribute is duplicated. Runs in the thread that duplicates; no lock of the library is held. */
    @FunctionalInterface
    public interface Copy<O, T> {
        /**
         * Returns the attribute of the new object, or nothing if it gets none.
         *
         * @param old the object that is duplicated
         */
        Optional<T> copy(O old, Keyval<O, T> key, T value);
    }

    /** Told when an attribute is deleted or replaced, or its object freed; an exception keeps the attribute where it is. */
    @FunctionalInterface
    public interface Delete<O, T> {
        /** The attribute is still there, and is removed when this returns. */
        void delete(O object, Keyval<O, T> key, T value);
    }

    private final Copy<O, T> copy;
    private final Delete<O, T> delete;
    private volatile boolean freed;

    private Keyval(Copy<O, T> copy, Delete<O, T> delete) {
        this.copy = copy;
        this.delete = delete;
    }

    /** Creates a key whose attributes are not copied ({@code MPI_NULL_COPY_FN}, {@code MPI_NULL_DELETE_FN}). */
    public static <O, T> Keyval<O, T> create() {
        return create((old, key, value) -> Optional.empty(), (object, key, value) -> {});
    }

    /** Creates a key whose attributes are shared by duplicates ({@code MPI_DUP_FN}, {@code MPI_NULL_DELETE_FN}). */
    public static <O, T> Keyval<O, T> shared() {
        return create((old, key, value) -> Optional.of(value), (object, key, value) -> {});
    }

    /**
     * Creates a key ({@code MPI_Comm_create_keyval}, {@code MPI_Type_create_keyval}, MPI 4.1 §7.7.2, §7.7.4).
     *
     * @throws MpiException ARG if one is null
     */
    public static <O, T> Keyval<O, T> create(Copy<O, T> copy, Delete<O, T> delete) {
        if (copy == null || delete == null) {
            throw new MpiException(ErrorClass.ARG, "Keyval.create: a callback is null");
        }
        return new Keyval<>(copy, delete);
    }

    /**
     * Ends the use of the key for new attributes; those that are there stay, and are copied and deleted as before
     * ({@code MPI_Comm_free_keyval}, {@code MPI_Type_free_keyval}, MPI 4.1 §7.7.2, §7.7.4). A second call does nothing.
     */
    public void free() {
        freed = true;
    }

    boolean isFreed() {
        return freed;
    }

    Optional<T> copied(O old, T value) {
        return copy.copy(old, this, value);
    }

    void deleted(O object, T value) {
        delete.delete(object, this, value);
    }
}
