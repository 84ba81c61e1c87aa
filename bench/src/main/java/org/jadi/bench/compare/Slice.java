package org.jadi.bench.compare;

import java.util.Locale;

/**
 * One slice of one job, a line of the raw file.
 *
 * @param messages of all pairs and both directions
 * @param handoffBefore nanoseconds a cache line takes between the CPUs, just before
 * @param handoffAfter the same just after
 */
record Slice(
        int round,
        String kernel,
        String transport,
        int size,
        String job,
        long iterations,
        long messages,
        long nanos,
        double handoffBefore,
        double handoffAfter) {

    static final String HEADER =
            "round,kernel,transport,size_bytes,job,iterations,messages,nanos,handoff_before_ns,handoff_after_ns";

    double nanosPerMessage() {
        return (double) nanos / messages;
    }

    Distance distance(double farAboveNanos) {
        boolean before = handoffBefore > farAboveNanos;
        boolean after = handoffAfter > farAboveNanos;
        if (before != after) {
            return Distance.MIXED;
        }
        return before ? Distance.FAR : Distance.NEAR;
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%d,%s,%s,%d,%s,%d,%d,%d,%.1f,%.1f",
                round,
                kernel,
                transport,
                size,
                job,
                iterations,
                messages,
                nanos,
                handoffBefore,
                handoffAfter);
    }

    static Slice parse(String line) {
        String[] f = line.split(",");
        return new Slice(
                Integer.parseInt(f[0]),
                f[1],
                f[2],
                Integer.parseInt(f[3]),
                f[4],
                Long.parseLong(f[5]),
                Long.parseLong(f[6]),
                Long.parseLong(f[7]),
                Double.parseDouble(f[8]),
                Double.parseDouble(f[9]));
    }
}
