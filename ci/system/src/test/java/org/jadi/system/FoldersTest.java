package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jadi.adi.config.Config;
import org.jadi.bootstrap.folder.UserFolder;
import org.jadi.mpi.Mpi;
import org.jadi.mpi.Op;
import org.jadi.mpi.launch.InProcess;
import org.jadi.mpi.launch.LocalJob;
import org.jadi.testkit.Eventually;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The device shm leaves nothing, whoever has started its ranks and however they end. Jobs of others run on this machine
 * meanwhile, so shared memory is a folder of the test's own.
 */
class FoldersTest {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final int LIMIT_SECONDS = 120;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();
    private Path shared;
    private Path alive;

    @BeforeEach
    void makeFolders() throws IOException {
        shared = Files.createDirectory(folder.resolve("shared"));
        alive = Files.createDirectory(folder.resolve("alive"));
    }

    @AfterEach
    void killAll() {
        started.forEach(Process::destroyForcibly);
    }

    /** What a job leaves that was killed before its ranks had mapped each other. */
    private void leaveDeadJob() throws IOException {
        UserFolder user = UserFolder.below(shared);
        user.enter("dead", 0).close();
        Files.createFile(user.job("dead").resolve("rank-0"));
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.walk(shared)) {
            return files.filter(file -> !file.equals(shared)).toList();
        }
    }

    private Process start(Map<String, String> environment, String name, String... words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(Map.of("JADI_DEVICE", "shm", "JADI_SHM_ROOT", shared.toString(), "ALIVE", alive.toString()));
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).redirectOutput(folder.resolve(name).toFile())
                .redirectInput(new File("/dev/null")).start();
        started.add(process);
        return process;
    }

    private int end(Process process, String name) throws Exception {
        assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), () -> "it does not end: " + text(name));
        return process.exitValue();
    }

    private String text(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String[] java(String... words) {
        List<String> all = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        all.addAll(List.of(words));
        return all.toArray(String[]::new);
    }

    /** Without a launcher the ranks themselves make the folder; it is gone before the program's first line. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ranksWithoutALauncherLeaveNothing(boolean killed) throws Exception {
        leaveDeadJob();
        List<Process> ranks = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            ranks.add(start(Map.of("JADI_RENDEZVOUS", folder.resolve("card").toString(), "JADI_RANK", "" + rank, "JADI_SIZE", "2"),
                    "rank-" + rank, java((killed ? Waiting.class : Rollcall.class).getName())));
        }
        if (killed) {
            awaitAlive(2);
            assertEquals(List.of(), left());
            for (Process rank : ranks) {
                rank.destroyForcibly().waitFor();
            }
        } else {
            assertEquals(0, end(ranks.get(0), "rank-0"), () -> text("rank-0"));
            assertEquals(0, end(ranks.get(1), "rank-1"), () -> text("rank-1"));
        }
        assertEquals(List.of(), left());
    }

    private void awaitAlive(int ranks) throws Exception {
        Eventually.until(ranks + " ranks are alive", Duration.ofSeconds(LIMIT_SECONDS), () -> {
            try (Stream<Path> files = Files.list(alive)) {
                return files.count() == ranks;
            }
        }, () -> text("rank-0") + text("rank-1"));
    }

    @Test
    void ranksThatAreThreadsLeaveNothing() throws Exception {
        leaveDeadJob();
        Process well = start(Map.of(), "well", java(InProcess.class.getName(), "3", Rollcall.class.getName()));
        assertEquals(0, end(well, "well"), () -> text("well"));
        assertTrue(text("well").contains("rank 2 of 3: sum 6"), text("well"));
        assertEquals(List.of(), left());
        Process badly = start(Map.of(), "badly", java(InProcess.class.getName(), "2", Leaving.class.getName()));
        assertEquals(3, end(badly, "badly"), () -> text("badly"));
        assertEquals(List.of(), left());
    }

    /** A program that ends the JVM while all is open. */
    public static final class Leaving {
        /** Runs as a rank. */
        public static void main(String[] args) {
            try (Mpi mpi = Mpi.init(args)) {
                mpi.world().barrier();
                Runtime.getRuntime().halt(3);
            }
        }
    }

    /** As the extension of JUnit runs them: in a JVM that goes on, and several jobs at once. */
    @Test
    void jobsOfATestLeaveNothing() throws Exception {
        Config config = Config.of(Map.of("device", "shm", "shm.root", shared.toString()));
        List<LocalJob.Failure> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> jobs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            jobs.add(Thread.ofPlatform().daemon().start(() -> {
                for (int turn = 0; turn < 4; turn++) {
                    failures.add(new LocalJob(3).run(Duration.ofSeconds(60), null, place -> {
                        try (Mpi mpi = Mpi.init(place, config)) {
                            int[] sum = {1};
                            mpi.world().allreduce(sum, Op.SUM);
                            assertEquals(3, sum[0]);
                        }
                    }));
                }
            }));
        }
        for (Thread job : jobs) {
            job.join();
        }
        assertEquals(12, failures.size());
        failures.forEach(failure -> assertNull(failure, () -> failure + ""));
        assertEquals(List.of(), left());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Rollcall", "FoldersTest$Leaving"})
    void jobsOfMpirunLeaveNothing(String program) throws Exception {
        leaveDeadJob();
        Process job = start(Map.of(), "job", ROOT.resolve("mpirun").toString(), "-np", "2", "--timeout", LIMIT_SECONDS + "s", "-cp",
                System.getProperty("java.class.path"), "org.jadi.system." + program);
        int code = end(job, "job");
        if (program.equals("Rollcall")) {
            assertEquals(0, code, () -> text("job"));
            assertTrue(text("job").contains("rank 1 of 2: sum 3"), text("job"));
        } else {
            assertNotEquals(0, code, () -> text("job"));
        }
        assertEquals(List.of(), left());
    }
}
