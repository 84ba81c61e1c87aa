package org.jadi.adi.match;

/** The receives posted to one source. The object is the peer's lock, and is taken before the unexpected queue's. */
public class PeerMatch extends BriefLock {
    private final int rank;

    // guarded by this lock
    final BinTable posted = new BinTable();
    int postedCount;
    long nextSequence;
    long stored;

    /** Arrivals of this peer taken from the unexpected queue; written under the queue's lock, read under either. */
    volatile long taken;

    /** Creates the queues of a peer. */
    public PeerMatch(int rank) {
        this.rank = rank;
    }

    /** Returns the world rank. */
    public final int rank() {
        return rank;
    }

    /** Returns whether no receive is posted to this source; under the lock, or as a hint. */
    public final boolean isPostedEmpty() {
        return postedCount == 0;
    }

    /** Returns whether messages of this source may be waiting; exact under the lock for "no". */
    public final boolean mayHaveUnexpected() {
        return stored != taken;
    }
}
