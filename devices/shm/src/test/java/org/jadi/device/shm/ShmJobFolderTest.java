package org.jadi.device.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jadi.adi.config.Config;
import org.jadi.adi.device.DeviceException;
import org.jadi.bootstrap.folder.UserFolder;
import org.jadi.testkit.TimeLimit;
import org.jadi.testkit.contract.DeviceGroup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where no launcher made the folder of the job: nothing is left, from the moment on when all have mapped all. */
@TimeLimit(60)
class ShmJobFolderTest {
    @TempDir
    Path root;

    private Config config;

    @BeforeEach
    void configure() {
        config = Config.of(Map.of("shm.root", root.toString(), "shm.heapBytes", "1m"));
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> !file.equals(root)).toList();
        }
    }

    @Test
    void shouldBeGoneWhileTheJobRuns() throws Exception {
        try (DeviceGroup group = new DeviceGroup(new ShmDeviceProvider(), config, 3)) {
            Path user = UserFolder.below(root).path();
            assertTrue(Files.exists(user.resolve(group.jobId()).resolve("rank-2")));
            group.wire();
            assertEquals(List.of(), left());
            group.allLanes().forEach(group::sendControl);
            group.settle();
        }
        assertEquals(List.of(), left());
    }

    @Test
    void shouldStayForAnotherJobAndGoWithIt() throws Exception {
        try (DeviceGroup group = new DeviceGroup(new ShmDeviceProvider(), config, 2)) {
            try (DeviceGroup other = new DeviceGroup(new ShmDeviceProvider(), config, 2).wire()) {
                assertTrue(left().stream().noneMatch(file -> file.toString().contains(other.jobId())), "of the wired job");
                assertTrue(left().stream().anyMatch(file -> file.endsWith(Path.of(group.jobId(), "rank-1"))), "of the other");
            }
            group.wire();
            group.allLanes().forEach(group::sendControl);
            group.settle();
            assertEquals(List.of(), left());
        }
    }

    @Test
    void shouldGoWithTheLastRankOfAJobThatWasNeverWired() throws Exception {
        DeviceGroup group = new DeviceGroup(new ShmDeviceProvider(), config, 3);
        group.close(1);
        group.close(0);
        assertTrue(left().stream().anyMatch(file -> file.endsWith("rank-2")));
        group.close(2);
        assertEquals(List.of(), left());
    }

    @Test
    void shouldRefuseARootThatItCannotWriteTo() {
        Config nowhere = Config.of(Map.of("shm.root", root.resolve("nowhere").toString()));
        DeviceException e = assertThrows(DeviceException.class, () -> new DeviceGroup(new ShmDeviceProvider(), nowhere, 1));
        assertTrue(e.getMessage().contains("mount shared memory there, or set jadi.shm.root"), e.getMessage());
        assertFalse(Files.exists(root.resolve("nowhere")));
    }
}
