package org.jadi.bench.compare;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The command line of {@code bench/compare}.
 *
 * @param jobs a regular expression on job names
 * @param tools where peers/build and limits/handoff were built to
 * @param runDirectory logs and process ids of this run
 * @param report a raw file to make the table of again, instead of running
 */
record CompareOptions(
        Plan plan,
        String jobs,
        String mpirun,
        String tools,
        Path runDirectory,
        Path outputDirectory,
        String outputName,
        String commit,
        double farAboveNanos,
        Path report) {

    private static final double FAR_ABOVE_NANOS = 100;

    static CompareOptions parse(String[] args) {
        Plan plan = Plan.usual();
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> plan = Plan.quick();
                case "--long" -> plan = Plan.thorough();
                case "--slices", "--slice-seconds", "--kernels", "--sizes", "--jobs", "--mpirun", "--tools", "--run",
                        "--out", "--name", "--commit", "--far-above", "--report" -> {
                    if (i + 1 == args.length) {
                        throw new IllegalArgumentException(args[i] + " needs a value");
                    }
                    values.put(args[i], args[++i]);
                }
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
        return new CompareOptions(
                adjusted(plan, values),
                values.getOrDefault("--jobs", ".*"),
                values.getOrDefault("--mpirun", "./mpirun"),
                values.getOrDefault("--tools", "."),
                Path.of(values.getOrDefault("--run", ".")),
                Path.of(values.getOrDefault("--out", ".")),
                values.getOrDefault("--name", "comparison"),
                values.getOrDefault("--commit", "unknown"),
                Double.parseDouble(values.getOrDefault("--far-above", "" + FAR_ABOVE_NANOS)),
                values.containsKey("--report") ? Path.of(values.get("--report")) : null);
    }

    private static Plan adjusted(Plan plan, Map<String, String> values) {
        Map<String, List<Integer>> sizes = new LinkedHashMap<>(plan.sizes());
        if (values.containsKey("--kernels")) {
            sizes.keySet().retainAll(List.of(values.get("--kernels").split(",")));
        }
        if (values.containsKey("--sizes")) {
            List<Integer> own = Stream.of(values.get("--sizes").split(",")).map(Integer::valueOf).toList();
            sizes.replaceAll((kernel, planned) -> kernel.equals("rate") ? planned : own);
        }
        if (sizes.isEmpty()) {
            throw new IllegalArgumentException("--kernels are " + String.join(", ", plan.sizes().keySet()));
        }
        return new Plan(
                sizes,
                Integer.parseInt(values.getOrDefault("--slices", "" + plan.slices())),
                Double.parseDouble(values.getOrDefault("--slice-seconds", "" + plan.sliceSeconds())),
                plan.warmupSeconds(),
                plan.firstWarmupSeconds(),
                plan.warmupIterations(),
                plan.handoffMillis(),
                plan.warmupDeadlineSeconds(),
                plan.deadlineSeconds());
    }

    Path output(String ending) {
        return outputDirectory.resolve(outputName + ending);
    }
}
