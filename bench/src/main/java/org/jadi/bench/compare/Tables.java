package org.jadi.bench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Ratios per band and medians per size, near and far apart. */
final class Tables {

    private static final double LEAST_OF_A_SIZE = 0.95;
    private static final double NEAR_THE_LIMIT = 1.3;
    private static final List<Distance> DISTANCES = List.of(Distance.NEAR, Distance.FAR);
    private static final String LOOPS = "loop_ns: ";

    private final List<String> notes;
    private final Measured measured;
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder rows = new StringBuilder();
    /** Rows by answer, to count them. */
    private final Map<String, Integer> answers = new LinkedHashMap<>();

    Tables(List<String> notes, Measured measured) {
        this.notes = notes;
        this.measured = measured;
    }

    String markdown() {
        add("# Jadi and C MPI libraries, interleaved runs\n\n");
        notes.stream().filter(n -> !n.startsWith(LOOPS)).forEach(n -> add("- %s%n", n));
        add("- near and far: hand-off of a cache line below and above %.0f ns; %d of %d slices changed between and are left out%n",
                measured.farAboveNanos(), measured.mixedSlices(), measured.slices());
        ratios();
        sameOurselves();
        starts();
        waiting();
        matching();
        medians();
        loops();
        return out.toString();
    }

    private void add(String format, Object... values) {
        out.append(values.length == 0 ? format.replace("%n", "\n") : String.format(Locale.ROOT, format, values));
    }

    private List<Measured.Subject> subjects(Predicate<String> kernels) {
        return measured.subjects().stream().filter(s -> kernels.test(s.kernel())).toList();
    }

    private static String label(Distance distance) {
        return distance.name().toLowerCase(Locale.ROOT);
    }

    private List<Integer> sizes(Measured.Subject subject, Band band) {
        return measured.sizes(subject).stream().filter(band::has).toList();
    }

