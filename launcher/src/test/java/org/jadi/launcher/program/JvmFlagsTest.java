package org.jadi.launcher.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class JvmFlagsTest {
    private static final long GIB = 1L << 30;

    @Test
    void shouldShareMemoryAndCpus() {
        assertEquals(List.of("--enable-native-access=ALL-UNNAMED", "-Xlog:disable", "-Xlog:all=warning:stderr", "-Xmx2457m", "-XX:+UseSerialGC"),
                JvmFlags.forRanks(new HostResources(2, 16 * GIB), 4, null, null));
        assertEquals(List.of("--enable-native-access=ALL-UNNAMED", "-Xlog:disable", "-Xlog:all=warning:stderr", "-Xmx9830m"),
                JvmFlags.forRanks(new HostResources(2, 16 * GIB), 1, null, null));
        assertEquals(List.of("--enable-native-access=ALL-UNNAMED", "-Xlog:disable", "-Xlog:all=warning:stderr", "-Xmx19660m",
                "-XX:ParallelGCThreads=16", "-XX:CICompilerCount=12"), JvmFlags.forRanks(new HostResources(64, 128 * GIB), 4, null, " "));
    }

    @Test
    void shouldPutUsersFlagsLast() {
        List<String> flags = JvmFlags.forRanks(new HostResources(2, 0), 4, "/a.aot", "-Xmx1g  -XX:+UseParallelGC");
        assertEquals(List.of("-Xmx1g", "-XX:+UseParallelGC"), flags.subList(flags.size() - 2, flags.size()));
        assertTrue(flags.contains("-XX:AOTCache=/a.aot"));
    }

    @Test
    void shouldGiveWayToUsersCaches() {
        HostResources host = new HostResources(2, 0);
        List<String> flags = JvmFlags.forRanks(host, 4, "/a.aot", null);
        for (String own : List.of("-XX:AOTCache=own", "-XX:SharedArchiveFile=own", "-Xshare:off", "-XX:AOTCacheOutput=own")) {
            assertFalse(JvmFlags.beside(flags, List.of("-ea", own)).contains("-XX:AOTCache=/a.aot"), own);
            assertFalse(JvmFlags.forRanks(host, 4, "/a.aot", own).contains("-XX:AOTCache=/a.aot"), own);
        }
    }

    @Test
    void shouldGiveWayToUsersCollectors() {
        List<String> flags = JvmFlags.forRanks(new HostResources(2, 0), 4, null, null);
        assertTrue(flags.contains("-XX:+UseSerialGC"));
        for (String own : List.of("-XX:+UseParallelGC", "-XX:+UseZGC", "-XX:+UseG1GC")) {
            assertFalse(JvmFlags.beside(flags, List.of("-ea", own)).contains("-XX:+UseSerialGC"), own);
            assertFalse(JvmFlags.forRanks(new HostResources(2, 0), 4, null, own).contains("-XX:+UseSerialGC"), own);
        }
    }

    @Test
    void shouldSeeThisHost() {
        HostResources host = HostResources.ofThisHost();
        assertTrue(host.cpus() >= 1);
        assertTrue(host.memoryBytes() > 64 << 20, host.toString());
    }
}
