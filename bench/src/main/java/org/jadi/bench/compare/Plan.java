package org.jadi.bench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is measured, how often and how long. */
record Plan(
        Map<String, List<Integer>> sizes,
        int slices,
        double sliceSeconds,
        double warmupSeconds,
        double firstWarmupSeconds,
        int warmupIterations,
        double handoffMillis,
        double warmupDeadlineSeconds,
        double deadlineSeconds) {

    record Point(String kernel, int size) {

        @Override
        public String toString() {
            return kernel + " " + size;
        }
    }

    private static final int K = 1 << 10;
    private static final int M = 1 << 20;

    /** At least two sizes in each band, done within two minutes. */
    static Plan quick() {
        Map<String, List<Integer>> sizes = new LinkedHashMap<>();
        sizes.put("latency", List.of(8, 512, 16 * K, M, 0, 2 * K, 4 * K, 256 * K, 64));
        sizes.put("rate", List.of(8));
        sizes.put("bandwidth", List.of(64 * K, M, 4 * K));
        sizes.put("twoway", List.of(64 * K));
        return new Plan(sizes, 20, 0.008, 0.1, 0.5, 50, 1, 45, 95);
    }

    /** Kernels take turns, so that a run out of time has something of each. */
    List<Point> points() {
        List<Point> points = new ArrayList<>();
        int longest = sizes.values().stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            for (Map.Entry<String, List<Integer>> kernel : sizes.entrySet()) {
                if (i < kernel.getValue().size()) {
                    points.add(new Point(kernel.getKey(), kernel.getValue().get(i)));
                }
            }
        }
        return points;
    }

    /** A few minutes. */
    static Plan usual() {
        List<Integer> some = List.of(
                8, 64, 128, 512, 2 * K, 4 * K, 16 * K, 32 * K, 64 * K, 128 * K, 256 * K, M, 4 * M, 16 * M);
        List<Integer> withEmpty = new ArrayList<>(List.of(0));
        withEmpty.addAll(some);
        return of(withEmpty, some, 20, 0.05);
    }

    /** Every power of two. */
    static Plan thorough() {
        List<Integer> all = new ArrayList<>();
        for (int size = 1; size <= 16 * M; size *= 2) {
            all.add(size);
        }
        List<Integer> withEmpty = new ArrayList<>(List.of(0));
        withEmpty.addAll(all);
        return of(withEmpty, all, 30, 0.1);
    }

    private static Plan of(List<Integer> latency, List<Integer> bandwidth, int slices, double sliceSeconds) {
        Map<String, List<Integer>> sizes = new LinkedHashMap<>();
        sizes.put("latency", latency);
        sizes.put("rate", List.of(8));
        sizes.put("bandwidth", bandwidth);
        sizes.put("twoway", bandwidth);
        return new Plan(sizes, slices, sliceSeconds, 0.3, 3, 200, 3, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
}
