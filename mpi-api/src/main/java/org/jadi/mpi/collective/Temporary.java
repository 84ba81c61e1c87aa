package org.jadi.mpi.collective;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jadi.mpi.datatype.Kind;

/** Memory for intermediate results and copies: arrays, or native memory where no array is long enough. Zeroed. */
public final class Temporary {
    /** Length of an array that every JVM makes, in elements. */
    private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 64;

    private static final long ALIGNMENT = 64;

    private Temporary() {}

    /** Returns memory of bytes. */
    public static MemorySegment allocate(long bytes) {
        return allocate(Kind.BYTE, bytes, MOST_ELEMENTS);
    }

    /** Returns memory of whole elements of a kind; an array of that kind, so that kernels can work on it as such. */
    static MemorySegment allocate(Kind kind, long bytes) {
        return allocate(kind, bytes, MOST_ELEMENTS);
    }

    static MemorySegment allocate(Kind kind, long bytes, long mostElements) {
        long elements = (bytes + kind.bytes - 1) / kind.bytes;
        return elements <= mostElements ? array(kind, (int) elements)
                : Arena.ofAuto().allocate(elements * kind.bytes, ALIGNMENT);
    }

    private static MemorySegment array(Kind kind, int elements) {
        return switch (kind) {
            case BYTE, BOOLEAN, PACKED -> MemorySegment.ofArray(new byte[elements]);
            case CHAR -> MemorySegment.ofArray(new char[elements]);
            case SHORT -> MemorySegment.ofArray(new short[elements]);
            case INT -> MemorySegment.ofArray(new int[elements]);
            case LONG -> MemorySegment.ofArray(new long[elements]);
            case FLOAT -> MemorySegment.ofArray(new float[elements]);
            case DOUBLE -> MemorySegment.ofArray(new double[elements]);
        };
    }
}
