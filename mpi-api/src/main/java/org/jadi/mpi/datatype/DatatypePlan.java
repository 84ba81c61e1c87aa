package org.jadi.mpi.datatype;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.request.PackPlan;

/**
 * The pack plan of a message that is not one run of bytes. Holds no position: any piece may be asked for by any thread, and
 * is found in one descent through the layout.
 */
public final class DatatypePlan implements PackPlan {
    private final MemorySegment memory;
    private final long origin;
    private final Layout layout;

    /**
     * Creates a plan.
     *
     * @param origin place of the type's origin in the memory, in bytes
     * @param layout the whole message, without kinds; within the memory
     */
    public DatatypePlan(MemorySegment memory, long origin, Layout layout) {
        this.memory = memory;
        this.origin = origin;
        this.layout = layout;
    }

    @Override
    public long bytes() {
        return layout.size;
    }

    @Override
    public void pack(long first, MemorySegment target, long targetOffset, int length) {
        if (length > 0) {
            layout.move(new Packer(memory, target), origin, first, first + length, targetOffset);
        }
    }

    @Override
    public void unpack(long first, MemorySegment source, long sourceOffset, int length) {
        if (length > 0) {
            layout.move(new Unpacker(memory, source), origin, first, first + length, sourceOffset);
        }
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public String toString() {
        return layout.toString();
    }
}
