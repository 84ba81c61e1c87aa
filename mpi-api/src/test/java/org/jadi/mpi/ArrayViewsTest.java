package org.jadi.mpi;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class ArrayViewsTest {
    private final ArrayViews views = new ArrayViews();

    private MemorySegment keep(byte[] array) {
        return views.keep(array, MemorySegment.ofArray(array));
    }

    @Test
    void shouldKnowTheArraysUsedLast() {
        byte[][] arrays = new byte[9][8];
        MemorySegment[] kept = new MemorySegment[9];
        for (int i = 0; i < 8; i++) {
            kept[i] = keep(arrays[i]);
        }
        for (int i = 0; i < 8; i++) {
            assertSame(kept[i], views.find(arrays[i]));
        }
        kept[8] = keep(arrays[8]);
        assertNull(views.find(arrays[0]));
        for (int i = 1; i < 9; i++) {
            assertSame(kept[i], views.find(arrays[i]));
        }
    }

    @Test
    void shouldKeepNoLongArrayAlive() {
        byte[] small = new byte[64 << 10];
        byte[] large = new byte[(64 << 10) + 1];
        assertSame(keep(small), views.find(small));
        keep(large);
        assertNull(views.find(large));
        assertSame(small, views.find(small).heapBase().orElseThrow());
    }

    @Test
    void shouldServeItsOwnThreadOnly() throws InterruptedException {
        byte[] mine = new byte[8];
        byte[] other = new byte[8];
        keep(mine);
        MemorySegment[] seen = new MemorySegment[1];
        Thread thread = Thread.ofPlatform().start(() -> {
            keep(other);
            seen[0] = views.find(mine);
        });
        thread.join();
        assertNull(seen[0]);
        assertNull(views.find(other));
    }
}
