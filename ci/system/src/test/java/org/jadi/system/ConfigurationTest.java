package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jadi.mpi.launch.PrintConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The reference of the configuration is what the tables in the code say, and users are told of what is in none of them. */
class ConfigurationTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    /** Variables that only begin like ours, and those of mpirun, are nobody's mistake. */
    @Test
    @Timeout(120)
    void whatIsSetUnderNoKeysNameIsTold() throws Exception {
        Files.writeString(folder.resolve("jadi.properties"), "jadi.coll.nodes=0\njadi.shm.ringByte=64k\njadi.future=1\n");
        Path output = folder.resolve("output");
        ProcessBuilder job = new ProcessBuilder(ROOT.resolve("mpirun").toString(), "-np", "2", "--device", "shm", "--bind-to", "core",
                "-x", "JADI_TCP_MAXPAYLOADBYTES=1k", "bench", "barrier", "--seconds", "0.01").directory(folder.toFile());
        job.environment().putAll(Map.of("JADI_WAIT_SPINS", "1us", "JADI_OF_SOMEBODY", "1", "JADI_RSH", "ssh", "JADI_TCP_PORT", "0"));
        Process p = job.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        assertEquals(0, p.waitFor(), () -> read(output));
        String no = " is not a setting, and changes nothing";
        assertEquals(List.of("JADI_TCP_MAXPAYLOADBYTES" + no + "; did you mean JADI_TCP_MAX_PAYLOAD_BYTES?",
                "JADI_WAIT_SPINS" + no + "; did you mean JADI_WAIT_SPIN?",
                "jadi.future" + no + " (mpirun --print-config lists all settings)",
                "jadi.shm.ringByte" + no + "; did you mean jadi.shm.ringBytes?"),
                read(output).lines().filter(l -> l.contains(no)).map(l -> l.replaceFirst("^jadi: rank 0: ", "")).toList(), read(output));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldBeCurrent() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            PrintConfig.main(new String[] {"--markdown"});
        } finally {
            System.setOut(before);
        }
        String expected = bytes.toString(StandardCharsets.UTF_8);
        Path file = Path.of("..", "..", "docs", "configuration.md");
        if (Boolean.getBoolean("jadi.update")) {
            Files.writeString(file, expected);
        }
        assertTrue(expected.equals(Files.readString(file)), "docs/configuration.md is not what the tables in the code say; run"
                + " mvn -pl ci/system -am package -DskipSystemTests=false -Dtest=ConfigurationTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Djadi.update=true");
    }
}
