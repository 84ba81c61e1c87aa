package org.jadi.launcher;

import static org.jadi.launcher.MpiRunHarness.ACTOR;
import static org.jadi.launcher.MpiRunHarness.holdsWithin;
import static org.jadi.launcher.MpiRunHarness.kill;
import static org.jadi.launcher.MpiRunHarness.run;
import static org.jadi.launcher.MpiRunHarness.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jadi.launcher.MpiRunHarness.Result;
import org.jadi.launcher.MpiRunHarness.Running;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Agents and their tree, on this host alone: the remote shell is this host's own shell, by whatever name it is called. What
 * needs real hosts stands in the system tests.
 */
@Timeout(120)
class AgentsTest {
    private static final String SHELL = "env NODE={host} sh -c";

    private static Result onHosts(String hosts, String... words) throws Exception {
        return run(command(hosts, words));
    }

    private static String[] command(String hosts, String... words) {
        List<String> command = new ArrayList<>(List.of("--rsh", SHELL, "--host", hosts));
        command.addAll(List.of(words));
        return command.toArray(String[]::new);
    }

    @Test
    void shouldExchangeThroughTree() throws Exception {
        // Ten hosts: eight are started by mpirun, and two of those start another one each.
        Result result = onHosts("n0,n1,n2,n3,n4,n5,n6,n7,n8,n9", ACTOR, "exchange");
        assertEquals(0, result.code(), result.err());
        assertEquals("", result.err());
        List<String> expected = new ArrayList<>();
        for (int rank = 0; rank < 10; rank++) {
            expected.add(rank + " of 10: hello from " + (rank + 1) % 10);
        }
        assertEquals(expected, result.sortedLines());
    }

    @Test
    void shouldFenceAgainAndAgain() throws Exception {
        Result result = onHosts("n0:2,n1:2", ACTOR, "fences", "200");
        assertEquals(0, result.code(), result.err());
    }

    @Test
    void shouldKnowPlaces() throws Exception {
        Result result = onHosts("n0:2,n1", "sh", "-c", "echo $NODE $JADI_RANK $JADI_LOCAL_RANK $JADI_LOCAL_SIZE");
        assertEquals(List.of("n0 0 0 2", "n0 1 1 2", "n1 2 0 1"), result.sortedLines(), result.err());
    }

    @Test
    void shouldPassOnAbortAndMissingFinish() throws Exception {
        Result abort = onHosts("n0,n1,n2", ACTOR, "abort", "2", "7");
        assertEquals(7, abort.code(), abort.err());
        assertTrue(abort.err().matches("mpirun: rank 2 \\(pid [0-9]+ on n2\\) aborted the job with code 7: because of a test\n"),
                abort.err());
        Result leave = onHosts("n0,n1", ACTOR, "leave", "1");
        assertEquals(1, leave.code(), leave.err());
        assertTrue(leave.err().contains(" on n1) ended without Mpi.close()"), leave.err());
    }

    @Test
    void shouldLeaveNothingWhenMpirunIsKilled() throws Exception {
        Running job = start(command("n0,n1", ACTOR, "hang"));
        Map<Integer, Long> pids = job.awaitHanging(2);
        Path folder = job.jobFolder();
        ProcessHandle.of(job.process().pid()).orElseThrow().destroyForcibly();
        job.await();
        holdsWithin(20_000, () -> !Files.exists(folder) && pids.values().stream().noneMatch(pid -> ProcessHandle.of(pid).isPresent()));
        assertFalse(Files.exists(folder), "the folder of ranks at " + folder);
        for (long pid : pids.values()) {
            assertFalse(ProcessHandle.of(pid).isPresent(), "a rank lives on: pid=" + pid);
        }
    }

    @Test
    void shouldSurviveGreetingsOfShells() throws Exception {
        Result result = run("--rsh", "env NODE={host} sh -c", "--host", "n0", "--java", noisyJava(), "sh", "-c", "echo fine");
        assertEquals(0, result.code(), result.err());
        assertEquals("fine\n", result.out());
    }

    private static String noisyJava() throws Exception {
        return script("echo Welcome to this host\necho\nexec " + System.getProperty("java.home") + "/bin/java \"$@\"");
    }

    private static String silentShell() throws Exception {
        return script("exec sleep 1000");
    }

    private static String script(String commands) throws Exception {
        Path script = Files.createTempFile(Path.of("target"), "script-", "").toAbsolutePath();
        Files.writeString(script, "#!/bin/sh\n" + commands + "\n");
        assertTrue(script.toFile().setExecutable(true));
        return script.toString();
    }

    @Test
    void shouldGoOnWhenAnAgentsJvmSpeaks() throws Exception {
        Running job = start(command("n0,n1", ACTOR, "hang"));
        job.awaitHanging(2);
        List<Long> agents = job.process().toHandle().descendants()
                .filter(p -> p.info().commandLine().orElse("").contains(".remote.Agent")).map(ProcessHandle::pid).toList();
        assertEquals(2, agents.size());
        for (long agent : agents) {
            kill("QUIT", agent); // It prints all its stacks, and goes on.
        }
        Result again = run(command("n0,n1", ACTOR, "exchange"));
        assertEquals(0, again.code(), again.err());
        assertTrue(job.process().isAlive());
        kill("TERM", job.process().pid());
        Result result = job.await();
        assertEquals(143, result.code(), result.err());
    }

    @Test
    void shouldTellWhatIsNoAgent() throws Exception {
        Result result = run("--rsh", "echo hello", "--host", "n0", "true");
        assertEquals(1, result.code());
        assertTrue(result.err().startsWith("mpirun: cannot start on host n0: ended with code 0, it printed: hello n0 exec "),
                result.err());
    }

    @Test
    void shouldNotWaitForEverForAShellThatSaysNothing() throws Exception {
        Result result = run("--rsh", silentShell(), "--heartbeat", "0", "--start-limit", "2s", "--host", "n0", "true");
        assertEquals(1, result.code());
        assertTrue(result.err().contains("cannot start on host n0: the remote shell did not answer within 2 s"), result.err());
    }

    @Test
    void shouldRefuseHostsThatAreOptions() throws Exception {
        Result result = run("--host", "-oProxyCommand=touch${IFS}x", "true");
        assertEquals(2, result.code());
        assertTrue(result.err().contains("not a host name"), result.err());
    }
}
