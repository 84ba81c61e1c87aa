package org.jadi.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jadi.system.TestHosts.Result;
import org.jadi.system.TestHosts.Running;
import org.jadi.testkit.Installed;
import org.jadi.testkit.Eventually;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * mpirun across hosts with an sshd each: what it carries, how jobs end, what is left of them. Skipped without root and the
 * tools that make hosts out of namespaces.
 */
@Timeout(260)
class HostsTest {
    private static final String RING = TestHosts.ROOT.resolve("examples/Ring.java").toString();

    /** What a rank prints that then waits to be ended. */
    private static final String WAITER = "echo rank $JADI_RANK waits as $$; : JADI_TEST; while :; do sleep 0.1; done";

    /** How long a node may be silent where that is tested. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);
    private static TestHosts hosts;

    @BeforeAll
    static void up() throws Exception {
        String missing = TestHosts.missing();
        if (missing != null) {
            abort("hosts out of namespaces: " + missing);
        }
        hosts = TestHosts.up(4);
    }

    @AfterAll
    static void down() throws Exception {
        if (hosts != null) {
            hosts.close();
        }
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        assertEquals("", hosts.leftovers());
    }

    private static void assertEnded(int code, String message, Result result) {
        assertEquals(code, result.code(), result::toString);
        assertTrue(result.err().lines().anyMatch(line -> line.matches("mpirun: " + message)), result::toString);
        assertEquals(1, result.err().lines().filter(line -> line.startsWith("mpirun: ")).count(), result::toString);
    }

    @Test
    void shouldRunProgramAcrossHosts() throws Exception {
        Result result = hosts.run("--host", "h0,h1:2,h2", "-np", "5", "--device", "tcp", RING);
        assertEquals(0, result.code(), result::toString);
        assertEquals("11 from 4\n", result.out());
    }

    @Test
    void shouldBehaveAsOnOneHost() throws Exception {
        String classes = Path.of("target", "classes").toAbsolutePath().toString();
        Result result = hosts.run("--timeout", "200", "--host", "h0,h1,h2", "--device", "tcp", "-cp", classes,
                Behaviours.class.getName());
        assertEquals(0, result.code(), result::toString);
        assertTrue(result.out().contains(Behaviours.all().size() + " behaviours as demanded on 3 ranks"), result::toString);
    }

    /** UCX finds its way between hosts by the addresses that ranks publish; nothing but its tcp leads from one to the other. */
    @Test
    void shouldRunOverUcxBetweenHosts() throws Exception {
        assumeTrue(Installed.hasLibrary("libucp.so.0"), "UCX is not installed");
        String classes = Path.of("target", "classes").toAbsolutePath().toString();
        Result result = hosts.run("--host", "h0,h1,h2", "--device", "ucx", "--ucx-tls", "tcp", "--report-devices", "-cp", classes,
                Soak.class.getName(), "2");
        assertEquals(0, result.code(), result::toString);
        assertTrue(result.out().contains("soaked: "), result::toString);
        for (String pair : List.of("0 -> 1", "1 -> 2", "2 -> 0")) {
            assertTrue((result.out() + result.err()).contains(pair + ": ucx"), result::toString);
        }
    }

    /** Ranks of a host meet in shared memory, hosts over ucx. */
    @Test
    void shouldRunOverUcxBetweenHostsOnly() throws Exception {
        assumeTrue(Installed.hasLibrary("libucp.so.0"), "UCX is not installed");
        String classes = Path.of("target", "classes").toAbsolutePath().toString();
        Result result = hosts.run("--host", "h0:2,h1:2", "-np", "4", "--device", "shm,ucx", "--ucx-tls", "tcp", "--report-devices",
                "-cp", classes, Soak.class.getName(), "2");
        assertEquals(0, result.code(), result::toString);
        assertTrue(result.out().contains("soaked: "), result::toString);
        String all = result.out() + result.err();
        assertTrue(all.contains("0 -> 1: shm") && all.contains("1 -> 2: ucx"), result::toString);
    }

