package org.jadi.launcher.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class LineRelayTest {
    @TempDir
    Path folder;

    private String relayed(LineDecoration decoration, String... streams) throws Exception {
        Path file = folder.resolve("out");
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            OutputSink sink = new OutputSink(out, () -> { });
            for (String text : streams) {
                new LineRelay("relay", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                        new RankStream(sink, decoration)).finish(1000);
            }
        }
        return Files.readString(file);
    }

    @Test
    void shouldKeepBytesOfOneStream() throws Exception {
        LineDecoration none = LineDecoration.of(0, false, true, false);
        for (String text : new String[] {"", "a", "a\n", "\n\na", "a\r\nb", "x".repeat(3_000_000), "\u00e4\n".repeat(100_000)}) {
            assertEquals(text, relayed(none, text));
        }
    }

    @Test
    void shouldEndALineBeforeAnotherStreamGoesOn() throws Exception {
        LineDecoration none = LineDecoration.of(0, false, true, false);
        assertEquals("first\nsecond\nthird", relayed(none, "first", "second\n", "third"));
    }

    @Test
    void shouldTagEachLineOnce() throws Exception {
        assertEquals("[7] a\n[7] \n[7] b\r\n[7] c", relayed(LineDecoration.of(7, true, false, false), "a\n\nb\r\nc"));
        String line = "y".repeat(3_000_000);
        assertEquals("[7] " + line + "\n[7] z", relayed(LineDecoration.of(7, true, false, false), line + "\nz"));
        assertEquals("\u001b[32m[0]\u001b[0m a\n", relayed(LineDecoration.of(0, true, true, false), "a\n"));
    }
}
