package org.jadi.device.ucx.binding;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The address space of the process as one segment: offsets are addresses, as UCX gives them. Any thread. */
public final class Memory {
    /** All memory. Whoever reads here vouches for the address: it is UCX's, or of a slab of ours. */
    @SuppressWarnings("restricted")
    public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** For 64-bit words at any address. */
    public static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    /** For 32-bit words at any address. */
    public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private Memory() {}
}
