package org.jadi.launcher;

import static org.jadi.launcher.MpiRunHarness.ACTOR;
import static org.jadi.launcher.MpiRunHarness.holdsWithin;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jadi.launcher.MpiRunHarness.Result;
import org.jadi.launcher.MpiRunHarness.Running;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is left in shared memory after the last job of a user: nothing, not even the user's folder. Jobs of others run on
 * this machine meanwhile, so shared memory is a folder of the test's own.
 */
@Timeout(120)
class LeftoversTest {
    @TempDir
    Path shared;

    private Running start(String... words) throws IOException {
        return MpiRunHarness.start(Map.of("JADI_SHM_ROOT", shared.toString()), words);
    }

    private Result run(String... words) throws Exception {
        return start(words).await();
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.walk(shared)) {
            return files.filter(file -> !file.equals(shared)).map(file -> shared.relativize(file).toString()).toList();
        }
    }

    @Test
    void shouldLeaveNothingAfterAJobThatEndsWell() throws Exception {
        Running job = start("-np", "2", ACTOR, "hang");
        job.awaitHanging(2);
        assertTrue(job.jobFolder().startsWith(shared), job.jobFolder().toString());
        new ProcessBuilder("/bin/sh", "-c", "kill -s TERM " + job.process().pid()).start().waitFor();
        assertEquals(143, job.await().code());
        assertEquals(List.of(), left());
        Result well = run("-np", "2", ACTOR, "exchange");
        assertEquals(0, well.code(), well.err());
        assertEquals(List.of(), left());
    }

    @ParameterizedTest
    @CsvSource({"42, -np 3 ACTOR exit 1 42", "7, -np 2 ACTOR abort 1 7", "124, -np 2 --timeout 1500ms ACTOR hang", "127, nosuchprogram",
        "1, -np 1 -wdir /no/such/folder true"})
    void shouldLeaveNothingAfterAJobThatFails(int code, String words) throws Exception {
        Result result = run(words.replace("ACTOR", ACTOR).split(" "));
        assertEquals(code, result.code(), result.err());
        assertEquals(List.of(), left());
    }

    @Test
    void shouldLeaveNothingWithTheJobAfterOneThatWasKilled() throws Exception {
        Running killed = start("-np", "1", ACTOR, "hang");
        Map<Integer, Long> pids = killed.awaitHanging(1);
        killed.process().destroyForcibly().waitFor();
        assertTrue(Files.exists(killed.jobFolder()), "it cannot have deleted it");
        awaitEnd(pids.get(0));
        assertEquals(0, run("-np", "1", "true").code());
        assertEquals(List.of(), left());
    }

    @Test
    void shouldGoWithTheLastOfSeveralJobs() throws Exception {
        Running first = start("-np", "1", "/bin/sh", "-c", "echo hanging 0 pid $$ in $JADI_JOB_DIR; read line");
        first.awaitHanging(1);
        assertEquals(0, run("-np", "1", "true").code());
        assertTrue(Files.exists(first.jobFolder().resolve("secret")), "it lives");
        first.type("\n");
        assertEquals(0, first.await().code());
        assertEquals(List.of(), left());
    }

    @Test
    void shouldSayThatSharedMemoryIsNotThere() throws Exception {
        Result result = MpiRunHarness.start(Map.of("JADI_SHM_ROOT", shared.resolve("nowhere").toString()), "-np", "1", "true").await();
        assertEquals(1, result.code());
        assertTrue(result.err().startsWith("mpirun: cannot make the job's folder: below=" + shared.resolve("nowhere")), result.err());
    }

    /** The kernel ends ranks with their launcher, but not in the same instant: until then their job is not dead. */
    private static void awaitEnd(long pid) throws Exception {
        assertTrue(holdsWithin(20_000, () -> ProcessHandle.of(pid).isEmpty() || isZombie(pid)), "a rank lives on: pid=" + pid);
    }

    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException e) {
            return true;
        }
    }
}
