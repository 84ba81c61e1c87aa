package org.jadi.launcher.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.jadi.launcher.LauncherException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PlacerTest {
    private static String placed(String hosts, int size, int perHost) {
        Placement placement = Placer.bySlot(HostList.ofOption("--host", hosts), size, perHost);
        return String.join(" ", placement.shares().stream().map(s -> s.host() + s.ranks()).toList());
    }

    @Test
    void shouldFillSlotsThenDealOut() {
        assertEquals("a{0, 1} b{2, 3}", placed("a,b", 4, 0));
        assertEquals("a{0} b{1, 2, 3}", placed("a:1,b:4", 4, 0));
        assertEquals("a{0, 1, 2} b{3, 4}", placed("a:2,b:1", 5, 0));
        assertEquals("a{0, 1}", placed("a:2,b:1", 2, 0));
        assertEquals("a{0, 1} b{2}", placed("a,b,c", 3, 2));
        assertEquals(5, Placer.slots(HostList.ofOption("--host", "a:2,b:3"), 0));
        assertEquals(8, Placer.slots(HostList.ofOption("--host", "a:2,b:3"), 4));
    }

    @Test
    void shouldRefuseMoreThanLimitPerHost() {
        assertThrows(LauncherException.class, () -> placed("a,b", 5, 2));
    }

    @Test
    void shouldPlaceEveryRankOnce() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int turn = 0; turn < 200; turn++) {
            StringBuilder hosts = new StringBuilder();
            for (int i = random.nextInt(9); i >= 0; i--) {
                hosts.append('h').append(i).append(':').append(1 + random.nextInt(4)).append(',');
            }
            int size = 1 + random.nextInt(40);
            BitSet all = new BitSet();
            List<Placement.Share> shares = Placer.bySlot(HostList.ofOption("--host", hosts.toString()), size, 0).shares();
            int count = 0;
            for (Placement.Share share : shares) {
                all.or(share.ranks());
                count += share.ranks().cardinality();
            }
            assertEquals(size, count, "seed=" + seed + " hosts=" + hosts);
            assertEquals(size, all.length(), "seed=" + seed + " hosts=" + hosts);
        }
    }
}
