package org.jadi.launcher.job;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asks all ranks what they are doing, at a time limit. Those that have joined are asked through the key-value server; a
 * JVM that has not, or does not answer, prints its own stacks on SIGQUIT. Used by the main thread alone.
 */
final class StateSurvey {
    private static final long PATIENCE_NANOS = 2_000_000_000L;
    /** What a JVM gets to print its stacks. */
    static final long DUMP_MILLIS = 2000;

    private final StartedRanks ranks;
    private final Map<Integer, String> reports = new TreeMap<>();
    private final BitSet asked = new BitSet();
    private final BitSet silent = new BitSet();
    private boolean open;
    private long closesAtNanos;

    StateSurvey(StartedRanks ranks) {
        this.ranks = ranks;
    }

    /** Asks the ranks that are alive. */
    void open(BitSet running) {
        open = true;
        closesAtNanos = System.nanoTime() + PATIENCE_NANOS;
        for (int rank = running.nextSetBit(0); rank >= 0; rank = running.nextSetBit(rank + 1)) {
            if (ranks.hasJoined(rank)) {
                asked.set(rank);
                ranks.requestState(rank);
            } else {
                silent.set(rank);
            }
        }
    }

    boolean isOpen() {
        return open;
    }

    long closesAtNanos() {
        return closesAtNanos;
    }

    /** Returns whether all that can answer have answered. */
    boolean isComplete() {
        return asked.isEmpty();
    }

    void told(int rank, String report) {
        reports.put(rank, report);
        asked.clear(rank);
    }

    void gone(int rank) {
        asked.clear(rank);
        silent.clear(rank);
    }

    /** Prints what was told, then lets the silent JVMs print for themselves. */
    void print() {
        reports.forEach((rank, report) -> System.err.println("---- " + ranks.describe(rank) + "\n" + report.stripTrailing()));
        silent.or(asked);
        BitSet dumping = new BitSet();
        silent.stream().forEach(rank -> {
            boolean jvm = ranks.isJvm(rank);
            System.err.println("---- " + ranks.describe(rank) + (jvm ? " does not answer; its JVM prints its stacks"
                    : " is no JVM of Jadi's"));
            dumping.set(rank, jvm);
        });
        if (!dumping.isEmpty()) {
            ranks.signal("QUIT", dumping);
            try {
                Thread.sleep(DUMP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
