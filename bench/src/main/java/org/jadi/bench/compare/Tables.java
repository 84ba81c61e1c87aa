package org.jadi.bench.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Turns slices into ratios per band and medians per size, near and far apart. */
final class Tables {

    private static final int MIN_PAIRS = 5;
    private static final int MIN_SLICES = 1;

    private record Band(String name, int first, int last) {}

    private static final List<Band> BANDS = List.of(
            new Band("0-64 B", 0, 64),
            new Band("128 B-2 KiB", 65, 2 << 10),
            new Band("4-64 KiB", (2 << 10) + 1, 64 << 10),
            new Band("128 KiB-16 MiB", (64 << 10) + 1, 16 << 20));

    /** Slices of one kernel, transport, size and distance, by job and round. */
    private record Point(Map<String, Map<Integer, Slice>> byJob) {

        double[] nanos(String job) {
            return byJob.getOrDefault(job, Map.of()).values().stream().mapToDouble(Slice::nanosPerMessage).toArray();
        }

        /** The fastest C configuration by its median here. Chosen by median, not per round, which would favour the lucky. */
        String bestPeer() {
            return byJob.keySet().stream()
                    .filter(job -> !isJadi(job) && nanos(job).length >= MIN_PAIRS)
                    .min(Comparator.comparingDouble(job -> Statistics.median(nanos(job))))
                    .orElse(null);
        }

        /** Peer's time over ours, in rounds where both were measured at this distance. */
        double[] ratios(String ours, String peer) {
            Map<Integer, Slice> peers = byJob.getOrDefault(peer, Map.of());
            return byJob.getOrDefault(ours, Map.of()).values().stream()
                    .filter(slice -> peers.containsKey(slice.round()))
                    .mapToDouble(slice -> peers.get(slice.round()).nanosPerMessage() / slice.nanosPerMessage())
                    .toArray();
        }
    }

    private final RawFile file;
    private final double farAboveNanos;
    private final StringBuilder out = new StringBuilder();

    Tables(RawFile file, double farAboveNanos) {
        this.file = file;
        this.farAboveNanos = farAboveNanos;
    }

    private static boolean isJadi(String job) {
        return job.startsWith("jadi");
    }

    String markdown() {
        out.append("# Jadi and C MPI libraries, one interleaved run\n\n");
        file.notes().stream().filter(n -> !n.startsWith("loop_ns")).forEach(n -> out.append("- ").append(n).append('\n'));
        long mixed = file.slices().stream().filter(s -> s.distance(farAboveNanos) == Distance.MIXED).count();
        out.append(String.format(
                Locale.ROOT,
                "- near and far: hand-off of a cache line below and above %.0f ns; %d of %d slices changed between and are left out%n",
                farAboveNanos, mixed, file.slices().size()));
        ratios();
        medians();
        loops();
        return out.toString();
    }

    private Point point(String kernel, String transport, int size, Distance distance) {
        return new Point(file.slices().stream()
                .filter(s -> s.kernel().equals(kernel)
                        && s.transport().equals(transport)
                        && s.size() == size
                        && s.distance(farAboveNanos) == distance)
                .collect(Collectors.groupingBy(
                        Slice::job,
                        TreeMap::new,
                        Collectors.toMap(Slice::round, s -> s, (a, b) -> b, TreeMap::new))));
    }

