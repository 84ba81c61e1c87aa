package org.jadi.mpi.collective;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.jadi.mpi.datatype.Kind;

/** MINLOC and MAXLOC: pairs of a value and an int index, packed. Of equal values the one with the smaller index wins. */
public final class Locations {
    private Locations() {}

    /**
     * Returns the kernel.
     *
     * @param value SHORT, INT, LONG, FLOAT or DOUBLE
     */
    public static Kernel of(Kind value, boolean greatest) {
        int sign = greatest ? -1 : 1;
        int bytes = value.bytes + Integer.BYTES;
        return (in, inAt, inout, inoutAt, count) -> {
            for (long i = 0; i < count; i++) {
                long a = inAt + i * bytes;
                long b = inoutAt + i * bytes;
                int order = sign * compare(value, in, a, inout, b);
                int indexA = in.get(JAVA_INT_UNALIGNED, a + value.bytes);
                int indexB = inout.get(JAVA_INT_UNALIGNED, b + value.bytes);
                if (order < 0 || order == 0 && indexA < indexB) {
                    MemorySegment.copy(in, a, inout, b, bytes);
                }
            }
        };
    }

    private static int compare(Kind kind, MemorySegment a, long p, MemorySegment b, long q) {
        return switch (kind) {
            case SHORT -> Short.compare(a.get(JAVA_SHORT_UNALIGNED, p), b.get(JAVA_SHORT_UNALIGNED, q));
            case INT -> Integer.compare(a.get(JAVA_INT_UNALIGNED, p), b.get(JAVA_INT_UNALIGNED, q));
            case LONG -> Long.compare(a.get(JAVA_LONG_UNALIGNED, p), b.get(JAVA_LONG_UNALIGNED, q));
            // As Float.compare, but both zeros are equal, as in C.
            case FLOAT -> Float.compare(a.get(JAVA_FLOAT_UNALIGNED, p) + 0f, b.get(JAVA_FLOAT_UNALIGNED, q) + 0f);
            case DOUBLE -> Double.compare(a.get(JAVA_DOUBLE_UNALIGNED, p) + 0.0, b.get(JAVA_DOUBLE_UNALIGNED, q) + 0.0);
            case BYTE, BOOLEAN, CHAR, PACKED -> throw new IllegalArgumentException("no pairs of this kind: kind=" + kind);
        };
    }
}
