package org.jadi.bench.compare;

import java.util.Locale;

/** How figures are shown. */
enum Unit {
    HALF_ROUND_TRIP("us per half round trip", true),
    RATE("million messages per second", false),
    GIGABYTES("GB/s", false),
    MESSAGE("us per message", true),
    CALL("us per call", true),
    WAKE("us from the message to its answer", true),
    PERCENT("% of a CPU per waiting rank", true),
    START("ms from the command to the prompt", true);

    private final String text;
    private final boolean lessIsBetter;

    Unit(String text, boolean lessIsBetter) {
        this.text = text;
        this.lessIsBetter = lessIsBetter;
    }

    static Unit of(String kernel) {
        return switch (kernel) {
            case "latency", "multilatency" -> HALF_ROUND_TRIP;
            case "rate" -> RATE;
            case "bandwidth", "twoway", "multipair" -> GIGABYTES;
            case "wake" -> WAKE;
            case "idle" -> PERCENT;
            case Plan.STARTUP -> START;
            default -> isMatching(kernel) ? MESSAGE : CALL;
        };
    }

    static boolean isMatching(String kernel) {
        return kernel.startsWith("posted-") || kernel.startsWith("unexpected-");
    }

    /** Whether sizes are bytes, so that bands and ratios make sense. */
    static boolean isSized(String kernel) {
        return switch (of(kernel)) {
            case HALF_ROUND_TRIP, RATE, GIGABYTES, CALL -> true;
            case MESSAGE, WAKE, PERCENT, START -> false;
        };
    }

    String text() {
        return text;
    }

    boolean lessIsBetter() {
        return lessIsBetter;
    }

    double value(int size, double measured) {
        return switch (this) {
            case HALF_ROUND_TRIP, MESSAGE, CALL, WAKE -> measured / 1e3;
            case RATE -> 1e3 / measured;
            case GIGABYTES -> size / measured;
            case PERCENT -> measured;
            case START -> measured / 1e6;
        };
    }

    String shown(int size, double measured) {
        double value = value(size, measured);
        return String.format(Locale.ROOT, value < 10 ? "%.3f" : value < 1000 ? "%.1f" : "%.0f", value);
    }

    /** A size as the kernel means it. */
    static String size(String kernel, int size) {
        return switch (of(kernel)) {
            case MESSAGE -> size + " messages";
            case WAKE -> size / 1000 + " ms";
            case PERCENT -> size == 100 ? "first 100 ms" : "the second after";
            case START -> size + (size == 1 ? " rank" : " ranks");
            case HALF_ROUND_TRIP, RATE, GIGABYTES, CALL -> bytes(size);
        };
    }

    static String bytes(int bytes) {
        if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + " MiB";
        }
        return bytes >= 1 << 10 && bytes % (1 << 10) == 0 ? (bytes >> 10) + " KiB" : bytes + " B";
    }
}
