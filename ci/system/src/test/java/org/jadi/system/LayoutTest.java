package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ranks and helper threads on CPUs of this machine, as the kernel says; it must have two cores. */
@Timeout(600)
class LayoutTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final String PROGRAM = ROOT.resolve("ci/system/Placed.java").toString();
    private static final int LIMIT_SECONDS = 240;

    @TempDir
    Path folder;

    private record Result(int code, String out, String err) {}

    private List<Integer> cpus;

    private Result mpirun(String... words) throws IOException, InterruptedException {
        return mpirun(Map.of(), words);
    }

    private Result mpirun(Map<String, String> environment, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("mpirun").toString()));
        command.addAll(List.of(words));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile())
                .redirectInput(new File("/dev/null"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroy();
            throw new AssertionError("not done after " + LIMIT_SECONDS + " s: " + command + "\n" + Files.readString(err));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static List<Integer> list(String text) {
        BitSet set = new BitSet();
        for (String part : text.split(",")) {
            String[] ends = part.split("-");
            set.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
        }
        return set.stream().boxed().toList();
    }

    @BeforeEach
    void needsTwoCores() throws IOException {
        String status = Files.readString(Path.of("/proc/self/status"));
        cpus = list(status.lines().filter(l -> l.startsWith("Cpus_allowed_list:")).findFirst().orElseThrow().split("\\s+")[1]);
        assumeTrue(cpus.size() > 1, "one CPU only");
    }

    private void needsNoMoreThanTwoCpus() {
        assumeTrue(cpus.size() == 2, "written for two CPUs, which are cores: " + cpus);
    }

    /** A JVM that has read flags from the environment says so, on the stream that the layout comes on. */
    @Test
    void flagsForAllJvmsShouldNotSpoilTheLayout() throws Exception {
        Result r = mpirun(Map.of("JDK_JAVA_OPTIONS", "-Dsome=flag", "JAVA_TOOL_OPTIONS", "-Dother=flag"), "-np", "2", "--map-by", "core",
                PROGRAM);
        assertEquals(0, r.code(), r.err());
        assertEquals(2, r.out().lines().filter(l -> l.startsWith("rank ")).count(), r.out());
    }

    @Test
    void ranksShouldBeBornBound() throws Exception {
        Result r = mpirun("-np", "2", "--map-by", "core", "--display-map", PROGRAM);
        assertEquals(0, r.code(), r.err());
        List<Integer> seen = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            String start = "rank " + rank + " cpus ";
            String[] words = r.out().lines().filter(l -> l.startsWith(start)).findFirst().orElseThrow().substring(start.length()).split(" ");
            List<Integer> mine = list(words[0]);
            assertEquals(String.valueOf(mine.size()), words[2], "CPUs of the JVM: " + r.out());
            assertTrue(mine.size() < cpus.size() && mine.stream().noneMatch(seen::contains), r.out());
            seen.addAll(mine);
        }
        assertTrue(r.err().contains("mpirun: ranks on "), r.err());
    }

    /** The kernel can be asked while a rank runs. */
    @Test
    void bindingsShouldBeReportedAsTheKernelHasThem() throws Exception {
        String reported = "[ $(grep -c ' bound to ' " + folder.resolve("err") + ") = 2 ]";
        Result r = mpirun("-np", "2", "--map-by", "core", "--report-bindings", "sh", "-c", "until " + reported + "; do sleep 0.1; done");
        assertEquals(0, r.code(), r.err());
        List<String> found = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            String start = "\\[.*:[0-9]+\\] rank " + rank + " bound to .*\\(CPUs ([0-9,-]+)\\)";
            found.add(r.err().lines().filter(l -> l.matches(start)).map(l -> l.replaceAll(start, "$1")).findFirst().orElse("not told: " + r.err()));
        }
        assertTrue(cpus.containsAll(list(found.get(0))) && cpus.containsAll(list(found.get(1))), r.err());
        assertTrue(list(found.get(0)).stream().noneMatch(list(found.get(1))::contains), r.err());
    }

    @Test
    void ranksShouldKeepToASetOfCpus() throws Exception {
        Result r = mpirun("-np", "2", "--cpu-set", "" + cpus.getLast(), PROGRAM);
        assertEquals(0, r.code(), r.err());
        assertEquals(2, r.out().lines().filter(l -> l.contains(" cpus " + cpus.getLast() + " jvm 1 ")).count(), r.out());
    }

    @Test
    void commandsShouldBeBoundToo() throws Exception {
        Result r = mpirun("--ppr", "1:core", "--bind-to", "hwthread", "nproc");
        assertEquals(0, r.code(), r.err());
        assertTrue(r.out().lines().count() > 1 && r.out().lines().allMatch("1"::equals), r.out());
    }

    @Test
    void wrongLayoutsShouldBeRefusedBeforeAnythingStarts() throws Exception {
        for (String[] words : new String[][] {{"--map-by", "socks"}, {"-np", "" + (cpus.size() + 1), "--bind-to", "core"},
            {"--map-by", "core", "--bind-to", "package"}, {"--cpu-set", "77777"}}) {
            List<String> line = new ArrayList<>(List.of(words));
            line.add("echo");
            line.add("started");
            Result r = mpirun(line.toArray(String[]::new));
            assertEquals(2, r.code(), line + r.err());
            assertTrue(r.err().startsWith("mpirun: ") && !r.out().contains("started"), line + r.err());
        }
    }

    @Test
    void ranksShouldNotBeBoundWhereThereAreMoreThanCpus() throws Exception {
        Result r = mpirun("-np", "" + (cpus.size() + 1), "--map-by", "core", "--report-bindings", "nproc");
        assertEquals(0, r.code(), r.err());
        assertTrue(r.out().lines().allMatch(("" + cpus.size())::equals), r.out());
        assertTrue(r.err().contains("mpirun: ranks are not bound: there are more of them than CPUs"), r.err());
    }

    @Test
    void aProgressThreadShouldHaveTheCpuThatNoRankHas() throws Exception {
        needsNoMoreThanTwoCpus();
        Result r = mpirun("-v", "-np", "1", "--map-by", "core", "-x", "JADI_PROGRESS_THREAD=on", PROGRAM, "" + cpus.get(1));
        assertEquals(0, r.code(), r.err());
        assertTrue(r.out().contains("rank 0 cpus " + cpus.get(0) + " jvm 1 helper " + cpus.get(1)), r.out());
        assertEquals(1, r.err().lines().filter(l -> l.contains("jadi-progress-0: on CPU " + cpus.get(1) + ", which no rank has")).count(), r.err());
    }

    @Test
    void aProgressThreadShouldNeitherBePinnedNorSpinWithoutACpuToSpare() throws Exception {
        needsNoMoreThanTwoCpus();
        Result r = mpirun("-v", "-np", "2", "-x", "JADI_PROGRESS_THREAD=on", PROGRAM, cpus.get(0) + (cpus.get(1) == cpus.get(0) + 1 ? "-" : ",")
                + cpus.get(1));
        assertEquals(0, r.code(), r.err());
        assertEquals(2, r.err().lines().filter(l -> l.contains("not pinned and does not spin: no CPU to spare, 2 ranks on 2 CPUs")).count(), r.err());
    }

    /** The agent of another host, which is this one behind a shell that calls it otherwise. */
    @Test
    void agentsShouldLayOutTheirRanks() throws Exception {
        for (String[] program : new String[][] {{PROGRAM}, {"sh", "-c", "echo rank $JADI_RANK cpus $(taskset -cp $$ | sed 's/.*: //') jvm $(nproc)"}}) {
            List<String> line = new ArrayList<>(List.of("--host", "other", "--rsh", "env JADI_HOST_NAME={host} sh -c", "-np", "2", "--map-by",
                    "core", "--report-bindings"));
            line.addAll(List.of(program));
            Result r = mpirun(line.toArray(String[]::new));
            assertEquals(0, r.code(), r.err());
            assertEquals(2, r.out().lines().filter(l -> l.startsWith("rank ")).map(l -> l.split(" ")[3]).distinct().count(), r.out());
            assertEquals(2, r.err().lines().filter(l -> l.contains(" bound to ")).count(), r.err());
        }
        Result r = mpirun("--host", "a,b", "--rsh", "env JADI_HOST_NAME={host} sh -c", "--ppr", "1:core", "true");
        assertEquals(2, r.code());
        assertTrue(r.err().contains("give -np"), r.err());
    }

    @Test
    void jobsShouldBeTriedOnMachinesThatAreNotThere() throws Exception {
        Result r = mpirun("-np", "8", "-x", "JADI_SCOPES_TOPOLOGY=synthetic:package:2 numa:4 core:8 pu:2", "-x", "JADI_SCOPES_UTILITY=0-1",
                "--map-by", "numa", "--bind-to", "numa", "--report-bindings", "sh", "-c", "echo $JADI_RANK $JADI_SCOPES_MASK");
        assertEquals(0, r.code(), r.err());
        assertTrue(r.out().lines().anyMatch("0 2-15"::equals) && r.out().lines().anyMatch("7 112-127"::equals), r.out());
        assertTrue(r.err().lines().anyMatch(l -> l.contains("rank 7 bound to package[1][core:56-63]")), r.err());
    }

    @Test
    void memoryThatDevicesShareShouldBeBoundToItsNode() throws Exception {
        Result r = mpirun("-np", "2", ROOT.resolve("ci/system/BoundMemory.java").toString());
        assertEquals(0, r.code(), r.err());
        String policy = Files.isReadable(Path.of("/proc/self/numa_maps")) ? "bind:0" : "unknown";
        for (int rank = 0; rank < 2; rank++) {
            assertTrue(r.out().contains("rank " + rank + " bound true policy " + policy + " got " + (2 - rank) + " refused true"), r.out());
        }
    }

    @Test
    void theMachineShouldBeShown() throws Exception {
        Path svg = folder.resolve("machine.svg");
        Result r = mpirun("--topology", "--svg", svg.toString(), "-np", "2", "--map-by", "core");
        assertEquals(0, r.code(), r.err());
        assertTrue(r.out().contains("Machine") && r.out().contains("<- rank 1") && r.out().contains("Scopes:"), r.out());
        assertTrue(Files.readString(svg).contains(">r1<"));
        assertEquals(2, mpirun("--topology", "--colour").code());
    }
}
