package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What calls allocate in steady state, and what memory pairs of ranks share. Both are known only to jobs of processes. */
class MemoryTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final String CLASSES = Path.of("target", "classes").toAbsolutePath().toString();
    private static final int LIMIT_SECONDS = 280;

    @TempDir
    Path folder;

    private String job(String device, int ranks, Class<?> program, String... arguments) throws Exception {
        Path output = folder.resolve("output");
        ProcessBuilder job = new ProcessBuilder(ROOT.resolve("mpirun").toString(), "-np", "" + ranks, "--device", device,
                "--timeout", "" + LIMIT_SECONDS, "-cp", CLASSES, program.getName());
        job.command().addAll(List.of(arguments));
        Process p = job.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (!p.waitFor(LIMIT_SECONDS + 30, TimeUnit.SECONDS)) {
            p.destroy();
        }
        String text = Files.readString(output);
        assertEquals(0, p.waitFor(), text);
        return text;
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "tcp"})
    void steadyCallsAllocateNoMoreThanKnown(String device) throws Exception {
        String text = job(device, 2, Garbage.class, "8", "16384");
        assertEquals(2 * 2 * 5, text.lines().filter(line -> line.startsWith("garbage: ")).count(), text);
    }

    @Test
    void pairsThatTalkShareAMebibyteAndOthersNothing() throws Exception {
        String text = job("shm", 4, SharedMemory.class);
        assertTrue(text.contains("shared memory as demanded"), text);
    }
}
