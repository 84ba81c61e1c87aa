package org.jadi.mpi.datatype;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** Packs, byte for byte. */
public final class Packer extends Copier {
    /** Creates a copier from memory into packed memory. */
    public Packer(MemorySegment memory, MemorySegment packed) {
        super(memory, packed);
    }

    @Override
    void run(Kind kind, long at, long packedAt, long bytes) {
        move(memory, at, packed, packedAt, bytes);
    }

    @Override
    void scattered(Kind kind, long at, long[] places, int first, int end, long bytes, long packedAt) {
        if (!BlockLanes.scattered(memory, at, places, first, end, bytes, packed, packedAt, true)) {
            super.scattered(kind, at, places, first, end, bytes, packedAt);
        }
    }

    @Override
    void ragged(Kind kind, long at, long[] places, long[] starts, int first, int end, long packedAt) {
        if (!BlockLanes.ragged(memory, at, places, starts, first, end, packed, packedAt, true)) {
            super.ragged(kind, at, places, starts, first, end, packedAt);
        }
    }

    @Override
    void elements(Sequence element, long at, long stride, long[] places, int first, int end, long packedAt) {
        long[] offsets = element.runOffsets();
        if (offsets == null || !BlockLanes.elements(memory, at, stride, places, first, end, offsets, element.runLengths(), packed,
                packedAt, true)) {
            super.elements(element, at, stride, places, first, end, packedAt);
        }
    }

    @Override
    void strided(Kind kind, long at, long stride, long bytes, long count, long packedAt) {
        if (strideThroughLanes(at, stride, bytes, count, packedAt, true)) {
            return;
        }
        if (bytes > 8 && BlockLanes.strided(memory, at, stride, bytes, count, packed, packedAt, true)) {
            return;
        }
        MemorySegment m = memory;
        MemorySegment p = packed;
        switch ((int) Math.min(bytes, Integer.MAX_VALUE)) {
            case 1 -> {
                for (long i = 0; i < count; i++) {
                    p.set(JAVA_BYTE, packedAt + i, m.get(JAVA_BYTE, at + i * stride));
                }
            }
            case 2 -> {
                for (long i = 0; i < count; i++) {
                    p.set(JAVA_SHORT_UNALIGNED, packedAt + i * 2, m.get(JAVA_SHORT_UNALIGNED, at + i * stride));
                }
            }
            case 4 -> {
                for (long i = 0; i < count; i++) {
                    p.set(JAVA_INT_UNALIGNED, packedAt + i * 4, m.get(JAVA_INT_UNALIGNED, at + i * stride));
                }
            }
            case 8 -> {
                for (long i = 0; i < count; i++) {
                    p.set(JAVA_LONG_UNALIGNED, packedAt + i * 8, m.get(JAVA_LONG_UNALIGNED, at + i * stride));
                }
            }
            default -> {
                for (long i = 0; i < count; i++) {
                    MemorySegment.copy(m, at + i * stride, p, packedAt + i * bytes, bytes);
                }
            }
        }
    }
}
