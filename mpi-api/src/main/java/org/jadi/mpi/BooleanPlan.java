package org.jadi.mpi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jadi.adi.request.BasicTypes;
import org.jadi.adi.request.PackPlan;

/** A part of a {@code boolean[]}, which no segment can view: one byte per element in the message, 0 or 1. */
final class BooleanPlan implements PackPlan {
    private final boolean[] array;
    private final int start;
    private final int count;

    BooleanPlan(boolean[] array, int start, int count) {
        this.array = array;
        this.start = start;
        this.count = count;
    }

    @Override
    public long bytes() {
        return count;
    }

    @Override
    public BasicTypes types() {
        return MessageTypes.row(Datatype.BOOLEAN);
    }

    @Override
    public void pack(long first, MemorySegment target, long targetOffset, int length) {
        int at = start + (int) first;
        for (int i = 0; i < length; i++) {
            target.set(ValueLayout.JAVA_BYTE, targetOffset + i, (byte) (array[at + i] ? 1 : 0));
        }
    }

    @Override
    public void unpack(long first, MemorySegment source, long sourceOffset, int length) {
        int at = start + (int) first;
        for (int i = 0; i < length; i++) {
            array[at + i] = source.get(ValueLayout.JAVA_BYTE, sourceOffset + i) != 0;
        }
    }
}
