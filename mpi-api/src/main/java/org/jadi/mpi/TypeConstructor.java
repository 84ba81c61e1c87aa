package org.jadi.mpi;

import java.util.List;

/**
 * How a datatype was made: the call and its arguments ({@code MPI_Type_get_envelope}, {@code MPI_Type_get_contents}, MPI
 * 4.1 §5.1.13). A switch over the records takes a type apart.
 *
 * <p>The types in it are handles that belong to the description: they stay valid when the program frees the types it had
 * used, and cannot be freed themselves. Displacements and strides count extents of the old type, or bytes in those records
 * that begin with H, in {@link Struct} and in {@link Resized}.
 */
public sealed interface TypeConstructor {
    /** A predefined type. */
    record Named(String name) implements TypeConstructor {}

    /** A copy: {@link Datatype#dup}. */
    record Dup(Datatype type) implements TypeConstructor {}

    /** {@link Datatype#contiguous}. */
    record Contiguous(long count, Datatype type) implements TypeConstructor {}

    /** {@link Datatype#vector}. */
    record Vector(long count, long blockLength, long stride, Datatype type) implements TypeConstructor {}

    /** {@link Datatype#hvector}. */
    record Hvector(long count, long blockLength, long strideBytes, Datatype type) implements TypeConstructor {}

    /** {@link Datatype#indexed}. */
    record Indexed(List<Long> blockLengths, List<Long> displacements, Datatype type) implements TypeConstructor {}

    /** {@link Datatype#hindexed}. */
    record Hindexed(List<Long> blockLengths, List<Long> displacementBytes, Datatype type) implements TypeConstructor {}

    /** {@link Datatype#indexedBlock}. */
    record IndexedBlock(long blockLength, List<Long> displacements, Datatype type) implements TypeConstructor {}

    /** {@link Datatype#hindexedBlock}. */
    record HindexedBlock(long blockLength, List<Long> displacementBytes, Datatype type) implements TypeConstructor {}

    /** {@link Datatype#struct}. */
    record Struct(List<Long> blockLengths, List<Long> displacementBytes, List<Datatype> types) implements TypeConstructor {}

    /** {@link Datatype#subarray}. */
    record Subarray(List<Long> sizes, List<Long> subsizes, List<Long> starts, Datatype.Order order, Datatype type)
            implements TypeConstructor {}

    /** {@link Datatype#darray}. */
    record Darray(int size, int rank, List<Long> sizes, List<Datatype.Distribution> distributions, List<Long> blockLengths,
            List<Long> processes, Datatype.Order order, Datatype type) implements TypeConstructor {}

    /** {@link Datatype#resized}. */
    record Resized(long lbBytes, long extentBytes, Datatype type) implements TypeConstructor {}

    /** A pair of a value and an index: {@link Datatype#valueIndex}. */
    record ValueIndex(Datatype value, Datatype index) implements TypeConstructor {}
}
