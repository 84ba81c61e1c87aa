package org.jadi.device.ucx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.BulkTransfer;
import org.jadi.testkit.TimeLimit;
import org.jadi.testkit.contract.DeviceGroup;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is told of the end of a transfer. */
@TimeLimit(60)
class TransfersTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final int BYTES = 1 << 20;
    private static final int TRANSFERS = 5;

    @BeforeAll
    static void needsUcx() {
        Ucx.assumePresent();
    }

    /** All end in one turn of progress, and each of those who are told throws. */
    @ParameterizedTest
    @ValueSource(strings = {"ffm", "jucx"})
    void shouldTellTheOthersIfOneThrows(String binding) {
        try (DeviceGroup group = new DeviceGroup(new UcxDeviceProvider(),
                Config.of(Map.of("ucx.tls", "posix", "ucx.binding", binding)), 2).wire()) {
            group.device(0).connect(1);
            BulkTransfer bulk = group.device(0).capability(BulkTransfer.class);
            List<Object> told = new ArrayList<>();
            MemorySegment memory = Arena.ofAuto().allocate(BYTES);
            for (int i = 0; i < TRANSFERS; i++) {
                bulk.receive(1, i, memory, 0, BYTES, (what, done) -> {
                    told.add(what);
                    throw new IllegalStateException("thrown by the test, transfer " + what);
                }, i);
            }
            bulk.abandon(1);
            int thrown = 0;
            long end = System.nanoTime() + PATIENCE_NS;
            while (told.size() < TRANSFERS) {
                try {
                    group.device(0).progress();
                } catch (IllegalStateException e) {
                    thrown++;
                }
                assertTrue(System.nanoTime() - end < 0, "told only " + told);
            }
            assertEquals(TRANSFERS, thrown);
            assertEquals(List.of(0, 1, 2, 3, 4), told.stream().sorted().toList());
        }
    }
}
