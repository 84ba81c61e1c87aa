package org.jadi.device.ucx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jadi.testkit.Seeds;
import org.junit.jupiter.api.Test;

class AddressRangesTest {
    private record Range(long first, long bytes) {
        boolean holds(long address, long length) {
            return first <= address && address + length <= first + bytes;
        }
    }

    @Test
    void shouldFindTheRangeThatHoldsAllBytes() {
        AddressRanges<String> ranges = new AddressRanges<>();
        assertNull(ranges.find(0, 1));
        ranges.add(100, 50, "large");
        ranges.add(110, 10, "within");
        ranges.add(200, 10, "far");
        assertEquals("large", ranges.find(100, 50));
        assertEquals("large", ranges.find(115, 20));
        assertEquals("far", ranges.find(209, 1));
        assertNull(ranges.find(149, 2));
        assertNull(ranges.find(99, 1));
        assertNull(ranges.find(205, 6));
        assertTrue(ranges.remove("large"));
        assertFalse(ranges.remove("large"));
        assertEquals("within", ranges.find(110, 10));
        assertNull(ranges.find(115, 20));
        assertEquals(List.of("within", "far"), ranges.values());
    }

    @Test
    void shouldFindWhatASearchOfAllFinds() {
        SplittableRandom random = new SplittableRandom(Seeds.seed("ranges"));
        for (int round = 0; round < 200; round++) {
            AddressRanges<Range> ranges = new AddressRanges<>();
            List<Range> all = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                if (random.nextInt(4) == 0 && !all.isEmpty()) {
                    assertTrue(ranges.remove(all.remove(random.nextInt(all.size()))));
                } else {
                    Range range = new Range(random.nextInt(200), random.nextInt(60));
                    if (!all.contains(range)) {
                        all.add(range);
                        ranges.add(range.first, range.bytes, range);
                    }
                }
                long address = random.nextInt(220);
                long length = random.nextInt(40);
                Range found = ranges.find(address, length);
                assertEquals(all.stream().anyMatch(r -> r.holds(address, length)), found != null, all + " " + address + " " + length);
                assertTrue(found == null || found.holds(address, length) && all.contains(found), all + " " + found);
            }
        }
    }
}
