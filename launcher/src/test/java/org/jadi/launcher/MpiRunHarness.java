package org.jadi.launcher;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.jadi.bootstrap.Bootstrap;

/** Starts mpirun as a process of its own, on a distribution that holds bootstrap alone. */
final class MpiRunHarness {
    static final String ACTOR = Path.of("src/test/programs/Actor.java").toAbsolutePath().toString();
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final Path HOME = makeHome();

    /** How mpirun has ended. */
    record Result(int code, String out, String err, long millis) {
        List<String> sortedLines() {
            return out.lines().sorted().toList();
        }
    }

    /** mpirun while it runs. */
    static final class Running {
        private final Process process;
        private final Path err;
        private final long begin = System.nanoTime();
        private final BufferedReader out;
        private final StringBuilder read = new StringBuilder();

        private Running(Process process, Path err) {
            this.process = process;
            this.err = err;
            this.out = new BufferedReader(new InputStreamReader(process.getInputStream()));
        }

        Process process() {
            return process;
        }

        void type(String text) throws IOException {
            try (OutputStream in = process.getOutputStream()) {
                in.write(text.getBytes());
            }
        }

        /** Waits for the "hanging RANK pid PID in FOLDER" lines of all ranks; returns pids by rank. */
        Map<Integer, Long> awaitHanging(int ranks) throws IOException {
            Map<Integer, Long> pids = new TreeMap<>();
            while (pids.size() < ranks) {
                String line = out.readLine();
                if (line == null) {
                    throw new IllegalStateException("mpirun ended: " + Files.readString(err));
                }
                String[] words = line.split(" ");
                pids.put(Integer.valueOf(words[1]), Long.valueOf(words[3]));
                read.append(line).append('\n');
            }
            return pids;
        }

        /** Returns the job's folder, once {@link #awaitHanging} has returned. */
        Path jobFolder() {
            return Path.of(read.toString().lines().findFirst().orElseThrow().split(" ")[5]);
        }

        Result await() throws Exception {
            int c;
            while ((c = out.read()) >= 0) {
                read.append((char) c);
            }
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("mpirun does not end");
            }
            return new Result(process.exitValue(), read.toString(), Files.readString(err),
                    (System.nanoTime() - begin) / 1_000_000);
        }
    }

    private MpiRunHarness() {
    }

    static Result run(String... words) throws Exception {
        Running running = start(words);
        running.process().getOutputStream().close();
        return running.await();
    }

    static Running start(String... words) throws IOException {
        return start(Map.of(), words);
    }

    static Running start(Map<String, String> env, String... words) throws IOException {
        return startUnder(List.of("env", "--default-signal"), env, words);
    }

    /** Starts mpirun by a command that becomes it. What the tests were started by may ignore signals; they must not depend on that. */
    static Running startUnder(List<String> wrapper, Map<String, String> env, String... words) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djadi.home=" + HOME, "-cp",
                System.getProperty("java.class.path"), "org.jadi.launcher.MpiRun"));
        command.addAll(List.of(words));
        Path err = Files.createTempFile(TARGET, "mpirun-", ".err");
        err.toFile().deleteOnExit();
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().put("XDG_CACHE_HOME", TARGET.resolve("test-cache").toString());
        builder.environment().putAll(env);
        return new Running(builder.start(), err);
    }

    /** Sends a signal to a process. */
    static void kill(String signal, long pid) throws Exception {
        int code = new ProcessBuilder("/bin/sh", "-c", "kill -s " + signal + " " + pid).inheritIO().start().waitFor();
        if (code != 0) {
            throw new AssertionError("no signal could be sent: signal=" + signal + " pid=" + pid);
        }
    }


    /**
     * Waits for a fact that announces itself by no event; false if it does not come about in time. The test kit stands on adi, which the launcher
     * must not see.
     */
    static boolean holdsWithin(long millis, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(5);
        }
        return true;
    }

    private static Path makeHome() {
        try {
            Path lib = Files.createDirectories(TARGET.resolve("test-home").resolve("lib"));
            Path classes = Path.of(Bootstrap.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path jar = lib.resolve("jadi-bootstrap.jar");
            if (Files.isRegularFile(classes)) {
                Files.write(jar, Files.readAllBytes(classes));
            } else {
                pack(classes, jar);
            }
            return lib.getParent();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar)); Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                out.write(Files.readAllBytes(file));
            }
        }
    }
}
