package org.jadi.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MatchingLoopsTest {

    @Test
    void ordersAreThoseOfC() {
        assertArrayEquals(new int[] {0, 1, 2, 3}, MatchingLoops.order(4, Kernel.POSTED_IN_ORDER));
        assertArrayEquals(new int[] {3, 2, 1, 0}, MatchingLoops.order(4, Kernel.UNEXPECTED_REVERSE));
        // Printed by matching.c for the same depth.
        assertArrayEquals(new int[] {7, 4, 3, 2, 5, 0, 1, 6}, MatchingLoops.order(8, Kernel.POSTED_RANDOM));
    }

    @Test
    void randomOrderHasEveryMessageOnce() {
        int[] order = MatchingLoops.order(100_000, Kernel.UNEXPECTED_RANDOM);
        assertEquals(100_000, Arrays.stream(order).distinct().count());
        assertEquals(99_999, Arrays.stream(order).max().orElseThrow());
    }
}
