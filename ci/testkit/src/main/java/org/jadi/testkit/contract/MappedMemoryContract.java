package org.jadi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.MappedMemory;
import org.junit.jupiter.api.Test;

/** Memory of one rank that others map. */
public interface MappedMemoryContract extends Bench {
    /** What is made is zeroed, aligned, and the same for all who map it, in both directions. */
    @Test
    default void shouldShareWhatIsMapped() {
        DeviceGroup group = wired(3);
        MappedMemory owner = declared(group.device(1), MappedMemory.class);
        for (long bytes : new long[] {64, 5000, 300_000}) {
            MemorySegment made = owner.create(bytes);
            assertEquals(bytes, made.byteSize());
            assertEquals(0, made.address() % 64);
            assertEquals(-1, MemoryContract.firstNonZero(made));
            try (Arena arena = Arena.ofShared()) {
                for (int rank : new int[] {0, 2}) {
                    MappedMemory other = group.device(rank).capability(MappedMemory.class);
                    assertTrue(other.reaches(1) && owner.reaches(rank));
                    other.watch(1);
                    MemorySegment seen = other.map(1, owner.name(made), bytes, arena);
                    assertEquals(bytes, seen.byteSize());
                    made.set(ValueLayout.JAVA_LONG, bytes - 8 & -8, 40 + rank);
                    assertEquals(40 + rank, seen.get(ValueLayout.JAVA_LONG, bytes - 8 & -8));
                    seen.set(ValueLayout.JAVA_LONG, 8L * rank, 50 + rank);
                    assertEquals(50 + rank, made.get(ValueLayout.JAVA_LONG, 8L * rank));
                    other.wake(1);
                }
            }
            owner.discard(made);
        }
    }

    /** A name that nobody gave is refused, and harms nobody. */
    @Test
    default void shouldRefuseToMapWhatIsNotThere() {
        DeviceGroup group = wired(2);
        MappedMemory memory = declared(group.device(0), MappedMemory.class);
        try (Arena arena = Arena.ofShared()) {
            assertThrows(DeviceException.class, () -> memory.map(1, -1, 64, arena));
            assertThrows(DeviceException.class, () -> memory.map(1, Long.MAX_VALUE - 4096, 64, arena));
        }
    }

    /** Bytes come through whatever their number and place. */
    @Test
    default void shouldCopyBetweenAllKindsOfMemory() {
        DeviceGroup group = wired(2);
        MappedMemory memory = declared(group.device(0), MappedMemory.class);
        MemorySegment made = memory.create(100_000);
        for (int bytes : new int[] {0, 1, 63, 4095, 4096, 70_001}) {
            MemorySegment from = MemorySegment.ofArray(new byte[bytes + 3]);
            Payload.fill(from, 3, bytes, bytes);
            memory.copy(from, 3, made, 128, bytes);
            MemorySegment back = MemorySegment.ofArray(new int[(bytes + 8) / 4]);
            memory.copy(made, 128, back, 1, bytes);
            assertEquals(-1, MemorySegment.mismatch(from, 3, 3 + bytes, back, 1, 1 + bytes));
        }
        memory.discard(made);
    }
}
