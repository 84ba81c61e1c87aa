package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jadi.mpi.launch.PrintConfig;
import org.junit.jupiter.api.Test;

/** The reference of the configuration is what the tables in the code say. */
class ConfigurationTest {
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
