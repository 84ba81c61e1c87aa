package org.jadi.device.ucx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.jadi.adi.device.DeviceException;
import org.junit.jupiter.api.Test;

/** UCX trusts an address blindly: damage is found before it is asked. */
class UcxAddressTest {
    private static final byte[] WORKER = {1, 2, 3, 4, 5};

    @Test
    void shouldWriteTheBytesOfTheProtocol() {
        byte[] bytes = new UcxAddress(UcxAddress.VERSION, 0x1122334455667788L, WORKER).encode();
        String hex = HexFormat.of().formatHex(bytes);
        assertTrue(hex.startsWith("0001" + "1122334455667788" + "0005" + "0102030405"), hex);
        assertEquals(2 + 8 + 2 + 5 + 4, bytes.length);
        UcxAddress read = UcxAddress.decode(bytes);
        assertEquals(0x1122334455667788L, read.key());
        assertArrayEquals(WORKER, read.worker());
    }

    @Test
    void shouldFindEveryFlippedBit() {
        byte[] good = new UcxAddress(UcxAddress.VERSION, 42, WORKER).encode();
        for (int bit = 0; bit < good.length * 8; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(DeviceException.class, () -> UcxAddress.decode(bad));
        }
    }

    @Test
    void shouldRefuseEveryOtherLength() {
        byte[] good = new UcxAddress(UcxAddress.VERSION, 42, WORKER).encode();
        for (int length = 0; length < good.length + 3; length++) {
            if (length != good.length) {
                byte[] bad = Arrays.copyOf(good, length);
                assertThrows(DeviceException.class, () -> UcxAddress.decode(bad));
            }
        }
    }

    @Test
    void shouldNameBothVersions() {
        byte[] bytes = new UcxAddress(7, 42, WORKER).encode();
        DeviceException e = assertThrows(DeviceException.class, () -> UcxAddress.decode(bytes));
        assertEquals("speaks another version: ours=1 theirs=7; use the same Jadi version on all ranks", e.getMessage());
    }
}
