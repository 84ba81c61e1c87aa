package org.jadi.scopes.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jadi.scopes.Scope;
import org.jadi.scopes.Scopes;
import org.jadi.scopes.ScopesOptions;
import org.jadi.scopes.split.Request;
import org.jadi.scopes.topology.HwType;
import org.jadi.scopes.topology.Machines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JadiScopesTest {
    @TempDir
    Path folder;

    private static String run(String... words) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JadiScopes(new PrintStream(bytes, true, StandardCharsets.UTF_8)).run(words);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldDrawATree() throws IOException {
        String text = run("package:2 l3:1 core:2 pu:2", "-np", "2", "--map-by", "package");
        List<String> lines = text.lines().toList();
        int start = lines.indexOf("Machine");
        assertTrue(start > 0, text);
        assertTrue(lines.get(start + 1).startsWith("|- ") || lines.get(start + 1).startsWith("`- "), text);
        assertTrue(text.contains("Core #0 + PU P0,P1  <- rank 0\n"), text);
        assertTrue(text.contains("Core #2 + PU P4,P5  <- rank 1\n"), text);
        assertTrue(text.contains("Core #3 + PU P6,P7\n"), text);
        assertTrue(text.contains("rank 1     bound to package[1][core:2]"), text);
        assertTrue(text.contains("USER     0-7"), text);
        assertTrue(text.contains("UTILITY  -"), text);
    }

    @Test
    void shouldShowDevicesMemoryAndWhatIsNotAllowed() throws IOException {
        String text = run(Machines.path("accelerators").toString());
        assertTrue(text.contains("GPU#0") && text.contains("NIC#0") && text.contains("NUMANode #0"), text);
        text = run(Machines.path("container").toString());
        assertTrue(text.contains("not allowed: "), text);
    }

    @Test
    void shouldShowEveryCpuOnceOnAllMachines() throws IOException {
        for (String file : Machines.FILES) {
            String text = run(Machines.path(file).toString());
            String tree = text.substring(0, text.indexOf("Scopes:"));
            Machines.file(file).cpus().stream().forEach(cpu -> assertEquals(2, (tree + " ").split("P" + cpu + "(?![0-9])", -1).length,
                    "CPU " + cpu + " of " + file + " in\n" + tree));
        }
    }

    @Test
    void shouldDrawSvg() throws IOException {
        Path file = folder.resolve("machine.svg");
        run("package:2 core:2 pu:2", "--svg", file.toString(), "-np", "4", "--map-by=core");
        String text = Files.readString(file);
        assertTrue(text.startsWith("<svg ") && text.endsWith("</svg>\n"), text);
        // Machine, 2 packages, 4 cores, 8 CPUs, the background, and a memory node or two.
        int boxes = text.split("<rect ", -1).length - 1;
        assertTrue(boxes >= 16 && boxes <= 18, "boxes=" + boxes);
        assertTrue(text.contains(">P7<") && text.contains(">r3<"), text);
    }

    /** The claim is another user's of the table, as one of another process would be. */
    @Test
    void shouldShowWhoClaims() throws IOException {
        System.setProperty(ScopesOptions.CLAIMS, folder.toString());
        try (Scopes scopes = Scopes.open(); Scope claimed = scopes.user().create(Request.of(1, HwType.PU).alone())) {
            String text = run();
            String holder = "process " + ProcessHandle.current().pid() + " alone on " + claimed.cpus();
            assertEquals(3, text.split(holder, -1).length, "in the tree and in the list of claims:\n" + text);
            assertTrue(text.lines().anyMatch(l -> l.contains("P" + claimed.cpus()) && l.contains("<- claimed by")), text);
        } finally {
            System.clearProperty(ScopesOptions.CLAIMS);
        }
    }

    @Test
    void shouldPrintTheMapThatMpirunReads() throws IOException {
        assertEquals(List.of("machine other", "cpus 0-3", "note ", "rank 0-1 bound to package[0][core:0]", "rank 2-3 bound to package[0][core:1]"),
                run("map", "package:2 core:2 pu:2", "-np", "2", "--map-by", "core").lines().toList());
        List<String> crowded = run("map", "core:1 pu:1", "-np", "2", "--map-by", "core").lines().toList();
        assertTrue(crowded.get(2).startsWith("note ranks are not bound"), crowded.toString());
        assertTrue(crowded.get(3).startsWith("rank - not bound"), crowded.toString());
    }

    @Test
    void shouldRefuseWrongWords() {
        assertThrows(IllegalArgumentException.class, () -> run("--colour"));
        assertThrows(IllegalArgumentException.class, () -> run("core:2 pu:1", "-np"));
        assertThrows(IllegalArgumentException.class, () -> run("core:2 pu:1", "-np", "many"));
        assertThrows(IllegalArgumentException.class, () -> run("map", "core:2 pu:1", "--map-by", "l3cache"));
        assertTrue(assertThrows(RuntimeException.class, () -> run("/no/such.xml")).getMessage().contains("/no/such.xml"));
    }
}
