package org.jadi.system;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jadi.testkit.Eventually;

/** Several hosts on this machine, made of namespaces by {@code hosts/hosts.sh}: h0, where mpirun runs, h1, and so on. */
final class TestHosts {
    static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Path SCRIPT = ROOT.resolve("ci/system/hosts/hosts.sh");
    private static final Duration LIMIT = Duration.ofSeconds(220);

    /** How a command has ended. */
    record Result(int code, String out, String err, long millis) {
        List<String> sorted() {
            return out.lines().sorted().toList();
        }

        @Override
        public String toString() {
            return "code=" + code + " after " + millis + " ms\n" + out + err;
        }
    }

    /** A command while it runs. */
    record Running(Process process, Path out, Path err, long begin) {
        String output() throws IOException {
            return Files.readString(out, StandardCharsets.ISO_8859_1);
        }

        /** Waits until so many lines of output have a text. */
        void awaitLines(int count, String text) throws Exception {
            Eventually.until(count + " lines with " + text, LIMIT, () -> {
                if (output().lines().filter(line -> line.contains(text)).count() >= count) {
                    return true;
                }
                if (!process.isAlive()) {
                    throw new AssertionError("ended without " + count + " lines with " + text + ": " + said());
                }
                return false;
            }, this::said);
        }

        private String said() {
            try {
                return output() + Files.readString(err, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                return e.toString();
            }
        }

        Result await() throws Exception {
            if (!process.waitFor(LIMIT)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("does not end: " + said());
            }
            return new Result(process.exitValue(), output(), Files.readString(err, StandardCharsets.ISO_8859_1), (System.nanoTime() - begin) / 1_000_000);
        }
    }

    private final Path folder;
    private final int count;

    private TestHosts(Path folder, int count) {
        this.folder = folder;
        this.count = count;
    }

    /** Returns what is missing for such hosts, or null. */
    static String missing() {
        if (!System.getProperty("user.name").equals("root")) {
            return "needs root";
        }
        for (String tool : List.of("ip", "nsenter", "unshare", "ssh", "ssh-keygen", "nft", "pgrep", "/usr/sbin/sshd")) {
            boolean there = tool.startsWith("/") ? new File(tool).canExecute()
                    : Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin").anyMatch(f -> new File(f, tool).canExecute());
            if (!there) {
                return "needs the command " + tool + " (apt install openssh-server iproute2 nftables procps util-linux)";
            }
        }
        return null;
    }

    static TestHosts up(int count) throws Exception {
        Path base = Files.createDirectories(ROOT.resolve("ci/system/target"));
        TestHosts hosts = new TestHosts(Files.createTempDirectory(base, "hosts-"), count);
        hosts.script("up", "" + count);
        return hosts;
    }

    /** Runs a command of the script, which must succeed. */
    void script(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString(), folder.toString()));
        command.addAll(List.of(words));
        Result result = start(Map.of(), command).await();
        if (result.code() != 0) {
            throw new AssertionError(command + ": " + result);
        }
    }

    String sshConfig() {
        return folder.resolve("ssh_config").toString();
    }

    /** Returns a folder for files of tests, which all hosts see. */
    Path scratch() throws IOException {
        return Files.createDirectories(Path.of(folder + ".scratch"));
    }

    /** Starts a command on a host. */
    Running start(int host, Map<String, String> env, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString(), folder.toString(), "in", "h" + host));
        command.addAll(List.of(words));
        return start(env, command);
    }

    private Running start(Map<String, String> env, List<String> command) throws IOException {
        Path out = Files.createTempFile(scratch(), "out", "");
        Path err = Files.createTempFile(scratch(), "err", "");
        ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile()).redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JADI_RSH", "ssh -F " + sshConfig());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(env);
        return new Running(builder.start(), out, err, System.nanoTime());
    }

    /** Runs a shell command on a host to its end. */
    Result shell(int host, String line) throws Exception {
        return start(host, Map.of(), "sh", "-c", line).await();
    }

    /** Starts mpirun on h0. */
    Running mpirun(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("mpirun").toString(), "--timeout", "100"));
        command.addAll(List.of(words));
        return start(0, Map.of(), command.toArray(String[]::new));
    }

    /** Runs mpirun on h0 to its end, without input. */
    Result run(String... words) throws Exception {
        Running job = mpirun(words);
        job.process().getOutputStream().close();
        return job.await();
    }

    /** Runs mpirun in an allocation of Slurm, whose two options come first. */
    Result allocated(String nodes, String tasks, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("env", "-u", "JADI_RSH", "salloc", "--quiet", nodes, tasks,
                ROOT.resolve("mpirun").toString(), "--timeout", "100"));
        command.addAll(List.of(words));
        Running job = start(0, Map.of("SLURM_CONF", folder.resolve("slurm/slurm.conf").toString()),
                command.toArray(String[]::new));
        job.process().getOutputStream().close();
        return job.await();
    }

    /** Waits until nothing of any job is left on any host: no process, no folder. Returns what is left after all. */
    String leftovers() throws Exception {
        String[] left = new String[1];
        try {
            Eventually.until("nothing is left", Duration.ofSeconds(20), () -> {
                left[0] = look();
                return left[0].isEmpty();
            }, () -> left[0]);
        } catch (AssertionError e) {
            return e.getMessage();
        }
        return "";
    }

    private String look() throws Exception {
        StringBuilder left = new StringBuilder();
        for (int host = 0; host < count; host++) {
            String out = shell(host, "ps -eo pid,args | grep -E '[r]emote.Agent|[J]ADI_TEST|[j]adi-launcher|[T]estProgram';"
                    + " find /dev/shm -mindepth 1").out();
            if (!out.isBlank()) {
                left.append("h").append(host).append(":\n").append(out);
            }
        }
        return left.toString();
    }

    /** Ends everything on the hosts, and removes them. */
    void close() throws Exception {
        script("down");
    }
}
