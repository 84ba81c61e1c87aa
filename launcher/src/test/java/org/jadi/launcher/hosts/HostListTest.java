package org.jadi.launcher.hosts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jadi.launcher.LauncherException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class HostListTest {
    private static String option(String list) {
        return text(HostList.ofOption("--host", list));
    }

    private static String file(String... lines) {
        return text(HostList.ofFile("hosts", List.of(lines)));
    }

    private static String text(List<HostSlots> hosts) {
        return String.join(" ", hosts.stream().map(h -> h.name() + "=" + h.slots()).toList());
    }

    @Test
    void shouldReadOption() {
        assertEquals("a=0 b=0", option("a,b"));
        assertEquals("a=1 b=4", option("a,b:4"));
        assertEquals("a=2 b=1", option("a,b,a"));
        assertEquals("a=5", option("a:2,a:3"));
        assertEquals("10.0.0.1=2 fe80::1=1 fe80::2=3 fe80::3=1", option("10.0.0.1:2,fe80::1,[fe80::2]:3,[fe80::3]"));
        assertEquals("b=1", option("a:0,b:1"));
        assertEquals("worker-0.job.ns.svc=2", option("worker-0.job.ns.svc:2"));
    }

    @Test
    void shouldReadBothDialectsOfFiles() {
        assertEquals("a=2 b=4 c=1", file("# two", "a slots=2 max_slots=8", "", "b:4  # four", "c"));
        assertEquals("a=0 b=0", file("a", "b"));
        assertEquals("a=3 b=1", file("a", "a", "a", "b"));
        assertEquals("user-0.svc=2", file("user-0.svc slots=2"));
    }

    @Test
    void shouldRefuseWhatIsNoHost() {
        for (String list : List.of("-oProxyCommand=sh", "a;b", "a b", "$(x)", "'a'", "a`b`", ",", "a:x", "a:-1", "a:99999999",
                "a:99999999999")) {
            LauncherException e = assertThrows(LauncherException.class, () -> option(list), list);
            assertTrue(e.getMessage().startsWith("option --host"), e.getMessage());
        }
        assertTrue(assertThrows(LauncherException.class, () -> file("a b c")).getMessage().contains("HOST slots=N"));
        assertThrows(LauncherException.class, () -> file("a slots=x"));
        assertThrows(LauncherException.class, () -> file("# nothing"));
    }

    @Test
    void shouldExpandListsOfSlurm() {
        assertEquals(List.of("n01", "n02", "n03", "n7", "login"), SlurmList.hosts("n[01-03,7],login"));
        assertEquals(List.of("r1n8", "r1n9", "r1n10", "r2n8", "r2n9", "r2n10"), SlurmList.hosts("r[1-2]n[8-10]"));
        assertEquals(List.of("n1x", "n2x"), SlurmList.hosts("n[1-2]x"));
        assertEquals(List.of(2, 2, 2, 1), SlurmList.numbers("2(x3),1"));
        for (String list : List.of("n[1-", "n]1[", "n[a]", "n[1-2", "n[1]]")) {
            assertThrows(LauncherException.class, () -> SlurmList.hosts(list), list);
        }
        assertThrows(LauncherException.class, () -> SlurmList.numbers("2(x"));
    }
}
