package org.jadi.device.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.memory.ring.RingDescriptor;
import org.jadi.testkit.TimeLimit;
import org.jadi.testkit.contract.DeviceGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a segment says is not believed. */
@TimeLimit(30)
class ShmHostileSegmentTest {
    private static final Config CONFIG = Config.of(Map.of("shm.ringBytes", "4k"));

    @ParameterizedTest
    @CsvSource({"0, 7, corrupt", "8, 9, corrupt", "12, 5, corrupt", "16, 77, corrupt", "20, 4097, corrupt",
        "20, 2147483647, corrupt", "24, 1, another host or container", "32, 0, corrupt"})
    void shouldRefuseACorruptHeader(int offset, int value, String reason) throws IOException {
        try (DeviceGroup group = new DeviceGroup(new ShmDeviceProvider(), CONFIG, 2)) {
            write(path(group, 1), offset, value);
            group.wire();
            String refusal = group.device(0).refusal(1);
            assertTrue(refusal != null && refusal.contains(reason), refusal);
            assertNull(group.device(0).refusal(0));
        }
    }

    @Test
    void shouldRefuseAnotherVersionByName() {
        try (DeviceGroup group = new DeviceGroup(new ShmDeviceProvider(), CONFIG, 2)) {
            byte[] other = group.address(1).clone();
            other[0] = 9;
            group.wire(rank -> rank == 1 ? other : group.address(rank));
            assertEquals("of rank 1 speaks another version: ours=1 theirs=9; use the same Jadi version on all ranks",
                    group.device(0).refusal(1));
        }
    }

    @ParameterizedTest
    @CsvSource({"-2", "2147483647", "4096", "-2147483648"})
    void shouldLoseOnlyThePeerWhoseRingIsCorrupt(int length) throws IOException {
        try (DeviceGroup group = new DeviceGroup(new ShmDeviceProvider(), CONFIG, 3)) {
            Path path = path(group, 1);
            try (FileChannel segment = FileChannel.open(path, StandardOpenOption.WRITE)) {
                group.wire();
                Endpoint from0 = group.device(0).connect(1);
                Endpoint from2 = group.device(2).connect(1);
                group.device(1).progress();
                long stride = ShmSegmentDescriptor.stride(4096);
                long ring = ShmSegmentDescriptor.ringOffset(3, stride, 0);
                segment.write(word(length), ring + RingDescriptor.HEADER_BYTES);
                group.device(1).progress();
                assertEquals("its ring in shared memory is corrupt", group.inbox(1).failureOf(0));
                assertEquals(Endpoint.SENT, from2.trySendControl(1, 2, 3, 4));
                assertEquals(1, group.device(1).progress());
                assertEquals(Endpoint.SENT, from0.trySendControl(1, 2, 3, 4), "the ring has room, nobody reads it");
            }
        }
    }

    private static Path path(DeviceGroup group, int rank) {
        return Path.of(ShmAddress.decode(group.address(rank)).path());
    }

    private static void write(Path path, long offset, int value) throws IOException {
        try (FileChannel segment = FileChannel.open(path, StandardOpenOption.WRITE)) {
            segment.write(word(value), offset);
        }
    }

    private static ByteBuffer word(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(0, value);
    }
}
