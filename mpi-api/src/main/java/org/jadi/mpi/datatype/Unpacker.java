package org.jadi.mpi.datatype;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** Unpacks, byte for byte. */
public final class Unpacker extends Copier {
    /** Creates a copier into memory from packed memory. */
    public Unpacker(MemorySegment memory, MemorySegment packed) {
        super(memory, packed);
    }

    @Override
    void run(Kind kind, long at, long packedAt, long bytes) {
        move(packed, packedAt, memory, at, bytes);
    }

    @Override
    void scattered(Kind kind, long at, long[] places, int first, int end, long bytes, long packedAt) {
        if (!BlockLanes.scattered(memory, at, places, first, end, bytes, packed, packedAt, false)) {
            super.scattered(kind, at, places, first, end, bytes, packedAt);
        }
    }

    @Override
    void ragged(Kind kind, long at, long[] places, long[] starts, int first, int end, long packedAt) {
        if (!BlockLanes.ragged(memory, at, places, starts, first, end, packed, packedAt, false)) {
            super.ragged(kind, at, places, starts, first, end, packedAt);
        }
    }

    @Override
    void elements(Sequence element, long at, long stride, long[] places, int first, int end, long packedAt) {
        long[] offsets = element.runOffsets();
        if (offsets == null || !BlockLanes.elements(memory, at, stride, places, first, end, offsets, element.runLengths(), packed,
                packedAt, false)) {
            super.elements(element, at, stride, places, first, end, packedAt);
        }
    }

    @Override
    void strided(Kind kind, long at, long stride, long bytes, long count, long packedAt) {
        if (strideThroughLanes(at, stride, bytes, count, packedAt, false)) {
            return;
        }
        if (bytes > 8 && BlockLanes.strided(memory, at, stride, bytes, count, packed, packedAt, false)) {
            return;
        }
        MemorySegment m = memory;
        MemorySegment p = packed;
        switch ((int) Math.min(bytes, Integer.MAX_VALUE)) {
            case 1 -> {
                for (long i = 0; i < count; i++) {
                    m.set(JAVA_BYTE, at + i * stride, p.get(JAVA_BYTE, packedAt + i));
                }
            }
            case 2 -> {
                for (long i = 0; i < count; i++) {
                    m.set(JAVA_SHORT_UNALIGNED, at + i * stride, p.get(JAVA_SHORT_UNALIGNED, packedAt + i * 2));
                }
            }
            case 4 -> {
                for (long i = 0; i < count; i++) {
                    m.set(JAVA_INT_UNALIGNED, at + i * stride, p.get(JAVA_INT_UNALIGNED, packedAt + i * 4));
                }
            }
            case 8 -> {
                for (long i = 0; i < count; i++) {
                    m.set(JAVA_LONG_UNALIGNED, at + i * stride, p.get(JAVA_LONG_UNALIGNED, packedAt + i * 8));
                }
            }
            default -> {
                for (long i = 0; i < count; i++) {
                    MemorySegment.copy(p, packedAt + i * bytes, m, at + i * stride, bytes);
                }
            }
        }
    }
}
