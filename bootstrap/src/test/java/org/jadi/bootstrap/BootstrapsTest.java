package org.jadi.bootstrap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class BootstrapsTest {
    @Test
    void shouldBeSingletonWithoutLauncher() {
        try (Bootstrap b = Bootstraps.open(Map.of("PATH", "/bin"))) {
            assertEquals(0, b.rank());
            assertEquals(1, b.size());
            assertTrue(b.jobId().matches("[A-Za-z0-9_.-]{1,64}"), b.jobId());
            b.put("key", new byte[] {1, 2});
            assertNull(b.get("key"));
            b.fence();
            assertArrayEquals(new byte[] {1, 2}, b.get("key"));
            b.finish();
        }
    }

    @Test
    void shouldNameWhatIsMissing() {
        BootstrapException e = assertThrows(BootstrapException.class,
                () -> Bootstraps.open(Map.of("JADI_RANK", "0", "JADI_SIZE", "2")));
        assertTrue(e.getMessage().contains("missing=JADI_ROOT,JADI_JOBID,JADI_SECRET_FILE"), e.getMessage());
    }

    @Test
    void shouldNameWhatIsMalformed(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), JobSecret.random().toHex());
        Map<String, String> good = Map.of("JADI_ROOT", "127.0.0.1:1", "JADI_RANK", "1", "JADI_SIZE", "2", "JADI_JOBID", "j",
                "JADI_SECRET_FILE", secret.toString());
        assertRefused(good, "JADI_RANK", "2", "JADI_RANK must be between 0 and 1: value=2");
        assertRefused(good, "JADI_SIZE", "many", "JADI_SIZE must be a whole number: value=many");
        assertRefused(good, "JADI_ROOT", "nowhere", "JADI_ROOT must be host:port: value=nowhere");
        assertRefused(good, "JADI_JOBID", "a/b", "JADI_JOBID must be");
        assertRefused(good, "JADI_SECRET_FILE", folder + "/none", "cannot read the job's secret: file=" + folder + "/none");
        assertRefused(good, "JADI_PATIENCE", "1", "cannot reach the launcher: rank=1 address=127.0.0.1:1");
    }

    private static void assertRefused(Map<String, String> good, String name, String value, String message) {
        Map<String, String> env = new HashMap<>(good);
        env.put(name, value);
        BootstrapException e = assertThrows(BootstrapException.class, () -> Bootstraps.open(env));
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }

    @Test
    void shouldRefuseIllegalPairs() {
        try (Bootstrap b = Bootstraps.open(Map.of())) {
            assertThrows(IllegalArgumentException.class, () -> b.put("with space", new byte[0]));
            assertThrows(IllegalArgumentException.class, () -> b.put("", new byte[0]));
            assertThrows(IllegalArgumentException.class, () -> b.put("k".repeat(129), new byte[0]));
            assertThrows(IllegalArgumentException.class, () -> b.put("k", new byte[65537]));
        }
    }
}
