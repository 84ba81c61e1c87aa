package org.jadi.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {

    @Test
    void rangeIsPowersOfTwo() {
        assertEquals(List.of(0, 8, 1024, 2048, 4096), Options.parseSizes("0,8,1K-4K"));
    }

    @Test
    void rangeEndsAtLimit() {
        assertEquals(25, Options.parseSizes("1-16M").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0-8", "8-4", "17M", "-1", "1KK"})
    void malformedSizesAreRefused(String sizes) {
        assertThrows(IllegalArgumentException.class, () -> Options.parseSizes(sizes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--typo", "--window 65", "--window", "--buffers stack", "--iterations -1"})
    void malformedOptionsAreRefused(String options) {
        String[] args = ("latency " + options).split(" ");
        assertThrows(IllegalArgumentException.class, () -> Options.parse(args));
    }

    @Test
    void windowOfLargeMessagesFitsBuffer() {
        for (int size = 1; size <= Kernel.MAX_SIZE; size *= 2) {
            int window = Kernel.BANDWIDTH.slots(Kernel.MAX_WINDOW, size);
            assertTrue((long) window * size <= Kernel.BUFFER_BYTES, "size " + size + " window " + window);
        }
        assertEquals(Kernel.MAX_WINDOW, Kernel.BANDWIDTH.slots(Kernel.MAX_WINDOW, 512 << 10));
    }
}
