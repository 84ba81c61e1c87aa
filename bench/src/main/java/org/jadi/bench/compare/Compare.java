package org.jadi.bench.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Measures what the plan says, group by group, and writes raw file, tables and plots. See bench/README.md for the options. */
public final class Compare {

    private final CompareOptions options;
    private final PrintWriter raw;
    private final long begin = System.nanoTime();
    private int failures;

    private Compare(CompareOptions options, PrintWriter raw) {
        this.options = options;
        this.raw = raw;
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
        List<Path> files = options.report();
        int failures = 0;
        if (files.isEmpty()) {
            Path csv = options.output(".csv");
            files = List.of(csv);
            Files.createDirectories(csv.getParent());
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(csv))) {
                Compare compare = new Compare(options, out);
                compare.run();
                failures = compare.failures;
            }
        }
        report(options, files);
        if (failures > 0) {
            System.err.println("compare: " + failures + " job(s) failed");
            System.exit(1);
        }
    }

    private static void report(CompareOptions options, List<Path> files) throws IOException {
        RawFile raw = RawFile.read(files);
        Measured measured = new Measured(raw.slices(), options.farAboveNanos());
        String tables = new Tables(raw.notes(), measured).markdown();
        Path last = files.getLast();
        Path markdown = last.resolveSibling(last.getFileName().toString().replaceAll("\\.csv$", "") + ".md");
        Files.writeString(markdown, tables);
        Path page = Page.write(last.toAbsolutePath().getParent(), tables, new Plots(measured).all());
        System.out.print(tables);
        System.out.println("\nraw: " + files + "\ntables: " + markdown + "\nplots: " + page);
    }

    private void run() throws IOException {
        Plan plan = options.plan();
        boolean openMpi = Files.exists(Path.of(options.tools(), "peer.openmpi"));
        boolean mpich = Files.exists(Path.of(options.tools(), "peer.mpich"));
        Machine.description(options.commit(), mpich, openMpi).forEach(this::note);
        note(String.format(
                Locale.ROOT, "slices: %d of %.3f s per point, order shuffled in each round", plan.slices(), plan.sliceSeconds()));
        note("warm-up: before anything is measured every job runs every point once, Java and C alike; first point "
                + plan.firstWarmupSeconds() + " s, others " + plan.warmupSeconds() + " s and " + plan.warmupIterations()
                + " iterations at least (or a second); then a tenth of each slice, untimed");
        note("pinned: the thread that calls MPI, rank i on CPU i modulo CPUs; helper threads of JVM and libraries are free");
        raw.println(RawFile.HEADER);
        log(String.format(Locale.ROOT, "about %.0f minutes", plan.estimateSeconds() / 60));
        double limit = Math.min(options.timeLimitSeconds(), 10 * plan.estimateSeconds() + 600);
        double planned = plan.estimateSeconds();
        try (Handoff handoff = new Handoff(options.tools() + "/handoff", plan.handoffMillis())) {
            if (!plan.startups().isEmpty()) {
                new StartUp(options, handoff, this).run();
            }
            double done = planned;
            for (Plan.Group group : plan.groups()) {
                done -= plan.estimateSeconds(group);
            }
            for (Plan.Group group : plan.groups()) {
                done += plan.estimateSeconds(group);
                GroupRun run = new GroupRun(options, group, handoff, this, limit * done / planned);
                Thread ending = new Thread(run::close);
                Runtime.getRuntime().addShutdownHook(ending);
                try {
                    run.run();
                } finally {
                    run.close();
                    Runtime.getRuntime().removeShutdownHook(ending);
                }
            }
        }
    }

    double elapsed() {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** A line for the reader of the results. */
    void note(String line) {
        raw.println("# " + line);
        log(line);
    }

    void log(String line) {
        System.err.printf(Locale.ROOT, "%6.1f s  %s%n", elapsed(), line);
    }

    void failed(String what) {
        failures++;
        note("failed: " + what);
    }

    void measured(Plan.Point point, List<Slice> slices) {
        RawFile.write(raw, slices);
        log(point + ": " + slices.size() + " slices");
    }
}
