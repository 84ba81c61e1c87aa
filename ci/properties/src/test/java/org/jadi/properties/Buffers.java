package org.jadi.properties;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jadi.adi.engine.Engine;
import org.jadi.adi.request.PackPlan;

/** Memory of every kind for one operation, with bytes around it that must not change. */
final class Buffers {
    private static final int GUARD = 11;
    private static final byte GUARD_BYTE = (byte) 0xA5;

    /** Every second run of 5 bytes belongs to the message. */
    private static final int RUN = 5;

    private final Program.Memory kind;
    private final int bytes;
    private final MemorySegment memory;

    Buffers(Program.Memory kind, int bytes, Engine engine, Arena confined) {
        this.kind = kind;
        this.bytes = bytes;
        long whole = (kind == Program.Memory.STRIDED ? 2L * bytes + 2 * RUN : bytes) + 2 * GUARD;
        this.memory = switch (kind) {
            case HEAP -> MemorySegment.ofArray(new byte[(int) whole]);
            case LONGS, STRIDED -> MemorySegment.ofArray(new long[(int) whole / 8 + 1]);
            case SHARED -> Arena.ofAuto().allocate(whole);
            case CONFINED -> confined.allocate(whole);
            case ALLOCATED -> engine.memory().allocate(whole);
        };
        memory.fill(GUARD_BYTE);
    }

    MemorySegment memory() {
        return memory;
    }

    long offset() {
        return GUARD;
    }

    /** Returns the plan for strided memory, else null. */
    PackPlan plan() {
        return kind == Program.Memory.STRIDED ? new Strided() : null;
    }

    byte get(int i) {
        return memory.get(java.lang.foreign.ValueLayout.JAVA_BYTE, place(i));
    }

    void set(int i, byte value) {
        memory.set(java.lang.foreign.ValueLayout.JAVA_BYTE, place(i), value);
    }

    /** Returns whether nothing but the first {@code written} bytes of the message's place was touched. */
    boolean isUntouchedBeyond(int written) {
        long touched = 0;
        for (long i = 0; i < memory.byteSize(); i++) {
            touched += memory.get(java.lang.foreign.ValueLayout.JAVA_BYTE, i) == GUARD_BYTE ? 0 : 1;
        }
        for (int i = 0; i < written; i++) {
            touched -= get(i) == GUARD_BYTE ? 0 : 1;
        }
        return touched == 0;
    }

    void free(Engine engine) {
        if (kind == Program.Memory.ALLOCATED) {
            engine.memory().free(memory);
        }
    }

    /** Returns the kind and the first bytes of the message. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.toString());
        for (int i = 0; i < Math.min(bytes, 24); i++) {
            text.append(' ').append(Integer.toHexString(get(i) & 0xff));
        }
        return text.toString();
    }

    private long place(int i) {
        return GUARD + (kind == Program.Memory.STRIDED ? (long) i / RUN * 2 * RUN + i % RUN : i);
    }

    private final class Strided implements PackPlan {
        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void pack(long first, MemorySegment target, long targetOffset, int length) {
            for (int i = 0; i < length; i++) {
                target.set(java.lang.foreign.ValueLayout.JAVA_BYTE, targetOffset + i, get((int) first + i));
            }
        }

        @Override
        public void unpack(long first, MemorySegment source, long sourceOffset, int length) {
            for (int i = 0; i < length; i++) {
                set((int) first + i, source.get(java.lang.foreign.ValueLayout.JAVA_BYTE, sourceOffset + i));
            }
        }
    }
}
