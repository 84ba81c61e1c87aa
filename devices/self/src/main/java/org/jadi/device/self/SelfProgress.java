package org.jadi.device.self;

import java.util.BitSet;
import org.jadi.adi.device.InboundHandler;
import org.jadi.adi.stats.HotPath;

/** Polls the rings that end at one rank, and reports peers whose device was found closed. */
final class SelfProgress {
    /** Packets taken from one ring in one poll, so that no sender keeps the poller from the others. */
    private static final int PACKETS_PER_RING = 32;

    private static final String CLOSED = "its device was closed";

    private final InboundHandler inbound;
    private volatile SelfRing[] rings = {}; // replaced under the lock, never changed
    private volatile boolean losses;
    private final BitSet lost = new BitSet(); // guarded by this
    private final BitSet reported = new BitSet(); // guarded by this
    private boolean closed; // guarded by this

    SelfProgress(InboundHandler inbound) {
        this.inbound = inbound;
    }

    @HotPath
    int poll() {
        int work = 0;
        for (SelfRing ring : rings) {
            work += ring.drain(inbound, PACKETS_PER_RING);
        }
        return losses ? work + reportLosses() : work;
    }

    /** Takes a ring into the poll; false if this rank's device is closed. The sender's thread. */
    synchronized boolean add(SelfRing ring) {
        if (closed) {
            return false;
        }
        SelfRing[] more = java.util.Arrays.copyOf(rings, rings.length + 1);
        more[rings.length] = ring;
        rings = more;
        return true;
    }

    /** Returns the ring that brings a rank's packets, or null. */
    SelfRing ringFrom(int rank) {
        for (SelfRing ring : rings) {
            if (ring.sender() == rank) {
                return ring;
            }
        }
        return null;
    }

    /** Remembers to report a peer with the next poll. Any thread. */
    synchronized void peerLost(int rank) {
        if (!reported.get(rank)) {
            lost.set(rank);
            losses = true;
        }
    }

    synchronized void close() {
        closed = true;
        for (SelfRing ring : rings) {
            ring.close();
        }
        rings = new SelfRing[0];
    }

    private int reportLosses() {
        BitSet now;
        synchronized (this) {
            now = (BitSet) lost.clone();
            reported.or(now);
            lost.clear();
            losses = false;
        }
        now.stream().forEach(rank -> inbound.onPeerFailed(rank, CLOSED)); // no lock held
        return now.cardinality();
    }
}
