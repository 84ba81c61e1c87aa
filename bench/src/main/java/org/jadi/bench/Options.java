package org.jadi.bench;

import java.util.ArrayList;
import java.util.List;

/** The command line of every program here. The C counterparts take the same. */
record Options(
        List<Integer> sizes,
        long iterations,
        double seconds,
        double warmupSeconds,
        long warmupIterations,
        int window,
        boolean allocated,
        boolean pin,
        boolean serve,
        boolean twoWay) {

    static final String USAGE =
            """
            usage: bench PROGRAM [--sizes 0,1-16M] [--iterations N | --seconds S]
                   [--warmup-seconds S] [--warmup-iterations N] [--window N] [--two-way]
                   [--buffers heap|allocated] [--pin] [--serve]
            programs: latency, bandwidth, rate, multipair, barrier, bcast, reduce, allreduce, allgather, alltoall,
                      posted-in-order, posted-reverse, posted-random, unexpected-..., wake (an even number of ranks)""";

    /** Parses what follows the program's name. */
    static Options parse(String[] args) {
        List<Integer> sizes = List.of();
        long iterations = 0;
        double seconds = 0.5;
        double warmupSeconds = 0.2;
        long warmupIterations = 200;
        int window = Kernel.MAX_WINDOW;
        boolean allocated = false;
        boolean pin = false;
        boolean serve = false;
        boolean twoWay = false;
        for (int i = 1; i < args.length; i++) {
            switch (args[i]) {
                case "--pin" -> pin = true;
                case "--serve" -> serve = true;
                case "--two-way" -> twoWay = true;
                case "--sizes" -> sizes = parseSizes(value(args, ++i));
                case "--iterations" -> iterations = Long.parseLong(value(args, ++i));
                case "--seconds" -> seconds = Double.parseDouble(value(args, ++i));
                case "--warmup-seconds" -> warmupSeconds = Double.parseDouble(value(args, ++i));
                case "--warmup-iterations" -> warmupIterations = Long.parseLong(value(args, ++i));
                case "--window" -> window = Integer.parseInt(value(args, ++i));
                case "--buffers" -> allocated = buffers(value(args, ++i));
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
        if (window < Kernel.MIN_WINDOW || window > Kernel.MAX_WINDOW || iterations < 0) {
            throw new IllegalArgumentException("--window is 2 to 64, --iterations not negative");
        }
        return new Options(
                sizes, iterations, seconds, warmupSeconds, warmupIterations, window, allocated, pin, serve, twoWay);
    }

    private static String value(String[] args, int at) {
        if (at >= args.length) {
            throw new IllegalArgumentException(args[at - 1] + " needs a value");
        }
        return args[at];
    }

    private static boolean buffers(String value) {
        return switch (value) {
            case "heap" -> false;
            case "allocated" -> true;
            default -> throw new IllegalArgumentException("--buffers is heap or allocated, not " + value);
        };
    }

    /** Reads "0,8,1K-16M"; a range is the powers of two times its first size. */
    static List<Integer> parseSizes(String text) {
        List<Integer> sizes = new ArrayList<>();
        for (String part : text.split(",")) {
            int dash = part.indexOf('-');
            long first = size(dash < 0 ? part : part.substring(0, dash));
            long last = dash < 0 ? first : size(part.substring(dash + 1));
            if (first < 0 || last < first || last > Kernel.MAX_SIZE || first == 0 && last > 0) {
                throw new IllegalArgumentException("sizes such as 0,8,1K-16M, not " + text);
            }
            sizes.add((int) first);
            for (long next = 2 * first; next <= last && first > 0; next *= 2) {
                sizes.add((int) next);
            }
        }
        return sizes;
    }

    private static long size(String text) {
        int digits = text.length();
        int shift = 0;
        if (text.endsWith("K") || text.endsWith("M")) {
            digits--;
            shift = text.endsWith("K") ? 10 : 20;
        }
        return Long.parseLong(text.substring(0, digits)) << shift;
    }
}
