package org.jadi.device.ucx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.Endpoint;
import org.jadi.testkit.Seeds;
import org.jadi.testkit.TimeLimit;
import org.jadi.testkit.contract.DeviceGroup;
import org.jadi.testkit.contract.Lane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A million messages leave nothing behind; the direct calls allocate nothing on the way. */
@TimeLimit(300)
class UcxLeakTest {
    /** A tenth in ./ci/verify, all of them with --long. */
    private static final int MESSAGES = Seeds.effort() > 1 ? 1_000_000 : 100_000;

    private static final int WARM_UP = 30_000;
    private static final long MOST_HEAP_GROWTH = 2 << 20;
    private static final int MOST_BYTES_PER_MESSAGE = 1;

    @BeforeAll
    static void needsUcx() {
        Ucx.assumePresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffm", "jucx"})
    void shouldLeaveNothingBehind(String binding) throws IOException {
        try (DeviceGroup group = new DeviceGroup(new UcxDeviceProvider(),
                Config.of(Map.of("ucx.tls", "posix", "ucx.binding", binding)), 2).wire()) {
            Lane lane = group.lane(0, 1);
            group.inbox(1).tap((rank, h0, h1, h2, h3, payload, offset, length) -> true);
            MemorySegment memory = Arena.ofAuto().allocate(8192);
            exchange(group, lane, memory, WARM_UP);
            long heap = heap();
            int descriptors = descriptors();
            long allocated = allocatedByThisThread();
            exchange(group, lane, memory, MESSAGES);
            allocated = allocatedByThisThread() - allocated;
            long grown = heap() - heap;
            System.out.println(binding + ": messages=" + MESSAGES + " allocated=" + allocated + " heap growth=" + grown);
            assertTrue(grown < MOST_HEAP_GROWTH, "heap growth bytes=" + grown);
            assertTrue(descriptors() <= descriptors + 2, "descriptors before=" + descriptors + " after=" + descriptors());
            assertTrue(!binding.equals("ffm") || allocated < (long) MESSAGES * MOST_BYTES_PER_MESSAGE,
                    "allocated bytes=" + allocated + " for messages=" + MESSAGES);
        }
    }

    /** Every fourth message is long enough to be kept where UCX put it. */
    private static void exchange(DeviceGroup group, Lane lane, MemorySegment memory, int messages) {
        Endpoint endpoint = lane.endpoint();
        for (int i = 0; i < messages; i++) {
            int length = (i & 3) == 0 ? 4000 : 8;
            while (endpoint.trySend(1, 2, 3, 4, memory, 0, length) != Endpoint.SENT) {
                group.device(0).progress();
                group.device(1).progress();
            }
            group.device(1).progress();
        }
    }

    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    private static long allocatedByThisThread() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static int descriptors() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        }
    }
}
