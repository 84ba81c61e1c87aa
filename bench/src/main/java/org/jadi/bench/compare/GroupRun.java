package org.jadi.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Jobs of one transport and one number of ranks: starts them, warms them up, and alternates slices between them. */
final class GroupRun {

    private static final int ANSWER_SECONDS = 60;
    /** Warm-up may take this part of the time of the group. */
    private static final double WARMUP_SHARE = 0.3;
    /** A slice that would take longer than this is left out: some libraries search a list of 100 000 for each message. */
    private static final double LONGEST_SLICE_SECONDS = 15;
    private static final int LEAST_WAKES = 4;
    private static final int IDLE_ROUNDS = 3;
    private static final int[] IDLE_MILLIS = {100, 1000};

    private final CompareOptions options;
    private final Plan plan;
    private final Plan.Group group;
    private final Handoff handoff;
    private final Compare log;
    private final double deadline;
    private final Signals signals = new Signals();
    private final List<Job> jobs = new ArrayList<>();
    private final Random order = new Random(1);
    /** Seconds that one message took at the last, smaller, depth of a queue. */
    private final Map<String, Double> secondsByQueue = new LinkedHashMap<>();

    GroupRun(CompareOptions options, Plan.Group group, Handoff handoff, Compare log, double deadline) {
        this.options = options;
        this.plan = options.plan();
        this.group = group;
        this.handoff = handoff;
        this.log = log;
        this.deadline = deadline;
    }

    void run() throws IOException {
        List<Plan.Point> points = plan.points(group);
        for (JobSpec spec : JobSpec.all(options.mpirun(), options.tools(), group.transport(), group.ranks())) {
            boolean wanted = points.stream().anyMatch(point -> spec.parts().contains(point.part()));
            if (wanted && spec.name().matches(options.jobs())) {
                start(spec);
            }
        }
        warmUp(points);
        costOfLoops(points);
        for (Plan.Point point : points) {
            if (log.elapsed() > deadline) {
                log.note("not measured, out of time: " + point);
            } else {
                measure(point);
            }
        }
        if (points.stream().anyMatch(point -> point.part().equals(Plan.WAITING))) {
            idle();
        }
    }

    private void start(JobSpec spec) {
        if (!spec.available()) {
            log.note("skipped: " + spec.name() + ", library not installed");
            return;
        }
        try {
            jobs.add(Job.start(spec, signals, options.runDirectory()));
        } catch (IOException | Job.Failure e) {
            log.failed(spec.name() + ": " + e.getMessage());
        }
    }

    /** Every job runs every point once, so that no later slice meets cold code. If time runs out, it does so for all jobs. */
    private void warmUp(List<Plan.Point> points) {
        Map<Job, Long> loopback = new LinkedHashMap<>();
        double seconds = plan.firstWarmupSeconds();
        double until = log.elapsed() + WARMUP_SHARE * (deadline - log.elapsed());
        for (Plan.Point point : points) {
            if (log.elapsed() > until) {
                log.note("warm-up cut short, out of time, from " + point);
                break;
            }
            if (isLong(point)) {
                continue;
            }
            for (Job job : taking(point)) {
                long before = Machine.loopbackBytes();
                try {
                    calibrate(job, point, seconds);
                    loopback.merge(job, Machine.loopbackBytes() - before, Long::sum);
                } catch (Job.Failure e) {
                    drop(job, e);
                }
            }
            seconds = plan.warmupSeconds();
        }
        for (Job job : jobs) {
            log.note("job: " + job.spec().name() + " on " + group.ranks() + " ranks: " + job.spec().shown() + " ("
                    + (loopback.getOrDefault(job, 0L) >> 20) + " MB over lo in warm-up)");
        }
    }

    /** Depths of matching that not every library manages in reasonable time; shorter ones run the same code. */
    private static boolean isLong(Plan.Point point) {
        return point.part().equals(Plan.MATCHING) && point.size() > 1000;
    }

    private List<Job> taking(Plan.Point point) {
        return jobs.stream().filter(job -> job.spec().parts().contains(point.part())).toList();
    }

    private long calibrate(Job job, Plan.Point point, double seconds) throws Job.Failure {
        if (point.part().equals(Plan.WAITING)) {
            seconds = 0;
        }
        int count = point.part().equals(Plan.WAITING) ? 1 : plan.warmupIterations();
        String[] answer = job.ask(
                "warm " + point.kernel() + " " + point.size() + " " + seconds + " " + count + " " + plan.sliceSeconds(),
                ANSWER_SECONDS);
        check(job, answer[4]);
        return point.part().equals(Plan.WAITING) ? LEAST_WAKES : Long.parseLong(answer[3]);
    }

    private static void check(Job job, String wrongBytes) throws Job.Failure {
        if (!wrongBytes.equals("0")) {
            throw new Job.Failure(job.spec().name() + " received wrong data: " + wrongBytes + " bytes");
        }
    }

