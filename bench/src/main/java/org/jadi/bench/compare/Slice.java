package org.jadi.bench.compare;

import java.util.Locale;

/**
 * One slice of one job.
 *
 * @param size bytes; of matching how many messages, of start-up how many ranks, of waking how many microseconds of pause
 * @param value nanoseconds per message, per call of a collective operation, per job of start-up; of {@code idle} percent of a CPU
 * @param handoffBefore nanoseconds a cache line takes between the CPUs, just before
 * @param handoffAfter the same just after
 */
record Slice(
        int round,
        String kernel,
        String transport,
        int ranks,
        int size,
        String job,
        double value,
        double handoffBefore,
        double handoffAfter) {

    Distance distance(double farAboveNanos) {
        boolean before = handoffBefore > farAboveNanos;
        boolean after = handoffAfter > farAboveNanos;
        if (before != after) {
            return Distance.MIXED;
        }
        return before ? Distance.FAR : Distance.NEAR;
    }

    Slice withAfter(double after) {
        return new Slice(round, kernel, transport, ranks, size, job, value, handoffBefore, after);
    }

    Slice withRound(int other) {
        return new Slice(other, kernel, transport, ranks, size, job, value, handoffBefore, handoffAfter);
    }

    /** What a line of the raw file begins with: one line for all slices of a job at a point. */
    String place() {
        return kernel + "," + transport + "," + ranks + "," + size + "," + job + ",";
    }

    /** The slice itself: round, value to five digits, hand-off before and after. */
    String figures() {
        String number = String.format(Locale.ROOT, value < 1000 ? "%.3f" : "%.0f", value);
        return String.format(Locale.ROOT, "%d:%s:%.0f:%.0f", round, number, handoffBefore, handoffAfter);
    }

    static Slice parse(String[] place, String figures) {
        String[] f = figures.split(":");
        return new Slice(
                Integer.parseInt(f[0]),
                place[0],
                place[1],
                Integer.parseInt(place[2]),
                Integer.parseInt(place[3]),
                place[4],
                Double.parseDouble(f[1]),
                Double.parseDouble(f[2]),
                Double.parseDouble(f[3]));
    }
}
