package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mpirun --in-process}: the ranks are threads of one JVM, and their job ends as one of processes does. */
class OneProcessTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final String CLASSES = Path.of("target", "classes").toAbsolutePath().toString();
    private static final int LIMIT_SECONDS = 120;

    @TempDir
    Path folder;

    private record Ended(int code, String output) {}

    private Ended run(List<String> options, Class<?> program) throws Exception {
        Path output = folder.resolve("output");
        ProcessBuilder job = new ProcessBuilder(ROOT.resolve("mpirun").toString(), "-np", "3", "--in-process");
        job.command().addAll(options);
        job.command().addAll(List.of("-cp", CLASSES, program.getName()));
        Process process = job.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Ended(process.waitFor(), Files.readString(output));
    }

    @Test
    void shouldFailWhenARankFails() throws Exception {
        Ended ended = run(List.of(), Failing.class);
        assertEquals(1, ended.code, ended.output);
        assertTrue(ended.output.contains("as the test wants"), ended.output);
    }

    @Test
    void shouldEndAtTheTimeLimitAndShowWhatRanksDo() throws Exception {
        Ended ended = run(List.of("--timeout", "10"), Waiting.class);
        assertEquals(124, ended.code, ended.output);
        for (int rank = 0; rank < 3; rank++) {
            assertTrue(ended.output.contains("\"rank-" + rank + "\""), ended.output);
        }
        assertTrue(ended.output.contains("org.jadi.system.Waiting.main"), ended.output);
        assertTrue(ended.output.contains("did not end within its time limit of 10 s"), ended.output);
    }
}