    private <T> LinkedHashSet<T> distinct(Function<Slice, T> part) {
        return file.slices().stream().map(part).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private TreeSet<Integer> sizes(String kernel, Predicate<Integer> wanted) {
        return file.slices().stream()
                .filter(s -> s.kernel().equals(kernel))
                .map(Slice::size)
                .filter(wanted)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void ratios() {
        out.append("\n## Ratios: time of the best C configuration / time of Jadi (above 1: Jadi is faster)\n\n"
                + "Geometric mean over the sizes of a band of the median ratio of paired slices, [95 % bootstrap interval].\n\n"
                + "| kernel | caches | job | band | ratio | worst size | sizes | pairs |\n|---|---|---|---|---|---|---|---|\n");
        for (String kernel : distinct(Slice::kernel)) {
            for (String job : distinct(Slice::job).stream().filter(Tables::isJadi).sorted().toList()) {
                for (Distance distance : List.of(Distance.NEAR, Distance.FAR)) {
                    for (Band band : BANDS) {
                        ratioRow(kernel, job, distance, band);
                    }
                }
            }
        }
    }

    private void ratioRow(String kernel, String job, Distance distance, Band band) {
        List<double[]> samples = new ArrayList<>();
        double worst = Double.POSITIVE_INFINITY;
        int worstSize = 0;
        int pairs = 0;
        TreeSet<Integer> sizes = sizes(kernel, size -> size >= band.first() && size <= band.last());
        for (int size : sizes) {
            Point point = point(kernel, transportOf(job), size, distance);
            String peer = point.bestPeer();
            double[] ratios = peer == null ? new double[0] : point.ratios(job, peer);
            if (ratios.length < MIN_PAIRS) {
                continue;
            }
            samples.add(ratios);
            pairs += ratios.length;
            double median = Statistics.median(ratios);
            if (median < worst) {
                worst = median;
                worstSize = size;
            }
        }
        if (samples.isEmpty()) {
            return;
        }
        out.append(String.format(
                Locale.ROOT, "| %s | %s | %s | %s | %s | %.2f at %s | %d of %d | %d |%n",
                kernel, label(distance), job, band.name(), Statistics.estimate(samples), worst, size(worstSize),
                samples.size(), sizes.size(), pairs));
    }

    private String transportOf(String job) {
        return file.slices().stream().filter(s -> s.job().equals(job)).findFirst().orElseThrow().transport();
    }

    private static String label(Distance distance) {
        return distance.name().toLowerCase(Locale.ROOT);
    }

    private void medians() {
        for (String kernel : distinct(Slice::kernel)) {
            for (String transport : distinct(Slice::transport)) {
                List<String> jobs = file.slices().stream()
                        .filter(s -> s.transport().equals(transport))
                        .map(Slice::job)
                        .distinct()
                        .sorted(Comparator.comparing((String job) -> !isJadi(job)).thenComparing(job -> job))
                        .toList();
                out.append("\n## ").append(kernel).append(", ").append(transport).append(": medians, ").append(unit(kernel));
                out.append("\n\n| bytes | caches |");
                jobs.forEach(job -> out.append(' ').append(job).append(" |"));
                out.append("\n|---|---|").append("---|".repeat(jobs.size())).append('\n');
                for (int size : sizes(kernel, s -> true)) {
                    for (Distance distance : List.of(Distance.NEAR, Distance.FAR)) {
                        medianRow(kernel, size, distance, jobs, point(kernel, transport, size, distance));
                    }
                }
            }
        }
    }

    private void medianRow(String kernel, int size, Distance distance, List<String> jobs, Point point) {
        if (jobs.stream().noneMatch(job -> point.nanos(job).length >= MIN_SLICES)) {
            return;
        }
        out.append("| ").append(size(size)).append(" | ").append(label(distance)).append(" |");
        for (String job : jobs) {
            double[] nanos = point.nanos(job);
            out.append(nanos.length < MIN_SLICES ? " - |" : " " + value(kernel, size, Statistics.median(nanos)) + " |");
        }
        out.append('\n');
    }

    private static String unit(String kernel) {
        return switch (kernel) {
            case "latency", "multilatency" -> "us per half round trip";
            case "rate" -> "million messages per second";
            default -> "GB/s";
        };
    }

    private static String value(String kernel, int size, double nanosPerMessage) {
        double value = switch (kernel) {
            case "latency", "multilatency" -> nanosPerMessage / 1e3;
            case "rate" -> 1e3 / nanosPerMessage;
            default -> size / nanosPerMessage;
        };
        return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value);
    }

    private static String size(int bytes) {
        if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + " MiB";
        }
        return bytes >= 1 << 10 && bytes % (1 << 10) == 0 ? (bytes >> 10) + " KiB" : bytes + " B";
    }

    private void loops() {
        out.append("\n## Cost of rewriting one message, ns, without MPI (inside every figure above, not subtracted)\n\n");
        for (String note : file.notes()) {
            if (note.startsWith("loop_ns: ")) {
                out.append("- ").append(note.substring("loop_ns: ".length())).append('\n');
            }
        }
    }
}
