package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jadi.testkit.Eventually;
import org.jadi.testkit.Installed;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code java -cp ... Main} under the launchers of others: the same program prints the same under each.
 * What is not installed is skipped; Slurm is started here, on this machine, and needs root.
 */
class EnginesTest {
    private static final String SLURM = Path.of("engines", "slurm.sh").toAbsolutePath().toString();
    private static final int RANKS = 3;
    private static final int LIMIT_SECONDS = 120;
    private static final String EXPECTED = """
            rank 0 of 3: sum 6, last word from rank 2
            rank 1 of 3: sum 6, last word from rank 0
            rank 2 of 3: sum 6, last word from rank 1
            """;

    @TempDir
    static Path classes;

    private static Map<String, String> slurm = Map.of();

    /** A launcher: the program that must be there, and the words before {@code java}. */
    private record Engine(String name, String program, List<String> words) {
        @Override
        public String toString() {
            return name;
        }
    }

    private record Started(Process process, Path output, Path errors) {}

    private record Result(int code, String text, String errors) {}

    static Stream<Engine> engines() {
        String n = "" + RANKS;
        List<String> open = List.of("mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "-np", n);
        return Stream.of(
                new Engine("Hydra, PMI-1 by descriptor", "mpiexec.mpich", List.of("mpiexec.mpich", "-n", n)),
                new Engine("Hydra, PMI-1 by port", "mpiexec.mpich", List.of("mpiexec.mpich", "-pmi-port", "-n", n)),
                new Engine("Open MPI, PMIx", "mpirun.openmpi", open),
                new Engine("PRRTE, PMIx", "prterun", List.of("prterun", "--map-by", ":OVERSUBSCRIBE", "-n", n)),
                new Engine("Flux, PMI-1", "flux", List.of("flux", "start", "flux", "run", "-n", n)),
                new Engine("Slurm, pmi2", "srun", List.of("srun", "--mpi=pmi2", "-N3", "-n", n)),
                new Engine("Slurm, pmix", "srun", List.of("srun", "--mpi=pmix", "-N3", "-n", n)),
                new Engine("Slurm, none", "srun", List.of("srun", "--mpi=none", "-N3", "-n", n)));
    }

    @BeforeAll
    static void prepare() throws Exception {
        if (Installed.hasProgram("srun") && Installed.hasProgram("slurmctld") && Installed.hasProgram("slurmd") && isRoot()) {
            Path folder = classes.resolve("slurm");
            Result started = run(List.of(SLURM, "up", folder.toString()), Map.of());
            assertEquals(0, started.code(), started.text() + started.errors());
            slurm = Map.of("SLURM_CONF", folder.resolve("slurm.conf").toString());
        }
    }

    @AfterAll
    static void endSlurm() throws Exception {
        if (!slurm.isEmpty()) {
            run(List.of(SLURM, "down", classes.resolve("slurm").toString()), Map.of());
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void shouldPrintTheSameUnderEach(Engine engine) throws Exception {
        Result r = runUnder(engine, Map.of(), Rollcall.class.getName());
        assertEquals(0, r.code(), r.text() + r.errors());
        assertEquals(EXPECTED, sorted(r.text()));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void shouldEndTheJobWithAnErrorWhenOneRankFails(Engine engine) throws Exception {
        Result r = runUnder(engine, Map.of(), Failing.class.getName());
        assertNotEquals(0, r.code(), r.text() + r.errors());
        // Some launchers lose what a rank says last.
        assertTrue(r.errors().contains("java.lang.IllegalStateException: as the test wants"), r.errors());
    }

    /** Ranks whose launcher was killed must not stay: they notice by the end of its connection, or of its process. */
    @ParameterizedTest
    @MethodSource("engines")
    void shouldLeaveNoRankWhenTheLauncherIsKilled(Engine engine) throws Exception {
        assumeTrue(!engine.program().equals("srun"), "the ranks of a killed srun are Slurm's, which ends them when it likes");
        Path alive = Files.createTempDirectory(classes, "alive");
        Process launcher = start(engine, Map.of("ALIVE", alive.toString()), Waiting.class.getName()).process();
        try {
            Duration limit = Duration.ofSeconds(LIMIT_SECONDS);
            Eventually.until("the ranks have started", limit, () -> pids(alive).size() == RANKS,
                    () -> launcher.toHandle().info() + " " + pids(alive));
            List<ProcessHandle> ranks = pids(alive).stream().flatMap(pid -> ProcessHandle.of(pid).stream()).toList();
            launcher.destroyForcibly();
            Eventually.until("the ranks have ended", limit, () -> ranks.stream().noneMatch(ProcessHandle::isAlive), ranks::toString);
        } finally {
            pids(alive).forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        }
    }

    /** Every behaviour of the library, under one launcher for each way into a job. */
    @ParameterizedTest
    @MethodSource("engines")
    void shouldBehaveUnderEachWayIn(Engine engine) throws Exception {
        assumeTrue(Boolean.parseBoolean(System.getenv().getOrDefault("JADI_LONG", "").replace("1", "true")),
                "only with ./ci/verify --long");
        Result r = runUnder(engine, Map.of(), Behaviours.class.getName());
        assertEquals(0, r.code(), r.text() + r.errors());
    }

    @Test
    void shouldRefuseToBeOneOfManySingletons() throws Exception {
        assumeTrue(Installed.hasProgram("mpiexec.mpich"), "mpiexec.mpich is not installed");
        // A shell between closes nothing, env takes the variable away: as where a wrapper lost the connection.
        List<String> words = new ArrayList<>(List.of("mpiexec.mpich", "-n", "2", "env", "-u", "PMI_FD"));
        words.addAll(java(Rollcall.class.getName()));
        Result r = run(words, Map.of());
        assertNotEquals(0, r.code(), r.text() + r.errors());
        assertTrue(r.errors().contains("of 2 (PMI_SIZE=2), but offers no way to the others"), r.errors());
    }

    private static List<Long> pids(Path folder) {
        File[] files = folder.toFile().listFiles();
        return files == null ? List.of() : Arrays.stream(files).map(f -> Long.parseLong(f.getName())).toList();
    }

    private static Result runUnder(Engine engine, Map<String, String> environment, String... program) throws Exception {
        return result(start(engine, environment, program));
    }

    private static Started start(Engine engine, Map<String, String> environment, String... program) throws Exception {
        assumeTrue(Installed.hasProgram(engine.program()), engine.program() + " is not installed");
        assumeTrue(!engine.program().equals("srun") || !slurm.isEmpty(), "Slurm's daemons are not installed, or this is not root");
        List<String> words = new ArrayList<>(engine.words());
        words.addAll(java(program));
        Map<String, String> all = new LinkedHashMap<>(slurm);
        all.putAll(Map.of("PRTE_ALLOW_RUN_AS_ROOT", "1", "PRTE_ALLOW_RUN_AS_ROOT_CONFIRM", "1"));
        all.putAll(environment);
        return start(words, all);
    }

    private static List<String> java(String... program) {
        List<String> words = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-cp",
                classes + File.pathSeparator + System.getProperty("java.class.path")));
        words.addAll(List.of(program));
        return words;
    }

    private static Result run(List<String> words, Map<String, String> environment) throws Exception {
        return result(start(words, environment));
    }

    private static Started start(List<String> words, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        Path output = Files.createTempFile(classes, "output", "");
        Path errors = Files.createTempFile(classes, "errors", "");
        return new Started(builder.redirectOutput(output.toFile()).redirectError(errors.toFile())
                .redirectInput(new File("/dev/null")).start(), output, errors);
    }

    private static Result result(Started started) throws Exception {
        if (!started.process().waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            started.process().destroy();
            throw new AssertionError("not done after " + LIMIT_SECONDS + " s: " + Files.readString(started.output())
                    + Files.readString(started.errors()));
        }
        return new Result(started.process().exitValue(), Files.readString(started.output()),
                Files.readString(started.errors()));
    }

    private static String sorted(String text) {
        return text.lines().filter(l -> !l.isBlank()).sorted().reduce("", (a, b) -> a + b + "\n");
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }
}
