package org.jadi.scopes.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jadi.scopes.load.LoadOptions;
import org.jadi.scopes.load.Topologies;
import org.junit.jupiter.api.Test;

/**
 * Machines of others, which are not ours to put into the repository: a folder of hwloc's XML, such as tests/hwloc/xml of its
 * source, named by {@code -Djadi.scopes.machines=FOLDER}. Compared with hwloc's own tools, if they are installed.
 */
class CollectionTest {
    private final Topologies loader = Topologies.of(new LoadOptions("system", "this"));

    private List<Path> files() throws IOException {
        String folder = System.getProperty("jadi.scopes.machines");
        assumeTrue(folder != null, "no collection: -Djadi.scopes.machines=FOLDER");
        assumeTrue(!loader.libraryName().equals("none"), "this system has no hwloc 2, which reads all versions");
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files.filter(f -> f.toString().endsWith(".xml")).sorted().toList();
        }
    }

    private static List<String> output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> lines;
        try (var reader = process.inputReader()) {
            lines = reader.lines().toList();
        }
        process.waitFor();
        return lines;
    }

    @Test
    void shouldReadThemAllAndCutThemRight() throws IOException {
        for (Path file : files()) {
            Topology t = loader.fromXml(file);
            assertEquals(t.fingerprint(), Topology.fromXml(t.toXml()).fingerprint(), file.toString());
            for (CutPolicy policy : CutPolicy.values()) {
                for (int pieces = 1; pieces <= t.cpus().count(); pieces += 1 + t.cpus().count() / 20) {
                    List<CpuSet> cut = t.cut(t.cpus(), pieces, policy);
                    CpuSet all = CpuSet.EMPTY;
                    for (CpuSet piece : cut) {
                        assertTrue(!piece.isEmpty() && !piece.intersects(all), file + " " + pieces + " " + policy);
                        all = all.or(piece);
                    }
                    assertEquals(t.cpus(), all, file + " " + pieces + " " + policy);
                }
            }
        }
    }

    @Test
    void shouldCutAlongTheTreeAsHwlocDoes() throws IOException, InterruptedException {
        List<String> differences = new ArrayList<>();
        int cases = 0;
        for (Path file : files()) {
            Topology t = loader.fromXml(file);
            if (!t.cpus().equals(t.allowed())) {
                continue; // hwloc's tool leaves out what is not allowed
            }
            for (int pieces : new int[] {1, 2, 3, 5, 7, 16, 33}) {
                List<String> theirs = pieces > t.cpus().count() ? List.of() : output("hwloc-distrib", "-i", file.toString(), "" + pieces);
                if (!theirs.isEmpty()) {
                    cases++;
                    List<CpuSet> sets = theirs.stream().map(CpuSet::parse).toList();
                    if (!sets.equals(t.cut(t.cpus(), pieces, CutPolicy.TREE))) {
                        differences.add(file.getFileName() + " " + pieces + ": " + sets + " and " + t.cut(t.cpus(), pieces, CutPolicy.TREE));
                    }
                }
            }
        }
        System.out.println("compared with hwloc-distrib: " + cases + " cases");
        assumeTrue(cases > 0, "hwloc-distrib is not installed");
        assertEquals(List.of(), differences);
    }
}
