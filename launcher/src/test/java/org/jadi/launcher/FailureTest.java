package org.jadi.launcher;

import static org.jadi.launcher.MpiRunHarness.ACTOR;
import static org.jadi.launcher.MpiRunHarness.holdsWithin;
import static org.jadi.launcher.MpiRunHarness.kill;
import static org.jadi.launcher.MpiRunHarness.run;
import static org.jadi.launcher.MpiRunHarness.start;
import static org.jadi.launcher.MpiRunHarness.startUnder;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jadi.launcher.MpiRunHarness.Result;
import org.jadi.launcher.MpiRunHarness.Running;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that end badly, and what is left of them: nothing. */
@Timeout(60)
class FailureTest {
    @TempDir
    Path folder;

    private static void assertOneLine(String pattern, Result result) {
        assertTrue(result.err().matches("mpirun: " + pattern + "\n"), result.err());
    }

    @Test
    void shouldReturnCodeOfFirstFailure() throws Exception {
        Result result = run("-np", "3", ACTOR, "exit", "1", "42");
        assertEquals(42, result.code(), result.err());
        assertOneLine("rank 1 \\(pid [0-9]+\\) ended with exit code 42; the job was ended", result);
    }

    @Test
    void shouldReturnCodeOfAbort() throws Exception {
        Result result = run("-np", "3", ACTOR, "abort", "2", "7");
        assertEquals(7, result.code(), result.err());
        assertOneLine("rank 2 \\(pid [0-9]+\\) aborted the job with code 7: because of a test", result);
    }

    @Test
    void shouldEndWithinASecondWhenRankIsKilled() throws Exception {
        Running job = start("-np", "3", ACTOR, "hang");
        Map<Integer, Long> pids = job.awaitHanging(3);
        long begin = System.nanoTime();
        kill("KILL", pids.get(2));
        Result result = job.await();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertEquals(137, result.code());
        assertOneLine("rank 2 \\(pid " + pids.get(2) + "\\) was killed by signal 9 \\(SIGKILL\\); the job was ended", result);
        assertTrue(millis < 1000, millis + " ms");
        assertGone(pids, 0);
        assertFalse(Files.exists(job.jobFolder()));
    }

