package org.jadi.bench.compare;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The command line of {@code bench/compare}.
 *
 * @param jobs a regular expression on job names
 * @param hello the program whose start is measured
 * @param tools where peers/build and limits/build put their programs
 * @param runDirectory logs and process ids of this run
 * @param timeLimitSeconds after that no further point is begun
 * @param report raw files to make the report of again, instead of running; empty to run
 */
record CompareOptions(
        Plan plan,
        String jobs,
        String mpirun,
        String hello,
        String tools,
        Path runDirectory,
        Path outputDirectory,
        String outputName,
        String commit,
        double farAboveNanos,
        double timeLimitSeconds,
        List<Path> report) {

    private static final double FAR_ABOVE_NANOS = 100;
    private static final double QUICK_SECONDS = 110;
    private static final Set<String> NAMES = Set.of(
            "--only", "--time-limit", "--slices", "--slice-seconds", "--sizes", "--depths", "--jobs", "--mpirun", "--hello",
            "--tools", "--run", "--out", "--name", "--commit", "--far-above", "--report");

    static CompareOptions parse(String[] args) {
        Plan plan = Plan.usual();
        double limit = Double.POSITIVE_INFINITY;
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--quick")) {
                plan = Plan.quick();
                limit = QUICK_SECONDS;
            } else if (args[i].equals("--long")) {
                plan = Plan.thorough();
            } else if (!NAMES.contains(args[i])) {
                throw new IllegalArgumentException("unknown option " + args[i]);
            } else if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value");
            } else {
                values.put(args[i], args[++i]);
            }
        }
        if (values.containsKey("--time-limit")) {
            limit = Double.parseDouble(values.get("--time-limit"));
        }
        return new CompareOptions(
                adjusted(plan, values, limit),
                values.getOrDefault("--jobs", ".*"),
                values.getOrDefault("--mpirun", "./mpirun"),
                values.getOrDefault("--hello", "bench/hello/Hello.java"),
                values.getOrDefault("--tools", "."),
                Path.of(values.getOrDefault("--run", ".")),
                Path.of(values.getOrDefault("--out", ".")),
                values.getOrDefault("--name", "comparison"),
                values.getOrDefault("--commit", "unknown"),
                Double.parseDouble(values.getOrDefault("--far-above", "" + FAR_ABOVE_NANOS)),
                limit,
                words(values.get("--report")).map(Path::of).toList());
    }

    private static Stream<String> words(String value) {
        return value == null ? Stream.of() : Stream.of(value.split(","));
    }

    private static List<Integer> numbers(String value) {
        return words(value).map(Integer::valueOf).toList();
    }

    private static Plan adjusted(Plan plan, Map<String, String> values, double limitSeconds) {
        Plan adjusted = plan;
        if (values.containsKey("--only")) {
            List<String> parts = words(values.get("--only")).toList();
            for (String part : parts) {
                if (!Plan.PARTS.contains(part)) {
                    throw new IllegalArgumentException("no part " + part + "; parts are " + String.join(", ", Plan.PARTS));
                }
            }
            adjusted = adjusted.only(parts);
        }
        if (values.containsKey("--sizes")) {
            adjusted = adjusted.withSizes(numbers(values.get("--sizes")));
        }
        if (values.containsKey("--depths")) {
            adjusted = adjusted.withDepths(numbers(values.get("--depths")));
        }
        adjusted = adjusted.withSlices(
                Integer.parseInt(values.getOrDefault("--slices", "" + adjusted.slices())),
                Double.parseDouble(values.getOrDefault("--slice-seconds", "" + adjusted.sliceSeconds())));
        return adjusted.within(limitSeconds);
    }

    Path output(String ending) {
        return outputDirectory.resolve(outputName + ending);
    }
}
