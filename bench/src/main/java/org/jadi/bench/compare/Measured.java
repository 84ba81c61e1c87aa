package org.jadi.bench.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** The slices of a comparison, found by what they measured. */
final class Measured {

    static final int MIN_PAIRS = 5;

    /** What one table, or one plot, is about. */
    record Subject(String kernel, String transport, int ranks) {

        @Override
        public String toString() {
            return kernel + ", " + transport + ", " + ranks + " ranks";
        }
    }

    private record Key(Subject subject, int size, Distance distance) {}

    /** Slices of one subject, size and distance, by job and round. */
    record Point(Map<String, Map<Integer, Slice>> byJob) {

        double[] values(String job) {
            return byJob.getOrDefault(job, Map.of()).values().stream().mapToDouble(Slice::value).toArray();
        }

        boolean has(String job) {
            return byJob.containsKey(job);
        }

        double median(String job) {
            return Statistics.median(values(job));
        }

        /** The fastest of some jobs by its median here. Chosen by median, not per round, which would favour the lucky. */
        String best(Predicate<String> wanted, int leastSlices) {
            return byJob.keySet().stream()
                    .filter(job -> wanted.test(job) && byJob.get(job).size() >= leastSlices)
                    .min(Comparator.comparingDouble(this::median))
                    .orElse(null);
        }

        /** The other's time over ours, in rounds where both were measured at this distance. */
        double[] ratios(String ours, String other) {
            Map<Integer, Slice> others = byJob.getOrDefault(other, Map.of());
            return byJob.getOrDefault(ours, Map.of()).values().stream()
                    .filter(slice -> others.containsKey(slice.round()))
                    .mapToDouble(slice -> others.get(slice.round()).value() / slice.value())
                    .toArray();
        }
    }

    private final double farAboveNanos;
    private final Map<Key, Point> points = new LinkedHashMap<>();
    private final Map<Subject, TreeSet<Integer>> sizes = new LinkedHashMap<>();
    private final Map<Subject, TreeSet<String>> jobs = new LinkedHashMap<>();
    private int all;
    private int mixed;

    Measured(List<Slice> slices, double farAboveNanos) {
        this.farAboveNanos = farAboveNanos;
        for (Slice slice : slices) {
            add(slice);
        }
    }

    private void add(Slice slice) {
        Subject subject = new Subject(slice.kernel(), slice.transport(), slice.ranks());
        Distance distance = slice.distance(farAboveNanos);
        all++;
        if (distance == Distance.MIXED) {
            mixed++;
        }
        sizes.computeIfAbsent(subject, s -> new TreeSet<>()).add(slice.size());
        jobs.computeIfAbsent(subject, s -> new TreeSet<>(JOB_ORDER)).add(slice.job());
        points.computeIfAbsent(new Key(subject, slice.size(), distance), k -> new Point(new TreeMap<>()))
                .byJob()
                .computeIfAbsent(slice.job(), j -> new TreeMap<>())
                .put(slice.round(), slice);
    }

    /** Ours, theirs, the machine. */
    private static final Comparator<String> JOB_ORDER = Comparator.comparing((String job) -> !JobSpec.isJadi(job))
            .thenComparing(JobSpec::isLimit)
            .thenComparing(job -> job.endsWith("allocated"))
            .thenComparing(job -> job);

    double farAboveNanos() {
        return farAboveNanos;
    }

    int slices() {
        return all;
    }

    int mixedSlices() {
        return mixed;
    }

    List<Subject> subjects() {
        return List.copyOf(sizes.keySet());
    }

    List<Integer> sizes(Subject subject) {
        return List.copyOf(sizes.get(subject));
    }

    List<String> jobs(Subject subject) {
        return List.copyOf(jobs.get(subject));
    }

    Point point(Subject subject, int size, Distance distance) {
        return points.getOrDefault(new Key(subject, size, distance), new Point(Map.of()));
    }

    /** Ratios of a job to the best of others at each of some sizes where there are enough pairs. */
    Ratios ratios(Subject subject, List<Integer> some, Distance distance, String job, Predicate<String> others) {
        Ratios ratios = new Ratios();
        for (int size : some) {
            Point point = point(subject, size, distance);
            String other = point.best(others, MIN_PAIRS);
            double[] pairs = other == null ? new double[0] : point.ratios(job, other);
            if (pairs.length >= MIN_PAIRS) {
                ratios.add(size, pairs);
            }
        }
        return ratios;
    }

    /** Paired ratios at several sizes. */
    static final class Ratios {
        private final List<double[]> samples = new ArrayList<>();
        private int pairs;
        private double worst = Double.POSITIVE_INFINITY;
        private int worstSize;

        private void add(int size, double[] sample) {
            samples.add(sample);
            pairs += sample.length;
            double median = Statistics.median(sample);
            if (median < worst) {
                worst = median;
                worstSize = size;
            }
        }

        boolean isEmpty() {
            return samples.isEmpty();
        }

        int sizes() {
            return samples.size();
        }

        int pairs() {
            return pairs;
        }

        double worst() {
            return worst;
        }

        int worstSize() {
            return worstSize;
        }

        Statistics.Estimate estimate() {
            return Statistics.estimate(samples);
        }
    }
}
