package org.jadi.mpi.collective;

import java.lang.foreign.MemorySegment;
import java.util.function.LongBinaryOperator;

/** A reduction of packed elements: {@code inout[i] = in[i] op inout[i]}. */
@FunctionalInterface
public interface Kernel {
    /**
     * Reduces a number of elements; positions are in bytes.
     *
     * @param in the left operands; not changed
     * @param inout the right operands, replaced by the results
     */
    void apply(MemorySegment in, long inAt, MemorySegment inout, long inoutAt, long count);

    /** Returns the same operation on the bits of one element of 8 bytes, left operand first; null where it is not known. */
    default LongBinaryOperator word() {
        return null;
    }

    /** Returns a kernel with its {@link #word}. */
    static Kernel of(Kernel loop, LongBinaryOperator word) {
        return new Kernel() {
            @Override
            public void apply(MemorySegment in, long inAt, MemorySegment inout, long inoutAt, long count) {
                loop.apply(in, inAt, inout, inoutAt, count);
            }

            @Override
            public LongBinaryOperator word() {
                return word;
            }
        };
    }
}
