package org.jadi.device.self;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.HexFormat;
import java.util.Map;
import org.jadi.adi.config.Config;
import org.jadi.testkit.contract.DeviceGroup;
import org.junit.jupiter.api.Test;

class SelfAddressTest {
    private static final byte[] BYTES = HexFormat.of().parseHex("01000000" + "8877665544332211");

    @Test
    void shouldEncodeVersionAndToken() {
        assertArrayEquals(BYTES, new SelfAddress(1, 0x1122334455667788L).encode());
        assertEquals(new SelfAddress(1, 0x1122334455667788L), SelfAddress.decode(BYTES));
        assertNull(SelfAddress.decode(new byte[3]));
        assertNull(SelfAddress.decode(new byte[] {1, 0, 0, 0, 5}));
    }

    @Test
    void shouldSayWhyARankIsRefused() {
        try (DeviceGroup group = new DeviceGroup(new SelfDeviceProvider(), Config.of(Map.of()), 4)) {
            byte[] version2 = {2, 0, 0, 0};
            group.wire(rank -> switch (rank) {
                case 0 -> group.address(0);
                case 1 -> BYTES;
                case 2 -> version2;
                default -> null;
            });
            assertNull(group.device(0).refusal(0));
            assertEquals("rank 1 is in another process", group.device(0).refusal(1));
            assertEquals("rank 2 speaks another version: ours=1 theirs=2", group.device(0).refusal(2));
            assertEquals("rank 3 has no device self", group.device(0).refusal(3));
        }
    }
}
