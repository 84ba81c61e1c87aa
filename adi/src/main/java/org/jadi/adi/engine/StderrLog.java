package org.jadi.adi.engine;

import org.jadi.adi.stats.Log;

/** Writes to standard error, a line at a time. */
final class StderrLog implements Log {
    private final int rank;
    private final boolean verbose;

    StderrLog(int rank, boolean verbose) {
        this.rank = rank;
        this.verbose = verbose;
    }

    @Override
    public void warn(String message) {
        System.err.println("jadi: rank " + rank + ": " + message);
    }

    @Override
    public void info(String message) {
        if (verbose) {
            warn(message);
        }
    }
}
