package org.jadi.bench.compare;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What is measured, how often and how long. */
record Plan(
        List<Series> series,
        int slices,
        double sliceSeconds,
        double warmupSeconds,
        double firstWarmupSeconds,
        int warmupIterations,
        double handoffMillis) {

    /** Parts of the comparison, which can be asked for one by one. */
    static final List<String> PARTS = List.of(
            "latency", "rate", "bandwidth", "twoway", "multipair", "collectives", "matching", "waiting", "startup");

    static final String STARTUP = "startup";
    static final String WAITING = "waiting";
    static final String MATCHING = "matching";

    /** Jobs that are resident together. */
    record Group(String transport, int ranks) {}

    /** One kernel over its sizes. */
    record Series(String part, String kernel, Group group, List<Integer> sizes) {}

    /** One kernel at one size. */
    record Point(String part, String kernel, Group group, int size) {

        @Override
        public String toString() {
            return kernel + " " + size + " " + group.transport() + " on " + group.ranks() + " ranks";
        }
    }

    private static final int K = 1 << 10;
    private static final int M = 1 << 20;

    private static final Group SHM = new Group("shm", 2);
    private static final Group TCP = new Group("tcp", 2);
    private static final Group SHM_4 = new Group("shm", 4);
    private static final Group TCP_4 = new Group("tcp", 4);
    /** Both sides over UCX, and over the same transport of UCX's. */
    private static final Group UCX_POSIX = new Group(JobSpec.UCX + "posix", 2);
    private static final Group UCX_TCP = new Group(JobSpec.UCX + "tcp", 2);

    private static final int MAX_MATCHING_SLICES = 5;
    private static final int MAX_STARTUP_RUNS = 12;
    private static final int LEAST_SLICES = 6;
    /** Until all jobs of a group are ready, with the memory of their buffers. */
    private static final double START_SECONDS = 6;
    private static final double LEAST_SLICE_SECONDS = 0.01;

    /** Each kernel once or twice: does it run, is the data right. Done within two minutes. */
    static Plan quick() {
        List<Series> all = new ArrayList<>();
        all.add(new Series("latency", "latency", SHM, List.of(8, 0, M)));
        all.add(new Series("rate", "rate", SHM, List.of(8)));
        all.add(new Series("bandwidth", "bandwidth", SHM, List.of(64 * K)));
        all.add(new Series("twoway", "twoway", SHM, List.of(64 * K)));
        all.add(new Series("latency", "latency", TCP, List.of(8, 64 * K)));
        all.add(new Series("latency", "latency", UCX_POSIX, List.of(8, 64 * K)));
        all.add(new Series("multipair", "multipair", SHM_4, List.of(8)));
        addCollectives(all, SHM, List.of(4 * K));
        all.add(new Series("collectives", "allreduce", SHM_4, List.of(8)));
        all.add(new Series("collectives", "alltoall", SHM_4, List.of(8)));
        addMatching(all, List.of(100));
        all.add(new Series(WAITING, "wake", SHM, List.of(5000)));
        all.add(new Series(STARTUP, STARTUP, SHM, List.of(2)));
        return new Plan(all, 2, 0.005, 0, 0.1, 2, 1);
    }

    /** About 45 minutes. */
    static Plan usual() {
        List<Integer> some = List.of(
                8, 64, 128, 512, 2 * K, 4 * K, 16 * K, 32 * K, 64 * K, 128 * K, 256 * K, M, 4 * M, 16 * M);
        List<Integer> few = List.of(8, 64, 512, 2 * K, 4 * K, 16 * K, 64 * K, 256 * K, M, 16 * M);
        return new Plan(everything(withEmpty(some), some, few, false), 20, 0.05, 0.1, 2, 100, 2);
    }

    /** Every power of two, and matching up to a million. */
    static Plan thorough() {
        List<Integer> all = Stream.iterate(1, size -> size <= 16 * M, size -> 2 * size).toList();
        return new Plan(everything(withEmpty(all), all, all, true), 30, 0.1, 0.2, 3, 200, 3);
    }

    private static List<Integer> withEmpty(List<Integer> sizes) {
        return Stream.concat(Stream.of(0), sizes.stream()).toList();
    }

    private static List<Series> everything(
            List<Integer> latency, List<Integer> bandwidth, List<Integer> twoWay, boolean million) {
        List<Series> all = new ArrayList<>();
        for (Group group : List.of(SHM, TCP)) {
            all.add(new Series("latency", "latency", group, latency));
            all.add(new Series("rate", "rate", group, List.of(8)));
            all.add(new Series("bandwidth", "bandwidth", group, bandwidth));
            all.add(new Series("twoway", "twoway", group, twoWay));
        }
        addUcx(all, UCX_POSIX, bandwidth);
        addUcx(all, UCX_TCP, List.of(8, 4 * K, 64 * K, M, 16 * M));
        List<Integer> collective = List.of(8, K, 16 * K, 64 * K, 256 * K, M);
        List<Integer> collectiveTcp = List.of(8, 16 * K, 256 * K);
        addCollectives(all, SHM, collective);
        addCollectives(all, TCP, collectiveTcp);
        addCollectives(all, SHM_4, collective);
        addCollectives(all, TCP_4, collectiveTcp);
        all.add(new Series("multipair", "multilatency", SHM_4, List.of(8)));
        all.add(new Series("multipair", "multipair", SHM_4, List.of(8, 4 * K, 64 * K, M)));
        addMatching(all, million ? List.of(1, 64, 1000, 10_000, 100_000, 1_000_000) : List.of(1, 64, 1000, 10_000, 100_000));
        all.add(new Series(WAITING, "wake", SHM, List.of(1000, 20_000)));
        all.add(new Series(WAITING, "wake", TCP, List.of(20_000)));
        all.add(new Series(WAITING, "wake", SHM_4, List.of(20_000)));
        all.add(new Series(WAITING, "wake", UCX_POSIX, List.of(20_000)));
        all.add(new Series(STARTUP, STARTUP, SHM, List.of(1, 2, 4, 8)));
        return all;
    }

    private static void addUcx(List<Series> all, Group group, List<Integer> sizes) {
        all.add(new Series("latency", "latency", group, sizes));
        all.add(new Series("rate", "rate", group, List.of(8)));
        all.add(new Series("bandwidth", "bandwidth", group, sizes));
    }

    private static void addCollectives(List<Series> all, Group group, List<Integer> sizes) {
        for (String kernel : List.of("allreduce", "bcast", "reduce", "allgather", "alltoall", "barrier")) {
            all.add(new Series("collectives", kernel, group, kernel.equals("barrier") ? List.of(0) : sizes));
        }
    }

    private static void addMatching(List<Series> all, List<Integer> depths) {
        for (String queue : List.of("posted", "unexpected")) {
            for (String order : List.of("in-order", "reverse", "random")) {
                all.add(new Series(MATCHING, queue + "-" + order, SHM, depths));
            }
        }
    }

    Plan only(List<String> parts) {
        return with(series.stream().filter(s -> parts.contains(s.part())).toList());
    }

    /** These sizes in place of the planned ones, where sizes are bytes and more than one is planned. */
    Plan withSizes(List<Integer> sizes) {
        Set<String> fixed = Set.of(STARTUP, WAITING, MATCHING, "rate");
        return with(series.stream()
                .map(s -> fixed.contains(s.part()) || s.kernel().equals("barrier")
                        ? s
                        : new Series(s.part(), s.kernel(), s.group(), sizes))
                .toList());
    }

    /** These depths of matching in place of the planned ones. */
    Plan withDepths(List<Integer> depths) {
        return with(series.stream()
                .map(s -> s.part().equals(MATCHING) ? new Series(s.part(), s.kernel(), s.group(), depths) : s)
                .toList());
    }

    private Plan with(List<Series> others) {
        return new Plan(others, slices, sliceSeconds, warmupSeconds, firstWarmupSeconds, warmupIterations, handoffMillis);
    }

    Plan withSlices(int count, double seconds) {
        return new Plan(series, count, seconds, warmupSeconds, firstWarmupSeconds, warmupIterations, handoffMillis);
    }

    /** Shorter slices, and then fewer, and so again, until the estimate is within a limit or nothing is left to save. */
    Plan within(double limitSeconds) {
        return shorter(limitSeconds, 2 * LEAST_SLICE_SECONDS, 2 * LEAST_SLICES).shorter(limitSeconds, LEAST_SLICE_SECONDS, LEAST_SLICES);
    }

    private Plan shorter(double limitSeconds, double leastSeconds, int leastSlices) {
        Plan plan = this;
        while (plan.estimateSeconds() > limitSeconds && plan.sliceSeconds > leastSeconds) {
            plan = plan.withSlices(plan.slices, Math.max(leastSeconds, plan.sliceSeconds * 0.8));
        }
        while (plan.estimateSeconds() > limitSeconds && plan.slices > leastSlices) {
            plan = plan.withSlices(plan.slices - 1, plan.sliceSeconds);
        }
        return plan;
    }

    /** Groups of resident jobs, in order. */
    List<Group> groups() {
        Set<Group> groups = new LinkedHashSet<>();
        series.stream().filter(s -> !s.part().equals(STARTUP)).forEach(s -> groups.add(s.group()));
        return List.copyOf(groups);
    }

    /** Kernels take turns, so that a run out of time has something of each. */
    List<Point> points(Group group) {
        return turns(series.stream()
                .filter(s -> s.group().equals(group) && !s.part().equals(STARTUP))
                .toList());
    }

    List<Point> startups() {
        return turns(series.stream().filter(s -> s.part().equals(STARTUP)).toList());
    }

    private static List<Point> turns(List<Series> some) {
        List<Point> points = new ArrayList<>();
        int longest = some.stream().mapToInt(s -> s.sizes().size()).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            for (Series s : some) {
                if (i < s.sizes().size()) {
                    points.add(new Point(s.part(), s.kernel(), s.group(), s.sizes().get(i)));
                }
            }
        }
        return points;
    }

    int slices(Point point) {
        return switch (point.part()) {
            case MATCHING -> Math.min(slices, MAX_MATCHING_SLICES);
            case STARTUP -> Math.min(slices, MAX_STARTUP_RUNS);
            default -> slices;
        };
    }

    double estimateSeconds() {
        double seconds = startups().stream().mapToDouble(this::estimateSeconds).sum();
        for (Group group : groups()) {
            seconds += estimateSeconds(group);
        }
        return seconds;
    }

    double estimateSeconds(Group group) {
        return START_SECONDS + points(group).stream().mapToDouble(this::estimateSeconds).sum();
    }

    /** What was seen: commands, checks and signals around a slice take longer where ranks share CPUs. */
    private double estimateSeconds(Point point) {
        boolean shared = point.group().ranks() > 2;
        int jobs = jobs(point);
        double around = (shared ? 0.06 : 0.012) + 2e-3 * handoffMillis;
        return switch (point.part()) {
            case STARTUP -> 3 * slices(point) * (0.25 + 0.1 * point.size());
            case MATCHING -> jobs * slices(point) * (sliceSeconds + around) + (point.size() >= 100_000 ? 60 : 1);
            case WAITING -> jobs * slices(point) * (0.1 + around);
            default -> jobs * (warmupSeconds + (shared ? 0.3 : 0.1) + slices * (1.1 * sliceSeconds + around));
        };
    }

    private static int jobs(Point point) {
        String transport = point.group().transport();
        return JobSpec.isUcx(transport) ? 3 : transport.equals("tcp") ? point.part().equals("latency") ? 5 : 4 : LIMIT_PARTS.contains(point.part()) ? 7 : 5;
    }

    private static final Set<String> LIMIT_PARTS = Set.of("latency", "rate", "bandwidth", "twoway");
}