    private void costOfLoops(List<Plan.Point> points) {
        List<Integer> sizes = points.stream()
                .filter(point -> point.part().equals("latency"))
                .map(Plan.Point::size)
                .distinct()
                .sorted()
                .toList();
        if (!group.transport().equals("shm") || sizes.isEmpty()) {
            return;
        }
        for (Job job : List.copyOf(jobs)) {
            try {
                StringBuilder costs = new StringBuilder("loop_ns: " + job.spec().name());
                for (int size : sizes) {
                    costs.append(' ').append(size).append('=').append(job.ask("loop " + size, ANSWER_SECONDS)[2]);
                }
                log.note(costs.toString());
            } catch (Job.Failure e) {
                drop(job, e);
            }
        }
    }

    /** One kernel at one size: all jobs in turn, many rounds. */
    private void measure(Plan.Point point) throws IOException {
        Map<Job, Long> iterations = new LinkedHashMap<>();
        for (Job job : taking(point)) {
            try {
                iterations.put(job, isLong(point) ? fewIterations(job, point) : calibrate(job, point, 0));
            } catch (Job.Failure e) {
                drop(job, e);
            }
        }
        iterations.values().removeIf(count -> count == 0);
        List<Slice> slices = new ArrayList<>();
        Slice open = null;
        for (int round = 0; round < plan.slices(point) && log.elapsed() < deadline; round++) {
            List<Job> turn = new ArrayList<>(iterations.keySet());
            Collections.shuffle(turn, order);
            for (Job job : turn) {
                double before = handoff.nanos();
                close(open, before, slices);
                open = null;
                try {
                    open = slice(round, job, point, iterations, before);
                } catch (Job.Failure e) {
                    iterations.remove(job);
                    drop(job, e);
                }
            }
        }
        close(open, handoff.nanos(), slices);
        log.measured(point, slices);
    }

    /**
     * How often a deep queue fits a slice, by what a shallower one took if searching it takes time in proportion; or 0. Some
     * libraries do so even in order: Open MPI 4.1.4 takes 140 us for each of 20 000 messages whose receives are posted in order.
     */
    private long fewIterations(Job job, Plan.Point point) {
        Double shallow = secondsByQueue.get(point.kernel() + job.spec().name());
        if (shallow == null) {
            return 0;
        }
        double expected = shallow * point.size() * 10;
        if (expected > LONGEST_SLICE_SECONDS) {
            log.note(String.format(
                    Locale.ROOT, "left out: %s of %s: up to %.0f s expected after %.2f us a message at a tenth of it",
                    point, job.spec().name(), expected, shallow * 1e6));
            return 0;
        }
        return Math.max(1, (long) (plan.sliceSeconds() / expected));
    }

    private Slice slice(int round, Job job, Plan.Point point, Map<Job, Long> iterations, double before) throws Job.Failure {
        long count = iterations.get(job);
        String[] answer = job.ask("run " + point.kernel() + " " + point.size() + " " + count, ANSWER_SECONDS);
        check(job, answer[6]);
        long messages = Long.parseLong(answer[4]);
        long nanos = Math.max(1, Long.parseLong(answer[5]));
        if (point.part().equals(Plan.MATCHING)) {
            secondsByQueue.put(point.kernel() + job.spec().name(), nanos / 1e9 / messages);
        } else if (!point.part().equals(Plan.WAITING)) {
            // The next slice lasts as long as planned, whatever the first estimate was.
            iterations.put(job, Math.max(1, (long) (plan.sliceSeconds() * 1e9 * count / nanos)));
        }
        return new Slice(
                round, point.kernel(), group.transport(), group.ranks(), point.size(), job.spec().name(),
                (double) nanos / messages, before, 0);
    }

    private static void close(Slice open, double after, List<Slice> slices) {
        if (open != null) {
            slices.add(open.withAfter(after));
        }
    }

    /** What ranks burn that wait in a receive: all but rank 0, which waits for the coordinator. */
    private void idle() throws IOException {
        Plan.Point point = new Plan.Point(Plan.WAITING, "idle", group, 0);
        List<Slice> slices = new ArrayList<>();
        for (int round = 0; round < Math.min(IDLE_ROUNDS, plan.slices() / 2); round++) {
            for (Job job : taking(point)) {
                if (JobSpec.isLimit(job.spec().name())) {
                    continue;
                }
                try {
                    idle(round, job, slices);
                } catch (Job.Failure e) {
                    drop(job, e);
                } catch (InterruptedException e) {
                    throw new IOException("interrupted", e);
                }
            }
        }
        log.measured(point, slices);
    }

    private void idle(int round, Job job, List<Slice> slices) throws Job.Failure, InterruptedException, IOException {
        double distance = handoff.nanos();
        job.ask("run latency 8 1000", ANSWER_SECONDS);
        job.resume();
        try {
            for (int millis : IDLE_MILLIS) {
                long cpu = job.cpuNanos();
                long begin = System.nanoTime();
                TimeUnit.MILLISECONDS.sleep(millis);
                double percent = 100.0 * (job.cpuNanos() - cpu) / (System.nanoTime() - begin) / (group.ranks() - 1);
                slices.add(new Slice(
                        round, "idle", group.transport(), group.ranks(), millis, job.spec().name(), percent, distance, distance));
            }
        } finally {
            job.pause();
        }
    }

    private void drop(Job job, Job.Failure e) {
        jobs.remove(job);
        log.failed(e.getMessage());
        job.close();
    }

    /** Ends all jobs, stopped ones too. */
    synchronized void close() {
        List.copyOf(jobs).parallelStream().forEach(Job::close);
        jobs.clear();
    }
}
