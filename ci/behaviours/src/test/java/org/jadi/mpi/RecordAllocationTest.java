package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Records go to memory and come from there without an object for a primitive value. */
class RecordAllocationTest {
    private static final int RECORDS = 1000;

    record All(byte b, boolean z, char c, short s, int i, long l, float f, double d) {}

    record Pair(All first, @FixedLength(3) double[] values) {}

    @Test
    void shouldMakeNoObjectToWrite() {
        RecordType<Pair> t = RecordType.of(Pair.class);
        All a = new All((byte) -100, true, '\u20ac', (short) -2000, -30_000, Long.MIN_VALUE, -0.5f, Math.E);
        Pair pair = new Pair(a, new double[] {1, 2, 3});
        MemorySegment m = t.toSegment(pair);
        assertTrue(leastBytes(() -> t.set(m, 0, pair)) < 16 * RECORDS, "a box has 16 bytes");
        assertEquals(a, t.get(m, 0).first());
    }

    @Test
    void shouldMakeOnlyTheRecordToRead() {
        RecordType<All> t = RecordType.of(All.class);
        MemorySegment m = t.toSegment(new All((byte) -100, true, '\u20ac', (short) -2000, -30_000, Long.MIN_VALUE, -0.5f, Math.E));
        All[] got = new All[1];
        long bytes = leastBytes(() -> got[0] = t.get(m, 0));
        assertTrue(bytes <= 48 * RECORDS + 1000, "a record of 30 bytes and its header: bytes=" + bytes / RECORDS);
    }

    /** Returns the bytes that a thousand calls allocate, once the compiler has seen them. */
    private static long leastBytes(Runnable call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int turn = 0; turn < 60; turn++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < RECORDS; i++) {
                call.run();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
