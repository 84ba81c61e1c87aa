package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Network namespaces as hosts: A and B are each connected to a gateway, and do not reach each other; each has another
 * interface that leads nowhere. Rank 0 is on the gateway. Needs root.
 */
class RelayNamespacesTest {
    private static final long LIMIT_SECONDS = 300;
    private static final String TAG = "jr" + ProcessHandle.current().pid() % 100_000;

    @TempDir
    Path folder;

    private record Rank(Process process, Path output) {
        String text() throws Exception {
            return Files.readString(output);
        }
    }

    @BeforeEach
    void makeNetwork() throws Exception {
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "not root: no network namespaces");
        assumeTrue(ip("netns", "add", TAG + "g") == 0, "no network namespaces can be made here");
        for (String side : List.of("a", "b")) {
            int net = side.equals("a") ? 1 : 2;
            assertEquals(0, ip("netns", "add", TAG + side));
            assertEquals(0, ip("link", "add", "uplink", "netns", TAG + side, "type", "veth", "peer", "name", "to" + side, "netns",
                    TAG + "g"));
            assertEquals(0, in("g", "addr", "add", "10.81." + net + ".1/24", "dev", "to" + side));
            assertEquals(0, in(side, "addr", "add", "10.81." + net + ".2/24", "dev", "uplink"));
            // Both sides have the same address on it, and nobody is there.
            assertEquals(0, in(side, "link", "add", "nowhere", "type", "bridge"));
            assertEquals(0, in(side, "addr", "add", "192.0.2.7/24", "dev", "nowhere"));
            for (String name : List.of("lo", "uplink", "nowhere")) {
                assertEquals(0, in(side, "link", "set", name, "up"));
            }
            assertEquals(0, in("g", "link", "set", "to" + side, "up"));
        }
        assertEquals(0, in("g", "link", "set", "lo", "up"));
    }

    @AfterEach
    void takeNetworkAway() throws Exception {
        for (String name : List.of("a", "b", "g")) {
            ip("netns", "del", TAG + name);
        }
    }

    private int in(String namespace, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("-n", TAG + namespace));
        all.addAll(List.of(words));
        return ip(all.toArray(String[]::new));
    }

    private int ip(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve("ip.log").toFile()).start()
                .waitFor();
    }

    private Rank start(int rank, int size, String namespace, Map<String, String> environment, String program) throws Exception {
        List<String> words = List.of("ip", "netns", "exec", TAG + namespace,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), program);
        ProcessBuilder builder = new ProcessBuilder(words);
        Map<String, String> all = new HashMap<>(Map.of("JADI_RENDEZVOUS", folder.resolve("card").toString(), "JADI_RANK", "" + rank,
                "JADI_SIZE", "" + size, "JADI_DEVICE", "tcp", "JADI_SILENCE", "10"));
        all.putAll(environment);
        builder.environment().putAll(all);
        Path output = folder.resolve("rank-" + rank);
        return new Rank(builder.redirectErrorStream(true).redirectOutput(output.toFile()).redirectInput(new File("/dev/null"))
                .start(), output);
    }

    private static int end(Rank rank) throws Exception {
        if (!rank.process().waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            rank.process().destroy();
            throw new AssertionError("a rank did not end within " + LIMIT_SECONDS + " s: " + rank.text());
        }
        return rank.process().exitValue();
    }

    private List<Rank> startThree(Map<String, String> environment, Class<?> program) throws Exception {
        return List.of(start(0, 3, "g", environment, program.getName()), start(1, 3, "a", environment, program.getName()),
                start(2, 3, "b", environment, program.getName()));
    }

    /** Returns why a rank says that it goes through the gateway to the other side. */
    private static String reason(Rank rank, int from, int to) throws Exception {
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        String way = from + " -> " + to + ": tcp through rank 0 on host " + host + ", because ";
        String text = rank.text();
        assertTrue(text.contains(way), text);
        return text.substring(text.indexOf(way) + way.length()).lines().findFirst().orElseThrow();
    }

    private static boolean isFoundOut(String reason, int from, int to) {
        return reason.startsWith("rank " + from + " cannot reach rank " + to + " over tcp: ");
    }

    private static boolean isCalled(String reason, int to) {
        return reason.startsWith("rank " + to + " called through rank 0 (");
    }

    @Test
    void shouldPassThroughTheGateway() throws Exception {
        List<Rank> ranks = startThree(Map.of("JADI_REPORT_DEVICES", "true"), Rollcall.class);
        for (Rank rank : ranks) {
            assertEquals(0, end(rank), rank.text());
        }
        assertTrue(ranks.get(1).text().contains("1 -> 0: tcp"), ranks.get(1).text());
        assertTrue(ranks.get(2).text().contains("rank 2 of 3: sum 6, last word from rank 1"), ranks.get(2).text());
        // To report, all connect to all at once: each side finds it out, unless the other's call comes before. A call needs a caller.
        String there = reason(ranks.get(1), 1, 2);
        String back = reason(ranks.get(2), 2, 1);
        String both = "there: " + there + ", back: " + back;
        assertTrue(isFoundOut(there, 1, 2) || isCalled(there, 2), both);
        assertTrue(isFoundOut(back, 2, 1) || isCalled(back, 1), both);
        assertTrue(isFoundOut(there, 1, 2) || isFoundOut(back, 2, 1), both);
    }

    /** Where one side alone calls, it is that one that has found out, and the other one answers by the way on which it was called. */
    @Test
    void shouldSayWhoFoundOutAndWhoWasCalled() throws Exception {
        Map<String, String> verbose = Map.of("JADI_VERBOSE", "true");
        List<Rank> ranks = List.of(start(0, 3, "g", verbose, Callers.class.getName()),
                start(1, 3, "a", Map.of("JADI_VERBOSE", "true", "JADI_REPORT_DEVICES", "true"), Callers.class.getName()),
                start(2, 3, "b", verbose, Callers.class.getName()));
        for (Rank rank : ranks) {
            assertEquals(0, end(rank), rank.text());
        }
        String search = "; looking for a rank that relays";
        assertTrue(isFoundOut(reason(ranks.get(1), 1, 2), 1, 2), ranks.get(1).text());
        assertEquals(List.of("jadi: rank 2: rank 1 called through rank 0" + search),
                ranks.get(2).text().lines().filter(line -> line.endsWith(search)).toList(), ranks.get(2).text());
        assertFalse(ranks.get(1).text().contains(" called through "), ranks.get(1).text());
        assertTrue(ranks.get(2).text().contains("rank 2 has the word of rank 1"), ranks.get(2).text());
    }

    /** Both ranks of the gateway's host are wired, the others behave as on one network: the whole list of behaviours. */
    @Test
    void shouldBehaveThroughTheGateway() throws Exception {
        List<Rank> ranks = startThree(Map.of(), Behaviours.class);
        for (Rank rank : ranks) {
            assertEquals(0, end(rank), rank.text());
        }
    }

    @Test
    void shouldNameThePairWhereNobodyPassesOn() throws Exception {
        List<Rank> ranks = startThree(Map.of("JADI_GATEWAY", "another-host"), Rollcall.class);
        boolean named = false;
        for (Rank rank : ranks) {
            assertNotEquals(0, end(rank), rank.text());
            named |= rank.text().contains("rank 1 cannot reach rank 2 over tcp: ")
                    && rank.text().contains("no other rank relays") && rank.text().contains("10.81.2.2 port ");
            named |= rank.text().contains("rank 2 cannot reach rank 1 over tcp: ")
                    && rank.text().contains("no other rank relays") && rank.text().contains("10.81.1.2 port ");
        }
        assertTrue(named, ranks.get(1).text() + ranks.get(2).text());
    }
}