    private void ratios() {
        for (Measured.Subject subject : subjects(Unit::isSized)) {
            for (String job : measured.jobs(subject).stream().filter(JobSpec::isJadi).toList()) {
                for (Distance distance : DISTANCES) {
                    for (Band band : Band.ALL) {
                        ratioRow(subject, job, distance, band);
                    }
                }
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        add("\n## Ratios: time of the best C configuration / time of Jadi (above 1: Jadi is faster)\n\n"
                + "Geometric mean over the sizes of a band of the median ratio of paired slices, [95 % bootstrap interval]. "
                + "*Installed*: against the better of Open MPI and MPICH without any setting. *Of limit*: time of Jadi / time of "
                + "the raw loop without MPI (heap: copies through a ring; allocated: the better of that and one plain copy; tcp: a socket). "
                + "*Reached*: the target, with no single size below 0.95; `limit` means that it is within 1.3x of the raw loop, over shared memory.\n\n"
                + "Reached: " + answers + "\n\n"
                + "| what | transport | ranks | caches | job | band | ratio | worst size | installed | of limit | target | reached |"
                + " sizes | pairs |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        out.append(rows);
    }

    private void ratioRow(Measured.Subject subject, String job, Distance distance, Band band) {
        List<Integer> sizes = sizes(subject, band);
        Measured.Ratios ratios = measured.ratios(subject, sizes, distance, job, JobSpec::isPeer);
        if (ratios.isEmpty() || !band.concerns(subject)) {
            return;
        }
        Measured.Ratios installed = measured.ratios(subject, sizes, distance, job, JobSpec::isInstalled);
        Measured.Ratios limit = measured.ratios(
                subject, sizes, distance, job,
                other -> other.equals("limit-pipeline") || other.equals("limit-socket") || job.endsWith("allocated") && other.equals("limit-copy"));
        double target = band.target(subject, job);
        // The targets know the limits of shared memory; that of a socket is shown only.
        boolean nearLimit = !subject.transport().equals("tcp") && !limit.isEmpty() && 1 / limit.estimate().value() <= NEAR_THE_LIMIT;
        double installedTarget = installed.isEmpty() ? 0 : band.installedTarget(subject, job);
        boolean beatsInstalled = installedTarget == 0 || installed.estimate().value() >= installedTarget;
        String answer = target == 0 ? "-"
                : ratios.estimate().value() >= target && ratios.worst() >= LEAST_OF_A_SIZE && beatsInstalled ? "yes"
                : nearLimit ? "limit" : "no";
        answers.merge(answer, 1, Integer::sum);
        rows.append(String.format(
                Locale.ROOT, "| %s | %s | %d | %s | %s | %s | %s | %.2f at %s | %s | %s | %s | %s | %d of %d | %d |%n",
                subject.kernel(), subject.transport(), subject.ranks(), label(distance), job, band.name(), ratios.estimate(),
                ratios.worst(), Unit.bytes(ratios.worstSize()), shown(installed), limitShown(limit),
                target == 0 ? "-" : target + (installedTarget == 0 ? "" : ", installed " + installedTarget), answer, ratios.sizes(), sizes.size(), ratios.pairs()));
    }

    private static String shown(Measured.Ratios ratios) {
        return ratios.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", ratios.estimate().value());
    }

    private static String limitShown(Measured.Ratios ratios) {
        return ratios.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", 1 / ratios.estimate().value());
    }

    /** Allocated memory must not be slower than arrays. */
    private void sameOurselves() {
        StringBuilder same = new StringBuilder();
        for (Measured.Subject subject : subjects(Unit::isSized)) {
            String heap = JobSpec.JADI + subject.transport() + "-heap";
            String allocated = JobSpec.JADI + subject.transport() + "-allocated";
            for (Distance distance : DISTANCES) {
                for (Band band : Band.ALL) {
                    Measured.Ratios ratios = measured.ratios(
                            subject, sizes(subject, band), distance, allocated, heap::equals);
                    if (!ratios.isEmpty() && band.concerns(subject)) {
                        same.append(String.format(
                                Locale.ROOT, "| %s | %s | %d | %s | %s | %s | %.2f at %s |%n", subject.kernel(),
                                subject.transport(), subject.ranks(), label(distance), band.name(), ratios.estimate(),
                                ratios.worst(), Unit.bytes(ratios.worstSize())));
                    }
                }
            }
        }
        if (!same.isEmpty()) {
            add("\n## Allocated memory: time between arrays / time between allocated segments (above 1: segments are faster)\n\n"
                    + "| what | transport | ranks | caches | band | ratio | worst size |\n|---|---|---|---|---|---|---|\n");
            out.append(same);
        }
    }

    private void starts() {
        for (Measured.Subject subject : subjects(Plan.STARTUP::equals)) {
            add("\n## Start-up of hello: %s, medians\n\n", Unit.START.text());
            mediansTable(subject, "ranks");
            add("\n| ranks | time of Jadi / time of Open MPI | target |\n|---|---|---|\n");
            for (int ranks : measured.sizes(subject)) {
                for (Distance distance : DISTANCES) {
                    double[] ratios = measured.point(subject, ranks, distance).ratios("openmpi", "jadi-start");
                    if (ratios.length >= Measured.MIN_PAIRS) {
                        add("| %d, %s | %s | %s |%n", ranks, label(distance), Statistics.estimate(List.of(ratios)),
                                ranks == 4 ? "0.85" : "-");
                    }
                }
            }
        }
    }

    private void waiting() {
        for (Measured.Subject subject : subjects(kernel -> kernel.equals("wake") || kernel.equals("idle"))) {
            add("\n## %s: %s, medians\n\n", subject, Unit.of(subject.kernel()).text());
            if (subject.kernel().equals("wake") && subject.ranks() == 2 && subject.transport().equals("shm")) {
                add("limit-futex is a raw futex: one system call wakes, one sleeps. Jadi may take 1.3 times as long.\n\n");
            }
            mediansTable(subject, subject.kernel().equals("wake") ? "after waiting" : "when");
        }
    }

    private void matching() {
        List<Measured.Subject> subjects = subjects(Unit::isMatching);
        for (Measured.Subject subject : subjects) {
            add("\n## %s: %s, medians\n\n", subject, Unit.MESSAGE.text());
            mediansTable(subject, "depth");
        }
        StringBuilder growths = new StringBuilder();
        for (Measured.Subject subject : subjects) {
            for (String job : measured.jobs(subject)) {
                String row = growth(subject, job, 10_000, 64) + growth(subject, job, 100_000, 64)
                        + growth(subject, job, 100_000, 10_000) + growth(subject, job, 1_000_000, 10_000);
                if (row.indexOf('(') >= 0) {
                    growths.append("| ").append(subject.kernel()).append(" | ").append(job).append(row).append(" |\n");
                }
            }
        }
        if (!growths.isEmpty()) {
            add("\n## Matching: how the cost per message grows with the queue\n\nCost at a depth / cost at the window of 64 (in"
                    + " order: at most 2 is aimed at) or at 10 000 (any order: flat is aimed at).\n\n"
                    + "| what | job | 10 000 / 64 | 100 000 / 64 | 100 000 / 10 000 | 1 000 000 / 10 000 |\n|---|---|---|---|---|---|\n");
            out.append(growths);
        }
    }

    private String growth(Measured.Subject subject, String job, int deep, int shallow) {
        for (Distance distance : DISTANCES) {
            Measured.Point a = measured.point(subject, deep, distance);
            Measured.Point b = measured.point(subject, shallow, distance);
            if (a.has(job) && b.has(job)) {
                return String.format(Locale.ROOT, " | %.2f (%s)", a.median(job) / b.median(job), label(distance));
            }
        }
        return " | -";
    }

    private void medians() {
        for (Measured.Subject subject : subjects(Unit::isSized)) {
            add("\n## %s: medians, %s\n\n", subject, Unit.of(subject.kernel()).text());
            mediansTable(subject, "size");
        }
    }

    private void mediansTable(Measured.Subject subject, String sizeColumn) {
        List<String> jobs = measured.jobs(subject);
        add("| " + sizeColumn + " | caches |");
        jobs.forEach(job -> add(" " + job + " |"));
        add("\n|---|---|" + "---|".repeat(jobs.size()) + "\n");
        Unit unit = Unit.of(subject.kernel());
        for (int size : measured.sizes(subject)) {
            for (Distance distance : DISTANCES) {
                Measured.Point point = measured.point(subject, size, distance);
                if (!point.byJob().isEmpty()) {
                    List<String> cells = new ArrayList<>();
                    jobs.forEach(job -> cells.add(point.has(job) ? unit.shown(size, point.median(job)) : "-"));
                    add("| %s | %s | %s |%n", Unit.size(subject.kernel(), size), label(distance), String.join(" | ", cells));
                }
            }
        }
    }

    private void loops() {
        List<String> costs = notes.stream().filter(n -> n.startsWith(LOOPS)).toList();
        if (!costs.isEmpty()) {
            add("\n## Cost of rewriting one message, ns, without MPI (inside every figure above, not subtracted)\n\n");
            costs.forEach(note -> add("- " + note.substring(LOOPS.length()) + "\n"));
        }
    }
}
