package org.jadi.mpi.collective;

import java.lang.foreign.MemorySegment;

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
}
