package org.jadi.scopes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jadi.scopes.bind.Binding;
import org.jadi.scopes.error.ScopeException;
import org.jadi.scopes.load.LoadOptions;
import org.jadi.scopes.split.Request;
import org.jadi.scopes.topology.CpuSet;
import org.jadi.scopes.topology.HwType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scopes where something is forbidden: they go on, and say what they do without. */
@Timeout(120)
class RestrictedProcessTest {
    @TempDir
    Path folder;

    /** What the restricted process finds. */
    static final class Restricted {
        private Restricted() {}

        public static void main(String[] args) {
            try (Scopes scopes = Scopes.open()) {
                Support support = scopes.support();
                System.out.println(support.library());
                System.out.println(support.refused());
                System.out.println(support.binding() + " " + support.bindingProblem());
                try (Scope one = scopes.user().create(Request.of(1, HwType.PU)); Binding binding = one.push()) {
                    System.out.println(binding.cpus().equals(one.cpus()) + " " + scopes.current().equals(one.cpus()));
                }
            }
            ScopesOptions required = new ScopesOptions(LoadOptions.load(), "required", CpuSet.EMPTY, "process");
            try (Scopes scopes = Scopes.open(required)) {
                System.out.println("bound " + scopes.binder().isReal());
            } catch (ScopeException e) {
                System.out.println(e.code());
            }
        }
    }

    private List<String> run(List<String> before, String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.addAll(List.of("-Xint", "-cp", System.getProperty("java.class.path"), "-Djadi.scopes.claims=process"));
        command.addAll(List.of(flags));
        command.add(Restricted.class.getName());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines;
        try (var reader = process.inputReader()) {
            lines = reader.lines().toList();
        }
        assertEquals(0, process.waitFor(), String.join("\n", lines));
        return lines;
    }

    @Test
    void shouldRecordWhereNativeCallsAreForbidden() throws Exception {
        List<String> lines = run(List.of(), "--illegal-native-access=deny");
        assertEquals("none", lines.get(0), lines.toString());
        assertTrue(lines.get(1).contains("refused: Illegal native access"), lines.toString());
        assertTrue(lines.get(2).startsWith("false libc cannot be called (start java with --enable-native-access)"), lines.toString());
        assertEquals("true true", lines.get(3));
        assertEquals("NOT_SUPPORTED", lines.get(4));
    }

    /** In a name space of our own, so that nobody else sees the mount. */
    @Test
    void shouldPutTheLibraryElsewhereWhereItMayNotRun() throws Exception {
        Process probe = new ProcessBuilder("unshare", "-m", "true").start();
        assumeTrue(probe.waitFor() == 0, "name spaces are not allowed here");
        List<String> lines = run(List.of("unshare", "-m", "sh", "-c", "mount -t tmpfs -o noexec none \"$0\" && exec \"$@\"",
                folder.toString()), "--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + folder);
        assertTrue(lines.get(0).startsWith("hwloc 3.0 (") && lines.get(0).contains("/.cache/jadi/"), lines.toString());
        assertTrue(lines.get(1).contains("refused: Cannot open library") && lines.get(1).contains(folder.toString()), lines.toString());
        assertEquals("true true", lines.get(3));
        assertEquals("bound true", lines.get(4));
    }
}