    @Test
    void shouldStartManyAgents() throws Exception {
        // All on h0, by its own shell: what agents cost, without what ssh does.
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < 64; i++) {
            list.append('n').append(i).append(',');
        }
        Result result = hosts.run("--rsh", "env NODE={host} sh -c", "--host", list.toString(), "sh", "-c", "echo $NODE $JADI_RANK");
        assertEquals(0, result.code(), result::toString);
        assertEquals(64, result.out().lines().distinct().count(), result::toString);
        assertTrue(result.out().contains("n63 63\n"), result::toString);
    }

    @Test
    void shouldTellEachRankItsPlaceOnItsHost() throws Exception {
        Path file = Files.writeString(hosts.scratch().resolve("hostfile"), "# both dialects\nh1 slots=2 max_slots=4\nh3:1\n");
        Result result = hosts.run("--hostfile", file.toString(), "-x", "COLOUR=red 'n blue", "sh", "-c",
                "echo $JADI_RANK/$JADI_SIZE $JADI_LOCAL_RANK/$JADI_LOCAL_SIZE $(cat /proc/sys/kernel/hostname) $COLOUR"
                + " $(stat -c %a $JADI_SECRET_FILE) $(stat -c %a $JADI_JOB_DIR) $PWD");
        assertEquals(0, result.code(), result::toString);
        String rest = " red 'n blue 600 700 " + TestHosts.ROOT;
        assertEquals(List.of("0/3 0/2 h1" + rest, "1/3 1/2 h1" + rest, "2/3 0/1 h3" + rest), result.sorted());
    }

    @Test
    void shouldCarryInputToRankZeroAndOutputOfAll() throws Exception {
        Running job = hosts.mpirun("--host", "h1,h2", "-l", "sh", "-c",
                "cat | cksum; for i in $(seq 5000); do echo line $i of $JADI_RANK; done; echo complaint >&2; printf end");
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            input.append(i).append('\n');
        }
        try (OutputStream in = job.process().getOutputStream()) {
            in.write(input.toString().getBytes());
        }
        Result result = job.await();
        assertEquals(0, result.code(), result::toString);
        assertTrue(result.out().contains("[1] 4294967295 0\n"), "rank 1 has no input");
        assertTrue(result.out().matches("(?s).*\\[0\\] [0-9]+ " + input.length() + "\n.*"), "rank 0 has all of it");
        for (int rank = 0; rank < 2; rank++) {
            String tag = "[" + rank + "] ";
            String own = String.join("\n", result.out().lines().filter(line -> line.startsWith(tag + "line")).toList());
            StringBuilder expected = new StringBuilder();
            for (int i = 1; i <= 5000; i++) {
                expected.append(i == 1 ? "" : "\n").append(tag).append("line ").append(i).append(" of ").append(rank);
            }
            assertEquals(expected.toString(), own);
            assertTrue(result.out().contains(tag + "end"), "the last line without an end");
        }
        assertEquals(2, result.err().split("complaint", -1).length - 1, result.err());
    }

    @Test
    void shouldWaitForSlowReaderOfOutput() throws Exception {
        // Nobody reads for longer than mpirun waits for silent agents; and the ranks have ended long before.
        Path out = hosts.scratch().resolve("slow");
        Result result = hosts.start(0, Map.of(), "bash", "-c", "./mpirun --timeout 100 --host h1,h2 sh -c 'seq 100000; echo end $JADI_RANK'"
                + " < /dev/null | { sleep 15; cat; } > " + out + "; exit ${PIPESTATUS[0]}").await();
        assertEquals(0, result.code(), result::toString);
        List<String> lines = Files.readAllLines(out);
        assertEquals(200_002, lines.size());
        assertTrue(lines.contains("end 0") && lines.contains("end 1"));
    }

    @Test
    void shouldReturnCodeOfRankElsewhere() throws Exception {
        assertEnded(42, "rank 1 \\(pid [0-9]+ on h2\\) ended with exit code 42; the job was ended",
                hosts.run("--host", "h1,h2,h3", "sh", "-c", "[ $JADI_RANK = 1 ] && exit 42; " + WAITER));
        assertEnded(137, "rank 2 \\(pid [0-9]+ on h3\\) was killed by signal 9 \\(SIGKILL\\); the job was ended",
                hosts.run("--host", "h1,h2,h3", "sh", "-c", "[ $JADI_RANK = 2 ] && kill -9 $$; " + WAITER));
    }

    @Test
    void shouldForwardSignals() throws Exception {
        Running job = hosts.mpirun("--host", "h1,h2", "sh", "-c", "trap 'echo got it; exit 0' USR1; " + WAITER);
        job.awaitLines(2, "waits");
        signal("USR1");
        Result result = job.await();
        assertEquals(0, result.code(), result::toString);
        assertEquals(3, result.out().split("got it", -1).length, result::toString);

        job = hosts.mpirun("--host", "h1,h2", "sh", "-c", "trap '' TERM; " + WAITER);
        job.awaitLines(2, "waits");
        signal("TERM");
        assertEnded(143, "ended by signal 15 \\(SIGTERM\\)", job.await());
    }

    @Test
    void shouldStopAndContinueWithoutBeingTakenForDead() throws Exception {
        Running job = hosts.mpirun("--heartbeat", HEARTBEAT.toSeconds() + "s", "--host", "h1,h2", "sh", "-c",
                "trap 'echo got it; exit 0' USR1; " + WAITER);
        job.awaitLines(2, "waits");
        signal("TSTP");
        awaitStopped(0, "[l]auncher.MpiRun");
        awaitStopped(1, "[J]ADI_TEST");
        awaitStopped(2, "[J]ADI_TEST");
        // Here time itself is what is tested: a node that was silent for so long would be given up if it were not stopped.
        Thread.sleep(HEARTBEAT.multipliedBy(5).dividedBy(2));
        signal("CONT");
        // nsenter stops itself when its child is stopped.
        new ProcessBuilder("kill", "-CONT", Long.toString(job.process().pid())).start().waitFor();
        signal("USR1");
        Result result = job.await();
        assertEquals(0, result.code(), result::toString);
        assertEquals(3, result.out().split("got it", -1).length, result::toString);
    }

    private static void awaitStopped(int host, String pattern) throws Exception {
        Eventually.until("h" + host + " has stopped " + pattern, Duration.ofSeconds(60),
                () -> !hosts.shell(host, "ps -eo stat,args | grep '^T.*" + pattern + "'").out().isEmpty());
    }

    private static void signal(String name) throws Exception {
        hosts.shell(0, "pkill -" + name + " -f '[o]rg.jadi.launcher.MpiRun'");
    }

    @Test
    void shouldTellStatesAtTimeLimit() throws Exception {
        Path program = Files.writeString(hosts.scratch().resolve("TestProgram.java"), """
                import org.jadi.mpi.Mpi;

                class TestProgram {
                    public static void main(String[] args) {
                        try (Mpi mpi = Mpi.init(args)) {
                            mpi.world().recv(new int[1], (mpi.world().rank() + 1) % 2, 7);
                        }
                    }
                }
                """);
        Result result = hosts.run("--timeout", "15", "--host", "h1,h2", program.toString());
        assertEquals(124, result.code(), result::toString);
        assertTrue(result.err().contains("---- rank 0 (pid ") && result.err().contains(" on h2)\n"), result::toString);
        assertEquals(3, result.err().split("recv POSTED", -1).length, result::toString);
        assertEquals(3, result.err().split("at TestProgram.main", -1).length, result::toString);
    }

    @Test
    void shouldNameHostThatCannotBeReached() throws Exception {
        Result result = hosts.run("--start-limit", "2s", "--host", "h1,nosuchhost", "true");
        assertEnded(1, "cannot start on host nosuchhost: .*Could not resolve.*", result);
        assertEnded(1, "cannot start on host h[12]: .*No such file.*--java PATH.*", hosts.run("--host", "h2,h1", "--java", "/no/java", "true"));
        assertEnded(1, "host h1: working directory not found: /no/folder.*", hosts.run("--host", "h1", "--wdir", "/no/folder",
                "true"));
    }

    @Test
    void shouldWaitForHostsThatComeUpLate() throws Exception {
        Path shell = Files.writeString(hosts.scratch().resolve("late-ssh"), """
                #!/bin/sh
                # Refuses twice for each host, as a host does whose sshd is not up yet.
                count=$(cat "$0.$1" 2> /dev/null || echo 0)
                echo $((count + 1)) > "$0.$1"
                [ "$count" -ge 2 ] || { echo "ssh: connect to host $1 port 22: Connection refused" >&2; exit 255; }
                exec ssh -F %s "$@"
                """.formatted(hosts.sshConfig()));
        assertTrue(shell.toFile().setExecutable(true));
        Result result = hosts.run("--rsh", shell.toString(), "--host", "h1,h2,h3", "cat", "/proc/sys/kernel/hostname");
        assertEquals(0, result.code(), result::toString);
        assertEquals(List.of("h1", "h2", "h3"), result.sorted());
    }

    @Test
    void shouldStartHostItselfWhatOtherHostsCannotReach() throws Exception {
        // A tree of 12 hosts: eight from mpirun, the others from them; and only h0 has the key that opens them.
        Path shell = Files.writeString(hosts.scratch().resolve("only-h0"), """
                #!/bin/sh
                [ "$(cat /proc/sys/kernel/hostname)" = h0 ] || { echo "Permission denied (publickey)." >&2; exit 255; }
                host=$1
                shift
                exec ssh -F %s "h$((${host#n} %% 4))" "$@"
                """.formatted(hosts.sshConfig()));
        assertTrue(shell.toFile().setExecutable(true));
        String list = "n0,n1,n2,n3,n4,n5,n6,n7,n8,n9,n10,n11";
        Result result = hosts.run("--rsh", shell.toString(), "--host", list, "sh", "-c", "echo $JADI_RANK");
        assertEquals(0, result.code(), result::toString);
        assertEquals(12, result.out().lines().distinct().count(), result::toString);
    }

    @Test
    void shouldTakeProgramToHostsWithoutSharedFiles() throws Exception {
        // The hosts have a home of their own, and see neither this tree nor the caches; only Java is where it is here.
        Path bare = Files.writeString(hosts.scratch().resolve("bare-ssh"), """
                #!/bin/bash
                # An ssh to hosts on which the tree and the homes are not there.
                words=("${@:1:$#-1}")
                bare="mkdir -p /run/home && mount -t tmpfs tmpfs %2$s && mount -t tmpfs tmpfs /root && cd / || exit 1
                    export HOME=/run/home; ${*: -1}"
                exec ssh -F %1$s "${words[@]}" "exec unshare -m sh -c $(printf %%q "$bare")"
                """.formatted(hosts.sshConfig(), TestHosts.ROOT));
        assertTrue(bare.toFile().setExecutable(true));
        Result without = hosts.run("--rsh", bare.toString(), "--host", "h1,h2,h3", RING);
        assertEquals(1, without.code(), without::toString);
        for (int turn = 0; turn < 2; turn++) {
            Result result = hosts.run("--rsh", bare.toString(), "--stage", "--host", "h1,h2,h3", "--device", "tcp", RING);
            assertEquals(0, result.code(), result::toString);
            assertEquals("4 from 2\n", result.out());
        }
        assertTrue(hosts.shell(1, "ls /run/home/.cache/jadi/staged").out().lines().count() > 2, "kept for the next job");
        assertEnded(2, "--stage takes Java programs along, and nothing else: program=.*true", hosts.run("--stage", "--host",
                "h1,h2", "true"));
    }

    @Test
    void shouldEndJobWhenHostFallsSilent() throws Exception {
        Running job = hosts.mpirun("--heartbeat", "2s", "--host", "h0,h1,h2", "sh", "-c", WAITER);
        job.awaitLines(3, "waits");
        long begin = System.nanoTime();
        hosts.script("cut", "h2");
        Result result;
        try {
            result = job.await();
        } finally {
            hosts.script("heal", "h2");
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertEnded(1, "lost host h2: it has fallen silent, nothing was heard of it for 2 s; the job was ended", result);
        assertTrue(millis < 30_000, millis + " ms");
    }

    @Test
    void shouldEndOnSilentHostWhatNobodyAsksForAnyMore() throws Exception {
        Running job = hosts.mpirun("--heartbeat", "2s", "--host", "h1,h2", "sh", "-c", WAITER);
        job.awaitLines(2, "waits");
        hosts.script("cut", "h2");
        try {
            job.await();
            // The cable is still out: the agent there ends by itself.
            assertEquals("", hosts.leftovers());
        } finally {
            hosts.script("heal", "h2");
        }
    }

    @Test
    void shouldEndJobWhenAgentDies() throws Exception {
        Running job = hosts.mpirun("--host", "h1,h2", "sh", "-c", WAITER);
        job.awaitLines(2, "waits");
        hosts.shell(2, "pkill -KILL -f '[r]emote.Agent'");
        assertEnded(1, "lost host h2: ended with code .*; the job was ended", job.await());
        // A killed agent cannot delete its job's folder: the next one does.
        assertEquals(0, hosts.run("--host", "h2", "sleep", "0.5").code());
    }

    @Test
    void shouldLeaveNothingWhenMpirunIsKilled() throws Exception {
        Running job = hosts.mpirun("--host", "h0,h1,h2", "sh", "-c", WAITER);
        job.awaitLines(3, "waits");
        signal("KILL");
        assertEquals(137, job.await().code());
    }

    @Test
    void shouldRunOverLossyNetwork() throws Exception {
        hosts.script("loss", "3");
        try {
            Result result = hosts.run("--host", "h0,h1,h2", "-np", "3", "--device", "tcp", RING);
            assertEquals(0, result.code(), result::toString);
            assertEquals("4 from 2\n", result.out());
        } finally {
            hosts.script("loss", "0");
        }
    }

    @Test
    void shouldNotBeMisledByInterfacesThatLeadNowhere() throws Exception {
        for (int host = 0; host < 4; host++) {
            hosts.script("dead-end", "h" + host);
        }
        Result result = hosts.run("--host", "h1,h2,h3", "-np", "3", "--device", "tcp", RING);
        assertEquals(0, result.code(), result::toString);
        assertEquals("4 from 2\n", result.out());
    }

    @Test
    void shouldRunOverLongDistance() throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/python3")) || !Files.exists(Path.of("/dev/net/tun"))) {
            abort("a network with delay needs python3 and /dev/net/tun");
        }
        hosts.script("wan", "20", "100");
        Result result = hosts.run("-x", "JADI_TCP_INTERFACE=wan0", "--host", "h0,h1,h2", "-np", "3", "--device", "tcp", RING);
        assertEquals(0, result.code(), result::toString);
        assertEquals("4 from 2\n", result.out());
    }

    @Test
    void shouldTakeHostsAndSlotsFromSlurm() throws Exception {
        if (!Files.isExecutable(Path.of("/usr/sbin/slurmctld")) || !Files.isExecutable(Path.of("/usr/sbin/slurmd"))
                || !Files.isExecutable(Path.of("/usr/bin/salloc"))) {
            abort("needs Slurm (apt install slurmctld slurmd slurm-client)");
        }
        hosts.script("slurm");
        Result places = hosts.allocated("-N3", "-n4", "sh", "-c",
                "echo $JADI_RANK $JADI_LOCAL_RANK/$JADI_LOCAL_SIZE $(cat /proc/sys/kernel/hostname)");
        assertEquals(0, places.code(), places::toString);
        assertEquals(List.of("0 0/2 h1", "1 1/2 h1", "2 0/1 h2", "3 0/1 h3"), places.sorted());
        Result ring = hosts.allocated("-N3", "-n4", "--device", "tcp", RING);
        assertEquals(0, ring.code(), ring::toString);
        assertEquals("7 from 3\n", ring.out());
        Result failing = hosts.allocated("-N2", "-n2", "sh", "-c", "[ $JADI_RANK = 1 ] && exit 9; " + WAITER);
        assertEquals(9, failing.code(), failing::toString);
    }

    @Test
    void shouldKeepStrangersOut() throws Exception {
        Running job = hosts.mpirun("-v", "--host", "h1,h2", "sh", "-c", "echo secret $JADI_SECRET_FILE root $JADI_ROOT; " + WAITER);
        job.awaitLines(2, "waits");
        String line = job.output().lines().filter(l -> l.startsWith("secret")).findFirst().orElseThrow();
        String[] words = line.split(" ");
        String secretFile = words[1];
        String port = words[3].substring(words[3].lastIndexOf(':') + 1);
        int host = hosts.shell(1, "ls " + secretFile).code() == 0 ? 1 : 2;
        String secret = hosts.shell(host, "cat " + secretFile).out().strip();
        assertEquals(64, secret.length());

        // Another user of the host reads neither the file nor the environment, and the secret stands nowhere else.
        String nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups ";
        for (String attempt : List.of("cat " + secretFile, "ls " + Path.of(secretFile).getParent(),
                "sh -c 'cat /proc/$(pgrep -f JADI_TES[T] | head -1)/environ'")) {
            assertFalse(hosts.shell(host, nobody + attempt).code() == 0, attempt);
        }
        Path pattern = Files.writeString(hosts.scratch().resolve("pattern"), secret + "\n");
        for (int h = 0; h < 3; h++) {
            Result found = hosts.shell(h, "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | grep -a -c -F -f " + pattern);
            assertEquals("0\n", found.out(), "the secret stands on a command line or in an environment of h" + h);
        }
        assertFalse(Files.readString(job.err()).contains(secret), "the secret stands in the log");

        // Its agent and ranks hear nobody from outside, and garbage from inside harms nobody.
        String knock = "exec 3<>/dev/tcp/%s/" + port;
        assertFalse(hosts.shell(3, "bash -c '" + knock.formatted("10.77.0.1" + host) + "'").code() == 0, "reached from outside");
        for (String hostile : List.of("head -c 200000 /dev/urandom >&3", "printf GET >&3; sleep 7; cat <&3",
                "yes AAAAAAAAAAAAAAAA | tr -d \"\\n\" | head -c 3000000 >&3", "cat <&3 & sleep 6")) {
            hosts.shell(host, nobody + "timeout 20 bash -c '" + knock.formatted("127.0.0.1") + "; " + hostile + "'");
        }
        assertTrue(job.process().isAlive(), "strangers have ended the job");
        signal("TERM");
        assertEquals(143, job.await().code());
    }
}
