package org.jadi.bench.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A resident job: its launcher, its ranks, and the lines it answers. It runs only between {@link #resume} and {@link #pause}. */
final class Job implements AutoCloseable {

    /** A job that broke off, answered too late or received wrong data. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1;

        Failure(String message) {
            super(message);
        }
    }

    private static final String MARK = "@ ";
    private static final String END = "";

    private final JobSpec spec;
    private final Signals signals;
    private final Process process;
    private final Writer commands;
    private final Path log;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private List<ProcessHandle> tree = List.of();

    private Job(JobSpec spec, Signals signals, Path directory) throws IOException {
        this.spec = spec;
        this.signals = signals;
        this.log = directory.resolve(spec.name() + ".log");
        ProcessBuilder builder = new ProcessBuilder(spec.command());
        builder.environment().putAll(spec.environment());
        builder.redirectErrorStream(true);
        this.process = builder.start();
        this.commands = process.outputWriter(StandardCharsets.US_ASCII);
        Thread.ofPlatform().name(spec.name() + "-reader").daemon().start(this::read);
    }

    /** Starts a job, waits until it is ready, and pauses it. Its processes are written to {@code directory/pids}. */
    static Job start(JobSpec spec, Signals signals, Path directory) throws IOException, Failure {
        Job job = new Job(spec, signals, directory);
        try {
            String[] ready = job.answer(60);
            if (!ready[0].equals("ready")) {
                throw job.failed("said " + String.join(" ", ready));
            }
            job.tree = job.processes();
            StringBuilder pids = new StringBuilder();
            for (ProcessHandle p : job.tree) {
                pids.append(p.pid()).append(' ').append(startTicks(p.pid())).append('\n');
            }
            Files.writeString(
                    directory.resolve("pids"), pids, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            job.pause();
            return job;
        } catch (Failure | IOException | RuntimeException e) {
            job.close();
            throw e;
        }
    }

    JobSpec spec() {
        return spec;
    }

    private List<ProcessHandle> processes() {
        return Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    }

    void resume() {
        tree.forEach(p -> signals.send(p.pid(), Signals.CONT));
    }

    void pause() {
        tree.forEach(p -> signals.send(p.pid(), Signals.STOP));
    }

    /** Field 22 of /proc/PID/stat: with the pid it names a process for ever. */
    private static String startTicks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
    }

    /** CPU time of all processes and threads of the job so far. */
    long cpuNanos() throws IOException {
        long sum = 0;
        for (ProcessHandle p : tree) {
            try (Stream<Path> tasks = Files.list(Path.of("/proc/" + p.pid() + "/task"))) {
                for (Path task : tasks.toList()) {
                    sum += cpuNanos(task.resolve("schedstat"));
                }
            } catch (NoSuchFileException ended) {
                continue;
            }
        }
        return sum;
    }

    private static long cpuNanos(Path schedstat) throws IOException {
        try {
            String text = Files.readString(schedstat);
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }

    /** One command, one answer, with the job running only in between. */
    String[] ask(String command, int seconds) throws Failure {
        resume();
        try {
            commands.write(command + "\n");
            commands.flush();
            String[] answer = answer(seconds);
            if (!command.startsWith(answer[0].equals("slice") ? "run" : answer[0])) {
                throw failed("asked '" + command + "', said '" + String.join(" ", answer) + "'");
            }
            return answer;
        } catch (IOException e) {
            throw failed("ended: " + e.getMessage());
        } finally {
            pause();
        }
    }

    private String[] answer(int seconds) throws Failure {
        try {
            String line = answers.poll(seconds, TimeUnit.SECONDS);
            if (line == null) {
                throw failed("gave no answer in " + seconds + " s");
            }
            if (line.equals(END)) {
                throw failed("ended");
            }
            return line.split(" ");
        } catch (InterruptedException e) {
            throw failed("interrupted");
        }
    }

    private Failure failed(String what) {
        String last = "";
        try {
            List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
            last = lines.isEmpty() ? "" : ": " + String.join(" | ", lines.subList(0, Math.min(3, lines.size())));
        } catch (IOException unreadable) {
            last = "";
        }
        return new Failure(spec.name() + " " + what + last);
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
                Writer out = Files.newBufferedWriter(log)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith(MARK)) {
                    answers.add(line.substring(MARK.length()));
                } else {
                    out.write(line + "\n");
                    out.flush();
                }
            }
        } catch (IOException closed) {
            // the answer END says so
        }
        answers.add(END);
    }

    /** Asks the job to end, and ends what is left of it. */
    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(tree.stream(), processes().stream()).distinct().toList();
        all.forEach(p -> signals.send(p.pid(), Signals.CONT));
        try {
            commands.write("quit\n");
            commands.flush();
            process.waitFor(3, TimeUnit.SECONDS);
        } catch (IOException | InterruptedException gone) {
            // killed below
        }
        for (ProcessHandle p : all) {
            if (p.isAlive()) {
                p.destroyForcibly();
            }
        }
    }
}
