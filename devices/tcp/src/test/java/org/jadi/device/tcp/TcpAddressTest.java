package org.jadi.device.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.jadi.adi.config.Config;
import org.jadi.adi.config.ConfigKey;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.DeviceProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Published bytes, frame layout and configuration, against literal values. */
@Timeout(10)
class TcpAddressTest {
    private static final byte[] HOST = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
    private final TcpAddress address = new TcpAddress(1, 0x1234, 65536, HOST,
            List.of(InetAddress.ofLiteral("10.1.2.3"), InetAddress.ofLiteral("fd00::1"), InetAddress.ofLiteral("127.0.0.1")));

    @Test
    void shouldEncodeAsDocumented() {
        assertEquals("0100" + "3412" + "00000100" + "000102030405060708090a0b0c0d0e0f" + "03" + "040a010203"
                + "10fd000000000000000000000000000001" + "047f000001", HexFormat.of().formatHex(address.encode()));
    }

    @Test
    void shouldDecodeWhatItEncoded() {
        TcpAddress read = TcpAddress.decode(address.encode());
        assertEquals(address.hosts(), read.hosts());
        assertEquals(0x1234, read.port());
        assertArrayEquals(HOST, read.hostId());
    }

    @Test
    void shouldRejectEveryTruncation() {
        byte[] all = address.encode();
        for (int n = 0; n < all.length; n++) {
            byte[] part = Arrays.copyOf(all, n);
            assertThrows(DeviceException.class, () -> TcpAddress.decode(part));
        }
    }

    @Test
    void shouldPreferLoopbackOnTheSameHostOnly() {
        assertTrue(address.hostsFor(HOST).getFirst().isLoopbackAddress());
        assertEquals(address.hosts(), address.hostsFor(new byte[16]));
    }

    @Test
    void shouldFitTheContractsLimit() {
        List<InetAddress> many = java.util.Collections.nCopies(100, InetAddress.ofLiteral("fd00::1"));
        assertTrue(new TcpAddress(1, 1, 64, HOST, many).encode().length <= 4096);
    }

    @Test
    void shouldKnowItsHost() {
        assertArrayEquals(TcpInterfaces.hostId(), TcpInterfaces.hostId());
        List<InetAddress> all = TcpInterfaces.usable(TcpConfig.from(Config.of(Map.of())));
        assertTrue(all.getLast().isLoopbackAddress());
        List<InetAddress> some = TcpInterfaces.usable(TcpConfig.from(Config.of(Map.of("tcp.interface", "127.0.0.0/8"))));
        assertEquals(List.of(InetAddress.ofLiteral("127.0.0.1")), some);
        assertThrows(DeviceException.class,
                () -> TcpInterfaces.usable(TcpConfig.from(Config.of(Map.of("tcp.interface", "nonesuch")))));
    }

    @Test
    void shouldWriteFramesAsDocumented() {
        byte[] bytes = new byte[TcpFrame.PREFIX_BYTES];
        TcpFrame.encode(MemorySegment.ofArray(bytes), 0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66);
        assertEquals("11000000" + "22000000" + "3300000000000000" + "4400000000000000" + "5500000000000000" + "6600000000000000",
                HexFormat.of().formatHex(bytes));
        StringBuilder s = new StringBuilder();
        for (MemoryLayout m : TcpFrame.PREFIX.memberLayouts()) {
            s.append(TcpFrame.PREFIX.byteOffset(MemoryLayout.PathElement.groupElement(m.name().orElseThrow()))).append(' ')
                    .append(m.byteSize()).append(' ').append(m.name().orElseThrow()).append('\n');
        }
        assertEquals("0 4 payloadLength\n4 4 sequence\n8 8 h0\n16 8 h1\n24 8 h2\n32 8 h3\n", s.toString());
    }

    @Test
    void shouldReadEveryKeyAndNameABadOne() {
        TcpConfig.from(Config.of(Map.of()));
        Set<String> names = new HashSet<>();
        for (ConfigKey key : TcpConfig.KEYS) {
            assertTrue(names.add(key.name()) && key.name().startsWith("tcp."), key.name());
        }
        for (String bad : List.of("x", "-1", "70000", "5-4", "0-9")) {
            DeviceException e = assertThrows(DeviceException.class, () -> TcpConfig.from(Config.of(Map.of("tcp.port", bad))));
            assertTrue(e.getMessage().contains("jadi.tcp.port"), e.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> TcpConfig.from(Config.of(Map.of("tcp.maxPayloadBytes", "1"))));
        assertThrows(DeviceException.class, () -> TcpInterfaces.usable(TcpConfig.from(Config.of(Map.of("tcp.bind", "host")))));
    }

    @Test
    void shouldBeFoundAsAService() {
        assertFalse(ServiceLoader.load(DeviceProvider.class).stream()
                .filter(p -> p.type() == TcpDeviceProvider.class).findAny().isEmpty());
    }
}
