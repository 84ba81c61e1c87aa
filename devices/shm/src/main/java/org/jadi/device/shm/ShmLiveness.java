package org.jadi.device.shm;

import java.util.BitSet;
import org.jadi.bootstrap.folder.JobFolder;

/**
 * Who lives, by kernel lock: each rank holds one byte of the job's lock file as long as its process lives. Process ids
 * would lie across containers, and are used again.
 */
final class ShmLiveness {
    private final JobFolder hold;
    private final int me;
    private final BitSet watched = new BitSet(); // guarded by this

    ShmLiveness(JobFolder hold, int me) {
        this.hold = hold;
        this.me = me;
    }

    /** From now on, reports a rank once if its process ends. */
    synchronized void watch(int rank) {
        if (rank != me) {
            watched.set(rank);
        }
    }

    /** Returns watched ranks whose lock is gone; each once. */
    synchronized int[] newlyDead() {
        BitSet dead = new BitSet();
        for (int r = watched.nextSetBit(0); r >= 0; r = watched.nextSetBit(r + 1)) {
            dead.set(r, !hold.isHeld(r));
        }
        watched.andNot(dead);
        return dead.stream().toArray();
    }
}
