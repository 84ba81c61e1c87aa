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
    void strided(Kind kind, long at, long stride, long bytes, long count, long packedAt) {
        if (strideThroughLanes(at, stride, bytes, count, packedAt, true)) {
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
