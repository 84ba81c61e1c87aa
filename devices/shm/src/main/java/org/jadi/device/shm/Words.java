package org.jadi.device.shm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.jadi.adi.stats.HotPath;

/** Access to words in shared memory, the ordering in each name. Offsets are aligned to the word. */
final class Words {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private Words() {}

    @HotPath
    static int loadInt(MemorySegment m, long offset) {
        return (int) INT.get(m, offset);
    }

    @HotPath
    static int loadIntOpaque(MemorySegment m, long offset) {
        return (int) INT.getOpaque(m, offset);
    }

    @HotPath
    static int loadIntAcquire(MemorySegment m, long offset) {
        return (int) INT.getAcquire(m, offset);
    }

    @HotPath
    static void storeInt(MemorySegment m, long offset, int value) {
        INT.set(m, offset, value);
    }

    @HotPath
    static void storeIntRelease(MemorySegment m, long offset, int value) {
        INT.setRelease(m, offset, value);
    }

    static void storeIntVolatile(MemorySegment m, long offset, int value) {
        INT.setVolatile(m, offset, value);
    }

    static int addInt(MemorySegment m, long offset, int value) {
        return (int) INT.getAndAdd(m, offset, value);
    }

    @HotPath
    static long loadLong(MemorySegment m, long offset) {
        return (long) LONG.get(m, offset);
    }

    @HotPath
    static long loadLongAcquire(MemorySegment m, long offset) {
        return (long) LONG.getAcquire(m, offset);
    }

    @HotPath
    static void storeLong(MemorySegment m, long offset, long value) {
        LONG.set(m, offset, value);
    }

    @HotPath
    static void storeLongRelease(MemorySegment m, long offset, long value) {
        LONG.setRelease(m, offset, value);
    }

    static long orLong(MemorySegment m, long offset, long bits) {
        return (long) LONG.getAndBitwiseOr(m, offset, bits);
    }

    static long exchangeLong(MemorySegment m, long offset, long value) {
        return (long) LONG.getAndSet(m, offset, value);
    }
}
