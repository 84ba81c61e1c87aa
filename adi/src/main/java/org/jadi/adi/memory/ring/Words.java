package org.jadi.adi.memory.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.jadi.adi.stats.HotPath;

/** Access to words in shared memory, the ordering in each name. Offsets are aligned to the word. */
public final class Words {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle().withInvokeExactBehavior();

    private Words() {}

    @HotPath
    public static int loadInt(MemorySegment m, long offset) {
        return (int) INT.get(m, offset);
    }

    @HotPath
    public static int loadIntOpaque(MemorySegment m, long offset) {
        return (int) INT.getOpaque(m, offset);
    }

    @HotPath
    public static int loadIntAcquire(MemorySegment m, long offset) {
        return (int) INT.getAcquire(m, offset);
    }

    @HotPath
    public static void storeInt(MemorySegment m, long offset, int value) {
        INT.set(m, offset, value);
    }

    @HotPath
    public static void storeIntRelease(MemorySegment m, long offset, int value) {
        INT.setRelease(m, offset, value);
    }

    public static void storeIntVolatile(MemorySegment m, long offset, int value) {
        INT.setVolatile(m, offset, value);
    }

    public static int addInt(MemorySegment m, long offset, int value) {
        return (int) INT.getAndAdd(m, offset, value);
    }

    /** Stores a word and returns what was there, as one step for all processes. */
    public static int exchangeInt(MemorySegment m, long offset, int value) {
        return (int) INT.getAndSet(m, offset, value);
    }

    @HotPath
    public static long loadLong(MemorySegment m, long offset) {
        return (long) LONG.get(m, offset);
    }

    @HotPath
    public static long loadLongAcquire(MemorySegment m, long offset) {
        return (long) LONG.getAcquire(m, offset);
    }

    @HotPath
    public static void storeLong(MemorySegment m, long offset, long value) {
        LONG.set(m, offset, value);
    }

    @HotPath
    public static void storeLongRelease(MemorySegment m, long offset, long value) {
        LONG.setRelease(m, offset, value);
    }

    public static long orLong(MemorySegment m, long offset, long bits) {
        return (long) LONG.getAndBitwiseOr(m, offset, bits);
    }

    public static long exchangeLong(MemorySegment m, long offset, long value) {
        return (long) LONG.getAndSet(m, offset, value);
    }
}
