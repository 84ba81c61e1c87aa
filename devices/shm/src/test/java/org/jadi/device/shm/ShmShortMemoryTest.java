package org.jadi.device.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceException;
import org.jadi.adi.device.Endpoint;
import org.jadi.adi.device.SharedMemory;
import org.jadi.testkit.TimeLimit;
import org.jadi.testkit.contract.DeviceGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A full or tiny file system of shared memory: a clear error or a smaller ring, never a SIGBUS. Needs root, to mount. */
@TimeLimit(60)
class ShmShortMemoryTest {
    private Path root;

    @AfterEach
    void unmount() throws Exception {
        if (root != null) {
            run("umount", "--lazy", root.toString()); // also where a failed test has something open
            Files.delete(root);
        }
    }

    @Test
    void shouldMakeSmallerRingsWhereSpaceIsShort() throws Exception {
        Config config = mounted("120k", "256k");
        try (DeviceGroup group = new DeviceGroup(new ShmDeviceProvider(), config, 2)) {
            group.wire();
            Endpoint endpoint = group.device(0).connect(1);
            assertTrue(endpoint.maxPayloadBytes() < group.device(0).limits().maxPayloadBytes(), endpoint.toString());
            MemorySegment data = MemorySegment.ofArray(new byte[endpoint.maxPayloadBytes()]);
            for (int i = 0; i < 1000; i++) {
                while (endpoint.trySend(1, 2, 3, i, data, 0, (int) data.byteSize()) == Endpoint.NO_ROOM) {
                    group.device(1).progress();
                }
            }
        }
    }

    @Test
    void shouldNameTheSpaceThatIsMissing() throws Exception {
        Config config = mounted("4k", "256k");
        DeviceException e = assertThrows(DeviceException.class,
                () -> new DeviceGroup(new ShmDeviceProvider(), config, 3).close());
        assertTrue(e.getMessage().contains("no space for a segment") && e.getMessage().contains("--device tcp"), e.getMessage());
        try (Stream<Path> left = Files.list(root)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void shouldRefuseMemoryThatDoesNotFit() throws Exception {
        Config config = mounted("2m", "4k");
        try (DeviceGroup group = new DeviceGroup(new ShmDeviceProvider(), config, 2)) {
            group.wire();
            SharedMemory memory = group.device(0).capability(SharedMemory.class);
            DeviceException e = assertThrows(DeviceException.class, () -> memory.allocate(8 << 20));
            assertTrue(e.getMessage().contains("no space for Mpi.allocate: bytes=8388608"), e.getMessage());
            MemorySegment small = memory.allocate(1000);
            small.fill((byte) 1);
            assertEquals(1000, small.byteSize());
        }
    }

    private Config mounted(String size, String ring) throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root to mount a small tmpfs");
        root = Files.createTempDirectory("jadi-short");
        if (run("mount", "-t", "tmpfs", "-o", "size=" + size, "jadi-short", root.toString()) != 0) {
            Files.delete(root);
            root = null;
            Assumptions.abort("this machine does not let root mount a tmpfs");
        }
        return Config.of(Map.of("shm.root", root.toString(), "shm.ringBytes", ring));
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process p = new ProcessBuilder(command).inheritIO().start();
        return p.waitFor(10, TimeUnit.SECONDS) ? p.exitValue() : -1;
    }
}
