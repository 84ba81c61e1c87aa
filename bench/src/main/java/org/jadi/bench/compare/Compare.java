package org.jadi.bench.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Starts all jobs, alternates slices between them, and writes raw file and table. See bench/README.md for the options. */
public final class Compare implements AutoCloseable {

    private static final int RANKS = 2;
    private static final int ANSWER_SECONDS = 30;

    private final CompareOptions options;
    private final Plan plan;
    private final Signals signals = new Signals();
    private final List<Job> jobs = new ArrayList<>();
    private final Handoff handoff;
    private final PrintWriter raw;
    private final long begin = System.nanoTime();
    private final Random order = new Random(1);
    private int failures;

    private Compare(CompareOptions options, PrintWriter raw) throws IOException {
        this.options = options;
        this.plan = options.plan();
        this.raw = raw;
        this.handoff = new Handoff(options.tools() + "/handoff", plan.handoffMillis());
    }

    public static void main(String[] args) throws IOException {
        CompareOptions options;
        try {
            options = CompareOptions.parse(args);
        } catch (IllegalArgumentException wrong) {
            System.err.println("compare: " + wrong.getMessage());
            System.exit(2);
            return;
        }
        Path csv = options.output(".csv");
        int failures = 0;
        if (options.report() != null) {
            csv = options.report();
        } else {
            Files.createDirectories(csv.getParent());
            try (PrintWriter raw = new PrintWriter(Files.newBufferedWriter(csv));
                    Compare compare = new Compare(options, raw)) {
                Runtime.getRuntime().addShutdownHook(new Thread(compare::close));
                compare.run();
                failures = compare.failures;
            }
        }
        String table = new Tables(RawFile.read(csv), options.farAboveNanos()).markdown();
        Path markdown = Path.of(csv.toString().replaceAll("\\.csv$", "") + ".md");
        Files.writeString(markdown, table);
        System.out.print(table);
        System.out.println("\nraw: " + csv + "\ntable: " + markdown);
        if (failures > 0) {
            System.err.println("compare: " + failures + " job(s) failed");
            System.exit(1);
        }
    }

    private void run() throws IOException {
        boolean openMpi = Files.exists(Path.of(options.tools() + "/peer.openmpi"));
        boolean mpich = Files.exists(Path.of(options.tools() + "/peer.mpich"));
        Machine.description(options.commit(), mpich, openMpi).forEach(this::note);
        note("slices: " + plan.slices() + " of " + plan.sliceSeconds() + " s per point, order shuffled in each round");
        note("warm-up: before anything is measured every job runs every point once, Java and C alike; first point "
                + plan.firstWarmupSeconds() + " s, others " + plan.warmupSeconds() + " s and " + plan.warmupIterations()
                + " iterations at least; then a tenth of each slice, untimed");
        note("pinned: the thread that calls MPI, rank i on CPU i; helper threads of JVM and libraries are free");
        for (JobSpec spec : JobSpec.all(options.mpirun(), options.tools(), RANKS)) {
            if (spec.name().matches(options.jobs())) {
                start(spec);
            }
        }
        warmUp();
        costOfLoops();
        raw.println(Slice.HEADER);
        plan.points().forEach(this::measure);
    }

    private void note(String line) {
        raw.println("# " + line);
        System.err.printf("%5.1f s  %s%n", elapsed(), line);
    }

    private void start(JobSpec spec) {
        String program = spec.command().stream()
                .filter(word -> word.startsWith(options.tools() + "/peer."))
                .findFirst()
                .orElse(null);
        if (program != null && !Files.exists(Path.of(program))) {
            note("skipped: " + spec.name() + ", library not installed");
            return;
        }
        try {
            jobs.add(Job.start(spec, signals, options.runDirectory()));
        } catch (IOException | Job.Failure e) {
            failed(spec, e);
        }
    }

    private void failed(JobSpec spec, Exception e) {
        failures++;
        note("failed: " + spec.name() + ": " + e.getMessage());
    }

    /** Every job runs every point once, so that no later slice meets cold code. If time runs out, it does so for all jobs. */
    private void warmUp() {
        Map<Job, Long> loopback = new LinkedHashMap<>();
        double seconds = plan.firstWarmupSeconds();
        for (Plan.Point point : plan.points()) {
            if (elapsed() > plan.warmupDeadlineSeconds()) {
                note("warm-up cut short, out of time, from " + point);
                break;
            }
            for (Job job : List.copyOf(jobs)) {
                long before = Machine.loopbackBytes();
                try {
                    calibrate(job, point.kernel(), point.size(), seconds);
                    loopback.merge(job, Machine.loopbackBytes() - before, Long::sum);
                } catch (Job.Failure e) {
                    drop(job, e);
                }
            }
            seconds = plan.warmupSeconds();
        }
        for (Job job : jobs) {
            note("job: " + job.spec().name() + ": " + job.spec().shown() + " (" + (loopback.getOrDefault(job, 0L) >> 20)
                    + " MB over lo in warm-up)");
        }
    }