    @Test
    void shouldLeaveNothingWhenKilledItself() throws Exception {
        Running job = start("-np", "3", ACTOR, "hang");
        Map<Integer, Long> pids = job.awaitHanging(3);
        Path jobFolder = job.jobFolder();
        kill("KILL", job.process().pid());
        assertGone(pids, 2000);
        assertTrue(Files.exists(jobFolder), "a killed launcher cannot have deleted it");
        Running other = start("-np", "1", ACTOR, "hang");
        other.awaitHanging(1);
        assertTrue(holdsWithin(10_000, () -> !Files.exists(jobFolder)), "the next start sweeps it");
        assertTrue(Files.exists(other.jobFolder()), "a living job's folder stays");
        Result third = run("-np", "1", ACTOR, "exchange");
        assertEquals(0, third.code());
        assertTrue(Files.exists(other.jobFolder()), "a living job's folder stays");
        kill("TERM", other.process().pid());
        other.await();
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    void shouldEndOnInterruptAndTermination(String signal, int code) throws Exception {
        Running job = start("-np", "2", ACTOR, "hang");
        Map<Integer, Long> pids = job.awaitHanging(2);
        kill(signal, job.process().pid());
        Result result = job.await();
        assertEquals(code, result.code());
        assertOneLine("ended by signal [0-9]+ \\(SIG" + signal + "\\)", result);
        assertGone(pids, 0);
    }

    /** Whoever ignores a signal passes that on to all that he starts: it is what nohup, and an & of scripts, are for. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "HUP"})
    void shouldGoOnWhereASignalIsIgnored(String signal) throws Exception {
        Running job = startUnder(List.of("env", "--ignore-signal=" + signal), Map.of(), "-np", "2", "/bin/sh", "-c",
                "trap 'echo got it; exit 0' USR1; echo hanging $JADI_RANK pid $$ in none; while :; do sleep 0.05; done");
        job.awaitHanging(2);
        kill(signal, job.process().pid());
        kill("USR1", job.process().pid());
        Result result = job.await();
        assertEquals(0, result.code(), result.err());
        assertEquals(3, result.out().split("got it", -1).length, result.out());
    }

    @Test
    void shouldKillRanksThatDoNotEnd() throws Exception {
        Running job = start("-np", "2", ACTOR, "stubborn");
        Map<Integer, Long> pids = job.awaitHanging(2);
        long begin = System.nanoTime();
        kill("TERM", job.process().pid());
        assertEquals(143, job.await().code());
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis > 1900 && millis < 4000, millis + " ms");
        assertGone(pids, 0);
    }

    @Test
    void shouldNotBeHarmedByFloodOfConnections() throws Exception {
        Running job = start("-np", "3", ACTOR, "fences", "2000");
        job.awaitHanging(1);
        String root = job.jobFolder().toString();
        int port = Integer.parseInt(root.substring(root.indexOf(':') + 1));
        List<Socket> flood = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Socket socket = new Socket("127.0.0.1", port);
            flood.add(socket);
            if (i % 2 == 0) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }
        Result result = job.await();
        assertEquals(0, result.code(), result.err());
        for (Socket socket : flood) {
            socket.close();
        }
    }

    @Test
    void shouldForwardUserSignals() throws Exception {
        Running job = start("-np", "2", "/bin/sh", "-c",
                "trap 'echo got it; exit 0' USR1; echo hanging $JADI_RANK pid $$ in none; while :; do sleep 0.05; done");
        job.awaitHanging(2);
        kill("USR1", job.process().pid());
        Result result = job.await();
        assertEquals(0, result.code(), result.err());
        assertEquals(3, result.out().split("got it", -1).length, result.out());
    }

    @Test
    void shouldTellStatesAtTimeLimit() throws Exception {
        Result result = run("-np", "2", "--timeout", "1500ms", ACTOR, "hang");
        assertEquals(124, result.code());
        for (int rank = 0; rank < 2; rank++) {
            assertTrue(result.err().contains("---- rank " + rank + " (pid "), result.err());
        }
        assertTrue(result.err().contains("acting: hang\n"), result.err());
        assertTrue(result.err().contains("    at Actor.act(Actor.java:"), result.err());
        assertTrue(result.err().contains("did not end within its time limit of 1500 ms"), result.err());
        assertTrue(result.millis() < 6000, result.millis() + " ms");
    }

    @Test
    void shouldDumpJvmsThatHaveNotJoined() throws Exception {
        Path source = Files.writeString(folder.resolve("Mute.java"),
                "void main() throws Exception { Thread.sleep(60_000); }\n");
        Result result = run("-np", "1", "--timeout", "2s", source.toString());
        assertEquals(124, result.code());
        assertTrue(result.err().contains("its JVM prints its stacks"), result.err());
        assertTrue(result.out().contains("Mute.main(Mute.java:1)"), result.out() + result.err());
    }

    @Test
    void shouldShowCompilerErrorsOnce() throws Exception {
        Path source = Files.writeString(folder.resolve("Wrong.java"),
                "class Wrong { public static void main(String[] a) { int x = \"text\"; } }\n");
        Result result = run("-np", "4", source.toString());
        assertEquals(1, result.code());
        assertEquals(2, result.err().split("incompatible types", -1).length, result.err());
        assertTrue(result.err().startsWith("mpirun: cannot compile " + source), result.err());
    }

    @Test
    void shouldNameWhatIsNotThere() throws Exception {
        assertRefused(127, "program not found: nosuchprogram is no command on PATH", "-np", "2", "nosuchprogram");
        assertRefused(127, "program not found: No.java", "-np", "2", "No.java");
        assertRefused(127, "program not found: no.jar", "no.jar");
        assertRefused(127, "program not found: ./no (no such file)", "./no");
        assertRefused(127, "class not found: org.example.No is not in class path .", "-cp", ".", "org.example.No");
        assertRefused(127, "this Jadi has no benchmarks", "bench", "latency");
        assertRefused(1, "cannot read the jar", Files.writeString(folder.resolve("bad.jar"), "x").toString());
        assertRefused(1, "working directory not found: /no/such/folder", "-wdir", "/no/such/folder", "true");
    }

    @Test
    void shouldNameWrongOptions() throws Exception {
        assertRefused(2, "unknown option --tag-ouput; did you mean --tag-output?", "--tag-ouput", "x");
        assertRefused(2, "unknown option --devcie; did you mean --device?", "--devcie=tcp", "x");
        assertRefused(2, "unknown option --qqqqqqqq (", "--qqqqqqqq", "x");
        assertRefused(2, "option -np needs a whole number: value=two", "-np", "two", "x");
        assertRefused(2, "option -np must be between 1 and", "-np", "0", "x");
        assertRefused(2, "option --timeout needs a time such as", "--timeout", "soon", "x");
        assertRefused(2, "option --verbose takes no value", "--verbose=yes", "x");
        assertRefused(2, "option --wdir needs a value", "--wdir");
        assertRefused(2, "option -x names a variable that is not set: name=NO_SUCH", "-x", "NO_SUCH", "x");
        assertRefused(2, "no program is given", "-np", "2");
        assertRefused(2, "no program is given after the last ' : '", "true", ":");
    }

    private static void assertRefused(int code, String message, String... words) throws Exception {
        Result result = run(words);
        assertEquals(code, result.code(), result.err());
        assertTrue(result.err().startsWith("mpirun: " + message), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
    }

    @Test
    void shouldEndQuietlyWhenNobodyReads() throws Exception {
        Running job = start("-np", "1", ACTOR, "flood", "100000");
        job.process().getInputStream().close();
        assertTrue(job.process().waitFor(20, TimeUnit.SECONDS));
        assertEquals(141, job.process().exitValue());
    }

    private static void assertGone(Map<Integer, Long> pids, long patienceMillis) throws Exception {
        holdsWithin(patienceMillis, () -> pids.values().stream().noneMatch(FailureTest::running));
        for (long pid : pids.values()) {
            assertFalse(running(pid), "pid " + pid + " is alive");
        }
    }

    /** A killed process whose parent is gone may stay a zombie for a moment: that is not running. */
    private static boolean running(long pid) {
        Path stat = Path.of("/proc/" + pid + "/stat");
        try {
            String text = Files.readString(stat);
            return text.charAt(text.lastIndexOf(')') + 2) != 'Z';
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
