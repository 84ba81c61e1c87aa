package org.jadi.mpi.datatype;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Moves between memory and the canonical form "external32": big-endian, every element with its size, no gaps. MPI 4.1
 * §14.5.2. Only for whole elements.
 */
public final class External32 extends Copier {
    private static final ValueLayout[][] LAYOUTS = {
        {ValueLayout.JAVA_BYTE, ValueLayout.JAVA_BYTE},
        pair(ValueLayout.JAVA_SHORT_UNALIGNED),
        pair(ValueLayout.JAVA_INT_UNALIGNED),
        pair(ValueLayout.JAVA_LONG_UNALIGNED)};

    private final boolean packs;

    /**
     * Creates a copier.
     *
     * @param packs whether it packs; otherwise it unpacks
     */
    public External32(MemorySegment memory, MemorySegment packed, boolean packs) {
        super(memory, packed);
        this.packs = packs;
    }

    private static ValueLayout[] pair(ValueLayout layout) {
        return new ValueLayout[] {layout.withOrder(ByteOrder.nativeOrder()), layout.withOrder(ByteOrder.BIG_ENDIAN)};
    }

    @Override
    void run(Kind kind, long at, long packedAt, long bytes) {
        ValueLayout[] layouts = LAYOUTS[Integer.numberOfTrailingZeros(kind.bytes)];
        if (packs) {
            MemorySegment.copy(memory, layouts[0], at, packed, layouts[1], packedAt, bytes / kind.bytes);
        } else {
            MemorySegment.copy(packed, layouts[1], packedAt, memory, layouts[0], at, bytes / kind.bytes);
        }
    }
}
