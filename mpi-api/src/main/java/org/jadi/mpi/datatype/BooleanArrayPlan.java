package org.jadi.mpi.datatype;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import org.jadi.adi.request.PackPlan;

/** The pack plan over a {@code boolean[]}, which no segment can view: one byte per element in the message, 0 or 1. */
public final class BooleanArrayPlan implements PackPlan {
    private final boolean[] array;
    private final long origin;
    private final Layout layout;

    private static final class Mover extends Copier {
        private final boolean[] array;
        private final boolean packs;

        Mover(boolean[] array, MemorySegment packed, boolean packs) {
            super(null, packed);
            this.array = array;
            this.packs = packs;
        }

        @Override
        void run(Kind kind, long at, long packedAt, long bytes) {
            int first = (int) at;
            for (int i = 0; i < bytes; i++) {
                if (packs) {
                    packed.set(JAVA_BYTE, packedAt + i, (byte) (array[first + i] ? 1 : 0));
                } else {
                    array[first + i] = packed.get(JAVA_BYTE, packedAt + i) != 0;
                }
            }
        }
    }

    /**
     * Creates a plan.
     *
     * @param origin place of the type's origin in the array
     * @param layout the whole message, of elements of one byte; within the array
     */
    public BooleanArrayPlan(boolean[] array, long origin, Layout layout) {
        this.array = array;
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
            layout.move(new Mover(array, target, true), origin, first, first + length, targetOffset);
        }
    }

    @Override
    public void unpack(long first, MemorySegment source, long sourceOffset, int length) {
        if (length > 0) {
            layout.move(new Mover(array, source, false), origin, first, first + length, sourceOffset);
        }
    }
}
