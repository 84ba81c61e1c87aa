package org.jadi.bench;

/** What one iteration moves, and between whom. The ordinal travels in commands; {@code kernels[]} in loops.c has the same names. */
public enum Kernel {
    LATENCY(Shape.PING_PONG, false),
    BANDWIDTH(Shape.ONE_WAY, false),
    TWOWAY(Shape.TWO_WAY, false),
    RATE(Shape.ONE_WAY, false),
    MULTILATENCY(Shape.PING_PONG, true),
    MULTIPAIR(Shape.ONE_WAY, true);

    /** The pattern between two ranks. */
    public enum Shape {
        /** One message there, one back. */
        PING_PONG,
        /** A window of messages there, one short answer. */
        ONE_WAY,
        /** A window of messages in both directions at once. */
        TWO_WAY
    }

    static final int MIN_WINDOW = 2;
    static final int MAX_WINDOW = 64;
    /** Send and receive buffer of a rank, each; bounds the window of large messages. */
    static final int BUFFER_BYTES = 32 << 20;
    static final int MAX_SIZE = BUFFER_BYTES / MIN_WINDOW;

    private final Shape shape;
    private final boolean allPairs;

    Kernel(Shape shape, boolean allPairs) {
        this.shape = shape;
        this.allPairs = allPairs;
    }

    public Shape shape() {
        return shape;
    }

    /** Rank i with rank i + size/2; otherwise only rank 0 with rank 1. */
    public boolean allPairs() {
        return allPairs;
    }

    int pairs(int ranks) {
        return allPairs ? ranks / 2 : 1;
    }

    /** Every message in flight has memory of its own, so large messages have a smaller window. */
    int window(int wanted, int size) {
        if (shape == Shape.PING_PONG) {
            return 1;
        }
        int window = wanted;
        while (window > MIN_WINDOW && (long) window * size > BUFFER_BYTES) {
            window /= 2;
        }
        return window;
    }

    /** Messages of all pairs and both directions. */
    long messages(int ranks, int window, int size, long iterations) {
        long ways = shape == Shape.ONE_WAY ? 1 : 2;
        return pairs(ranks) * ways * iterations * window(window, size);
    }

    public String programName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Returns the kernel of that name, or null. */
    public static Kernel of(String programName) {
        for (Kernel k : values()) {
            if (k.programName().equals(programName)) {
                return k;
            }
        }
        return null;
    }
}
