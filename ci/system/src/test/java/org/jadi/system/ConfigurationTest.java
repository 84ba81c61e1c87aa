package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
        assertEquals(expected, Files.readString(Path.of("..", "..", "docs", "configuration.md")),
                "run PrintConfig --markdown > docs/configuration.md with all devices on the class path");
    }
}
