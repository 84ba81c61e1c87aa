package org.jadi.mpi;

import java.lang.foreign.MemorySegment;

/** Packing outside of messages: into memory of the program, in the order of the type map. MPI 4.1 §5.2, §5.3. */
public sealed interface PackCalls permits Datatype {
    /**
     * Packs elements of the type ({@code MPI_Pack}, MPI 4.1 §5.2). What was packed can be unpacked by any type with the same
     * basic elements, and be sent and received as {@link #PACKED} or {@link #BYTE}.
     *
     * @param offset place of the first element in the memory, in bytes
     * @param count number of elements of the type, 0 or more
     * @param position where to begin in the packed memory, in bytes
     * @return the position behind what was packed
     * @throws MpiException TYPE (not committed, freed), COUNT, BUFFER, TRUNCATE (no room in the packed memory)
     */
    default long pack(MemorySegment memory, long offset, long count, MemorySegment packed, long position) {
        return Packing.pack((Datatype) this, memory, offset, count, packed, position);
    }

    /**
     * Unpacks elements of the type ({@code MPI_Unpack}, MPI 4.1 §5.2).
     *
     * @param position where to begin in the packed memory, in bytes
     * @param offset place of the first element in the memory, in bytes
     * @param count number of elements of the type, 0 or more
     * @return the position behind what was unpacked
     * @throws MpiException TYPE (not committed, freed), COUNT, BUFFER, TRUNCATE (the packed memory ends before)
     */
    default long unpack(MemorySegment packed, long position, MemorySegment memory, long offset, long count) {
        return Packing.unpack((Datatype) this, packed, position, memory, offset, count);
    }

    /** Returns the bytes that a number of elements takes when packed ({@code MPI_Pack_size}, MPI 4.1 §5.2); exact. */
    default long packSize(long count) {
        TypeChecks.counts("packSize", count);
        return TypeChecks.bytes("packSize", count, ((Datatype) this).size());
    }

    /**
     * Packs elements of the type in the canonical form "external32": big-endian, without gaps ({@code MPI_Pack_external},
     * MPI 4.1 §5.3, §14.5.2). Sizes are those of Java; {@link #packSize} is right for this form too ({@code
     * MPI_Pack_external_size}). Arguments as in {@link #pack}.
     */
    default long packExternal(MemorySegment memory, long offset, long count, MemorySegment packed, long position) {
        return Packing.packExternal((Datatype) this, memory, offset, count, packed, position);
    }

    /** Unpacks the canonical form "external32" ({@code MPI_Unpack_external}, MPI 4.1 §5.3). Arguments as in {@link #unpack}. */
    default long unpackExternal(MemorySegment packed, long position, MemorySegment memory, long offset, long count) {
        return Packing.unpackExternal((Datatype) this, packed, position, memory, offset, count);
    }
}
