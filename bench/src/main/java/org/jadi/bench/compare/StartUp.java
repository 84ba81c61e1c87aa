package org.jadi.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Times hello, from the command to the prompt. */
final class StartUp {

    private static final int PATIENCE_SECONDS = 60;

    private record Starter(String name, List<String> command) {}

    private final CompareOptions options;
    private final Handoff handoff;
    private final Compare log;
    private final Random order = new Random(1);

    StartUp(CompareOptions options, Handoff handoff, Compare log) {
        this.options = options;
        this.handoff = handoff;
        this.log = log;
    }

    void run() throws IOException {
        for (Plan.Point point : options.plan().startups()) {
            List<Starter> starters = starters(point.size());
            List<Slice> slices = new ArrayList<>();
            // The first run of each reads programs from disk and compiles Hello.java: it does not count.
            for (int round = -1; round < options.plan().slices(point); round++) {
                Collections.shuffle(starters, order);
                for (Starter starter : List.copyOf(starters)) {
                    double distance = handoff.nanos();
                    long nanos = time(starter, point.size());
                    if (nanos < 0) {
                        starters.remove(starter);
                    } else if (round >= 0) {
                        slices.add(new Slice(
                                round, Plan.STARTUP, "start", 1, point.size(), starter.name(), nanos, distance, distance));
                    }
                }
            }
            log.measured(point, slices);
        }
    }

    private List<Starter> starters(int ranks) {
        String n = Integer.toString(ranks);
        List<Starter> all = new ArrayList<>();
        add(all, "jadi-start", Path.of(options.hello()), List.of(options.mpirun(), "-np", n));
        add(all, "openmpi", Path.of(options.tools(), "hello.openmpi"),
                List.of("mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "-np", n));
        add(all, "mpich", Path.of(options.tools(), "hello.mpich"), List.of("mpiexec.mpich", "-n", n));
        return all;
    }

    private void add(List<Starter> all, String name, Path program, List<String> launch) {
        if (Files.exists(program) && name.matches(options.jobs())) {
            List<String> command = new ArrayList<>(launch);
            command.add(program.toString());
            all.add(new Starter(name, command));
        }
    }

    private long time(Starter starter, int ranks) throws IOException {
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(starter.command()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            long nanos = System.nanoTime() - begin;
            long lines = text.lines().filter(line -> line.endsWith(" of " + ranks)).count();
            if (ended && process.exitValue() == 0 && lines == ranks) {
                return nanos;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        log.failed(String.join(" ", starter.command()) + ": " + text.lines().limit(3).toList());
        return -1;
    }
}
