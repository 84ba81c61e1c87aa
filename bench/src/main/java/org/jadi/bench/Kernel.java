package org.jadi.bench;

/** What one iteration moves, and between whom. The ordinal travels in commands; {@code kernels[]} in loops.c has the same names. */
public enum Kernel {
    LATENCY(Shape.PING_PONG, Scope.ONE_PAIR),
    BANDWIDTH(Shape.ONE_WAY, Scope.ONE_PAIR),
    TWOWAY(Shape.TWO_WAY, Scope.ONE_PAIR),
    RATE(Shape.ONE_WAY, Scope.ONE_PAIR),
    MULTILATENCY(Shape.PING_PONG, Scope.ALL_PAIRS),
    MULTIPAIR(Shape.ONE_WAY, Scope.ALL_PAIRS),
    POSTED_IN_ORDER(Shape.POSTED, Scope.ONE_PAIR),
    POSTED_REVERSE(Shape.POSTED, Scope.ONE_PAIR),
    POSTED_RANDOM(Shape.POSTED, Scope.ONE_PAIR),
    UNEXPECTED_IN_ORDER(Shape.UNEXPECTED, Scope.ONE_PAIR),
    UNEXPECTED_REVERSE(Shape.UNEXPECTED, Scope.ONE_PAIR),
    UNEXPECTED_RANDOM(Shape.UNEXPECTED, Scope.ONE_PAIR),
    WAKE(Shape.WAKE, Scope.ONE_PAIR),
    BARRIER(Shape.COLLECTIVE, Scope.EVERYBODY),
    BCAST(Shape.COLLECTIVE, Scope.EVERYBODY),
    REDUCE(Shape.COLLECTIVE, Scope.EVERYBODY),
    ALLREDUCE(Shape.COLLECTIVE, Scope.EVERYBODY),
    ALLGATHER(Shape.COLLECTIVE, Scope.EVERYBODY),
    ALLTOALL(Shape.COLLECTIVE, Scope.EVERYBODY);

    /** What moves in one iteration. */
    public enum Shape {
        /** One message there, one back. */
        PING_PONG,
        /** A window of messages there, one short answer. */
        ONE_WAY,
        /** A window of messages in both directions at once. */
        TWO_WAY,
        /** Many receives, each with a tag of its own, and then their messages. The size is how many. */
        POSTED,
        /** Many messages, and then their receives. */
        UNEXPECTED,
        /** A message to a rank that has been waiting for a while, and its answer. The size is the pause in microseconds. */
        WAKE,
        /** One call of a collective operation. The size is what each rank gives, or gives to each. */
        COLLECTIVE
    }

    /** Who takes part. */
    public enum Scope {
        /** Rank 0 with rank 1. */
        ONE_PAIR,
        /** Rank i with rank i + size/2. */
        ALL_PAIRS,
        EVERYBODY
    }

    static final int MIN_WINDOW = 2;
    static final int MAX_WINDOW = 64;
    static final int MAX_DEPTH = 1_000_000;
    static final int MAX_PAUSE_MICROS = 1_000_000;
    /** Send and receive buffer of a rank, each; bounds the window of large messages. */
    static final int BUFFER_BYTES = 32 << 20;
    static final int MAX_SIZE = BUFFER_BYTES / MIN_WINDOW;
    /** Size of each of many messages. */
    static final int WORD_BYTES = 8;

    private final Shape shape;
    private final Scope scope;

    Kernel(Shape shape, Scope scope) {
        this.shape = shape;
        this.scope = scope;
    }

    public Shape shape() {
        return shape;
    }

    public Scope scope() {
        return scope;
    }

    /** Returns whether a size is one of this kernel. */
    boolean fits(int ranks, long size) {
        return switch (shape) {
            case POSTED, UNEXPECTED -> size > 0 && size <= MAX_DEPTH;
            case WAKE -> size >= 0 && size <= MAX_PAUSE_MICROS;
            case COLLECTIVE -> size >= 0 && size % WORD_BYTES == 0 && size * ranks <= BUFFER_BYTES;
            case PING_PONG, ONE_WAY, TWO_WAY -> size >= 0 && size <= MAX_SIZE;
        };
    }

    int pairs(int ranks) {
        return scope == Scope.ALL_PAIRS ? ranks / 2 : 1;
    }

    /** Bytes of one message. */
    int messageBytes(int size) {
        return shape == Shape.POSTED || shape == Shape.UNEXPECTED || shape == Shape.WAKE ? WORD_BYTES : size;
    }

    /** Buffers in turn. Every message in flight has memory of its own, so large messages have a smaller window. */
    int slots(int wantedWindow, int size) {
        return switch (shape) {
            case POSTED, UNEXPECTED -> size;
            case PING_PONG, WAKE, COLLECTIVE -> 1;
            case ONE_WAY, TWO_WAY -> {
                int window = wantedWindow;
                while (window > MIN_WINDOW && (long) window * size > BUFFER_BYTES) {
                    window /= 2;
                }
                yield window;
            }
        };
    }

    /** Returns what a time is divided by: messages of all pairs and directions, or calls of a collective operation. */
    long messages(int ranks, int window, int size, long iterations) {
        long ways = shape == Shape.PING_PONG || shape == Shape.TWO_WAY ? 2 : 1;
        return pairs(ranks) * ways * iterations * slots(window, size);
    }

    public String programName() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
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
