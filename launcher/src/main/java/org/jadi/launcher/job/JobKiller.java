package org.jadi.launcher.job;

import java.util.ArrayList;
import java.util.List;

/** Ends the processes of a job: asks first, then kills; also what the ranks have started themselves. */
final class JobKiller {
    private final List<RankProcess> ranks;
    private final List<ProcessHandle> descendants = new ArrayList<>();
    private final long killAtNanos;
    private boolean killed;

    /** Asks all to end, and remembers when to kill those that do not. */
    JobKiller(List<RankProcess> ranks, long graceMillis) {
        this.ranks = ranks;
        this.killAtNanos = System.nanoTime() + graceMillis * 1_000_000;
        for (RankProcess rank : ranks) {
            if (rank.process().isAlive()) {
                rank.process().descendants().forEach(descendants::add);
                rank.process().destroy();
            }
        }
        descendants.forEach(ProcessHandle::destroy);
    }

    long killAtNanos() {
        return killAtNanos;
    }

    /** Kills what is left if its time has come. */
    void killWhenDue() {
        if (!killed && System.nanoTime() - killAtNanos >= 0) {
            kill();
        }
    }

    /** Kills what is left. */
    void kill() {
        killed = true;
        killNow(ranks);
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    /** Kills the processes of ranks that are alive. */
    static void killNow(List<RankProcess> ranks) {
        for (RankProcess rank : ranks) {
            if (rank.process().isAlive()) {
                rank.process().descendants().forEach(ProcessHandle::destroyForcibly);
                rank.process().destroyForcibly();
            }
        }
    }
}
