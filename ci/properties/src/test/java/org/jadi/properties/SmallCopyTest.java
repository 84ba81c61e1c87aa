package org.jadi.properties;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.jadi.adi.memory.SmallCopy;
import org.junit.jupiter.api.Test;

/** Every length between every kind of memory, at any alignment: what is to be copied is, and nothing beside it. */
class SmallCopyTest {
    private static final int ROOM = 96;

    @Test
    void shouldCopyWhatTheGeneralCopyDoes() {
        long seed = Long.getLong("jadi.seed", System.nanoTime());
        Random random = new Random(seed);
        try (Arena arena = Arena.ofConfined()) {
            for (int round = 0; round < 400; round++) {
                for (int bytes = 0; bytes <= SmallCopy.MOST_BYTES; bytes++) {
                    MemorySegment from = random.nextBoolean() ? MemorySegment.ofArray(new byte[ROOM]) : arena.allocate(ROOM);
                    MemorySegment to = random.nextBoolean() ? MemorySegment.ofArray(new byte[ROOM]) : arena.allocate(ROOM);
                    byte[] values = new byte[ROOM];
                    random.nextBytes(values);
                    from.copyFrom(MemorySegment.ofArray(values));
                    byte[] expected = new byte[ROOM];
                    random.nextBytes(expected);
                    to.copyFrom(MemorySegment.ofArray(expected));
                    int fromAt = random.nextInt(ROOM - bytes + 1);
                    int toAt = random.nextInt(ROOM - bytes + 1);
                    System.arraycopy(values, fromAt, expected, toAt, bytes);
                    SmallCopy.copy(from, fromAt, to, toAt, bytes);
                    assertArrayEquals(expected, to.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), "seed=" + seed + " bytes=" + bytes);
                }
            }
        }
    }
}