    private long calibrate(Job job, String kernel, int size, double seconds) throws Job.Failure {
        String command = "warm " + kernel + " " + size + " " + seconds + " " + plan.warmupIterations() + " " + plan.sliceSeconds();
        String[] answer = job.ask(command, ANSWER_SECONDS);
        check(job, answer[4]);
        return Long.parseLong(answer[3]);
    }

    private static void check(Job job, String wrongBytes) throws Job.Failure {
        if (!wrongBytes.equals("0")) {
            throw new Job.Failure(job.spec().name() + " received wrong data: " + wrongBytes + " bytes");
        }
    }

    private void costOfLoops() {
        List<Integer> sizes = plan.sizes().values().stream().flatMap(List::stream).distinct().sorted().toList();
        for (Job job : jobs) {
            if (!job.spec().transport().equals("shm")) {
                continue;
            }
            try {
                StringBuilder costs = new StringBuilder("loop_ns: " + job.spec().name());
                for (int size : sizes) {
                    costs.append(' ').append(size).append('=').append(job.ask("loop " + size, ANSWER_SECONDS)[2]);
                }
                note(costs.toString());
            } catch (Job.Failure e) {
                note("loop_ns: " + e.getMessage());
            }
        }
    }

    private double elapsed() {
        return (System.nanoTime() - begin) / 1e9;
    }

    private void measure(Plan.Point point) {
        try {
            for (String transport : List.of("shm", "tcp")) {
                point(point.kernel(), point.size(), transport);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One kernel at one size: all jobs of a transport in turn, many rounds. */
    private void point(String kernel, int size, String transport) throws IOException {
        if (elapsed() > plan.deadlineSeconds()) {
            note("not measured, out of time: " + kernel + " " + size + " " + transport);
            return;
        }
        Map<Job, Long> iterations = new LinkedHashMap<>();
        for (Job job : List.copyOf(jobs)) {
            if (job.spec().transport().equals(transport)) {
                try {
                    iterations.put(job, calibrate(job, kernel, size, 0));
                } catch (Job.Failure e) {
                    iterations.remove(job);
                    drop(job, e);
                }
            }
        }
        Slice open = null;
        for (int round = 0; round < plan.slices() && elapsed() < plan.deadlineSeconds(); round++) {
            List<Job> turn = new ArrayList<>(iterations.keySet());
            Collections.shuffle(turn, order);
            for (Job job : turn) {
                double before = handoff.nanos();
                close(open, before);
                open = null;
                try {
                    open = slice(round, job, kernel, size, iterations.get(job), before);
                    iterations.put(job, adapted(open));
                } catch (Job.Failure e) {
                    iterations.remove(job);
                    drop(job, e);
                }
            }
        }
        close(open, handoff.nanos());
        raw.flush();
        System.err.printf("%5.1f s  %s %d %s: %d jobs%n", elapsed(), kernel, size, transport, iterations.size());
    }

    /** The next slice lasts as long as planned, whatever the first estimate was. */
    private long adapted(Slice slice) {
        return Math.max(2, (long) (plan.sliceSeconds() * 1e9 * slice.iterations() / Math.max(1, slice.nanos())));
    }

    private void drop(Job job, Job.Failure e) {
        jobs.remove(job);
        failed(job.spec(), e);
        job.close();
    }

    private void close(Slice open, double after) {
        if (open != null) {
            raw.println(new Slice(
                            open.round(), open.kernel(), open.transport(), open.size(), open.job(), open.iterations(),
                            open.messages(), open.nanos(), open.handoffBefore(), after)
                    .line());
        }
    }

    private Slice slice(int round, Job job, String kernel, int size, long iterations, double before) throws Job.Failure {
        String[] a = job.ask("run " + kernel + " " + size + " " + iterations, ANSWER_SECONDS);
        check(job, a[6]);
        return new Slice(
                round, kernel, job.spec().transport(), size, job.spec().name(),
                Long.parseLong(a[3]), Long.parseLong(a[4]), Long.parseLong(a[5]), before, 0);
    }

    /** Ends all jobs, stopped ones too. */
    @Override
    public synchronized void close() {
        List.copyOf(jobs).parallelStream().forEach(Job::close);
        jobs.clear();
        handoff.close();
    }
}
